//! Regexes as syntax trees: parsed once, printed for each engine, never passed through.
//!
//! The tree holds what matters for whether a text matches. Capture groups and laziness do not, so they are not in it.
//! Meaning: unanchored search; case counts unless a node folds it (ASCII letters only); `\d`, `\w`, `\s` are of ASCII;
//! `.` is any character but a line feed unless `s`; `^` and `$` are the ends of the text unless `m`, then also beside a
//! line feed. Source: the regex of the Sigma specification 2.1, with what SigmaHQ's rules use beyond it.

mod parse;
mod set;
mod template;

pub use parse::{RegexError, RegexFlags};
pub use template::RegexEnds;
use template::Template;

/// A regex, and the text it was written as.
#[derive(Clone, Debug, PartialEq)]
pub struct Regex {
    /// As the rule has it, without the flags that modifiers gave.
    pub text: String,
    /// What it means. With placeholders left, it can match nothing.
    pub node: RegexNode,
    template: Option<Box<Template>>,
}

impl Regex {
    /// A regex that was made, not read: it has no text.
    pub fn of_node(node: RegexNode) -> Self {
        Self { text: String::new(), node, template: None }
    }
}

/// A node of a regex.
#[derive(Clone, Debug, PartialEq)]
pub enum RegexNode {
    /// Matches nothing but the empty text, anywhere.
    Empty,
    /// One character.
    Char {
        /// The character.
        c: char,
        /// Whether its other case matches too; only ever set on ASCII letters.
        fold: bool,
    },
    /// Any character; a line feed only if `newline`.
    Any {
        /// Whether a line feed counts.
        newline: bool,
    },
    /// One character of a class.
    Class(RegexClass),
    /// The start of the text (`^` without `m`, `\A`).
    TextStart,
    /// The end of the text (`$` without `m`, `\z`).
    TextEnd,
    /// The start of a line (`^` under `m`).
    LineStart,
    /// The end of a line (`$` under `m`).
    LineEnd,
    /// `\b`: a word character of ASCII on exactly one side.
    WordBoundary,
    /// `\B`.
    NotWordBoundary,
    /// One after the other; at least two.
    Concat(Vec<RegexNode>),
    /// Any of them; at least two.
    Alternation(Vec<RegexNode>),
    /// Repeated.
    Repeat {
        /// What is repeated.
        node: Box<RegexNode>,
        /// At least so often.
        min: u32,
        /// At most so often; `None` for any number.
        max: Option<u32>,
    },
}

/// A set of characters: neither empty nor everything.
#[derive(Clone, Debug, PartialEq)]
pub struct RegexClass {
    /// Whether it is the characters that are *not* in the ranges.
    pub negated: bool,
    /// Sorted, disjoint, not adjacent; both ends belong to it. Folded classes hold both cases already.
    pub ranges: Vec<(char, char)>,
}
