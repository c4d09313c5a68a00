//! The arguments of `rulecast convert`.

use super::{SettingArgs, allowed};
use clap::{Args, ValueEnum};
use rulecast_compile::Allow;
use std::path::PathBuf;

pub(super) const CONVERT: &str = "\
A target is a language with a data model, `eql.ecs`; a language alone is its default target. A query matches what the \
rule matches, under the assumptions listed with it, or it is refused: the reason goes to standard error, and the other \
queries are still printed. In directories, files named *.yml and *.yaml are read, hidden ones and those excluded by a \
file `.ignore` apart; `.gitignore` is not consulted. Rules may refer to rules of other files among the paths.";

#[derive(Debug, Args)]
pub(crate) struct ConvertArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Targets, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// How to print the queries.
    #[arg(short, long, value_enum, default_value_t = ConvertFormat::Text)]
    pub(crate) format: ConvertFormat,
    /// Write a file for each rule and target below this directory.
    #[arg(short, long, value_name = "DIR", conflicts_with = "stats")]
    pub(crate) output: Option<PathBuf>,
    /// Accept queries that may match more than the rule (over) or less (under); give twice for both.
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(crate) allow: Vec<Inexact>,
    /// Print how many rules each target can express, not the queries.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print queries and errors alone: no headings, no warnings, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

impl ConvertArgs {
    pub(crate) fn allow(&self) -> Allow {
        allowed(&self.allow)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConvertFormat {
    /// Queries under headings.
    Text,
    /// An array of objects, one for each rule and target.
    Json,
    /// A page for each rule.
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Inexact {
    Over,
    Under,
}
