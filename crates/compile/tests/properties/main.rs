//! The properties that every rule must have with its queries, over generated rules and events.
//!
//! | property | where |
//! |---|---|
//! | P1 soundness: a query says what its rule means | `tests/random_square.rs`, `p1_…`; `cargo xtask square` |
//! | P2 the search before `where` narrows and decides nothing | here |
//! | P3 what is printed is read back the same | here; trees of each language in its crate, `tests/random.rs` |
//! | P4 a regex finds the same in every engine | here |
//! | P5 sequences are the machine's | `tests/random_square.rs`, `p5_…` |
//! | P6 a further disjunct loses nothing; two negations are none | here |
//! | P7 names, order, De Morgan and strangers change nothing | here |
//! | P8 no test of a rule is lost | here |
//! | P10 a query that leaves tests out finds no more, or no less, as it says | here |
//! | P9 none of the 97 known wrong translations | `tests/catalogue` |

mod allowed;
mod laws;
mod literals;
mod loss;
mod prefilter;
mod regexes;

use rulecast_compile::random::{Run, Sample};
use rulecast_compile::{NoSquare, Target, square};
use rulecast_ir::{Body, Predicate, Record, Rule, Sigma};

/// Rules with queries on a target, and their events.
fn samples(target: Target<'static>, seed: u64, count: usize) -> Vec<Sample> {
    Run { target, cases: 0, seed, fault: None, differences: 1 }.samples(count)
}

/// Targets without a data model, on which rules may be changed in any way.
fn free() -> impl Iterator<Item = Target<'static>> {
    Target::ALL.into_iter().filter(|target| target.model == "none")
}

/// The predicate of a rule of one log source without classes.
fn predicate(rule: &Rule<Sigma>) -> Option<&Predicate<Sigma>> {
    match &rule.body {
        Body::Event(event) if event.classification.is_none() && event.arms.len() == 1 => Some(&event.arms[0].predicate),
        _ => None,
    }
}

/// The rule with another predicate.
fn with(rule: &Rule<Sigma>, predicate: Predicate<Sigma>) -> Rule<Sigma> {
    let mut rule = rule.clone();
    if let Body::Event(event) = &mut rule.body {
        event.arms[0].predicate = predicate;
    }
    rule
}

/// The ids of the last events that the queries find; none where they are refused or not run.
fn found(rule: &Rule<Sigma>, target: Target, events: &[Record]) -> Option<Vec<u64>> {
    match square(rule, target, events) {
        Ok(square) => Some(square.queries.iter().map(|answer| answer.last).collect()),
        Err(NoSquare::Refused(_) | NoSquare::Evaluate { .. }) => None,
        Err(other) => panic!("{target}: {other}"),
    }
}
