//! Diagnostics as text: for people ([`text`]), for programs ([`json`]), and for CI services ([`sarif`], [`github`],
//! [`gitlab`], [`junit`]).
//!
//! A format is a module with one function from diagnostics and their [`SourceMap`](crate::SourceMap) to its text; none
//! reads the environment, so the same input gives the same bytes. Names of files are as given: where they are relative,
//! they are so in each format, with `/` between their parts. Formats that describe the kinds of problems take a
//! [`Catalogue`], as this crate knows none.

mod batch;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod places;
mod sarif;
mod text;
mod words;

pub use batch::{Batch, Catalogue, Description, Tool};
pub use github::github;
pub use gitlab::gitlab;
pub use json::{Record, RecordEdit, RecordFix, RecordLabel, json};
pub use junit::{junit, junit_text};
pub use places::Places;
pub use sarif::sarif;
pub use text::text;

#[cfg(test)]
mod tests;

/// Indented JSON with a line end.
fn pretty(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("strings and numbers can be serialised");
    text.push('\n');
    text
}
