//! What the help of `wfc test` shows: a whole test file, and a mock file for it.

/// The end of the help; the files in it are indented by two spaces.
pub(super) const AFTER: &str = r#"A test file, orders.wfc-test.toml (the same as .json or .yaml):

  machine = "orders.asl.json"   # for tests that name none; beside this file
  mocks = "orders.mocks.toml"   # who answers the tasks, see below

  [[test]]
  name = "a paid order is shipped"
  case = "paid"                 # of the mock file; may be absent if it has one
  input = { total = 3 }         # or: input-file = "order.json"; else {}
  [test.expect]                 # what is not named here is not looked at
  status = "SUCCEEDED"          # or FAILED, TIMED_OUT, ABORTED
  output = { id = 1 }           # or a part of it: output-contains
  path = ["Charge", "Ship"]     # all states in order; some: path-contains
  history = [                   # events in order; others may be between them
    { type = "TaskFailed", state = "Ship", error = "Busy" },
    { type = "TaskSucceeded", state = "Ship" },
  ]

  [[test]]
  name = "a declined card ends the order"
  case = "declined"
  [test.expect]
  error = "CardDeclined"        # the run is to fail, then
  cause-contains = "money"      # or all of it: cause

  [[test]]
  name = "a test has answers of its own"
  machine = "other.asl.json"
  [test.mock]                   # in the place of a mock file
  Charge = { error = "Busy" }
  [test.expect]
  error = "Busy"

Its mock file, orders.mocks.toml (or .json; the MockConfigFile.json of Step
Functions Local is read, too):

  [states]                      # in all cases; a name may have `*` in it
  Charge = { result = { ok = true } }              # always the same

  [cases.paid]                  # over what is in all cases
  Ship = [                                         # call by call
    { error = "Busy", cause = "Try later.", repeat = 2 },
    { payload = { id = 1 }, after = 1.5, repeat = "last" },
  ]

  [cases.declined]
  Charge = { error = "CardDeclined", cause = "No money." }

An answer is a `result`, a `payload` (what a function returns; `lambda:invoke`
puts its envelope around it) or an `error`. Time is virtual: `after` and waits
take none.

`wfc schema test` and `wfc schema mock` are for editors."#;

#[cfg(test)]
mod tests {
    use wfc_diag::Sink;
    use wfc_driver::runtime::work::mock::Mocks;
    use wfc_driver::{testing, Limits, SourceMap};
    use wfc_source::Format;

    use super::AFTER;

    /// The lines of an example: those that are indented behind the line that begins with `title`.
    fn file(title: &str) -> String {
        let lines = AFTER.lines().skip_while(|line| !line.starts_with(title)).skip_while(|line| !line.starts_with(' '));
        let inside = lines.take_while(|line| line.is_empty() || line.starts_with(' '));
        inside.map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn the_examples_are_read() {
        let mut sink = Sink::default();
        let source = SourceMap::new().add("orders.wfc-test.toml", file("A test file"));
        let tree = wfc_source::parse(&source, Format::Toml, &Limits::default(), &mut sink);
        let tests = testing::read(&tree, &mut sink).expect("a test file").tests;
        assert!(!sink.has_errors(), "{sink:?}");
        assert_eq!(tests.len(), 3);
        for case in ["paid", "declined"] {
            Mocks::load(&file("Its mock file"), "orders.mocks.toml", "orders", Some(case)).expect("a mock file");
        }
        assert!(AFTER.lines().all(|line| line.len() <= 80));
    }
}
