//! CIR as text, deterministic and complete: what is printed parses back to an equivalent module.

use std::fmt::Write;
use std::sync::Arc;

use wfc_expr::value::quoted;
use wfc_expr::Value;

use super::print_expr::{write_expr, WIDTH};
use super::words::{self, word};
use crate::{
    Action, Batch, Callee, Edge, Effects, ErrorMatch, Expr, Flow, ForEach, Handler, Mode, Module, Node, NodeId,
    NodeKind, On, Policy, Reader, Ready, Region, RegionId, Replay, ReplyMode, Retrier, Transfer, WaitFor, Workspace,
    Writer,
};

/// Prints a module.
pub fn print(module: &Module) -> String {
    let mut printer = Printer::new(module);
    printer.line("cir 1;");
    let entry = module.flows.get(module.entry).map_or("", |flow| &flow.name);
    printer.line(&format!("module {} dialect {} entry {};", quoted(&module.name), name(&module.dialect), name(entry)));
    for (_, flow) in module.flows.iter() {
        printer.out.push('\n');
        printer.flow(flow);
    }
    printer.out
}

/// Prints one node with its edges but without the regions in it.
pub(crate) fn print_node(module: &Module, id: NodeId) -> String {
    let mut printer = Printer::new(module);
    let start = printer.node_start(id);
    printer.node_end(id, start);
    printer.out
}

/// A word if it can be one, else quoted.
pub(super) fn name(text: &str) -> String {
    if is_word(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn is_word(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.split(['.', '-']).all(part)
}

/// What is left to print; a list instead of recursion, because regions nest without a limit.
enum Task {
    Region(RegionId),
    Node(NodeId),
    /// What follows the regions of a node, and where its block began.
    NodeEnd(NodeId, usize),
    Close(usize),
}

struct Printer<'m> {
    module: &'m Module,
    out: String,
    depth: usize,
}

impl<'m> Printer<'m> {
    fn new(module: &'m Module) -> Self {
        Self { module, out: String::new(), depth: 0 }
    }

    fn line(&mut self, text: &str) {
        self.indent();
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn indent(&mut self) {
        // Deeper nesting is not shown by ever longer lines.
        (0..self.depth.min(40)).for_each(|_| self.out.push_str("  "));
    }

    /// Begins a block and returns what [`Printer::close`] wants to know.
    fn open(&mut self, head: &str) -> usize {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.out.len()
    }

    /// Ends a block; an empty one becomes a plain statement.
    fn close(&mut self, start: usize) {
        self.depth -= 1;
        if self.out.len() == start {
            self.out.truncate(start - " {\n".len());
            self.out.push_str(";\n");
        } else {
            self.line("}");
        }
    }

    fn flow(&mut self, flow: &'m Flow) {
        let start = self.open(&format!("flow {}", name(&flow.name)));
        self.notes(&flow.comment, &flow.extras);
        self.line(&format!("trace {};", name(&flow.trace)));
        self.line(&format!("abort {};", word(words::ABORTS, &flow.abort)));
        self.expr("timeout", &flow.timeout);
        self.number("max_steps", &flow.max_steps);
        self.number("max_cost_usd", &flow.max_cost_usd);
        self.regions(flow.body);
        self.close(start);
    }

    fn regions(&mut self, body: RegionId) {
        let mut tasks = vec![Task::Region(body)];
        while let Some(task) = tasks.pop() {
            match task {
                Task::Region(id) => {
                    let Some(region) = self.module.regions.get(id) else { continue };
                    tasks.push(Task::Close(self.region_start(region)));
                    tasks.extend(region.nodes.iter().rev().map(|&node| Task::Node(node)));
                }
                Task::Node(id) => {
                    tasks.push(Task::NodeEnd(id, self.node_start(id)));
                    tasks.extend(self.module.nodes[id].regions().iter().rev().map(|&region| Task::Region(region)));
                }
                Task::NodeEnd(id, start) => self.node_end(id, start),
                Task::Close(start) => self.close(start),
            }
        }
    }

    fn region_start(&mut self, region: &Region) -> usize {
        let start = match region.mode {
            Mode::Seq { entry: None } => self.open("seq"),
            Mode::Seq { entry: Some(entry) } => self.open(&format!("seq entry {}", self.key(entry))),
            Mode::Dag { on_fail } => self.open(&format!("dag {}", word(words::ON_FAIL, &on_fail))),
        };
        self.notes(&region.comment, &region.extras);
        start
    }

    fn node_start(&mut self, id: NodeId) -> usize {
        let node = &self.module.nodes[id];
        let start = self.open(&format!("node {} {}", self.key(id), self.kind_head(&node.kind)));
        self.notes(&node.comment, &node.extras);
        node.parts.iter().for_each(|part| self.line(&format!("part {};", name(part.key.as_str()))));
        self.around(node);
        self.expr("when", &node.when);
        self.expr("input", &node.io.input);
        self.kind(&node.kind);
        self.expr("args", &node.io.args);
        self.expr("result", &node.io.result);
        if let Some(policy) = &node.policy {
            self.policy(policy);
        }
        node.handlers.iter().for_each(|handler| self.handler(handler));
        start
    }

    fn node_end(&mut self, id: NodeId, start: usize) {
        let module = self.module;
        module.outs(id).for_each(|(_, edge)| self.edge(edge));
        let end = &module.nodes[id].end;
        if !end.is_plain() {
            let inner = self.open("end");
            self.transfer(end);
            self.close(inner);
        }
        self.close(start);
    }

    /// What is only printed where it differs from what the kind of the node implies.
    fn around(&mut self, node: &Node) {
        match node.ready {
            Ready::All => {}
            Ready::Live => self.line("ready live;"),
            Ready::First => self.line("ready first;"),
            Ready::Quorum(k) => self.line(&format!("ready quorum {k};")),
        }
        let implied = Node::new(node.key.clone(), node.kind.clone(), node.region, Default::default());
        if node.effects != implied.effects {
            self.effects(node.effects);
        }
        if node.replay != implied.replay {
            self.replay(node.replay);
        }
    }

    fn effects(&mut self, effects: Effects) {
        let has = words::EFFECTS.iter().filter(|(effect, _)| effects.has(*effect));
        let list: String = has.map(|(_, word)| format!(" {word}")).collect();
        self.line(&format!("effects{};", if list.is_empty() { " none" } else { &list }));
    }

    fn replay(&mut self, replay: Replay) {
        self.line(&format!("replay {};", word(words::REPLAY, &replay)));
    }

    fn kind_head(&self, kind: &NodeKind) -> String {
        match kind {
            NodeKind::Step(action) => action_head(action),
            NodeKind::Call(Callee::Flow(flow)) => {
                let flow = self.module.flows.get(*flow).map_or("?", |flow| &flow.name);
                format!("call flow {}", name(flow))
            }
            NodeKind::Call(Callee::Named(flow)) => format!("call named {}", name(flow)),
            NodeKind::Assign => "assign".into(),
            NodeKind::Choice { .. } => "choice".into(),
            NodeKind::Join => "join".into(),
            NodeKind::Parallel { .. } => "parallel".into(),
            NodeKind::ForEach(each) => format!("foreach {}", word(words::ISOLATION, &each.isolation)),
            NodeKind::Loop(body) => format!(
                "loop {} cap {} on_cap {}",
                word(words::UNTIL, &body.until),
                body.cap,
                word(words::ON_CAP, &body.on_cap)
            ),
            NodeKind::Scope(_) => "scope".into(),
            NodeKind::Wait(WaitFor::Seconds(_)) => "wait seconds".into(),
            NodeKind::Wait(WaitFor::Timestamp(_)) => "wait timestamp".into(),
            NodeKind::Verify(verify) => format!(
                "verify {} on_fail {} rounds {}",
                word(words::STRATEGIES, &verify.strategy),
                word(words::VERIFY_FAILS, &verify.on_fail),
                verify.rounds
            ),
            NodeKind::Return(to) => format!("return {}", word(words::RETURN_TO, to)),
            NodeKind::Raise { .. } => "raise".into(),
            NodeKind::Hole => "hole".into(),
        }
    }

    fn kind(&mut self, kind: &NodeKind) {
        match kind {
            NodeKind::Step(Action::Tool { credentials, .. }) => self.expr("credentials", credentials),
            NodeKind::Step(Action::Human { options, .. }) if !options.is_empty() => self.texts("options", options),
            NodeKind::Choice { cases } => cases.iter().for_each(|case| self.value("case", case)),
            NodeKind::ForEach(each) => self.for_each(each),
            NodeKind::Loop(body) => self.value("condition", &body.condition),
            NodeKind::Wait(WaitFor::Seconds(time) | WaitFor::Timestamp(time)) => self.value("time", time),
            NodeKind::Verify(verify) => verify.checks.iter().for_each(|check| self.value("check", check)),
            NodeKind::Raise { error, cause } => {
                self.expr("error", error);
                self.expr("cause", cause);
            }
            _ => {}
        }
    }

    fn for_each(&mut self, each: &ForEach) {
        self.expr("items", &each.items);
        if let Some(Reader { resource, args, config, .. }) = &each.reader {
            self.service(&format!("reader {}", quoted(resource)), args, config);
        }
        if let Some(Batch { max_items, max_bytes, input, .. }) = &each.batch {
            let start = self.open("batch");
            self.expr("max_items", max_items);
            self.expr("max_bytes", max_bytes);
            self.expr("input", input);
            self.close(start);
        }
        self.expr("concurrency", &each.concurrency);
        self.expr("tolerate_count", &each.tolerate.count);
        self.expr("tolerate_percent", &each.tolerate.percent);
        if let Some(Writer { resource, args, config, .. }) = &each.writer {
            let resource = resource.as_ref().map(|resource| format!(" {}", quoted(resource)));
            self.service(&format!("writer{}", resource.unwrap_or_default()), args, config);
        }
        if let Some(label) = &each.label {
            self.line(&format!("label {};", quoted(label)));
        }
    }

    fn service(&mut self, head: &str, args: &Option<Expr>, config: &[(Arc<str>, Expr)]) {
        let start = self.open(head);
        self.expr("args", args);
        config.iter().for_each(|(key, value)| self.value(&format!("set {}", name(key)), value));
        self.close(start);
    }

    fn policy(&mut self, policy: &Policy) {
        self.indent();
        self.out.push_str("policy {\n");
        self.depth += 1;
        self.expr("timeout", &policy.timeout);
        self.expr("heartbeat", &policy.heartbeat);
        self.expr("total_timeout", &policy.total_timeout);
        self.expr("approval", &policy.approval);
        policy.constraints.iter().for_each(|constraint| self.value("constraint", constraint));
        self.number("max_steps", &policy.max_steps);
        self.number("max_cost_usd", &policy.max_cost_usd);
        self.number("max_memory_mb", &policy.max_memory_mb);
        match &policy.workspace {
            None => {}
            Some(Workspace::Inherit) => self.line("workspace inherit;"),
            Some(Workspace::Ephemeral) => self.line("workspace ephemeral;"),
            Some(Workspace::Path(path)) => self.line(&format!("workspace path {};", quoted(path))),
        }
        self.number("priority", &Some(policy.priority).filter(|&priority| priority != 0));
        self.flag("continue_on_failure", policy.continue_on_failure);
        policy.retry.iter().for_each(|retrier| self.retrier(retrier));
        self.depth -= 1;
        self.line("}");
    }

    fn retrier(&mut self, retrier: &Retrier) {
        let start = self.open("retry");
        self.error_match(&retrier.on);
        self.number("interval", &retrier.interval);
        self.number("max", &retrier.max);
        self.number("backoff", &retrier.backoff);
        self.flag("linear", retrier.linear);
        self.number("max_delay", &retrier.max_delay);
        if let Some(jitter) = &retrier.jitter {
            self.line(&format!("jitter {};", word(words::JITTER, jitter)));
        }
        self.notes(&retrier.comment, &[]);
        self.close(start);
    }

    fn handler(&mut self, handler: &Handler) {
        let start = self.open("handler");
        self.error_match(&handler.on);
        self.notes(&handler.comment, &[]);
        self.close(start);
    }

    fn error_match(&mut self, on: &ErrorMatch) {
        for (list, word) in [(&on.names, "names"), (&on.classes, "classes"), (&on.contains, "contains")] {
            if !list.is_empty() {
                self.texts(word, list);
            }
        }
        if !on.exit_codes.is_empty() {
            let codes: String = on.exit_codes.iter().map(|code| format!(" {code}")).collect();
            self.line(&format!("exit_codes{codes};"));
        }
        self.flag("transfers", on.transfers);
    }

    fn edge(&mut self, edge: &Edge) {
        let on = match edge.on {
            On::Case(i) => format!("case {i}"),
            On::Error(i) => format!("error {i}"),
            other => word(words::OUTCOMES, &other).to_owned(),
        };
        let start = self.open(&format!("on {on} -> {}", self.key(edge.to)));
        self.notes(&edge.comment, &[]);
        self.transfer(&edge.transfer);
        self.close(start);
    }

    fn transfer(&mut self, transfer: &Transfer) {
        transfer.assign.iter().for_each(|(var, value)| self.value(&format!("assign {}", name(var)), value));
        self.expr("out", &transfer.out);
    }

    fn notes(&mut self, comment: &Option<Arc<str>>, extras: &[(Arc<str>, Value)]) {
        if let Some(comment) = comment {
            self.line(&format!("comment {};", quoted(comment)));
        }
        for (key, value) in extras {
            let value = Expr::literal(value.clone(), Default::default());
            self.value(&format!("extra {}", name(key)), &value);
        }
    }

    fn texts(&mut self, word: &str, texts: &[Arc<str>]) {
        let list: String = texts.iter().map(|text| format!(" {}", quoted(text))).collect();
        self.line(&format!("{word}{list};"));
    }

    fn number<N: ToString>(&mut self, word: &str, number: &Option<N>) {
        if let Some(number) = number {
            self.line(&format!("{word} {};", number.to_string()));
        }
    }

    fn flag(&mut self, word: &str, is_set: bool) {
        if is_set {
            self.line(&format!("{word};"));
        }
    }

    fn expr(&mut self, word: &str, expr: &Option<Expr>) {
        expr.iter().for_each(|expr| self.value(word, expr));
    }

    fn value(&mut self, head: &str, expr: &Expr) {
        self.indent();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{head} = ");
        let line_start = self.out.rfind('\n').map_or(0, |at| at + 1);
        let room = WIDTH.saturating_sub(self.out.len() - line_start);
        write_expr(&mut self.out, self.module, expr, self.depth, room);
        self.out.push_str(";\n");
    }

    fn key(&self, id: NodeId) -> String {
        super::print_expr::key(self.module, id)
    }
}

fn action_head(action: &Action) -> String {
    match action {
        Action::Tool { tool, mode, .. } => {
            let mode = match mode {
                ReplyMode::Reply => "reply".to_owned(),
                ReplyMode::Token => "token".to_owned(),
                ReplyMode::Sync(version) => format!("sync {version}"),
                ReplyMode::Activity => "activity".to_owned(),
            };
            format!("tool {} {mode}", quoted(tool))
        }
        Action::Model { provider, model } => format!("model {} {}", quoted(provider), quoted(model)),
        Action::Human { interaction, .. } => format!("human {}", name(interaction)),
    }
}
