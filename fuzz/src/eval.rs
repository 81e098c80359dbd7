//! Laws of evaluation: the same question has the same answer, within its bounds, and the answer is a JSON value.
//!
//! An input is an expression, a line break, and the document it is evaluated on.

use std::collections::BTreeMap;

use wfc_expr::intrinsic::{self, Chance};
use wfc_expr::jsonata::{self, Answer, EvalLimits, Profile, World};
use wfc_expr::jsonpath::{self, Flavor};
use wfc_expr::{Budget, Roots, Value};

/// Operations one evaluation may take here: fewer than usual, so that no input is slow.
const OPS: u64 = 50_000;

/// Bytes one evaluation may make here.
const BYTES: u64 = 1 << 20;

/// The expression and the document.
fn parts(data: &[u8]) -> Option<(&str, Value)> {
    let (expr, document) = std::str::from_utf8(data).ok()?.rsplit_once('\n')?;
    Some((expr, Value::parse(document).ok()?))
}

/// Paths in both flavours.
pub fn jsonpath_eval(data: &[u8]) {
    let Some((text, document)) = parts(data) else { return };
    for flavor in [Flavor::Asl, Flavor::Jayway] {
        let Ok(path) = jsonpath::parse_as(text, flavor) else { continue };
        let eval = || with_roots(&document, |roots| path.eval(roots, &mut Budget::new(OPS, BYTES)));
        let found = eval();
        assert_eq!(found, eval());
        match &found {
            Ok(value) => is_json(value),
            Err(error) => assert!(!error.message.is_empty()),
        }
        if let Ok(path) = jsonpath::parse_as(&path.to_string(), flavor) {
            let again = with_roots(&document, |roots| path.eval(roots, &mut Budget::new(OPS, BYTES)));
            assert_eq!(found.ok(), again.ok(), "what is printed selects the same");
        }
    }
}

/// Intrinsic functions and payload paths.
pub fn intrinsic_eval(data: &[u8]) {
    let Some((text, document)) = parts(data) else { return };
    let Ok(payload) = intrinsic::parse_payload(text) else { return };
    let eval = || with_roots(&document, |roots| payload.eval(roots, &mut Counting(0), &mut Budget::new(OPS, BYTES)));
    let found = eval();
    assert_eq!(found, eval());
    match &found {
        Ok(value) => is_json(value),
        Err(error) => assert!(!error.message.is_empty()),
    }
}

/// JSONata in both profiles.
pub fn jsonata_eval(data: &[u8]) {
    let Some((text, document)) = parts(data) else { return };
    let limits = EvalLimits { ops: OPS, bytes: BYTES, depth: 200, sequence: 10_000 };
    for profile in [Profile::Jsonata, Profile::StepFunctions] {
        let Ok(program) = jsonata::Program::new(text, profile) else { continue };
        let eval = || {
            let mut world = World { now_millis: 1_700_000_000_123, seed: 7 };
            program.eval(Some(&document), &(), &mut world, &limits).map(|answer| (answer, world))
        };
        let found = eval();
        // An answer may hold what is no number, which equals nothing.
        assert_eq!(format!("{found:?}"), format!("{:?}", eval()));
        if let Ok((Answer::Value(value), _)) = &found {
            is_json(value);
        }
    }
}

fn with_roots<T>(document: &Value, run: impl FnOnce(&Roots<'_>) -> T) -> T {
    let vars = BTreeMap::from([("x", document.clone()), ("list", (0..3).map(Value::from).collect())]);
    run(&Roots { doc: document, context: document, vars: &vars })
}

/// What is written of a value reads back as the same, unless it nests deeper than text may.
fn is_json(value: &Value) {
    let text = value.to_json();
    assert_eq!(text.len(), value.json_len());
    if let Ok(again) = Value::parse(&text) {
        assert_eq!(&again, value, "{text}");
    } else {
        assert!(text.len() >= 1_000, "{text} is no JSON");
    }
}

/// Chance that is none.
struct Counting(u8);

impl Chance for Counting {
    fn uuid(&mut self) -> [u8; 16] {
        self.0 = self.0.wrapping_add(1);
        [self.0; 16]
    }

    fn random_f64(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(1);
        f64::from(self.0) / 256.0
    }
}
