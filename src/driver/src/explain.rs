//! All rules by name, with their pages.

use wfc_diag::Rule;

/// Every rule of every stage, sorted by name.
pub fn all_rules() -> Vec<&'static Rule> {
    let stages: [&[&'static Rule]; 5] =
        [wfc_source::rules::ALL, wfc_expr::rules::ALL, wfc_cir::rules::ALL, wfc_validate::RULES, crate::rules::ALL];
    #[cfg(feature = "run")]
    let stages = stages.into_iter().chain([wfc_to_plan::rules::ALL, crate::testing::rules::ALL]);
    #[cfg(not(feature = "run"))]
    let stages = stages.into_iter();
    let fronts = crate::FRONTS.iter().map(|front| front.rules);
    let mut rules: Vec<_> = stages.chain(fronts).flatten().copied().collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The rule called `name`.
pub fn rule(name: &str) -> Option<&'static Rule> {
    all_rules().into_iter().find(|rule| rule.name == name)
}

/// The rule whose name is most like `name`, if one is like it at all.
pub fn nearest_rule(name: &str) -> Option<&'static str> {
    wfc_expr::nearest::nearest(name, all_rules().into_iter().map(|rule| rule.name))
}
