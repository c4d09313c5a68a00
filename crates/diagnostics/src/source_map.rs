//! The texts that spans point into.

use crate::{FileId, Span};
use std::sync::Arc;

/// A source file: its name as the user gave it, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as given, with `/` between its parts, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// Files of every compilation of a run, under ids of their own.
    shared: Arc<[SourceFile]>,
}

/// A place as people count: from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

impl SourceMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map without files of its own, for a compilation that shares those of another map.
    ///
    /// The shared ones are known by [`FileId::shared`], whatever is added.
    #[must_use]
    pub fn sharing(&self) -> Self {
        let shared = if self.files.is_empty() { self.shared.clone() } else { self.files.as_slice().into() };
        Self { files: Vec::new(), shared }
    }

    /// The files that it shares with others, in the order of their ids.
    pub fn shared(&self) -> &[SourceFile] {
        &self.shared
    }

    /// Adds a file and returns its id.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(SourceFile { name: name.into(), text: text.into() });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file of that id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        match id.shared_index() {
            Some(index) => &self.shared[index],
            None => &self.files[id.0 as usize],
        }
    }

    /// All files of its own, in the order they were added.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text at `span`; shortened to whole characters if the span cuts one.
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.file(span.file).text;
        let floor = |at: u32| text.floor_char_boundary(at as usize);
        &text[floor(span.start)..floor(span.end.max(span.start))]
    }

    /// Line and column of the start of `span`.
    pub fn position(&self, span: Span) -> Position {
        self.position_of(span.file, span.start as usize)
    }

    /// Line and column of a byte offset.
    pub fn position_of(&self, file: FileId, offset: usize) -> Position {
        let text = &self.file(file).text;
        let before = &text[..text.floor_char_boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}
