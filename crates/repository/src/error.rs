//! Why a run cannot begin.

use crate::inputs::InputError;
use crate::placeholders::PlaceholdersError;
use crate::problems::Problems;
use std::path::PathBuf;

/// What is wrong with the files that rules are read with, or with the paths to them. Its text is one line;
/// [`Error::problems`] are to be shown below it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The paths given.
    #[error(transparent)]
    Inputs(#[from] InputError),
    /// The values of placeholders.
    #[error(transparent)]
    Placeholders(#[from] PlaceholdersError),
    /// The configuration.
    #[error("cannot read the configuration `{}`: {reason}", path.display())]
    ReadConfig {
        /// As given, or as found.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What it says.
    #[error("the configuration is invalid")]
    Config(Problems),
    /// A target that does not exist.
    #[error(transparent)]
    Target(#[from] rulecast_compile::ParseTargetError),
    /// A data model's file.
    #[error("cannot read the data model `{}`: {reason}", path.display())]
    ReadModel {
        /// As given, or as configured.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What the data models say.
    #[error("a data model is invalid")]
    Models(Problems),
    /// A pipeline's file.
    #[error("cannot read the pipeline `{}`: {reason}", path.display())]
    ReadPipeline {
        /// As given, or as found.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// What is given as a pipeline.
    #[error("the pipeline `{name}`: {message}")]
    PipelineName {
        /// As given.
        name: String,
        /// Why it cannot be used.
        message: String,
    },
    /// What the pipelines say.
    #[error("a pipeline is invalid")]
    Pipelines(Problems),
}

impl Error {
    /// What is wrong in a file, with the places.
    pub fn problems(&self) -> Option<&Problems> {
        match self {
            Error::Config(problems) | Error::Models(problems) | Error::Pipelines(problems) => Some(problems),
            Error::Placeholders(PlaceholdersError::Invalid { problems, .. }) => Some(problems),
            _ => None,
        }
    }
}
