//! The keys and values of a YAML text, by its indentation: for texts that are being written.
//!
//! A parser gives up where a quote is open; an editor asks just there. So this reads line by line, takes every line as far
//! as it goes, and never fails. Promises: of YAML that people write in rules, each key and value has its place and its
//! parent. Lacks: anchors, tags, keys over several lines, and whether a scalar is well-formed; for these, there is the
//! parser.

mod flow;
mod place;

pub(crate) use place::{Place, Slot};

use flow::Token;
use std::ops::Range;

/// A text's keys and entries of lists.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// In the order of the text.
    pub(crate) entries: Vec<Entry>,
    /// Parts of values in braces and brackets.
    tokens: Vec<Token>,
    /// The first byte of each document.
    documents: Vec<usize>,
}

/// A `key: value`, or an entry of a list.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The entry that it is in.
    pub(crate) parent: Option<usize>,
    /// The key without its quotes; nothing for an entry of a list.
    pub(crate) key: Option<Range<usize>>,
    /// The value without comments, quotes and all; empty where none is written or where entries follow.
    pub(crate) value: Range<usize>,
    /// Where it begins: its key, or its dash.
    pub(crate) start: usize,
    /// The bytes of its line before it.
    column: usize,
    /// Which document of the text it is of.
    pub(crate) document: usize,
}

impl Outline {
    pub(crate) fn new(text: &str) -> Self {
        let mut reader = Reader { text, outline: Outline::default(), open: Vec::new(), at: 0 };
        reader.outline.documents.push(0);
        while reader.at < text.len() {
            reader.line();
        }
        reader.outline
    }

    /// The document that an offset is in.
    pub(crate) fn document_at(&self, offset: usize) -> usize {
        self.documents.partition_point(|start| *start <= offset) - 1
    }

    /// The entries directly in `parent`, or on top of a document.
    pub(crate) fn children(&self, document: usize, parent: Option<usize>) -> impl Iterator<Item = usize> {
        let is = move |at: &usize| {
            let entry = &self.entries[*at];
            entry.parent == parent && entry.document == document
        };
        (parent.map_or(0, |parent| parent + 1)..self.entries.len()).filter(is)
    }

    /// The entry at a path of keys.
    pub(crate) fn find(&self, text: &str, document: usize, path: &[&str]) -> Option<usize> {
        let mut parent = None;
        for key in path {
            parent = Some(self.children(document, parent).find(|&at| self.key(text, at) == Some(key))?);
        }
        parent
    }

    /// The scalar at a path of keys, without quotes.
    pub(crate) fn scalar<'t>(&self, text: &'t str, document: usize, path: &[&str]) -> Option<&'t str> {
        let at = self.find(text, document, path)?;
        Some(&text[unquoted(text, self.entries[at].value.clone())]).filter(|scalar| !scalar.is_empty())
    }

    pub(crate) fn key<'t>(&self, text: &'t str, at: usize) -> Option<&'t str> {
        self.entries[at].key.clone().map(|key| &text[key])
    }

    /// Where the last thing in an entry ends.
    pub(crate) fn end(&self, at: usize) -> usize {
        let own = |entry: &Entry| entry.value.end.max(entry.key.as_ref().map_or(entry.start + 1, |key| key.end));
        let mut end = own(&self.entries[at]);
        for entry in &self.entries[at + 1..] {
            if entry.document != self.entries[at].document || entry.parent.is_none_or(|parent| parent < at) {
                break;
            }
            end = end.max(own(entry));
        }
        end
    }

    /// From the top to the entry: keys, and `-` for an entry of a list.
    pub(crate) fn path<'t>(&self, text: &'t str, at: usize) -> Vec<&'t str> {
        let mut path = Vec::new();
        let mut next = Some(at);
        while let Some(at) = next {
            path.push(self.key(text, at).unwrap_or("-"));
            next = self.entries[at].parent;
        }
        path.reverse();
        path
    }
}

/// The range without the quotes around it, also where the last is not yet written.
pub(crate) fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let scalar = &text[range.clone()];
    match scalar.as_bytes() {
        [quote @ (b'\'' | b'"'), .., last] if quote == last => range.start + 1..range.end - 1,
        [b'\'' | b'"', ..] => range.start + 1..range.end,
        _ => range,
    }
}

struct Reader<'t> {
    text: &'t str,
    outline: Outline,
    /// The entries that the next one may be in.
    open: Vec<usize>,
    at: usize,
}

impl Reader<'_> {
    /// Reads a line, and the lines that its value goes on over.
    fn line(&mut self) {
        let start = self.at;
        let end = line_end(self.text, start);
        self.at = next_line(self.text, end);
        let line = &self.text[start..end];
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim_end() == "---" || line.starts_with("--- ") {
            self.outline.documents.push(start);
            self.open.clear();
            return;
        }
        let mut at = start + indent;
        if at == end || line[indent..].starts_with('#') {
            return;
        }
        if self.continues(indent, start + indent..end) {
            return;
        }
        loop {
            let rest = &self.text[at..end];
            let column = at - start;
            if rest == "-" || rest.starts_with("- ") || rest.starts_with("-\t") {
                let blank = rest[1..].len() - rest[1..].trim_start().len();
                let value = at + 1 + blank..trimmed(self.text, at + 1 + blank, end);
                let index = self.push(column, at, None, value);
                at += 1 + blank;
                if at >= end {
                    return;
                }
                if self.key_in(at, end).is_none() && !self.text[at..end].starts_with("- ") {
                    self.value(index, end);
                    return;
                }
                // What stands behind the dash is in it.
                self.outline.entries[index].value = at..at;
                continue;
            }
            if let Some((key, colon)) = self.key_in(at, end) {
                let behind = &self.text[colon + 1..end];
                let from = colon + 1 + (behind.len() - behind.trim_start().len());
                let from = from.min(end);
                let index = self.push(column, at, Some(key), from..trimmed(self.text, from, end));
                self.value(index, end);
            }
            return;
        }
    }

    /// Whether the line belongs to a scalar that begins further up.
    fn continues(&mut self, indent: usize, line: Range<usize>) -> bool {
        let Some(&last) = self.open.last() else { return false };
        let entry = &self.outline.entries[last];
        let has_value = !entry.value.is_empty();
        let is_own = indent > entry.column && has_value && self.key_in(line.start, line.end).is_none();
        let is_item = self.text[line.clone()].starts_with("- ");
        if is_own && !is_item {
            self.outline.entries[last].value.end = trimmed(self.text, line.start, line.end);
        }
        is_own && !is_item
    }

    /// A new entry, in the last open one that stands further left.
    fn push(&mut self, column: usize, start: usize, key: Option<Range<usize>>, value: Range<usize>) -> usize {
        while let Some(&top) = self.open.last() {
            let entry = &self.outline.entries[top];
            // A list may stand as far left as the key that it belongs to.
            let holds_list = key.is_none() && entry.key.is_some() && entry.value.is_empty();
            if entry.column < column || entry.column == column && holds_list {
                break;
            }
            self.open.pop();
        }
        let parent = self.open.last().copied();
        let document = self.outline.documents.len() - 1;
        self.outline.entries.push(Entry { parent, key, value, start, column, document });
        self.open.push(self.outline.entries.len() - 1);
        self.outline.entries.len() - 1
    }

    /// Reads on where the value of an entry goes over several lines.
    fn value(&mut self, index: usize, end: usize) {
        let Entry { value, column, .. } = &self.outline.entries[index];
        let (value, column) = (value.clone(), *column);
        match self.text.as_bytes().get(value.start).filter(|_| !value.is_empty()) {
            Some(b'|' | b'>') => {
                let mut last = value.end;
                while self.at < self.text.len() {
                    let line_end = line_end(self.text, self.at);
                    let line = &self.text[self.at..line_end];
                    let blank = line.trim().is_empty();
                    if !blank && line.len() - line.trim_start().len() <= column {
                        break;
                    }
                    if !blank {
                        last = line_end;
                    }
                    self.at = next_line(self.text, line_end);
                }
                self.outline.entries[index].value.end = last;
            }
            Some(b'{' | b'[') => {
                let stop = self.flow(index, value.start, column, end);
                self.outline.entries[index].value.end = stop;
                self.at = next_line(self.text, line_end(self.text, stop)).max(self.at);
            }
            _ => {}
        }
    }

    /// The key that a line begins with, without quotes, and its colon.
    fn key_in(&self, start: usize, end: usize) -> Option<(Range<usize>, usize)> {
        let line = &self.text[start..end];
        let first = *line.as_bytes().first()?;
        if let b'\'' | b'"' = first {
            let close = start + 1 + line[1..].find(first as char)?;
            let behind = &self.text[close + 1..end];
            let colon = close + 1 + (behind.len() - behind.trim_start().len());
            return (self.text.as_bytes().get(colon) == Some(&b':') && colon < end)
                .then_some((start + 1..close, colon));
        }
        if matches!(first, b'{' | b'[' | b'#' | b'|' | b'>' | b'&' | b'!' | b'%') {
            return None;
        }
        let bytes = line.as_bytes();
        let is_colon =
            |at: &usize| bytes[*at] == b':' && bytes.get(at + 1).is_none_or(|next| matches!(next, b' ' | b'\t'));
        let colon = (0..bytes.len()).find(is_colon)?;
        let comment = line.find(" #");
        (comment.is_none_or(|comment| colon < comment))
            .then(|| (start..start + line[..colon].trim_end().len(), start + colon))
    }
}

/// The end of a scalar on a line, without white space and comments.
fn trimmed(text: &str, start: usize, end: usize) -> usize {
    let line = &text[start..end];
    let comment = if line.starts_with('#') {
        Some(0)
    } else if line.starts_with(['\'', '"']) {
        let quote = line.as_bytes()[0] as char;
        // A comment can only stand behind the last quote.
        line[1..].rfind(quote).and_then(|close| Some(close + 1 + line[close + 1..].find(" #")?))
    } else {
        line.find(" #")
    };
    start + line[..comment.unwrap_or(line.len())].trim_end().len()
}

fn line_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |at| from + at)
}

fn next_line(text: &str, end: usize) -> usize {
    match text.as_bytes().get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([_, ..]) => end + 1,
        _ => text.len(),
    }
}
