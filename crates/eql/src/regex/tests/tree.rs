//! Regex text to its tree, as far as these tests write it, and what the tree means: an unanchored search.

use regex_syntax::ast::{self, Ast};
use rulecast_ir::regex::{RegexClass, RegexNode};
use std::collections::BTreeSet;

pub(super) fn parse(regex: &str) -> RegexNode {
    let ast = ast::parse::Parser::new().parse(regex).unwrap_or_else(|error| panic!("{regex}: {error}"));
    convert(&ast, &mut Flags::default())
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold: bool,
    lines: bool,
    dot_all: bool,
}

impl Flags {
    fn set(&mut self, flags: &ast::Flags) {
        let state = |flag| flags.flag_state(flag);
        self.fold = state(ast::Flag::CaseInsensitive).unwrap_or(self.fold);
        self.lines = state(ast::Flag::MultiLine).unwrap_or(self.lines);
        self.dot_all = state(ast::Flag::DotMatchesNewLine).unwrap_or(self.dot_all);
    }
}

fn convert(ast: &Ast, flags: &mut Flags) -> RegexNode {
    match ast {
        Ast::Empty(_) => RegexNode::Empty,
        Ast::Flags(set) => {
            flags.set(&set.flags);
            RegexNode::Empty
        }
        Ast::Literal(literal) => RegexNode::Char { c: literal.c, fold: flags.fold && literal.c.is_ascii_alphabetic() },
        Ast::Dot(_) => RegexNode::Any { newline: flags.dot_all },
        Ast::Assertion(assertion) => match assertion.kind {
            ast::AssertionKind::StartLine if flags.lines => RegexNode::LineStart,
            ast::AssertionKind::EndLine if flags.lines => RegexNode::LineEnd,
            ast::AssertionKind::StartLine | ast::AssertionKind::StartText => RegexNode::TextStart,
            ast::AssertionKind::EndLine | ast::AssertionKind::EndText => RegexNode::TextEnd,
            ast::AssertionKind::WordBoundary => RegexNode::WordBoundary,
            ast::AssertionKind::NotWordBoundary => RegexNode::NotWordBoundary,
            _ => panic!("not an assertion of Sigma's"),
        },
        Ast::ClassPerl(perl) => {
            RegexNode::Class(RegexClass { negated: perl.negated, ranges: merged(perl_ranges(perl)) })
        }
        Ast::ClassBracketed(class) => {
            let ast::ClassSet::Item(item) = &class.kind else { panic!("no set operations") };
            let mut ranges = Vec::new();
            items(item, &mut ranges);
            if flags.fold {
                let folded = ('a'..='z').filter_map(|c| {
                    let held = ranges
                        .iter()
                        .any(|(a, b)| (*a..=*b).contains(&c) || (*a..=*b).contains(&c.to_ascii_uppercase()));
                    held.then_some([(c, c), (c.to_ascii_uppercase(), c.to_ascii_uppercase())])
                });
                let folded: Vec<_> = folded.flatten().collect();
                ranges.extend(folded);
            }
            RegexNode::Class(RegexClass { negated: class.negated, ranges: merged(ranges) })
        }
        Ast::Repetition(repetition) => {
            let (min, max) = match &repetition.op.kind {
                ast::RepetitionKind::ZeroOrOne => (0, Some(1)),
                ast::RepetitionKind::ZeroOrMore => (0, None),
                ast::RepetitionKind::OneOrMore => (1, None),
                ast::RepetitionKind::Range(ast::RepetitionRange::Exactly(n)) => (*n, Some(*n)),
                ast::RepetitionKind::Range(ast::RepetitionRange::AtLeast(n)) => (*n, None),
                ast::RepetitionKind::Range(ast::RepetitionRange::Bounded(n, m)) => (*n, Some(*m)),
            };
            RegexNode::Repeat { node: Box::new(convert(&repetition.ast, flags)), min, max }
        }
        Ast::Group(group) => {
            let mut inner = *flags;
            if let Some(set) = group.flags() {
                inner.set(set);
            }
            convert(&group.ast, &mut inner)
        }
        Ast::Alternation(alternation) => {
            RegexNode::Alternation(alternation.asts.iter().map(|ast| convert(ast, flags)).collect())
        }
        Ast::Concat(concat) => {
            let nodes: Vec<_> = concat.asts.iter().map(|ast| convert(ast, flags)).collect();
            let mut nodes: Vec<_> = nodes.into_iter().filter(|node| *node != RegexNode::Empty).collect();
            if nodes.len() == 1 { nodes.remove(0) } else { RegexNode::Concat(nodes) }
        }
        Ast::ClassUnicode(_) => panic!("not a class of Sigma's"),
    }
}

fn items(item: &ast::ClassSetItem, ranges: &mut Vec<(char, char)>) {
    match item {
        ast::ClassSetItem::Empty(_) => {}
        ast::ClassSetItem::Literal(literal) => ranges.push((literal.c, literal.c)),
        ast::ClassSetItem::Range(range) => ranges.push((range.start.c, range.end.c)),
        ast::ClassSetItem::Perl(perl) if !perl.negated => ranges.extend(perl_ranges(perl)),
        ast::ClassSetItem::Ascii(class) if class.kind == ast::ClassAsciiKind::Alpha => {
            ranges.extend([('A', 'Z'), ('a', 'z')]);
        }
        ast::ClassSetItem::Union(union) => union.items.iter().for_each(|item| items(item, ranges)),
        _ => panic!("not written in these tests"),
    }
}

fn perl_ranges(perl: &ast::ClassPerl) -> Vec<(char, char)> {
    match perl.kind {
        ast::ClassPerlKind::Digit => vec![('0', '9')],
        ast::ClassPerlKind::Space => vec![('\t', '\r'), (' ', ' ')],
        ast::ClassPerlKind::Word => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
    }
}

fn merged(mut ranges: Vec<(char, char)>) -> Vec<(char, char)> {
    ranges.sort_unstable();
    let mut merged: Vec<(char, char)> = Vec::new();
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if u32::from(start) <= u32::from(*last) + 1 => *last = (*last).max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Whether the regex is found in the text.
pub(super) fn found(node: &RegexNode, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    (0..=text.len()).any(|start| !ends(node, &text, start).is_empty())
}

fn ends(node: &RegexNode, text: &[char], at: usize) -> BTreeSet<usize> {
    let before = at.checked_sub(1).map(|i| text[i]);
    let after = text.get(at).copied();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    let here = |holds: bool| if holds { BTreeSet::from([at]) } else { BTreeSet::new() };
    let one = |holds: bool| if holds { BTreeSet::from([at + 1]) } else { BTreeSet::new() };
    match node {
        RegexNode::Empty => here(true),
        RegexNode::Char { c, fold } => one(after.is_some_and(|t| t == *c || *fold && t.eq_ignore_ascii_case(c))),
        RegexNode::Any { newline } => one(after.is_some_and(|t| *newline || t != '\n')),
        RegexNode::Class(class) => {
            one(after.is_some_and(|t| class.negated != class.ranges.iter().any(|(a, b)| (*a..=*b).contains(&t))))
        }
        RegexNode::TextStart => here(before.is_none()),
        RegexNode::TextEnd => here(after.is_none()),
        RegexNode::LineStart => here(before.is_none_or(|c| c == '\n')),
        RegexNode::LineEnd => here(after.is_none_or(|c| c == '\n')),
        RegexNode::WordBoundary => here(is_word(before) != is_word(after)),
        RegexNode::NotWordBoundary => here(is_word(before) == is_word(after)),
        RegexNode::Concat(nodes) => nodes.iter().fold(BTreeSet::from([at]), |starts, node| {
            starts.into_iter().flat_map(|start| ends(node, text, start)).collect()
        }),
        RegexNode::Alternation(nodes) => nodes.iter().flat_map(|node| ends(node, text, at)).collect(),
        RegexNode::Repeat { node, min, max } => {
            let mut found = BTreeSet::new();
            let mut now = BTreeSet::from([at]);
            let most = max.unwrap_or(*min + text.len() as u32 + 1);
            for round in 0..=most {
                if round >= *min {
                    found.extend(&now);
                }
                now = now.into_iter().flat_map(|start| ends(node, text, start)).collect();
                if now.is_empty() {
                    break;
                }
            }
            found
        }
    }
}
