//! What may be written at a place.
//!
//! A place is told by the text alone, so that a rule in the middle of a word has an answer too. Each kind of place has a
//! file; here it is decided which it is.

mod condition;
mod keys;
mod log_source;
mod names;
mod selection;
mod tags;

pub(crate) use selection::described;

use crate::outline::{Place, Slot};
use crate::session::View;
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, TextEdit,
};
use std::ops::Range;

/// The items for an offset.
pub(crate) fn at(view: &View<'_>, offset: usize) -> Vec<CompletionItem> {
    let text = view.text.as_str();
    let Some(place) = Place::at(text, view.outline, offset) else { return Vec::new() };
    let to = &mut Items { view, place: &place, found: Vec::new() };
    let Place { path, slot, .. } = &place;
    let (is_key, is_value) = (*slot != Slot::Value, *slot != Slot::Key);
    match path.as_slice() {
        ["detection" | "filter", "condition", ..] | ["classification", .., "condition"] => condition::selections(to),
        ["correlation", "condition"] if is_value && !is_key => condition::rules(to),
        ["filter" | "correlation", "rules", ..] => names::rules(to),
        ["classification", .., "rule"] => names::rules(to),
        ["detection"] if is_key => {
            keys::of(to, path);
            keys::selections(to);
        }
        ["filter"] if is_key => {
            keys::of(to, path);
            keys::selections(to);
        }
        ["detection" | "filter", _, rest @ ..] if is_key && rest.iter().all(|step| *step == "-") => selection::key(to),
        ["detection" | "filter", _, rest @ ..] => {
            if let Some(key) = rest.iter().rfind(|step| **step != "-") {
                selection::value(to, key);
            }
        }
        ["logsource", part] if is_value => log_source::part(to, part),
        ["tags", ..] => tags::all(to),
        ["fields" | "output", ..]
        | ["correlation", "group-by" | "aliases", ..]
        | ["correlation", "condition", "field", ..]
            if is_value =>
        {
            selection::fields(to, "");
        }
        ["correlation", "aliases", _] => names::rules(to),
        ["tests", "-", "events", "-"] if is_key => {
            keys::words(to, &["offset", "category", "product"]);
            selection::fields(to, ": ");
        }
        ["targets"] if is_key => names::targets(to),
        ["lint"] | ["lint", "allow", ..] => keys::lints(to, path),
        _ => {
            if is_key {
                keys::of(to, path);
            }
            if is_value {
                keys::values(to, path);
            }
        }
    }
    std::mem::take(&mut to.found)
}

/// The items so far.
struct Items<'a, 't> {
    view: &'a View<'t>,
    place: &'a Place<'t>,
    found: Vec<CompletionItem>,
}

impl<'t> Items<'_, 't> {
    fn text(&self) -> &'t str {
        self.view.text.as_str()
    }

    /// Adds an item that takes the place of the word.
    fn word(&mut self, label: &str, new: &str, kind: CompletionItemKind) -> &mut CompletionItem {
        let word = self.place.word.clone();
        self.at(label, new, kind, word)
    }

    /// Adds an item that takes the place of a range.
    fn at(&mut self, label: &str, new: &str, kind: CompletionItemKind, range: Range<usize>) -> &mut CompletionItem {
        let edit = TextEdit { range: self.view.text.range(range.start, range.end), new_text: new.to_owned() };
        self.found.push(CompletionItem {
            label: label.to_owned(),
            kind: Some(kind),
            // In the order in which they are found: an editor would sort by the letters.
            sort_text: Some(format!("{:05}", self.found.len())),
            filter_text: Some(label.to_owned()),
            text_edit: Some(CompletionTextEdit::Edit(edit)),
            ..CompletionItem::default()
        });
        self.found.last_mut().expect("just put in")
    }

    /// What goes behind a key: nothing, if a colon stands there.
    fn behind_key<'s>(&self, colon: &'s str) -> &'s str {
        let rest = &self.text()[self.place.word.end.max(self.place.offset)..];
        let rest = rest.trim_start_matches(['\'', '"', ' ']);
        if rest.starts_with(':') { "" } else { colon }
    }
}

/// Markdown beside an item.
fn markdown(text: impl Into<String>) -> Documentation {
    Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: text.into() })
}
