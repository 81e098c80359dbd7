//! `wfc schema`: JSON Schemas for editors, generated from the types that read and write the files.

use clap::Args as ClapArgs;
use serde_json::Value;
use wfc_driver::FRONTS;

use super::test::schema;
use super::{disk, Exit, Failure};

/// Print a JSON Schema (draft 2020-12)
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Args {
    /// What the schema is for; without it the names are listed
    name: Option<String>,

    /// Write it to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

type Make = fn() -> Value;

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let known = known();
    let Some(name) = &args.name else {
        let names: String = known.iter().map(|(name, _)| format!("{name}\n")).collect();
        disk::emit(None, &names)?;
        return Ok(Exit::Ok);
    };
    let Some((_, make)) = known.iter().find(|(known, _)| known == name) else {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let failure = Failure::usage(format!("there is no schema called `{name}`"));
        return Err(failure.help(format!("schemas: {}", names.join(", "))));
    };
    let text = serde_json::to_string_pretty(&make()).map_err(|error| Failure::io(error.to_string()))?;
    disk::emit(args.output.as_deref(), &format!("{text}\n"))?;
    Ok(Exit::Ok)
}

fn known() -> Vec<(&'static str, Make)> {
    let fronts = FRONTS.iter().filter_map(|front| Some((front.name, front.schema?)));
    let own: [(&'static str, Make); 5] = [
        ("cir", wfc_cir::wire::json_schema),
        ("config", wfc_driver::config::Config::json_schema),
        ("diagnostics", || wfc_report::json_schema().to_value()),
        ("mock", schema::mock_file),
        ("test", schema::test_file),
    ];
    fronts.chain(own).collect()
}
