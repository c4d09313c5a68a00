//! Lines of selections: fields, modifiers, and values that name a field.

use super::{Items, markdown};
use crate::fields::{self, Asked};
use lsp_types::CompletionItemKind;
use rulecast_compile::FieldView;
use rulecast_ir::may_follow;
use rulecast_rule::ast::Modifier;
use std::fmt::Write;

/// A key: a field, or behind a `|`, the modifiers that may follow those before it.
pub(super) fn key(to: &mut Items<'_, '_>) {
    let typed = to.place.typed(to.text());
    let Some((before, _)) = typed.rsplit_once('|') else { return fields(to, ": ") };
    let chain: Vec<Modifier> = before.split('|').skip(1).filter_map(|name| Modifier::from_name(name.trim())).collect();
    let start = to.place.word.start + before.len() + 1;
    let rest = &to.text()[to.place.offset..to.place.word.end.max(to.place.offset)];
    let end = to.place.offset + rest.find('|').unwrap_or(rest.len());
    for modifier in may_follow(&chain) {
        to.at(modifier.name(), modifier.name(), CompletionItemKind::OPERATOR, start..end).detail =
            Some(modifier.summary().to_owned());
    }
}

/// Fields of the log source, with what stands behind each.
pub(super) fn fields(to: &mut Items<'_, '_>, behind: &str) {
    let project = to.view.project;
    let of_document = Asked::of(to.view, to.place.document);
    let is_other = matches!(to.place.path.first(), Some(&"correlation"));
    let asked: Vec<Asked<'_>> = if is_other {
        (0..=to.view.outline.document_at(to.text().len())).map(|document| Asked::of(to.view, document)).collect()
    } else {
        vec![of_document]
    };
    let fields = fields::of(project, &asked);
    let targets: Vec<&str> = project.sources().iter().map(|(target, _)| target.as_str()).collect();
    let mut all: Vec<_> = fields.into_iter().collect();
    // What every target has comes first.
    all.sort_by_key(|(_, on)| std::cmp::Reverse(on.len()));
    let word = to.place.word.clone();
    // The modifiers behind the field stay.
    let own = to.text()[word.clone()].split('|').next().map_or(0, str::len);
    let range = word.start..(word.start + own).max(to.place.offset.min(word.end));
    let has_more = range.end < word.end;
    for (name, on) in all {
        let lacking: Vec<&str> =
            targets.iter().filter(|target| !on.iter().any(|(one, _)| one == *target)).copied().collect();
        let new = if behind.is_empty() || has_more { name.to_owned() } else { name.to_owned() + to.behind_key(behind) };
        let item = to.at(name, &new, CompletionItemKind::FIELD, range.clone());
        item.detail = (!lacking.is_empty()).then(|| format!("not on {}", lacking.join(", ")));
        item.documentation = Some(markdown(described(&on)));
    }
}

/// The columns of a field, by target.
pub(crate) fn described(on: &[(&str, &FieldView)]) -> String {
    let mut out = String::new();
    for (target, field) in on {
        let columns: Vec<String> = field.columns.iter().map(|(column, ty)| format!("`{column}` ({ty})")).collect();
        let _ = write!(out, "* {target}: {}", columns.join(", "));
        for more in [&field.conversion, &field.assumes].into_iter().filter(|more| !more.is_empty()) {
            let _ = write!(out, "; {more}");
        }
        out.push('\n');
    }
    out
}

/// A value, where it can only be some.
pub(super) fn value(to: &mut Items<'_, '_>, key: &str) {
    let modifiers: Vec<Modifier> = key.split('|').skip(1).filter_map(Modifier::from_name).collect();
    if modifiers.contains(&Modifier::FieldRef) {
        fields(to, "");
    } else if modifiers.contains(&Modifier::Exists) {
        for word in ["true", "false"] {
            to.word(word, word, CompletionItemKind::VALUE);
        }
    }
}
