//! From YAML nodes to documents: every attribute read, typed and checked.
//!
//! A wrong part is reported and left out, and reading goes on. What the parts mean together (whether a condition names
//! selections that exist, whether modifiers may follow each other) is not decided here.

mod attributes;
mod classification;
mod correlation;
mod detection;
mod document;
mod expect;
mod extras;
mod filter;
mod tests;

pub(crate) use document::document;

use rulecast_diagnostics::{Diagnostic, Span};

/// Reads the nodes of one document.
struct Decoder<'a> {
    /// The whole file, which spans point into.
    text: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Decoder<'_> {
    /// Reports an error and says that nothing came of it.
    fn refuse<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// Reports an error at `span`, with a label and a fix.
    fn error(&mut self, name: &'static str, span: Span, message: String, label: &str, help: &str) {
        let diagnostic = Diagnostic::error(name, span, message).label(label);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }
}
