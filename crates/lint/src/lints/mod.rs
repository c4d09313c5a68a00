//! The lints, a file for each subject. Each file holds its lints with their reasons and examples, and the code that finds
//! them.

pub(crate) mod across;
pub(crate) mod classes;
pub(crate) mod condition;
pub(crate) mod correlation;
pub(crate) mod fields;
pub(crate) mod header;
pub(crate) mod lists;
pub(crate) mod log_source;
pub(crate) mod meaning;
pub(crate) mod reading;
pub(crate) mod references;
pub(crate) mod regexes;
pub(crate) mod schedule;
pub(crate) mod suppressions;
pub(crate) mod tags;
pub(crate) mod techniques;
pub(crate) mod tests;
pub(crate) mod values;
pub(crate) mod wildcards;
pub(crate) mod words;
