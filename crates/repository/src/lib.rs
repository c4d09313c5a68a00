//! A repository of rules on disk: its configuration, its files, and the rules of all files together.
//!
//! [`Project`] is the configuration that a run stands under. [`find`] tells which files it reads, [`models`], [`Targets`],
//! [`pipelines`] and [`placeholders`] what it reads them with, and [`for_each_file`] makes rules of them, those that need
//! rules of other files included. A [`Workspace`] does the same for files that change while they are worked on.
//!
//! Promises: everything is read, nothing is written; the same files give the same results in the same order, whatever the
//! number of threads; a file that fails keeps no other from its result. Lacks: commands, and how their results are shown.

mod error;
mod inputs;
pub mod pipelines;
mod placeholders;
pub mod problems;
mod project;
mod targets;
mod work;

pub use error::Error;
pub use inputs::{Input, InputError, find};
pub use pipelines::Chosen;
pub use placeholders::{PlaceholdersError, placeholders};
pub use problems::Problems;
pub use project::Project;
pub use targets::{Targets, models};
pub use work::{File, Named, ThreadPoolBuildError, Workspace, for_each_file};
