//! What is kept only to be printed back.

use std::sync::Arc;

use wfc_expr::Value;

use super::policy::text;
use crate::syntax::{BatchField, FieldSet, Object, ReaderField, Rule, RuleField, State, WriterField};

/// Facts by name, in the order they were found.
#[derive(Debug, Default)]
pub(super) struct Extras {
    facts: Vec<(Arc<str>, Value)>,
}

impl Extras {
    /// Keeps a fact.
    pub(super) fn add(&mut self, name: &str, value: Value) {
        self.facts.push((name.into(), value));
    }

    /// Keeps the comments that have no place of their own, named by the way to them.
    pub(super) fn comments(&mut self, state: &State<'_>) {
        if let Some(map) = &state.map {
            self.comment("ItemReader", map.reader.as_ref(), ReaderField::Comment);
            self.comment("ItemBatcher", map.batch.as_ref(), BatchField::Comment);
            self.comment("ResultWriter", map.writer.as_ref(), WriterField::Comment);
        }
        for (index, rule) in state.choices.iter().enumerate() {
            self.comments_inside(format!("Choices.{index}"), rule);
        }
    }

    /// The comments of the conditions inside a rule; the rule's own is that of an edge.
    fn comments_inside(&mut self, place: String, rule: &Rule<'_>) {
        // Each condition with its place in the one that is at `outer` in the list.
        let mut found = vec![(0, place, rule)];
        let mut at = 0;
        while let Some(&(_, _, rule)) = found.get(at) {
            let name = combinator(rule);
            let steps = (0..).zip(&rule.parts).map(|(index, part)| match name {
                "Not" => (at, name.to_owned(), part),
                _ => (at, format!("{name}.{index}"), part),
            });
            found.extend(steps);
            at += 1;
        }
        for at in (1..found.len()).filter(|&at| found[at].2.object.has(RuleField::Comment)) {
            let mut place = found[at].1.clone();
            let mut outer = at;
            while outer > 0 {
                outer = found[outer].0;
                place = format!("{}.{place}", found[outer].1);
            }
            self.comment(&place, Some(&found[at].2.object), RuleField::Comment);
        }
    }

    fn comment<F: FieldSet>(&mut self, place: &str, object: Option<&Object<'_, F>>, field: F) {
        if let Some(comment) = text(object.and_then(|object| object.get(field))) {
            self.add(&format!("{place}.Comment"), comment.into());
        }
    }

    /// All facts.
    pub(super) fn into_facts(self) -> Vec<(Arc<str>, Value)> {
        self.facts
    }
}

/// The field that holds the conditions inside a rule.
fn combinator(rule: &Rule<'_>) -> &'static str {
    let holds = |field: &RuleField| rule.object.has(*field);
    let field = [RuleField::And, RuleField::Or, RuleField::Not].into_iter().find(holds);
    field.map_or("", |field| field.spec().name)
}
