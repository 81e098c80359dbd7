import importlib.util, json, os, sys, traceback
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)  # What the handler prints goes to standard error.
path, name, request = sys.argv[1], sys.argv[2], os.environ.get("WFC_REQUEST_ID", "")
stem = os.path.splitext(os.path.basename(path))[0]


class Context:
    function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", stem)
    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    aws_request_id = request
    invoked_function_arn = os.environ.get("WFC_FUNCTION_ARN", "")
    log_group_name = log_stream_name = "local"
    client_context = identity = None

    def get_remaining_time_in_millis(self):
        return int(os.environ.get("WFC_TIMEOUT_MS", "900000"))


def answer(kind, text):
    answers.write(kind + "\n" + text)
    answers.flush()
    os._exit(0)


def fail(kind, message, stack):
    error = {"errorMessage": message, "errorType": kind, "requestId": request, "stackTrace": stack}
    answer("error", json.dumps(error))


sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
event = json.loads(sys.stdin.buffer.read().decode("utf-8"))
try:
    spec = importlib.util.spec_from_file_location(stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[stem] = module
    spec.loader.exec_module(module)
except BaseException as error:
    kind = "Runtime.UserCodeSyntaxError" if isinstance(error, SyntaxError) else "Runtime.ImportModuleError"
    fail(kind, "Unable to import module '%s': %s" % (stem, error), [])
handler = getattr(module, name, None)
if not callable(handler):
    fail("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (name, stem), [])
try:
    result = handler(event, Context())
except SystemExit as error:
    code = error.code if isinstance(error.code, int) else int(error.code is not None)
    fail("Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: exit status %d" % (request, code), [])
except BaseException as error:
    frames = traceback.extract_tb(error.__traceback__)[1:]
    fail(type(error).__name__, str(error), traceback.format_list(frames))
sys.stdout.flush()
try:
    text = json.dumps(result)
except (TypeError, ValueError, RecursionError) as error:
    fail("Runtime.MarshalError", "Unable to marshal response: %s" % error, [])
answer("result", text)
