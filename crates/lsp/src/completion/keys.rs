//! The keys of a rule where they may stand, and the words that are their values.

use super::{Items, markdown};
use crate::schema;
use lsp_types::CompletionItemKind;
use rulecast_lint::LINTS;

/// Keys that the schema has here and that are not written yet.
pub(super) fn of(to: &mut Items<'_, '_>, path: &[&str]) {
    let written = written(to);
    let kind = ["correlation", "filter"].into_iter().find(|kind| path.is_empty() && written.contains(kind));
    for (key, schema) in schema::keys(path) {
        let fits = match kind {
            Some("correlation") => !matches!(key, "logsource" | "detection" | "filter"),
            Some(_) => !matches!(key, "detection" | "correlation" | "classification"),
            None => true,
        };
        if written.contains(&key) || !fits {
            continue;
        }
        let new = format!("{key}{}", to.behind_key(if schema::is_scalar(schema) { ": " } else { ":" }));
        let item = to.word(key, &new, CompletionItemKind::PROPERTY);
        item.documentation = schema::description(schema).map(markdown);
    }
}

/// Names that selections usually have.
pub(super) fn selections(to: &mut Items<'_, '_>) {
    let written = written(to);
    for name in ["selection", "filter_main_", "filter_optional_"] {
        if !written.contains(&name) {
            let new = if name.ends_with('_') { name.to_owned() } else { format!("{name}{}", to.behind_key(":")) };
            to.word(name, &new, CompletionItemKind::VARIABLE).detail = Some("a selection".to_owned());
        }
    }
}

/// The words that the schema has for a value.
pub(super) fn values(to: &mut Items<'_, '_>, path: &[&str]) {
    for word in schema::words(path) {
        to.word(word, word, CompletionItemKind::ENUM_MEMBER);
    }
}

/// Keys by name.
pub(super) fn words(to: &mut Items<'_, '_>, keys: &[&str]) {
    let written = written(to);
    for key in keys.iter().filter(|key| !written.contains(key)) {
        let new = format!("{key}{}", to.behind_key(": "));
        to.word(key, &new, CompletionItemKind::PROPERTY);
    }
}

/// What is under `lint`.
pub(super) fn lints(to: &mut Items<'_, '_>, path: &[&str]) {
    match path {
        ["lint"] => words(to, &["allow"]),
        ["lint", "allow" | "-"] | ["lint", "allow", "-"] => words(to, &["name", "reason"]),
        ["lint", .., "name"] => {
            for lint in LINTS.iter() {
                to.word(lint.name, lint.name, CompletionItemKind::CONSTANT).detail = Some(lint.summary.to_owned());
            }
        }
        _ => {}
    }
}

/// The keys beside the place, without the one that it is in.
fn written<'t>(to: &Items<'_, 't>) -> Vec<&'t str> {
    let outline = to.view.outline;
    let siblings = outline.children(to.place.document, to.place.parent);
    let others = siblings.filter(|at| outline.entries[*at].key.as_ref() != Some(&to.place.word));
    others.filter_map(|at| outline.key(to.text(), at)).collect()
}
