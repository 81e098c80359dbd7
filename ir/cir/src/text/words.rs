//! The words of the text form, each table read by the printer in one direction and by the parser in the other.

use crate::{
    Abort, CompareOp, Effects, Isolation, Jitter, Lang, On, OnCap, OnFail, Replay, ReturnTo, Root, Strategy, TypeTest,
    VerifyFail,
};

/// A table of words and what they mean.
pub(crate) type Words<T> = &'static [(T, &'static str)];

/// The word for a value; every table is complete.
pub(crate) fn word<T: PartialEq>(table: Words<T>, value: &T) -> &'static str {
    table.iter().find(|(known, _)| known == value).map_or("?", |(_, word)| word)
}

/// The value a word stands for.
pub(crate) fn find<T: Copy>(table: Words<T>, word: &str) -> Option<T> {
    table.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
}

pub(crate) const ROOTS: Words<Root> = &[
    (Root::Raw, "raw"),
    (Root::Input, "input"),
    (Root::Args, "args"),
    (Root::Result, "result"),
    (Root::Error, "error"),
    (Root::Context, "context"),
    (Root::Item, "item"),
];

pub(crate) const LANGS: Words<Lang> = &[
    (Lang::JsonPath, "path"),
    (Lang::Intrinsic, "call"),
    (Lang::Jsonata, "jsonata"),
    (Lang::Dotted, "dotted"),
    (Lang::Text, "text"),
];

pub(crate) const TESTS: Words<TypeTest> = &[
    (TypeTest::Present, "present"),
    (TypeTest::Null, "null"),
    (TypeTest::Boolean, "boolean"),
    (TypeTest::Numeric, "numeric"),
    (TypeTest::String, "string"),
    (TypeTest::Timestamp, "timestamp"),
];

pub(crate) const COMPARES: Words<CompareOp> = &[
    (CompareOp::BooleanEquals, "BooleanEquals"),
    (CompareOp::NumericEquals, "NumericEquals"),
    (CompareOp::NumericLess, "NumericLess"),
    (CompareOp::NumericLessEquals, "NumericLessEquals"),
    (CompareOp::NumericGreater, "NumericGreater"),
    (CompareOp::NumericGreaterEquals, "NumericGreaterEquals"),
    (CompareOp::StringEquals, "StringEquals"),
    (CompareOp::StringLess, "StringLess"),
    (CompareOp::StringLessEquals, "StringLessEquals"),
    (CompareOp::StringGreater, "StringGreater"),
    (CompareOp::StringGreaterEquals, "StringGreaterEquals"),
    (CompareOp::StringMatches, "StringMatches"),
    (CompareOp::TimestampEquals, "TimestampEquals"),
    (CompareOp::TimestampLess, "TimestampLess"),
    (CompareOp::TimestampLessEquals, "TimestampLessEquals"),
    (CompareOp::TimestampGreater, "TimestampGreater"),
    (CompareOp::TimestampGreaterEquals, "TimestampGreaterEquals"),
];

pub(crate) const ABORTS: Words<Abort> = &[(Abort::Immediate, "immediate"), (Abort::Await, "await")];

pub(crate) const ON_FAIL: Words<OnFail> = &[(OnFail::Stop, "stop"), (OnFail::Drain, "drain")];

pub(crate) const STRATEGIES: Words<Strategy> =
    &[(Strategy::AllMustPass, "all_must_pass"), (Strategy::FirstPass, "first_pass"), (Strategy::AnyBlock, "any_block")];

pub(crate) const VERIFY_FAILS: Words<VerifyFail> =
    &[(VerifyFail::Block, "block"), (VerifyFail::Warn, "warn"), (VerifyFail::Retry, "retry")];

pub(crate) const ON_CAP: Words<OnCap> = &[(OnCap::Fail, "fail"), (OnCap::Continue, "continue")];

/// Whether a loop goes on *until* its condition holds.
pub(crate) const UNTIL: Words<bool> = &[(true, "until"), (false, "while")];

pub(crate) const RETURN_TO: Words<ReturnTo> =
    &[(ReturnTo::Region, "region"), (ReturnTo::Loop, "loop"), (ReturnTo::Flow, "flow")];

pub(crate) const REPLAY: Words<Replay> =
    &[(Replay::Pure, "pure"), (Replay::Idempotent, "idempotent"), (Replay::Once, "once")];

pub(crate) const ISOLATION: Words<Isolation> = &[
    (Isolation::Frame, "frame"),
    (Isolation::Run { express: false }, "run"),
    (Isolation::Run { express: true }, "express"),
];

pub(crate) const JITTER: Words<Jitter> = &[(Jitter::None, "none"), (Jitter::Full, "full")];

pub(crate) const EFFECTS: Words<Effects> = &Effects::WORDS;

/// Outcomes without a number; `case` and `error` have one.
pub(crate) const OUTCOMES: Words<On> = &[(On::Done, "done"), (On::Otherwise, "otherwise"), (On::Settled, "settled")];
