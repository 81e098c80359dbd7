//! Every test of the whole, found on disk and named by its path.
//!
//! `cargo test -p wfc-tests --test all -- PART` runs those whose name holds PART; `INSTA_UPDATE=always` writes the
//! snapshots anew.

mod cli;
mod conformance;
mod corpus;
mod diagnostics;
mod faults;
mod hostile;
mod laws;
mod layering;
mod layout;
mod pages;
mod rules;
mod schema;
mod support;

fn main() {
    let parts = [
        conformance::trials(),
        corpus::trials(),
        diagnostics::trials(),
        faults::trials(),
        pages::trials(),
        rules::trials(),
        schema::trials(),
        hostile::trials(),
        layering::trials(),
        layout::trials(),
        laws::trials(),
        cli::trials(),
    ];
    let trials = parts.into_iter().flatten().collect();
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), trials).exit();
}
