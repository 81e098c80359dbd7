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
        let nested = state.choices.iter().enumerate().filter(|(_, rule)| !rule.parts.is_empty());
        nested.for_each(|(number, rule)| self.comments_inside(number, rule));
    }

    /// The comments of the conditions inside rule `number`; the rule's own is that of an edge.
    fn comments_inside(&mut self, number: usize, rule: &Rule<'_>) {
        // Each condition with its number in the one that is at `outer` in the list.
        let mut found = vec![(0, 0, rule)];
        let mut at = 0;
        while let Some(&(_, _, rule)) = found.get(at) {
            found.extend(rule.parts.iter().enumerate().map(|(index, part)| (at, index, part)));
            at += 1;
        }
        for at in (1..found.len()).filter(|&at| found[at].2.object.has(RuleField::Comment)) {
            let (mut place, mut inner) = (String::new(), at);
            while inner > 0 {
                let (outer, index, _) = found[inner];
                let step = match combinator(found[outer].2) {
                    "Not" => ".Not".to_owned(),
                    name => format!(".{name}.{index}"),
                };
                place.insert_str(0, &step);
                inner = outer;
            }
            self.comment(&format!("Choices.{number}{place}"), Some(&found[at].2.object), RuleField::Comment);
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
