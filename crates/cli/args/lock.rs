//! The arguments of `rulecast lock`.

use super::{Format, Inexact, SettingArgs, allowed};
use clap::Args;
use rulecast_compile::Allow;
use std::path::PathBuf;

pub(super) const LOCK: &str = "\
Writes `rules.lock.json`: a hash of what each rule means, and hashes of its queries. A rule whose meaning or rating changed \
must have a higher `version`, and the id of a rule never changes; else nothing is written. With --check, nothing is written \
at all, and each difference is told by a line. All rules of the repository are locked together: rules whose files are among \
the paths no more, and still there, stay as they are.";

pub(super) const EXIT_CODES_OF_LOCK: &str = "\
Exit codes:
  0  the lock is written, or with --check, up to date
  1  a version did not rise, an id is missing or changed, or with --check, the lock is out of date
  2  a rule is invalid
  3  wrong usage, or a file that cannot be read or written";

#[derive(Debug, Args)]
pub(crate) struct LockArgs {
    /// Rule files and directories [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing, and tell what differs.
    #[arg(long)]
    pub(crate) check: bool,
    /// Raise the versions of changed rules in their files.
    #[arg(long, conflicts_with = "check")]
    pub(crate) bump: bool,
    /// The lock file [default: `rules.lock.json` beside the configuration].
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Targets whose queries are locked, by commas [default: the default target of each language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// Accept queries that may match more than the rule (over) or less (under); give twice for both.
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(crate) allow: Vec<Inexact>,
    /// How to print what differs.
    #[arg(long, visible_short_alias = 'f', value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print problems alone.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

impl LockArgs {
    pub(crate) fn allow(&self) -> Allow {
        allowed(&self.allow)
    }
}
