//! The `wfc` command.

fn main() -> std::process::ExitCode {
    wfc::cmd::main()
}
