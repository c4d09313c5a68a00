//! Events: the scope and category of each arm, and the union of arms.

use super::{Lowering, Tree, emit_rule, finish, group};
use crate::ast::{Condition, EventQuery, Query, TextOperator};
use rulecast_backend::Emitted;
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{Arm, Event, Fidelity, Logic, Mapped, Name, Notes, Predicate, Reads, Refusal, RefusalReason, Rule};

/// What is already known of every event where an arm is tested, and need not be said again.
#[derive(Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// Its category.
    pub(super) category: Option<&'a Name>,
    /// A scope that it is in.
    pub(super) scope: Option<&'a Predicate<Mapped>>,
}

impl Lowering {
    pub(super) fn event_rule(&mut self, rule: &Rule<Mapped>, event: &Event<Mapped>) -> Vec<Emitted<Query>> {
        let (query, fidelity) = self.event(&event.arms);
        let mut emitted = vec![emit_rule(Query::Event(query), fidelity)];
        if let Some(classification) = &event.classification {
            emitted.extend(self.classes(rule, event, classification));
        }
        emitted
    }

    /// The events that one of `arms` matches.
    pub(super) fn event(&mut self, arms: &[Arm<Mapped>]) -> (EventQuery, Fidelity) {
        let category = common_category(arms);
        let tree = self.arms(arms, Known { category, scope: None });
        finish(category.cloned(), tree)
    }

    /// The condition that one of `arms` matches.
    pub(super) fn arms(&mut self, arms: &[Arm<Mapped>], known: Known<'_>) -> Tree {
        match common_scope(arms) {
            Some(scope) if known.scope.is_none() && arms.len() > 1 => {
                let shared = self.predicate(scope);
                let any = self.arms(arms, Known { scope: Some(scope), ..known });
                Logic::all([shared, any])
            }
            _ => group::any(arms.iter().map(|arm| self.arm(arm, known)).collect::<Vec<_>>()),
        }
    }

    fn arm(&mut self, arm: &Arm<Mapped>, known: Known<'_>) -> Tree {
        let span = arm.source.log_source.span;
        let category = match &arm.source.reads {
            Reads::Category(Some(name)) if known.category != Some(name) => Logic::Test(Noted {
                leaf: Condition::Text {
                    field: "event.category".into(),
                    operator: TextOperator::In,
                    values: vec![name.as_ref().to_owned()],
                },
                notes: Notes::default(),
                span,
            }),
            Reads::Category(_) => Logic::True,
            Reads::Macro(_) | Reads::Everything | Reads::Dataset(_) | Reads::Table(_) => {
                self.refuse(Refusal::new(
                    RefusalReason::LogSource,
                    span,
                    format!(
                        "the source of `{}` is no event category, which is all that EQL reads",
                        arm.source.log_source
                    ),
                ));
                Logic::False
            }
        };
        let scope = match known.scope {
            Some(scope) if *scope == arm.source.scope => Logic::True,
            _ => self.predicate(&arm.source.scope),
        };
        let predicate = self.predicate(&arm.predicate);
        Logic::all([category, scope, predicate])
    }
}

/// The category that all of `arms` read.
pub(super) fn common_category(arms: &[Arm<Mapped>]) -> Option<&Name> {
    let (first, rest) = arms.split_first()?;
    match &first.source.reads {
        Reads::Category(Some(name)) if rest.iter().all(|arm| arm.source.reads == first.source.reads) => Some(name),
        _ => None,
    }
}

/// The scope that all of `arms` are in.
pub(super) fn common_scope(arms: &[Arm<Mapped>]) -> Option<&Predicate<Mapped>> {
    let (first, rest) = arms.split_first()?;
    rest.iter().all(|arm| arm.source.scope == first.source.scope).then_some(&first.source.scope)
}
