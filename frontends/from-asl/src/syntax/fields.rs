//! The tables of fields.

use wfc_cir::{CompareOp, TypeTest};

use super::{FieldSet, In, Kinds, Shape, Spec, StateKind};

/// A query language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// JSONPath, with intrinsic functions.
    #[default]
    JsonPath,
    /// JSONata.
    Jsonata,
}

impl Language {
    /// As it is written in a file.
    pub fn name(self) -> &'static str {
        match self {
            Language::JsonPath => "JSONPath",
            Language::Jsonata => "JSONata",
        }
    }

    /// The other one.
    pub fn other(self) -> Language {
        match self {
            Language::JsonPath => Language::Jsonata,
            Language::Jsonata => Language::JsonPath,
        }
    }

    /// The language called `name`.
    pub fn of(name: &str) -> Option<Language> {
        match name {
            "JSONPath" => Some(Language::JsonPath),
            "JSONata" => Some(Language::Jsonata),
            _ => None,
        }
    }
}

const FLOW: Kinds =
    Kinds::of(&[StateKind::Task, StateKind::Wait, StateKind::Pass, StateKind::Parallel, StateKind::Map]);
const FLOW_AND_CHOICE: Kinds = Kinds::ALL.except(Kinds::of(&[StateKind::Succeed, StateKind::Fail]));
const NOT_FAIL: Kinds = Kinds::ALL.except(Kinds::of(&[StateKind::Fail]));
const WORK: Kinds = Kinds::of(&[StateKind::Task, StateKind::Parallel, StateKind::Map]);
const WORK_AND_PASS: Kinds = Kinds::of(&[StateKind::Task, StateKind::Parallel, StateKind::Map, StateKind::Pass]);
const TASK: Kinds = Kinds::of(&[StateKind::Task]);
const TASK_AND_PARALLEL: Kinds = Kinds::of(&[StateKind::Task, StateKind::Parallel]);
const PASS: Kinds = Kinds::of(&[StateKind::Pass]);
const CHOICE: Kinds = Kinds::of(&[StateKind::Choice]);
const WAIT: Kinds = Kinds::of(&[StateKind::Wait]);
const FAIL: Kinds = Kinds::of(&[StateKind::Fail]);
const PARALLEL: Kinds = Kinds::of(&[StateKind::Parallel]);
const MAP: Kinds = Kinds::of(&[StateKind::Map]);
const ALL: Kinds = Kinds::ALL;

/// Seconds that timeouts, heartbeats and intervals may have.
const MAX_SECONDS: i64 = 99_999_999;
/// The longest wait: the service counts it in 31 bits.
const MAX_WAIT: i64 = i32::MAX as i64;
const MAX: i64 = i64::MAX;

const LANGUAGES: &[&str] = &["JSONPath", "JSONata"];

macro_rules! fields {
    (
        $(#[$doc:meta])*
        $name:ident $what:literal {
            $($field:ident = $text:literal, $languages:ident, $kinds:ident, $shape:expr, $field_doc:literal;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = $field_doc] $field),*
        }

        impl FieldSet for $name {
            const WHAT: &'static str = $what;
            const SPECS: &'static [Spec] = &[
                $(Spec { name: $text, languages: In::$languages, kinds: $kinds, shape: $shape, doc: $field_doc }),*
            ];

            fn of(name: &str) -> Option<Self> {
                match name {
                    $($text => Some($name::$field),)*
                    _ => None,
                }
            }

            fn index(self) -> usize {
                self as usize
            }
        }
    };
}

fields! {
    /// The fields of a state machine, of a branch and of the machine of a `Map`.
    MachineField "a state machine" {
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
        StartAt = "StartAt", Both, ALL, Shape::StateName, "The state that runs first.";
        States = "States", Both, ALL, Shape::Object, "The states, by name.";
        QueryLanguage = "QueryLanguage", Both, ALL, Shape::Word(LANGUAGES),
            "The query language of states that do not name their own.";
        Version = "Version", Both, ALL, Shape::Text, "The version of the language; only 1.0 exists.";
        TimeoutSeconds = "TimeoutSeconds", Both, ALL, Shape::Whole(1, MAX_SECONDS),
            "Seconds the whole execution may take.";
        ProcessorConfig = "ProcessorConfig", Both, ALL, Shape::Object,
            "Whether the items of a Map run inside this execution or as executions of their own.";
    }
}

fields! {
    /// The fields of states.
    Field "a state" {
        Type = "Type", Both, ALL, Shape::Text, "What kind of state it is.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
        QueryLanguage = "QueryLanguage", Both, ALL, Shape::Word(LANGUAGES), "The query language of this state.";
        Next = "Next", Both, FLOW, Shape::StateName, "The state that runs next.";
        End = "End", Both, FLOW, Shape::Bool, "Whether the machine ends after this state.";
        InputPath = "InputPath", JsonPath, NOT_FAIL, Shape::PathOrNull, "Selects the part of the input that is used.";
        OutputPath = "OutputPath", JsonPath, NOT_FAIL, Shape::PathOrNull,
            "Selects the part of the output that is passed on.";
        Parameters = "Parameters", JsonPath, WORK_AND_PASS, Shape::Template, "What the work is given.";
        ResultSelector = "ResultSelector", JsonPath, WORK, Shape::Template, "What is made of the result of the work.";
        ResultPath = "ResultPath", JsonPath, WORK_AND_PASS, Shape::ReferencePathOrNull,
            "Where in the input the result is put.";
        Arguments = "Arguments", Jsonata, TASK_AND_PARALLEL, Shape::Any, "What the work is given.";
        Output = "Output", Jsonata, NOT_FAIL, Shape::Any, "What is passed on.";
        Assign = "Assign", Both, FLOW_AND_CHOICE, Shape::Template, "Variables that are set, by name.";
        Result = "Result", JsonPath, PASS, Shape::Any, "The result, as it stands.";
        Resource = "Resource", Both, TASK, Shape::Text, "The ARN of what does the work.";
        Retry = "Retry", Both, WORK, Shape::Objects, "When the work is tried again; the first match counts.";
        Catch = "Catch", Both, WORK, Shape::Objects, "Where errors lead; the first match counts.";
        TimeoutSeconds = "TimeoutSeconds", Both, TASK, Shape::WholeOrExpression(1, MAX_SECONDS),
            "Seconds one attempt may take.";
        TimeoutSecondsPath = "TimeoutSecondsPath", JsonPath, TASK, Shape::Path,
            "Where the seconds one attempt may take are found.";
        HeartbeatSeconds = "HeartbeatSeconds", Both, TASK, Shape::WholeOrExpression(1, MAX_SECONDS),
            "Seconds between two signs of life.";
        HeartbeatSecondsPath = "HeartbeatSecondsPath", JsonPath, TASK, Shape::Path,
            "Where the seconds between two signs of life are found.";
        Credentials = "Credentials", Both, TASK, Shape::Object, "On whose behalf the work is done.";
        Choices = "Choices", Both, CHOICE, Shape::Objects, "The rules; the first that holds counts.";
        Default = "Default", Both, CHOICE, Shape::StateName, "The state that runs when no rule holds.";
        Seconds = "Seconds", Both, WAIT, Shape::WholeOrExpression(0, MAX_WAIT), "How many seconds to wait.";
        SecondsPath = "SecondsPath", JsonPath, WAIT, Shape::Path, "Where the seconds to wait are found.";
        Timestamp = "Timestamp", Both, WAIT, Shape::Timestamp, "The instant to wait for.";
        TimestampPath = "TimestampPath", JsonPath, WAIT, Shape::Path, "Where the instant to wait for is found.";
        Error = "Error", Both, FAIL, Shape::TextOrExpression, "The name of the error.";
        ErrorPath = "ErrorPath", JsonPath, FAIL, Shape::PathOrCall, "Where the name of the error is found.";
        Cause = "Cause", Both, FAIL, Shape::TextOrExpression, "The cause of the error.";
        CausePath = "CausePath", JsonPath, FAIL, Shape::PathOrCall, "Where the cause of the error is found.";
        Branches = "Branches", Both, PARALLEL, Shape::Objects, "State machines that run at the same time.";
        ItemProcessor = "ItemProcessor", Both, MAP, Shape::Object, "The state machine that runs for each item.";
        Iterator = "Iterator", Both, MAP, Shape::Object, "The older name of ItemProcessor.";
        ItemsPath = "ItemsPath", JsonPath, MAP, Shape::Path, "Where the items are found.";
        Items = "Items", Jsonata, MAP, Shape::Items, "The items.";
        ItemSelector = "ItemSelector", Both, MAP, Shape::Payload, "What each item's machine is given.";
        MaxConcurrency = "MaxConcurrency", Both, MAP, Shape::WholeOrExpression(0, MAX),
            "How many items run at the same time; 0 for any number.";
        MaxConcurrencyPath = "MaxConcurrencyPath", JsonPath, MAP, Shape::Path,
            "Where the number of items that run at the same time is found.";
        ItemReader = "ItemReader", Both, MAP, Shape::Object, "Where items are read from.";
        ItemBatcher = "ItemBatcher", Both, MAP, Shape::Object, "How items are grouped.";
        ResultWriter = "ResultWriter", Both, MAP, Shape::Object, "Where results are written.";
        Label = "Label", Both, MAP, Shape::Text, "A name for the child executions.";
        ToleratedFailureCount = "ToleratedFailureCount", Both, MAP, Shape::WholeOrExpression(0, MAX),
            "How many items may fail.";
        ToleratedFailureCountPath = "ToleratedFailureCountPath", JsonPath, MAP, Shape::Path,
            "Where the number of items that may fail is found.";
        ToleratedFailurePercentage = "ToleratedFailurePercentage", Both, MAP, Shape::NumberOrExpression(0.0, 100.0),
            "How many items of a hundred may fail.";
        ToleratedFailurePercentagePath = "ToleratedFailurePercentagePath", JsonPath, MAP, Shape::Path,
            "Where the percentage of items that may fail is found.";
    }
}

fields! {
    /// The fields of an element of `Retry`.
    Retrier "a retrier" {
        ErrorEquals = "ErrorEquals", Both, ALL, Shape::Texts, "The names of the errors it is for.";
        IntervalSeconds = "IntervalSeconds", Both, ALL, Shape::Whole(1, MAX_SECONDS),
            "Seconds before the first retry; 1 if absent.";
        MaxAttempts = "MaxAttempts", Both, ALL, Shape::Whole(0, MAX_SECONDS),
            "How often the work is tried again; 3 if absent.";
        BackoffRate = "BackoffRate", Both, ALL, Shape::Number(1.0),
            "What each further wait is multiplied by; 2 if absent.";
        MaxDelaySeconds = "MaxDelaySeconds", Both, ALL, Shape::Whole(1, 31_622_400), "The longest wait in seconds.";
        JitterStrategy = "JitterStrategy", Both, ALL, Shape::Word(&["FULL", "NONE"]),
            "Whether waits are shortened at random.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of an element of `Catch`.
    Catcher "a catcher" {
        ErrorEquals = "ErrorEquals", Both, ALL, Shape::Texts, "The names of the errors it is for.";
        Next = "Next", Both, ALL, Shape::StateName, "The state that runs next.";
        ResultPath = "ResultPath", JsonPath, ALL, Shape::ReferencePathOrNull, "Where in the input the error is put.";
        Output = "Output", Jsonata, ALL, Shape::Any, "What is passed on.";
        Assign = "Assign", Both, ALL, Shape::Template, "Variables that are set, by name.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of an element of `ItemReader`.
    ReaderField "an item reader" {
        Resource = "Resource", Both, ALL, Shape::Text, "The ARN of the service that reads.";
        Parameters = "Parameters", JsonPath, ALL, Shape::Template, "What the service is given.";
        Arguments = "Arguments", Jsonata, ALL, Shape::Any, "What the service is given.";
        ReaderConfig = "ReaderConfig", Both, ALL, Shape::Object, "How the data are read.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `ReaderConfig`.
    ReaderConfigField "a reader configuration" {
        InputType = "InputType", Both, ALL, Shape::Word(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]),
            "The format of the data.";
        CSVHeaderLocation = "CSVHeaderLocation", Both, ALL, Shape::Word(&["FIRST_ROW", "GIVEN"]),
            "Where the names of the columns are.";
        CSVHeaders = "CSVHeaders", Both, ALL, Shape::Items, "The names of the columns.";
        CSVDelimiter = "CSVDelimiter", Both, ALL,
            Shape::Word(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]), "What separates columns.";
        MaxItems = "MaxItems", Both, ALL, Shape::WholeOrExpression(0, MAX), "How many items are read at most.";
        MaxItemsPath = "MaxItemsPath", JsonPath, ALL, Shape::Path,
            "Where the number of items to read at most is found.";
        Transformation = "Transformation", Both, ALL, Shape::Word(&["NONE", "LOAD_AND_FLATTEN"]),
            "Whether listed objects are read and flattened.";
        ManifestType = "ManifestType", Both, ALL, Shape::Word(&["ATHENA_DATA", "S3_INVENTORY"]),
            "The kind of manifest.";
        ItemsPointer = "ItemsPointer", Both, ALL, Shape::TextOrExpression,
            "A JSON pointer to the array inside the file.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `ItemBatcher`.
    BatchField "an item batcher" {
        MaxItemsPerBatch = "MaxItemsPerBatch", Both, ALL, Shape::WholeOrExpression(1, MAX), "Items in a batch.";
        MaxItemsPerBatchPath = "MaxItemsPerBatchPath", JsonPath, ALL, Shape::Path,
            "Where the number of items in a batch is found.";
        MaxInputBytesPerBatch = "MaxInputBytesPerBatch", Both, ALL, Shape::WholeOrExpression(1, MAX),
            "Bytes of a batch.";
        MaxInputBytesPerBatchPath = "MaxInputBytesPerBatchPath", JsonPath, ALL, Shape::Path,
            "Where the number of bytes of a batch is found.";
        BatchInput = "BatchInput", Both, ALL, Shape::Payload, "A value that every batch gets.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `ResultWriter`.
    WriterField "a result writer" {
        Resource = "Resource", Both, ALL, Shape::Text, "The ARN of the service that writes.";
        Parameters = "Parameters", JsonPath, ALL, Shape::Template, "What the service is given.";
        Arguments = "Arguments", Jsonata, ALL, Shape::Any, "What the service is given.";
        WriterConfig = "WriterConfig", Both, ALL, Shape::Object, "How the data are written.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `WriterConfig`.
    WriterConfigField "a writer configuration" {
        Transformation = "Transformation", Both, ALL, Shape::Word(&["NONE", "COMPACT", "FLATTEN"]),
            "What is written of each result.";
        OutputType = "OutputType", Both, ALL, Shape::Word(&["JSON", "JSONL"]), "The format of the files.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `ProcessorConfig`.
    ProcessorField "a processor configuration" {
        Mode = "Mode", Both, ALL, Shape::Word(&["INLINE", "DISTRIBUTED"]),
            "Whether items run inside this execution or as executions of their own.";
        ExecutionType = "ExecutionType", Both, ALL, Shape::Word(&["STANDARD", "EXPRESS"]),
            "The kind of the child executions.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

fields! {
    /// The fields of `Credentials`.
    CredentialField "credentials" {
        RoleArn = "RoleArn", Both, ALL, Shape::TextOrExpression, "The role that is assumed.";
        RoleArnPath = "RoleArn.$", JsonPath, ALL, Shape::PathOrCall, "Where the role that is assumed is found.";
        Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
    }
}

macro_rules! test {
    (Value $op:ident) => {
        Test::Compare(CompareOp::$op, Operand::Value)
    };
    (Path $op:ident) => {
        Test::Compare(CompareOp::$op, Operand::Path)
    };
    (Is $kind:ident) => {
        Test::Is(TypeTest::$kind)
    };
}

macro_rules! rule_fields {
    ($($field:ident = $text:literal, $shape:ident, $how:ident($what:ident), $field_doc:literal;)*) => {
        fields! {
            /// The fields of a choice rule.
            RuleField "a choice rule" {
                Comment = "Comment", Both, ALL, Shape::Text, "What the author says about it.";
                Next = "Next", Both, ALL, Shape::StateName, "The state that runs next.";
                Assign = "Assign", Both, ALL, Shape::Template, "Variables that are set, by name.";
                Output = "Output", Jsonata, ALL, Shape::Any, "What is passed on.";
                Condition = "Condition", Jsonata, ALL, Shape::BoolOrExpression, "Whether the rule holds.";
                Variable = "Variable", JsonPath, ALL, Shape::Path, "What is looked at.";
                And = "And", JsonPath, ALL, Shape::Objects, "Holds if all of them hold.";
                Or = "Or", JsonPath, ALL, Shape::Objects, "Holds if one of them holds.";
                Not = "Not", JsonPath, ALL, Shape::Object, "Holds if it does not hold.";
                $($field = $text, JsonPath, ALL, Shape::$shape, $field_doc;)*
            }
        }

        impl RuleField {
            /// The test the field stands for, if it is an operator.
            pub fn test(self) -> Option<Test> {
                match self {
                    $(RuleField::$field => Some(test!($how $what)),)*
                    _ => None,
                }
            }
        }
    };
}

/// What an operator of a choice rule tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// A comparison.
    Compare(CompareOp, Operand),
    /// A question about the type.
    Is(TypeTest),
}

/// Where the right side of a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// It stands in the rule.
    Value,
    /// The rule has a path to it.
    Path,
}

rule_fields! {
    BooleanEquals = "BooleanEquals", Bool, Value(BooleanEquals), "The boolean equals this.";
    BooleanEqualsPath = "BooleanEqualsPath", Path, Path(BooleanEquals), "The boolean equals what is found here.";
    NumericEquals = "NumericEquals", AnyNumber, Value(NumericEquals), "The number equals this.";
    NumericEqualsPath = "NumericEqualsPath", Path, Path(NumericEquals), "The number equals what is found here.";
    NumericLessThan = "NumericLessThan", AnyNumber, Value(NumericLess), "The number is less than this.";
    NumericLessThanPath = "NumericLessThanPath", Path, Path(NumericLess), "The number is less than what is found here.";
    NumericGreaterThan = "NumericGreaterThan", AnyNumber, Value(NumericGreater), "The number is greater than this.";
    NumericGreaterThanPath = "NumericGreaterThanPath", Path, Path(NumericGreater),
        "The number is greater than what is found here.";
    NumericLessThanEquals = "NumericLessThanEquals", AnyNumber, Value(NumericLessEquals), "The number is at most this.";
    NumericLessThanEqualsPath = "NumericLessThanEqualsPath", Path, Path(NumericLessEquals),
        "The number is at most what is found here.";
    NumericGreaterThanEquals = "NumericGreaterThanEquals", AnyNumber, Value(NumericGreaterEquals),
        "The number is at least this.";
    NumericGreaterThanEqualsPath = "NumericGreaterThanEqualsPath", Path, Path(NumericGreaterEquals),
        "The number is at least what is found here.";
    StringEquals = "StringEquals", Text, Value(StringEquals), "The string equals this.";
    StringEqualsPath = "StringEqualsPath", Path, Path(StringEquals), "The string equals what is found here.";
    StringLessThan = "StringLessThan", Text, Value(StringLess), "The string is less than this.";
    StringLessThanPath = "StringLessThanPath", Path, Path(StringLess), "The string is less than what is found here.";
    StringGreaterThan = "StringGreaterThan", Text, Value(StringGreater), "The string is greater than this.";
    StringGreaterThanPath = "StringGreaterThanPath", Path, Path(StringGreater),
        "The string is greater than what is found here.";
    StringLessThanEquals = "StringLessThanEquals", Text, Value(StringLessEquals), "The string is at most this.";
    StringLessThanEqualsPath = "StringLessThanEqualsPath", Path, Path(StringLessEquals),
        "The string is at most what is found here.";
    StringGreaterThanEquals = "StringGreaterThanEquals", Text, Value(StringGreaterEquals),
        "The string is at least this.";
    StringGreaterThanEqualsPath = "StringGreaterThanEqualsPath", Path, Path(StringGreaterEquals),
        "The string is at least what is found here.";
    StringMatches = "StringMatches", Text, Value(StringMatches), "The string has this form; `*` stands for any text.";
    TimestampEquals = "TimestampEquals", Text, Value(TimestampEquals), "The instant equals this.";
    TimestampEqualsPath = "TimestampEqualsPath", Path, Path(TimestampEquals), "The instant equals what is found here.";
    TimestampLessThan = "TimestampLessThan", Text, Value(TimestampLess), "The instant is less than this.";
    TimestampLessThanPath = "TimestampLessThanPath", Path, Path(TimestampLess),
        "The instant is less than what is found here.";
    TimestampGreaterThan = "TimestampGreaterThan", Text, Value(TimestampGreater), "The instant is greater than this.";
    TimestampGreaterThanPath = "TimestampGreaterThanPath", Path, Path(TimestampGreater),
        "The instant is greater than what is found here.";
    TimestampLessThanEquals = "TimestampLessThanEquals", Text, Value(TimestampLessEquals),
        "The instant is at most this.";
    TimestampLessThanEqualsPath = "TimestampLessThanEqualsPath", Path, Path(TimestampLessEquals),
        "The instant is at most what is found here.";
    TimestampGreaterThanEquals = "TimestampGreaterThanEquals", Text, Value(TimestampGreaterEquals),
        "The instant is at least this.";
    TimestampGreaterThanEqualsPath = "TimestampGreaterThanEqualsPath", Path, Path(TimestampGreaterEquals),
        "The instant is at least what is found here.";
    IsPresent = "IsPresent", Bool, Is(Present), "Whether the value is there.";
    IsNull = "IsNull", Bool, Is(Null), "Whether the value is null.";
    IsBoolean = "IsBoolean", Bool, Is(Boolean), "Whether the value is a boolean.";
    IsNumeric = "IsNumeric", Bool, Is(Numeric), "Whether the value is a number.";
    IsString = "IsString", Bool, Is(String), "Whether the value is a string.";
    IsTimestamp = "IsTimestamp", Bool, Is(Timestamp), "Whether the value is an instant.";
}
