//! Events of one or several sources: the searches that read them, and the conditions that tell them apart behind.
//!
//! No condition can ask which macro found an event. So where one is needed, each macro has a search of its own, and
//! reads its events once.

use super::exact::{self, Conditions};
use super::leaf::{Leaf, prepare};
use super::search::{self, Terms};
use crate::ast::{Command, SearchTerm, Start, Subsearch};
use rulecast_diagnostics::Span;
use rulecast_ir::fidelity::{self, Noted};
use rulecast_ir::{
    Arm, Atom, Case, Comparison, Fidelity, Logic, Mapped, Notes, Predicate, Reads, Refusal, RefusalReason, Source,
    Subject, Test, Verdict,
};
use std::sync::Arc;

/// An arm that SPL can say.
pub(super) struct Ready<'a> {
    /// As the rule has it.
    pub(super) arm: &'a Arm<Mapped>,
    pub(super) scope: Logic<Leaf<'a>>,
    pub(super) predicate: Logic<Leaf<'a>>,
}

/// The arms over leaves. What SPL cannot say is added to `refusals`.
pub(super) fn ready<'a>(arms: &'a [Arm<Mapped>], refusals: &mut Vec<Refusal>) -> Vec<Ready<'a>> {
    arms.iter()
        .map(|arm| {
            let why = match &arm.source.reads {
                Reads::Everything => None,
                Reads::Dataset(dataset) if !is_dataset(&dataset.name) => {
                    Some(format!("`{}` names no dataset of a data model", dataset.name.escape_debug()))
                }
                Reads::Dataset(_) => None,
                Reads::Macro(name) if name.contains(|c: char| c == '`' || c.is_control()) => {
                    Some(format!("the macro name `{}` cannot be quoted", name.escape_debug()))
                }
                Reads::Macro(_) => None,
                Reads::Category(_) | Reads::Table(_) => {
                    Some("a search reads a macro, a dataset or all indexes, never a category or table".into())
                }
            };
            if let Some(why) = why {
                let span = arm.source.log_source.span;
                refusals.push(Refusal::new(RefusalReason::LogSource, span, format!("SPL: {why}")));
            }
            let scope = prepare(&arm.source.scope, refusals);
            Ready { arm, scope, predicate: prepare(&arm.predicate, refusals) }
        })
        .collect()
}

/// `Endpoint.Processes`: a data model and a dataset in it.
fn is_dataset(name: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    name.split_once('.').is_some_and(|(model, dataset)| word(model) && word(dataset))
}

/// The arms by what they read, in order.
pub(super) fn by_relation<'g, 'a>(arms: &[&'g Ready<'a>]) -> Vec<Vec<&'g Ready<'a>>> {
    let mut groups: Vec<Vec<&'g Ready<'a>>> = Vec::new();
    for ready in arms {
        match groups.iter_mut().find(|group| ready.reads_as(group[0])) {
            Some(group) => group.push(ready),
            None => groups.push(vec![ready]),
        }
    }
    groups
}

/// One search, with its commands; of several, a `multisearch`.
pub(super) fn start(mut searches: Vec<Subsearch>) -> (Start, Vec<Command>) {
    if searches.len() > 1 {
        return (Start::Multisearch(searches), Vec::new());
    }
    let one = searches.pop().expect("a rule has an arm");
    (Start::Search(one.search), one.commands)
}

/// The base search, if `search` can say all of the arms.
pub(super) fn whole(arms: &[&Ready<'_>]) -> Option<Terms> {
    base(arms, &search::whole)
}

impl Ready<'_> {
    /// Whether both read the same.
    pub(super) fn reads_as(&self, other: &Ready<'_>) -> bool {
        self.arm.source.reads == other.arm.source.reads
    }

    /// Whether no event satisfies it.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.predicate, Logic::False) || matches!(self.scope, Logic::False)
    }
}

/// The arms of one search, taken together.
pub(super) struct Reading {
    /// The base search, if it says all of it; else what all of it implies.
    pub(super) base: Terms,
    /// Whether the base search says all of it.
    pub(super) whole: bool,
    /// Whether a condition must ask for an arm's scope again.
    pub(super) scoped: bool,
}

/// How to read the events of `arms`, which read the same. `others` are conditions over the same events that the query
/// tests too.
pub(super) fn read(arms: &[&Ready<'_>], others: &[&Ready<'_>]) -> Reading {
    let all: Vec<&Ready<'_>> = arms.iter().chain(others).copied().collect();
    let exact = whole(arms);
    let whole = exact.is_some();
    let base = exact.or_else(|| base(arms, &|tree| Some(search::implied(tree)))).unwrap_or(Logic::True);
    Reading {
        base,
        whole,
        scoped: !one(&all, same_source) || all.iter().any(|ready| search::whole(&ready.scope).is_none()),
    }
}

impl Reading {
    /// The conditions that hold of the events of `arms`, among those that the base search finds.
    pub(super) fn conditions(&self, arms: &[&Ready<'_>]) -> Conditions {
        Logic::any(arms.iter().map(|ready| {
            let scope = if self.scoped { exact::whole(&ready.scope) } else { Logic::True };
            Logic::all([scope, exact::whole(&ready.predicate)])
        }))
    }

    /// What the base search alone gives up, where conditions decide behind it: its assumptions, and the verdict on the
    /// scope if they do not ask for it again.
    pub(super) fn base_fidelity(&self, arms: &[&Ready<'_>]) -> Fidelity {
        let mut fidelity = Fidelity { verdict: Verdict::Exact, inexact: None, ..fidelity::compose(&self.base) };
        if !self.scoped
            && let Some(scope) = arms.first().and_then(|ready| search::whole(&ready.scope))
        {
            fidelity.join(&fidelity::compose(&scope));
        }
        fidelity
    }
}

fn one(arms: &[&Ready<'_>], same: impl Fn(&Source, &Source) -> bool) -> bool {
    arms.windows(2).all(|pair| same(&pair[0].arm.source, &pair[1].arm.source))
}

fn same_source(one: &Source, other: &Source) -> bool {
    std::ptr::eq(one, other) || (one.reads == other.reads && one.scope == other.scope)
}

/// The base search: what every arm shares stands before the disjunction, once.
pub(super) fn base(arms: &[&Ready<'_>], terms: &impl Fn(&Logic<Leaf<'_>>) -> Option<Terms>) -> Option<Terms> {
    let Some(first) = arms.first() else { return Some(Logic::False) };
    let each = |part: &dyn Fn(&Ready<'_>) -> Option<Terms>| {
        arms.iter().map(|ready| part(ready)).collect::<Option<Vec<_>>>().map(Logic::any)
    };
    if one(arms, same_source) {
        let scope = terms(&first.scope)?;
        let predicates = unsaid(each(&|ready| terms(&ready.predicate))?, &scope);
        return Some(Logic::all([reads(&first.arm.source), scope, predicates]));
    }
    let scoped = |ready: &Ready<'_>| {
        let scope = terms(&ready.scope)?;
        let predicate = unsaid(terms(&ready.predicate)?, &scope);
        Some(Logic::all([scope, predicate]))
    };
    if one(arms, |one, other| one.reads == other.reads) {
        return Some(Logic::all([reads(&first.arm.source), each(&scoped)?]));
    }
    each(&|ready| Some(Logic::all([reads(&ready.arm.source), scoped(ready)?])))
}

/// What a predicate asks that the scope of its source, which stands before it, does not ask already.
fn unsaid(predicate: Terms, scope: &Terms) -> Terms {
    let known = match scope {
        Logic::And(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_said = |part: &Terms| match part {
        // What rests on an assumption stays, to tell of it.
        Logic::Test(asked) if asked.notes == Notes::default() => {
            known.iter().any(|one| matches!(one, Logic::Test(known) if known.leaf == asked.leaf))
        }
        _ => false,
    };
    match predicate {
        Logic::And(parts) => Logic::all(parts.into_iter().filter(|part| !is_said(part)).collect::<Vec<_>>()),
        one if is_said(&one) => Logic::True,
        one => one,
    }
}

fn reads(source: &Source) -> Terms {
    match &source.reads {
        Reads::Macro(name) => Logic::Test(Noted {
            leaf: SearchTerm::Macro(name.clone()),
            notes: Notes::default(),
            span: source.log_source.span,
        }),
        Reads::Everything | Reads::Dataset(_) | Reads::Category(_) | Reads::Table(_) => Logic::True,
    }
}

/// What is left to ask of the arms of a class, of events that `own` found.
///
/// An event that the scope of such an arm allows is of the arms of `own` that read the same and whose scopes do not rule
/// it out. If that is one arm, its predicate is known to hold.
pub(super) fn narrowed(arms: &[Arm<Mapped>], own: &[Arm<Mapped>]) -> Vec<Arm<Mapped>> {
    let left = |arm: &Arm<Mapped>| {
        let mut found = own.iter().filter(|own| {
            own.source.reads == arm.source.reads && !disjoint(&[&own.source.scope], &[&arm.source.scope])
        });
        match (found.next(), found.next()) {
            (None, _) => Logic::False,
            (Some(only), None) => arm.predicate.clone().given(&only.predicate),
            (Some(_), Some(_)) => arm.predicate.clone(),
        }
    };
    arms.iter().map(|arm| Arm { source: arm.source.clone(), predicate: left(arm) }).collect()
}

/// Whether no event can satisfy both arms, as each asks for another value of one field.
pub(super) fn exclusive(one: &Arm<Mapped>, other: &Arm<Mapped>) -> bool {
    disjoint(&[&one.source.scope, &one.predicate], &[&other.source.scope, &other.predicate])
}

fn disjoint(one: &[&Predicate<Mapped>], other: &[&Predicate<Mapped>]) -> bool {
    let (one, other) = (required_values(one), required_values(other));
    one.iter().any(|(column, values)| {
        other.iter().any(|(same, others)| column == same && !values.iter().any(|value| others.contains(value)))
    })
}

/// The fields with at most one value that must have one of some values, with those, in small letters.
fn required_values<'a>(conjuncts: &[&'a Predicate<Mapped>]) -> Vec<(&'a str, Vec<String>)> {
    let parts = conjuncts.iter().flat_map(|tree| match tree {
        Logic::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(*other),
    });
    parts
        .filter_map(|part| match part {
            Logic::Test(atom) => required_value(atom).map(|(column, value)| (column, vec![value])),
            Logic::Or(any) => {
                let all: Vec<_> = any
                    .iter()
                    .map(|part| if let Logic::Test(atom) = part { required_value(atom) } else { None })
                    .collect::<Option<_>>()?;
                let column = all.first()?.0;
                all.iter()
                    .all(|(same, _)| *same == column)
                    .then(|| (column, all.into_iter().map(|(_, value)| value).collect()))
            }
            _ => None,
        })
        .collect()
}

fn required_value(atom: &Atom<Mapped>) -> Option<(&str, String)> {
    let Subject::Field(column) = &atom.subject else { return None };
    let value = match &atom.test {
        Test::Text { pattern, case: Case::Insensitive } => pattern.as_literal()?.to_ascii_lowercase(),
        Test::Number { comparison: Comparison::Equal, number } => number.to_string(),
        _ => return None,
    };
    (!column.many).then(|| (column.name(), value))
}

/// The times of all arms must stand in one field, to be compared.
pub(super) fn one_time(arms: &[&Ready<'_>], reason: RefusalReason, span: Span, refusals: &mut Vec<Refusal>) {
    if !one(arms, |one, other| Arc::ptr_eq(&one.time, &other.time) || one.time.name() == other.time.name()) {
        let message = "SPL: the sources of the members hold the time in different fields";
        refusals.push(Refusal::new(reason, span, message));
    }
}
