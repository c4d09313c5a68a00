//! Anchors and word boundaries, turned into what may stand at the edges of the text.
//!
//! A side of a node is an edge of the regex, beyond which the rest of the text lies, or lies within the regex. An anchor
//! or boundary at an edge narrows what may stand beyond it, and that is printed; within the regex it either always holds
//! or never does, or else is an [`Obstacle`].

use super::Obstacle;
use super::kinds::{Kinds, first, last};
use super::text::{self, Folding, Piece};
use rulecast_ir::regex::RegexNode;

/// The most rounds of a repetition that are written out one by one, where an anchor or boundary is in it.
const UNROLLED: u32 = 8;

/// What lies beside a node.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    /// The rest of the text, beginning so, to be printed with the node.
    Edge(Kinds),
    /// Other nodes, printed elsewhere, beginning with any of these.
    Inner(Kinds),
}

impl Side {
    fn kinds(self) -> Kinds {
        match self {
            Side::Edge(kinds) | Side::Inner(kinds) => kinds,
        }
    }

    fn is_open(self) -> bool {
        self == Side::Edge(Kinds::ALL)
    }

    /// The side, if what lies there must be one of `kinds`; `None` if it never is.
    fn narrow(self, kinds: Kinds, look: &RegexNode) -> Result<Option<Side>, Obstacle> {
        let both = self.kinds() & kinds;
        match self {
            _ if both.is_empty() => Ok(None),
            Side::Edge(_) => Ok(Some(Side::Edge(both))),
            Side::Inner(all) if both == all => Ok(Some(self)),
            Side::Inner(_) => Err(obstacle(look)),
        }
    }
}

/// Prints nodes with their edges.
pub(super) struct Edges {
    pub(super) folding: Folding,
}

type Printed = Result<Option<Piece>, Obstacle>;

impl Edges {
    /// The regex of a whole text in which `node` is found; `None` if it never is.
    pub(super) fn whole(&self, node: &RegexNode) -> Result<Option<String>, Obstacle> {
        let piece = self.node(node, Side::Edge(Kinds::ALL), Side::Edge(Kinds::ALL))?;
        // `()` is the empty text, in a list too, where Elasticsearch puts `|` between the regexes.
        Ok(piece.map(|piece| if piece.is_empty() { "()".to_owned() } else { piece.text }))
    }

    fn node(&self, node: &RegexNode, left: Side, right: Side) -> Printed {
        match node {
            RegexNode::Alternation(nodes) if looks_around(node) => {
                let pieces = nodes.iter().map(|node| self.node(node, left, right));
                Ok(Piece::alternation(pieces.collect::<Result<Vec<_>, _>>()?))
            }
            RegexNode::Repeat { node: inner, min, max } if looks_around(inner) => match (min, max) {
                (0, Some(1)) => {
                    Ok(Piece::alternation([self.node(inner, left, right)?, self.node(&RegexNode::Empty, left, right)?]))
                }
                (1, Some(1)) => self.node(inner, left, right),
                (_, Some(0)) => self.node(&RegexNode::Empty, left, right),
                // Each round may have other neighbours.
                (min, Some(max)) if *max <= UNROLLED => {
                    let optional = RegexNode::Repeat { node: inner.clone(), min: 0, max: Some(1) };
                    let rounds = (0..*max).map(|round| if round < *min { inner.as_ref() } else { &optional });
                    self.node(&joined(rounds), left, right)
                }
                _ => Err(Obstacle::Inexpressible("an anchor or word boundary inside a repetition")),
            },
            _ => {
                let mut flat = Vec::new();
                flatten(node, &mut flat);
                self.concat(&flat, left, right)
            }
        }
    }

    fn concat(&self, nodes: &[&RegexNode], mut left: Side, mut right: Side) -> Printed {
        let lead = nodes.iter().take_while(|node| is_look(node)).count();
        if lead == nodes.len() {
            return point(nodes, left, right);
        }
        let trail = nodes.iter().rev().take_while(|node| is_look(node)).count();
        let (before, rest) = nodes.split_at(lead);
        let (mut core, after) = rest.split_at(rest.len() - trail);

        let (all_left, all_right) = (left, right);
        for look in before {
            let Some(kinds) = partners(|one, next| holds(look, one, next), first(core, right.kinds())) else {
                return match core {
                    [RegexNode::Alternation(nodes), rest @ ..] => {
                        let each = nodes.iter().map(|node| joined(before.iter().copied().chain([node])));
                        let tail = rest.iter().chain(after).map(|node| (*node).clone());
                        self.node(&distributed([], each, tail), all_left, all_right)
                    }
                    _ => Err(obstacle(look)),
                };
            };
            match left.narrow(kinds, look)? {
                Some(narrow) => left = narrow,
                None => return Ok(None),
            }
        }
        for look in after {
            let Some(kinds) = partners(|one, previous| holds(look, previous, one), last(core, left.kinds())) else {
                return match core {
                    [rest @ .., RegexNode::Alternation(nodes)] => {
                        let each = nodes.iter().map(|node| joined([node].into_iter().chain(after.iter().copied())));
                        let head = before.iter().chain(rest).map(|node| (*node).clone());
                        self.node(&distributed(head, each, []), all_left, all_right)
                    }
                    _ => Err(obstacle(look)),
                };
            };
            match right.narrow(kinds, look)? {
                Some(narrow) => right = narrow,
                None => return Ok(None),
            }
        }

        // What may be anything anyhow need not be said: `.*` at an open edge.
        while let [run, rest @ ..] = core
            && left.is_open()
            && is_any_run(run)
        {
            core = rest;
        }
        while let [rest @ .., run] = core
            && right.is_open()
            && is_any_run(run)
        {
            core = rest;
        }
        if core.is_empty() {
            return point(&[], left, right);
        }
        self.core(core, left, right)
    }

    /// Prints nodes of which neither the first nor the last is an anchor.
    fn core(&self, nodes: &[&RegexNode], left: Side, right: Side) -> Printed {
        let mut pieces = Vec::with_capacity(nodes.len() + 2);
        for (i, node) in nodes.iter().enumerate() {
            let (is_first, is_last) = (i == 0, i + 1 == nodes.len());
            let piece = if looks_around(node) {
                let left = if is_first { left } else { Side::Inner(last(&nodes[..i], left.kinds())) };
                let right = if is_last { right } else { Side::Inner(first(&nodes[i + 1..], right.kinds())) };
                self.node(node, left, right)?
            } else {
                if let Side::Edge(kinds) = left
                    && is_first
                {
                    pieces.push(before(kinds));
                }
                self.plain(node)
            };
            let Some(piece) = piece else { return Ok(None) };
            pieces.push(piece);
            if let Side::Edge(kinds) = right
                && is_last
                && !looks_around(node)
            {
                pieces.push(after(kinds));
            }
        }
        Ok(Some(Piece::concat(pieces)))
    }

    /// Prints a node without anchors or boundaries; `None` if it never matches.
    fn plain(&self, node: &RegexNode) -> Option<Piece> {
        match node {
            RegexNode::Char { c, fold } => Some(text::char(*c, *fold, self.folding)),
            RegexNode::Any { newline } => Some(text::any(*newline)),
            RegexNode::Class(class) => text::class(class, self.folding),
            RegexNode::Concat(nodes) => {
                nodes.iter().map(|node| self.plain(node)).collect::<Option<Vec<_>>>().map(Piece::concat)
            }
            RegexNode::Alternation(nodes) => Piece::alternation(nodes.iter().map(|node| self.plain(node))),
            RegexNode::Repeat { node, min, max } => match self.plain(node) {
                Some(piece) => Some(piece.repeat(*min, *max)),
                None => (*min == 0).then(Piece::empty),
            },
            RegexNode::Empty
            | RegexNode::TextStart
            | RegexNode::TextEnd
            | RegexNode::LineStart
            | RegexNode::LineEnd
            | RegexNode::WordBoundary
            | RegexNode::NotWordBoundary => Some(Piece::empty()),
        }
    }
}

/// Anchors and boundaries at one place, with nothing between them and the sides.
fn point(looks: &[&RegexNode], left: Side, right: Side) -> Printed {
    // What may follow, by what may precede, where they differ.
    let mut pairs: Vec<(Kinds, Kinds)> = Vec::new();
    for before in left.kinds().each() {
        let follows = right.kinds().each().filter(|after| looks.iter().all(|look| holds(look, before, *after)));
        let follows = follows.fold(Kinds::NONE, |all, kind| all | kind);
        match pairs.iter_mut().find(|(_, after)| *after == follows) {
            Some((befores, _)) => *befores = *befores | before,
            None => pairs.push((before, follows)),
        }
    }
    pairs.retain(|(_, follows)| !follows.is_empty());
    let splits_left = matches!(left, Side::Inner(all) if pairs.iter().any(|(befores, _)| *befores != all));
    let splits_right = matches!(right, Side::Inner(all) if pairs.iter().any(|(_, follows)| *follows != all));
    if splits_left || splits_right {
        return Err(looks.first().map_or(Obstacle::Inexpressible("an anchor"), |look| obstacle(look)));
    }
    Ok(Piece::alternation(pairs.into_iter().map(|(befores, follows)| {
        let mut pieces = Vec::new();
        if let Side::Edge(_) = left {
            pieces.push(before(befores));
        }
        if let Side::Edge(_) = right
            && !(befores == Kinds::ALL && follows == Kinds::ALL && matches!(left, Side::Edge(_)))
        {
            pieces.push(after(follows));
        }
        Some(Piece::concat(pieces))
    })))
}

/// Whether an anchor or boundary holds between these two.
fn holds(look: &RegexNode, before: Kinds, after: Kinds) -> bool {
    match look {
        RegexNode::TextStart => before == Kinds::EDGE,
        RegexNode::TextEnd => after == Kinds::EDGE,
        RegexNode::LineStart => before.within(Kinds::LINE),
        RegexNode::LineEnd => after.within(Kinds::LINE),
        RegexNode::WordBoundary => (before == Kinds::WORD) != (after == Kinds::WORD),
        RegexNode::NotWordBoundary => (before == Kinds::WORD) == (after == Kinds::WORD),
        _ => true,
    }
}

/// The kinds that hold together with all of `others`; `None` if one holds with some of them only.
fn partners(holds: impl Fn(Kinds, Kinds) -> bool, others: Kinds) -> Option<Kinds> {
    let mut partners = Kinds::NONE;
    for one in Kinds::ALL.each() {
        let count = others.each().filter(|other| holds(one, *other)).count();
        if count == others.each().count() {
            partners = partners | one;
        } else if count > 0 {
            return None;
        }
    }
    Some(partners)
}

/// The text before an edge, if it ends so.
fn before(kinds: Kinds) -> Piece {
    let Some(c) = character(kinds) else { return Piece::empty() };
    match (kinds == Kinds::ALL, Kinds::EDGE.within(kinds)) {
        (true, _) => Piece::run(".*"),
        (_, true) => Piece::run(format!(".*{c}")).repeat(0, Some(1)),
        (_, false) => Piece::run(format!(".*{c}")),
    }
}

/// The text after an edge, if it begins so.
fn after(kinds: Kinds) -> Piece {
    let Some(c) = character(kinds) else { return Piece::empty() };
    match (kinds == Kinds::ALL, Kinds::EDGE.within(kinds)) {
        (true, _) => Piece::run(".*"),
        (_, true) => Piece::run(format!("{c}.*")).repeat(0, Some(1)),
        (_, false) => Piece::run(format!("{c}.*")),
    }
}

/// One character of these kinds; `None` if there is none.
fn character(kinds: Kinds) -> Option<&'static str> {
    let (feed, other, word) = (Kinds::FEED.within(kinds), Kinds::OTHER.within(kinds), Kinds::WORD.within(kinds));
    Some(match (feed, other, word) {
        (false, false, false) => return None,
        (true, true, true) => ".",
        (true, false, false) => "\n",
        (false, true, true) => "[^\n]",
        (false, false, true) => "[0-9A-Z_a-z]",
        (true, true, false) => "[^0-9A-Z_a-z]",
        (false, true, false) => "[^\n0-9A-Z_a-z]",
        (true, false, true) => "[\n0-9A-Z_a-z]",
    })
}

fn obstacle(look: &RegexNode) -> Obstacle {
    Obstacle::Inexpressible(match look {
        RegexNode::WordBoundary | RegexNode::NotWordBoundary => {
            "a word boundary beside what may be part of a word or not"
        }
        _ => "an anchor in the middle",
    })
}

fn is_look(node: &RegexNode) -> bool {
    matches!(
        node,
        RegexNode::TextStart
            | RegexNode::TextEnd
            | RegexNode::LineStart
            | RegexNode::LineEnd
            | RegexNode::WordBoundary
            | RegexNode::NotWordBoundary
    )
}

fn looks_around(node: &RegexNode) -> bool {
    match node {
        RegexNode::Concat(nodes) | RegexNode::Alternation(nodes) => nodes.iter().any(looks_around),
        RegexNode::Repeat { node, .. } => looks_around(node),
        other => is_look(other),
    }
}

fn is_any_run(node: &RegexNode) -> bool {
    matches!(node, RegexNode::Repeat { node, min: 0, max: None } if matches!(**node, RegexNode::Any { .. }))
}

fn flatten<'a>(node: &'a RegexNode, into: &mut Vec<&'a RegexNode>) {
    match node {
        RegexNode::Concat(nodes) => nodes.iter().for_each(|node| flatten(node, into)),
        RegexNode::Empty => {}
        other => into.push(other),
    }
}

fn joined<'a>(nodes: impl Iterator<Item = &'a RegexNode>) -> RegexNode {
    RegexNode::Concat(nodes.cloned().collect())
}

fn distributed(
    head: impl IntoIterator<Item = RegexNode>,
    alternatives: impl Iterator<Item = RegexNode>,
    tail: impl IntoIterator<Item = RegexNode>,
) -> RegexNode {
    let alternation = RegexNode::Alternation(alternatives.collect());
    RegexNode::Concat(head.into_iter().chain([alternation]).chain(tail).collect())
}
