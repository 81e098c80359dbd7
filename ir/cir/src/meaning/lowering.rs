//! Which shape each construct of each dialect becomes.
//!
//! Notation: `A —on→ B {assign; out}` is an edge with its transfer. Where nothing is said a field stays at its default.
//!
//! # Amazon States Language
//!
//! A machine is a flow with trace `aws`, abort `Immediate` and a Seq body; every dialect fact that only AWS gives a
//! meaning to (`Version`, `QueryLanguage`, `ProcessorConfig`) goes into `extras`.
//!
//! | construct | shape |
//! |---|---|
//! | `StartAt` | `Mode::Seq { entry }` |
//! | `Next` | `—Done→` with the state's transfer |
//! | `End: true` | no edge; the state's transfer is `Node::end` |
//! | `InputPath` | `io.input`: a Path on Raw; `null`: the literal `{}` |
//! | `Parameters`, `Arguments` | `io.args`: an Object template on Input, or on Raw in JSONata |
//! | `ResultSelector` | `io.result` on Result |
//! | `ResultPath` | inside `out`: `Put {into: Raw, at, value: Result}`; `$`: Result; `null`: Raw |
//! | `OutputPath` | around that: a Path whose `doc` is the expression before; `null`: `{}` |
//! | `Output` | `out`, alone |
//! | `Assign` | `assign` of the same transfer |
//! | `Retry`, `TimeoutSeconds(Path)`, `HeartbeatSeconds(Path)` | `policy` |
//! | `Catch[i]` | `handlers[i]` and `—Error(i)→` whose `out` merges Error into *Raw* by its ResultPath (default: Error); JSONata: its own `Output` and `Assign`; `transfers` is set in JSONata states only |
//! | Task | `Step(Tool)`; `.sync` is `Sync(1)`, `.sync:2` is `Sync(2)`, `.waitForTaskToken` is `Token`, an activity ARN is `Activity` |
//! | Pass | `Assign`; `Result` is a literal `io.args` |
//! | Choice | `Choice`; rule *i* is case *i* and `—Case(i)→`, `Default` is `—Otherwise→`; each edge has its own assign; a missing left side is not Present, hence the run fails unless the rule asks `IsPresent` |
//! | Wait | `Wait`; a path is a Path on Input |
//! | Succeed | `Return(Region)` whose `end` is the transfer |
//! | Fail | `Raise` |
//! | Parallel | `Parallel`, each branch a Seq region |
//! | Map | `ForEach`; `ItemSelector` (or `Parameters`) is `io.args`; inline: `Frame`, distributed: `Run { express }`; `Iterator` is the same as `ItemProcessor` |
//! | `ItemReader`, `ItemBatcher`, `ResultWriter`, `ToleratedFailure…`, `MaxConcurrency(Path)`, `Label` | the fields of `ForEach` |
//!
//! JSONata fields read Raw as `$states.input`; the state's `io.input` is absent.
//!
//! # `workflow.toml`
//!
//! A workflow is a flow with trace `plain`, abort `Await` and a Dag body, whose input is the object of parameters with
//! defaults filled in by whoever starts the run; `on_failure = "stop" | "drain"` of the workflow is the region's
//! `OnFail`. A step is one node whose key is its id, unless said otherwise.
//!
//! | construct | shape |
//! |---|---|
//! | `run` | `Step(Tool shell)` with args `{command, env, cwd}`; placeholders in the command are expressions on Raw and Out, and secrets |
//! | `uses` of an action | the action's template filled in: a `Step`, or for an action of several steps a `Scope(Dag)` |
//! | `uses` of a workflow | `Call(Named)` with `inputs` as args |
//! | model and person steps | `Step(Model)`, `Step(Human)` |
//! | `needs = ["a", "b"]` | `a —Done→ s`, `b —Done→ s`, ready All |
//! | `when` | `when`; a step that reads outputs of a step it does not need is refused |
//! | a step that may follow either of several | the same edges, ready Live (`needs_any`: First) |
//! | `retry` | one `Retrier`; `attempts = n` is `max = n − 1` |
//! | `timeout`, `timeout.total` | `policy.timeout`, `policy.total_timeout` |
//! | `on_failure = "fail"` | nothing: it is the default |
//! | `on_failure = "continue"` | `policy.continue_on_failure` |
//! | `on_failure = "h"`, a step | a handler for `*` and `s —Error(0)→ h`; dependants of `s` are Skipped if it fails; one that may follow either lists both under Live |
//! | `for_each` | a `ForEach` with the step's key around a Seq region with the step as its only node, named `do`; `when`, `needs`, `on_failure` stay on the outer node, retry, timeout and workspace go inside; `max_parallel` is `concurrency` |
//! | `loop` with `until` or `while` | a `Loop` in the same way, or around a Dag region if the loop has steps of its own |
//! | `approval` | `policy.approval`; a step that is nothing but an approval is `Step(Human approval)` |
//! | `workspace`, `max_cost_usd`, `max_memory_mb`, `priority` | `policy` |
//! | `outputs` | a node `outputs`, `Return(Region)` with args {name: expression}, with a `Settled` edge from every node that has no plain out-edge; so it runs last, whatever happened |
//! | `parameters`, `artifacts`, `requirements`, metadata | `extras` of the flow; parameters also give the type of Raw |
//!
//! `env` of the workflow is merged under `env` of the step. Loops in older recipes (`until grep …`) are `Loop`s around a
//! shell step whose condition reads its output.
//!
//! # HarnessSpec
//!
//! A harness is a flow with trace `plain` and abort `Await`. Its expressions read `input`, the flow's input, everywhere:
//! so in Seq regions every edge and `end` of an inner node has `out: Raw`, and results travel as outputs. Without forks
//! the body is Seq, whatever cycles it has. Without cycles it is Dag. With both it is Seq, and every *hammock* becomes a
//! `Scope(Dag)`: a fork, the nodes between, and its merge, where the merge post-dominates every branch that does not end
//! and no edge leads in from outside. Its key is `<fork>.fork`; its nodes keep their names below it. Where no such merge
//! exists the diagnostic `fork-crosses-loop` names the edge.
//!
//! | construct | in a Seq region | in a Dag region |
//! |---|---|---|
//! | edge | `—Done→` | `—Done→` |
//! | two edges out of one node | the node's `Done` leads to the hammock's `Scope` | several `—Done→` |
//! | condition | `Choice` with one `Dotted` case; then: `Case(0)`, else: `Otherwise` | the same |
//! | node that if and else come back to | nothing: the token arrives | ready Live |
//! | merge `all` | `Assign` with args {id: Out(id)} | `Join`, ready Live |
//! | merge `any` | the same | `Join`, ready First |
//! | merge `majority` | the same | `Join`, ready Quorum(⌊n/2⌋ + 1 of the n ids of `waitFor`) |
//! | terminal | no edge: the flow ends | no edge: inside a fork, that branch ends and the merge has no in-edge from it |
//!
//! An `all` merge is Live and not All: a branch that was not chosen does not forbid the merge, one that failed does.
//!
//! | construct | shape |
//! |---|---|
//! | tool | `Step(Tool shell)`, args `{argv: [tool, …args], env, cwd}` |
//! | llm | `Step(Model)`, args `{prompt, system, temperature, max_tokens}` |
//! | human | `Step(Human)`; `timeout`, or else the policy's default, is `policy.timeout` |
//! | subworkflow | `Call(Named specRef)`, `inputs` as args |
//! | `retryPolicy` with `failureClassification` | one `Retrier` per run of patterns with the same verdict, in order, matching by `contains`: `max = maxAttempts − 1` where the pattern is retryable and its category in `retryOn`, `max = 0` otherwise; each counts for itself. constant: factor 1; linear: `linear`; exponential: factor 2; `interval` 1 if not given |
//! | `guardrails.maxRetries = m` | the retriers with `max = m`, interval 0 if not given |
//! | `guardrails.constraints` | `policy.constraints`, Dotted |
//! | `guardrails.timeoutSeconds`, `maxCostUsd` | `policy.total_timeout`, `policy.max_cost_usd` |
//! | `executionPolicy` | node: `policy`; top: flow `timeout`, `max_steps`, `max_cost_usd`, the rest merged into every node that lacks it |
//! | `continueOnFailure` | `policy.continue_on_failure` |
//! | `observabilityPolicy`, other `humanPolicy` | `extras` of the flow |
//!
//! **Verification.** A node `n` with rules becomes nested `Verify`s, the first rule innermost; the outermost has the key
//! `n`, so that references and edges stay right. For the rule with verifier `v` the body is Seq: the node itself, named
//! `run` (or the inner Verify) `—Done→` `verify.v` `{out: Raw}`, ending in `{out: Out(n.run)}`; the check is the
//! dotted status of `Out(n.verify.v)`. A verifier that is a tool, model, person or subworkflow is a flow of the module and
//! `verify.v` a `Call` of it; an expression verifier has no node, its condition is the check. `onFail` and `maxAttempts`
//! (default 2) are `on_fail` and `rounds`. The verifier's output is also that of the node `v` if `v` is a successor of
//! something: then `v` is an `Assign` that reads it, so it runs once. Hooks are the same with a name of their own:
//! `n.hook.<name>`, a shell step, a model step or a dotted check, outside the rules.
//!
//! Everything is kept that a person wrote and no field holds (labels, descriptions) as `comment` or `extras`.
