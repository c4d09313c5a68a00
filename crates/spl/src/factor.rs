//! Literals that every match of a regex contains: what an index can look up before the regex runs.

use rulecast_ir::regex::RegexNode;

/// A literal shorter than this is in too many events to be worth a test.
const SHORTEST: usize = 3;
/// More literals than this cost more than they save.
const MOST: usize = 32;

/// Literals of which every text that `node` matches contains at least one, without regard to case. `None` if there are
/// no such, or none worth a test.
pub(crate) fn required(node: &RegexNode) -> Option<Vec<String>> {
    let mut best = None;
    match node {
        RegexNode::Char { c, .. } => consider(&mut best, vec![c.to_string()]),
        RegexNode::Concat(nodes) => {
            let mut run = String::new();
            for node in nodes {
                if let RegexNode::Char { c, .. } = node {
                    run.push(*c);
                    continue;
                }
                consider(&mut best, vec![std::mem::take(&mut run)]);
                if let Some(inner) = required(node) {
                    consider(&mut best, inner);
                }
            }
            consider(&mut best, vec![run]);
        }
        RegexNode::Alternation(nodes) => {
            let branches: Option<Vec<_>> = nodes.iter().map(required).collect();
            consider(&mut best, branches?.concat());
        }
        RegexNode::Repeat { node, min: 1.., .. } => best = required(node),
        RegexNode::Repeat { .. }
        | RegexNode::Empty
        | RegexNode::Any { .. }
        | RegexNode::Class(_)
        | RegexNode::TextStart
        | RegexNode::TextEnd
        | RegexNode::LineStart
        | RegexNode::LineEnd
        | RegexNode::WordBoundary
        | RegexNode::NotWordBoundary => {}
    }
    best
}

/// Keeps the set whose shortest literal is longest.
fn consider(best: &mut Option<Vec<String>>, set: Vec<String>) {
    if shortest(&set) >= SHORTEST
        && set.len() <= MOST
        && best.as_ref().is_none_or(|best| shortest(&set) > shortest(best))
    {
        *best = Some(set);
    }
}

fn shortest(set: &[String]) -> usize {
    set.iter().map(|text| text.chars().count()).min().unwrap_or(0)
}
