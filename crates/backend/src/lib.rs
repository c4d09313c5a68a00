//! The seam between the IR and a query language.
//!
//! A language is a crate of its own: a syntax tree, a lowering into it, and a [`Display`](std::fmt::Display) that prints
//! it. It implements [`Backend`] and answers every [`Feature`] in [`Backend::support`]; the languages share the boolean
//! structure ([`rulecast_ir::Logic`]) and its one printer ([`Connectives`]), and nothing else. They cannot see each other.

mod backend;
mod comment;
mod feature;
mod print;

pub use backend::{Backend, Emitted, Language, Role, check};
pub use comment::comment_text;
pub use feature::{Feature, Required, Support, for_each_required};
pub use print::{Connectives, Not};
