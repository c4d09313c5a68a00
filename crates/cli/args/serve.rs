//! The arguments of `rulecast serve`.

use clap::Args;
use std::path::PathBuf;

pub(super) const SERVE: &str = "\
Serves the site of a bundle to browsers on this machine, at 127.0.0.1 and nowhere else, until it is stopped. The pages also \
open as files; here they have addresses that can be bookmarked, and browsers let them use the clipboard.";

pub(super) const EXIT_CODES_OF_SERVE: &str = "\
Exit codes:
  3  wrong usage, no site there, or a port that is taken; else it runs until it is stopped";

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// A site, or a bundle that holds one.
    #[arg(value_name = "DIR", default_value = "dist")]
    pub(crate) directory: PathBuf,
    /// The port; 0 takes one that is free.
    #[arg(short, long, value_name = "N", default_value_t = 8420)]
    pub(crate) port: u16,
}
