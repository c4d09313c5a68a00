//! What maintainers run: `cargo xtask bench CORPUS`.

mod bench;

use clap::Parser;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "xtask")]
enum Task {
    /// Measure every pass over a directory of rules, against a bare scan of its YAML.
    Bench(bench::Args),
}

fn main() -> ExitCode {
    let Task::Bench(args) = Task::parse();
    match bench::run(&args, &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
