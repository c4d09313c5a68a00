//! The grammar of conditions: `selection and not 1 of filter_*`.
//!
//! One grammar serves detections, branches of a classification, and correlations over rules. Names are not resolved here.

mod aggregation;
mod problem;

use crate::ast::{Condition, Quantifier, Selector};
use crate::problems::Problems;
use crate::yaml::Places;
use grammar::{Grammar, Rule};
use pest::Parser;
use pest::iterators::Pair;
use rulecast_diagnostics::{Diagnostic, Spanned};

/// Parentheses and `not` around any one name, at most.
pub const MAX_CONDITION_DEPTH: usize = 64;

/// The longest condition, in bytes.
pub const MAX_CONDITION_BYTES: usize = 64 * 1024;

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "condition/condition.pest"]
    pub(super) struct Grammar;
}

/// What the names of a condition stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Selections; operators are lower case.
    Selections,
    /// Rules; operators in either case.
    Rules,
}

/// Parses a condition whose bytes stand at `places`. `window` is the rule's `timeframe`, to name it in a fix.
pub(crate) fn parse(
    text: &str,
    names: Names,
    places: &Places,
    window: Option<&str>,
    problems: &mut Problems,
) -> Option<Condition> {
    let whole = places.span(0, text.len());
    if text.len() > MAX_CONDITION_BYTES {
        let message = format!("condition is longer than {} KiB", MAX_CONDITION_BYTES / 1024);
        problems.push(Diagnostic::error("condition-too-long", whole, message).help("split the rule"));
        return None;
    }
    if let Some(pipe) = text.find('|') {
        problems.push(aggregation::refuse(text, pipe, places, window));
        return None;
    }
    if let Some(at) = exceeds_depth(text) {
        problems.push(
            Diagnostic::error(
                "condition-too-deep",
                places.span(at, at + 1),
                format!("condition is nested more than {MAX_CONDITION_DEPTH} levels deep"),
            )
            .label("one level too many")
            .help("remove needless parentheses, or name parts of the condition as selections"),
        );
        return None;
    }
    let pairs = match Grammar::parse(Rule::condition, text) {
        Ok(pairs) => pairs,
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            problems.push(problem::explain(text, at, names, places));
            return None;
        }
    };
    let mut walker = Walker { names, places, problems, failed: false };
    let top = pairs.into_iter().next().expect("`condition` starts with `or`");
    let condition = walker.condition(top);
    (!walker.failed).then_some(condition)
}

/// Where parentheses and `not` first go deeper than they may.
fn exceeds_depth(text: &str) -> Option<usize> {
    // Of each open parenthesis, and of the top: the operators `not` before the operand that is being read.
    let mut nots = vec![0];
    let mut depth = 0;
    for (at, word) in Words::new(text) {
        match word {
            "(" => {
                nots.push(0);
                depth += 1;
            }
            "not" | "NOT" => {
                *nots.last_mut()? += 1;
                depth += 1;
            }
            _ => {
                if word == ")" && nots.len() > 1 {
                    depth -= 1 + nots.pop()?;
                }
                depth -= std::mem::take(nots.last_mut()?);
            }
        }
        if depth > MAX_CONDITION_DEPTH {
            return Some(at);
        }
    }
    None
}

/// The words and marks of a condition, with where they start.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let start = self.at + (rest.len() - rest.trim_ascii_start().len());
        let rest = &self.text[start..];
        let first = rest.chars().next()?;
        let len = rest.bytes().take_while(|byte| is_pattern_byte(*byte)).count();
        self.at = start + if len > 0 { len } else { first.len_utf8() };
        Some((start, &self.text[start..self.at]))
    }
}

fn is_pattern_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'*')
}

struct Walker<'a> {
    names: Names,
    places: &'a Places,
    problems: &'a mut Problems,
    failed: bool,
}

impl Walker<'_> {
    fn condition(&mut self, pair: Pair<'_, Rule>) -> Condition {
        let span = pair.as_span();
        let span = self.places.span(span.start(), span.end());
        match pair.as_rule() {
            Rule::or => self.connective(pair, Condition::Or),
            Rule::and => self.connective(pair, Condition::And),
            Rule::not => {
                let mut parts = pair.into_inner();
                let first = parts.next().expect("`not` has an operand");
                if first.as_rule() == Rule::not_op {
                    self.check_case(&first);
                    let operand = parts.next().expect("an operand follows the operator");
                    Condition::Not(Box::new(self.condition(operand)))
                } else {
                    self.condition(first)
                }
            }
            Rule::selector => Condition::Selector(Spanned::new(selector(pair), span)),
            Rule::name => Condition::Selection(Spanned::new(pair.as_str().to_owned(), span)),
            other => unreachable!("{other:?} is no part of a condition's tree"),
        }
    }

    /// The operands of `and` or `or`; one alone is itself. Operands of the same kind are taken in: `(a and b) and c` is
    /// `a and b and c`.
    fn connective(&mut self, pair: Pair<'_, Rule>, join: fn(Vec<Condition>) -> Condition) -> Condition {
        let is_and = pair.as_rule() == Rule::and;
        let mut operands = Vec::new();
        for part in pair.into_inner() {
            if matches!(part.as_rule(), Rule::and_op | Rule::or_op) {
                self.check_case(&part);
                continue;
            }
            match self.condition(part) {
                Condition::And(inner) if is_and => operands.extend(inner),
                Condition::Or(inner) if !is_and => operands.extend(inner),
                operand => operands.push(operand),
            }
        }
        if operands.len() == 1 { operands.remove(0) } else { join(operands) }
    }

    /// Refuses an upper-case operator where Sigma has only lower-case ones.
    fn check_case(&mut self, operator: &Pair<'_, Rule>) {
        let text = operator.as_str();
        if self.names == Names::Selections && text.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.failed = true;
            let span = operator.as_span();
            self.problems.push(problem::upper_case(text, self.places.span(span.start(), span.end())));
        }
    }
}

fn selector(pair: Pair<'_, Rule>) -> Selector {
    let mut selector = Selector { quantifier: Quantifier::Any, pattern: None };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::all => selector.quantifier = Quantifier::All,
            Rule::pattern => selector.pattern = Some(part.as_str().to_owned()),
            _ => {}
        }
    }
    selector
}
