//! What kinds of characters a node may begin or end with, as far as anchors and word boundaries ask.

use rulecast_ir::regex::{RegexClass, RegexNode};
use std::ops::{BitAnd, BitOr, Not};

/// A set of the kinds of what may stand beside a place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Kinds = Kinds(0);
    /// The start or the end of the text.
    pub(super) const EDGE: Kinds = Kinds(1);
    /// A line feed.
    pub(super) const FEED: Kinds = Kinds(2);
    /// A character of no other kind.
    pub(super) const OTHER: Kinds = Kinds(4);
    /// A word character of ASCII.
    pub(super) const WORD: Kinds = Kinds(8);
    pub(super) const ALL: Kinds = Kinds(15);
    /// Any character.
    pub(super) const CHAR: Kinds = Kinds(14);
    /// Where a line starts or ends.
    pub(super) const LINE: Kinds = Kinds(3);

    pub(super) fn is_empty(self) -> bool {
        self == Kinds::NONE
    }

    pub(super) fn within(self, other: Kinds) -> bool {
        (self & other) == self
    }

    /// Each kind of the set, alone.
    pub(super) fn each(self) -> impl Iterator<Item = Kinds> {
        [Kinds::EDGE, Kinds::FEED, Kinds::OTHER, Kinds::WORD].into_iter().filter(move |kind| kind.within(self))
    }
}

impl BitAnd for Kinds {
    type Output = Kinds;
    fn bitand(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }
}

impl BitOr for Kinds {
    type Output = Kinds;
    fn bitor(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
}

impl Not for Kinds {
    type Output = Kinds;
    fn not(self) -> Kinds {
        Kinds(!self.0 & Kinds::ALL.0)
    }
}

/// What may come first where `nodes` match and `after` follows. Too many rather than too few.
pub(super) fn first(nodes: &[&RegexNode], after: Kinds) -> Kinds {
    beside(&mut nodes.iter().copied(), after, true)
}

/// What may come last where `before` precedes and `nodes` match. Too many rather than too few.
pub(super) fn last(nodes: &[&RegexNode], before: Kinds) -> Kinds {
    beside(&mut nodes.iter().copied().rev(), before, false)
}

fn beside(nodes: &mut dyn Iterator<Item = &RegexNode>, beyond: Kinds, forward: bool) -> Kinds {
    let mut kinds = Kinds::NONE;
    for node in nodes {
        kinds = kinds | of_node(node, forward);
        if !may_be_empty(node) {
            return kinds;
        }
    }
    kinds | beyond
}

fn of_node(node: &RegexNode, forward: bool) -> Kinds {
    match node {
        RegexNode::Char { c, .. } => of_char(*c),
        RegexNode::Any { newline: true } => Kinds::CHAR,
        RegexNode::Any { newline: false } => Kinds::CHAR & !Kinds::FEED,
        RegexNode::Class(class) => of_class(class),
        RegexNode::Concat(nodes) if forward => beside(&mut nodes.iter(), Kinds::NONE, forward),
        RegexNode::Concat(nodes) => beside(&mut nodes.iter().rev(), Kinds::NONE, forward),
        RegexNode::Alternation(nodes) => nodes.iter().fold(Kinds::NONE, |kinds, node| kinds | of_node(node, forward)),
        RegexNode::Repeat { max: Some(0), .. } => Kinds::NONE,
        RegexNode::Repeat { node, .. } => of_node(node, forward),
        RegexNode::Empty
        | RegexNode::TextStart
        | RegexNode::TextEnd
        | RegexNode::LineStart
        | RegexNode::LineEnd
        | RegexNode::WordBoundary
        | RegexNode::NotWordBoundary => Kinds::NONE,
    }
}

fn may_be_empty(node: &RegexNode) -> bool {
    match node {
        RegexNode::Char { .. } | RegexNode::Any { .. } | RegexNode::Class(_) => false,
        RegexNode::Concat(nodes) => nodes.iter().all(may_be_empty),
        RegexNode::Alternation(nodes) => nodes.iter().any(may_be_empty),
        RegexNode::Repeat { node, min, .. } => *min == 0 || may_be_empty(node),
        RegexNode::Empty
        | RegexNode::TextStart
        | RegexNode::TextEnd
        | RegexNode::LineStart
        | RegexNode::LineEnd
        | RegexNode::WordBoundary
        | RegexNode::NotWordBoundary => true,
    }
}

fn of_char(c: char) -> Kinds {
    match c {
        '\n' => Kinds::FEED,
        c if c.is_ascii_alphanumeric() || c == '_' => Kinds::WORD,
        _ => Kinds::OTHER,
    }
}

fn of_class(class: &RegexClass) -> Kinds {
    /// Word characters, as ranges.
    const WORDS: [(u32, u32); 4] = [(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
    /// How many these are.
    const WORD_COUNT: u32 = 63;
    let shared = |a: (u32, u32), b: (u32, u32)| (a.1.min(b.1) + 1).saturating_sub(a.0.max(b.0));
    let (mut words, mut feeds, mut others) = (0, 0, 0);
    for (start, end) in &class.ranges {
        let range = (u32::from(*start), u32::from(*end));
        let word: u32 = WORDS.iter().map(|part| shared(range, *part)).sum();
        let feed = shared(range, (0x0a, 0x0a));
        words += word;
        feeds += feed;
        others += range.1 - range.0 + 1 - word - feed;
    }
    let kind = |there: bool, kind: Kinds| if there { kind } else { Kinds::NONE };
    if class.negated {
        kind(words < WORD_COUNT, Kinds::WORD) | kind(feeds == 0, Kinds::FEED) | Kinds::OTHER
    } else {
        kind(words > 0, Kinds::WORD) | kind(feeds > 0, Kinds::FEED) | kind(others > 0, Kinds::OTHER)
    }
}
