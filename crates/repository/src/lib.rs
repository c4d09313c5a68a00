//! A repository of rules on disk: its configuration, its files, and the rules of all files together.
//!
//! [`Project`] is the configuration that a run stands under. [`find`] tells which files it reads, [`models`], [`Targets`],
//! [`pipelines`] and [`placeholders`] what it reads them with, and [`for_each_file`] makes rules of them, those that need
//! rules of other files included. [`for_each_concerned`] does so for the files that a change bears on, and a [`Workspace`]
//! for files that change while they are worked on.
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
mod tree;
mod work;

pub use error::Error;
pub use inputs::{Changed, Input, InputError, find, find_changed};
pub use pipelines::Chosen;
pub use placeholders::{PlaceholdersError, placeholders, placeholders_in};
pub use problems::Problems;
pub use project::Project;
pub use targets::{Targets, models, models_in};
pub use tree::{Disk, Tree};
pub use work::{Change, Concerned, File, Named, ThreadPoolBuildError, Workspace, for_each_concerned, for_each_file};
