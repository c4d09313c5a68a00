//! `rulecast completions`: what a shell needs to complete our command line.

use crate::args::{Cli, CompletionsArgs};
use crate::exit::{Exit, Failure};
use crate::output::Console;
use clap::CommandFactory;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rulecast", &mut script);
    let mut console = Console::new();
    console.out(&String::from_utf8(script).expect("completions are made of our own texts"))?;
    console.flush()?;
    Ok(Exit::Clean)
}
