//! What an expression reads, and what it makes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use wfc_expr::intrinsic::{self, ArgKind, Function};
use wfc_expr::jsonpath::{self, SegmentKind};
use wfc_expr::Value;
use wfc_plan::{CompareOp, ExprIx, ExprKind, Lang, Plan, Source, TypeTest};
use wfc_run_tokio::work::mock::{Expectation, Guess, Part};

use super::facts::Facts;
use super::{jsonata, Docs, INPUT};

/// Looks at expressions of one node.
pub(super) struct Reader<'w> {
    pub(super) plan: &'w Plan,
    pub(super) docs: &'w Docs,
    pub(super) vars: &'w BTreeMap<Arc<str>, Facts>,
    pub(super) found: Option<&'w mut BTreeMap<Arc<str>, Expectation>>,
    /// Whether comparisons and tests are to hold.
    pub(super) holds: bool,
}

/// Deeper expressions are not looked at.
const MAX_DEPTH: u32 = 200;

impl Reader<'_> {
    /// What is known of the value of an expression that is used as `guess` says.
    pub(super) fn read(&mut self, expr: ExprIx, guess: Guess) -> Facts {
        self.nested(expr, guess, 0)
    }

    fn nested(&mut self, expr: ExprIx, guess: Guess, depth: u32) -> Facts {
        if depth == MAX_DEPTH {
            return Facts::default();
        }
        let depth = depth + 1;
        let plan = self.plan;
        match &plan.exprs[expr.at()].kind {
            ExprKind::Root(root) => self.docs.of(*root),
            ExprKind::Var(name) => self.var(name),
            ExprKind::Source(source) => self.source(source, guess, depth),
            ExprKind::Object(fields) => {
                let mut facts = Facts::default();
                for (name, part) in fields {
                    facts.add(self.nested(*part, Guess::Any, depth).inside(&Part::Member(Arc::clone(name))));
                }
                facts
            }
            ExprKind::Array(parts) => {
                let mut facts = Facts::default();
                for (at, part) in parts.iter().enumerate() {
                    facts.add(self.nested(*part, Guess::Any, depth).inside(&Part::Item(at)));
                }
                facts
            }
            ExprKind::Put { into, at, value } => {
                let (into, value) = (self.nested(*into, Guess::Any, depth), self.nested(*value, Guess::Any, depth));
                match jsonpath::parse(at) {
                    Ok(path) => into.with(&parts(&path), value),
                    Err(_) => into,
                }
            }
            ExprKind::Compare { left, op, right } => {
                let of_left = if self.holds { compared(*op, self.literal(*right)) } else { kind(*op) };
                let of_right = kind(*op);
                self.nested(*left, of_left, depth);
                self.nested(*right, of_right, depth);
                Facts::default()
            }
            // What is not read is not there.
            ExprKind::Is { test: TypeTest::Present, want, .. } if self.holds != *want => Facts::default(),
            ExprKind::Is { left, test, want } => {
                self.nested(*left, if *want { tested(*test) } else { Guess::Any }, depth);
                Facts::default()
            }
            kind @ (ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_)) => {
                for part in kind.parts() {
                    self.nested(part, Guess::Flag, depth);
                }
                Facts::default()
            }
            ExprKind::Out(node) => Facts::of_task(&plan.nodes[node.at()].name),
            ExprKind::Value(_) => Facts::default(),
        }
    }

    fn source(&mut self, source: &Source, guess: Guess, depth: u32) -> Facts {
        let doc = source.doc.map(|doc| self.nested(doc, Guess::Any, depth)).unwrap_or_default();
        match source.lang {
            Lang::JsonPath => match jsonpath::parse(&source.text) {
                Ok(path) => self.path(&path, &doc, guess),
                Err(_) => Facts::default(),
            },
            Lang::Intrinsic => {
                if let Ok(call) = intrinsic::parse(&source.text) {
                    self.call(&call, &doc);
                }
                Facts::default()
            }
            Lang::Jsonata => jsonata::read(self, &source.text, guess),
            Lang::Dotted => Facts::default(),
        }
    }

    fn path(&mut self, path: &jsonpath::Path, doc: &Facts, guess: Guess) -> Facts {
        let from = match &path.root {
            jsonpath::Root::Doc => doc.clone(),
            jsonpath::Root::Variable(name) => self.var(name),
            jsonpath::Root::Context => self.context(),
            jsonpath::Root::Item => return Facts::default(),
        };
        let parts = parts(path);
        let whole = parts.len() == path.segments.len();
        let found = from.select(&parts);
        self.note(&found, if whole { guess } else { Guess::Any });
        if whole {
            found
        } else {
            Facts::default()
        }
    }

    /// What is known of the context object: the input of the run, and the item.
    pub(super) fn context(&self) -> Facts {
        let within = |facts: Facts, place: &[&str]| {
            place.iter().rev().fold(facts, |facts, name| facts.inside(&Part::Member(Arc::from(*name))))
        };
        let mut context = within(Facts::of_task(&Arc::from(INPUT)), &["Execution", "Input"]);
        context.add(within(self.docs.item.clone(), &["Map", "Item", "Value"]));
        context
    }

    fn call(&mut self, call: &intrinsic::Call, doc: &Facts) {
        // Calls nest as deep as their parser lets them.
        let mut work = vec![call];
        while let Some(call) = work.pop() {
            for (at, arg) in call.args.iter().enumerate() {
                match &arg.kind {
                    ArgKind::Call(inner) => work.push(inner),
                    ArgKind::Path(path) => {
                        self.path(path, doc, argument(call.function, at));
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn var(&self, name: &str) -> Facts {
        self.vars.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn note(&mut self, facts: &Facts, guess: Guess) {
        if let Some(found) = &mut self.found {
            facts.note(found, &guess);
        }
    }

    fn literal(&self, expr: ExprIx) -> Option<&Value> {
        match &self.plan.exprs[expr.at()].kind {
            ExprKind::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// The steps of a path up to the first that is not understood.
fn parts(path: &jsonpath::Path) -> Vec<Part> {
    let part = |segment: &jsonpath::Segment| match &segment.kind {
        SegmentKind::Member(name) => Some(Part::Member(Arc::from(&**name))),
        SegmentKind::Index(at) => usize::try_from(*at).ok().map(Part::Item),
        SegmentKind::Wildcard => Some(Part::Each),
        _ => None,
    };
    path.segments.iter().map_while(part).collect()
}

/// What a value seems to be that holds a comparison with a literal.
fn compared(op: CompareOp, literal: Option<&Value>) -> Guess {
    use CompareOp as C;
    let number = literal.and_then(Value::as_f64);
    match (op, literal) {
        (C::BooleanEquals | C::NumericEquals | C::StringEquals | C::TimestampEquals, Some(value)) => {
            Guess::Is(value.clone())
        }
        (C::NumericLess, _) => number.map_or(Guess::Number, Guess::Below),
        (C::NumericGreater, _) => number.map_or(Guess::Number, Guess::Above),
        (C::NumericLessEquals | C::NumericGreaterEquals, Some(value)) => Guess::Is(value.clone()),
        (C::StringMatches, Some(Value::String(pattern))) => Guess::Is(pattern.replace('*', "").as_str().into()),
        (C::StringLessEquals | C::StringGreaterEquals, Some(value)) => Guess::Is(value.clone()),
        (C::TimestampLessEquals | C::TimestampGreaterEquals, Some(value)) => Guess::Is(value.clone()),
        _ => kind(op),
    }
}

fn kind(op: CompareOp) -> Guess {
    use CompareOp as C;
    match op {
        C::BooleanEquals => Guess::Flag,
        C::NumericEquals | C::NumericLess | C::NumericLessEquals | C::NumericGreater | C::NumericGreaterEquals => {
            Guess::Number
        }
        C::StringEquals
        | C::StringLess
        | C::StringLessEquals
        | C::StringGreater
        | C::StringGreaterEquals
        | C::StringMatches => Guess::Text,
        C::TimestampEquals
        | C::TimestampLess
        | C::TimestampLessEquals
        | C::TimestampGreater
        | C::TimestampGreaterEquals => Guess::Instant,
    }
}

fn tested(test: TypeTest) -> Guess {
    match test {
        TypeTest::Present => Guess::Any,
        TypeTest::Null => Guess::Is(Value::Null),
        TypeTest::Boolean => Guess::Flag,
        TypeTest::Numeric => Guess::Number,
        TypeTest::String => Guess::Text,
        TypeTest::Timestamp => Guess::Instant,
    }
}

/// What an intrinsic function takes at a place.
fn argument(function: Function, at: usize) -> Guess {
    match (function, at) {
        (Function::StringToJson, 0) => Guess::Is("{}".into()),
        (Function::Base64Encode | Function::Base64Decode | Function::StringSplit, _) => Guess::Text,
        (Function::JsonMerge, 0 | 1) => Guess::Object,
        (Function::MathAdd | Function::MathRandom | Function::ArrayRange, _) => Guess::Number,
        (Function::ArrayPartition | Function::ArrayGetItem, 1) => Guess::Number,
        (
            Function::ArrayPartition
            | Function::ArrayContains
            | Function::ArrayGetItem
            | Function::ArrayLength
            | Function::ArrayUnique,
            0,
        ) => Guess::List,
        _ => Guess::Any,
    }
}
