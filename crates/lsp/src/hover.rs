//! What is to be said of a place: what a modifier means, what a line becomes on each target, what a tag stands for, the
//! queries of a rule at its title, and why a problem is one.

use crate::completion::described;
use crate::fields::{self, Asked};
use crate::outline::{Place, Slot};
use crate::queries::{fenced, fidelity, list};
use crate::schema;
use crate::session::View;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind};
use rulecast_attack::{State, technique};
use rulecast_compile::explain::{Line, explain_item};
use rulecast_compile::{Target, Unit};
use rulecast_diagnostics::{Span, Spanned};
use rulecast_problems::describe;
use rulecast_rule::Document;
use rulecast_rule::ast::{Body, Item, Modifier, Selection};
use std::fmt::Write;
use std::ops::Range;

/// The hover at an offset.
pub(crate) fn at(view: &View<'_>, offset: usize) -> Option<Hover> {
    let place = Place::at(view.text.as_str(), view.outline, offset)?;
    let mut parts = Vec::new();
    let mut range = place.word.clone();
    if let Some((text, of)) = said(view, &place) {
        parts.push(text);
        range = of;
    }
    parts.extend(reasons(view, offset));
    if parts.is_empty() {
        return None;
    }
    let contents = MarkupContent { kind: MarkupKind::Markdown, value: parts.join("\n\n---\n\n") };
    Some(Hover { contents: HoverContents::Markup(contents), range: Some(view.text.range(range.start, range.end)) })
}

/// What is known of the place itself, and which part of the text that is about.
fn said(view: &View<'_>, place: &Place<'_>) -> Option<(String, Range<usize>)> {
    let text = view.text.as_str();
    let word = place.word.clone();
    let written = &text[word.clone()];
    match (place.path.as_slice(), place.slot) {
        (["title"], Slot::Value) => Some((crate::queries::at(view, place.offset)?, word)),
        (["tags", ..], Slot::Value | Slot::Either) => Some((tag(written)?, word)),
        (["detection" | "filter", "condition", ..] | ["classification", .., "condition"], Slot::Value) => {
            let (name, range) = crate::definition::word_at(text, place)?;
            let found = crate::definition::selections(view, place, name);
            let mut out = String::new();
            for at in found {
                let entry = &view.outline.entries[at];
                fenced(&mut out, "yaml", &text[entry.start..view.outline.end(at)]);
            }
            (!out.is_empty()).then_some((out, range))
        }
        (["correlation" | "filter", "rules", ..], Slot::Value | Slot::Either) => {
            let (rule, _) = crate::definition::rules_called(view, written).next()?;
            let names: Vec<String> =
                [&rule.name, &rule.id].into_iter().flatten().map(|name| format!("`{}`", name.node)).collect();
            Some((format!("{}\n\n{}", rule.title, names.join(", ")), word))
        }
        (["detection" | "filter", "condition", ..], _) => described_key(place, written, word),
        (["detection" | "filter", _, ..], Slot::Key | Slot::Value | Slot::Either) => of_selection(view, place),
        (_, Slot::Key | Slot::Either) => described_key(place, written, word),
        _ => None,
    }
}

fn described_key(place: &Place<'_>, written: &str, word: Range<usize>) -> Option<(String, Range<usize>)> {
    let path: Vec<&str> = place.path.iter().copied().chain([written]).collect();
    let said = schema::at(&path).into_iter().find_map(schema::description)?;
    Some((format!("`{written}`: {said}"), word))
}

/// A modifier, or the line with what it becomes.
fn of_selection(view: &View<'_>, place: &Place<'_>) -> Option<(String, Range<usize>)> {
    let text = view.text.as_str();
    let word = place.word.clone();
    if place.slot == Slot::Key {
        let written = &text[word.clone()];
        let at = place.offset - word.start;
        let start = written[..at].rfind('|').map(|bar| bar + 1);
        if let Some(start) = start {
            let end = written[at..].find('|').map_or(written.len(), |bar| at + bar);
            let modifier = Modifier::from_name(written[start..end].trim())?;
            return Some((
                format!("`{}`: {}", modifier.name(), modifier.summary()),
                word.start + start..word.start + end,
            ));
        }
    }
    of_item(view, place).or_else(|| {
        // Of a line that cannot be read yet, the field at least is known.
        let field = text[word.clone()].split('|').next().filter(|_| place.slot == Slot::Key)?;
        let fields = fields::of(view.project, &[Asked::of(view, place.document)]);
        let on = fields.get(field)?;
        Some((format!("`{field}`\n\n{}", described(on)), word.start..word.start + field.len()))
    })
}

/// The item at the place: with the value under the cursor, or with all of its values.
fn of_item(view: &View<'_>, place: &Place<'_>) -> Option<(String, Range<usize>)> {
    let document = view.analysis().document_at(place.offset)?;
    let (selection, item) = item_at(document, place.offset)?;
    let holds = |span: Span| (span.start as usize..=span.end as usize).contains(&place.offset);
    let mut item = item.clone();
    let mut range = item.field.as_ref().map_or(item.span, |field| field.span);
    let all = item.modifiers.iter().any(|modifier| modifier.node == Modifier::All);
    if let Some(value) = item.values.iter().find(|value| holds(value.span)) {
        range = value.span;
        item.values = vec![value.clone()];
        item.modifiers.retain(|modifier| modifier.node != Modifier::All);
    }
    let shortened = item.values.len() > MOST;
    item.values.truncate(MOST);
    if all && item.values.len() < 2 {
        item.modifiers.retain(|modifier| modifier.node != Modifier::All);
    }
    let rule = view.analysis().rules.iter().find(|rule| rule.span == document.span);
    let alone = rule.is_none().then(|| Unit::new(vec![document.clone()]).resolve().rules.pop()).flatten();
    let rule = rule.or(alone.as_ref())?;
    let mut out = String::new();
    for target in view.project.targets() {
        let line = explain_item(rule, document, (selection, &item), &view.project.placeholders, target)?;
        if out.is_empty() {
            let tests: Vec<&str> = line.tests.iter().map(|test| test.words.as_str()).collect();
            let more = if shortened { ", …" } else { "" };
            let _ = writeln!(
                out,
                "{}{more}",
                tests.iter().map(|test| format!("`{test}`")).collect::<Vec<_>>().join(" or ")
            );
        }
        on_target(&mut out, target, &line);
    }
    Some((out, range.start as usize..range.end as usize))
}

/// The most values of one item that are shown.
const MOST: usize = 5;

fn on_target(out: &mut String, target: Target<'_>, line: &Line) {
    match &line.pieces {
        Err(refusals) => {
            let _ = write!(out, "\n**{target}**, refused:\n\n");
            refusals.iter().for_each(|refusal| list(out, refusal));
        }
        Ok(pieces) => {
            for piece in pieces {
                let reads = if pieces.len() > 1 { format!(" ({})", piece.reads) } else { String::new() };
                match &piece.query {
                    Ok((query, verdict)) => {
                        let _ = write!(out, "\n**{target}**{reads}, {}\n\n", fidelity(verdict));
                        fenced(out, target.language.name(), query);
                    }
                    Err(refusals) => {
                        let _ = write!(out, "\n**{target}**{reads}, refused:\n\n");
                        refusals.iter().for_each(|refusal| list(out, refusal));
                    }
                }
            }
        }
    }
}

/// The item of a document at an offset, with its selection's name.
fn item_at(document: &Document, offset: usize) -> Option<(&Spanned<String>, &Item)> {
    let Body::Detection(rule) = &document.body else { return None };
    let holds = |item: &&Item| (item.span.start as usize..=item.span.end as usize).contains(&offset);
    rule.detection.selections.iter().find_map(|selection| {
        let mut items = Vec::new();
        gather(&selection.selection, &mut items);
        Some((&selection.name, items.into_iter().find(holds)?))
    })
}

fn gather<'d>(selection: &'d Selection, items: &mut Vec<&'d Item>) {
    match selection {
        Selection::AllOf(all) => items.extend(all),
        Selection::AnyOf(parts) => parts.iter().for_each(|part| gather(part, items)),
    }
}

/// What a tag of ATT&CK stands for.
fn tag(written: &str) -> Option<String> {
    let number = written.strip_prefix("attack.t")?;
    let known = technique(number)?;
    let tactics: Vec<&str> = known.tactics().collect();
    let state = match known.state {
        State::Active => "",
        State::Revoked => ", replaced by another technique",
        State::Deprecated => ", given up",
    };
    let page = number.replace('.', "/");
    Some(format!(
        "[T{number}](https://attack.mitre.org/techniques/T{page}/) **{}**{state}\n\nTactics: {}",
        known.name,
        tactics.join(", ")
    ))
}

/// Why the problems at an offset are problems, and how they are mended.
fn reasons(view: &View<'_>, offset: usize) -> Vec<String> {
    let here = view.analysis().diagnostics.iter().filter(|problem| {
        let span = problem.at.span;
        span.file.0 == 0 && (span.start as usize..=span.end as usize).contains(&offset)
    });
    let mut said: Vec<String> = Vec::new();
    for problem in here {
        let reason = describe(problem.name).map_or_else(|| problem.message.clone(), |known| known.reason);
        let reason = format!("**{}**: {reason}", problem.name);
        if !said.contains(&reason) {
            said.push(reason);
        }
    }
    said
}
