//! `CHANGELOG.md`: what became of the rules since an earlier bundle.

use crate::manifest::{Manifest, RuleInfo};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The page.
pub(crate) fn text(now: &Manifest, previous: Option<&Manifest>) -> String {
    let mut text = format!("# {} {}\n\n", line(&now.bundle.name), line(&now.bundle.version));
    let Some(previous) = previous else {
        let _ = writeln!(text, "The first bundle: {}.", rules(now.rules.len()));
        return text;
    };
    let _ = writeln!(
        text,
        "Since {}: {}, before {}.",
        line(&previous.bundle.version),
        rules(now.rules.len()),
        previous.rules.len()
    );
    let before: BTreeMap<&str, &RuleInfo> = previous.rules.iter().map(|rule| (key(rule), rule)).collect();
    let (mut added, mut changed, mut same) = (Vec::new(), Vec::new(), BTreeSet::new());
    for rule in &now.rules {
        match before.get(key(rule)) {
            None => added.push(format!("{} (version {}, {})", name(rule), rule.version, rule.level)),
            Some(old) => {
                same.insert(key(old));
                changed.extend(change(old, rule).map(|change| format!("{}: {change}", name(rule))));
            }
        }
    }
    let gone = previous.rules.iter().filter(|rule| !same.contains(key(rule)));
    let removed: Vec<String> = gone
        .map(|rule| {
            let retired = now.deprecated.iter().find(|one| one.id == rule.id);
            let reason = retired.map_or("it was removed", |one| &one.reason);
            format!("{}: {}", name(rule), line(reason))
        })
        .collect();
    for (heading, entries) in [("Added", added), ("Changed", changed), ("Removed", removed)] {
        if !entries.is_empty() {
            let _ = writeln!(text, "\n## {heading}\n");
            for entry in entries {
                let _ = writeln!(text, "* {entry}");
            }
        }
    }
    text
}

/// By its id, and where it has none by its slug.
fn key(rule: &RuleInfo) -> &str {
    if rule.id.is_empty() { &rule.slug } else { &rule.id }
}

fn name(rule: &RuleInfo) -> String {
    if rule.id.is_empty() {
        line(&rule.title)
    } else {
        format!("{} `{}`", line(&rule.title), line(&rule.id).replace('`', ""))
    }
}

/// Text of a rule within a line of Markdown: nothing in it is markup.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut escaped = String::new();
    for c in words.join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn rules(number: usize) -> String {
    if number == 1 { "1 rule".to_owned() } else { format!("{number} rules") }
}

/// In words, what of a rule is not as before; nothing, if all is.
fn change(old: &RuleInfo, new: &RuleInfo) -> Option<String> {
    let mut parts = Vec::new();
    if old.version != new.version {
        parts.push(format!("version {} to {}", old.version, new.version));
    }
    if old.sha256 != new.sha256 {
        parts.push("the rule changed".to_owned());
    }
    if old.level != new.level {
        parts.push(format!("level {} to {}", old.level, new.level));
    }
    let (before, after) = (queries(old), queries(new));
    let targets: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    for target in targets {
        match (before.get(target), after.get(target)) {
            (Some(_), None) => parts.push(format!("no longer for {target}")),
            (None, Some(_)) => parts.push(format!("now for {target}")),
            (Some(before), Some(after)) if before != after => parts.push(format!("another query for {target}")),
            _ => {}
        }
    }
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

/// The hash of the queries for each target.
fn queries(rule: &RuleInfo) -> BTreeMap<&str, &str> {
    rule.outputs.iter().map(|output| (output.target.as_str(), output.query_sha256.as_str())).collect()
}
