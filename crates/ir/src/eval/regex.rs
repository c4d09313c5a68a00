//! Whether a regex is found in a text.
//!
//! A node takes the set of positions it may start at to the set it may end at. Sets stay within the text, so a repetition
//! ends once it adds nothing: no pattern takes more than polynomial time.

use crate::regex::{RegexClass, RegexNode};
use std::collections::BTreeSet;

/// Whether some part of `text` matches.
pub fn found(node: &RegexNode, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    !ends(node, &text, &(0..=text.len()).collect()).is_empty()
}

fn ends(node: &RegexNode, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let step = |accepts: &dyn Fn(char) -> bool| {
        starts.iter().filter(|at| text.get(**at).is_some_and(|c| accepts(*c))).map(|at| at + 1).collect()
    };
    let keep = |holds: &dyn Fn(usize) -> bool| starts.iter().copied().filter(|at| holds(*at)).collect();
    match node {
        RegexNode::Empty => starts.clone(),
        RegexNode::Char { c, fold: true } => step(&|found| found.eq_ignore_ascii_case(c)),
        RegexNode::Char { c, fold: false } => step(&|found| found == *c),
        RegexNode::Any { newline } => step(&|found| *newline || found != '\n'),
        RegexNode::Class(class) => step(&|found| is_in(class, found)),
        RegexNode::TextStart => keep(&|at| at == 0),
        RegexNode::TextEnd => keep(&|at| at == text.len()),
        RegexNode::LineStart => keep(&|at| at == 0 || text[at - 1] == '\n'),
        RegexNode::LineEnd => keep(&|at| at == text.len() || text[at] == '\n'),
        RegexNode::WordBoundary => keep(&|at| is_boundary(text, at)),
        RegexNode::NotWordBoundary => keep(&|at| !is_boundary(text, at)),
        RegexNode::Concat(nodes) => nodes.iter().fold(starts.clone(), |starts, node| ends(node, text, &starts)),
        RegexNode::Alternation(nodes) => nodes.iter().flat_map(|node| ends(node, text, starts)).collect(),
        RegexNode::Repeat { node, min, max } => {
            let mut latest = starts.clone();
            for _ in 0..*min {
                latest = ends(node, text, &latest);
            }
            let mut all = latest.clone();
            let mut left = max.map(|max| max - min);
            while !latest.is_empty() && left != Some(0) {
                latest = ends(node, text, &latest).difference(&all).copied().collect();
                all.extend(&latest);
                left = left.map(|left| left - 1);
            }
            all
        }
    }
}

fn is_in(class: &RegexClass, c: char) -> bool {
    class.ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != class.negated
}

fn is_boundary(text: &[char], at: usize) -> bool {
    let is_word =
        |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_');
    is_word(at.checked_sub(1)) != is_word(Some(at))
}

#[cfg(test)]
mod tests {
    use super::found;
    use crate::regex::{Regex, RegexFlags};

    #[test]
    fn a_regex_is_found_anywhere_and_case_counts() {
        for (regex, text, expected) in [
            ("b+", "abbc", true),
            ("^b", "ab", false),
            ("a$", "a\n", false),
            ("(?m)a$", "a\nb", true),
            ("a.b", "a\nb", false),
            ("(?s)a.b", "a\nb", true),
            ("A", "a", false),
            ("(?i)A", "a", true),
            ("(a|b){2,3}c", "abac", true),
            ("^(a|b){2,3}c", "ababc", false),
            (r"\bfoo\b", "a foo.", true),
            (r"\bfoo\b", "afoo", false),
            ("(a*)*$", "aaaab", true),
            ("x{2}", "x", false),
            ("[^a]", "\n", true),
            ("", "", true),
        ] {
            let regex_tree = Regex::parse(regex, RegexFlags::default()).unwrap();
            assert_eq!(found(&regex_tree.node, text), expected, "{regex} on {text:?}");
        }
    }
}
