//! Where a thing was written, what is wrong with it, and how that is shown.
//!
//! A problem in a *rule* is a [`Diagnostic`]: a name, a message, labelled places, and a fix where one is known.
//! A problem in our surroundings (a file that cannot be read) is an error of the program that met it.
//! This crate knows nothing of rules or queries, and does no input or output: [`render`] returns text.

mod diagnostic;
mod fix;
pub mod render;
mod source_map;
mod span;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use fix::{Edit, Fix, apply};
pub use source_map::{Position, SourceFile, SourceMap};
pub use span::{FileId, Span, Spanned};
