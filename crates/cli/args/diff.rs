//! The arguments of `rulecast diff`.

use super::{Inexact, SettingArgs, allowed};
use clap::{Args, ValueEnum};
use rulecast_compile::Allow;
use std::path::PathBuf;

pub(super) const DIFF: &str = "\
Compiles the rules of a revision and those of the working directory, each with the configuration, data models, pipelines and \
placeholders of its own time, and tells what became of the queries: rules added, removed, moved and changed, and on each \
target the lines that differ and the fidelity. The `git` program reads the revision; nothing is checked out, and nothing is \
written.";

pub(super) const EXIT_CODES_OF_DIFF: &str = "\
Exit codes:
  0  told, whatever differs; rules that are invalid are told too
  1  with --exit-code, something differs
  3  wrong usage, no such revision, or a file that cannot be read";

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The revision to compare with: a branch, a tag, a commit.
    #[arg(value_name = "REV")]
    pub(crate) from: String,
    /// Rule files and directories [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Compare with this revision, not with the working directory.
    #[arg(long, value_name = "REV")]
    pub(crate) to: Option<String>,
    /// Compare with where both sides parted, not with what REV has become since.
    #[arg(long)]
    pub(crate) merge_base: bool,
    /// Targets, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// How to print what differs.
    #[arg(short, long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,
    /// Accept queries that may match more than the rule (over) or less (under); give twice for both.
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(crate) allow: Vec<Inexact>,
    /// Exit with 1 if a rule or a query differs.
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

impl DiffArgs {
    pub(crate) fn allow(&self) -> Allow {
        allowed(&self.allow)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs.
    Json,
}
