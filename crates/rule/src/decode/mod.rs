//! From YAML nodes to documents: every attribute read, typed and checked.
//!
//! A wrong part is reported and left out, and reading goes on. What the parts mean together (whether a condition names
//! selections that exist, whether modifiers may follow each other) is not decided here.

mod attributes;
mod classification;
mod correlation;
mod detection;
mod document;
mod duration;
mod expect;
mod extras;
mod filter;
mod placeholders;
mod tests;

pub(crate) use document::document;

use crate::problems::Problems;
use rulecast_diagnostics::{Diagnostic, Edit, Fix, Span};

/// Reads the nodes of documents.
pub(crate) struct Decoder<'a> {
    /// The whole file, which spans point into.
    text: &'a str,
    problems: &'a mut Problems,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(text: &'a str, problems: &'a mut Problems) -> Self {
        Self { text, problems }
    }

    /// Reports an error and says that nothing came of it.
    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.problems.push(diagnostic);
        None
    }

    /// The part of `span` that stands on its first line.
    fn first_line(&self, span: Span) -> Span {
        let text = &self.text[span.start as usize..span.end as usize];
        let len = text.lines().next().map_or(0, |line| line.trim_end().len());
        Span { end: span.start + len as u32, ..span }
    }

    /// A fix that writes `new` for `old` at `span`, quoted as before; none where the two are spelt too differently.
    fn respell(&self, span: Span, old: &str, new: &str) -> Option<Fix> {
        let written = &self.text[span.start as usize..span.end as usize];
        let at = written.find(old).filter(|_| !new.contains(['\'', '"', '\\']))?;
        let place = Span::new(span.file, span.start as usize + at, span.start as usize + at + old.len());
        Some(Fix { edits: vec![Edit::replace(place, new)], safe: true })
    }

    /// Reports an error at `span`, with a label and a fix.
    fn error(&mut self, name: &'static str, span: Span, message: String, label: &str, help: &str) {
        let diagnostic = Diagnostic::error(name, span, message).label(label);
        self.problems.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }
}
