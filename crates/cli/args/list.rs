//! The arguments of `rulecast list`.

use super::Format;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Of what.
    #[arg(value_enum)]
    pub(crate) what: Listed,
    /// A data model, by its name or as a file.
    #[arg(short, long, value_name = "FILE|NAME")]
    pub(crate) model: Option<PathBuf>,
    /// Only this log source: `windows/process_creation`, or a part of it.
    #[arg(short, long, value_name = "LOGSOURCE")]
    pub(crate) log_source: Option<String>,
    /// How to print it.
    #[arg(long, visible_short_alias = 'f', value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print no warnings.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl ListArgs {
    /// The model, if it is a file.
    pub(crate) fn model_file(&self) -> &[PathBuf] {
        match &self.model {
            Some(path) if path.is_file() => std::slice::from_ref(path),
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listed {
    /// Languages with their data models.
    Targets,
    /// The data models of each language.
    Models,
    /// The modifiers of a field.
    Modifiers,
    /// What `check` looks for beyond errors.
    Lints,
    /// What each language can express, and how.
    Features,
    /// The log sources that a data model serves, and what it reads for each.
    Sources,
    /// The fields of a data model, and the columns that hold them.
    Fields,
}
