//! The `rulecast` command: everything that reads, writes, or runs on several threads.
//!
//! Promises: the same files give the same bytes, whatever the order of the arguments or the number of threads; a file
//! that fails keeps no other from its result. Exit codes: [`exit::Exit`].

mod args;
mod check;
mod convert;
mod eval;
mod events;
mod exit;
mod explain;
mod inputs;
mod list;
mod output;
mod page;
mod problems;
mod progress;
mod testing;
mod work;

use std::process::ExitCode;

/// A rule is many small trees: the system's allocator takes a fifth of the time that this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    args::read().and_then(|cli| run(&cli)).unwrap_or_else(|error| output::report(&error)).into()
}

fn run(cli: &args::Cli) -> Result<exit::Exit, exit::Failure> {
    match &cli.command {
        args::Command::Convert(args) => convert::run(args, cli.colour),
        args::Command::Check(args) => check::run(args, cli.colour),
        args::Command::Eval(args) => eval::run(args, cli.colour),
        args::Command::Test(args) => testing::run(args, cli.colour),
        args::Command::Explain(args) => explain::run(args, cli.colour),
        args::Command::List(args) => list::run(args),
    }
}
