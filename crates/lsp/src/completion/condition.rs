//! Conditions: the names they join, and the words that join them.

use super::{Items, markdown};
use lsp_types::CompletionItemKind;
use std::collections::BTreeMap;

/// Over the selections of the document.
pub(super) fn selections(to: &mut Items<'_, '_>) {
    let (outline, text) = (to.view.outline, to.text());
    let part = if to.place.path[0] == "filter" { "filter" } else { "detection" };
    let Some(parent) = outline.find(text, to.place.document, &[part]) else { return };
    let named = outline.children(to.place.document, Some(parent)).filter_map(|at| Some((outline.key(text, at)?, at)));
    let named = named.filter(|(name, _)| !matches!(*name, "condition" | "timeframe" | "rules"));
    let names = named.map(|(name, at)| (name, text[outline.entries[at].start..outline.end(at)].to_owned()));
    over(to, &names.collect::<Vec<_>>());
}

/// Over the rules of a correlation.
pub(super) fn rules(to: &mut Items<'_, '_>) {
    let (outline, text) = (to.view.outline, to.text());
    let Some(parent) = outline.find(text, to.place.document, &["correlation", "rules"]) else { return };
    let named = outline.children(to.place.document, Some(parent)).map(|at| &outline.entries[at].value);
    let names = named.map(|value| (&text[super::super::outline::unquoted(text, value.clone())], String::new()));
    over(to, &names.collect::<Vec<_>>());
}

fn over(to: &mut Items<'_, '_>, names: &[(&str, String)]) {
    let text = to.text();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*');
    // All that is written of the condition: behind a blank, there is no word.
    let value = to.place.parent.map_or(to.place.word.clone(), |at| to.view.outline.entries[at].value.clone());
    let first = value.start.min(to.place.offset);
    let before = &text[first..to.place.offset];
    let start = first + before.trim_end_matches(is_word).len();
    let behind = &text[to.place.offset..value.end.max(to.place.offset)];
    let end = to.place.offset + (behind.len() - behind.trim_start_matches(is_word).len());
    let before = text[first..start].trim_end();
    // In a block scalar, its sign comes first.
    let before = before.trim_start_matches(['|', '>', '-', '+']).trim_start();
    let last = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let last = if before.ends_with('(') { "(" } else { last };
    let mut add = |label: &str, kind, detail: &str| {
        to.at(label, label, kind, start..end).detail = (!detail.is_empty()).then(|| detail.to_owned());
    };
    match last {
        "of" => {
            for (pattern, count) in patterns(names) {
                add(&pattern, CompletionItemKind::VARIABLE, &format!("{count} selections"));
            }
            add("them", CompletionItemKind::KEYWORD, "every selection");
        }
        "1" | "any" | "all" => add("of", CompletionItemKind::KEYWORD, ""),
        "" | "(" | "and" | "or" | "not" | "AND" | "OR" | "NOT" => {
            for (name, source) in names {
                let item = to.at(name, name, CompletionItemKind::VARIABLE, start..end);
                item.documentation = (!source.is_empty()).then(|| markdown(fenced(source)));
            }
            let mut add = |label: &str, detail: &str| {
                to.at(label, label, CompletionItemKind::KEYWORD, start..end).detail = Some(detail.to_owned());
            };
            for (pattern, count) in patterns(names) {
                add(&format!("1 of {pattern}"), &format!("any of {count}"));
                add(&format!("all of {pattern}"), &format!("all {count}"));
            }
            add("1 of them", "any selection");
            add("all of them", "every selection");
            if last != "not" {
                add("not", "where the next does not hold");
            }
        }
        _ => {
            add("and", CompletionItemKind::KEYWORD, "both hold");
            add("or", CompletionItemKind::KEYWORD, "one of them holds");
            add("and not", CompletionItemKind::KEYWORD, "the first holds and the next does not");
        }
    }
}

fn fenced(source: &str) -> String {
    let mut out = String::new();
    crate::queries::fenced(&mut out, "yaml", source);
    out
}

/// Patterns that more than one name fits: `filter_main_*`.
fn patterns(names: &[(&str, String)]) -> BTreeMap<String, usize> {
    let mut patterns: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in names {
        for (at, _) in name.match_indices('_') {
            *patterns.entry(format!("{}*", &name[..=at])).or_default() += 1;
        }
    }
    patterns.retain(|_, count| *count > 1);
    patterns
}
