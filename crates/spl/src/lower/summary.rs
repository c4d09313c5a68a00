//! A rule of single events over the summaries of a data model: `tstats`, with the fields that are tested behind it in its
//! `by`, and the rule itself in a `where` behind that, unless the search in `tstats` can say all of it.
//!
//! A row stands for the events that agree in those fields. An event that lacks one has no row, unless
//! `fillnull_value` puts a text in its place. The text is [`UNKNOWN`], which data models put in the place of a missing
//! value themselves: so whichever of the two does it, the row is the same. Where a test could take it for a value, an
//! `eval` makes it null again, and the search in `tstats` leaves the test out. That a real value is never this text is
//! [`Assumption::UnknownIsMissing`].
//!
//! `tstats` gives an event with several values of a field a row for each. Where that matters (behind NOT, and where two
//! tests of one field must hold) it is [`Assumption::SingleValued`].

use super::arms::{Reading, Ready, base, read};
use super::event::{Class, bare, class, deciding};
use super::leaf::{Leaf, Place, Question, Values, column_name};
use super::search::{self, Terms};
use crate::ast::{Aggregate, AggregateFunction, Assignment, Command, Expr, SearchTerm, Start, Tstats, WherePredicate};
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Assumption, Body, Case, Comparison, Dataset, Fidelity, Logic, Mapped, Name, Number, OutputField, Pattern, Reads,
    Refusal, RefusalReason, Step, eval,
};

/// What stands for a missing value: the word of the Common Information Model's own calculated fields.
const UNKNOWN: &str = "unknown";

/// Refuses sequences and correlations over summaries.
pub(super) fn refuse_order(body: &Body<Mapped>, refusals: &mut Vec<Refusal>) {
    let (reason, span, what) = match body {
        Body::Event(_) => return,
        Body::Sequence(sequence) => (RefusalReason::Sequence, sequence.span, "sequence"),
        Body::Correlation(correlation) => (RefusalReason::Correlation, correlation.span, "correlation"),
    };
    if reads_summaries(body) {
        let message = format!("SPL: `tstats` counts events that agree, and keeps no order of them for a {what}");
        refusals.push(Refusal::new(reason, span, message).help("take a data model that reads the events themselves"));
    }
}

fn reads_summaries(body: &Body<Mapped>) -> bool {
    let of = |step: &Step<Mapped>| reads_summaries(&step.body);
    match body {
        Body::Event(event) => event.arms.iter().any(|arm| matches!(arm.source.reads, Reads::Dataset(_))),
        Body::Sequence(sequence) => sequence.steps.iter().chain(sequence.until.as_deref()).any(of),
        Body::Correlation(correlation) => correlation.members.iter().any(of),
    }
}

/// The dataset that all arms read; none where they read none, or after a refusal.
pub(super) fn dataset<'r>(arms: &[&'r Ready<'_>], refusals: &mut Vec<Refusal>) -> Option<&'r Dataset> {
    let read = arms.iter().map(|ready| match &ready.arm.source.reads {
        Reads::Dataset(dataset) => Some(&**dataset),
        _ => None,
    });
    let read: Vec<Option<&Dataset>> = read.collect();
    let first = read.iter().copied().flatten().next()?;
    if let Some(at) = read.iter().position(|other| other.is_none_or(|other| other.name != first.name)) {
        let span = arms[at].arm.source.log_source.span;
        let message = format!("SPL: `tstats` reads one dataset, and this rule is of others than `{}` too", first.name);
        refusals.push(
            Refusal::new(RefusalReason::LogSource, span, message)
                .help("write a rule for each log source, or take a data model that reads the events themselves"),
        );
        return None;
    }
    Some(first)
}

/// The search for the events of `own`, which read `dataset`; `None` where something was refused.
pub(super) fn search(
    dataset: &Dataset,
    own: &[&Ready<'_>],
    classes: &[Class<'_>],
    otherwise: Option<&Name>,
    shown: &[OutputField<Mapped>],
    fidelity: &mut Fidelity,
    refusals: &mut Vec<Refusal>,
) -> Option<(Start, Vec<Command>)> {
    let classes: Vec<(&Name, Vec<&Ready<'_>>)> =
        classes.iter().map(|(name, arms)| (*name, arms.iter().collect())).collect();
    let others: Vec<&Ready<'_>> = classes.iter().flat_map(|(_, arms)| arms).copied().collect();
    let reading = reading(own, &others);
    let all = || own.iter().chain(&others).copied();
    for tree in all().flat_map(|ready| [&ready.scope, &ready.predicate]) {
        tree.for_each(&mut |leaf| refusals.extend(unsayable(leaf)));
    }
    let mut by = dataset.shown.clone();
    let mut add = |name: &Name| {
        if !by.contains(name) {
            by.push(name.clone());
        }
    };
    for field in shown {
        if let OutputField::Field(column) = field
            && let Ok(name) = column_name(column, Span::default())
        {
            add(name);
        }
    }
    // What is tested behind `tstats`, and what the rule is about.
    let behind = || {
        let own = own.iter().filter(|_| !reading.whole);
        own.chain(&others).flat_map(|ready| {
            let scope = reading.scoped.then_some(&ready.scope);
            scope.into_iter().chain([&ready.predicate])
        })
    };
    for tree in own.iter().map(|ready| &ready.predicate).chain(behind()) {
        tree.for_each(&mut |leaf| fields(leaf).for_each(&mut add));
    }
    if !refusals.is_empty() {
        return None;
    }
    let mut nulls: Vec<Name> = Vec::new();
    for tree in behind() {
        tree.for_each(&mut |leaf| {
            if takes_unknown(leaf) {
                fidelity.assumptions.insert(Assumption::UnknownIsMissing);
                nulls.extend(fields(leaf).filter(|name| !nulls.contains(name)).cloned().collect::<Vec<_>>());
            }
        });
        if !classes.is_empty() || parts_matter(tree) {
            fidelity.assumptions.insert(Assumption::SingleValued);
        }
    }
    for tree in all().flat_map(|ready| [&ready.scope, &ready.predicate]) {
        tree.for_each(&mut |leaf| fidelity.assumptions.extend(zero(leaf)));
    }
    let mut commands = Vec::new();
    if !by.is_empty() {
        commands.push(Command::Rename(by.iter().map(|name| (qualified(dataset, name), name.clone())).collect()));
    }
    if !nulls.is_empty() {
        commands.push(Command::Eval(nulls.into_iter().map(null_again).collect()));
    }
    commands.extend(deciding(&reading, own, fidelity));
    commands.extend(class(&classes, otherwise, &reading, fidelity));
    let start = Start::Tstats(Tstats {
        summaries_only: false,
        old_summaries: true,
        fill: Some(UNKNOWN.to_owned()),
        aggregates: vec![
            Aggregate { function: AggregateFunction::Count, argument: None, name: None },
            Aggregate::of(AggregateFunction::Min, super::TIME, super::TIME),
        ],
        dataset: dataset.name.clone(),
        search: bare(reading.base).map(&mut |term| Logic::Test(qualify(dataset, term))),
        by: by.iter().map(|name| qualified(dataset, name)).collect(),
    });
    Some((start, commands))
}

/// How to read the events of `own` from summaries: the search holds of an event whether what it lacks is missing there
/// or [`UNKNOWN`].
fn reading(own: &[&Ready<'_>], others: &[&Ready<'_>]) -> Reading {
    let plain = read(own, others);
    let sure = |tree: &Logic<Leaf<'_>>| {
        let mut sure = true;
        tree.for_each(&mut |leaf| sure &= !is_unsure(leaf));
        sure
    };
    let scoped = plain.scoped || own.iter().chain(others).any(|ready| !sure(&ready.scope));
    if plain.whole && own.iter().all(|ready| sure(&ready.scope) && sure(&ready.predicate)) {
        return Reading { scoped, ..plain };
    }
    let terms = |tree: &Logic<Leaf<'_>>| -> Option<Terms> { Some(search::implied(&sure_of(tree, true))) };
    Reading { base: base(own, &terms).unwrap_or(Logic::True), whole: false, scoped }
}

/// The tree without tests that the search may answer otherwise where a value is missing: with more in their place, or
/// under NOT with less.
fn sure_of<'a>(tree: &Logic<Leaf<'a>>, more: bool) -> Logic<Leaf<'a>> {
    match tree {
        Logic::Test(leaf) if is_unsure(leaf) => match (&leaf.question, more) {
            // Not where it is `unknown`.
            (Question::Present(false), true) => Logic::True,
            (Question::Present(false), false) | (_, true) => tree.clone(),
            (_, false) => Logic::False,
        },
        Logic::Test(_) | Logic::True | Logic::False => tree.clone(),
        Logic::Not(inner) => sure_of(inner, !more).negate(),
        Logic::And(parts) => Logic::all(parts.iter().map(|part| sure_of(part, more)).collect::<Vec<_>>()),
        Logic::Or(parts) => Logic::any(parts.iter().map(|part| sure_of(part, more)).collect::<Vec<_>>()),
    }
}

/// Whether the search may find a field that is `unknown`, or not find one that is missing.
fn is_unsure(leaf: &Leaf<'_>) -> bool {
    // `search` compares what is no number by its letters.
    takes_unknown(leaf) || matches!(&leaf.question, Question::Number(comparison, _) if *comparison != Comparison::Equal)
}

/// Whether `unknown` passes for a value, or makes the answer another one.
fn takes_unknown(leaf: &Leaf<'_>) -> bool {
    match &leaf.question {
        Question::Text { pattern, fold } => is_unknown(pattern, *fold),
        Question::Regex(node) => eval::found(node, UNKNOWN),
        Question::Field { .. } | Question::Present(_) => true,
        Question::Number(..) | Question::Network(_) | Question::Time(..) => false,
    }
}

fn is_unknown(pattern: &Pattern, fold: bool) -> bool {
    let is_part = |text: &str| {
        let mut windows = UNKNOWN.as_bytes().windows(text.len().max(1));
        text.is_empty() || windows.any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    };
    let case = if fold { Case::Insensitive } else { Case::Sensitive };
    pattern.literals().all(is_part) && eval::matches(pattern, UNKNOWN, case)
}

/// What summaries cannot tell.
fn unsayable(leaf: &Leaf<'_>) -> Option<Refusal> {
    match (leaf.place, &leaf.question) {
        (Place::Raw, _) => {
            let message = "SPL: the summaries of a data model hold no raw event, so that no keyword is found there";
            let refusal = Refusal::new(RefusalReason::Keyword, leaf.span, message);
            Some(refusal.help("name the field that the keyword is in"))
        }
        (Place::Field(name, _), Question::Text { pattern, .. })
            if pattern.as_literal().is_some_and(|text| text.eq_ignore_ascii_case(UNKNOWN)) =>
        {
            let message = format!("SPL: a data model holds `{UNKNOWN}` in `{name}` where the value is missing");
            let refusal = Refusal::new(RefusalReason::Value, leaf.span, message);
            Some(refusal.help("ask for what is missing with `null`"))
        }
        _ => None,
    }
}

/// That a number in a data model is not the 0 which some of its calculated fields put in the place of a missing one.
fn zero(leaf: &Leaf<'_>) -> Option<Assumption> {
    let (name, comparison, number) = match (leaf.place, &leaf.question) {
        (Place::Field(name, _), Question::Number(comparison, number)) => (name, comparison, number),
        (Place::Field(name, Values { numbers: true, .. }), Question::Present(_)) => {
            return Some(Assumption::Mapping(name.clone()));
        }
        _ => return None,
    };
    let order = match number {
        Number::Integer(number) => 0.cmp(number),
        Number::Decimal(number) => 0.0_f64.total_cmp(number),
    };
    let holds = match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    };
    holds.then(|| Assumption::Mapping(name.clone()))
}

/// The fields that a leaf is about.
fn fields<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = &'l Name> {
    let own = match leaf.place {
        Place::Field(name, _) => Some(name),
        Place::Raw => None,
    };
    let other = match &leaf.question {
        Question::Field { other, .. } => Some(*other),
        _ => None,
    };
    own.into_iter().chain(other)
}

/// Whether the rows of an event with several values in a field may answer otherwise than the event does: one row must
/// satisfy all, and NOT of one row is not NOT of all.
fn parts_matter(tree: &Logic<Leaf<'_>>) -> bool {
    match tree {
        Logic::True | Logic::False => false,
        Logic::Test(leaf) => matches!(leaf.question, Question::Field { .. }),
        Logic::Not(inner) => !matches!(&**inner, Logic::Test(Leaf { question: Question::Present(_), .. })),
        Logic::Or(parts) => parts.iter().any(parts_matter),
        Logic::And(parts) => {
            let mut seen: Vec<&Name> = Vec::new();
            parts.iter().any(|part| {
                let before = seen.len();
                let mut again = false;
                part.for_each(&mut |leaf| {
                    for name in fields(leaf) {
                        again |= seen[..before].contains(&name);
                        seen.push(name);
                    }
                });
                again || parts_matter(part)
            })
        }
    }
}

/// The field with the dataset before it.
fn qualified(dataset: &Dataset, field: &Name) -> Name {
    format!("{}.{field}", dataset.prefix()).into()
}

fn qualify(dataset: &Dataset, term: SearchTerm) -> SearchTerm {
    let own = |field: Name| qualified(dataset, &field);
    match term {
        SearchTerm::Compare { field, comparison, value } => {
            SearchTerm::Compare { field: own(field), comparison, value }
        }
        SearchTerm::In { field, values } => SearchTerm::In { field: own(field), values },
        SearchTerm::Present(field) => SearchTerm::Present(own(field)),
        SearchTerm::Differ { field, value } => SearchTerm::Differ { field: own(field), value },
        term @ (SearchTerm::Macro(_) | SearchTerm::Raw(_) | SearchTerm::RawCased(_)) => term,
    }
}

/// `field=if(field="unknown", null(), field)`.
fn null_again(field: Name) -> Assignment {
    let value = || Expr::Field(field.clone());
    let unknown = Logic::Test(WherePredicate::equal(value(), Expr::Text(UNKNOWN.to_owned())));
    Assignment { value: Expr::if_else(unknown, Expr::null(), value()), name: field }
}
