//! What the fields of one state must be together: which are needed, which exclude each other.

use wfc_cir::{CompareOp, MachineType};
use wfc_diag::Diagnostic;
use wfc_source::{Kind, Node};

use super::shape::boolean;
use super::state::is_empty_list;
use super::Parser;
use crate::placeholder::has_placeholder;
use crate::resource::{is_resource, reply_mode};
use crate::rules::{
    bad_resource, bad_timestamp, catch_all_not_last, choose_one, heartbeat_not_shorter, missing_field, no_way_out,
    not_for_express, nothing_inside, two_ways_out, unknown_integration,
};
use crate::syntax::{
    Catcher, CredentialField, Field, FieldSet, Language, Object, Operand, Retrier, Rule, RuleField, State, StateKind,
    Test,
};
use crate::timestamp::is_instant;

/// Fields that say the same thing in different ways.
const EXCLUSIVE: &[&[Field]] = &[
    &[Field::Seconds, Field::SecondsPath, Field::Timestamp, Field::TimestampPath],
    &[Field::TimeoutSeconds, Field::TimeoutSecondsPath],
    &[Field::HeartbeatSeconds, Field::HeartbeatSecondsPath],
    &[Field::Error, Field::ErrorPath],
    &[Field::Cause, Field::CausePath],
    &[Field::MaxConcurrency, Field::MaxConcurrencyPath],
    &[Field::ToleratedFailureCount, Field::ToleratedFailureCountPath],
    &[Field::ToleratedFailurePercentage, Field::ToleratedFailurePercentagePath],
    &[Field::ItemProcessor, Field::Iterator],
    // `Parameters` is the older name.
    &[Field::ItemSelector, Field::Parameters],
];

impl<'t> Parser<'_, 't> {
    pub(super) fn check_state(&mut self, state: &State<'t>) {
        let Some(kind) = state.kind else { return };
        self.check_needed(state, kind);
        for group in EXCLUSIVE {
            self.check_exclusive(&state.object, group, || format!("the {} state", kind.name()));
        }
        match kind {
            StateKind::Task => self.check_task(state),
            StateKind::Map => self.check_map(state),
            _ => {}
        }
        self.check_errors(state);
        for field in [Field::Choices, Field::Branches] {
            self.check_not_empty(&state.object, field);
        }
    }

    fn check_needed(&mut self, state: &State<'t>, kind: StateKind) {
        let needed: &[Field] = match kind {
            StateKind::Task => &[Field::Resource],
            StateKind::Choice => &[Field::Choices],
            StateKind::Parallel => &[Field::Branches],
            StateKind::Map => &[Field::ItemProcessor, Field::Iterator],
            StateKind::Wait if state.language == Language::Jsonata => &[Field::Seconds, Field::Timestamp],
            StateKind::Wait => &[Field::Seconds, Field::Timestamp, Field::SecondsPath, Field::TimestampPath],
            _ => return,
        };
        if !needed.iter().any(|field| state.object.has(*field)) {
            // Nobody should start with the older name.
            let names: Vec<_> = needed.iter().filter(|f| **f != Field::Iterator).map(|f| f.spec().name).collect();
            let what = format!("the {} state `{}`", kind.name(), state.name.text());
            let found = missing_field::one_of(state.name.span(), &what, &names);
            self.missing(state.object.node, &names, found);
        }
    }

    pub(super) fn check_exclusive<F: FieldSet>(
        &mut self,
        object: &Object<'t, F>,
        group: &[F],
        what: impl Fn() -> String,
    ) {
        let present = object.iter().filter(|entry| group.contains(&entry.field) && entry.ok);
        if present.clone().nth(1).is_some() {
            let keys: Vec<Node<'t>> = present.map(|entry| entry.key).collect();
            self.report(choose_one::report(&keys, &what()));
        }
    }

    fn check_not_empty<F: FieldSet>(&mut self, object: &Object<'t, F>, field: F) {
        if let Some(list) = object.get(field).filter(|list| is_empty_list(*list)) {
            self.report(nothing_inside::report(list, field.spec().name));
        }
    }

    /// A state that can go on says where to, unless it ends its machine.
    pub(super) fn check_way_out(&mut self, state: &State<'t>, last: bool) {
        let goes_on = state.kind.is_some_and(|kind| Field::Next.spec().kinds.has(kind));
        if !goes_on {
            return;
        }
        let end = state.object.get(Field::End);
        match (state.object.entry(Field::Next), end.and_then(boolean)) {
            (Some(next), Some(true)) if next.value.kind() == Kind::Null => {}
            (Some(next), Some(true)) => {
                let end = state.object.entry(Field::End).map_or(next.key, |entry| entry.key);
                self.report(two_ways_out::report(state.object.node, next.key, end));
            }
            (None, Some(false)) => {
                end.into_iter().for_each(|end| self.report(no_way_out::end_is_false(state.name, end)));
            }
            (None, None) if !state.object.has(Field::End) => {
                let found = no_way_out::report(state.name, state.object.node, last);
                self.missing(state.object.node, &["Next", "End"], found);
            }
            _ => {}
        }
    }

    fn check_task(&mut self, state: &State<'t>) {
        let object = &state.object;
        if let Some(resource) = object.get(Field::Resource) {
            self.check_resource(resource);
            unknown_integration::check(resource).into_iter().for_each(|problem| self.report(problem));
            let express = self.machine_type == MachineType::Express;
            let problem = not_for_express::check(resource, reply_mode(resource.text())).filter(|_| express);
            problem.into_iter().for_each(|problem| self.report(problem));
        }
        if let (Some(beat), Some(timeout)) = (object.get(Field::HeartbeatSeconds), object.get(Field::TimeoutSeconds)) {
            let problem = heartbeat_not_shorter::check(beat, timeout);
            problem.into_iter().for_each(|problem| self.report(problem));
        }
        if let Some(node) = object.get(Field::Credentials) {
            let credentials: Object<'t, CredentialField> = self.object(node, state.language, None);
            let role = [CredentialField::RoleArn, CredentialField::RoleArnPath];
            if !role.iter().any(|field| credentials.has(*field)) {
                self.missing(node, &["RoleArn"], missing_field::role(node));
            }
        }
    }

    pub(super) fn check_resource(&mut self, resource: Node<'t>) {
        if !is_resource(resource.text()) {
            self.report(bad_resource::report(resource));
        }
    }

    fn check_errors(&mut self, state: &State<'t>) {
        for retrier in &state.retry {
            self.check_error_names(retrier, Retrier::ErrorEquals);
        }
        for catcher in &state.catch {
            self.check_error_names(catcher, Catcher::ErrorEquals);
            if !catcher.has(Catcher::Next) {
                self.needs(catcher.node, "a catcher", "Next");
            }
        }
        let retry: Vec<_> = state.retry.iter().map(|retrier| retrier.get(Retrier::ErrorEquals)).collect();
        let catch: Vec<_> = state.catch.iter().map(|catcher| catcher.get(Catcher::ErrorEquals)).collect();
        for (field, names) in [(Field::Retry, retry), (Field::Catch, catch)] {
            let Some(list) = state.object.get(field) else { continue };
            catch_all_not_last::check(list, &names, &mut |problem| self.sink.push(problem));
        }
    }

    fn check_error_names<F: FieldSet>(&mut self, object: &Object<'t, F>, field: F) {
        if !object.has(field) {
            self.needs(object.node, F::WHAT, "ErrorEquals");
        }
        self.check_not_empty(object, field);
    }

    pub(super) fn check_rule(&mut self, rule: &Rule<'t>, language: Language, outermost: bool) {
        let object = &rule.object;
        let node = object.node;
        if node.members().next().is_none() {
            self.report(missing_field::all_of_a_rule(node.span(), outermost));
            return;
        }
        if outermost && !object.has(RuleField::Next) {
            self.needs(node, "a choice rule", "Next");
        }
        if language == Language::Jsonata {
            if !object.has(RuleField::Condition) {
                self.needs(node, "a choice rule", "Condition");
            }
            return;
        }
        let tests = object.iter().filter(|entry| says_something(entry.field));
        let keys: Vec<Node<'t>> = tests.clone().map(|entry| entry.key).collect();
        match keys.len() {
            // A field of the other language has been reported and stands for the condition.
            0 if object.has(RuleField::Condition) => {}
            0 => {
                let names: Vec<&str> = RuleField::SPECS
                    .iter()
                    .map(|spec| spec.name)
                    .filter(|name| RuleField::of(name).is_some_and(says_something))
                    .collect();
                self.missing(node, &names, missing_field::condition(node.span()));
            }
            1 => {}
            _ => self.report(choose_one::report(&keys, "a choice rule")),
        }
        if tests.clone().any(|entry| entry.field.test().is_some()) && !object.has(RuleField::Variable) {
            self.needs(node, "a choice rule", "Variable");
        }
        for entry in object.iter().filter(|entry| entry.ok && is_instant_due(entry.field)) {
            let text = entry.value.text();
            if !is_instant(text) && !has_placeholder(text) {
                // What the owner says of a comparison was never recorded.
                let found = bad_timestamp::report(entry.value).blocking(false);
                self.report(Diagnostic { owner: None, ..found });
            }
        }
        self.check_not_empty(object, RuleField::And);
        self.check_not_empty(object, RuleField::Or);
    }

    /// Reports that `object`, which is `what`, lacks the field `name`.
    pub(super) fn needs(&mut self, object: Node<'t>, what: &str, name: &str) {
        self.missing(object, &[name], missing_field::one_of(object.span(), what, &[name]));
    }
}

/// Whether the field of a rule is a condition of its own.
fn says_something(field: RuleField) -> bool {
    matches!(field, RuleField::And | RuleField::Or | RuleField::Not) || field.test().is_some()
}

/// Whether the field of a rule compares with an instant that stands there.
fn is_instant_due(field: RuleField) -> bool {
    use CompareOp as Op;
    let Some(Test::Compare(op, Operand::Value)) = field.test() else { return false };
    matches!(
        op,
        Op::TimestampEquals
            | Op::TimestampLess
            | Op::TimestampGreater
            | Op::TimestampLessEquals
            | Op::TimestampGreaterEquals
    )
}
