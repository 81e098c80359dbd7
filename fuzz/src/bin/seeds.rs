//! Writes the texts that each fuzz target starts from: what recorded cases hold, where there are any.
//!
//! Usage: `seeds CORPUS FOLDER…`. The cases belong to others, so the corpora stay out of the repository.
#![allow(clippy::disallowed_methods)] // A tool of developers: it reads and writes folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use wfc_cir::{LowerInput, LowerOptions};
use wfc_diag::Sink;
use wfc_source::{parse, Format, Limits, SourceMap};

/// What a target reads at most; longer seeds would be cut.
const MAX_LEN: usize = 4096;

/// Texts by the name of the target.
#[derive(Default)]
struct Seeds(BTreeMap<&'static str, BTreeSet<String>>);

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let corpus = args.next().expect("usage: seeds CORPUS FOLDER…");
    let mut seeds = Seeds::default();
    OWN.iter().for_each(|(target, text)| seeds.add(target, text));
    wfc_fuzz::states().iter().for_each(|state| seeds.add("run_state", state));
    wfc_fuzz::plans().iter().for_each(|plan| seeds.add("plan", plan));
    args.for_each(|folder| seeds.folder(Path::new(&folder)));
    seeds.write(Path::new(&corpus))
}

impl Seeds {
    fn add(&mut self, target: &'static str, text: &str) {
        if text.len() <= MAX_LEN {
            self.0.entry(target).or_default().insert(text.to_owned());
        }
    }

    fn folder(&mut self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                self.folder(&path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                self.file(path.extension().and_then(|extension| extension.to_str()).unwrap_or(""), &text);
            }
        }
    }

    fn file(&mut self, extension: &str, text: &str) {
        match extension {
            "json" | "jsonl" => {
                self.add("json", text);
                let values = serde_json::Deserializer::from_str(text).into_iter::<Json>();
                values.map_while(Result::ok).for_each(|json| self.value("", &json));
            }
            "yaml" | "yml" => self.add("yaml", text),
            "toml" => self.add("toml", text),
            _ => {}
        }
    }

    /// Everything inside a value that some target reads.
    fn value(&mut self, key: &str, value: &Json) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.value(key, item)),
            Json::Object(members) => {
                if members.contains_key("StartAt") && members.contains_key("States") {
                    self.machine(&value.to_string());
                }
                members.iter().for_each(|(key, member)| self.value(key, member));
            }
            Json::String(text) => self.text(key, text),
            _ => {}
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        if let Some(inner) = text.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")) {
            self.expression("jsonata", inner);
        } else if text.starts_with("States.") {
            self.expression("intrinsic", text);
        } else if text.starts_with('{') && text.contains("StartAt") {
            serde_json::from_str(text).into_iter().for_each(|inner: Json| self.value(key, &inner));
        } else if matches!(key, "path" | "selector") || text.starts_with('$') {
            self.expression("jsonpath", text);
            self.expression("intrinsic", text);
        }
        match key {
            "expr" => self.expression("jsonata", text),
            "condition" | "when" => self.add("cond", text),
            _ => {}
        }
    }

    /// An expression for those who read it, and with a document for those who evaluate it.
    fn expression(&mut self, target: &'static str, text: &str) {
        self.add(target, text);
        let evaluating = match target {
            "jsonata" => "jsonata_eval",
            "jsonpath" => "jsonpath_eval",
            _ => "intrinsic_eval",
        };
        self.add(evaluating, &format!("{text}\n{DOCUMENT}"));
    }

    fn machine(&mut self, text: &str) {
        self.add("asl", text);
        self.add("json", text);
        let (mut sink, options) = (Sink::default(), LowerOptions::default());
        let file = SourceMap::new().add("seed.asl.json", text);
        let tree = parse(&file, Format::Json, &Limits::default(), &mut sink);
        let input = LowerInput { path: "seed.asl.json", tree: &tree, options: &options };
        if let Some(module) = (wfc_from_asl::FRONT.lower)(&input, &mut sink) {
            self.add("cir", &wfc_cir::text::print(&module));
        }
    }

    fn write(&self, corpus: &Path) -> std::io::Result<()> {
        for (target, texts) in &self.0 {
            let folder = corpus.join(target);
            fs::create_dir_all(&folder)?;
            for (index, text) in texts.iter().enumerate() {
                fs::write(folder.join(format!("seed-{index:05}")), text)?;
            }
        }
        Ok(())
    }
}

/// A document in which many paths find something.
const DOCUMENT: &str = r#"{"a":{"b":1,"c":[1,2.5,"x",null,true]},"list":[3,1,2],"items":[{"id":1,"price":8.95,"tags":["s"]},{"id":2,"price":12}],"name":"text","store":{"book":[{"title":"t","price":5}]}}"#;

/// Something of each language, for when nothing else is there.
const OWN: &[(&str, &str)] = &[
    ("json", r#"{"a": [1, -2.5e3, true, null, "x\n\ud83d\ude00"], "b": {}}"#),
    ("yaml", "base: &b {x: 1}\nmore:\n  <<: *b\n  list:\n  - one\n  - *b\n  text: |-\n    two\n    lines\n"),
    ("yaml", "a: !Sub 'x${y}'\nb: >+\n  folded\n\n  text\n? c\n: \"esc\\u00e9\\x41\"\n"),
    ("toml", "[workflow]\nid = \"w\"\n\n[[steps]]\nid = 'a'\nrun = \"\"\"\necho\n\"\"\"\nretry = { max = 1, at = 1979-05-27T07:32:00Z }\n"),
    ("toml", "a.b.c = 1\n[a.d]\ne = [1, 0x1f, 1e3, nan, true]\n[[x.y]]\n\"q\".'r' = 07:32:00.5\n"),
    ("asl", r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Retry":[{"ErrorEquals":["States.ALL"]}],"Next":"B"},"B":{"Type":"Succeed"}}}"#),
    ("asl", "StartAt: A\nQueryLanguage: JSONata\nStates:\n  A:\n    Type: Choice\n    Choices:\n    - Condition: '{% $states.input.x > 1 %}'\n      Next: B\n    Default: B\n  B: {Type: Fail}\n"),
    ("jsonpath", "$.a[?(@.b == 1 && !(@.c in ['x','y']))]..d['e','f'][0:2].length()"),
    ("jsonpath", "$$.Map.Item.Value"),
    ("intrinsic", r"States.Format('{} \{\} {}', $.a, States.ArrayLength($$.x[*]))"),
    ("jsonata", "$sum(items[price > 1]^(>price).{'a': price, 'b': $states.input.x}) ~> function($v) { $v + 1 }"),
    ("jsonata", "($x := |a|{'b': 1}, ['c']|; $x@$v.%#$i[]; a ? b : c ?: d ?? /r\\/e/i)"),
    ("cond", "!outputs.run-tests.passed"),
    ("jsonpath_eval", "$..book[?(@.price < 10)]['title','price']\n{\"book\":[{\"title\":\"t\",\"price\":5}]}"),
    ("intrinsic_eval", "States.ArrayRange(1, $.a, States.MathAdd($.b, 1))\n{\"a\":9,\"b\":1}"),
    ("jsonata_eval", "$reduce(list, function($a, $b) { $a + $b }) & $string(a.c[0..1])\n{\"list\":[1,2],\"a\":{\"c\":[1,2]}}"),
    ("csv", "2a,b\r\n1,\"x \"\"y\"\"\n\"\r\n\n , \r\n"),
    ("csv", "3\"1\" ,2,3\n\"\""),
];
