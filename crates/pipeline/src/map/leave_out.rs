//! What is left of a predicate that lacks parts, and how it says so.

use rulecast_ir::{Logic, Mapped, Predicate, Verdict};

/// What is left of an AND (which is then over) or OR (under), with the verdict on one of its tests. None if nothing is
/// left of it that would say anything.
pub(super) fn rest(mut left: Predicate<Mapped>, verdict: Verdict) -> Option<Predicate<Mapped>> {
    match (&left, verdict) {
        // Whatever the missing part is: false and anything, true or anything.
        (Logic::False, Verdict::Over) | (Logic::True, Verdict::Under) => return Some(left),
        (Logic::True | Logic::False, _) => return None,
        _ => {}
    }
    mark(&mut left, verdict);
    Some(left)
}

/// Puts the verdict on the first test, from where it reaches the whole.
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
