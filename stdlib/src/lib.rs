//! Policies, actions and flows shipped as text in the project's own formats.
//!
//! Nothing here is code: the files are ordinary inputs, embedded so that the one binary can write them out.

/// Small programs to start from, one in each format: file name and text.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("hello.asl.json", include_str!("../examples/hello.asl.json")),
    ("hello.workflow.toml", include_str!("../examples/hello.workflow.toml")),
    ("hello.harness.json", include_str!("../examples/hello.harness.json")),
];

/// The text of the example of that file name.
pub fn example(name: &str) -> Option<&'static str> {
    EXAMPLES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_found_by_name() {
        for (name, text) in EXAMPLES {
            assert_eq!(example(name), Some(*text));
            assert!(text.ends_with("}\n") || text.ends_with("\"\n") || text.ends_with("]\n"), "{name}");
        }
        assert_eq!(example("hello"), None);
    }
}
