//! A text as an editor sees it: lines, and columns in the units that were agreed on.
//!
//! Promises: every position has an offset and every offset a position, whatever an editor sends; a place inside a
//! character is its start, one behind a line is the line's end. Lines end with `\n`, `\r\n` or `\r`, as the protocol has it.

use lsp_types::{Position, Range, TextDocumentContentChangeEvent};
use rulecast_diagnostics::Span;

/// What columns count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16; what the protocol means unless something else is agreed on.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// A text, and where its lines begin.
#[derive(Clone, Debug)]
pub struct Text {
    whole: String,
    /// The first byte of each line.
    lines: Vec<usize>,
    encoding: Encoding,
}

impl Text {
    /// A text whose columns count in these units.
    pub fn new(text: impl Into<String>, encoding: Encoding) -> Self {
        let text = text.into();
        Self { lines: lines(&text), whole: text, encoding }
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// What its columns count.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The offset of a position.
    pub fn offset(&self, position: Position) -> usize {
        let Some(&start) = self.lines.get(position.line as usize) else { return self.whole.len() };
        let line = self.line(position.line as usize);
        let column = position.character as usize;
        let within = match self.encoding {
            Encoding::Utf8 => line.floor_char_boundary(column),
            Encoding::Utf16 => column_to_offset(line, column, char::len_utf16),
            Encoding::Utf32 => column_to_offset(line, column, |_| 1),
        };
        start + within
    }

    /// The position of an offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.whole.floor_char_boundary(offset);
        let line = self.lines.partition_point(|start| *start <= offset) - 1;
        let before = &self.whole[self.lines[line]..offset];
        let column = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => before.chars().count(),
        };
        Position::new(line as u32, column as u32)
    }

    /// The range of some bytes.
    pub fn range(&self, start: usize, end: usize) -> Range {
        Range::new(self.position(start), self.position(end.max(start)))
    }

    /// The range of a span of this text.
    pub fn span(&self, span: Span) -> Range {
        self.range(span.start as usize, span.end as usize)
    }

    /// Makes a change of an editor: the text of a range, or all of it.
    pub fn change(&mut self, change: TextDocumentContentChangeEvent) {
        match change.range {
            None => *self = Text::new(change.text, self.encoding),
            Some(range) => {
                let start = self.offset(range.start);
                let end = self.offset(range.end).max(start);
                self.whole.replace_range(start..end, &change.text);
                self.lines = lines(&self.whole);
            }
        }
    }

    /// A line without its end.
    fn line(&self, line: usize) -> &str {
        let end = self.lines.get(line + 1).copied().unwrap_or(self.whole.len());
        self.whole[self.lines[line]..end].trim_end_matches(['\n', '\r'])
    }
}

fn column_to_offset(line: &str, column: usize, width: impl Fn(char) -> usize) -> usize {
    let mut seen = 0;
    for (at, character) in line.char_indices() {
        let next = seen + width(character);
        if next > column {
            return at;
        }
        seen = next;
    }
    line.len()
}

fn lines(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Text};
    use lsp_types::{Position, Range, TextDocumentContentChangeEvent};

    fn check(text: &str, encoding: Encoding, position: (u32, u32), offset: usize, back: (u32, u32)) {
        let text = Text::new(text, encoding);
        assert_eq!(text.offset(Position::new(position.0, position.1)), offset);
        assert_eq!(text.position(offset), Position::new(back.0, back.1));
    }

    #[test]
    fn columns_count_in_the_agreed_units() {
        let text = "a: é😀b\nc";
        check(text, Encoding::Utf8, (0, 9), 9, (0, 9));
        check(text, Encoding::Utf16, (0, 6), 9, (0, 6));
        check(text, Encoding::Utf32, (0, 5), 9, (0, 5));
    }

    #[test]
    fn a_place_inside_a_character_is_its_start() {
        check("a: é😀b\nc", Encoding::Utf8, (0, 7), 5, (0, 5));
        check("a: é😀b\nc", Encoding::Utf16, (0, 5), 5, (0, 4));
    }

    #[test]
    fn a_place_behind_a_line_is_its_end() {
        check("a\r\nb\rc\n", Encoding::Utf16, (0, 99), 1, (0, 1));
        check("a\r\nb\rc\n", Encoding::Utf16, (1, 99), 4, (1, 1));
        check("a\r\nb\rc\n", Encoding::Utf16, (2, 1), 6, (2, 1));
        check("a\r\nb\rc\n", Encoding::Utf16, (3, 0), 7, (3, 0));
        check("a\r\nb\rc\n", Encoding::Utf16, (9, 9), 7, (3, 0));
    }

    #[test]
    fn changes_are_made_in_order() {
        let mut text = Text::new("x😀y\nz", Encoding::Utf16);
        let change = |from: (u32, u32), to: (u32, u32), with: &str| TextDocumentContentChangeEvent {
            range: Some(Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1))),
            range_length: None,
            text: with.to_owned(),
        };
        text.change(change((0, 3), (1, 0), "é\r\n"));
        assert_eq!(text.as_str(), "x😀é\r\nz");
        text.change(change((1, 0), (0, 0), "w"));
        assert_eq!(text.as_str(), "x😀é\r\nwz", "a range that ends before it starts is empty");
        text.change(TextDocumentContentChangeEvent { range: None, range_length: None, text: "q".to_owned() });
        assert_eq!(text.as_str(), "q");
    }
}
