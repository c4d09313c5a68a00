//! Values in braces and brackets: `{product: windows}`, `[a, b]`.

use super::{Entry, Reader, line_end};
use std::ops::Range;

/// A part of such a value: what stands between two of `{`, `[`, `,`, `:`, `]` and `}`.
#[derive(Debug)]
pub(super) struct Token {
    /// With the white space around it.
    pub(super) range: Range<usize>,
    /// The entry whose value it is, or whose keys it is one of.
    pub(super) parent: usize,
    /// Whether a key may stand here.
    pub(super) is_key: bool,
}

/// A brace or bracket that is open.
struct Frame {
    is_map: bool,
    /// The entry that it is the value of.
    owner: usize,
    /// The entry whose value comes next.
    key: Option<usize>,
}

impl Reader<'_> {
    /// Reads the value of an entry that begins with a brace or bracket, and returns where it ends: where it is closed, or
    /// else at the last line that stands further right than the entry.
    pub(super) fn flow(&mut self, owner: usize, start: usize, column: usize, first_end: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut frames: Vec<Frame> = Vec::new();
        let mut next_owner = owner;
        let (mut at, mut from, mut limit) = (start, start, first_end);
        while at < bytes.len() {
            if at == limit {
                let next = super::next_line(self.text, limit);
                let line = &self.text[next..line_end(self.text, next)];
                let indent = line.len() - line.trim_start().len();
                if next >= bytes.len() || indent <= column && !line.trim_start().starts_with(['}', ']']) {
                    break;
                }
                limit = line_end(self.text, next);
                at = next;
                continue;
            }
            match bytes[at] {
                quote @ (b'\'' | b'"') if self.text[from..at].trim().is_empty() => {
                    let close = self.text[at + 1..limit].find(quote as char);
                    at = close.map_or(limit, |close| at + 1 + close + 1);
                    continue;
                }
                b'#' if bytes[at - 1].is_ascii_whitespace() => {
                    at = limit;
                    continue;
                }
                open @ (b'{' | b'[') if self.text[from..at].trim().is_empty() => {
                    if let Some(frame) = frames.last_mut() {
                        next_owner = match frame.key.take() {
                            Some(key) => key,
                            None if frame.is_map => frame.owner,
                            None => {
                                let parent = frame.owner;
                                self.item(parent, at..at)
                            }
                        };
                    }
                    frames.push(Frame { is_map: open == b'{', owner: next_owner, key: None });
                    from = at + 1;
                }
                b':' if frames.last().is_some_and(|frame| frame.is_map && frame.key.is_none())
                    && bytes.get(at + 1).is_none_or(|next| next.is_ascii_whitespace() || b",{}[]".contains(next)) =>
                {
                    let parent = frames.last().expect("seen to be there").owner;
                    self.outline.tokens.push(Token { range: from..at, parent, is_key: true });
                    let key = super::unquoted(self.text, self.bare(from..at));
                    let entry = self.outline.entries.len();
                    self.flow_entry(parent, Some(key), at + 1..at + 1);
                    frames.last_mut().expect("seen to be there").key = Some(entry);
                    from = at + 1;
                }
                close @ (b',' | b'}' | b']') => {
                    if let Some(frame) = frames.last_mut() {
                        let (is_map, parent, key) = (frame.is_map, frame.owner, frame.key.take());
                        self.token(from..at, is_map, parent, key);
                    }
                    from = at + 1;
                    if close != b',' {
                        frames.pop();
                        if frames.is_empty() {
                            return at + 1;
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        if let Some(frame) = frames.last() {
            self.token(from..limit.max(from), frame.is_map, frame.owner, frame.key);
        }
        limit
    }

    fn token(&mut self, range: Range<usize>, is_map: bool, parent: usize, key: Option<usize>) {
        let bare = self.bare(range.clone());
        match key {
            Some(key) => {
                self.outline.entries[key].value = bare;
                self.outline.tokens.push(Token { range, parent: key, is_key: false });
            }
            None if is_map => self.outline.tokens.push(Token { range, parent, is_key: true }),
            None => {
                let entry = self.item(parent, bare);
                self.outline.tokens.push(Token { range, parent: entry, is_key: false });
            }
        }
    }

    fn item(&mut self, parent: usize, value: Range<usize>) -> usize {
        self.flow_entry(parent, None, value);
        self.outline.entries.len() - 1
    }

    fn flow_entry(&mut self, parent: usize, key: Option<Range<usize>>, value: Range<usize>) {
        let start = key.as_ref().map_or(value.start, |key| key.start);
        let document = self.outline.documents.len() - 1;
        // Nothing of another line stands in it.
        self.outline.entries.push(Entry { parent: Some(parent), key, value, start, column: usize::MAX, document });
    }

    fn bare(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.text[range.clone()];
        let start = range.start + (text.len() - text.trim_start().len());
        start..start + text.trim().len()
    }
}
