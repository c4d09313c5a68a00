//! Canonical S-expressions: a text for a tree, and no other text for the same tree.
//!
//! An atom is its length in bytes, a colon, and the bytes; a list is its members between parentheses. Source: RFC 9804,
//! section 4.1.

use std::fmt::{Display, Write};

/// The canonical text of an expression.
#[derive(Debug, Default)]
pub(super) struct Expression(String);

impl Expression {
    /// An atom of these characters.
    pub(super) fn atom(text: &str) -> String {
        format!("{}:{text}", text.len())
    }

    /// A list that begins with its name.
    pub(super) fn list(name: &str) -> Self {
        let mut list = Self("(".to_owned());
        list.word(name);
        list
    }

    /// Adds an atom.
    pub(super) fn word(&mut self, text: &str) {
        let _ = write!(self.0, "{}:{text}", text.len());
    }

    /// The list with one more atom.
    pub(super) fn with(mut self, text: &str) -> Self {
        self.word(text);
        self
    }

    /// The list with one more atom, the decimal text of a number.
    pub(super) fn with_number(self, number: impl Display) -> Self {
        self.with(&number.to_string())
    }

    /// The list with expressions that are whole already.
    pub(super) fn with_all(mut self, parts: impl IntoIterator<Item = String>) -> Self {
        self.0.extend(parts);
        self
    }

    /// The same, of which neither the order nor the number of times that each is there means anything.
    pub(super) fn with_set(self, parts: impl IntoIterator<Item = String>) -> Self {
        self.with_all(sorted(parts))
    }

    /// The whole list.
    pub(super) fn end(mut self) -> String {
        self.0.push(')');
        self.0
    }
}

/// Each once, in the order of their bytes.
pub(super) fn sorted(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut parts: Vec<String> = parts.into_iter().collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}
