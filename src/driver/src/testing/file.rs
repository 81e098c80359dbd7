//! Test files: what they may say, and reading them strictly.

use std::collections::BTreeSet;
use std::sync::Arc;

use wfc_diag::{Sink, Span};
use wfc_expr::nearest::nearest;
use wfc_expr::Value;
use wfc_source::strict::{suggest, Dialect, Reader, Spanned, Table};
use wfc_source::Node;

use super::rules;
use super::value::value;

/// How names of test files end.
pub const EXTENSIONS: [&str; 4] = [".wfc-test.toml", ".wfc-test.json", ".wfc-test.yaml", ".wfc-test.yml"];

/// A file of tests.
#[derive(Clone, Debug)]
pub struct TestFile {
    /// The tests, in order.
    pub tests: Vec<Test>,
}

/// One test. Paths in it are relative to the test file.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Spanned<Arc<str>>,
    /// The file with the machine.
    pub machine: Spanned<Arc<str>>,
    /// The input of the run.
    pub input: Input,
    /// Who answers for the tasks.
    pub mock: Mock,
    /// What is expected of the run.
    pub expect: Expect,
}

/// The input of a run.
#[derive(Clone, Debug)]
pub enum Input {
    /// A value.
    Value(Value),
    /// The JSON of a file.
    File(Spanned<Arc<str>>),
}

/// Who answers for the tasks of a test.
#[derive(Clone, Debug)]
pub enum Mock {
    /// Nobody: every task fails.
    Nobody,
    /// A file of answers, and the case in it.
    File {
        /// The file.
        path: Spanned<Arc<str>>,
        /// The case, where the file has several.
        case: Option<Spanned<Arc<str>>>,
    },
    /// Answers in the test itself, as a mock file has them below `states`.
    Inline(Spanned<Value>),
}

/// How a run is expected to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Status {
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

/// What is expected of a run; what is absent is not looked at.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    /// How it ends; without this and without an error it is to succeed.
    pub status: Option<Status>,
    /// All of its output.
    pub output: Option<Value>,
    /// What its output holds among other things.
    pub output_contains: Option<Value>,
    /// The name of its error.
    pub error: Option<Arc<str>>,
    /// The whole cause of its error.
    pub cause: Option<Arc<str>>,
    /// A part of the cause of its error.
    pub cause_contains: Option<Arc<str>>,
    /// The names of all states in the order they are entered.
    pub path: Option<Vec<Arc<str>>>,
    /// States that are entered in this order; others may be between them.
    pub path_contains: Option<Vec<Arc<str>>>,
    /// Events that happen in this order; others may be between them.
    pub history: Vec<Fragment>,
}

/// An event that is expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// Its type.
    pub kind: Option<Arc<str>>,
    /// The name of the state it belongs to.
    pub state: Option<Arc<str>>,
    /// A part of its cause.
    pub cause_contains: Option<Arc<str>>,
    /// Fields of its details.
    pub details: Vec<(Arc<str>, Value)>,
}

impl Status {
    /// All of them, with the words users know them by.
    pub const WORDS: [(Status, &'static str); 4] = [
        (Status::Succeeded, "SUCCEEDED"),
        (Status::Failed, "FAILED"),
        (Status::TimedOut, "TIMED_OUT"),
        (Status::Aborted, "ABORTED"),
    ];

    /// The word.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize].1
    }
}

const DIALECT: Dialect = Dialect {
    missing: &rules::MISSING_FIELD,
    unknown: &rules::UNKNOWN_FIELD,
    unsupported: &rules::UNKNOWN_FIELD,
    wrong_type: &rules::WRONG_TYPE,
    bad_value: &rules::BAD_VALUE,
    object: "a table",
    key: str::to_owned,
    member: |name| format!("`{name} = …`"),
};

static FILE: Table = Table { what: "a test file", fields: &["machine", "mocks", "case", "test"], later: &[] };
static TEST: Table = Table {
    what: "a test",
    fields: &["name", "machine", "input", "input-file", "mocks", "case", "mock", "expect"],
    later: &[],
};
static EXPECT: Table = Table {
    what: "what is expected",
    fields: &[
        "status",
        "output",
        "output-contains",
        "error",
        "cause",
        "cause-contains",
        "path",
        "path-contains",
        "history",
    ],
    later: &[],
};
static FRAGMENT: Table = Table {
    what: "an event that is expected",
    fields: &[
        "type",
        "state",
        "cause-contains",
        "error",
        "cause",
        "input",
        "output",
        "parameters",
        "resource",
        "resourceType",
        "name",
        "index",
        "length",
        "location",
        "timeoutInSeconds",
        "heartbeatInSeconds",
    ],
    later: &[],
};

/// What a file says for those of its tests that do not say it themselves.
struct Defaults {
    machine: Option<Spanned<Arc<str>>>,
    mocks: Option<Spanned<Arc<str>>>,
    case: Option<Spanned<Arc<str>>>,
}

pub(super) fn read(root: Node<'_>, sink: &mut Sink) -> Option<TestFile> {
    let fields = fields(root, &FILE, sink)?;
    let defaults = Defaults {
        machine: fields.text("machine", sink),
        mocks: fields.text("mocks", sink),
        case: fields.text("case", sink),
    };
    let mut names = BTreeSet::new();
    let mut tests = Vec::new();
    for node in fields.list("test", sink) {
        let Some(test) = test(node, &defaults, sink) else { continue };
        if !names.insert(Arc::clone(&test.name.value)) {
            DIALECT.bad_value(test.name.span, format!("another test is called '{}', too", test.name.value), sink);
        }
        tests.push(test);
    }
    Some(TestFile { tests })
}

fn fields<'t>(node: Node<'t>, table: &'static Table, sink: &mut Sink) -> Option<Reader<'t>> {
    Some(Reader::of(node, table, &DIALECT, sink)?.strict(sink))
}

fn test(node: Node<'_>, defaults: &Defaults, sink: &mut Sink) -> Option<Test> {
    let fields = fields(node, &TEST, sink)?;
    let name = fields.name("name", sink);
    let machine = match (&defaults.machine, fields.get("machine")) {
        (Some(machine), None) => Some(machine.clone()),
        _ => fields.name("machine", sink),
    };
    let input = input(&fields, sink);
    let mock = mock(&fields, defaults, sink);
    let expect = fields.get("expect").and_then(|node| expect(node, sink)).unwrap_or_default();
    Some(Test { name: name?, machine: machine?, input, mock, expect })
}

fn input(fields: &Reader<'_>, sink: &mut Sink) -> Input {
    let file = fields.text("input-file", sink);
    match (fields.get("input"), file) {
        (Some(node), Some(_)) => {
            DIALECT.bad_value(node.span(), "a test has 'input' or 'input-file', not both".to_owned(), sink);
            Input::Value(value(node))
        }
        (Some(node), None) => Input::Value(value(node)),
        (None, Some(path)) => Input::File(path),
        (None, None) => Input::Value(Value::empty_object()),
    }
}

fn mock(fields: &Reader<'_>, defaults: &Defaults, sink: &mut Sink) -> Mock {
    let own = fields.text("mocks", sink);
    let case = fields.text("case", sink);
    match (fields.get("mock"), own) {
        (Some(node), Some(_)) => {
            DIALECT.bad_value(node.span(), "a test has 'mock' or 'mocks', not both".to_owned(), sink);
            Mock::Nobody
        }
        (Some(node), None) => Mock::Inline(Spanned { value: value(node), span: node.span() }),
        (None, own) => match own.or_else(|| defaults.mocks.clone()) {
            Some(path) => Mock::File { path, case: case.or_else(|| defaults.case.clone()) },
            None => Mock::Nobody,
        },
    }
}

fn expect(node: Node<'_>, sink: &mut Sink) -> Option<Expect> {
    let fields = fields(node, &EXPECT, sink)?;
    let mut text = |name: &str| fields.text(name, sink).map(|text| text.value);
    let (error, cause, cause_contains) = (text("error"), text("cause"), text("cause-contains"));
    let status = fields.text("status", sink).and_then(|word| status(&word, sink));
    let history = match fields.get("history") {
        Some(_) => fields.list("history", sink),
        None => Vec::new(),
    };
    Some(Expect {
        status,
        output: fields.get("output").map(value),
        output_contains: fields.get("output-contains").map(value),
        error,
        cause,
        cause_contains,
        path: names(&fields, "path", sink),
        path_contains: names(&fields, "path-contains", sink),
        history: history.into_iter().filter_map(|node| fragment(node, sink)).collect(),
    })
}

fn names(fields: &Reader<'_>, name: &str, sink: &mut Sink) -> Option<Vec<Arc<str>>> {
    fields.get(name)?;
    Some(fields.texts(name, sink).into_iter().map(|name| name.value).collect())
}

fn status(word: &Spanned<Arc<str>>, sink: &mut Sink) -> Option<Status> {
    let found = Status::WORDS.iter().find(|(_, known)| *known == &*word.value);
    if found.is_none() {
        sink.push(unknown_status(&word.value, word.span));
    }
    found.map(|(status, _)| *status)
}

fn unknown_status(word: &str, span: Span) -> wfc_diag::Diagnostic {
    let words = Status::WORDS.map(|(_, word)| word);
    let found = wfc_diag::Diagnostic::new(&rules::BAD_VALUE, span, format!("no run ends as '{word}'"));
    suggest(found, span, nearest(word, words), |word| format!("\"{word}\""))
        .note(format!("it ends as {}", words.join(", ")))
}

fn fragment(node: Node<'_>, sink: &mut Sink) -> Option<Fragment> {
    let fields = fields(node, &FRAGMENT, sink)?;
    let mut text = |name: &str| fields.text(name, sink).map(|text| text.value);
    let details = node.members().filter(|member| !["type", "state", "cause-contains"].contains(&member.name()));
    Some(Fragment {
        kind: text("type"),
        state: text("state"),
        cause_contains: text("cause-contains"),
        details: details.map(|member| (member.name().into(), value(member.value))).collect(),
    })
}
