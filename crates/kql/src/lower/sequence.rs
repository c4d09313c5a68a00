//! Events in order, as joins; where the engine has `scan`, by that ([`scan`]).
//!
//! Each step is a `let`: its keys, the time of its event, and, in the last, what identifies the event. The steps are joined
//! in order; of the starts that fit a completion the latest counts, and of the completions of a start the first. On
//! distinct times that is what the sequence means: the newest start wins, and each is used once.
//!
//! `kind=inner` is essential: the default keeps one arbitrary row for each key.

use super::event::union;
use super::key::{KeyColumn, guard};
use super::result::{Found, carried};
use super::step::{Wanted, completing, time_name};
use super::{Lowering, key, scan};
use crate::ast::{Aggregate, Comparison, Expr, JoinKind, Named, Operator, Pipeline, Query, Source, Test};
use rulecast_ir::{Assumption, Body, Fidelity, Logic, Mapped, Name, Output, Refusal, RefusalReason, Sequence, Step};

/// The `let` name of the ending events, and the column of their time.
const UNTIL: &str = "until";
const UNTIL_TIME: &str = "tu";
/// How many ending events lie between start and completion.
const ENDED: &str = "ended";

impl Lowering {
    /// `None` if a step is refused.
    pub(super) fn sequence(
        &mut self,
        sequence: &Sequence<Mapped>,
        body: &Body<Mapped>,
        output: Option<&Output<Mapped>>,
    ) -> Option<(Query, Fidelity)> {
        let mut fidelity = Fidelity::default();
        let arms = completing(body);
        let carried = carried(&arms, output);
        let (is_ours, what): (fn(&str) -> bool, _) = if scan::is_had(sequence) {
            (scan::is_ours, "scan of a sequence needs")
        } else {
            (is_ours, "joins of a sequence need")
        };
        for name in carried.iter().map(|named| &named.name).filter(|name| is_ours(name)) {
            let message = format!("KQL: the column `{name}` has a name that the {what}");
            self.refuse(Refusal::new(RefusalReason::Sequence, sequence.span, message));
        }
        let found = self.sequence_rows(sequence, &carried, &mut fidelity)?;
        let name = time_name(&arms).unwrap_or_else(|| found.time.clone());
        let carried: Vec<_> = carried.into_iter().map(|named| Named::itself(named.name)).collect();
        let shown = found.shown(&name, &carried, output);
        let mut pipeline = found.rows;
        pipeline.operators.extend(shown);
        Some((Query { lets: std::mem::take(&mut self.lets), pipeline }, fidelity))
    }

    /// The completing events, with columns of them.
    pub(super) fn sequence_rows(
        &mut self,
        sequence: &Sequence<Mapped>,
        carried: &[Named],
        fidelity: &mut Fidelity,
    ) -> Option<Found> {
        fidelity.assumptions.insert(Assumption::UniqueTimestamps);
        let steps: Vec<&Step<Mapped>> = sequence.steps.iter().chain(sequence.until.as_deref()).collect();
        let keys = self.key_columns(&sequence.keys, &steps, (RefusalReason::Sequence, sequence.span), fidelity);
        if scan::is_had(sequence) {
            return self.scanned(sequence, keys, carried, fidelity);
        }
        let last = sequence.steps.len().checked_sub(1)?;
        let mut names = Vec::with_capacity(steps.len());
        let mut complete = true;
        for (i, step) in steps.iter().enumerate() {
            let is_until = i > last;
            let wanted = Wanted {
                guard: guard(&keys, i),
                keys: keys.iter().filter_map(|key| key.at(i)).collect(),
                time: if is_until { UNTIL_TIME.into() } else { time(i) },
                carried: if i == last { carried.to_vec() } else { Vec::new() },
                all: false,
            };
            let mut own = Fidelity::default();
            let Some(parts) = self.step(step, &wanted, &mut own) else {
                complete = false;
                continue;
            };
            fidelity.join(&if is_until { own.swapped() } else { own });
            let name = if is_until { UNTIL.to_owned() } else { format!("step{}", i + 1) };
            names.push(self.bind(&name, union(parts)));
        }
        if !complete {
            return None;
        }
        let carried: Vec<Name> = carried.iter().map(|named| named.name.clone()).collect();
        let operators = joins(sequence, &names, &keys, &carried);
        let source = Source::Table(names.swap_remove(0));
        Some(Found {
            rows: Pipeline { source, operators },
            keys,
            time: time(last),
            start: Some(time(0)),
            repeated: false,
            overlapping: false,
        })
    }
}

/// Whether the joins have columns of such a name: `k1`, `t1`, `tu`, `ended`.
fn is_ours(name: &str) -> bool {
    key::is_numbered(name, &["k", "t"]) || name == UNTIL_TIME || name == ENDED
}

fn time(index: usize) -> Name {
    format!("t{}", index + 1).into()
}

/// `names` are the steps, `until` last.
fn joins(sequence: &Sequence<Mapped>, names: &[Name], keys: &[KeyColumn], carried: &[Name]) -> Vec<Operator> {
    let on: Vec<Name> = keys.iter().map(|key| key.name.clone()).collect();
    let by = |more: &[Name]| on.iter().chain(more).cloned().collect::<Vec<_>>();
    let read = |name: &Name| Expr::Column(name.clone());
    let (start, last) = (time(0), sequence.steps.len() - 1);
    let (steps, until) = names.split_at(sequence.steps.len());
    let mut operators = Vec::new();
    for (i, step) in steps.iter().enumerate().skip(1) {
        let (before, now) = (time(i - 1), time(i));
        let within = Expr::Minus(Box::new(read(&now)), Box::new(read(&start)));
        operators.push(Operator::Join { kind: JoinKind::Inner, right: step.clone(), on: on.clone() });
        operators.push(Operator::Where(Logic::all([
            Logic::Test(Test::compare(read(&now), Comparison::Greater, read(&before))),
            Logic::Test(Test::compare(within, Comparison::LessOrEqual, Expr::Timespan(sequence.timespan))),
        ])));
        let latest = if i == last && !carried.is_empty() {
            Aggregate::ArgMax(start.clone(), carried.to_vec())
        } else {
            Aggregate::Max(start.clone())
        };
        operators.push(Operator::Summarize { aggregates: vec![latest], by: by(&[now]) });
    }
    let end = time(last);
    if let Some(ending) = until.first() {
        let until: Name = UNTIL_TIME.into();
        let between = Logic::all([
            Logic::Test(Test::compare(read(&until), Comparison::GreaterOrEqual, read(&start))),
            Logic::Test(Test::compare(read(&until), Comparison::Less, read(&end))),
        ]);
        let group: Vec<Name> = [start.clone(), end.clone()].into_iter().chain(carried.iter().cloned()).collect();
        operators.extend([
            Operator::Join { kind: JoinKind::LeftOuter, right: ending.clone(), on: on.clone() },
            Operator::Summarize {
                aggregates: vec![Aggregate::CountIf { name: ENDED.into(), condition: between }],
                by: by(&group),
            },
            Operator::Where(Logic::Test(Test::compare(Expr::Column(ENDED.into()), Comparison::Equal, Expr::Long(0)))),
        ]);
    }
    let first = if carried.is_empty() { Aggregate::Min(end) } else { Aggregate::ArgMin(end, carried.to_vec()) };
    operators.push(Operator::Summarize { aggregates: vec![first], by: by(&[start]) });
    operators
}
