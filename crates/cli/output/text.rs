//! Queries for people, under headings.

use rulecast_compile::{Outcome, Role, Target};
use rulecast_ir::Metadata;
use std::fmt::Write;

pub(crate) use rulecast_site::words::{assumptions, fidelity, left_out, one_line};

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

fn heading(out: &mut String, text: &str, style: Style) {
    let _ = if style.colour { writeln!(out, "\u{1b}[1m# {text}\u{1b}[0m") } else { writeln!(out, "# {text}") };
}

fn line(out: &mut String, text: &str, style: Style) {
    let _ = if style.colour { writeln!(out, "\u{1b}[2m# {text}\u{1b}[0m") } else { writeln!(out, "# {text}") };
}
