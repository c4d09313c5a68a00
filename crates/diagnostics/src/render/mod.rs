//! Diagnostics as text: for people ([`text`]), and for programs ([`json`]).
//!
//! A format is a module with one function from diagnostics and their [`SourceMap`](crate::SourceMap) to its text; none
//! reads the environment, so the same input gives the same bytes. Lacks: the formats of CI services.

mod json;
mod places;
mod text;

pub use json::{Record, RecordEdit, RecordFix, RecordLabel, json};
pub use places::Places;
pub use text::text;
