//! Diagnostics for people, as rustc shows them.

use super::Places;
use super::words::tame;
use crate::{Diagnostic, FileId, Label, Severity, SourceMap};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

/// The longest underline, in characters: a mark says where to look, and a rule may be one line of 300 KB.
const MAX_MARK: usize = 60;

/// The most lines from the first mark to the last that are handed on as one piece of text.
const MAX_LINES_APART: usize = 200;

/// Each diagnostic with the lines it is about, an empty line after each.
pub fn text(diagnostics: &[Diagnostic], sources: &SourceMap, colour: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let places = Places::new(sources);
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&[group(diagnostic, &places)]));
        out.push_str("\n\n");
    }
    out
}

/// One diagnostic without colour.
pub(super) fn one(diagnostic: &Diagnostic, places: &Places<'_>) -> String {
    Renderer::plain().render(&[group(diagnostic, places)])
}

fn group<'a>(diagnostic: &'a Diagnostic, places: &Places<'a>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group =
        level.primary_title(tame(&diagnostic.message)).id(diagnostic.name).elements(snippets(diagnostic, places));
    let fixable = diagnostic.fix.as_ref().is_some_and(|fix| fix.safe);
    match &diagnostic.help {
        Some(help) if fixable => group = group.element(Level::HELP.message(format!("{} (fixable)", tame(help)))),
        Some(help) => group = group.element(Level::HELP.message(tame(help))),
        None if fixable => group = group.element(Level::HELP.message("fixable")),
        None => {}
    }
    group.elements(diagnostic.notes.iter().map(|note| Level::NOTE.message(tame(note))))
}

/// A piece of a file: the lines from one mark to another, with the marks in between.
struct Piece<'a> {
    file: FileId,
    first: usize,
    last: usize,
    marks: Vec<(AnnotationKind, &'a Label)>,
}

/// The place of the problem first, then the others; places near one another in one piece.
fn snippets<'a>(diagnostic: &'a Diagnostic, places: &Places<'a>) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let also = diagnostic.also.iter().map(|label| (AnnotationKind::Context, label));
    for (kind, label) in std::iter::once((AnnotationKind::Primary, &diagnostic.at)).chain(also) {
        let file = label.span.file;
        let line = places.line(file, label.span.start as usize);
        let near = pieces
            .iter_mut()
            .find(|piece| piece.file == file && piece.last.max(line) - piece.first.min(line) <= MAX_LINES_APART);
        match near {
            Some(piece) => {
                piece.first = piece.first.min(line);
                piece.last = piece.last.max(line);
                piece.marks.push((kind, label));
            }
            None => pieces.push(Piece { file, first: line, last: line, marks: vec![(kind, label)] }),
        }
    }
    pieces.iter().map(|piece| snippet(piece, places)).collect()
}

/// Only the lines of the piece are handed on, and a mark ends with its line: the whole file need not be looked through
/// for each problem.
fn snippet<'a>(piece: &Piece<'a>, places: &Places<'a>) -> Snippet<'a, Annotation<'a>> {
    let file = places.sources().file(piece.file);
    let start = places.line_range(piece.file, piece.first).start;
    let end = places.line_range(piece.file, piece.last).end;
    let marks = piece.marks.iter().map(|(kind, label)| {
        let line = places.line_range(piece.file, places.line(piece.file, label.span.start as usize));
        let from = file.text.floor_char_boundary(label.span.start as usize).min(line.end);
        let to = file.text.floor_char_boundary(label.span.end.max(label.span.start) as usize).clamp(from, line.end);
        let length = file.text[from..to].char_indices().nth(MAX_MARK).map_or(to - from, |(at, _)| at);
        let mark = kind.span(from - start..from - start + length);
        if label.text.is_empty() { mark } else { mark.label(tame(&label.text)) }
    });
    Snippet::source(&file.text[start..end]).line_start(piece.first + 1).path(tame(&file.name)).annotations(marks)
}

#[cfg(test)]
mod tests;
