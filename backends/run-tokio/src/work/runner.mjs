import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const [file, name] = process.argv.slice(-2);
const request = process.env.WFC_REQUEST_ID ?? '';
// What the handler prints goes to standard error.
process.stdout.write = process.stderr.write.bind(process.stderr);
const write = (bytes) => {
  for (let at = 0; at < bytes.length; ) {
    try { at += fs.writeSync(1, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
  }
};
const answer = (kind, text) => { write(Buffer.from(kind + '\n' + text)); process.exit(0); };
const fail = (errorType, errorMessage, trace) => answer('error', JSON.stringify({ errorType, errorMessage, trace }));
const failed = (error) => error instanceof Error
  ? fail(error.name, error.message, String(error.stack).split('\n'))
  : fail(typeof error, String(error), []);
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
const event = JSON.parse(fs.readFileSync(0, 'utf8'));
let module;
try {
  module = await import(pathToFileURL(path.resolve(file)).href);
} catch (error) {
  fail(error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError', String(error), []);
}
const handler = module[name] ?? module.default?.[name];
if (typeof handler !== 'function') fail('Runtime.HandlerNotFound', `${path.basename(file)}.${name} is undefined or not exported`, []);
const context = {
  awsRequestId: request,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? '',
  functionVersion: '$LATEST',
  invokedFunctionArn: process.env.WFC_FUNCTION_ARN ?? '',
  memoryLimitInMB: '128',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Number(process.env.WFC_TIMEOUT_MS ?? 900000),
};
const called = () => handler.length < 3
  ? handler(event, context)
  : new Promise((done, refuse) => handler(event, context, (error, value) => (error ? refuse(error) : done(value))));
let text;
try {
  const result = await called();
  text = JSON.stringify(result === undefined ? null : result) ?? 'null';
} catch (error) {
  failed(error);
}
answer('result', text);
