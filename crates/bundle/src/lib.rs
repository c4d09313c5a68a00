//! Deployable packages of rules, and the bundle that holds them.
//!
//! [`Content`] is what a bundle is made of: rules, each with its queries. Every [`Package`] takes of it what its platform
//! can import, and says of every other rule why it is not in it. [`Bundle`] puts them side by side with the rules
//! themselves, a manifest, what changed since an earlier bundle, checksums, and an archive.
//!
//! Promises: every rule is in a package or is left out of it for a reason, so that their counts add up; a rule that the
//! platform would refuse is left out here. The same content gives the same bytes. Lacks: reading rules. Files
//! go into a directory of `rulecast_files` that the caller has begun.

mod archive;
mod assemble;
mod changelog;
mod checksums;
mod classes;
mod content;
mod data;
mod defender;
mod deprecated;
mod elastic;
mod manifest;
mod microsoft;
mod moved;
pub mod navigator;
mod package;
mod parted;
mod queries;
mod results;
mod schedule;
mod select;
mod sentinel;
mod splunk;
#[cfg(test)]
mod testing;

pub use assemble::{Bundle, CHECKSUMS, Packed};
pub use content::{BundledRule, Content, Identity, Kind, OnTarget, SourceFile};
pub use data::{DataSource, data_sources};
pub use manifest::{Manifest, ManifestError, schema};
pub use moved::Moved;
pub use package::{Entry, LeftOut, PACKAGES, Package, Packing, Reason};
pub use parted::number;
pub use results::{TestResult, test_results};
pub use select::{NotSelected, Selection};
