//! Results as JUnit XML: a suite for each test file.

use std::fmt::Write;
use std::time::Duration;

use wfc_report::{xml_content, xml_escape as escape};

use super::execute::{Outcome, Verdict};
use super::human;

pub(super) fn render(verdicts: &[Verdict]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += &format!("<testsuites name=\"wfc test\" {}>\n", counts(verdicts));
    for suite in verdicts.chunk_by(|one, other| one.file == other.file) {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "  <testsuite name=\"{}\" {}>", escape(&suite[0].file), counts(suite));
        suite.iter().for_each(|verdict| xml += &case(verdict));
        xml += "  </testsuite>\n";
    }
    xml + "</testsuites>\n"
}

fn counts(verdicts: &[Verdict]) -> String {
    let count = |wanted: fn(&Outcome) -> bool| verdicts.iter().filter(|verdict| wanted(&verdict.outcome)).count();
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(_)));
    let errors = count(|outcome| matches!(outcome, Outcome::Broken(_)));
    let time: Duration = verdicts.iter().map(|verdict| verdict.took).sum();
    format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{:.3}\"",
        verdicts.len(),
        time.as_secs_f64()
    )
}

fn case(verdict: &Verdict) -> String {
    let head = format!(
        "    <testcase name=\"{}\" classname=\"{1}\" file=\"{1}\" line=\"{2}\" time=\"{3:.3}\"",
        escape(&verdict.name),
        escape(&verdict.file),
        verdict.line,
        verdict.took.as_secs_f64()
    );
    match &verdict.outcome {
        Outcome::Passed => head + "/>\n",
        Outcome::Broken(why) => format!("{head}>\n      <error message=\"{}\"/>\n    </testcase>\n", escape(why)),
        Outcome::Failed(mismatches) => {
            let what: Vec<&str> = mismatches.iter().map(|one| one.what.as_str()).collect();
            let texts: Vec<String> = mismatches.iter().map(human::text).collect();
            let body = xml_content(&texts.join("\n"));
            let message = escape(&format!("not as expected: {}", what.join(", ")));
            format!("{head}>\n      <failure message=\"{message}\">{body}</failure>\n    </testcase>\n")
        }
    }
}
