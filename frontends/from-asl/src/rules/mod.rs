//! The kinds of problem a definition can have before anything runs: one file each, its page beside it.

/// Declares the rule of a file; its page is the Markdown file of that name.
macro_rules! rule {
    ($name:literal, $severity:ident, blocking = $blocking:literal, $summary:literal) => {
        /// The rule this file is about.
        pub(crate) const RULE: wfc_diag::Rule = wfc_diag::Rule {
            name: $name,
            severity: wfc_diag::Severity::$severity,
            blocking: $blocking,
            scope: wfc_diag::Scope::Dialect("asl"),
            summary: $summary,
            page: include_str!(concat!($name, ".md")),
        };
    };
}

macro_rules! rules {
    ($($module:ident)*) => {
        $(pub(crate) mod $module;)*

        /// All of them.
        pub(crate) const ALL: &[&wfc_diag::Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    asl_in_template
    bad_label
    bad_payload_value
    bad_resource
    bad_timestamp
    bad_variable_name
    catch_all_not_last
    choose_one
    duplicate_label
    duplicate_state
    field_not_here
    heartbeat_not_shorter
    jsonpath_inside_jsonata
    missing_field
    next_in_nested_condition
    no_end
    no_way_out
    not_a_state_machine
    not_evaluated
    not_for_express
    not_in_this_query_language
    nothing_inside
    number_out_of_range
    state_name_too_long
    two_ways_out
    unknown_field
    unknown_integration
    unknown_state
    unknown_state_type
    unknown_value
    unquoted_word
    way_out_not_allowed
    wrong_type
}

#[cfg(test)]
mod tests {
    use wfc_cir::LowerOptions;
    use wfc_diag::Rule;

    use crate::tests::lower;

    /// The names of the rules that speak about the fenced text of a section, or `None` if it has no such text.
    fn found(rule: &Rule, section: &str) -> Option<Vec<&'static str>> {
        let text = rule.page.split_once(&format!("\n## {section}\n"))?.1.split("\n## ").next()?;
        let text = text.split_once("```json\n")?.1.split_once("```")?.0;
        Some(lower(text, &LowerOptions::default()).1.iter().map(|diagnostic| diagnostic.rule.name).collect())
    }

    #[test]
    fn pages_show_the_problem_and_the_way_out() {
        for rule in super::ALL {
            let (bad, good) = (found(rule, "Example"), found(rule, "Instead"));
            assert!(bad.is_none_or(|bad| bad == [rule.name]), "{}: {:?}", rule.name, found(rule, "Example"));
            assert_eq!(good, Some(vec![]), "{}", rule.name);
        }
    }
}
