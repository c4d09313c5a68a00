//! The command line.

mod build;
mod bundle;
mod check;
mod completions;
mod convert;
mod coverage;
mod deploy;
mod diff;
mod eval;
mod explain;
mod init;
mod list;
mod lock;
mod lsp;
mod man;
mod report;
mod serve;
mod setting;
mod test;
mod tier;

pub(crate) use build::BuildArgs;
pub(crate) use bundle::BundleArgs;
pub(crate) use check::CheckArgs;
pub(crate) use completions::CompletionsArgs;
pub(crate) use convert::{ConvertArgs, ConvertFormat, Inexact};
pub(crate) use coverage::{CoverageArgs, CoverageFormat};
pub(crate) use deploy::DeployArgs;
pub(crate) use diff::{DiffArgs, DiffFormat};
pub(crate) use eval::EvalArgs;
pub(crate) use explain::{ExplainArgs, Stage};
pub(crate) use init::{Ci, InitArgs};
pub(crate) use list::{ListArgs, Listed};
pub(crate) use lock::LockArgs;
pub(crate) use lsp::LspArgs;
pub(crate) use man::ManArgs;
pub(crate) use report::{OutputArgs, ReportFormat};
pub(crate) use serve::ServeArgs;
pub(crate) use setting::{SettingArgs, ValueArgs};
pub(crate) use test::{TestArgs, TestFormat};
pub(crate) use tier::TierArgs;

use crate::exit::Failure;
use clap::{Args, Parser, Subcommand, ValueEnum};
use rulecast_compile::Allow;
use std::io::IsTerminal;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  clean; refusals that a rule declares are no failure
  1  findings
  2  a rule is invalid, or a target cannot express it
  3  wrong usage, or a file that cannot be read or written";

const EXAMPLES: &str = "\
Examples:
  rulecast convert rule.yml                      for the default target of each language
  rulecast convert rules/ -t spl,kql.xdr -o out  a file for each rule and target
  rulecast convert -q -t eql - < rule.yml        the query alone
  rulecast convert rules/ --stats                what each target can express
  rulecast check rules/                          every problem of every rule
  rulecast build --check                         which committed queries are not up to date
  rulecast test rules/                           the tests in the rules, and of their queries
  rulecast eval rules/ --events dump.jsonl       which rules fire on recorded events
  rulecast explain rule.yml -t eql               what became of each line
  rulecast diff main                             what a branch does to the queries
  rulecast lock                                  rules.lock.json: what each rule means, and its version
  rulecast bundle -o dist                        packages that each platform imports, to publish
  rulecast coverage --gaps wanted.txt            which techniques no rule names
  rulecast deploy dist --to kibana --dry-run     the calls that would make a platform equal to a bundle

Exit codes:
  0  clean; refusals that a rule declares are no failure
  1  findings
  2  a rule is invalid, or a target cannot express it
  3  wrong usage, or a file that cannot be read or written";

/// Compiles Sigma detection rules into Elastic EQL, Splunk SPL and Kusto KQL that mean what the rule means.
#[derive(Debug, Parser)]
#[command(name = "rulecast", version = env!("RULECAST_VERSION"), after_help = EXAMPLES, propagate_version = false, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// For every command.
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// When to colour the output.
    #[arg(long = "color", value_name = "WHEN", value_enum, global = true, default_value_t = Colour::Auto)]
    pub(crate) colour: Colour,
    /// Read this configuration [default: the nearest `rulecast.toml` upwards].
    #[arg(long, value_name = "FILE", global = true, conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration.
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print queries, or write them to files.
    #[command(long_about = convert::CONVERT, after_help = EXIT_CODES)]
    Convert(ConvertArgs),
    /// Write the queries of a repository, or tell which are not up to date.
    #[command(long_about = build::BUILD, after_help = build::EXIT_CODES_OF_BUILD)]
    Build(BuildArgs),
    /// Write the publishable bundle.
    #[command(long_about = bundle::BUNDLE, after_help = bundle::EXIT_CODES_OF_BUNDLE)]
    Bundle(BundleArgs),
    /// Tell which techniques of ATT&CK the rules name.
    #[command(long_about = coverage::COVERAGE, after_help = coverage::EXIT_CODES_OF_COVERAGE)]
    Coverage(CoverageArgs),
    /// Report every problem of every rule.
    #[command(long_about = check::CHECK, after_help = check::EXIT_CODES_OF_CHECK)]
    Check(CheckArgs),
    /// Make a platform equal to a bundle.
    #[command(long_about = deploy::DEPLOY, after_help = deploy::EXIT_CODES_OF_DEPLOY)]
    Deploy(DeployArgs),
    /// Run the inline tests of rules, and of their queries.
    #[command(long_about = test::TEST, after_help = test::EXIT_CODES_OF_TEST)]
    Test(TestArgs),
    /// Run rules over recorded events.
    #[command(long_about = eval::EVAL, after_help = eval::EXIT_CODES_OF_EVAL)]
    Eval(EvalArgs),
    /// Show what became of each line of a rule, and why.
    #[command(long_about = explain::EXPLAIN, after_help = EXIT_CODES)]
    Explain(ExplainArgs),
    /// Show what became of the queries since a revision.
    #[command(long_about = diff::DIFF, after_help = diff::EXIT_CODES_OF_DIFF)]
    Diff(DiffArgs),
    /// Write or check the lock file of the rules.
    #[command(long_about = lock::LOCK, after_help = lock::EXIT_CODES_OF_LOCK)]
    Lock(LockArgs),
    /// List what Rulecast knows.
    List(ListArgs),
    /// Make a repository of rules.
    #[command(long_about = init::INIT, after_help = init::EXIT_CODES_OF_INIT)]
    Init(InitArgs),
    /// Print the completions of a shell.
    #[command(long_about = completions::COMPLETIONS, verbatim_doc_comment)]
    Completions(CompletionsArgs),
    /// Write the manual pages.
    #[command(long_about = man::MAN)]
    Man(ManArgs),
    /// Serve an editor on standard input and output: problems, completion, and what each line becomes.
    #[command(long_about = lsp::LSP, after_help = lsp::EXIT_CODES_OF_LSP)]
    Lsp(LspArgs),
    /// Serve the site of a bundle to browsers on this machine.
    #[command(long_about = serve::SERVE, after_help = serve::EXIT_CODES_OF_SERVE)]
    Serve(ServeArgs),
}

impl Command {
    /// Whether only results and errors are wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        match self {
            Command::Convert(args) => args.quiet,
            Command::Build(args) => args.quiet,
            Command::Bundle(args) => args.quiet,
            Command::Coverage(args) => args.quiet,
            Command::Deploy(args) => args.quiet,
            Command::Check(args) => args.quiet,
            Command::Test(args) => args.quiet,
            Command::Eval(args) => args.quiet,
            Command::Lock(args) => args.quiet,
            Command::Explain(args) => args.quiet,
            Command::List(args) => args.quiet,
            Command::Init(_) | Command::Completions(_) | Command::Man(_) | Command::Lsp(_) => false,
            Command::Diff(_) | Command::Serve(_) => false,
        }
    }

    /// What it reads rules with, if it makes queries of them.
    pub(crate) fn setting(&mut self) -> Option<&mut SettingArgs> {
        match self {
            Command::Convert(args) => Some(&mut args.setting),
            Command::Check(args) => Some(&mut args.setting),
            Command::Test(args) => Some(&mut args.setting),
            Command::Explain(args) => Some(&mut args.setting),
            Command::Lock(args) => Some(&mut args.setting),
            Command::Bundle(args) => Some(&mut args.setting),
            // Those of each side are of its own.
            Command::Build(_) | Command::Diff(_) | Command::Eval(_) | Command::List(_) => None,
            Command::Coverage(_) => None,
            Command::Init(_) | Command::Completions(_) | Command::Man(_) | Command::Lsp(_) => None,
            Command::Deploy(_) | Command::Serve(_) => None,
        }
    }

    /// What rules leave to their user, if it reads rules.
    pub(crate) fn values(&mut self) -> Option<&mut ValueArgs> {
        if let Command::Eval(args) = self { Some(&mut args.values) } else { Some(&mut self.setting()?.values) }
    }

    /// The rule files and directories, if the configuration may name them.
    pub(crate) fn rules(&mut self) -> Option<&mut Vec<PathBuf>> {
        match self {
            Command::Convert(args) => Some(&mut args.paths),
            Command::Check(args) => Some(&mut args.paths),
            Command::Test(args) => Some(&mut args.paths),
            Command::Eval(args) => Some(&mut args.paths),
            Command::Lock(args) => Some(&mut args.paths),
            Command::Bundle(args) => Some(&mut args.paths),
            Command::Coverage(args) => Some(&mut args.paths),
            Command::Build(_) | Command::Diff(_) | Command::Explain(_) | Command::List(_) => None,
            Command::Init(_) | Command::Completions(_) | Command::Man(_) | Command::Lsp(_) => None,
            Command::Deploy(_) | Command::Serve(_) => None,
        }
    }

    /// The files of data models that it is given, if it uses any.
    pub(crate) fn models(&self) -> Option<&[PathBuf]> {
        match self {
            Command::Convert(args) => Some(&args.setting.models),
            Command::Check(args) => Some(&args.setting.models),
            Command::Test(args) => Some(&args.setting.models),
            Command::Explain(args) => Some(&args.setting.models),
            Command::Lock(args) => Some(&args.setting.models),
            Command::Bundle(args) => Some(&args.setting.models),
            Command::List(args) => Some(args.model_file()),
            Command::Build(_) => Some(&[]),
            Command::Diff(_) | Command::Eval(_) | Command::Coverage(_) => None,
            Command::Init(_) | Command::Completions(_) | Command::Man(_) | Command::Lsp(_) => None,
            Command::Deploy(_) | Command::Serve(_) => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also in files and pipes.
    Always,
    /// Not at all.
    Never,
}

impl Colour {
    /// Whether to colour what is written to `stream`.
    pub(crate) fn on(self, stream: &impl IsTerminal) -> bool {
        match self {
            Colour::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            Colour::Always => true,
            Colour::Never => false,
        }
    }
}

/// The inexact queries that are wanted.
fn allowed(given: &[Inexact]) -> Allow {
    Allow { over: given.contains(&Inexact::Over), under: given.contains(&Inexact::Under) }
}

/// Reads the arguments of the process.
pub(crate) fn read() -> Result<Cli, Failure> {
    Ok(Cli::try_parse()?)
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
