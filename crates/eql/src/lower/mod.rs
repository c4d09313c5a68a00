//! Mapped rules to queries. Everything refused is collected, not the first alone.

mod atom;
mod classification;
mod correlation;
mod event;
mod group;
mod sequence;
mod text;

use crate::ast::{Condition, EventQuery, Query};
use rulecast_backend::{Emitted, Role};
use rulecast_ir::fidelity::{Noted, compose};
use rulecast_ir::{Body, Fidelity, Logic, Mapped, Name, Predicate, Refusal, Rule, Verdict};

/// A condition whose leaves still say what they gave up, and where they come from.
type Tree = Logic<Noted<Condition>>;

pub(crate) fn rule(rule: &Rule<Mapped>) -> Result<Vec<Emitted<Query>>, Vec<Refusal>> {
    let mut lowering = Lowering::default();
    let emitted = match &rule.body {
        Body::Event(event) => lowering.event_rule(rule, event),
        Body::Sequence(sequence) => {
            lowering.sequence(sequence).into_iter().map(|(query, fidelity)| emit_rule(query, fidelity)).collect()
        }
        Body::Correlation(correlation) => {
            lowering.correlation(correlation).into_iter().map(|(query, fidelity)| emit_rule(query, fidelity)).collect()
        }
    };
    if lowering.refusals.is_empty() { Ok(emitted) } else { Err(lowering.refusals) }
}

fn emit_rule(query: Query, fidelity: Fidelity) -> Emitted<Query> {
    Emitted { role: Role::Rule, query, fidelity }
}

/// One rule on its way.
#[derive(Default)]
struct Lowering {
    refusals: Vec<Refusal>,
}

impl Lowering {
    fn refuse(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    /// Lowers a predicate; a refused leaf leaves a constant, and nothing is emitted in the end.
    fn predicate(&mut self, predicate: &Predicate<Mapped>) -> Tree {
        match predicate {
            Logic::True => Logic::True,
            Logic::False => Logic::False,
            Logic::Test(atom) => atom::lower(atom).unwrap_or_else(|refusal| {
                self.refuse(refusal);
                Logic::False
            }),
            Logic::Not(inner) => negate(self.predicate(inner)),
            // Each operand is lowered before any is dropped, so that a constant hides no refusal.
            Logic::And(parts) => Logic::all(parts.iter().map(|part| self.predicate(part)).collect::<Vec<_>>()),
            Logic::Or(parts) => group::any(parts.iter().map(|part| self.predicate(part)).collect::<Vec<_>>()),
        }
    }
}

/// The negation; that of presence is absence, in one test.
fn negate(tree: Tree) -> Tree {
    match tree {
        Logic::Test(mut noted) if noted.notes.verdict == Verdict::Exact => match &mut noted.leaf {
            Condition::Exists { exists, .. } => {
                *exists = !*exists;
                Logic::Test(noted)
            }
            _ => Logic::Test(noted).negate(),
        },
        other => other.negate(),
    }
}

/// A query of a tree whose leaves have said what they had to say.
fn finish(category: Option<Name>, tree: Tree) -> (EventQuery, Fidelity) {
    let fidelity = compose(&tree);
    let condition = tree.map(&mut |noted| Logic::Test(atom::finish(noted.leaf)));
    (EventQuery { category, condition }, fidelity)
}
