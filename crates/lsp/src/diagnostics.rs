//! Problems as editors show them.

use crate::session::{Problems, View};
use crate::text::{Encoding, Text};
use crate::uri;
use lsp_types::{DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Range, TextEdit, Uri};
use rulecast_diagnostics::{Diagnostic, FileId, Fix, Severity, SourceMap, Span};
use serde_json::json;
use std::path::Path;

/// Who finds them.
pub(crate) const SOURCE: &str = "rulecast";

/// All problems of a text.
pub(crate) fn of(view: &View<'_>) -> Vec<lsp_types::Diagnostic> {
    let uri_of = |file: FileId| match file.shared_index() {
        None if file == FileId(0) => Some(view.uri.clone()),
        None => view.project.uri(&view.analysis().sources.file(file).name),
        Some(_) => uri::of_path(Path::new(&view.analysis().sources.file(file).name)),
    };
    let places = Places { file: FileId(0), text: view.text, sources: &view.analysis().sources, uri_of: &uri_of };
    view.analysis().diagnostics.iter().enumerate().map(|(index, one)| places.problem(one, index)).collect()
}

/// The problems of files that are not open, as of a configuration.
pub(crate) fn of_files(problems: &rulecast_repository::Problems, encoding: Encoding) -> Vec<Problems> {
    let sources = &problems.sources;
    let files = problems.diagnostics.iter().map(|problem| problem.at.span.file);
    let mut files: Vec<FileId> = files.collect();
    files.dedup();
    let of_file = |file: FileId| {
        let name = &sources.file(file).name;
        let text = Text::new(sources.file(file).text.as_str(), encoding);
        let uri_of = |file: FileId| uri::of_path(Path::new(&sources.file(file).name));
        let own = problems.diagnostics.iter().filter(|problem| problem.at.span.file == file);
        let places = Places { file, text: &text, sources, uri_of: &uri_of };
        let diagnostics = own.enumerate().map(|(index, one)| places.problem(one, index)).collect();
        Some(Problems { uri: uri::of_path(Path::new(name))?, version: None, diagnostics })
    };
    files.into_iter().filter_map(of_file).collect()
}

/// The edits of a fix, in the text that they are of.
pub(crate) fn edits(text: &Text, fix: &Fix) -> Vec<TextEdit> {
    fix.edits.iter().map(|edit| TextEdit { range: text.span(edit.span), new_text: edit.text.clone() }).collect()
}

/// What turns spans into places.
struct Places<'a> {
    /// The file that is looked at, and its text.
    file: FileId,
    text: &'a Text,
    sources: &'a SourceMap,
    uri_of: &'a dyn Fn(FileId) -> Option<Uri>,
}

impl Places<'_> {
    fn problem(&self, problem: &Diagnostic, index: usize) -> lsp_types::Diagnostic {
        let mut message = problem.message.clone();
        if !problem.at.text.is_empty() {
            message.push_str(": ");
            message.push_str(&problem.at.text);
        }
        let help = problem.help.iter().map(|help| format!("help: {help}"));
        for line in help.chain(problem.notes.iter().map(|note| format!("note: {note}"))) {
            message.push('\n');
            message.push_str(&line);
        }
        let also = problem.also.iter().filter_map(|label| {
            let (uri, range) = self.place(label.span)?;
            let message = if label.text.is_empty() { problem.message.clone() } else { label.text.clone() };
            Some(DiagnosticRelatedInformation { location: Location { uri, range }, message })
        });
        let mut also: Vec<DiagnosticRelatedInformation> = also.collect();
        let is_here = problem.at.span.file == self.file;
        if !is_here && let Some((uri, range)) = self.place(problem.at.span) {
            // What stands in another file, as of a pipeline, is shown where the text begins, and says where it stands.
            let location = Location { uri, range };
            also.insert(0, DiagnosticRelatedInformation { location, message: problem.message.clone() });
        }
        lsp_types::Diagnostic {
            range: if is_here { self.text.span(problem.at.span) } else { self.text.range(0, 0) },
            severity: Some(match problem.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(problem.name.to_owned())),
            code_description: None,
            source: Some(SOURCE.to_owned()),
            message,
            related_information: (!also.is_empty()).then_some(also),
            tags: None,
            data: problem.fix.as_ref().map(|fix| json!({ "problem": index, "safe": fix.safe })),
        }
    }

    fn place(&self, span: Span) -> Option<(Uri, Range)> {
        let uri = (self.uri_of)(span.file)?;
        if span.file == self.file {
            return Some((uri, self.text.span(span)));
        }
        let text = Text::new(self.sources.file(span.file).text.as_str(), self.text.encoding());
        Some((uri, text.span(span)))
    }
}
