//! The arguments of `rulecast test`.

use super::{OutputArgs, SettingArgs};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const TEST: &str = "\
Runs the inline tests of every rule (its key `tests`). Each test is run by the rule itself, with the meaning that the \
Sigma specification gives it, and by the query of every target: the query is read back from its text and run over the \
events as the target's data model holds them. A test fails if the rule does not do what it expects, or if a query does \
not find what the rule finds; then the line of the rule is shown where they part. Targets that refuse a rule have no \
query to run: `check` reports those.";

pub(super) const EXIT_CODES_OF_TEST: &str = "\
Exit codes:
  0  no test fails
  1  a test fails, or the query of a target differs from its rule
  2  a rule is invalid
  3  wrong usage, or a file that cannot be read or written";

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Targets whose queries are run, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// How to print the results.
    #[arg(short, long, value_enum, default_value_t = TestFormat::Text)]
    pub(crate) format: TestFormat,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Print failures and errors alone: no warnings, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// Failures, and a summary.
    Text,
    /// An array of objects, one for each test.
    Json,
    /// JUnit XML, a suite for each file.
    Junit,
    /// Annotations of GitHub Actions, for failures.
    Github,
}
