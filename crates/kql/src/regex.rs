//! Prints a regex for Kusto's engine, the syntax of the Rust crate `regex`.
//!
//! `\d`, `\w`, `\s` and `\b` are of Unicode there, so classes are printed out. Groups never capture: Kusto allows 16.
//! Source: the reference's page on regex syntax.

use crate::quote::is_hidden;
use rulecast_ir::regex::{RegexClass, RegexNode};
use std::fmt::{self, Write};

/// A pattern, and whether it is exact only where letters beyond ASCII do not fold.
pub(crate) struct Printed {
    /// The pattern, with its flags.
    pub(crate) text: String,
    /// Whether `(?i)` or a boundary reaches beyond ASCII: `k` also is U+212A there, and `s` U+017F.
    pub(crate) assumes_ascii: bool,
}

/// Prints a whole regex.
pub(crate) fn print(node: &RegexNode) -> Printed {
    let mut seen = Seen::default();
    seen.visit(node);
    let printer = Printer { fold: seen.folded && !seen.cased, dot_all: seen.any_newline && !seen.any_but_newline };
    let mut text = String::new();
    let flags = [(printer.fold, 'i'), (seen.lines, 'm'), (printer.dot_all, 's')];
    push_flags(&mut text, &flags);
    printer.node(&mut text, node).expect("a String takes all text");
    Printed { text, assumes_ascii: seen.not_boundary || printer.fold && seen.folds_beyond_ascii }
}

/// `(?is)`, if any is set.
pub(crate) fn push_flags(text: &mut String, flags: &[(bool, char)]) {
    if flags.iter().any(|(set, _)| *set) {
        text.push_str("(?");
        text.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag));
        text.push(')');
    }
}

/// Whether `c`, folded by the engine, also matches a character that it should not: the Kelvin sign, the long s, or the
/// other case of a letter beyond ASCII.
pub(crate) fn folds_beyond_ascii(c: char) -> bool {
    matches!(c, 'k' | 'K' | 's' | 'S') || !c.is_ascii() && c.is_alphabetic()
}

/// One character, as itself.
pub(crate) fn literal(text: &mut String, c: char) {
    match c {
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
            text.push('\\');
            text.push(c);
        }
        _ => plain(text, c),
    }
}

fn plain(text: &mut String, c: char) {
    match c {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        _ if is_hidden(c) => {
            write!(text, "\\x{{{:X}}}", u32::from(c)).expect("a String takes all text");
        }
        _ => text.push(c),
    }
}

/// Whether the regex matches the empty text.
pub(crate) fn matches_empty(node: &RegexNode) -> bool {
    match node {
        RegexNode::Empty | RegexNode::TextStart | RegexNode::TextEnd | RegexNode::LineStart | RegexNode::LineEnd => {
            true
        }
        RegexNode::NotWordBoundary => true,
        RegexNode::Char { .. } | RegexNode::Any { .. } | RegexNode::Class(_) | RegexNode::WordBoundary => false,
        RegexNode::Concat(parts) => parts.iter().all(matches_empty),
        RegexNode::Alternation(parts) => parts.iter().any(matches_empty),
        RegexNode::Repeat { node, min, .. } => *min == 0 || matches_empty(node),
    }
}

/// What a regex holds, which decides its flags.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of findings")]
struct Seen {
    folded: bool,
    cased: bool,
    folds_beyond_ascii: bool,
    any_newline: bool,
    any_but_newline: bool,
    lines: bool,
    not_boundary: bool,
}

impl Seen {
    fn visit(&mut self, node: &RegexNode) {
        match node {
            RegexNode::Char { c, fold } => {
                self.folded |= *fold;
                self.cased |= !fold && c.is_ascii_alphabetic();
                self.folds_beyond_ascii |= folds_beyond_ascii(*c);
            }
            RegexNode::Class(class) => {
                self.cased |= !is_caseless(class);
                self.folds_beyond_ascii |= class.negated
                    || class.ranges.iter().any(|(first, last)| {
                        !last.is_ascii() || ['k', 's', 'K', 'S'].iter().any(|c| (first..=last).contains(&c))
                    });
            }
            RegexNode::Any { newline } => {
                self.any_newline |= newline;
                self.any_but_newline |= !newline;
            }
            RegexNode::LineStart | RegexNode::LineEnd => self.lines = true,
            RegexNode::NotWordBoundary => self.not_boundary = true,
            RegexNode::Empty | RegexNode::TextStart | RegexNode::TextEnd | RegexNode::WordBoundary => {}
            RegexNode::Concat(parts) | RegexNode::Alternation(parts) => parts.iter().for_each(|part| self.visit(part)),
            RegexNode::Repeat { node, .. } => self.visit(node),
        }
    }
}

/// Whether a class holds both cases of each ASCII letter, or neither.
fn is_caseless(class: &RegexClass) -> bool {
    let holds = |c: char| class.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    ('a'..='z').all(|c| holds(c) == holds(c.to_ascii_uppercase()))
}

struct Printer {
    /// Whether `(?i)` stands in front.
    fold: bool,
    /// Whether `(?s)` does.
    dot_all: bool,
}

impl Printer {
    fn node(&self, out: &mut String, node: &RegexNode) -> fmt::Result {
        match node {
            RegexNode::Empty => {}
            RegexNode::Char { c, fold: true } if !self.fold => {
                write!(out, "[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase())?;
            }
            RegexNode::Char { c, .. } => literal(out, *c),
            RegexNode::Any { newline } if *newline == self.dot_all => out.push('.'),
            RegexNode::Any { .. } => out.push_str("(?s:.)"),
            RegexNode::Class(class) => self::class(out, class),
            RegexNode::TextStart => out.push_str("\\A"),
            RegexNode::TextEnd => out.push_str("\\z"),
            RegexNode::LineStart => out.push('^'),
            RegexNode::LineEnd => out.push('$'),
            RegexNode::WordBoundary => out.push_str("(?-u:\\b)"),
            // The engine refuses one of ASCII, which could match inside a character.
            RegexNode::NotWordBoundary => out.push_str("\\B"),
            RegexNode::Concat(parts) => {
                for part in parts {
                    self.grouped(out, part, matches!(part, RegexNode::Alternation(_)))?;
                }
            }
            RegexNode::Alternation(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    out.push_str(if i > 0 { "|" } else { "" });
                    self.node(out, part)?;
                }
            }
            RegexNode::Repeat { node, min, max } => {
                let atom = matches!(**node, RegexNode::Char { .. } | RegexNode::Any { .. } | RegexNode::Class(_));
                self.grouped(out, node, !atom)?;
                match (min, max) {
                    (0, None) => out.push('*'),
                    (1, None) => out.push('+'),
                    (0, Some(1)) => out.push('?'),
                    (min, None) => write!(out, "{{{min},}}")?,
                    (min, Some(max)) if min == max => write!(out, "{{{min}}}")?,
                    (min, Some(max)) => write!(out, "{{{min},{max}}}")?,
                }
            }
        }
        Ok(())
    }

    fn grouped(&self, out: &mut String, node: &RegexNode, group: bool) -> fmt::Result {
        out.push_str(if group { "(?:" } else { "" });
        self.node(out, node)?;
        out.push_str(if group { ")" } else { "" });
        Ok(())
    }
}

fn class(out: &mut String, class: &RegexClass) {
    if class.ranges.is_empty() {
        return out.push_str(if class.negated { "(?s:.)" } else { "[a&&b]" });
    }
    out.push_str(if class.negated { "[^" } else { "[" });
    for &(first, last) in &class.ranges {
        class_char(out, first);
        if last != first {
            if u32::from(last) - u32::from(first) > 1 {
                out.push('-');
            }
            class_char(out, last);
        }
    }
    out.push(']');
}

fn class_char(out: &mut String, c: char) {
    if matches!(c, '\\' | '[' | ']' | '^' | '-' | '&' | '~') {
        out.push('\\');
    }
    plain(out, c);
}
