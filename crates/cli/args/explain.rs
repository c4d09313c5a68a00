//! The arguments of `rulecast explain`.

use super::{Format, SettingArgs};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const EXPLAIN: &str = "\
Shows, for each line of each selection, what it asks, which columns of the target it maps to, the part of the query that \
it becomes, and how true that is to the rule. With an event, it also shows which tests hold of it (`+`) and which do not \
(`-`): why a rule fires, or does not.";

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A rule file; `-` is standard input.
    #[arg(value_name = "RULE")]
    pub(crate) rule: PathBuf,
    /// Targets, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// What to show: each line of the rule, or what each step of the pipelines did [default: with -p, the latter].
    #[arg(long, value_enum)]
    pub(crate) stage: Option<Stage>,
    /// A file with an event, in the forms that `eval` reads; of several events, the first counts.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print no warnings.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// What became of each line of the rule.
    Lines,
    /// What each step of the pipelines did to the rule.
    Pipeline,
}
