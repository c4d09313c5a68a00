//! Regex trees and patterns to Lucene's regexes, as Elasticsearch runs them.
//!
//! A Lucene regex matches the whole text and has no anchors, no word boundaries, no groups that begin with `?`, and no
//! lazy repetition; where such a thing is written all the same, it is not an error but text, and the rule never fires.
//! So an unanchored search is `.*(…).*`, and whatever looks at the characters around it is turned into what may stand
//! there ([`edge`]). What cannot be turned so is an [`Obstacle`].
//!
//! Classes are printed out, because `[a-z]` is not folded by `regex~`, and Lucene's own `\s` lacks two characters.
//!
//! Source: Lucene 9's `org.apache.lucene.util.automaton.RegExp`, with all its flags; measured.

mod edge;
mod kinds;
mod text;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::lucene;

use edge::Edges;
use rulecast_ir::Part;
use rulecast_ir::regex::{RegexClass, RegexNode};
use text::{Folding, folded_letter, is_closed};

/// The longest regex that Elasticsearch accepts, in UTF-16 units: the default of `index.max_regex_length`.
pub(crate) const MAX_LENGTH: usize = 1000;

/// The most characters and classes that a regex may have once its repetitions are written out. Elasticsearch's limit is
/// of 10,000 states of the automaton (`max_determinized_states`), of which there are at least as many.
const MAX_SIZE: u64 = 10_000;

/// Regexes of a whole text; any of them may match.
#[derive(Debug, PartialEq)]
pub(crate) struct Lucene {
    /// At least one. Several, where one would be too long; each is then a test of its own.
    pub(crate) patterns: Vec<String>,
    /// Whether they are for `regex~`.
    pub(crate) caseless: bool,
    /// Whether they hold characters beyond ASCII, which `regex~` might fold.
    pub(crate) foreign: bool,
}

/// Why there is no Lucene regex.
#[derive(Debug, PartialEq)]
pub(crate) enum Obstacle {
    /// It has something that Lucene lacks; a noun phrase.
    Inexpressible(&'static str),
    /// No text matches it: an anchor stands where it cannot hold.
    Never,
    /// It has so many characters, over [`MAX_LENGTH`].
    TooLong(usize),
    /// Its repetitions are too many.
    TooLarge,
}

/// The regex of a regex.
pub(crate) fn of_node(node: &RegexNode) -> Result<Lucene, Obstacle> {
    if size(node) > MAX_SIZE {
        return Err(Obstacle::TooLarge);
    }
    let mut letters = Letters::default();
    letters.visit(node);
    let caseless = letters.folded && !letters.cased;
    let edges = Edges { folding: if caseless { Folding::ByOperator } else { Folding::Expand } };
    let patterns: Vec<String> = match checked(edges.whole(node)?) {
        // The alternatives of a long one may each be short enough.
        Err(Obstacle::TooLong(_)) if matches!(node, RegexNode::Alternation(_)) => {
            let RegexNode::Alternation(alternatives) = node else { unreachable!("just matched") };
            let each = alternatives.iter().map(|one| edges.whole(one).and_then(checked));
            each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        one => one?.into_iter().collect(),
    };
    if patterns.is_empty() {
        return Err(Obstacle::Never);
    }
    Ok(Lucene { patterns, caseless, foreign: letters.foreign })
}

/// The regex of a text with wildcards.
pub(crate) fn of_pattern(parts: &[Part]) -> Result<String, Obstacle> {
    let mut pattern = String::new();
    for part in parts {
        match part {
            Part::Literal(literal) => literal.chars().for_each(|c| text::push_char(&mut pattern, c)),
            Part::AnyRun => pattern.push_str(".*"),
            Part::AnyOne => pattern.push('.'),
            Part::Placeholder(_) => unreachable!("a pattern with placeholders has been refused"),
        }
    }
    checked(Some(pattern)).map(Option::unwrap_or_default)
}

fn checked(pattern: Option<String>) -> Result<Option<String>, Obstacle> {
    let length = pattern.as_deref().map_or(0, length);
    if length > MAX_LENGTH { Err(Obstacle::TooLong(length)) } else { Ok(pattern) }
}

/// The length that Elasticsearch limits, in UTF-16 units.
pub(crate) fn length(pattern: &str) -> usize {
    pattern.encode_utf16().count()
}

/// How many characters and classes the node has once its repetitions are written out.
fn size(node: &RegexNode) -> u64 {
    match node {
        RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => {
            nodes.iter().fold(0, |sum, node| sum.saturating_add(size(node)))
        }
        RegexNode::Repeat { node, min, max } => size(node).saturating_mul(u64::from(max.unwrap_or(*min)).max(1)),
        _ => 1,
    }
}

/// What a regex says of case.
#[derive(Default)]
struct Letters {
    /// Something matches in both cases.
    folded: bool,
    /// Something matches in one case only.
    cased: bool,
    /// Something is beyond ASCII.
    foreign: bool,
}

impl Letters {
    fn visit(&mut self, node: &RegexNode) {
        match node {
            RegexNode::Char { c, fold } => {
                self.folded |= *fold;
                self.cased |= !*fold && c.is_ascii_alphabetic();
                self.foreign |= !c.is_ascii();
            }
            RegexNode::Class(class) => self.visit_class(class),
            RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => nodes.iter().for_each(|node| self.visit(node)),
            RegexNode::Repeat { node, .. } => self.visit(node),
            RegexNode::Empty
            | RegexNode::Any { .. }
            | RegexNode::TextStart
            | RegexNode::TextEnd
            | RegexNode::LineStart
            | RegexNode::LineEnd
            | RegexNode::WordBoundary
            | RegexNode::NotWordBoundary => {}
        }
    }

    fn visit_class(&mut self, class: &RegexClass) {
        self.folded |= folded_letter(class).is_some();
        self.cased |= !is_closed(class);
        self.foreign |= class.ranges.iter().any(|(_, last)| !last.is_ascii() && *last != char::MAX);
    }
}
