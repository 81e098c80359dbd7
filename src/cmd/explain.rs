//! `wfc explain`: the page of a rule.

use clap::Args as ClapArgs;
use wfc_diag::{Rule, Scope};
use wfc_driver::explain;

use super::{terminal, Exit, Failure};

/// Explain a rule: what it means, why it matters, what to write instead
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// The name of the rule, as it stands in brackets in a finding
    #[arg(required_unless_present = "list")]
    name: Option<String>,

    /// List all rules
    #[arg(long)]
    list: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if args.list {
        terminal::print(&list());
        return Ok(Exit::Ok);
    }
    let name = args.name.as_deref().unwrap_or_default();
    let Some(rule) = explain::rule(name) else {
        let failure = Failure::usage(format!("there is no rule called `{name}`"));
        return Err(match explain::nearest_rule(name) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`wfc explain --list` prints all names"),
        });
    };
    terminal::print(&format!("{}\n\n({})\n", rule.page.trim_end(), facts(rule)));
    Ok(Exit::Ok)
}

fn facts(rule: &Rule) -> String {
    let stops = if rule.blocking { ", stops `run`" } else { "" };
    format!("{}{stops}; {}", rule.severity.word(), scope(rule))
}

fn scope(rule: &Rule) -> String {
    match rule.scope {
        Scope::Syntax => "text of any language".to_owned(),
        Scope::Any => "every language".to_owned(),
        Scope::Dialect(name) => name.to_owned(),
        Scope::Tool => "wfc itself".to_owned(),
    }
}

fn list() -> String {
    let rules = explain::all_rules();
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&Rule| format!("{:width$}  {:7}  {}\n", rule.name, rule.severity.word(), rule.summary);
    rules.iter().map(line).collect()
}
