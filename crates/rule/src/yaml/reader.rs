//! From YAML events to nodes.

use super::error::syntax_error;
use super::{Data, Entry, Key, Scalar, Style, Yaml};
use crate::problems::Problems;
use rulecast_diagnostics::{Diagnostic, FileId, Span};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// Collections inside collections, at most.
pub const MAX_DEPTH: usize = 64;

/// Nodes that the aliases of one file may add, all together.
pub const MAX_ALIAS_NODES: usize = 10_000;

/// Reads the documents of a file, without the empty ones.
///
/// What can be read past is reported and left out; the first mistake that cannot ends the reading, and its document is
/// lost.
pub(crate) fn read(file: FileId, text: &str, problems: &mut Problems) -> Vec<Yaml> {
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let yaml = &text[base..];
    let mut reader = Reader {
        places: ByteOffsets::new(file, base, yaml),
        text,
        problems,
        stack: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        alias_nodes: 0,
        documents: Vec::new(),
    };
    for event in Parser::new_from_str(yaml) {
        let stop = match event {
            Ok((event, span)) => reader.event(event, span).err(),
            Err(error) => {
                let at = reader.places.byte(error.marker().index()) as usize;
                Some(Box::new(if error.info() == "recursion limit exceeded" {
                    too_deep(Span::new(file, at, at + 1))
                } else {
                    syntax_error(error.info(), file, text, at)
                }))
            }
        };
        if let Some(stop) = stop {
            reader.problems.push(*stop);
            break;
        }
    }
    reader.documents
}

struct Reader<'a> {
    places: ByteOffsets,
    text: &'a str,
    problems: &'a mut Problems,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    alias_nodes: usize,
    documents: Vec<Yaml>,
}

/// A collection that is being read.
struct Frame {
    start: Span,
    children: Children,
    anchor: usize,
    /// Nodes read before this one.
    nodes_before: usize,
    /// Collections inside each other, itself included.
    height: usize,
}

enum Children {
    List(Vec<Yaml>),
    Map { entries: Vec<Entry>, key: Option<Key> },
}

/// A node that aliases may refer to.
struct Anchored {
    node: Rc<Yaml>,
    size: usize,
    height: usize,
}

type Step = Result<(), Box<Diagnostic>>;

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, marks: saphyr_parser::Span) -> Step {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), marks),
            Event::SequenceStart(anchor, tag) => self.open(Children::List(Vec::new()), anchor, tag.as_deref(), marks),
            Event::MappingStart(anchor, tag) => {
                let children = Children::Map { entries: Vec::with_capacity(4), key: None };
                self.open(children, anchor, tag.as_deref(), marks)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(marks),
            Event::Alias(anchor) => self.alias(anchor, marks),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::DocumentEnd | Event::StreamStart | Event::StreamEnd | Event::Nothing => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        marks: saphyr_parser::Span,
    ) -> Step {
        let mut span = self.places.span(marks);
        let properties = span;
        if anchor > 0 || tag.is_some() {
            span.start += self.properties_len(span);
        }
        let mut style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let raw = &self.text[span.start as usize..span.end as usize];
                // The scanner's end lies past the blanks and the comment after the quote.
                if raw.len() != text.len() + 2 {
                    span.end = span.start + quoted_len(raw.as_bytes()) as u32;
                }
                if style == ScalarStyle::SingleQuoted { Style::SingleQuoted } else { Style::DoubleQuoted }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                // The scanner's end lies past the indentation of the next line.
                let raw = &self.text[span.start as usize..span.end as usize];
                span.end = span.start + raw.trim_end().len() as u32;
                Style::Block
            }
        };
        if text.is_empty() && style == Style::Plain {
            // Nothing was written: the mark is that of the `:` or `-` before, or of whatever comes after.
            let before = self.text[span.start as usize..].starts_with([':', '-', '?']);
            span.start += u32::from(before);
            span.end = span.start;
        }
        if let Some(tag) = tag {
            if (tag.is_yaml_core_schema() && tag.suffix == "str") || (tag.handle.is_empty() && tag.suffix == "!") {
                style = if style == Style::Plain { Style::Tagged } else { style };
            } else {
                self.unsupported_tag(Span { end: span.start, ..properties });
            }
        }
        self.nodes += 1;
        if let Some(Frame { children: Children::Map { key: key @ None, .. }, .. }) = self.stack.last_mut()
            && anchor == 0
        {
            *key = Some(Key { text: text.into_owned(), style, span });
            return Ok(());
        }
        let data = Data::Scalar(Scalar { text: text.into_owned(), style });
        self.place(Yaml { span, data }, anchor, 1, 0)
    }

    /// The length of the anchor and the tag that a node's span starts with, and of the white space after them.
    fn properties_len(&self, span: Span) -> u32 {
        let whole = &self.text[span.start as usize..span.end as usize];
        let mut rest = whole;
        while rest.starts_with(['&', '!']) {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest = rest[end..].trim_start();
        }
        (whole.len() - rest.len()) as u32
    }

    fn open(&mut self, children: Children, anchor: usize, tag: Option<&Tag>, marks: saphyr_parser::Span) -> Step {
        let mut start = self.places.span(marks);
        let properties = start;
        if anchor > 0 || tag.is_some() {
            start.start += self.properties_len(start);
        }
        if self.stack.len() == MAX_DEPTH {
            return Err(Box::new(too_deep(start)));
        }
        if let Some(Frame { children: Children::Map { key: None, .. }, .. }) = self.stack.last() {
            return Err(Box::new(complex_key(start)));
        }
        if let Some(tag) = tag
            && !(tag.is_yaml_core_schema() && matches!(&*tag.suffix, "map" | "seq"))
        {
            self.unsupported_tag(Span { end: start.start, ..properties });
        }
        self.nodes += 1;
        self.stack.push(Frame { start, children, anchor, nodes_before: self.nodes - 1, height: 1 });
        Ok(())
    }

    fn close(&mut self, marks: saphyr_parser::Span) -> Step {
        let frame = self.stack.pop().expect("the parser closes what it opened");
        let last = match &frame.children {
            Children::List(items) => items.last().map(|item| item.span),
            Children::Map { entries, .. } => entries.last().map(|entry| entry.key.span.to(entry.value.span)),
        };
        let is_flow = self.text[frame.start.start as usize..].starts_with(['[', '{']);
        let end = if is_flow { self.places.span(marks) } else { last.unwrap_or(frame.start) };
        // An alias has the place of the alias, but guard against an end before the start all the same.
        let span = Span { end: end.end.max(frame.start.start), ..frame.start };
        let data = match frame.children {
            Children::List(items) => Data::List(items),
            Children::Map { mut entries, .. } => {
                self.refuse_merge_keys(&mut entries);
                self.refuse_duplicates(&mut entries);
                Data::Map(entries)
            }
        };
        self.place(Yaml { span, data }, frame.anchor, self.nodes - frame.nodes_before, frame.height)
    }

    fn alias(&mut self, anchor: usize, marks: saphyr_parser::Span) -> Step {
        let span = self.places.span(marks);
        let Some(anchored) = self.anchors.get(&anchor) else {
            let is_inside = self.stack.iter().any(|frame| frame.anchor == anchor);
            let label = if is_inside { "stands for a node around it" } else { "its anchor is in another document" };
            let message = if is_inside { "alias contains itself" } else { "alias has no anchor in this document" };
            let diagnostic = Diagnostic::error("invalid-alias", span, message).label(label);
            return Err(Box::new(diagnostic.help("write the node out here")));
        };
        if self.stack.len() + anchored.height > MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        self.alias_nodes = self.alias_nodes.saturating_add(anchored.size);
        if self.alias_nodes > MAX_ALIAS_NODES {
            return Err(Box::new(
                Diagnostic::error("too-many-aliases", span, "aliases make this file too large")
                    .label(format!("past {MAX_ALIAS_NODES} nodes"))
                    .help("write the nodes out, or use fewer aliases"),
            ));
        }
        self.nodes += anchored.size;
        let height = anchored.height;
        let data = Data::Shared(Rc::clone(&anchored.node));
        self.place(Yaml { span, data }, 0, 0, height)
    }

    /// Puts a complete node where it belongs.
    fn place(&mut self, mut node: Yaml, anchor: usize, size: usize, height: usize) -> Step {
        if anchor > 0 {
            let span = node.span;
            let shared = Rc::new(node);
            self.anchors.insert(anchor, Anchored { node: Rc::clone(&shared), size, height });
            node = Yaml { span, data: Data::Shared(shared) };
        }
        let Some(parent) = self.stack.last_mut() else {
            if !node.is_null() {
                self.documents.push(node);
            }
            return Ok(());
        };
        parent.height = parent.height.max(height + 1);
        match &mut parent.children {
            Children::List(items) => items.push(node),
            Children::Map { entries, key } => match key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => return Err(Box::new(complex_key(node.span))),
            },
        }
        Ok(())
    }

    fn refuse_merge_keys(&mut self, entries: &mut Vec<Entry>) {
        entries.retain(|Entry { key, .. }| {
            let is_merge = key.style == Style::Plain && key.text == "<<";
            if is_merge {
                self.problems.push(
                    Diagnostic::error("merge-key", key.span, "merge key `<<` is not supported")
                        .label("merges another mapping")
                        .help("write the merged keys out here")
                        .note("YAML 1.2 has no merge keys, so readers disagree on what this rule says"),
                );
            }
            !is_merge
        });
    }

    /// Reports a key that stands twice in a mapping, and keeps the first.
    fn refuse_duplicates(&mut self, entries: &mut Vec<Entry>) {
        /// Up to here, comparing each with each is faster than hashing.
        const FEW: usize = 16;
        let mut duplicates: Vec<(usize, usize)> = Vec::new();
        if entries.len() <= FEW {
            for (i, Entry { key, .. }) in entries.iter().enumerate() {
                if let Some(first) = entries[..i].iter().position(|earlier| earlier.key.text == key.text) {
                    duplicates.push((first, i));
                }
            }
        } else {
            let mut seen: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
            for (i, Entry { key, .. }) in entries.iter().enumerate() {
                match seen.get(&*key.text) {
                    Some(first) => duplicates.push((*first, i)),
                    None => drop(seen.insert(&key.text, i)),
                }
            }
        }
        if duplicates.is_empty() {
            return;
        }
        for &(first, second) in &duplicates {
            let key = &entries[second].key;
            self.problems.push(
                Diagnostic::error("duplicate-key", key.span, format!("duplicate key `{}`", key.text))
                    .label("stands here again")
                    .also(entries[first].key.span, "first here")
                    .help("merge the two, or rename one: a mapping holds each key once"),
            );
        }
        let mut duplicates = duplicates.into_iter().map(|(_, second)| second).peekable();
        let mut index = 0;
        entries.retain(|_| {
            let is_duplicate = duplicates.next_if_eq(&index).is_some();
            index += 1;
            !is_duplicate
        });
    }

    fn unsupported_tag(&mut self, properties: Span) {
        let written = self.text[properties.start as usize..properties.end as usize].trim_end();
        let span = Span { end: properties.start + written.len() as u32, ..properties };
        self.problems.push(
            Diagnostic::error("unsupported-tag", span, format!("YAML tag `{written}` is not supported"))
                .label("a tag")
                .help("remove the tag; quote a value to make it text"),
        );
    }
}

/// The length of the quoted scalar that `raw` starts with, quotes included.
fn quoted_len(raw: &[u8]) -> usize {
    let Some((&quote, _)) = raw.split_first() else { return 0 };
    let mut at = 1;
    while at < raw.len() {
        match raw[at] {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && raw.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    raw.len()
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("too-deep", span, format!("nested more than {MAX_DEPTH} levels deep"))
        .label("one level too many")
        .help("rules need about eight levels")
}

fn complex_key(span: Span) -> Diagnostic {
    Diagnostic::error("invalid-key", span, "key is not plain text")
        .label("expected a key")
        .help("quote a key that starts with `[`, `{`, `*` or `&`")
}

/// Turns the scanner's character indices into byte offsets.
struct ByteOffsets {
    file: FileId,
    base: u32,
    /// The offset of each character and of the end; empty where all characters are bytes.
    table: Vec<u32>,
    len: u32,
}

impl ByteOffsets {
    fn new(file: FileId, base: usize, text: &str) -> Self {
        let mut table = Vec::new();
        if !text.is_ascii() {
            table.extend(text.char_indices().map(|(offset, _)| offset as u32));
            table.push(text.len() as u32);
        }
        Self { file, base: base as u32, table, len: text.len() as u32 }
    }

    fn byte(&self, index: usize) -> u32 {
        let offset = match self.table.as_slice() {
            [] => index as u32,
            table => table.get(index).copied().unwrap_or(self.len),
        };
        self.base + offset.min(self.len)
    }

    fn span(&self, marks: saphyr_parser::Span) -> Span {
        let start = self.byte(marks.start.index());
        Span { file: self.file, start, end: self.byte(marks.end.index()).max(start) }
    }
}
