//! What the formats of programs are told beside the diagnostics.

use crate::{Diagnostic, Severity, SourceMap, Span};

/// Diagnostics of one compilation, with the files that they speak of.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// In the order in which they are reported.
    pub diagnostics: &'a [Diagnostic],
    /// The files.
    pub sources: &'a SourceMap,
    /// The place of each document that has an id, and the id.
    pub ids: &'a [(Span, String)],
}

impl Batch<'_> {
    /// The id of the document that holds a place.
    pub(super) fn id_at(&self, at: Span) -> Option<&str> {
        let holds = |document: &Span| document.file == at.file && (document.start..document.end).contains(&at.start);
        self.ids.iter().find(|(document, _)| holds(document)).map(|(_, id)| id.as_str())
    }
}

/// A kind of problem, in words that hold of all its instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// What it finds, in one line.
    pub summary: String,
    /// Why that matters and how to mend it, as plain text.
    pub reason: String,
    /// The reason with examples, in Markdown.
    pub page: String,
    /// How much it matters by default.
    pub severity: Severity,
}

/// Where kinds of problems are described: this crate knows none of them.
pub trait Catalogue {
    /// The kind of that name, if it is described.
    fn describe(&self, name: &str) -> Option<Description>;
}

/// The program that reports.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}
