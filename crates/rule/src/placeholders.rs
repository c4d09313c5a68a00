//! Files with the values of placeholders: `name: value`, or `name: [value, …]`.
//!
//! YAML, and so JSON too. Values are text or numbers; a number stays as it is written.

use crate::decode::Decoder;
use crate::problems::Problems;
use crate::yaml;
use rulecast_diagnostics::{Diagnostic, FileId, Span, Spanned};

/// What a file of placeholders holds, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct ParsedPlaceholders {
    /// Names with their values, in the order of the text; each has one or more.
    pub values: Vec<(Spanned<String>, Vec<String>)>,
    /// All problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file of placeholders.
pub fn placeholders(file: FileId, text: &str) -> ParsedPlaceholders {
    let mut problems = Problems::default();
    if let Some(refusal) = crate::parse::refuse(file, text) {
        return ParsedPlaceholders { values: Vec::new(), diagnostics: vec![refusal] };
    }
    let roots = yaml::read(file, text, &mut problems);
    if roots.is_empty() && problems.is_empty() {
        let span = Span::new(file, 0, 0);
        problems.push(
            Diagnostic::error("empty-file", span, "file holds no placeholder").help("write lines `name: [value, …]`"),
        );
    }
    let mut decoder = Decoder::new(text, &mut problems);
    let values = roots.into_iter().flat_map(|root| decoder.placeholders(root)).collect();
    ParsedPlaceholders { values, diagnostics: problems.into_diagnostics() }
}
