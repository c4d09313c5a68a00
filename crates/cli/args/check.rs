//! The arguments of `rulecast check`.

use super::{OutputArgs, ReportFormat, SettingArgs};
use crate::check::parse_name;
use clap::Args;
use std::path::PathBuf;

pub(super) const CHECK: &str = "\
Reads, resolves and compiles every rule, and reports every problem. What a default target cannot express is a warning; \
with -t, it is an error. `rulecast list lints` shows what else is looked for. A rule accepts a finding under its key `lint`: \
`lint: {allow: [{name: no-id, reason: why}]}`.";

pub(super) const EXIT_CODES_OF_CHECK: &str = "\
Exit codes:
  0  clean, notes apart; refusals that a rule declares are no failure
  1  warnings
  2  a rule is invalid, a target named with -t cannot express it, or it has a finding that is denied
  3  wrong usage, or a file that cannot be read or written";

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct CheckArgs {
    /// Rule files and directories; `-` is standard input [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The PATHs are what changed: check those, and the files whose findings depend on them.
    ///
    /// Other rules are read for what bears on these. What is reported of a file is what a check of all files reports.
    #[arg(long, requires = "paths", conflicts_with = "fix")]
    pub(crate) changed: bool,
    /// Where all rules are, for --changed [default: `rules` of the configuration].
    #[arg(long, value_name = "PATH", requires = "changed")]
    pub(crate) among: Vec<PathBuf>,
    /// Targets that must express every rule, by commas.
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// How to print the problems.
    #[arg(long, visible_short_alias = 'f', value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Findings to treat as errors, by commas: names of lints, `warnings`, `notes`.
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = parse_name)]
    pub(crate) deny: Vec<String>,
    /// Findings to leave out, by commas: names of lints, `warnings`, `notes`.
    #[arg(long, value_name = "LINT", value_delimiter = ',', value_parser = parse_name)]
    pub(crate) allow: Vec<String>,
    /// Mend in the files what can be mended without changing what a rule matches.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Print how often each finding is found, not the findings; as text or JSON.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print errors alone, and no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}
