//! Problems with the texts that they are about.

pub use rulecast_compile::{CANNOT_EXPRESS, refusal};
use rulecast_diagnostics::{Diagnostic, SourceMap, render};
use std::fmt::Write;

/// The most problems of one file that are shown to a person. Programs get them all.
const MOST: usize = 100;

/// What is wrong with some files.
#[derive(Debug, Default)]
pub struct Problems {
    /// In the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: SourceMap,
}

impl Problems {
    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// For people.
    pub fn text(&self, colour: bool) -> String {
        text(&self.diagnostics, &self.sources, colour)
    }
}

/// Problems for people.
pub fn text(diagnostics: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    let shown = &diagnostics[..diagnostics.len().min(MOST)];
    let mut text = render::text(shown, sources, colour);
    if let Some(first) = diagnostics.get(MOST) {
        let name = &sources.file(first.at.span.file).name;
        let further = diagnostics.len() - MOST;
        let noun = if further == 1 { "problem" } else { "problems" };
        let _ = writeln!(text, "… and {further} further {noun} in {name}\n");
    }
    text
}
