//! The arguments of `rulecast build`.

use clap::Args;

pub(super) const BUILD: &str = "\
Writes the query of each rule for each target into a tree of files that is committed with the rules: \
`queries/eql.ecs/windows/whoami.eql`. `rulecast.toml` says which rules, for which targets, and where to. A file whose rule \
is gone goes too; files that Rulecast did not make stay. If any rule is invalid, or refused by a target without having \
declared it, nothing is written.";

pub(super) const EXIT_CODES_OF_BUILD: &str = "\
Exit codes:
  0  clean: all is written, or with --check, all is up to date
  1  with --check, files are modified, missing or stale
  2  a rule is invalid, or a target cannot express it; nothing is written
  3  wrong usage, or a file that cannot be read or written";

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// Write nothing; print a line for each file that is not up to date.
    #[arg(long)]
    pub(crate) check: bool,
    /// Show how the files change, as a unified diff.
    #[arg(long)]
    pub(crate) diff: bool,
    /// Print problems and what differs alone, no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
