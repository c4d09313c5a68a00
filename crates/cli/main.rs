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
mod pipelines;
mod placeholders;
mod problems;
mod progress;
mod project;
mod targets;
mod testing;
mod work;

use std::process::ExitCode;
use targets::Targets;

/// A rule is many small trees: the system's allocator takes a fifth of the time that this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    args::read().and_then(run).unwrap_or_else(|error| output::report(&error)).into()
}

fn run(mut cli: args::Cli) -> Result<exit::Exit, exit::Failure> {
    let project = project::Project::find(&cli.common)?;
    project.complete(&mut cli)?;
    let colour = cli.common.colour;
    let on_terminal = colour.on(&std::io::stderr());
    let (given, paths) = project.models(&cli.command);
    let (mut models, warnings) = targets::models(&paths, on_terminal)?;
    project.read_by(&mut models, given, on_terminal)?;
    if !cli.command.is_quiet() {
        output::Console::new().err(&warnings)?;
    }
    let targets = |names: &[String]| Targets::choose(names, &models, given, &project, on_terminal);
    match &cli.command {
        args::Command::Convert(args) => convert::run(args, targets(&args.targets)?, colour),
        args::Command::Check(args) => check::run(args, targets(&args.targets)?, &project, colour),
        args::Command::Eval(args) => eval::run(args, colour),
        args::Command::Test(args) => testing::run(args, targets(&args.targets)?, colour),
        args::Command::Explain(args) => explain::run(args, targets(&args.targets)?, colour),
        args::Command::List(args) => list::run(args, &models),
    }
}
