//! The arguments of `rulecast coverage`.

use super::TierArgs;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const COVERAGE: &str = "\
Tells which techniques of ATT&CK the rules name, by tactic and level: as a table, or as a layer for the ATT&CK Navigator. A \
technique stands under those of its tactics that a rule names too, and under all of them where it names none. With --gaps, \
what of a list no rule names; with --since, what changed since a revision. What a rule names says nothing of how well it \
detects it.";

pub(super) const EXIT_CODES_OF_COVERAGE: &str = "\
Exit codes:
  0  told
  1  with --exit-code: no rule names a technique of the list, or none does any more
  2  a rule is invalid; what the others name is told
  3  wrong usage, no such revision, or a file that cannot be read";

#[derive(Debug, Args)]
pub(crate) struct CoverageArgs {
    /// Rule files and directories [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to print it.
    #[arg(short, long, value_enum, default_value_t = CoverageFormat::Table)]
    pub(crate) format: CoverageFormat,
    /// Tell what no rule names of this list: technique ids, one a line, or a layer of the ATT&CK Navigator.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub(crate) gaps: Option<PathBuf>,
    /// Tell what changed since this revision: a branch, a tag, a commit.
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    #[command(flatten)]
    pub(crate) tier: TierArgs,
    /// The name of the layer.
    #[arg(long, value_name = "NAME", default_value = "Detection rules")]
    pub(crate) name: String,
    /// Exit with 1 if there are gaps, or if no rule names any more what one did.
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// Print results and errors alone.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// For the ATT&CK Navigator: a layer.
    Navigator,
}
