//! Regexes as PCRE, the engine of `mvfind`.
//!
//! What is printed means the same whatever the engine's defaults: classes are of ASCII and written out, the ends of the
//! text are `\A` and `\z`, and `.` stands for "not a line feed" only as `[^\x0a]`. A backslash, a quote, a backtick and a
//! literal pipe are printed as `\x5c`, `\x22`, `\x60` and `\x7c`, so that the SPL lexer, which reads the pattern first and
//! takes the backslash of `\|` for its own (Search Reference, `search`, "Quotes and escaping characters"), finds nothing
//! in it.
//!
//! `^` under `m` is PCRE's own, unless it may stand behind the last line feed: see [`LINE_START`].
//!
//! Case folding: `(?i)` only where every letter folds and none is beyond ASCII; else letters are spelled out (`[aA]`),
//! which is exact whatever the engine folds.

use rulecast_ir::regex::{RegexClass, RegexNode};
use std::borrow::Cow;
use std::fmt::Write;

/// The start of a line, also where the text ends behind a line feed: there PCRE's `^` does not match.
pub(crate) const LINE_START: &str = "(?<![^\\x0a])";

/// The pattern of `node`, searched for anywhere.
pub(crate) fn print(node: &RegexNode) -> String {
    let mut seen = Seen::default();
    seen.visit(node);
    let line_start = if may_end_in_line_start(node) { LINE_START } else { "^" };
    let mut printer = Printer { out: String::new(), fold: seen.folds && !seen.exact, line_start };
    if printer.fold || seen.lines || seen.dots {
        printer.out.push_str("(?");
        let flags = [(printer.fold, 'i'), (seen.lines, 'm'), (seen.dots, 's')];
        printer.out.extend(flags.into_iter().filter_map(|(on, flag)| on.then_some(flag)));
        printer.out.push(')');
    }
    printer.node(node, Inside::Nothing);
    printer.out
}

/// Appends `text` so that it stands for itself.
pub(crate) fn escape(out: &mut String, text: &str) {
    text.chars().for_each(|c| escape_char(out, c));
}

fn escape_char(out: &mut String, c: char) {
    match c {
        '\\' | '"' | '`' | '|' => hex(out, c),
        c if c.is_control() => hex(out, c),
        '.' | '^' | '$' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' => {
            out.push('\\');
            out.push(c);
        }
        c => out.push(c),
    }
}

fn hex(out: &mut String, c: char) {
    let code = u32::from(c);
    let written = if code <= 0xff { write!(out, "\\x{code:02x}") } else { write!(out, "\\x{{{code:x}}}") };
    written.expect("a String takes all text");
}

/// What a regex holds that decides its flags.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent sightings")]
struct Seen {
    /// A letter whose other case matches too.
    folds: bool,
    /// A letter that stands for itself alone, or a class of one case, or a letter that engines fold differently.
    exact: bool,
    /// An end of a line.
    lines: bool,
    /// Any character, line feeds too.
    dots: bool,
}

impl Seen {
    fn visit(&mut self, node: &RegexNode) {
        match node {
            RegexNode::Char { c, fold } => {
                self.folds |= *fold;
                self.exact |= !fold && c.is_alphabetic();
            }
            RegexNode::Class(class) => self.exact |= !closed_under_case(&flipped(class)),
            RegexNode::Any { newline } => self.dots |= newline,
            RegexNode::LineStart | RegexNode::LineEnd => self.lines = true,
            RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => nodes.iter().for_each(|node| self.visit(node)),
            RegexNode::Repeat { node, .. } => self.visit(node),
            RegexNode::Empty
            | RegexNode::TextStart
            | RegexNode::TextEnd
            | RegexNode::WordBoundary
            | RegexNode::NotWordBoundary => {}
        }
    }
}

/// Whether folding changes nothing about a class: both cases of each ASCII letter are in its ranges or neither, and
/// nothing beyond ASCII is.
fn closed_under_case(class: &RegexClass) -> bool {
    let holds = |c: char| class.ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    class.ranges.iter().all(|(_, last)| last.is_ascii())
        && ('a'..='z').all(|c| holds(c) == holds(c.to_ascii_uppercase()))
}

/// The same class, written as the negation of what it lacks where it reaches up to the last character of all.
fn flipped(class: &RegexClass) -> Cow<'_, RegexClass> {
    if class.ranges.last().is_none_or(|(_, last)| *last != char::MAX) {
        return Cow::Borrowed(class);
    }
    let mut ranges = Vec::with_capacity(class.ranges.len());
    let mut from = Some('\0');
    for (first, last) in &class.ranges {
        if let Some(from) = from
            && from < *first
        {
            let before = (from..*first).next_back().expect("the range holds `from`");
            ranges.push((from, before));
        }
        from = (*last..=char::MAX).nth(1);
    }
    Cow::Owned(RegexClass { negated: !class.negated, ranges })
}

/// What a node stands inside, where that asks for a group.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Nothing,
    Concat,
    Repeat,
}

struct Printer {
    out: String,
    /// Whether `(?i)` is on.
    fold: bool,
    line_start: &'static str,
}

impl Printer {
    fn node(&mut self, node: &RegexNode, inside: Inside) {
        match node {
            RegexNode::Empty => self.out.push_str("(?:)"),
            RegexNode::Char { c, fold } => self.char(*c, *fold),
            RegexNode::Any { newline: true } => self.out.push('.'),
            RegexNode::Any { newline: false } => self.out.push_str("[^\\x0a]"),
            RegexNode::Class(class) => self.class(class),
            RegexNode::TextStart => self.out.push_str("\\A"),
            RegexNode::TextEnd => self.out.push_str("\\z"),
            RegexNode::LineStart => self.out.push_str(self.line_start),
            RegexNode::LineEnd => self.out.push('$'),
            RegexNode::WordBoundary => self.out.push_str("\\b"),
            RegexNode::NotWordBoundary => self.out.push_str("\\B"),
            RegexNode::Concat(nodes) => {
                self.grouped(inside == Inside::Repeat, |printer| {
                    nodes.iter().for_each(|node| printer.node(node, Inside::Concat));
                });
            }
            RegexNode::Alternation(nodes) => self.grouped(inside != Inside::Nothing, |printer| {
                for (i, node) in nodes.iter().enumerate() {
                    if i > 0 {
                        printer.out.push('|');
                    }
                    if *node != RegexNode::Empty {
                        printer.node(node, Inside::Nothing);
                    }
                }
            }),
            RegexNode::Repeat { node, min, max } => {
                // An assertion cannot be repeated in every version of the engine, and `a**` would be possessive.
                let bare = matches!(**node, RegexNode::Char { .. } | RegexNode::Class(_) | RegexNode::Any { .. });
                self.grouped(inside == Inside::Repeat, |printer| {
                    printer.grouped(!bare && !needs_own_group(node), |printer| printer.node(node, Inside::Repeat));
                    printer.count(*min, *max);
                });
            }
        }
    }

    fn grouped(&mut self, group: bool, inner: impl FnOnce(&mut Self)) {
        if group {
            self.out.push_str("(?:");
        }
        inner(self);
        if group {
            self.out.push(')');
        }
    }

    fn count(&mut self, min: u32, max: Option<u32>) {
        match (min, max) {
            (0, None) => self.out.push('*'),
            (1, None) => self.out.push('+'),
            (0, Some(1)) => self.out.push('?'),
            (min, None) => self.written(format_args!("{{{min},}}")),
            (min, Some(max)) if min == max => self.written(format_args!("{{{min}}}")),
            (min, Some(max)) => self.written(format_args!("{{{min},{max}}}")),
        }
    }

    fn char(&mut self, c: char, fold: bool) {
        if fold && !self.fold && c.is_ascii_alphabetic() {
            self.written(format_args!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()));
        } else {
            escape_char(&mut self.out, c);
        }
    }

    fn class(&mut self, class: &RegexClass) {
        let class = flipped(class);
        if class.ranges.is_empty() {
            // All characters, or none: a class cannot be empty.
            self.out.push_str(if class.negated { "[\\s\\S]" } else { "(?!)" });
            return;
        }
        self.out.push_str(if class.negated { "[^" } else { "[" });
        for (first, last) in &class.ranges {
            self.class_char(*first);
            if first != last {
                if u32::from(*first) + 1 < u32::from(*last) {
                    self.out.push('-');
                }
                self.class_char(*last);
            }
        }
        self.out.push(']');
    }

    fn class_char(&mut self, c: char) {
        match c {
            '\\' | '"' | '`' => hex(&mut self.out, c),
            c if c.is_control() => hex(&mut self.out, c),
            '[' | ']' | '^' | '-' => {
                self.out.push('\\');
                self.out.push(c);
            }
            c => self.out.push(c),
        }
    }

    fn written(&mut self, text: std::fmt::Arguments<'_>) {
        self.out.write_fmt(text).expect("a String takes all text");
    }
}

/// Whether the start of a line may be found with nothing behind it.
fn may_end_in_line_start(node: &RegexNode) -> bool {
    match node {
        RegexNode::LineStart => true,
        RegexNode::Concat(nodes) => {
            let empty = nodes.iter().rev().take_while(|node| may_be_empty(node)).count();
            nodes.iter().rev().take(empty + 1).any(may_end_in_line_start)
        }
        RegexNode::Alternation(nodes) => nodes.iter().any(may_end_in_line_start),
        RegexNode::Repeat { node, .. } => may_end_in_line_start(node),
        _ => false,
    }
}

fn may_be_empty(node: &RegexNode) -> bool {
    match node {
        RegexNode::Char { .. } | RegexNode::Any { .. } | RegexNode::Class(_) => false,
        RegexNode::Concat(nodes) => nodes.iter().all(may_be_empty),
        RegexNode::Alternation(nodes) => nodes.iter().any(may_be_empty),
        RegexNode::Repeat { node, min, .. } => *min == 0 || may_be_empty(node),
        _ => true,
    }
}

/// Whether a node already prints its own group where it stands inside a repetition.
fn needs_own_group(node: &RegexNode) -> bool {
    matches!(node, RegexNode::Concat(_) | RegexNode::Alternation(_) | RegexNode::Repeat { .. } | RegexNode::Empty)
}
