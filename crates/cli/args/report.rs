//! How commands that look at rules report what they find.

use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Where the report goes.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Write the report into this file, whole or not at all; a summary goes to standard error. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl OutputArgs {
    /// The file, if one is given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.output.as_deref()
    }
}

/// How to print problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people: each problem with the lines it is about, and a summary.
    Text,
    /// An array of objects, one for each problem.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// JUnit XML, a suite for each file.
    Junit,
}
