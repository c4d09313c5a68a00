//! Where names lead: from a condition to its selections, from a correlation or filter to its rules, and back.

use crate::outline::{Place, Slot};
use crate::session::View;
use crate::text::Text;
use lsp_types::Location;
use rulecast_diagnostics::Span;
use rulecast_repository::Named;
use std::ops::Range;

/// What the name at an offset stands for.
pub(crate) fn of(view: &View<'_>, offset: usize) -> Vec<Location> {
    let text = view.text.as_str();
    let Some(place) = Place::at(text, view.outline, offset) else { return Vec::new() };
    if place.slot == Slot::Key {
        return Vec::new();
    }
    match place.path.as_slice() {
        ["detection" | "filter", "condition", ..] | ["classification", .., "condition"] => {
            let Some((name, _)) = word_at(text, &place) else { return Vec::new() };
            selections(view, &place, name)
                .into_iter()
                .filter_map(|at| {
                    let key = view.outline.entries[at].key.clone()?;
                    Some(Location { uri: view.uri.clone(), range: view.text.range(key.start, key.end) })
                })
                .collect()
        }
        ["correlation", "condition"] => {
            let Some((name, _)) = word_at(text, &place) else { return Vec::new() };
            rules_called(view, name).filter_map(|(rule, at)| location(view, at, rule.span)).collect()
        }
        ["correlation" | "filter", "rules", ..] | ["classification", .., "rule"] | ["related", .., "id"] => {
            rules_called(view, &text[place.word.clone()])
                .filter_map(|(rule, at)| location(view, at, rule.span))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Where the selection or rule at an offset is named.
pub(crate) fn references(view: &View<'_>, offset: usize) -> Vec<Location> {
    let text = view.text.as_str();
    let Some(place) = Place::at(text, view.outline, offset) else { return Vec::new() };
    match (place.path.as_slice(), place.slot) {
        (["detection" | "filter"], Slot::Key) => {
            let name = &text[place.word.clone()];
            let is_own = |at: &usize| {
                let path = view.outline.path(text, *at);
                matches!(
                    path.as_slice(),
                    ["detection" | "filter", "condition", ..] | ["classification", .., "condition"]
                )
            };
            let conditions = (0..view.outline.entries.len())
                .filter(|at| view.outline.entries[*at].document == place.document)
                .filter(is_own);
            let found = conditions.flat_map(|at| {
                let value = view.outline.entries[at].value.clone();
                words(text, value).filter(|(word, _)| matches(word, name))
            });
            found
                .map(|(_, range)| Location { uri: view.uri.clone(), range: view.text.range(range.start, range.end) })
                .collect()
        }
        (["id" | "name" | "title"], _) => {
            let scalar = |key| view.outline.scalar(text, place.document, &[key]);
            let mut found = Vec::new();
            for name in ["id", "name"].into_iter().filter_map(scalar) {
                let workspace = &view.project.workspace;
                for at in workspace.referring(name) {
                    let spans = workspace.rules(at).iter().flat_map(|rule| &rule.references);
                    let spans: Vec<Span> = spans.filter(|one| one.node == name).map(|one| one.span).collect();
                    found.extend(spans.into_iter().filter_map(|span| location(view, at, span)));
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

/// The name or pattern of a condition at a place.
pub(crate) fn word_at<'t>(text: &'t str, place: &Place<'t>) -> Option<(&'t str, Range<usize>)> {
    words(text, place.word.clone()).find(|(_, range)| range.start <= place.offset && place.offset <= range.end)
}

/// The names and patterns of a condition.
fn words(text: &str, range: Range<usize>) -> impl Iterator<Item = (&str, Range<usize>)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*' | '.');
    let mut rest = range.start;
    std::iter::from_fn(move || {
        let start = rest + text[rest..range.end].find(is_word)?;
        let end = text[start..range.end].find(|c| !is_word(c)).map_or(range.end, |at| start + at);
        rest = end;
        Some((&text[start..end], start..end))
    })
    .filter(|(word, _)| !matches!(*word, "and" | "or" | "not" | "of" | "1" | "any" | "all"))
}

/// The selections of the document that a name or pattern of its condition means.
pub(crate) fn selections(view: &View<'_>, place: &Place<'_>, name: &str) -> Vec<usize> {
    let text = view.text.as_str();
    let part = if place.path[0] == "filter" { "filter" } else { "detection" };
    let Some(parent) = view.outline.find(text, place.document, &[part]) else { return Vec::new() };
    let is_meant = |at: &usize| {
        let key = view.outline.key(text, *at).filter(|key| !matches!(*key, "condition" | "timeframe" | "rules"));
        key.is_some_and(|key| matches(name, key))
    };
    view.outline.children(place.document, Some(parent)).filter(is_meant).collect()
}

/// Whether a name or pattern of a condition means a selection.
fn matches(pattern: &str, name: &str) -> bool {
    if pattern == "them" {
        return !name.starts_with('_');
    }
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(part) => part.is_empty() || name.ends_with(part),
    }
}

/// The rules of this name or id, each with the place of its file.
pub(crate) fn rules_called<'a>(view: &View<'a>, name: &str) -> impl Iterator<Item = (&'a Named, usize)> {
    let workspace = &view.project.workspace;
    let mut found = Vec::new();
    for at in workspace.declaring(name) {
        let is_called = |rule: &&Named| [&rule.id, &rule.name].into_iter().flatten().any(|one| one.node == name);
        found.extend(workspace.rules(at).iter().filter(is_called).map(|rule| (rule, at)));
    }
    found.into_iter()
}

/// A span of a file of the workspace.
fn location(view: &View<'_>, at: usize, span: Span) -> Option<Location> {
    if Some(at) == view.position() {
        return Some(Location { uri: view.uri.clone(), range: view.text.span(span) });
    }
    let input = view.project.workspace.inputs().get(at)?;
    let text = String::from_utf8_lossy(&input.read().ok()?).into_owned();
    let text = Text::new(text, view.text.encoding());
    Some(Location { uri: view.project.uri(&input.name)?, range: text.span(span) })
}
