//! Trees of generated files: made in memory, compared with a directory, and written.
//!
//! Promises: no file is ever half-written. Each is written under another name beside its place, brought to the disk, and
//! then renamed into its place, so that a reader, a full disk, or an end of the process at any moment finds the old file
//! or the new one. A tree is staged whole before the first file takes its place: a disk that has no room for it leaves
//! the old tree. Files of people are not touched: [`Owner`] says which files an earlier run made, and any other that
//! stands in the way is an error before anything is written. What a run that was ended left behind begins with a dot,
//! ends in `.rulecast-part`, is taken for no output, and is removed by the next run that writes.
//!
//! Lacks: a tree of several files changes file by file, not at once; an end in between leaves a mixture of old and new
//! files, which [`compare`] names and the next run completes. Where that will not do, a [`NewDirectory`] appears by one
//! rename.

mod compare;
mod directory;
mod error;
mod found;
mod json;
mod parts;
mod steps;
#[cfg(test)]
mod tests;
mod tree;
mod whole;
mod write;

pub use compare::{Change, Comparison, Drift, compare};
pub use directory::{NewDirectory, NewFile};
pub use error::{Error, Obstacle, Reason};
pub use found::Owner;
pub use json::json_text;
pub use tree::{Clash, Tree};
pub use whole::write_whole;
pub use write::Written;
