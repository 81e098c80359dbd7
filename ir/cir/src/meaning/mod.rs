//! What everything in CIR means. This page is the law: front ends lower to it, passes keep it, runtimes obey it.
//!
//! Words: a *run* executes a flow. A region is *activated* with a value, its *input*, and ends with a *result* or a
//! failure. A *visit* is one entry of a token into a node. An *attempt* is one try at the work of a visit.
//! [`lowering`] says which shape each construct of each dialect becomes.
//!
//! # 1. Flows, regions, tokens
//!
//! A [`Flow`](crate::Flow) is started with a value; its body is activated with it; the flow ends as the body ends. It
//! ends Succeeded with a result, Failed with an error, TimedOut (`timeout`), Aborted (from outside), or Exhausted (a
//! budget). A [`Region`](crate::Region) passes control in one of two ways.
//!
//! **Seq.** One token. It starts at `entry`, carrying the region's input. Each visit settles one way and takes exactly
//! one edge, so gotos and cycles are fine. Where a node is done and has no edge for how it ended, the region ends;
//! its result is the value of the node's [`end`](crate::Node::end) transfer. A failure without a handler fails the
//! region. In a Seq region there is no `Join`, no [`On::Settled`](crate::On::Settled), no two edges with the same `On`
//! from one node, and `ready` is ignored.
//!
//! **Dag.** Acyclic. Nodes without in-edges become ready at once; every node settles exactly once per activation, as
//! Done, Failed, Poisoned, Skipped or Cancelled. Settling marks the node's out-edges:
//!
//! | the node is | taken | dead |
//! |---|---|---|
//! | Done | `Done`, or the chosen `Case`/`Otherwise`; `Settled` | the others |
//! | Failed, handler *i* matches | `Error(i)`; `Settled` | the others |
//! | Failed, nothing matches | `Settled` | `Error(_)`; plain edges are *poisoned* with the error |
//! | Poisoned | `Settled` | `Error(_)`; plain edges are poisoned with the same error |
//! | Skipped or Cancelled | `Settled` | the others |
//!
//! *Plain* edges are `Done`, `Case` and `Otherwise`. Edges from the same node to the same node count as one in-edge: it
//! is taken if one of them is, else poisoned if one of them is, else dead. (So a choice may send two cases to one node.)
//! [`Ready`](crate::Ready) decides when a node with in-edges starts:
//!
//! - **All**: when all have settled. Poisoned if one is poisoned, else Skipped if one is dead, else it runs.
//! - **Live**: when all have settled. Poisoned if one is poisoned, else it runs if one is taken, else Skipped.
//! - **First** and **Quorum(k)**: at the first, or k-th, taken one. Once that cannot happen any more: Poisoned if one is
//!   poisoned, else Skipped. In-edges that settle later change nothing. More than there are in-edges cannot happen from
//!   the start.
//!
//! Of several poisons the one from the source declared first counts.
//!
//! Example: `a → c`, `b → c`, and `when` of `a` is false. Under All, `c` is Skipped; under Live, `c` runs.
//!
//! *Losers.* An out-edge of a node is wanted while its target has neither started nor settled. A node that has plain
//! out-edges none of which is wanted any more is Cancelled, unless it has settled; this goes on backwards. A node
//! without plain out-edges is always wanted. So when a First has started, the branches that lost are cancelled.
//!
//! A Dag region *fails* if an unhandled failure or poison reaches a node without plain out-edges; the error is that of
//! the first such node to settle. Under [`OnFail::Stop`](crate::OnFail) the region stops starting nodes as soon as a
//! failure is certain to fail it, that is, as soon as some way along plain edges from the failed node to an end has no
//! First or Quorum node on it; what is running is aborted (§7). Under `Drain` everything that can run does.
//!
//! The result of a Dag region is what a `Return` in it gave (of several that ran, the one declared last); without one
//! it is the object {name: output} of the nodes without plain out-edges that are Done, in declaration order.
//!
//! Concurrency exists only in Dag regions, `Parallel` and `ForEach`; repetition only in Seq regions, `Loop`, `Verify`
//! and retries. A region belongs to one flow or one node and is activated by nothing else.
//!
//! # 2. Data
//!
//! An expression reads *documents*. Which exist depends on the field it stands in; `Context`, variables and outputs
//! exist everywhere. Reading a document that does not exist there is refused when the module is checked.
//!
//! | field | evaluated | Raw | Input | Args | Result | Error | Item |
//! |---|---|---|---|---|---|---|---|
//! | `when` | when the node is ready, before all else | yes | | | | | |
//! | `io.input` | once per visit | yes | | | | | |
//! | `policy.*` (approval, constraints, total_timeout: per visit; timeout, heartbeat: per attempt) | | yes | yes | | | | |
//! | expressions of the kind (cases, items, reader, batch, concurrency, tolerate, writer, seconds, credentials, error, cause) | once per attempt | yes | yes | | | | |
//! | `io.args` | once per attempt; in a `ForEach` once per item | yes | yes | | | | in a `ForEach` |
//! | `Loop.condition`, `Verify.checks` | after each round | yes | yes | yes | of the round | | |
//! | `io.result` | after the work | yes | yes | yes | as the work answered | | |
//! | transfer of a plain edge, `end` | when taken | yes | yes | yes | after `io.result` | | |
//! | transfer of an `Error` edge | when taken | yes | yes | | | yes | |
//! | transfer of a `Settled` edge | when taken | yes | | | | | |
//!
//! *Raw* is what entered the node: in a Seq region the value of the edge taken (or the region's input); in a Dag region
//! always the region's input, because there data passes through outputs. *Input* is what `io.input` makes of it (absent:
//! Raw). *Args* is what the work is given (absent: Input). *Result* is what the work answered; `io.result` replaces it.
//! `Item` is the item of a `ForEach`; `Context` holds it as well, as `Map.Item.{Index, Value}`.
//!
//! A [`Transfer`](crate::Transfer) sets variables and makes the value the next node gets. All of it is evaluated against
//! the state before it: `assign {x: $y, y: $x}` swaps. `out` absent means Result where the table has one, else Raw. In a
//! Dag region `assign` is refused, since its order would depend on timing, and `out` matters to a `Join` only.
//!
//! *Variables* are lexical. A frame is one activation of a flow's body or of a region inside a node. A write sets the
//! variable of the frame of the region the edge is in; a read looks there, then outwards up to the flow. Writes die with
//! their frame. Runs of their own ([`Isolation::Run`](crate::Isolation)) and called flows see no outer variables.
//!
//! *Outputs.* When a node settles, its output becomes readable by [`ExprKind::Out`](crate::ExprKind::Out): its Result if
//! Done, the error record if Failed; there is none otherwise. The last visit counts. Outputs belong to the nearest flow
//! activation, loop round or item around the node; `Scope`, `Verify`, `Parallel` and the regions in them write through
//! to it. Read from outside, a node in a `Loop` has the output of the last round, a node in a `ForEach` the array of the
//! outputs of all items in order, `null` where an item has none.
//!
//! *Absence.* `Out` of a node that has none, and a dotted path that leads nowhere, are absent. In an `Object` the member
//! is left out; in an `Array` it is `null`; `Put` leaves `into` as it is; `Is Present` is false; as a condition it is
//! false; anywhere else it is `null`. A JSONPath that selects nothing, or a JSONata expression without a value, is not
//! absent: it fails, except that `Is Present` is false. A variable without a value is like a path that selects nothing.
//! `Put` through a value that is no object, `null` included, or at an index that is not there fails with
//! `States.ResultPathMatchFailure`, in every dialect.
//!
//! *Conditions* (`when`, cases, checks, constraints, `Loop.condition`, operands of And, Or and Not) must give `true` or
//! `false`; anything else but absence is an error. A `Dotted` always gives one of them: a boolean is itself; of an object
//! its boolean `passed`, `ok`, `success` or `approved` counts, and two that disagree are an error; else absent, `null`,
//! `false`, `0` and `""` are false, all else is true; then `!` negates. Its root is {input: Raw, outputs}; a path that
//! starts with neither is tried below `outputs`, then below `input`.
//!
//! *Secrets* are moved and joined but never looked at: a condition on one is refused, and the value is put in where work
//! is dispatched. *Opaque* text has any type, and a module that holds one can be checked and exported but not run.
//!
//! *Context* is an object: `Execution {Id, Input, Name, RoleArn, StartTime, RedriveCount}`, `StateMachine {Id, Name}`,
//! `State {Name, EnteredTime, RetryCount}`, `Task {Token}`, `Map.Item`, and in a loop `Loop {Round, Previous}`: the
//! number of the round from 0 and the result of the round before (`null` in the first).
//!
//! # 3. Nodes
//!
//! **Step** asks the world: a tool, a model or a person. The answer is the result. For a tool,
//! [`ReplyMode`](crate::ReplyMode) says how the answer comes: as the reply; later from whoever holds the token, which is
//! in the context while `io.args` is evaluated; when the started job ends; from a worker that polls. What the tools every
//! driver knows are given and answer:
//!
//! - `shell`: `{command: text}` for a shell or `{argv: [program, …]}` without one; maybe `env {name: text}`, `cwd`,
//!   `stdin`. Answer `{ok: true, exit_code, stdout, stderr}`, where `ok` is for conditions. An exit code other than 0
//!   fails with `wfc.ExitCode`, that exit code, and `stderr` as cause.
//! - a model: `{prompt, system?, temperature?, max_tokens?}`; answer `{text, …}`.
//! - a person: `{prompt, default?}`; answer `{approved: true | false}`, `{input: value}` or `{choice: option}`. The
//!   answer is checked against `options`; a wrong one leaves the question open. On timeout the answer is `default` with
//!   `by: "timeout"`, if there is one; else the step fails with `States.Timeout`.
//!
//! **Call** activates another flow with Args and has its result. A failure of the flow is a failure of the node with the
//! same error. A `Named` flow is found by the driver and runs as a run of its own, in its own dialect's manner.
//!
//! **Assign** only moves data: its result is Args. **Choice** evaluates its cases in order and takes the edge of the
//! first that holds; none: `Otherwise`; no such edge: it fails with `States.NoChoiceMatched`. Its result is Input.
//! **Wait** lets time pass, its result is Input; an instant that has passed is no wait. **Join** (Dag only) does nothing;
//! its result is the object {name of the source: value of the edge's transfer} of its taken in-edges in declaration order
//! of the sources.
//!
//! **Parallel** activates all branches with Args; the result is the array of their results. A failing branch fails the
//! node with its error; the others are aborted (§7). **Scope** activates its region once with Args and has its result;
//! it exists to put a policy, handlers or another mode around several nodes.
//!
//! **ForEach.** Items come from `items` (an array, fixed on entry; absent: Input; no array: the node fails) or from
//! `reader`. `batch` groups them: an item then is `{BatchInput?, Items: […]}`. The region is activated once per item with
//! Args, evaluated per item (absent: the item). At most `concurrency` at once; absent or 0: any number. Items start in
//! order. The result is the array of results in item order; no items: `[]`. An item that fails fails the node, unless
//! `tolerate` is set and not exceeded by count or by percent of all items: then its place holds the error record;
//! exceeded: `States.ExceedToleratedFailureThreshold`. With a `writer` results are written, and its answer is the result.
//! Items that are runs of their own (`Isolation::Run`) tolerate nothing unless told to, and a failure there is always
//! `States.ExceedToleratedFailureThreshold`; their node keeps counts and a window of items, never all of them.
//!
//! **Loop.** The region is activated with Args, round after round. After each round `condition` is evaluated; it sees the
//! result and the outputs of that round only. `until`: the loop ends once it holds; otherwise: once it does not. The
//! result is that of the last round. After `cap` rounds without an end: `wfc.LoopCap`, or done, as `on_cap` says. A round
//! that fails fails the node. A body is always run at least once.
//!
//! **Verify** activates its region with Args, then evaluates the checks in order with its result. AllMustPass stops at
//! the first that does not hold; FirstPass stops at the first that does and passes then; AnyBlock evaluates all and
//! passes if all hold. Passed: done with the region's result. Not passed: `Block` fails with
//! `wfc.VerificationFailed`; `Warn` records it and is done; `Retry` activates the region again, at most `rounds` times
//! in all, and then fails as `Block` does.
//!
//! **Return** ends something with its result (Args). `Region`: in a Seq region, the region; in a Dag region it sets the
//! region's result, and other nodes go on. `Loop`: the innermost loop round around it ends, and so does the loop. `Flow`:
//! the flow. Regions that are left on the way are aborted with all that runs in them (§7).
//! **Raise** fails with `error` (absent: an error without a name) and `cause`; no handler of its own can catch it.
//! **Hole** is what could not be read. Its type is Any, findings that follow from it are suppressed, and a module with one
//! is never [`Checked`](crate::Checked).
//!
//! Return and Raise have no plain out-edges. A skipped node (`when` false) of a Seq region takes its `Done` edge, or ends
//! the region, with Raw and without assigning; a Choice in a Seq region therefore has no `when`.
//!
//! # 4. Around the work
//!
//! Outside in: `when` · `io.input` · `approval` · `workspace` · `constraints` · attempt {slot and budget check · kind
//! expressions and `io.args` · timeout and heartbeat · work · `io.result`} · transfer. `total_timeout` spans the visit
//! from `when` on.
//! A refused approval fails with `wfc.Rejected`; a constraint that does not hold with `wfc.ConstraintFailed`; running out
//! of time, of either kind or heartbeat, with `States.Timeout`.
//!
//! A policy on a node with regions covers everything in them: its retry activates them anew, its timeout ends them, its
//! budget is a ceiling for them. Of nested limits the one that is reached first counts.
//!
//! **Retry.** When an attempt fails, the retriers are tried in order and the first that matches the error counts. It has
//! a counter of its own, zero at the start of the visit; while the counter is below `max`, it is increased and the work is
//! tried again after a wait. The n-th wait is `interval · backoff^(n−1)` seconds, or `interval · n` if `linear`; at most
//! `max_delay`; with `Jitter::Full` anything up to that. What is left out, the module's dialect fills in: ASL
//! 1 second, 3 times, factor 2; others 0 seconds, 1 time, factor 1. A retrier with `max` 0 says: never for these errors.
//!
//! **Handlers** are tried after the retriers gave up; the first that matches, entry i, takes the edge `Error(i)`. Without
//! a match, `continue_on_failure` makes the node Done with the error record as its result, unless the error was raised in
//! a transfer; `io.result` is not applied. Else the node is Failed. If the transfer of the `Error` edge fails itself, the
//! node is Failed with that error; nothing handles it again.
//!
//! **Matching.** An [`ErrorMatch`](crate::ErrorMatch) matches if any entry of any of its lists does; an empty one matches
//! nothing. `States.ALL` and `*` match every error, with or without a name. `States.TaskFailed` matches every failure of
//! a Step's work but `States.Timeout`. A class is what the driver or the tool said (`transient`, `permanent`, `resource`,
//! `configuration`, …). A text matches if the cause contains it. Errors raised while a transfer or `end` is evaluated are
//! matched only with `transfers`, since most owners do not catch them.
//!
//! **Errors.** An error has maybe a name, a cause, a class, an exit code, and the place it was raised. Name and cause are
//! texts; for `Raise`, `null` is none, and what is no text is its JSON text. An error that fails a region is, for the
//! node around it, one of its work, wherever it was raised. The value of an error as document or output, the *error
//! record*, is `{Error?, Cause?}`; in a flow with trace `aws` both members are there, `null` for what the error has not.
//! An expression that fails raises `States.QueryEvaluationError` if it is JSONata, `States.Runtime` otherwise. A
//! `States.Runtime` that the runtime raised itself is final in a flow with trace `aws`: no retrier and no handler
//! matches it, nor those of the nodes around it. Running out of time between two signs of life is a `States.Timeout`
//! that `States.HeartbeatTimeout` matches too.
//!
//! **Budgets.** `max_steps` counts entries into nodes below and including the node or flow; `max_cost_usd` counts what
//! replies say they cost. They are checked before work is dispatched, so overshoot is at most what is in flight. What
//! exceeds a flow's budget ends the run Exhausted, keeping its state, so that a raised budget can go on; what exceeds a
//! node's fails the node with `wfc.BudgetExceeded`. Only Steps hold slots; those who wait for one are served by
//! `priority`, then declaration order.
//!
//! # 5. Effects and replay
//!
//! [`Effects`](crate::Effects) is an upper bound of what the work of a node may do; of a node with regions, of its own
//! work without theirs. [`Replay`](crate::Replay) says what may happen when nobody knows whether work was done: Pure and
//! Idempotent work is done again with the same idempotency key; Once work fails with `wfc.Uncertain`, and a retrier, a
//! handler or a person decides. A pass may drop, move or merge a node only as both allow: two reads commute, a read and a
//! write do not, and work with the effect `human` or `model` is never duplicated.
//!
//! # 6. Keys
//!
//! A [`NodeKey`](crate::NodeKey) is unique in the module and survives passes: the path of names from the flow to the
//! node, with the branch number below a `Parallel`. The first flow's nodes start at their own name, those of other flows
//! at the flow's. A node that absorbs others lists them in `parts`; each keeps its output and its share of the blame.
//! Plans, journals, traces and approvals name nodes by key, a visit in a loop or item as `key[index]`.
//!
//! # 7. Abort
//!
//! When a container settles while something in it still runs, that is aborted. [`Abort::Immediate`](crate::Abort): the
//! container settles at once; later replies change nothing. `Await`: running work is told to stop and the container
//! settles when all of it has answered, so that no process outlives its step. Aborted work is Cancelled, never Failed.
//!
//! # 8. Records and seals
//!
//! `Flow::trace` names the table of records a run of the flow writes; a run records under the table of the flow it is in.
//! `plain` records what happened in the words above. `aws` records what Step Functions does, numbered as it numbers:
//! which kinds a node writes, and from which line each follows. The tables are rows of the runtime, because a record
//! is derived again whenever the events of a run are fed again, and causes quote its numbers.
//! [`Checked`](crate::Checked) says the user-facing checks found nothing that blocks and there is no Hole;
//! [`Sealed`](crate::Sealed) adds that passes and [`verify`](crate::verify()) ran since. Back ends take nothing less.

pub mod lowering;
