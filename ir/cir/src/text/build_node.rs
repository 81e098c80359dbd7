//! Nodes, policies and edges from their statements.

use wfc_expr::Value;

use super::build::{is_region, Builder};
use super::grammar::Stmt;
use super::read::{Atoms, Reader};
use super::words;
use crate::{
    Action, Batch, Callee, Edge, Effects, ErrorMatch, Expr, ForEach, Handler, Isolation, Loop, Node, NodeId, NodeKey,
    NodeKind, On, Origin, Part, Policy, Reader as ItemReader, Ready, RegionId, ReplyMode, Retrier, Tolerate, Transfer,
    Verify, WaitFor, Workspace, Writer,
};

impl Builder<'_, '_, '_> {
    pub(super) fn fill_node(&mut self, id: NodeId, stmt: &Stmt<'_>, regions: &[RegionId]) {
        let Some(kind) = self.reader.kind(stmt, regions) else { return };
        let declared = &self.module.nodes[id];
        let mut node = Node::new(declared.key.clone(), kind, declared.region, self.origin(stmt));
        let mut edges = Vec::new();
        for inner in self.reader.block(stmt) {
            match inner.name {
                "on" => edges.extend(self.reader.edge(id, inner)),
                _ if is_region(inner) => {}
                _ => self.reader.node_field(&mut node, inner),
            }
        }
        self.module.nodes[id] = node;
        for edge in edges {
            self.module.add_edge(edge);
        }
    }
}

/// What stands where an expression is still to come.
fn unset() -> Expr {
    Expr::literal(Value::Null, Origin::default())
}

impl Reader<'_> {
    fn origin(&self, stmt: &Stmt<'_>) -> Origin {
        Origin::at(self.span(stmt.span))
    }

    /// The kind of a node, with expressions that stand in its block left out.
    fn kind(&mut self, stmt: &Stmt<'_>, regions: &[RegionId]) -> Option<NodeKind> {
        let mut atoms = Atoms::of(stmt);
        self.name(&mut atoms, "the key of the node")?;
        let word = self.name(&mut atoms, "the kind of the node")?;
        let kind = match &*word {
            "tool" | "model" | "human" => NodeKind::Step(self.action(&word, &mut atoms)?),
            "call" => NodeKind::Call(self.callee(&mut atoms)?),
            "assign" => NodeKind::Assign,
            "choice" => NodeKind::Choice { cases: Vec::new() },
            "join" => NodeKind::Join,
            "parallel" => NodeKind::Parallel { branches: regions.to_vec() },
            "foreach" => {
                let isolation = self.word(&mut atoms, words::ISOLATION)?;
                NodeKind::ForEach(Box::new(for_each(self.only_region(stmt, regions)?, isolation)))
            }
            "loop" => {
                let body = self.only_region(stmt, regions)?;
                self.loop_kind(&mut atoms, body)?
            }
            "scope" => NodeKind::Scope(self.only_region(stmt, regions)?),
            "wait" => NodeKind::Wait(self.wait(&mut atoms)?),
            "verify" => {
                let body = self.only_region(stmt, regions)?;
                self.verify_kind(&mut atoms, body)?
            }
            "return" => NodeKind::Return(self.word(&mut atoms, words::RETURN_TO)?),
            "raise" => NodeKind::Raise { error: None, cause: None },
            "hole" => NodeKind::Hole,
            other => {
                self.error(stmt.span, format!("there is no kind of node `{other}`"));
                return None;
            }
        };
        self.end(atoms);
        self.needs(stmt, &kind, regions);
        Some(kind)
    }

    fn only_region(&mut self, stmt: &Stmt<'_>, regions: &[RegionId]) -> Option<RegionId> {
        if let [region] = regions {
            return Some(*region);
        }
        self.error(stmt.span, "such a node has one `seq` or `dag`");
        None
    }

    /// Reports what a node of that kind lacks, and regions it cannot have.
    fn needs(&mut self, stmt: &Stmt<'_>, kind: &NodeKind, regions: &[RegionId]) {
        let field = match kind {
            NodeKind::Loop(_) => "condition",
            NodeKind::Wait(_) => "time",
            _ => "",
        };
        if !field.is_empty() && !self.block(stmt).iter().any(|inner| inner.name == field) {
            self.error(stmt.span, format!("such a node needs `{field} = …;`"));
        }
        if kind.regions().len() != regions.len() {
            self.error(stmt.span, "such a node has no region");
        }
    }

    fn action(&mut self, word: &str, atoms: &mut Atoms<'_, '_>) -> Option<Action> {
        Some(match word {
            "tool" => {
                Action::Tool { tool: self.name(atoms, "the tool")?, mode: self.reply_mode(atoms)?, credentials: None }
            }
            "model" => {
                Action::Model { provider: self.name(atoms, "the provider")?, model: self.name(atoms, "the model")? }
            }
            _ => Action::Human { interaction: self.name(atoms, "the interaction")?, options: Vec::new() },
        })
    }

    fn reply_mode(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<ReplyMode> {
        const MODES: words::Words<ReplyMode> = &[
            (ReplyMode::Reply, "reply"),
            (ReplyMode::Token, "token"),
            (ReplyMode::Sync(0), "sync"),
            (ReplyMode::Activity, "activity"),
        ];
        match self.word(atoms, MODES)? {
            ReplyMode::Sync(_) => self.number(atoms, "the version of the result's shape").map(ReplyMode::Sync),
            other => Some(other),
        }
    }

    fn callee(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<Callee> {
        match self.word(atoms, &[(true, "flow"), (false, "named")])? {
            true => self.flow(atoms).map(Callee::Flow),
            false => self.name(atoms, "the name of a flow").map(Callee::Named),
        }
    }

    fn loop_kind(&mut self, atoms: &mut Atoms<'_, '_>, body: RegionId) -> Option<NodeKind> {
        let until = self.word(atoms, words::UNTIL)?;
        self.keyword(atoms, "cap")?;
        let cap = self.number(atoms, "the most rounds")?;
        self.keyword(atoms, "on_cap")?;
        let on_cap = self.word(atoms, words::ON_CAP)?;
        Some(NodeKind::Loop(Box::new(Loop { body, condition: unset(), until, cap, on_cap })))
    }

    fn wait(&mut self, atoms: &mut Atoms<'_, '_>) -> Option<WaitFor> {
        match self.word(atoms, &[(true, "seconds"), (false, "timestamp")])? {
            true => Some(WaitFor::Seconds(unset())),
            false => Some(WaitFor::Timestamp(unset())),
        }
    }

    fn verify_kind(&mut self, atoms: &mut Atoms<'_, '_>, body: RegionId) -> Option<NodeKind> {
        let strategy = self.word(atoms, words::STRATEGIES)?;
        self.keyword(atoms, "on_fail")?;
        let on_fail = self.word(atoms, words::VERIFY_FAILS)?;
        self.keyword(atoms, "rounds")?;
        let rounds = self.number(atoms, "the most rounds")?;
        Some(NodeKind::Verify(Box::new(Verify { body, checks: Vec::new(), strategy, on_fail, rounds })))
    }

    fn node_field(&mut self, node: &mut Node, stmt: &Stmt<'_>) {
        match stmt.name {
            "comment" => node.comment = self.one_name(stmt),
            "extra" => node.extras.extend(self.extra(stmt)),
            "part" => {
                let key = self.one_name(stmt).map(|key| NodeKey::parse(&key));
                node.parts.extend(key.map(|key| Part { key, origin: self.origin(stmt) }));
            }
            "ready" => node.ready = self.ready(stmt).unwrap_or_default(),
            "effects" => node.effects = self.effects(stmt),
            "replay" => node.replay = self.one_word(stmt, words::REPLAY).unwrap_or(node.replay),
            "when" => node.when = self.value(stmt),
            "input" => node.io.input = self.value(stmt),
            "args" => node.io.args = self.value(stmt),
            "result" => node.io.result = self.value(stmt),
            "policy" => node.policy = Some(Box::new(self.policy(stmt))),
            "handler" => {
                let handler = self.handler(stmt);
                node.handlers.push(handler);
            }
            "end" => {
                self.end(Atoms::of(stmt));
                node.end = self.transfer(stmt, &mut None);
            }
            _ => self.kind_field(&mut node.kind, stmt),
        }
    }

    fn kind_field(&mut self, kind: &mut NodeKind, stmt: &Stmt<'_>) {
        match (kind, stmt.name) {
            (NodeKind::Step(Action::Tool { credentials, .. }), "credentials") => *credentials = self.value(stmt),
            (NodeKind::Step(Action::Human { options, .. }), "options") => *options = self.names(stmt),
            (NodeKind::Choice { cases }, "case") => cases.extend(self.value(stmt)),
            (NodeKind::ForEach(each), _) => self.for_each_field(each, stmt),
            (NodeKind::Loop(body), "condition") => body.condition = self.value(stmt).unwrap_or_else(unset),
            (NodeKind::Wait(WaitFor::Seconds(time) | WaitFor::Timestamp(time)), "time") => {
                *time = self.value(stmt).unwrap_or_else(unset);
            }
            (NodeKind::Verify(verify), "check") => verify.checks.extend(self.value(stmt)),
            (NodeKind::Raise { error, .. }, "error") => *error = self.value(stmt),
            (NodeKind::Raise { cause, .. }, "cause") => *cause = self.value(stmt),
            _ => self.unknown(stmt, "such a node"),
        }
    }

    fn for_each_field(&mut self, each: &mut ForEach, stmt: &Stmt<'_>) {
        match stmt.name {
            "items" => each.items = self.value(stmt),
            "reader" => {
                let resource = self.name(&mut Atoms::of(stmt), "the service that reads");
                let mut reader = ItemReader {
                    resource: resource.unwrap_or_default(),
                    args: None,
                    config: Vec::new(),
                    origin: self.origin(stmt),
                };
                self.service(stmt, &mut reader.args, &mut reader.config);
                each.reader = Some(reader);
            }
            "writer" => {
                let mut atoms = Atoms::of(stmt);
                let resource = if atoms.is_empty() { None } else { self.name(&mut atoms, "the service that writes") };
                let mut writer = Writer { resource, args: None, config: Vec::new(), origin: self.origin(stmt) };
                self.service(stmt, &mut writer.args, &mut writer.config);
                each.writer = Some(writer);
            }
            "batch" => each.batch = Some(self.batch(stmt)),
            "concurrency" => each.concurrency = self.value(stmt),
            "tolerate_count" => each.tolerate.count = self.value(stmt),
            "tolerate_percent" => each.tolerate.percent = self.value(stmt),
            "label" => each.label = self.one_name(stmt),
            _ => self.unknown(stmt, "such a node"),
        }
    }

    fn service(&mut self, stmt: &Stmt<'_>, args: &mut Option<Expr>, config: &mut Vec<(std::sync::Arc<str>, Expr)>) {
        for inner in self.block(stmt) {
            match inner.name {
                "args" => *args = self.value(inner),
                "set" => config.extend(self.entry(inner)),
                _ => self.unknown(inner, "a reader or writer"),
            }
        }
    }

    fn batch(&mut self, stmt: &Stmt<'_>) -> Batch {
        let mut batch = Batch { origin: self.origin(stmt), ..Batch::default() };
        for inner in self.block(stmt) {
            match inner.name {
                "max_items" => batch.max_items = self.value(inner),
                "max_bytes" => batch.max_bytes = self.value(inner),
                "input" => batch.input = self.value(inner),
                _ => self.unknown(inner, "a batch"),
            }
        }
        batch
    }

    fn ready(&mut self, stmt: &Stmt<'_>) -> Option<Ready> {
        const READY: words::Words<Ready> =
            &[(Ready::All, "all"), (Ready::Live, "live"), (Ready::First, "first"), (Ready::Quorum(0), "quorum")];
        let mut atoms = Atoms::of(stmt);
        let ready = match self.word(&mut atoms, READY)? {
            Ready::Quorum(_) => Ready::Quorum(self.number(&mut atoms, "how many")?),
            other => other,
        };
        self.end(atoms);
        self.plain(stmt);
        Some(ready)
    }

    fn effects(&mut self, stmt: &Stmt<'_>) -> Effects {
        let mut atoms = Atoms::of(stmt);
        let none = matches!(&stmt.atoms[..], [atom] if atom.token == super::lex::Token::Word("none"));
        let mut effects = Effects::NONE;
        while !none && !atoms.is_empty() {
            effects = effects.and(self.word(&mut atoms, words::EFFECTS).unwrap_or_default());
        }
        self.plain(stmt);
        effects
    }

    fn policy(&mut self, stmt: &Stmt<'_>) -> Policy {
        self.end(Atoms::of(stmt));
        let mut policy = Policy::default();
        for inner in self.block(stmt) {
            match inner.name {
                "timeout" => policy.timeout = self.value(inner),
                "heartbeat" => policy.heartbeat = self.value(inner),
                "total_timeout" => policy.total_timeout = self.value(inner),
                "approval" => policy.approval = self.value(inner),
                "constraint" => policy.constraints.extend(self.value(inner)),
                "max_steps" => policy.max_steps = self.one_number(inner),
                "max_cost_usd" => policy.max_cost_usd = self.one_exact_number(inner),
                "max_memory_mb" => policy.max_memory_mb = self.one_exact_number(inner),
                "workspace" => policy.workspace = self.workspace(inner),
                "priority" => policy.priority = self.one_number(inner).unwrap_or_default(),
                "continue_on_failure" => policy.continue_on_failure = self.flag(inner),
                "retry" => {
                    let retrier = self.retrier(inner);
                    policy.retry.push(retrier);
                }
                _ => self.unknown(inner, "a policy"),
            }
        }
        policy
    }

    fn workspace(&mut self, stmt: &Stmt<'_>) -> Option<Workspace> {
        let mut atoms = Atoms::of(stmt);
        let workspace = match self.word(&mut atoms, &[(0, "inherit"), (1, "ephemeral"), (2, "path")])? {
            0 => Workspace::Inherit,
            1 => Workspace::Ephemeral,
            _ => Workspace::Path(self.name(&mut atoms, "a path")?),
        };
        self.end(atoms);
        self.plain(stmt);
        Some(workspace)
    }

    fn retrier(&mut self, stmt: &Stmt<'_>) -> Retrier {
        self.end(Atoms::of(stmt));
        let mut retrier = Retrier { origin: self.origin(stmt), ..Retrier::default() };
        for inner in self.block(stmt) {
            match inner.name {
                "interval" => retrier.interval = self.one_exact_number(inner),
                "max" => retrier.max = self.one_exact_number(inner),
                "backoff" => retrier.backoff = self.one_exact_number(inner),
                "linear" => retrier.linear = self.flag(inner),
                "max_delay" => retrier.max_delay = self.one_exact_number(inner),
                "jitter" => retrier.jitter = self.one_word(inner, words::JITTER),
                "comment" => retrier.comment = self.one_name(inner),
                _ => self.error_match(&mut retrier.on, inner),
            }
        }
        retrier
    }

    fn handler(&mut self, stmt: &Stmt<'_>) -> Handler {
        self.end(Atoms::of(stmt));
        let mut handler = Handler { origin: self.origin(stmt), ..Handler::default() };
        for inner in self.block(stmt) {
            match inner.name {
                "comment" => handler.comment = self.one_name(inner),
                _ => self.error_match(&mut handler.on, inner),
            }
        }
        handler
    }

    fn error_match(&mut self, on: &mut ErrorMatch, stmt: &Stmt<'_>) {
        match stmt.name {
            "names" => on.names = self.names(stmt),
            "classes" => on.classes = self.names(stmt),
            "contains" => on.contains = self.names(stmt),
            "exit_codes" => {
                let mut atoms = Atoms::of(stmt);
                while !atoms.is_empty() {
                    on.exit_codes.extend(self.number::<i32>(&mut atoms, "an exit code"));
                }
                self.plain(stmt);
            }
            "transfers" => on.transfers = self.flag(stmt),
            _ => self.unknown(stmt, "a retry or handler"),
        }
    }

    fn edge(&mut self, from: NodeId, stmt: &Stmt<'_>) -> Option<Edge> {
        const CASES: words::Words<On> = &[
            (On::Done, "done"),
            (On::Otherwise, "otherwise"),
            (On::Settled, "settled"),
            (On::Case(0), "case"),
            (On::Error(0), "error"),
        ];
        let mut atoms = Atoms::of(stmt);
        let on = match self.word(&mut atoms, CASES)? {
            On::Case(_) => On::Case(self.number(&mut atoms, "the number of the case")?),
            On::Error(_) => On::Error(self.number(&mut atoms, "the number of the handler")?),
            other => other,
        };
        let to = self.target(&mut atoms)?;
        self.end(atoms);
        let mut comment = None;
        let transfer = self.transfer(stmt, &mut comment);
        Some(Edge { from, to, on, transfer, comment, origin: self.origin(stmt) })
    }

    fn transfer(&mut self, stmt: &Stmt<'_>, comment: &mut Option<std::sync::Arc<str>>) -> Transfer {
        let mut transfer = Transfer::default();
        for inner in self.block(stmt) {
            match inner.name {
                "assign" => transfer.assign.extend(self.entry(inner)),
                "out" => transfer.out = self.value(inner),
                "comment" if stmt.name == "on" => *comment = self.one_name(inner),
                _ => self.unknown(inner, "a transfer"),
            }
        }
        transfer
    }
}

fn for_each(body: RegionId, isolation: Isolation) -> ForEach {
    ForEach {
        items: None,
        reader: None,
        batch: None,
        body,
        concurrency: None,
        tolerate: Tolerate::default(),
        writer: None,
        isolation,
        label: None,
    }
}
