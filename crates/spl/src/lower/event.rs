//! A rule of single events: one search, a `where` if the search cannot say all, and an `eval` for classes.

use super::arms::{Reading, Ready, read, ready};
use super::exact::Conditions;
use crate::ast::{Assignment, Command, Expr, Query, SearchTerm, Start, WherePredicate};
use rulecast_ir::fidelity::{Noted, compose};
use rulecast_ir::{Branch, Classification, Event, Fidelity, Logic, Mapped, Refusal, RefusalReason, Verdict};

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(event: &Event<Mapped>, refusals: &mut Vec<Refusal>) -> Option<(Query, Fidelity)> {
    let arms = ready(&event.arms, refusals);
    let branches: Vec<(&Branch<Mapped>, Vec<Ready<'_>>)> = event
        .classification
        .iter()
        .flat_map(|classification| &classification.branches)
        .map(|branch| (branch, ready(&branch.arms, refusals)))
        .collect();
    event.classification.iter().for_each(|classification| names(classification, refusals));
    if !refusals.is_empty() {
        return None;
    }
    let own: Vec<&Ready<'_>> = arms.iter().collect();
    let others: Vec<&Ready<'_>> = branches.iter().flat_map(|(_, arms)| arms).collect();
    let reading = read(&own, &others);
    let mut commands = Vec::new();
    let mut fidelity = if reading.whole {
        compose(&reading.base)
    } else {
        let conditions = reading.conditions(&arms);
        let mut fidelity = compose(&conditions);
        fidelity.join(&reading.base_fidelity(&own));
        fidelity.verdict = fidelity.verdict.join(reading.telling_apart());
        commands.push(Command::Where(stripped(conditions)));
        fidelity
    };
    if let Some(classification) = &event.classification {
        commands.push(Command::Eval(vec![class(classification, &branches, &reading, &mut fidelity)]));
    }
    Some((Query { start: Start::Search(bare(reading.base)), commands }, fidelity))
}

/// Refuses the names of classes that a quoted text cannot hold.
fn names(classification: &Classification<Mapped>, refusals: &mut Vec<Refusal>) {
    let branches = classification.branches.iter().map(|branch| (&branch.name, branch.span));
    let all = branches.chain(classification.otherwise.iter().map(|name| (name, classification.span)));
    for (name, span) in all.filter(|(name, _)| name.contains(|c: char| c == '`' || c.is_control())) {
        let message = format!("SPL: the class `{}` holds a backquote or a control character", name.escape_debug());
        refusals.push(Refusal::new(RefusalReason::Value, span, message));
    }
}

/// `class=case(…)`. A branch that holds too often takes events from the later ones, so its verdict counts both ways.
fn class(
    classification: &Classification<Mapped>,
    branches: &[(&Branch<Mapped>, Vec<Ready<'_>>)],
    reading: &Reading,
    fidelity: &mut Fidelity,
) -> Assignment {
    let mut arms: Vec<(Logic<WherePredicate>, Expr)> = Vec::with_capacity(branches.len() + 1);
    for (i, (branch, ready)) in branches.iter().enumerate() {
        let conditions = reading.conditions(ready);
        let own = compose(&conditions);
        fidelity.join(&own);
        fidelity.verdict = fidelity.verdict.join(reading.telling_apart());
        if i + 1 < branches.len() || classification.otherwise.is_some() {
            fidelity.join(&own.swapped());
            if reading.telling_apart() != Verdict::Exact {
                fidelity.verdict = Verdict::Both;
            }
        }
        arms.push((stripped(conditions), Expr::Text(branch.name.to_string())));
    }
    if let Some(otherwise) = &classification.otherwise {
        arms.push((Logic::True, Expr::Text(otherwise.to_string())));
    }
    Assignment { name: crate::CLASS_FIELD.into(), value: Expr::Case(arms) }
}

/// The tree without its notes. The negation of a leaf made by [`WherePredicate::holds`] asks for 0 instead of 1, so that
/// no NOT ever stands before a comparison.
pub(super) fn stripped(conditions: Conditions) -> Logic<WherePredicate> {
    match conditions {
        Logic::True => Logic::True,
        Logic::False => Logic::False,
        Logic::Test(noted) => Logic::Test(noted.leaf),
        Logic::And(parts) => Logic::And(parts.into_iter().map(stripped).collect()),
        Logic::Or(parts) => Logic::Or(parts.into_iter().map(stripped).collect()),
        Logic::Not(inner) => match *inner {
            Logic::Test(Noted { leaf: WherePredicate::Compare { left, comparison, right }, .. }) => {
                debug_assert_eq!(right, Expr::integer(1));
                Logic::Test(WherePredicate::Compare { left, comparison, right: Expr::integer(0) })
            }
            other => stripped(other).negate(),
        },
    }
}

/// The tree without its notes.
pub(super) fn bare(terms: Logic<Noted<SearchTerm>>) -> Logic<SearchTerm> {
    terms.map(&mut |Noted { leaf, .. }| Logic::Test(leaf))
}
