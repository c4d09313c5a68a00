//! The `rulecast` command: everything that reads, writes, or runs on several threads.
//!
//! Promises: the same files give the same bytes, whatever the order of the arguments or the number of threads; a file
//! that fails keeps no other from its result. Exit codes: [`exit::Exit`].

mod args;
mod build;
mod check;
mod compiled;
mod convert;
mod diff;
mod eval;
mod events;
mod exit;
mod explain;
mod list;
mod lock;
mod output;
mod page;
mod progress;
mod project;
mod report;
mod testing;
mod work;

use rulecast_repository::Targets;
use std::process::ExitCode;

/// A rule is many small trees: the system's allocator takes a fifth of the time that this one does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match args::read() {
        Ok(cli) => cli,
        Err(error) => return output::report(&error, args::Colour::Auto).into(),
    };
    let colour = cli.common.colour;
    run(cli).unwrap_or_else(|error| output::report(&error, colour)).into()
}

fn run(mut cli: args::Cli) -> Result<exit::Exit, exit::Failure> {
    // Each of its sides has a configuration of its own.
    if let args::Command::Diff(args) = &cli.command {
        return diff::run(args, &cli.common);
    }
    let project = project::find(&cli.common)?;
    project::complete(&mut cli, &project)?;
    let colour = cli.common.colour;
    let (given, paths) = project::models(&cli.command, &project);
    let (models, warnings) = rulecast_repository::models(&paths)?;
    if !cli.command.is_quiet() {
        output::Console::new().err(&warnings.text(colour.on(&std::io::stderr())))?;
    }
    let targets = |names: &[String]| Targets::choose(names, &models, given, &project);
    match &cli.command {
        args::Command::Convert(args) => convert::run(args, targets(&args.targets)?, colour),
        args::Command::Build(args) => build::run(args, targets(&[])?, &project, colour),
        args::Command::Check(args) => check::run(args, targets(&args.targets)?, &project, colour),
        args::Command::Eval(args) => eval::run(args, colour),
        args::Command::Test(args) => testing::run(args, targets(&args.targets)?, colour),
        args::Command::Explain(args) => explain::run(args, targets(&args.targets)?, colour),
        args::Command::Diff(args) => diff::run(args, &cli.common),
        args::Command::Lock(args) => lock::run(args, targets(&args.targets)?, &project, colour),
        args::Command::List(args) => list::run(args, &models),
    }
}
