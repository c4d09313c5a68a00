//! Conditions over selections.

use super::{item, problem};
use crate::{Logic, Predicate, Sigma};
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::{Condition, Detection, NamedSelection, Quantifier, Selector};

/// The selections of one detection, each resolved once and handed out as often as its conditions use it.
pub(super) struct Selections<'a> {
    written: &'a [NamedSelection],
    /// Taken away at the last use, so that a long list is not copied.
    predicates: Vec<Predicate<Sigma>>,
    uses_left: Vec<usize>,
}

impl<'a> Selections<'a> {
    /// Resolves the selections and checks the names in all `conditions` that will be asked for.
    pub(super) fn new(
        detection: &'a Detection,
        conditions: &[&Spanned<Condition>],
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let written = &detection.selections[..];
        let predicates = written.iter().map(|one| item::selection(&one.selection, problems)).collect();
        let mut selections = Self { written, predicates, uses_left: vec![0; written.len()] };
        let before = problems.len();
        for condition in conditions {
            selections.count(condition, problems);
        }
        // After a misspelt name, the selection that was meant would seem unused; without a condition, every one would.
        if problems.len() > before || conditions.is_empty() {
            return selections;
        }
        for (one, uses) in written.iter().zip(&selections.uses_left) {
            if *uses == 0 {
                problems.push(problem::unused_selection(&one.name));
            }
        }
        selections
    }

    /// Any of these conditions, each among those given to [`Selections::new`].
    pub(super) fn any(&mut self, conditions: &[Spanned<Condition>]) -> Predicate<Sigma> {
        Logic::any(conditions.iter().map(|condition| self.one(condition)).collect::<Vec<_>>())
    }

    /// One condition, among those given to [`Selections::new`].
    pub(super) fn one(&mut self, condition: &Condition) -> Predicate<Sigma> {
        match condition {
            Condition::Selection(name) => match self.position(name) {
                Some(index) => self.take(index),
                None => Logic::False,
            },
            Condition::Selector(selector) => {
                let members: Vec<_> = self.members(selector).map(|index| self.take(index)).collect();
                match selector.quantifier {
                    Quantifier::Any => Logic::any(members),
                    Quantifier::All => Logic::all(members),
                }
            }
            Condition::Not(inner) => self.one(inner).negate(),
            Condition::And(parts) => Logic::all(parts.iter().map(|part| self.one(part)).collect::<Vec<_>>()),
            Condition::Or(parts) => Logic::any(parts.iter().map(|part| self.one(part)).collect::<Vec<_>>()),
        }
    }

    fn take(&mut self, index: usize) -> Predicate<Sigma> {
        self.uses_left[index] = self.uses_left[index].saturating_sub(1);
        match self.uses_left[index] {
            0 => std::mem::replace(&mut self.predicates[index], Logic::False),
            _ => self.predicates[index].clone(),
        }
    }

    fn count(&mut self, condition: &Condition, problems: &mut Vec<Diagnostic>) {
        match condition {
            Condition::Selection(name) => match self.position(name) {
                Some(index) => self.uses_left[index] += 1,
                None => problems.push(problem::unknown_selection(name, self.names())),
            },
            Condition::Selector(selector) => {
                let members: Vec<_> = self.members(selector).collect();
                if members.is_empty() {
                    let pattern = selector.pattern.as_deref().unwrap_or("them");
                    problems.push(problem::selector_matches_nothing(selector.span, pattern, self.names()));
                }
                members.into_iter().for_each(|index| self.uses_left[index] += 1);
            }
            Condition::Not(inner) => self.count(inner, problems),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.count(part, problems));
            }
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.written.iter().map(|one| one.name.node.as_str())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|known| known == name)
    }

    /// The selections that a selector names. Those that start with `_` take part only if the pattern does too.
    fn members(&self, selector: &Selector) -> impl Iterator<Item = usize> + use<'a> {
        let pattern = selector.pattern.clone();
        self.names().enumerate().filter_map(move |(index, name)| {
            let named = match &pattern {
                None => !name.starts_with('_'),
                Some(pattern) => matches(pattern, name) && (pattern.starts_with('_') || !name.starts_with('_')),
            };
            named.then_some(index)
        })
    }
}

/// Whether `name` is `pattern`, where `*` stands for any characters.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, mut rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(before) else {
        return false;
    };
    while let Some((piece, after)) = rest.split_once('*') {
        let Some(found) = name.find(piece) else {
            return false;
        };
        name = &name[found + piece.len()..];
        rest = after;
    }
    name.ends_with(rest)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_names_whole_names() {
        assert!(matches("selection*", "selection"));
        assert!(matches("selection_*", "selection_img"));
        assert!(!matches("selection", "selection_extra"));
        assert!(!matches("selection_*", "selection"));
        assert!(matches("*_a_*b", "x_a__a_bb"));
        assert!(!matches("ab*bc", "abc"));
        assert!(matches("*", "anything"));
    }
}
