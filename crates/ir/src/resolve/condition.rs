//! Conditions over selections.

use super::{item, problem};
use crate::draft::{DraftDetection, DraftTree};
use crate::{Logic, Predicate, Sigma};
use rulecast_diagnostics::{Diagnostic, Spanned};
use rulecast_rule::ast::{Condition, Detection, Quantifier, Selector};

/// The selections of one detection, each resolved once and handed out as often as its conditions use it.
pub(super) struct Selections<'a> {
    names: Vec<&'a Spanned<String>>,
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
        let names = detection.selections.iter().map(|one| &one.name).collect();
        let predicates = detection.selections.iter().map(|one| item::selection(&one.selection, problems)).collect();
        Self::of(names, predicates, conditions, problems)
    }

    /// Those of a rewritten detection.
    pub(super) fn drafted(
        detection: &'a mut DraftDetection,
        classes: &[Spanned<Condition>],
        problems: &mut Vec<Diagnostic>,
    ) -> (Self, &'a [Spanned<Condition>]) {
        let nothing = || DraftTree::All(Vec::new());
        let trees = detection.selections.iter_mut().map(|one| std::mem::replace(&mut one.tree, nothing()));
        let predicates = trees.map(DraftTree::into_predicate).collect();
        let DraftDetection { selections, conditions } = detection;
        let names = selections.iter().map(|one| &one.name).collect();
        let all: Vec<_> = conditions.iter().chain(classes).collect();
        (Self::of(names, predicates, &all, problems), conditions)
    }

    fn of(
        names: Vec<&'a Spanned<String>>,
        predicates: Vec<Predicate<Sigma>>,
        conditions: &[&Spanned<Condition>],
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut selections = Self { uses_left: vec![0; names.len()], names, predicates };
        let before = problems.len();
        for condition in conditions {
            selections.count(condition, problems);
        }
        // After a misspelt name, the selection that was meant would seem unused; without a condition, every one would.
        if problems.len() > before || conditions.is_empty() {
            return selections;
        }
        for (name, uses) in selections.names.iter().zip(&selections.uses_left) {
            if *uses == 0 {
                problems.push(problem::unused_selection(name));
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
                let members: Vec<_> = self.members(selector).into_iter().map(|index| self.take(index)).collect();
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
                let members = self.members(selector);
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

    fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a, '_> {
        self.names.iter().map(|name| name.node.as_str())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|known| known == name)
    }

    /// The selections that a selector names.
    fn members(&self, selector: &Selector) -> Vec<usize> {
        let names = self.names().enumerate();
        names.filter(|(_, name)| selects(selector, name)).map(|(index, _)| index).collect()
    }
}

/// Whether a selector names a selection. Those that start with `_` take part only if the pattern does too.
pub fn selects(selector: &Selector, name: &str) -> bool {
    match &selector.pattern {
        None => !name.starts_with('_'),
        Some(pattern) => matches(pattern, name) && (pattern.starts_with('_') || !name.starts_with('_')),
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
