//! Mapped rules to queries.

mod atom;
mod cidr;
mod column;
mod compare;
mod computed;
mod correlation;
mod event;
mod key;
mod list;
mod output;
mod pattern;
mod result;
mod scan;
mod sequence;
mod step;
mod time;

use crate::ast::{Condition, Let, Query, Test};
use rulecast_backend::{Emitted, Role};
use rulecast_diagnostics::Span;
use rulecast_ir::fidelity::{Noted, compose};
use rulecast_ir::{
    Atom, Body, Column, Fidelity, Logic, Mapped, Notes, Predicate, Refusal, RefusalReason, Rule, Subject,
};
use std::sync::Arc;

/// A predicate on its way: leaves still know what they gave up.
type Tree = Logic<Noted<Test>>;

/// Microsoft's parser refuses a query whose syntax tree is deeper than 492 (KS245; measured with
/// `@kusto/language-service-next` 12.4.1). The rest is for the pipeline around a condition.
const DEPTH: usize = 400;

/// Alternatives beyond this are gathered by field, as each `or` nests a level deeper.
const LONG: usize = 100;

/// Lowers a rule, or says all that stands against it.
pub(crate) fn rule(rule: &Rule<Mapped>) -> Result<Vec<Emitted<Query>>, Vec<Refusal>> {
    let mut lowering = Lowering::default();
    let lowered = match &rule.body {
        Body::Event(event) => Some(lowering.event(event, rule.output.as_ref(), rule.span)),
        Body::Sequence(sequence) => lowering.sequence(sequence, &rule.body, rule.output.as_ref()),
        Body::Correlation(correlation) => lowering.correlation(correlation, &rule.body, rule.output.as_ref()),
    };
    match lowered {
        Some((query, fidelity)) if lowering.refusals.is_empty() => {
            Ok(vec![Emitted { role: Role::Rule, query, fidelity }])
        }
        _ => Err(lowering.refusals),
    }
}

/// What is wrong so far. A refused part becomes [`Logic::True`], which never leaves this module.
#[derive(Default)]
struct Lowering {
    refusals: Vec<Refusal>,
    /// The pipelines that the query names, in order.
    lets: Vec<Let>,
}

impl Lowering {
    fn refuse(&mut self, refusal: Refusal) -> Tree {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
        Logic::True
    }

    fn predicate(&mut self, predicate: &Predicate<Mapped>) -> Tree {
        match predicate {
            Logic::True => Logic::True,
            Logic::False => Logic::False,
            Logic::Test(atom) => self.atoms(&[atom]),
            Logic::Not(inner) => self.predicate(inner).negate(),
            Logic::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.predicate(part)).collect();
                Logic::all(parts)
            }
            Logic::Or(parts) => {
                let parts = self.any(parts);
                Logic::any(parts)
            }
        }
    }

    /// Lowers alternatives; neighbours that test the same field are lowered together, so that they can become a list.
    fn any(&mut self, parts: &[Predicate<Mapped>]) -> Vec<Tree> {
        if parts.len() > LONG {
            return self.any_of_many(parts);
        }
        let mut trees = Vec::new();
        let mut rest = parts;
        while let [first, after @ ..] = rest {
            let Logic::Test(atom) = first else {
                trees.push(self.predicate(first));
                rest = after;
                continue;
            };
            let run: Vec<&Atom<Mapped>> = rest
                .iter()
                .map_while(|part| match part {
                    Logic::Test(other) if same(&other.subject, &atom.subject) => Some(other),
                    _ => None,
                })
                .collect();
            rest = &rest[run.len()..];
            trees.push(self.atoms(&run));
        }
        trees
    }

    /// The same, of so many that they would nest too deep: tests of one field become a list wherever they stand.
    fn any_of_many(&mut self, parts: &[Predicate<Mapped>]) -> Vec<Tree> {
        enum Place<'a> {
            Atoms(Vec<&'a Atom<Mapped>>),
            Other(&'a Predicate<Mapped>),
        }
        let mut places: Vec<Place<'_>> = Vec::new();
        for part in parts {
            let Logic::Test(atom) = part else {
                places.push(Place::Other(part));
                continue;
            };
            let own = places.iter_mut().find_map(|place| match place {
                Place::Atoms(atoms) if same(&atoms[0].subject, &atom.subject) => Some(atoms),
                _ => None,
            });
            match own {
                Some(atoms) => atoms.push(atom),
                None => places.push(Place::Atoms(vec![atom])),
            }
        }
        let lower = |place| match place {
            Place::Atoms(atoms) => self.atoms(&atoms),
            Place::Other(part) => self.predicate(part),
        };
        places.into_iter().map(lower).collect()
    }

    /// Takes the notes off, once they are counted, and checks that Kusto's parser can follow.
    fn settle(&mut self, tree: Tree, span: Span, fidelity: &mut Fidelity) -> Condition {
        fidelity.join(&compose(&tree));
        if depth(&tree) > DEPTH {
            self.refuse(
                Refusal::new(
                    RefusalReason::Limit,
                    span,
                    format!(
                        "KQL: the condition nests deeper than the {DEPTH} levels that Kusto's parser can safely take"
                    ),
                )
                .help("split the rule; values of one field in one list do not count"),
            );
        }
        strip(tree)
    }
}

fn same(one: &Subject<Arc<Column>>, other: &Subject<Arc<Column>>) -> bool {
    match (one, other) {
        (Subject::Field(one), Subject::Field(other)) => Arc::ptr_eq(one, other) || one == other,
        (one, other) => one == other,
    }
}

fn strip(tree: Tree) -> Condition {
    tree.map(&mut |noted| Logic::Test(noted.leaf))
}

/// A condition whose parts all share the notes of the atom it comes from.
fn noted(condition: Condition, notes: &Notes, span: Span) -> Tree {
    condition.map(&mut |leaf| Logic::Test(Noted { leaf, notes: notes.clone(), span }))
}

/// How deep Kusto's parser sees a condition: `a or b or c` nests to the left, parentheses count one and `not()` four.
fn depth<L>(tree: &Logic<L>) -> usize {
    match tree {
        Logic::True | Logic::False | Logic::Test(_) => 1,
        Logic::Not(inner) => 4 + depth(inner),
        Logic::And(parts) | Logic::Or(parts) => {
            parts.iter().rev().zip(2..).map(|(part, above)| above + depth(part)).max().unwrap_or(0)
        }
    }
}
