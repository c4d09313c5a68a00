//! The arguments of `rulecast man`.

use clap::Args;
use std::path::PathBuf;

pub(super) const MAN: &str = "\
Writes the manual pages into a directory: `rulecast.1`, and one page for each command. `man -M` or a directory of \
`MANPATH` finds them below `man1`.";

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Where to write the pages; it is made if it is not there.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}
