//! A difference for terminals.

use super::change::{Difference, RuleDiff};
use std::fmt::Write;

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const CYAN: &str = "\u{1b}[36m";
const PLAIN: &str = "\u{1b}[0m";

pub(super) fn render(difference: &Difference, sides: &str, colour: bool) -> String {
    let mut out = String::new();
    for rule in &difference.rules {
        one(&mut out, rule, colour);
    }
    for file in &difference.invalid {
        for said in file.said() {
            let _ = writeln!(out, "{}: {said}", file.path);
        }
    }
    for line in difference.general() {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(out, "{sides}: {}", difference.summary());
    out
}

fn one(out: &mut String, rule: &RuleDiff, colour: bool) {
    let title = if rule.title.is_empty() { "(no title)" } else { &rule.title };
    let head = format!("{} {} · {title}", rule.fate.word(), rule.path);
    let _ = if colour { writeln!(out, "{BOLD}{head}{PLAIN}") } else { writeln!(out, "{head}") };
    for said in rule.said() {
        let _ = writeln!(out, "  {said}");
    }
    if rule.shows_queries() {
        for target in rule.targets.iter().filter(|target| target.is_change()) {
            let _ = writeln!(out, "  {}: {}", target.target, target.verdict());
            for reason in target.reasons(&rule.path) {
                let _ = writeln!(out, "    {reason}");
            }
            for query in &target.queries {
                if let Some(class) = &query.class {
                    let _ = writeln!(out, "    class {class}:");
                }
                for line in query.lines().lines() {
                    let shade = match line.as_bytes().first() {
                        Some(b'-') => RED,
                        Some(b'+') => GREEN,
                        Some(b'@') => CYAN,
                        _ => "",
                    };
                    let _ = if colour && !shade.is_empty() {
                        writeln!(out, "    {shade}{line}{PLAIN}")
                    } else {
                        writeln!(out, "    {line}")
                    };
                }
            }
        }
    }
    out.push('\n');
}
