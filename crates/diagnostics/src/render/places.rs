//! Lines and columns of many spans.

use crate::{FileId, Position, SourceMap, Span};
use std::ops::Range;

/// Where the lines of each file begin, found once: asking for the place of each of thousands of spans stays cheap.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    sources: &'a SourceMap,
    /// By file, the byte offset of each line.
    starts: Vec<Vec<u32>>,
    shared: Vec<Vec<u32>>,
}

impl<'a> Places<'a> {
    /// Reads through all files of `sources`.
    pub fn new(sources: &'a SourceMap) -> Self {
        let starts = |files: &[crate::SourceFile]| files.iter().map(|file| line_starts(&file.text)).collect();
        Self { sources, starts: starts(sources.files()), shared: starts(sources.shared()) }
    }

    /// The files.
    pub fn sources(&self) -> &'a SourceMap {
        self.sources
    }

    /// Line and column of the start of `span`.
    pub fn start(&self, span: Span) -> Position {
        self.position(span.file, span.start as usize)
    }

    /// Line and column just after `span`.
    pub fn end(&self, span: Span) -> Position {
        self.position(span.file, span.end.max(span.start) as usize)
    }

    /// Line and column of a byte offset; that of the end of the text if it lies beyond.
    pub fn position(&self, file: FileId, offset: usize) -> Position {
        let text = &self.sources.file(file).text;
        let offset = text.floor_char_boundary(offset);
        let line = self.line(file, offset);
        let start = self.line_range(file, line).start;
        Position { line: line + 1, column: text[start..offset].chars().count() + 1 }
    }

    fn starts(&self, file: FileId) -> &[u32] {
        match file.shared_index() {
            Some(index) => &self.shared[index],
            None => &self.starts[file.0 as usize],
        }
    }

    /// The line that holds a byte offset, from 0.
    pub(super) fn line(&self, file: FileId, offset: usize) -> usize {
        self.starts(file).partition_point(|start| *start as usize <= offset) - 1
    }

    /// The bytes of a line, from 0, without its line end.
    pub(super) fn line_range(&self, file: FileId, line: usize) -> Range<usize> {
        let text = &self.sources.file(file).text;
        let starts = self.starts(file);
        let start = starts[line] as usize;
        let end = starts.get(line + 1).map_or(text.len(), |next| *next as usize);
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at as u32 + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::{FileId, SourceMap, Span};

    #[test]
    fn agrees_with_the_source_map_at_every_offset() {
        let mut sources = SourceMap::new();
        for text in ["", "a", "a\r\nbé\n\n→x", "\n", "last\n"] {
            sources.add("f", text);
        }
        let places = Places::new(&sources);
        for (index, file) in sources.files().iter().enumerate() {
            for offset in 0..=file.text.len() + 2 {
                let id = FileId(index as u32);
                assert_eq!(places.position(id, offset), sources.position_of(id, offset), "{:?} at {offset}", file.text);
                let span = Span::new(id, offset, offset);
                assert_eq!(places.start(span), places.end(span));
            }
        }
    }
}
