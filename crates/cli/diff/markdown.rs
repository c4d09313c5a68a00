//! A difference as a comment on a pull request: a table, and the lines that differ folded away.
//!
//! Hosts refuse long comments (GitHub: 65,536 characters), so that what would make one too long is counted, not shown.

use super::change::{Difference, Fate, RuleDiff, TargetDiff};
use crate::output::count;
use rulecast_site::escape::{code, fenced, text};
use std::fmt::Write;

/// Bytes of the table, at most.
const MOST_TABLE: usize = 20_000;
/// Bytes of the whole, at most.
const MOST: usize = 60_000;

pub(super) fn render(difference: &Difference, (from, to): (&str, &str)) -> String {
    let mut out = format!("### Queries: {} → {}\n\n{}\n", code(from), name(to), difference.summary());
    table(&mut out, difference);
    for file in &difference.invalid {
        for said in file.said() {
            let _ = writeln!(out, "\n:warning: {} {}", code(&file.path), text(&said));
        }
    }
    for line in difference.general() {
        let _ = writeln!(out, "\n{}", text(&line));
    }
    let mut left_out = 0;
    for rule in difference.rules.iter().filter(|rule| rule.shows_queries()) {
        let details = details(rule);
        if out.len() + details.len() > MOST {
            left_out += 1;
        } else {
            out.push_str(&details);
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "\nThe queries of {} are left out here; `rulecast diff` shows them.",
            count(left_out, "rule")
        );
    }
    out
}

fn name(label: &str) -> String {
    if label == super::WORKING_DIRECTORY { label.to_owned() } else { code(label) }
}

fn table(out: &mut String, difference: &Difference) {
    let listed: Vec<&RuleDiff> = difference.rules.iter().filter(|rule| rule.fate != Fate::Reworded).collect();
    let reworded = difference.rules.len() - listed.len();
    if !listed.is_empty() {
        let targets: Vec<String> = difference.targets.iter().map(|target| code(target)).collect();
        let _ = writeln!(out, "\n| rule | | {} |", targets.join(" | "));
        let _ = writeln!(out, "|---|---|{}", "---|".repeat(targets.len()));
        for (at, rule) in listed.iter().enumerate() {
            if out.len() > MOST_TABLE {
                let _ = writeln!(out, "\n… and {}", count(listed.len() - at, "further rule"));
                break;
            }
            let cells: Vec<String> = rule.targets.iter().map(|target| cell(rule, target)).collect();
            let _ = writeln!(
                out,
                "| {}<br>{} | {} | {} |",
                text(&rule.title),
                in_cell(&rule.path),
                what(rule),
                cells.join(" | ")
            );
        }
    }
    if reworded > 0 {
        let _ = writeln!(out, "\n{} changed in wording or comments alone: no query changes.", count(reworded, "rule"));
    }
}

/// A code span in a table, whose bars end no cell.
fn in_cell(path: &str) -> String {
    code(path).replace('|', "\\|")
}

fn what(rule: &RuleDiff) -> String {
    let mut said = vec![format!("**{}**", rule.fate.word())];
    let parts: Vec<&str> = rule.parts.iter().map(|part| part.word()).collect();
    if !parts.is_empty() {
        said.push(parts.join(", "));
    }
    said.extend(rule.moved_from.as_ref().map(|from| format!("from {}", in_cell(from))));
    said.extend(rule.old_id.as_ref().map(|id| format!("its id was {}", in_cell(id))));
    said.join("<br>")
}

fn cell(rule: &RuleDiff, target: &TargetDiff) -> String {
    match rule.fate {
        Fate::Removed | Fate::Invalid => "–".to_owned(),
        _ if target.is_change() && target.before == target.after => format!("{}, changed", target.verdict()),
        _ if target.is_change() => target.verdict(),
        _ => "same".to_owned(),
    }
}

/// The lines that differ, folded away.
fn details(rule: &RuleDiff) -> String {
    let mut out = String::new();
    for target in rule.targets.iter().filter(|target| target.is_change()) {
        let summary = format!("{} · {} · {}", rule.title, target.target, target.verdict());
        let _ = writeln!(out, "\n<details><summary>{}</summary>", html(&summary));
        if !target.reasons(&rule.path).is_empty() {
            out.push('\n');
        }
        for reason in target.reasons(&rule.path) {
            let _ = writeln!(out, "- {}", text(&reason));
        }
        for query in &target.queries {
            if let Some(class) = &query.class {
                let _ = writeln!(out, "\nClass {}:", text(class));
            }
            let _ = writeln!(out, "\n{}", fenced("diff", query.lines().trim_end()));
        }
        let _ = writeln!(out, "\n</details>");
    }
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
