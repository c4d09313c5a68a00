//! The condition of a temporal correlation, over the rules that it names.
//!
//! Source: the draft of the specification after 2.2.0, by which every rule of `rules` stands in the condition.

use super::condition::matches;
use super::problem;
use crate::Logic;
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::{Condition, Correlation, Quantifier, Selector};

/// A condition over the members, by their place in `rules`. `same` says whether a name in it means a rule.
pub(super) fn condition(
    condition: &Condition,
    written: &Correlation,
    same: &impl Fn(&str, &Spanned<String>) -> bool,
    problems: &mut Vec<Diagnostic>,
) -> Logic<usize> {
    let mut members = Members { rules: &written.rules, same, used: vec![false; written.rules.len()], known: true };
    let resolved = members.one(condition, problems);
    // After a misspelt name, the rule that was meant would seem unused.
    if members.known {
        let unused = members.rules.iter().zip(&members.used).filter(|(_, used)| !**used);
        problems.extend(unused.map(|(rule, _)| problem::unused_rule(rule)));
    }
    resolved
}

/// Whether a condition asks for each of the members, and nothing else.
pub(super) fn is_all(condition: &Logic<usize>, members: usize) -> bool {
    let mut asked = vec![false; members];
    let mut ask = |part: &Logic<usize>| match part {
        Logic::Test(index) => asked.get_mut(*index).map(|asked| *asked = true).is_some(),
        _ => false,
    };
    let positive = match condition {
        Logic::And(parts) => parts.iter().all(&mut ask),
        one => ask(one),
    };
    positive && asked.iter().all(|asked| *asked)
}

struct Members<'a, F> {
    rules: &'a [Spanned<String>],
    same: &'a F,
    used: Vec<bool>,
    /// Whether every name so far is one of a member.
    known: bool,
}

impl<F: Fn(&str, &Spanned<String>) -> bool> Members<'_, F> {
    fn one(&mut self, condition: &Condition, problems: &mut Vec<Diagnostic>) -> Logic<usize> {
        match condition {
            Condition::Selection(name) => {
                if let Some(index) = self.rules.iter().position(|rule| (self.same)(&name.node, rule)) {
                    return self.member(index);
                }
                self.known = false;
                problems.push(problem::unknown_member(name, self.rules.iter().map(|rule| rule.node.as_str())));
                Logic::False
            }
            Condition::Selector(selector) => self.selector(selector, problems),
            Condition::Not(inner) => self.one(inner, problems).negate(),
            Condition::And(parts) => Logic::all(parts.iter().map(|part| self.one(part, problems)).collect::<Vec<_>>()),
            Condition::Or(parts) => Logic::any(parts.iter().map(|part| self.one(part, problems)).collect::<Vec<_>>()),
        }
    }

    fn selector(&mut self, selector: &Spanned<Selector>, problems: &mut Vec<Diagnostic>) -> Logic<usize> {
        let named =
            |rule: &Spanned<String>| selector.pattern.as_deref().is_none_or(|pattern| matches(pattern, &rule.node));
        let rules = self.rules;
        let members: Vec<_> =
            (0..rules.len()).filter(|index| named(&rules[*index])).map(|index| self.member(index)).collect();
        if members.is_empty() {
            self.known = false;
            let pattern = selector.pattern.as_deref().unwrap_or("them");
            let names = rules.iter().map(|rule| rule.node.as_str());
            problems.push(problem::selector_of_no_rule(selector.span, pattern, names));
        }
        match selector.quantifier {
            Quantifier::Any => Logic::any(members),
            Quantifier::All => Logic::all(members),
        }
    }

    fn member(&mut self, index: usize) -> Logic<usize> {
        self.used[index] = true;
        Logic::Test(index)
    }
}
