//! How what is left of a predicate says that parts of it were left out.

use rulecast_ir::{Atom, Logic, Mapped, Predicate, Test, Verdict};

/// The predicate with the verdict on its first test, from where it reaches the whole.
pub(super) fn marked(mut predicate: Predicate<Mapped>, verdict: Verdict) -> Predicate<Mapped> {
    mark(&mut predicate, verdict);
    predicate
}

fn mark(predicate: &mut Predicate<Mapped>, verdict: Verdict) {
    match predicate {
        Logic::True | Logic::False => {}
        // A language says absence as a negation: the verdict is on what it negates.
        Logic::Test(Atom { test: test @ Test::Exists(false), .. }) => {
            *test = Test::Exists(true);
            *predicate = std::mem::replace(predicate, Logic::True).negate();
            mark(predicate, verdict);
        }
        Logic::Test(atom) => atom.notes.verdict = atom.notes.verdict.join(verdict),
        Logic::Not(inner) => mark(inner, verdict.swapped()),
        Logic::And(parts) | Logic::Or(parts) => {
            if let Some(part) = parts.iter_mut().find(|part| !matches!(part, Logic::True | Logic::False)) {
                mark(part, verdict);
            }
        }
    }
}
