//! Rewrites that never change meaning.

use crate::{Atom, Body, Event, Logic, Predicate, Rule, Sigma, Stage, Step, Test};

impl Rule<Sigma> {
    /// Folds the negation of a test for existence into the test. Comes after every pass that must still see the rule's
    /// own items.
    #[must_use]
    pub(crate) fn normalise(mut self) -> Self {
        body(&mut self.body);
        self
    }
}

fn body(body: &mut Body<Sigma>) {
    match body {
        Body::Event(one) => event(one),
        Body::Sequence(sequence) => {
            sequence.steps.iter_mut().chain(sequence.until.as_deref_mut()).for_each(step);
        }
        Body::Correlation(correlation) => correlation.members.iter_mut().for_each(step),
    }
}

fn step(step: &mut Step<Sigma>) {
    body(&mut step.body);
}

fn event(event: &mut Event<Sigma>) {
    let branches = event.classification.iter_mut().flat_map(|classification| &mut classification.branches);
    for arm in event.arms.iter_mut().chain(branches.flat_map(|branch| &mut branch.arms)) {
        fold_existence(&mut arm.predicate);
    }
}

fn fold_existence<S: Stage>(tree: &mut Predicate<S>) {
    match tree {
        Logic::True | Logic::False | Logic::Test(_) => {}
        Logic::Not(inner) => match &mut **inner {
            Logic::Test(Atom { test: Test::Exists(present), .. }) => {
                *present = !*present;
                let Logic::Not(inner) = std::mem::replace(tree, Logic::True) else {
                    unreachable!("the tree is a negation");
                };
                *tree = *inner;
            }
            _ => fold_existence(inner),
        },
        Logic::And(parts) | Logic::Or(parts) => parts.iter_mut().for_each(fold_existence),
    }
}

impl<L: PartialEq> Logic<L> {
    /// Drops from a conjunction what its other operands imply: repetitions, and a disjunction that holds all operands
    /// of another one (absorption). Quadratic in the operands: for conjunctions made of few.
    #[must_use]
    pub(crate) fn absorb(self) -> Self {
        let Logic::And(parts) = self else {
            return self;
        };
        let implied = |i: usize, part: &Logic<L>| {
            parts.iter().enumerate().any(|(j, other)| i != j && other.implies(part) && !(part.implies(other) && i < j))
        };
        let keep: Vec<bool> = parts.iter().enumerate().map(|(i, part)| !implied(i, part)).collect();
        Logic::all(parts.into_iter().zip(keep).filter_map(|(part, keep)| keep.then_some(part)).collect::<Vec<_>>())
    }

    /// What is left to ask once `known` is known to hold: without the conjuncts that are conjuncts of it too.
    ///
    /// `known and x` and `known and x.given(known)` mean the same; so do `known and not x` and
    /// `known and not x.given(known)`. Quadratic in the conjuncts of both.
    #[must_use]
    pub fn given(self, known: &Logic<L>) -> Self {
        let known = match known {
            Logic::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        match self {
            Logic::And(parts) => Logic::all(parts.into_iter().filter(|part| !known.contains(part)).collect::<Vec<_>>()),
            one if known.contains(&one) => Logic::True,
            one => one,
        }
    }

    fn implies(&self, other: &Logic<L>) -> bool {
        self.operands().iter().all(|operand| other.operands().contains(operand))
    }

    fn operands(&self) -> &[Logic<L>] {
        match self {
            Logic::Or(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Logic::{self, And, Or, Test};

    #[test]
    fn a_conjunction_drops_what_its_operands_imply() {
        let (a, b, c) = (|| Test('a'), || Test('b'), || Test('c'));
        assert_eq!(And(vec![a(), Or(vec![b(), c()]), b()]).absorb(), And(vec![a(), b()]));
        assert_eq!(And(vec![Or(vec![a(), b(), c()]), Or(vec![c(), a()])]).absorb(), Or(vec![c(), a()]));
        assert_eq!(And(vec![a(), b(), a()]).absorb(), And(vec![a(), b()]));
        assert_eq!(And(vec![a(), Or(vec![b(), c()])]).absorb(), And(vec![a(), Or(vec![b(), c()])]));
    }

    #[test]
    fn what_is_known_need_not_be_asked_again() {
        let (a, b, c) = (|| Test('a'), || Test('b'), || Test('c'));
        assert_eq!(And(vec![a(), b(), c()]).given(&And(vec![c(), a()])), b());
        assert_eq!(And(vec![a(), b()]).given(&a()), b());
        assert_eq!(a().given(&a()), Logic::True);
        assert_eq!(Or(vec![a(), b()]).given(&a()), Or(vec![a(), b()]));
    }
}
