//! Retriers, time limits and catchers.

use std::sync::Arc;

use wfc_cir::{Doc, ErrorMatch, Expr, Handler, Jitter, Origin, Policy, Retrier as CirRetrier, Root};
use wfc_expr::value::Number;
use wfc_expr::Value;
use wfc_source::Node;

use super::expr::Exprs;
use super::extras::Extras;
use crate::parse::number;
use crate::syntax::{Catcher, Field, FieldSet, Language, Object, Retrier, State};

impl Exprs<'_> {
    /// What surrounds the work of a state, if anything does.
    pub(super) fn policy(&mut self, state: &State<'_>, extras: &mut Extras) -> Option<Box<Policy>> {
        let retry: Vec<CirRetrier> =
            state.retry.iter().enumerate().map(|(index, retrier)| lower_retrier(index, retrier, extras)).collect();
        let timeout = self.limit(state, Field::TimeoutSeconds, Field::TimeoutSecondsPath);
        let heartbeat = self.limit(state, Field::HeartbeatSeconds, Field::HeartbeatSecondsPath);
        let something = !retry.is_empty() || timeout.is_some() || heartbeat.is_some();
        something.then(|| Box::new(Policy { retry, timeout, heartbeat, ..Policy::default() }))
    }

    /// A number that stands in one field, or whose path stands in another.
    pub(super) fn limit(&mut self, state: &State<'_>, value: Field, path: Field) -> Option<Expr> {
        self.value_or_path(&state.object, value, path, state.language)
    }

    /// As [`Exprs::limit`], for any object.
    pub(super) fn value_or_path<F: FieldSet>(
        &mut self,
        object: &Object<'_, F>,
        value: F,
        path: F,
        language: Language,
    ) -> Option<Expr> {
        if let Some(node) = object.get(value) {
            return Some(self.scalar(node, language, false));
        }
        object.get(path).map(|node| self.path(node, Doc::Root(Root::Input)))
    }
}

/// The errors a catcher is for.
pub(super) fn handler(catcher: &Object<'_, Catcher>, language: Language) -> Handler {
    let mut on = error_match(catcher.get(Catcher::ErrorEquals));
    on.transfers = language == Language::Jsonata;
    Handler { on, comment: text(catcher.get(Catcher::Comment)), origin: Origin::at(catcher.node.span()) }
}

fn lower_retrier(index: usize, retrier: &Object<'_, Retrier>, extras: &mut Extras) -> CirRetrier {
    let mut number = |field: Retrier| {
        let node = retrier.get(field)?;
        let number = plain_number(node);
        if number.is_none() {
            extras.add(&format!("Retry.{index}.{}", field.spec().name), Value::from(node.text()));
        }
        number
    };
    CirRetrier {
        on: error_match(retrier.get(Retrier::ErrorEquals)),
        interval: number(Retrier::IntervalSeconds),
        max: number(Retrier::MaxAttempts),
        backoff: number(Retrier::BackoffRate),
        linear: false,
        max_delay: number(Retrier::MaxDelaySeconds),
        jitter: retrier.get(Retrier::JitterStrategy).and_then(jitter),
        comment: text(retrier.get(Retrier::Comment)),
        origin: Origin::at(retrier.node.span()),
    }
}

/// A number as it is written, also one that a placeholder was replaced by.
fn plain_number(node: Node<'_>) -> Option<Number> {
    number(node).and_then(|_| Number::from_text(node.text()))
}

fn jitter(node: Node<'_>) -> Option<Jitter> {
    match node.text() {
        "FULL" => Some(Jitter::Full),
        "NONE" => Some(Jitter::None),
        _ => None,
    }
}

fn error_match(names: Option<Node<'_>>) -> ErrorMatch {
    let names = names.into_iter().flat_map(Node::items).filter_map(Node::as_str).map(Arc::from).collect();
    ErrorMatch { names, ..ErrorMatch::default() }
}

/// The text of a field, kept.
pub(super) fn text(node: Option<Node<'_>>) -> Option<Arc<str>> {
    node.and_then(Node::as_str).map(Arc::from)
}
