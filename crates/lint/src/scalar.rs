//! Scalars as they stand in the text, for edits that keep their quotes.

use rulecast_diagnostics::{Edit, Span};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// A scalar without its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'a> {
    /// As in the file, escapes and all.
    pub(crate) text: &'a str,
    /// Its place.
    pub(crate) span: Span,
    pub(crate) style: Style,
}

impl<'a> Written<'a> {
    /// The scalar at `span` of the file `text`.
    pub(crate) fn at(text: &'a str, span: Span) -> Self {
        let (start, end) = (text.floor_char_boundary(span.start as usize), text.floor_char_boundary(span.end as usize));
        let whole = &text[start..end.max(start)];
        let style = match whole.as_bytes() {
            [b'\'', .., b'\''] if whole.len() > 1 => Style::Single,
            [b'"', .., b'"'] if whole.len() > 1 => Style::Double,
            [b'|' | b'>', ..] => Style::Block,
            _ => Style::Plain,
        };
        match style {
            Style::Single | Style::Double => {
                let span = Span { start: span.start + 1, end: span.end - 1, ..span };
                Self { text: &whole[1..whole.len() - 1], span, style }
            }
            Style::Plain | Style::Block => Self { text: whole, span, style },
        }
    }

    /// Whether the text is the scalar's, character for character: then a part of one is the same part of the other.
    pub(crate) fn is_verbatim(&self, decoded: &str) -> bool {
        matches!(self.style, Style::Plain | Style::Single) && self.text == decoded
    }

    /// The place of some bytes of it.
    pub(crate) fn part(&self, start: usize, end: usize) -> Span {
        Span { start: self.span.start + start as u32, end: self.span.start + end as u32, ..self.span }
    }

    /// The first place of `part`, or else the whole.
    pub(crate) fn find(&self, part: &str) -> Span {
        self.text.find(part).map_or(self.span, |at| self.part(at, at + part.len()))
    }
}

/// Takes out an entry of a list, with its line. Only of a list with an entry a line: others are left to people.
pub(crate) fn delete_entry(text: &str, entry: Span) -> Option<Edit> {
    let (line, before, after) = line_of(text, entry)?;
    (before.trim() == "-" && after.trim().is_empty()).then(|| Edit::delete(line))
}

/// Takes out a `key: value` of a document, with its line.
pub(crate) fn delete_key(text: &str, key: &str, value: Span) -> Option<Edit> {
    let (line, before, after) = line_of(text, value)?;
    let is_key = before.strip_prefix(key).is_some_and(|rest| rest.trim() == ":");
    (is_key && after.trim().is_empty()).then(|| Edit::delete(line))
}

/// The line that holds all of `span`, with its line end, and what stands before and after in it.
fn line_of(text: &str, span: Span) -> Option<(Span, &str, &str)> {
    let (from, to) = (span.start as usize, span.end as usize);
    let start = text.get(..from)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(to..)?.find('\n').map_or(text.len(), |at| to + at + 1);
    let one_line = !text[from..to].contains('\n') && text[..end].ends_with('\n');
    one_line.then(|| (Span::new(span.file, start, end), &text[start..from], &text[to..end]))
}
