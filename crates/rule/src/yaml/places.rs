//! From an offset in a decoded scalar to its place in the file.

use super::Style;
use rulecast_diagnostics::Span;

/// The places of the characters of one decoded scalar.
///
/// Quotes, escapes, folded lines and indentation make the text of a file differ from the scalar it stands for. Where the
/// two cannot be aligned (escapes in double quotes), every part of the scalar has the place of the whole.
#[derive(Debug)]
pub(crate) struct Places {
    whole: Span,
    offsets: Offsets,
}

#[derive(Debug)]
enum Offsets {
    /// The scalar stands in the file as it is, this far from the start of the span.
    Shift(u32),
    /// For each byte of the scalar, and its end, how far from the start of the span.
    Table(Vec<u32>),
    /// Not known.
    Unknown,
}

impl Places {
    /// The places of `decoded`, which stands at `span` of `file_text`.
    pub(crate) fn new(file_text: &str, decoded: &str, style: Style, span: Span) -> Self {
        let raw = file_text.get(span.start as usize..span.end as usize).unwrap_or("");
        let quotes = usize::from(matches!(style, Style::SingleQuoted | Style::DoubleQuoted));
        let offsets = if raw.len() == decoded.len() + 2 * quotes {
            Offsets::Shift(quotes as u32)
        } else if style == Style::DoubleQuoted && raw.contains('\\') {
            Offsets::Unknown
        } else {
            let inner = raw.get(quotes..raw.len().saturating_sub(quotes)).unwrap_or("");
            align(inner.as_bytes(), decoded.as_bytes(), style == Style::SingleQuoted, quotes as u32)
                .map_or(Offsets::Unknown, Offsets::Table)
        };
        Self { whole: span, offsets }
    }

    /// The place of the bytes `start..end` of the scalar.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let at = |offset: u32| self.whole.start + offset;
        let (start, end) = match &self.offsets {
            Offsets::Shift(shift) => (at(start as u32 + shift), at(end as u32 + shift)),
            // The end of a part is the end of its last byte: between two bytes may lie a line break.
            Offsets::Table(table) if end > start => (at(table[start]), at(table[end - 1] + 1)),
            Offsets::Table(table) => (at(table[start]), at(table[start])),
            Offsets::Unknown => (self.whole.start, self.whole.end),
        };
        Span { file: self.whole.file, start, end }
    }
}

/// Where each byte of `decoded` stands in `raw`: equal but for runs of white space, and doubled single quotes.
fn align(raw: &[u8], decoded: &[u8], doubled_quotes: bool, shift: u32) -> Option<Vec<u32>> {
    let run = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut table = Vec::with_capacity(decoded.len() + 1);
    let (mut at, mut next) = (0, 0);
    while next < decoded.len() {
        let blanks = run(&decoded[next..]);
        if blanks > 0 {
            let raw_blanks = run(&raw[at..]);
            table.extend((0..blanks).map(|i| (at + i.min(raw_blanks)) as u32 + shift));
            at += raw_blanks;
            next += blanks;
            continue;
        }
        if raw.get(at) != Some(&decoded[next]) {
            return None;
        }
        table.push(at as u32 + shift);
        at += if doubled_quotes && raw[at..].starts_with(b"''") { 2 } else { 1 };
        next += 1;
    }
    table.push(at as u32 + shift);
    Some(table)
}
