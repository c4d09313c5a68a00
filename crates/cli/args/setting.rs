//! What the commands that make queries have in common.

use clap::Args;
use std::path::PathBuf;

/// What rules are read with.
#[derive(Debug, Args)]
pub(crate) struct SettingArgs {
    /// A file of a data model, which makes targets of its own; may be given several times. Without -t, they are the targets.
    #[arg(short, long = "model", value_name = "FILE")]
    pub(crate) models: Vec<PathBuf>,
    /// A processing pipeline of pySigma, a file or a name; may be given several times.
    #[arg(short, long = "pipeline", value_name = "FILE|NAME")]
    pub(crate) pipelines: Vec<String>,
    #[command(flatten)]
    pub(crate) values: ValueArgs,
}

/// What rules leave to their user.
#[derive(Debug, Args)]
pub(crate) struct ValueArgs {
    /// A YAML or JSON file with the values of placeholders, `name: [value, …]`; of several files, the last to name one counts.
    #[arg(long, value_name = "FILE")]
    pub(crate) placeholders: Vec<PathBuf>,
}
