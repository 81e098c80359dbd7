//! Round trip of every construct, refusals, and the schema.

use serde_json::{json, Value as Json};
use wfc_diag::{FileId, Sink};
use wfc_source::SourceFile;

use super::{from_wire, json_schema, to_wire};
use crate::{equivalent, text, Module};

fn order() -> Module {
    let file = SourceFile::new(FileId(7), "order.cir", include_str!("../text/order.cir"));
    text::parse(&file, &mut Sink::default()).unwrap()
}

#[test]
fn every_construct_survives_with_its_spans() {
    let module = order();
    let wire = to_wire(&module);
    let back = from_wire(&wire).unwrap();
    assert_eq!(equivalent(&module, &back), Ok(()));
    assert_eq!(to_wire(&back), wire);
    assert_eq!(wire["nodes"][0]["span"]["file"], 7);
}

#[test]
fn what_is_not_understood_is_refused() {
    type Change = fn(&mut Json);
    let cases: &[(Change, &str)] = &[
        (|j| j["format"] = json!("plan"), "`format` is not \"cir\": this is another kind of file"),
        (|j| j["version"] = json!(2), "version 2 is unknown; this program reads 1"),
        (|j| j["colour"] = json!(1), "unknown field `colour`"),
        (|j| j["nodes"][0]["kind"]["tool"]["speed"] = json!(1), "unknown field `speed`"),
        (|j| j["nodes"][0]["replay"] = json!("twice"), "`twice` is none of pure, idempotent, once"),
        (|j| j["entry"] = json!("nowhere"), "there is no flow \"nowhere\""),
        (|j| j["flows"][0]["body"] = json!(99), "there is no region 99"),
        (|j| j["flows"][0]["body"] = json!(1), "the region 1 is used twice"),
        (|j| j["nodes"][0]["when"]["text"] = json!("1 +"), "Pay: '+' cannot stand here"),
        (|j| j["nodes"][0]["edges"][0]["to"] = json!("x"), "there is no node \"x\""),
    ];
    for (change, expected) in cases {
        let mut wire = to_wire(&order());
        change(&mut wire);
        let error = from_wire(&wire).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn the_schema_knows_every_kind() {
    let schema = json_schema().to_string();
    for word in ["foreach", "wait_seconds", "all_must_pass", "continue_on_failure", "name_span"] {
        assert!(schema.contains(word), "{word}");
    }
}
