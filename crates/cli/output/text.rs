//! Queries for people, under headings.

use rulecast_compile::{Outcome, Role, Target};
use rulecast_ir::{Fidelity, Metadata, Verdict};
use std::fmt::Write;

/// How headings look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) colour: bool,
    /// Queries alone.
    pub(crate) bare: bool,
}

/// A rule's queries for one target; nothing if it was refused.
pub(crate) fn outcome(
    out: &mut String,
    file: &str,
    metadata: &Metadata,
    (target, outcome): (Target, &Outcome),
    style: Style,
) {
    match outcome {
        Outcome::Queries(queries) => {
            for query in queries {
                separate(out);
                if !style.bare {
                    heading(out, &name(metadata, target, &query.role), style);
                    line(out, &format!("{file} · {}", fidelity(&query.fidelity)), style);
                }
                out.push_str(&query.text);
                out.push('\n');
            }
        }
        Outcome::Declared { reason } if !style.bare => {
            separate(out);
            heading(out, &name(metadata, target, &Role::Rule), style);
            line(out, &format!("{file} · not for this target, as the rule says: {}", one_line(reason)), style);
        }
        Outcome::Declared { .. } | Outcome::Refused(_) => {}
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

/// `Title · eql.ecs`, and for a branch its class and level.
fn name(metadata: &Metadata, target: Target, role: &Role) -> String {
    let title = if metadata.title().is_empty() { "(no title)" } else { metadata.title() };
    let mut name = format!("{} · {target}", one_line(title));
    if let Role::Branch { name: class, level } = role {
        let _ = write!(name, " · {}", one_line(class));
        if let Some(level) = level {
            let _ = write!(name, " ({})", level.name());
        }
    }
    name
}

/// `exact`, `exact, assuming ascii and presence`, `over`, …
pub(crate) fn fidelity(fidelity: &Fidelity) -> String {
    let mut text = match fidelity.verdict {
        _ if fidelity.unchecked => {
            "unchecked: a pipeline rewrote the text of the query, and before it was ".to_owned()
                + fidelity.verdict.word()
        }
        Verdict::Exact => "exact".to_owned(),
        Verdict::Over => "over: may match more than the rule".to_owned(),
        Verdict::Under => "under: may miss what the rule matches".to_owned(),
        Verdict::Both => "over and under: may match more than the rule, and miss what it matches".to_owned(),
    };
    if !fidelity.left_out.is_empty() {
        let _ = write!(text, "; leaves out a test, as {}", left_out(fidelity).join(", as "));
    }
    let assumptions = assumptions(fidelity);
    if !assumptions.is_empty() {
        let _ = write!(text, "; assumes {}", assumptions.join(", "));
    }
    text
}

/// Why each of the tests that the query leaves out cannot be said, in the order of the rule.
pub(crate) fn left_out(fidelity: &Fidelity) -> Vec<String> {
    fidelity.left_out.iter().map(|refusal| one_line(&refusal.message)).collect()
}

/// The names of the assumptions, in order.
pub(crate) fn assumptions(fidelity: &Fidelity) -> Vec<String> {
    fidelity.assumptions.iter().map(ToString::to_string).collect()
}

fn heading(out: &mut String, text: &str, style: Style) {
    let _ = if style.colour { writeln!(out, "\u{1b}[1m# {text}\u{1b}[0m") } else { writeln!(out, "# {text}") };
}

fn line(out: &mut String, text: &str, style: Style) {
    let _ = if style.colour { writeln!(out, "\u{1b}[2m# {text}\u{1b}[0m") } else { writeln!(out, "# {text}") };
}

/// Words of a rule in a heading: on one line, and without control characters, which a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
