//! Findings on rules that are valid: what makes them hard to use, or likely to mislead.
//!
//! [`check`] looks at one file, its documents and the rules made of them; [`across`] at what files say of one another,
//! as [`Facts`]. [`Facts::suppress`] then takes out what people have accepted. [`LINTS`] holds all kinds of findings, with
//! their reasons and examples, and [`reference`] makes the page of it.
//!
//! Promises: nothing here is computed that parsing or resolving has computed; a lint costs little on a rule without the
//! finding; a fix that is called safe leaves what the rule matches. Lacks: whatever needs a clock (a stable rule of
//! yesterday) or a network (a dead link), and what a target cannot express, which compiling reports.

mod across;
mod docs;
mod file;
mod lint;
mod lints;
mod mend;
mod registry;
mod scalar;
mod suppress;
#[cfg(test)]
mod tests;

pub use across::{Facts, across, is_looked_for, title_key};
pub use docs::reference;
pub use file::{Checked, File, check};
pub use lint::{Family, Fixes, Lint};
pub use lints::log_source::CATEGORIES;
pub use mend::{Mended, mend};
pub use registry::{FAMILIES, LINTS, find};
pub use suppress::{Suppression, Suppressions, Used};
