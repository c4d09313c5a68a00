//! The arguments of `rulecast bundle`.

use super::{Inexact, SettingArgs, TierArgs, allowed};
use clap::Args;
use rulecast_compile::Allow;
use std::path::PathBuf;

pub(super) const BUNDLE: &str = "\
Writes the publishable bundle: the rules, their queries, a package for each platform that imports it as it is, pages for people, a manifest \
that also names what could not be said and why, what changed since an earlier bundle, checksums, and an archive. The \
directory appears whole, by one rename. The same rules give the same bytes. What a target refuses, or a platform would, is \
left out of that package and listed in the manifest.";

pub(super) const EXIT_CODES_OF_BUNDLE: &str = "\
Exit codes:
  0  the bundle is written; with --strict, it holds every rule for every target
  1  with --strict, rules are left out of packages; nothing is written
  2  a rule is invalid; nothing is written
  3  wrong usage, or a file that cannot be read or written";

#[derive(Debug, Args)]
pub(crate) struct BundleArgs {
    /// Rule files and directories [default: `rules` of the configuration].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The directory to write; an earlier bundle there is replaced.
    #[arg(short, long, value_name = "DIR", default_value = "dist")]
    pub(crate) output: PathBuf,
    /// Targets, by commas; a package takes the first of its own that can say a rule [default: the default target of each
    /// language].
    #[arg(short, long = "target", value_name = "TARGET", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
    /// The name of the bundle [default: `bundle.name` of the configuration, or `detection-bundle`].
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The version of the bundle [default: `bundle.version` of the configuration, or `0.1.0`].
    #[arg(long = "bundle-version", value_name = "VERSION")]
    pub(crate) version: Option<String>,
    /// The commit that the manifest says it was made of.
    #[arg(long, value_name = "COMMIT")]
    pub(crate) commit: Option<String>,
    /// The `manifest.json` of the bundle before, for what changed since.
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tier: TierArgs,
    /// Accept queries that may match more than the rule (over) or less (under); give twice for both.
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(crate) allow: Vec<Inexact>,
    /// Leave the pages for people away.
    #[arg(long)]
    pub(crate) no_site: bool,
    /// Put this playground into the pages: a directory that `cargo xtask playground` has written.
    #[arg(long, value_name = "DIR", conflicts_with = "no_site")]
    pub(crate) playground: Option<PathBuf>,
    /// Write nothing unless every package holds every rule.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print problems alone.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) setting: SettingArgs,
}

impl BundleArgs {
    pub(crate) fn allow(&self) -> Allow {
        allowed(&self.allow)
    }
}
