//! A file to its documents.

use crate::ast::Node;
use crate::problems::{Problems, TOO_MANY};
use crate::scalar::into_node;
use crate::{Document, collection, decode, yaml};
use rulecast_diagnostics::{Diagnostic, FileId, Span, Spanned};

/// The largest file that is read, in bytes. The largest rule of the public collections has 300 KB.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;

/// What a file holds, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The documents that could be read, in order. One with errors may lack parts.
    pub documents: Vec<Document>,
    /// All problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Documents with an error, also in a part that a rule collection gave them.
    unsound: Vec<Span>,
}

impl Parsed {
    /// Whether anything is wrong that keeps the file from being compiled.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether a document of this file has no error of its own, so that all of it was read.
    pub fn is_sound(&self, document: &Document) -> bool {
        let Span { file, start, end } = document.span;
        !self.unsound.contains(&document.span)
            && !self.diagnostics.iter().any(|diagnostic| {
                let at = diagnostic.at.span;
                let is_here = at.file == file && (start..=end).contains(&at.start);
                diagnostic.is_error() && (is_here || diagnostic.name == TOO_MANY)
            })
    }
}

/// Reads the documents of a file.
///
/// Empty documents are skipped. A mistake in the YAML itself ends the reading: the documents before it are returned.
pub fn parse(file: FileId, text: &str) -> Parsed {
    let mut problems = Problems::default();
    if let Some(refusal) = refuse(file, text) {
        return Parsed { diagnostics: vec![refusal], ..Parsed::default() };
    }
    let roots = yaml::read(file, text, &mut problems);
    if roots.is_empty() && problems.is_empty() {
        problems.push(
            Diagnostic::error("empty-file", Span::new(file, 0, 0), "file holds no rule")
                .help("a rule has at least `title`, `logsource` and `detection`"),
        );
    }
    let roots = collection::merged(roots, &mut problems);
    let mut documents = Vec::with_capacity(roots.len());
    let mut unsound = Vec::new();
    for root in roots {
        let errors_before = problems.errors();
        let document = decode::document(text, root, &mut problems);
        if problems.errors() > errors_before {
            unsound.extend(document.as_ref().map(|document| document.span));
        }
        documents.extend(document);
    }
    Parsed { documents, diagnostics: problems.into_diagnostics(), unsound }
}

/// Reads the YAML documents of a file that is no rule: a pipeline, a list of values. Scalars are resolved as in rules.
///
/// What can be read past is reported; a mistake in the YAML itself ends the reading.
pub fn nodes(file: FileId, text: &str) -> (Vec<Spanned<Node>>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    if let Some(refusal) = refuse(file, text) {
        return (Vec::new(), vec![refusal]);
    }
    let roots = yaml::read(file, text, &mut problems);
    (roots.into_iter().map(into_node).collect(), problems.into_diagnostics())
}

/// The bytes of a file as text, to put into a source map and to [`parse`].
///
/// The error is a diagnostic for bytes that are not UTF-8; its place is that in the bytes, and in their lossy decoding.
pub fn text(file: FileId, bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let span = Span::new(file, error.valid_up_to(), error.valid_up_to() + 1);
        Box::new(if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            Diagnostic::error("not-text", span, "file is UTF-16").help("save the file as UTF-8")
        } else if bytes.contains(&0) {
            binary(span)
        } else {
            Diagnostic::error("not-text", span, format!("byte 0x{:02X} is not UTF-8", bytes[error.valid_up_to()]))
                .help("save the file as UTF-8")
        })
    })
}

fn binary(span: Span) -> Diagnostic {
    Diagnostic::error("not-text", span, "file is binary").help("rules are YAML text in UTF-8")
}

/// Why the file is not to be read at all.
pub(crate) fn refuse(file: FileId, text: &str) -> Option<Diagnostic> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("file is larger than {} MiB", MAX_FILE_BYTES / (1024 * 1024));
        return Some(Diagnostic::error("file-too-large", Span::new(file, 0, 0), message).help("split the file"));
    }
    text.find('\0').map(|at| binary(Span::new(file, at, at + 1)))
}
