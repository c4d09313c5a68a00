//! Classes. EQL computes no column, so each class is a query of its own, disjoint from the classes before it.

use super::event::{Known, common_category, common_scope};
use super::{Lowering, finish, group, negate};
use crate::ast::Query;
use rulecast_backend::{Emitted, Role};
use rulecast_ir::{
    Arm, Assumption, Classification, DisjointArms, Event, Fidelity, Logic, Mapped, Name, Predicate, Rule,
};
use rulecast_rule::ast::Level;

impl Lowering {
    /// A query for each class: the rule, the class, and none of the classes before.
    pub(super) fn classes(
        &mut self,
        rule: &Rule<Mapped>,
        event: &Event<Mapped>,
        classification: &Classification<Mapped>,
    ) -> Vec<Emitted<Query>> {
        // The same leaves are lowered many times over; what they are refused for is one refusal.
        let mut once = std::mem::take(&mut self.refusals);
        let rule_level = rule.metadata.level();
        let branches = &classification.branches;
        let mut emitted = Vec::with_capacity(branches.len() + 1);
        for (i, branch) in branches.iter().enumerate() {
            let level = branch.level.filter(|level| *level != rule_level);
            if implied(&branch.arms, &event.arms)
                && let Some(disjoint) = classification.without_first(i, &branch.arms)
            {
                // A class whose events are all of earlier classes gets no query: it could never fire.
                if !disjoint.arms.is_empty() {
                    let (query, fidelity) = self.disjoint(&disjoint);
                    emitted.push(emit_class(&branch.name, level, query, fidelity));
                }
                continue;
            }
            let also = (!implied(&branch.arms, &event.arms)).then_some(event.arms.as_slice());
            let before = branches[..i].iter().map(|branch| branch.arms.as_slice());
            let (query, fidelity) = self.class(&branch.arms, also, before);
            emitted.push(emit_class(&branch.name, level, query, fidelity));
        }
        if let Some(name) = &classification.otherwise {
            match classification.without_first(branches.len(), &event.arms) {
                Some(disjoint) if disjoint.arms.is_empty() => {}
                Some(disjoint) => {
                    let (query, fidelity) = self.disjoint(&disjoint);
                    emitted.push(emit_class(name, None, query, fidelity));
                }
                None => {
                    let before = branches.iter().map(|branch| branch.arms.as_slice());
                    let (query, fidelity) = self.class(&event.arms, None, before);
                    emitted.push(emit_class(name, None, query, fidelity));
                }
            }
        }
        for refusal in std::mem::take(&mut self.refusals) {
            if !once.contains(&refusal) {
                once.push(refusal);
            }
        }
        self.refusals = once;
        emitted
    }

    /// The query of a class whose arms exclude the earlier classes themselves.
    fn disjoint(&mut self, disjoint: &DisjointArms) -> (Query, Fidelity) {
        let (query, mut fidelity) = self.event(&disjoint.arms);
        if disjoint.one_category {
            fidelity = fidelity.assuming(Assumption::SingleValued);
        }
        (Query::Event(query), fidelity)
    }

    /// The query of a class that negates the earlier classes as they are.
    fn class<'a>(
        &mut self,
        arms: &'a [Arm<Mapped>],
        also: Option<&'a [Arm<Mapped>]>,
        before: impl Iterator<Item = &'a [Arm<Mapped>]>,
    ) -> (Query, Fidelity) {
        let category = common_category(arms);
        let outer = Known { category, scope: None };
        let known = Known { category, scope: common_scope(arms) };
        let mut all = vec![self.arms(arms, outer)];
        if let Some(also) = also {
            all.push(self.arms(also, known));
        }
        match group::any(before.map(|earlier| self.arms(earlier, known)).collect::<Vec<_>>()) {
            Logic::Or(parts) => all.extend(parts.into_iter().map(negate)),
            one => all.push(negate(one)),
        }
        let (query, fidelity) = finish(category.cloned(), Logic::all(all));
        (Query::Event(query), fidelity)
    }
}

fn emit_class(name: &Name, level: Option<Level>, query: Query, fidelity: Fidelity) -> Emitted<Query> {
    Emitted { role: Role::Branch { name: name.clone(), level }, query, fidelity }
}

/// Whether it shows that the rule matches wherever the class does: each arm of the class is an arm of the rule, or one
/// of its alternatives, or asks for more.
fn implied(class: &[Arm<Mapped>], rule: &[Arm<Mapped>]) -> bool {
    class.iter().all(|arm| {
        rule.iter().any(|whole| whole.source == arm.source && predicate_implies(&arm.predicate, &whole.predicate))
    })
}

fn predicate_implies(class: &Predicate<Mapped>, rule: &Predicate<Mapped>) -> bool {
    let holds = |part: &Predicate<Mapped>| match class {
        Logic::And(parts) => part == class || parts.contains(part),
        _ => part == class,
    };
    match rule {
        Logic::True => true,
        Logic::And(parts) => parts.iter().all(|part| predicate_implies(class, part)),
        Logic::Or(parts) => {
            let conjuncts = if let Logic::And(parts) = class { parts.as_slice() } else { std::slice::from_ref(class) };
            holds(rule)
                || parts.iter().any(|part| predicate_implies(class, part))
                || conjuncts.iter().any(|conjunct| covers(parts, conjunct))
        }
        other => holds(other),
    }
}

/// Whether each alternative of `class` is one of `alternatives`, and in their order, as those of a selection are.
fn covers(alternatives: &[Predicate<Mapped>], class: &Predicate<Mapped>) -> bool {
    let mut alternatives = alternatives.iter();
    match class {
        Logic::Or(parts) => parts.iter().all(|part| alternatives.any(|alternative| alternative == part)),
        _ => false,
    }
}
