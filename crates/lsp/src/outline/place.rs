//! Where in a rule a cursor stands.

use super::{Outline, line_end, unquoted};
use std::ops::Range;

/// A place in a text.
#[derive(Debug)]
pub(crate) struct Place<'t> {
    /// From the top: keys, and `-` for an entry of a list. With [`Slot::Value`], the last is what has the value.
    pub(crate) path: Vec<&'t str>,
    /// What stands there, or may.
    pub(crate) slot: Slot,
    /// The key or scalar at the place, without quotes; empty where there is none.
    pub(crate) word: Range<usize>,
    /// The offset itself.
    pub(crate) offset: usize,
    /// The document.
    pub(crate) document: usize,
    /// The entry that the place is directly in.
    pub(crate) parent: Option<usize>,
}

/// What may stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key.
    Key,
    /// A scalar.
    Value,
    /// An entry of a list that is either a scalar or begins a mapping.
    Either,
}

impl<'t> Place<'t> {
    /// The place of an offset; nothing in a comment.
    pub(crate) fn at(text: &'t str, outline: &Outline, offset: usize) -> Option<Self> {
        let document = outline.document_at(offset);
        let place = |path: Vec<&'t str>, slot, range: Range<usize>, parent| Place {
            path,
            slot,
            word: unquoted(text, range),
            offset,
            document,
            parent,
        };
        let line = text[..offset].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        if let Some(token) =
            outline.tokens.iter().find(|token| token.range.start <= offset && offset <= token.range.end)
        {
            let scalar = &text[token.range.clone()];
            let start = token.range.start + (scalar.len() - scalar.trim_start().len());
            let mut word = start..start + scalar.trim().len();
            if offset < word.start || offset > word.end {
                word = offset..offset;
            }
            let slot = if token.is_key { Slot::Key } else { Slot::Value };
            return Some(place(outline.path(text, token.parent), slot, word, Some(token.parent)));
        }
        if in_comment(&text[line..offset]) {
            return None;
        }
        let before = outline.entries.partition_point(|entry| entry.start <= offset);
        let last = before.checked_sub(1).filter(|at| outline.entries[*at].document == document);
        if let Some(at) = last.filter(|at| outline.entries[*at].start >= line) {
            let entry = &outline.entries[at];
            return Some(match &entry.key {
                Some(key) if offset <= key.end => {
                    let path = entry.parent.map(|parent| outline.path(text, parent)).unwrap_or_default();
                    place(path, Slot::Key, key.clone(), entry.parent)
                }
                Some(_) => place(outline.path(text, at), Slot::Value, value(&entry.value, offset), Some(at)),
                None => place(outline.path(text, at), Slot::Either, value(&entry.value, offset), Some(at)),
            });
        }
        // Of a value over several lines, or of none that is written yet.
        if let Some(at) = last.filter(|at| outline.entries[*at].value.end > line) {
            let value = outline.entries[at].value.clone();
            let value = value.start..value.end.max(offset);
            return Some(place(outline.path(text, at), Slot::Value, value, Some(at)));
        }
        let whole = &text[line..line_end(text, line)];
        let indent = whole.len() - whole.trim_start_matches([' ', '\t']).len();
        let is_blank = whole.trim().is_empty();
        let column = if is_blank { offset - line } else { indent };
        if !is_blank && offset < line + indent {
            return None;
        }
        let mut parent = last;
        while let Some(at) = parent.filter(|at| outline.entries[*at].column >= column) {
            parent = outline.entries[at].parent;
        }
        let word = if is_blank { offset..offset } else { line + indent..line + whole.trim_end().len() };
        let word = if offset > word.end { offset..offset } else { word };
        let path = parent.map(|parent| outline.path(text, parent)).unwrap_or_default();
        let has_value =
            parent.is_some_and(|at| outline.entries[at].key.is_some() && !outline.entries[at].value.is_empty());
        Some(place(path, if has_value { Slot::Value } else { Slot::Key }, word, parent))
    }

    /// What is written of the word before the cursor.
    pub(crate) fn typed(&self, text: &'t str) -> &'t str {
        text.get(self.word.start..self.offset.max(self.word.start)).unwrap_or_default()
    }
}

/// The value, if the offset touches it.
fn value(value: &Range<usize>, offset: usize) -> Range<usize> {
    if value.start <= offset && offset <= value.end { value.clone() } else { offset..offset }
}

/// Whether a line up to the cursor has begun a comment.
fn in_comment(before: &str) -> bool {
    let mut quote = None;
    let mut previous = ' ';
    for character in before.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') if matches!(previous, ' ' | ':' | '[' | '{' | ',') => quote = Some(character),
            (None, '#') if previous.is_whitespace() => return true,
            _ => {}
        }
        previous = character;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Outline, Place};

    /// The place of `¦` in a text: path, slot, and what is typed of what.
    fn check(text: &str, expect: &str) {
        let offset = text.find('¦').unwrap();
        let text = text.replace('¦', "");
        let outline = Outline::new(&text);
        let found = Place::at(&text, &outline, offset).map_or("none".to_owned(), |place| {
            let word = &text[place.word.clone()];
            format!(
                "{} {:?} {}¦{}",
                place.path.join("/"),
                place.slot,
                place.typed(&text),
                &word[place.typed(&text).len()..]
            )
        });
        assert_eq!(found, expect, "{text}");
    }

    const RULE: &str =
        "title: x\nlogsource:\n    product: windows\ndetection:\n    selection:\n        Image|endswith: 'x'\n";

    #[test]
    fn keys() {
        check("tit¦le: x", " Key tit¦le");
        check("title: x\nlev¦", " Key lev¦");
        check(&format!("{RULE}¦"), " Key ¦");
        check(&format!("{RULE}    cond¦"), "detection Key cond¦");
        check(&format!("{RULE}    ¦\nlevel: low\n"), "detection Key ¦");
        check(&format!("{RULE}        Command¦\n    condition: x"), "detection/selection Key Command¦");
        check(&format!("{RULE}        CommandLine|con¦: x\n"), "detection/selection Key CommandLine|con¦");
        check("detection:\n    a:\n        - Image: x\n          Co¦", "detection/a/- Key Co¦");
        check("detection:\n    a:\n        - Im¦age: x", "detection/a/- Key Im¦age");
        check("logsource: {pro¦: x}", "logsource Key pro¦");
        check("logsource: {product: x, ¦", "logsource Key ¦");
        check("detection: {sel: {User: a, ¦}, condition: sel}", "detection/sel Key ¦");
    }

    #[test]
    fn values() {
        check("level: ¦", "level Value ¦");
        check("level: lo¦w # x", "level Value lo¦w");
        check("title: 'it''s a¦", "title Value it''s a¦");
        check("tags:\n- attack.¦\nlevel: low", "tags/- Either attack.¦");
        check("tags:\n    - ¦\n", "tags/- Either ¦");
        check("detection:\n    condition: a and\n        not ¦b", "detection/condition Value a and\n        not ¦b");
        check("detection:\n    condition: >\n        a and ¦\n", "detection/condition Value >\n        a and ¦");
        check("rules: [a, b¦", "rules/- Value b¦");
        check("correlation:\n    rules: [a, ¦]\n    type: x", "correlation/rules/- Value ¦");
        check("correlation:\n    rules: [\n        a,\n        ¦\n    ]\n    type: x", "correlation/rules/- Value ¦");
        check("logsource: {product: win¦, category: x}", "logsource/product Value win¦");
        check("a: b\n---\nlevel: ¦\n", "level Value ¦");
    }

    #[test]
    fn comments_are_no_place() {
        check("level: low # ¦", "none");
        check("# ¦", "none");
        check("title: '# ¦'", "title Value # ¦");
    }
}
