//! Sigma YAML text to rule documents.
//!
//! [`parse`] reads a file of one or more documents and reports every problem it can find, each at its place; it still
//! returns what it could read. The documents stay near the YAML and store no meaning: a value keeps its spelling, a
//! modifier its name, a condition its selectors. `rulecast-ir` gives them meaning.
//!
//! Source: the Sigma specification 2.1.0 (2025-08-02), its rules, correlation and filter documents.

pub mod ast;
mod collection;
mod condition;
mod decode;
mod parse;
mod placeholders;
mod problems;
mod scalar;
mod scope;
mod suggest;
mod yaml;

pub use ast::Document;
pub use condition::{MAX_CONDITION_BYTES, MAX_CONDITION_DEPTH};
pub use parse::{MAX_FILE_BYTES, Parsed, nodes, parse, text};
pub use placeholders::{ParsedPlaceholders, placeholders};
pub use scope::{SCOPE_KEYS, SCOPE_LANGUAGES, is_scope_key, scope, scope_keys};
pub use suggest::closest;
pub use yaml::{MAX_ALIAS_NODES, MAX_DEPTH, Piece, outline};
