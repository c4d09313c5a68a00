//! The `rulecast` command: everything that reads, writes, or runs on several threads.
//!
//! Promises: the same files give the same bytes, whatever the order of the arguments or the number of threads; a file
//! that fails keeps no other from its result. Exit codes: [`exit::Exit`].

mod args;
mod build;
mod bundle;
mod check;
mod compiled;
mod completions;
mod convert;
mod coverage;
mod deploy;
mod diff;
mod eval;
mod events;
mod exit;
mod explain;
mod init;
mod list;
mod lock;
mod lsp;
mod man;
mod output;
mod progress;
mod project;
mod report;
mod serve;
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
    match &cli.command {
        // These read no rules, and so no configuration.
        args::Command::Init(args) => return init::run(args),
        args::Command::Completions(args) => return completions::run(args),
        args::Command::Man(args) => return man::run(args),
        // A bundle says all of itself.
        args::Command::Deploy(args) => return deploy::run(args),
        args::Command::Serve(args) => return serve::run(args),
        // Each of its sides has a configuration of its own.
        args::Command::Diff(args) => return diff::run(args, &cli.common),
        // What is wrong with a configuration is shown in the editor.
        args::Command::Lsp(args) => return lsp::run(args),
        _ => {}
    }
    let project = project::find(&cli.common)?;
    project::complete(&mut cli, &project)?;
    let colour = cli.common.colour;
    let (given, paths) = project::models(&cli.command, &project);
    let (models, warnings) = rulecast_repository::models(&paths, given, &project)?;
    if !cli.command.is_quiet() {
        output::Console::new().err(&warnings.text(colour.on(&std::io::stderr())))?;
    }
    let targets = |names: &[String]| Targets::choose(names, &models, given, &project);
    match &cli.command {
        args::Command::Convert(args) => convert::run(args, targets(&args.targets)?, colour),
        args::Command::Build(args) => build::run(args, targets(&[])?, &project, colour),
        args::Command::Bundle(args) => bundle::run(args, targets(&args.targets)?, &project, colour),
        args::Command::Coverage(args) => coverage::run(args, &project, &cli.common),
        args::Command::Check(args) => check::run(args, targets(&args.targets)?, &project, colour),
        args::Command::Eval(args) => eval::run(args, colour),
        args::Command::Test(args) => testing::run(args, targets(&args.targets)?, colour),
        args::Command::Explain(args) => explain::run(args, targets(&args.targets)?, colour),
        args::Command::Lock(args) => lock::run(args, targets(&args.targets)?, &project, colour),
        args::Command::List(args) => list::run(args, &models),
        args::Command::Init(_)
        | args::Command::Completions(_)
        | args::Command::Man(_)
        | args::Command::Deploy(_)
        | args::Command::Diff(_)
        | args::Command::Serve(_)
        | args::Command::Lsp(_) => unreachable!("they have run"),
    }
}
