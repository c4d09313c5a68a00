//! How what is left of a predicate says that parts of it were left out.

use rulecast_ir::{Logic, Mapped, Predicate, Verdict};

/// The predicate with the verdict on its first test, from where it reaches the whole.
pub(super) fn marked(mut predicate: Predicate<Mapped>, verdict: Verdict) -> Predicate<Mapped> {
    mark(&mut predicate, verdict);
    predicate
}

fn mark(predicate: &mut Predicate<Mapped>, verdict: Verdict) {
    match predicate {
        Logic::True | Logic::False => {}
        Logic::Test(atom) => atom.notes.verdict = atom.notes.verdict.join(verdict),
        Logic::Not(inner) => mark(inner, verdict.swapped()),
        Logic::And(parts) | Logic::Or(parts) => {
            if let Some(part) = parts.iter_mut().find(|part| !matches!(part, Logic::True | Logic::False)) {
                mark(part, verdict);
            }
        }
    }
}
