//! A rule of single events: a search, a `where` if the search cannot say all, and an `eval` for classes. Where arms read
//! different macros and one search cannot say all, there is one for each macro.

use super::arms::{Reading, Ready, by_relation, narrowed, read, ready, start, whole};
use super::exact::Conditions;
use super::summary;
use crate::ast::{Assignment, Command, Expr, Query, SearchTerm, Start, Subsearch, WherePredicate};
use rulecast_ir::fidelity::{Noted, compose};
use rulecast_ir::{Arm, Classification, Event, Fidelity, Logic, Mapped, Name, OutputField, Refusal, RefusalReason};

/// A class that SPL can say: its name, and the arms that match it.
pub(super) type Class<'a> = (&'a Name, Vec<Ready<'a>>);

/// The query and its fidelity, or `None` where something was refused.
pub(super) fn lower(
    event: &Event<Mapped>,
    shown: &[OutputField<Mapped>],
    refusals: &mut Vec<Refusal>,
) -> Option<(Query, Fidelity)> {
    let branches = event.classification.as_ref().map_or(&[][..], |classification| &classification.branches);
    let left: Vec<(&Name, Vec<Arm<Mapped>>)> =
        branches.iter().map(|branch| (&branch.name, narrowed(&branch.arms, &event.arms))).collect();
    let arms = ready(&event.arms, refusals);
    let classes: Vec<Class<'_>> = left.iter().map(|(name, arms)| (*name, ready(arms, refusals))).collect();
    event.classification.iter().for_each(|classification| names(classification, refusals));
    if !refusals.is_empty() {
        return None;
    }
    let own: Vec<&Ready<'_>> = arms.iter().collect();
    let mut fidelity = Fidelity::default();
    if let Some(dataset) = summary::dataset(&own, refusals) {
        let otherwise = event.classification.as_ref().and_then(|classes| classes.otherwise.as_ref());
        let (start, commands) = summary::search(dataset, &own, &classes, otherwise, shown, &mut fidelity, refusals)?;
        return Some((Query { start, commands }, fidelity));
    }
    if !refusals.is_empty() {
        return None;
    }
    let Some(classification) = &event.classification else {
        let (start, commands) = union(&own, &mut fidelity);
        return Some((Query { start, commands }, fidelity));
    };
    let otherwise = classification.otherwise.as_ref();
    let searches = groups(&own).iter().map(|group| search(group, &classes, otherwise, &mut fidelity)).collect();
    let (start, commands) = start(searches);
    Some((Query { start, commands }, fidelity))
}

/// The search for the events of any of `arms`.
pub(super) fn union(arms: &[&Ready<'_>], fidelity: &mut Fidelity) -> (Start, Vec<Command>) {
    let groups = groups(arms);
    if groups.len() > 1
        && let Some(base) = whole(arms)
    {
        fidelity.join(&compose(&base));
        return (Start::Search(bare(base)), Vec::new());
    }
    start(groups.iter().map(|group| search(group, &[], None, fidelity)).collect())
}

/// The arms by what they read, without those of which no event is, if any is left.
fn groups<'g, 'a>(arms: &[&'g Ready<'a>]) -> Vec<Vec<&'g Ready<'a>>> {
    let mut groups = by_relation(arms);
    if groups.iter().flatten().any(|ready| !ready.is_empty()) {
        groups.retain(|group| group.iter().any(|ready| !ready.is_empty()));
    }
    groups
}

/// The search for the events of `own`, which read the same.
fn search(own: &[&Ready<'_>], classes: &[Class<'_>], otherwise: Option<&Name>, fidelity: &mut Fidelity) -> Subsearch {
    let classes: Vec<(&Name, Vec<&Ready<'_>>)> = classes
        .iter()
        .map(|(name, arms)| (*name, arms.iter().filter(|ready| ready.reads_as(own[0])).collect()))
        .collect();
    let others: Vec<&Ready<'_>> = classes.iter().flat_map(|(_, arms)| arms).copied().collect();
    let reading = read(own, &others);
    let mut commands = Vec::new();
    commands.extend(deciding(&reading, own, fidelity));
    commands.extend(class(&classes, otherwise, &reading, fidelity));
    Subsearch { search: bare(reading.base), commands }
}

/// What decides behind the search, unless the search itself does.
pub(super) fn deciding(reading: &Reading, own: &[&Ready<'_>], fidelity: &mut Fidelity) -> Option<Command> {
    if reading.whole {
        fidelity.join(&compose(&reading.base));
        return None;
    }
    let conditions = reading.conditions(own);
    fidelity.join(&compose(&conditions));
    fidelity.join(&reading.base_fidelity(own));
    Some(Command::Where(stripped(conditions)))
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

/// `class=case(…)`, up to the first class that all events left are of. A branch that holds too often takes events from
/// the later ones, so its verdict counts both ways. `None` if no event is of any class.
pub(super) fn class(
    classes: &[(&Name, Vec<&Ready<'_>>)],
    otherwise: Option<&Name>,
    reading: &Reading,
    fidelity: &mut Fidelity,
) -> Option<Command> {
    let mut cases: Vec<(Logic<WherePredicate>, Expr)> = Vec::with_capacity(classes.len() + 1);
    let conditions = classes.iter().map(|(name, arms)| (*name, reading.conditions(arms)));
    let mut all = conditions.chain(otherwise.map(|name| (name, Logic::True))).filter(|(_, own)| *own != Logic::False);
    let mut next = all.next();
    while let Some((name, conditions)) = next {
        next = if conditions == Logic::True { None } else { all.next() };
        let own = compose(&conditions);
        fidelity.join(&own);
        if next.is_some() {
            fidelity.join(&own.swapped());
        }
        cases.push((stripped(conditions), Expr::Text(name.to_string())));
    }
    let value = match cases.as_mut_slice() {
        [] => return None,
        [(Logic::True, only)] => std::mem::replace(only, Expr::null()),
        _ => Expr::Case(cases),
    };
    Some(Command::Eval(vec![Assignment { name: crate::CLASS_FIELD.into(), value }]))
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
