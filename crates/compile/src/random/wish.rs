//! What a generated rule is, before it is written down: small enough to shrink.

use super::counting::Counting;

/// A rule to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// One event.
    Event(Tree),
    /// Events in order, with equal values of `k`.
    Sequence {
        /// At least two.
        steps: Vec<Tree>,
        /// What ends a sequence.
        until: Option<Tree>,
        /// Seconds.
        timespan: u64,
    },
    /// Events that are counted, or whose values are.
    Counting {
        /// The number of the log source, and the condition. Not each need be read.
        rules: Vec<(usize, Tree)>,
        counting: Counting,
    },
    /// One event, with classes.
    Classified {
        tree: Tree,
        /// At least one.
        branches: Vec<Tree>,
        otherwise: bool,
    },
    /// One event of any of several rules, with classes where there are branches.
    Union {
        /// At least two: the number of the log source, and the condition.
        members: Vec<(usize, Tree)>,
        /// The number of the member, and a condition over that rule's events.
        branches: Vec<(usize, Option<Tree>)>,
    },
}

/// A condition to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Leaf(Leaf),
    Not(Box<Tree>),
    And(Vec<Tree>),
    Or(Vec<Tree>),
}

/// One field with its modifiers and values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// What is tested.
    pub kind: Kind,
    /// Empty for keywords.
    pub field: &'static str,
    /// With the bar before each.
    pub modifiers: &'static str,
    /// Whether all values must hold.
    pub all: bool,
    /// At least one.
    pub values: Vec<Value>,
    /// How it is written.
    pub form: Form,
}

/// How a test is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// With a placeholder of this number for its values.
    Expanded(usize),
    /// Of a field by another name.
    Renamed,
}

/// Kinds of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Exact,
    Prefix,
    Suffix,
    Contains,
    Glob,
    LiteralWildcard,
    Empty,
    Cased,
    Regex,
    RegexIgnoringCase,
    Number,
    Comparison,
    CidrV4,
    CidrV6,
    Null,
    Exists,
    FieldRef,
    Keyword,
    KeywordGlob,
    WinDash,
    Base64,
    Base64Offset,
    TimePart,
}

/// Where a test stands in its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Polarity {
    Plain,
    Not,
    AndInOr,
    OrInAnd,
    List,
    All,
}

/// A value to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Text, by its pieces.
    Text(Vec<Piece>),
    /// Written as it is: a number, `null`, `true`, a network, a field's name.
    Plain(&'static str),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// This text.
    Literal(&'static str),
    /// `*`
    AnyRun,
    /// `?`
    AnyOne,
    /// A regex, and a text that it matches.
    Regex(&'static str, &'static str),
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 23] = [
        Kind::Exact,
        Kind::Prefix,
        Kind::Suffix,
        Kind::Contains,
        Kind::Glob,
        Kind::LiteralWildcard,
        Kind::Empty,
        Kind::Cased,
        Kind::Regex,
        Kind::RegexIgnoringCase,
        Kind::Number,
        Kind::Comparison,
        Kind::CidrV4,
        Kind::CidrV6,
        Kind::Null,
        Kind::Exists,
        Kind::FieldRef,
        Kind::Keyword,
        Kind::KeywordGlob,
        Kind::WinDash,
        Kind::Base64,
        Kind::Base64Offset,
        Kind::TimePart,
    ];
}

impl Kind {
    /// Whether tests of the kind can stand there.
    pub fn stands(self, polarity: Polarity) -> bool {
        match polarity {
            Polarity::List => self != Kind::Exists,
            Polarity::All => {
                !matches!(self, Kind::Empty | Kind::Null | Kind::Exists | Kind::Keyword | Kind::KeywordGlob)
            }
            _ => true,
        }
    }
}

impl Polarity {
    /// Every polarity.
    pub const ALL: [Polarity; 6] =
        [Polarity::Plain, Polarity::Not, Polarity::AndInOr, Polarity::OrInAnd, Polarity::List, Polarity::All];
}

impl Wish {
    /// Its conditions.
    pub(super) fn trees(&self) -> Vec<&Tree> {
        match self {
            Wish::Event(tree) => vec![tree],
            Wish::Sequence { steps, until, .. } => steps.iter().chain(until).collect(),
            Wish::Counting { rules, counting } => counting.rules().into_iter().map(|rule| &rules[rule].1).collect(),
            Wish::Classified { tree, branches, .. } => [tree].into_iter().chain(branches).collect(),
            Wish::Union { members, branches } => {
                let branches = branches.iter().filter_map(|(_, tree)| tree.as_ref());
                members.iter().map(|(_, tree)| tree).chain(branches).collect()
            }
        }
    }

    /// Its tests.
    pub(super) fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        self.trees().into_iter().for_each(|tree| tree.visit(&mut vec![], &mut |leaf, _| leaves.push(leaf)));
        leaves
    }

    /// Changes each test.
    pub(super) fn for_each_leaf(&mut self, change: &mut impl FnMut(&mut Leaf)) {
        let mut trees: Vec<&mut Tree> = Vec::new();
        match self {
            Wish::Event(tree) => trees.push(tree),
            Wish::Sequence { steps, until, .. } => trees.extend(steps.iter_mut().chain(until)),
            Wish::Counting { rules, .. } => trees.extend(rules.iter_mut().map(|(_, tree)| tree)),
            Wish::Classified { tree, branches, .. } => trees.extend([tree].into_iter().chain(branches)),
            Wish::Union { members, branches } => {
                trees.extend(members.iter_mut().map(|(_, tree)| tree));
                trees.extend(branches.iter_mut().filter_map(|(_, tree)| tree.as_mut()));
            }
        }
        trees.into_iter().for_each(|tree| tree.change(change));
    }

    /// Each test, and where it stands.
    pub(super) fn places(&self) -> Vec<(&Leaf, Vec<Polarity>)> {
        let mut places = Vec::new();
        for tree in self.trees() {
            tree.visit(&mut vec![], &mut |leaf, path| places.push((leaf, leaf.polarities(path))));
        }
        places
    }
}

impl Leaf {
    /// Where the test stands, below connectives: `!`, `&`, `|`.
    fn polarities(&self, path: &[char]) -> Vec<Polarity> {
        let mut found = Vec::new();
        if path.iter().filter(|step| **step == '!').count() % 2 == 1 {
            found.push(Polarity::Not);
        }
        let connectives: Vec<char> = path.iter().copied().filter(|step| *step != '!').collect();
        let stands = |upper, lower| connectives.windows(2).any(|pair| pair == [upper, lower]);
        found.extend(stands('|', '&').then_some(Polarity::AndInOr));
        found.extend(stands('&', '|').then_some(Polarity::OrInAnd));
        if self.values.len() > 1 {
            found.push(if self.all { Polarity::All } else { Polarity::List });
        }
        if found.is_empty() {
            found.push(Polarity::Plain);
        }
        found
    }

    /// Whether its values are about any field.
    pub(super) fn is_keyword(&self) -> bool {
        matches!(self.kind, Kind::Keyword | Kind::KeywordGlob)
    }

    /// The pieces of its values.
    pub(super) fn literals(&self) -> impl Iterator<Item = &'static str> {
        let pieces = self.values.iter().flat_map(|value| match value {
            Value::Text(pieces) => pieces.as_slice(),
            Value::Plain(_) => &[],
        });
        pieces.filter_map(|piece| if let Piece::Literal(text) = piece { Some(*text) } else { None })
    }
}

impl Tree {
    fn change(&mut self, change: &mut impl FnMut(&mut Leaf)) {
        match self {
            Tree::Leaf(leaf) => change(leaf),
            Tree::Not(inner) => inner.change(change),
            Tree::And(parts) | Tree::Or(parts) => parts.iter_mut().for_each(|part| part.change(change)),
        }
    }

    /// Visits every test, with the connectives above it: `!`, `&`, `|`.
    fn visit<'a>(&'a self, path: &mut Vec<char>, visit: &mut impl FnMut(&'a Leaf, &[char])) {
        match self {
            Tree::Leaf(leaf) => visit(leaf, path),
            Tree::Not(inner) => {
                path.push('!');
                inner.visit(path, visit);
                path.pop();
            }
            Tree::And(parts) | Tree::Or(parts) => {
                path.push(if matches!(self, Tree::And(_)) { '&' } else { '|' });
                parts.iter().for_each(|part| part.visit(path, visit));
                path.pop();
            }
        }
    }
}
