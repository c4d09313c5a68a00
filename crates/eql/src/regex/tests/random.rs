//! Random trees, printed and compared with what they mean.

use super::{lucene, of_node, tree};
use rulecast_ir::regex::{RegexClass, RegexNode};

/// A generator of numbers (Knuth's MMIX), the same on every run.
struct Dice {
    state: u64,
    /// Whether every letter folds.
    fold: bool,
}

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % bound
    }

    fn node(&mut self, depth: u64) -> RegexNode {
        let nodes = |dice: &mut Dice| (0..2 + dice.below(2)).map(|_| dice.node(depth - 1)).collect();
        match self.below(if depth == 0 { 12 } else { 20 }) {
            0..=2 => {
                let c = ['a', 'B', '-'][self.below(3) as usize];
                RegexNode::Char { c, fold: self.fold && c != '-' }
            }
            3 => RegexNode::Char { c: 'a', fold: true },
            4 => RegexNode::Any { newline: self.below(2) == 0 },
            5 => self.class(),
            6 => [RegexNode::Empty, RegexNode::Char { c: '\n', fold: false }][self.below(2) as usize].clone(),
            7 => RegexNode::TextStart,
            8 => RegexNode::TextEnd,
            9 => [RegexNode::LineStart, RegexNode::LineEnd][self.below(2) as usize].clone(),
            10 => RegexNode::WordBoundary,
            11 => RegexNode::NotWordBoundary,
            12..=15 => RegexNode::Concat(nodes(self)),
            16 | 17 => RegexNode::Alternation(nodes(self)),
            _ => {
                let (min, max) =
                    [(0, Some(1)), (0, None), (1, None), (2, Some(2)), (0, Some(2))][self.below(5) as usize];
                RegexNode::Repeat { node: Box::new(self.node(depth - 1)), min, max }
            }
        }
    }

    fn class(&mut self) -> RegexNode {
        let ranges =
            [vec![('a', 'a')], vec![('A', 'A'), ('a', 'a')], vec![('\n', '\n'), ('-', 'B')], vec![('a', char::MAX)]];
        let ranges = ranges[self.below(4) as usize].clone();
        RegexNode::Class(RegexClass { negated: self.below(2) == 0, ranges })
    }
}

#[test]
fn what_is_printed_matches_what_is_meant() {
    let letters = ["a", "A", "B", "-", "\n"];
    let mut texts = vec![String::new()];
    for from in [0, 1, 6] {
        let longer: Vec<_> = texts[from..].iter().flat_map(|text| letters.map(|c| format!("{text}{c}"))).collect();
        texts.extend(longer);
    }
    texts.sort();
    texts.dedup();
    let mut dice = Dice { state: 7, fold: false };
    let (mut printed, mut caseless) = (0, 0);
    for round in 0..1_000 {
        dice.fold = round % 2 == 0;
        let node = dice.node(1 + round % 3);
        let Ok(regex) = of_node(&node) else { continue };
        printed += 1;
        caseless += u32::from(regex.caseless);
        let patterns = regex.patterns.iter().map(|pattern| {
            lucene::parse(pattern, regex.caseless).unwrap_or_else(|error| panic!("{pattern:?}: {error}"))
        });
        let patterns: Vec<_> = patterns.collect();
        for text in &texts {
            let found = patterns.iter().any(|pattern| pattern.matches(text));
            assert_eq!(found, tree::found(&node, text), "{node:?} as {:?} on {text:?}", regex.patterns);
        }
    }
    assert!(printed > 600, "only {printed} of 1,000 could be printed");
    assert!(caseless > 100, "only {caseless} of 1,000 were for `regex~`");
}
