//! The window of each event, by a join of the events with themselves.
//!
//! A join on keys alone would pair every two events of a key. So time is cut into slots as long as the window: an event is
//! in the windows of its own slot and of the next alone, and joined with those; the exact bound is asked after. The events
//! are computed once.

use super::super::Lowering;
use super::super::event::union;
use super::super::key::KeyColumn;
use super::super::result::Found;
use super::measure::{self, Measured};
use super::rows::{Rows, Value};
use super::{AT, BEFORE, MEMBER, SLOT};
use crate::ast::{Arithmetic, Comparison, Expr, Function, JoinKind, Named, Operator, Pipeline, Source, Test};
use rulecast_ir::{Correlation, Logic, Mapped, Name};

/// The events of all members, named, and what is known of them.
pub(super) struct Members {
    pub(super) name: Name,
    pub(super) keys: Vec<KeyColumn>,
    pub(super) repeated: bool,
    pub(super) overlapping: bool,
}

impl Lowering {
    /// The events at which the measure of the window fires.
    pub(super) fn windowed(&mut self, correlation: &Correlation<Mapped>, rows: Rows) -> Found {
        let measured = measure::of(correlation, &rows.values);
        let (members, values) = self.named(rows);
        let mut fired = self.summarized(correlation, &members, &values, &measured);
        if measured.condition != Logic::True {
            fired.operators.push(Operator::Where(measured.condition));
        }
        self.completed(members, fired)
    }

    /// Names the events, which are computed once.
    pub(super) fn named(&mut self, rows: Rows) -> (Members, Vec<Value>) {
        let Rows { pipeline, keys, values, repeated, overlapping } = rows;
        let once = Pipeline { source: Source::Materialize(Box::new(pipeline)), operators: Vec::new() };
        (Members { name: self.bind("members", once), keys, repeated, overlapping }, values)
    }

    /// Each key and time of an event, with the measure of its window.
    pub(super) fn summarized(
        &mut self,
        correlation: &Correlation<Mapped>,
        members: &Members,
        values: &[Value],
        measured: &Measured,
    ) -> Pipeline {
        let Members { name: members, keys, .. } = members;
        let marked = correlation.measure.kind.is_temporal();
        let window = self.window(correlation, members, keys, values, marked, measured);
        let by = key_and_time(keys);
        let read = |name: &str| Expr::Column(name.into());
        let age = Expr::Minus(Box::new(read(AT)), Box::new(read(BEFORE)));
        let mut operators = vec![
            Operator::Distinct(by.clone()),
            Operator::Extend(vec![Named { name: SLOT.into(), value: slot(AT, correlation.timespan) }]),
            Operator::Join { kind: JoinKind::Inner, right: window, on: on(keys, SLOT) },
            Operator::Where(Logic::all([
                Logic::Test(Test::compare(read(BEFORE), Comparison::LessOrEqual, read(AT))),
                Logic::Test(Test::compare(age, Comparison::LessOrEqual, Expr::Timespan(correlation.timespan))),
            ])),
        ];
        if !measured.distinct.is_empty() {
            operators.push(Operator::Distinct(by.iter().chain(&measured.distinct).cloned().collect()));
        }
        operators.push(Operator::Summarize { aggregates: measured.aggregates.clone(), by });
        if !measured.computed.is_empty() {
            operators.push(Operator::Extend(measured.computed.clone()));
        }
        Pipeline { source: Source::Table(members.clone()), operators }
    }

    /// The events by the slots of the windows that they may be in.
    fn window(
        &mut self,
        correlation: &Correlation<Mapped>,
        members: &Name,
        keys: &[KeyColumn],
        values: &[Value],
        marked: bool,
        measured: &Measured,
    ) -> Name {
        let own = slot(AT, correlation.timespan);
        let next = Expr::Arithmetic {
            left: Box::new(own.clone()),
            operator: Arithmetic::Plus,
            right: Box::new(Expr::Timespan(correlation.timespan)),
        };
        let parts = [own, next].map(|slot| {
            let kept = keys.iter().map(|key| &key.name).chain(values.iter().map(|value| &value.name));
            let marked = marked.then(|| Named::itself(MEMBER.into()));
            let before = Named { name: BEFORE.into(), value: Expr::Column(AT.into()) };
            let columns = kept.map(|name| Named::itself(name.clone())).chain(marked);
            let columns = columns.chain([before, Named { name: SLOT.into(), value: slot }]);
            let mut operators = vec![Operator::Project(columns.collect())];
            if measured.rows != Logic::True {
                operators.insert(0, Operator::Where(measured.rows.clone()));
            }
            Pipeline { source: Source::Table(members.clone()), operators }
        });
        self.bind("window", union(parts.into()))
    }

    /// The events whose key and time are among those that fired.
    pub(super) fn completed(&mut self, members: Members, fired: Pipeline) -> Found {
        let Members { name, keys, repeated, overlapping } = members;
        let fired = self.bind("fired", fired);
        let join = Operator::Join { kind: JoinKind::LeftSemi, right: fired, on: key_and_time(&keys) };
        let rows = Pipeline { source: Source::Table(name), operators: vec![join] };
        Found { rows, keys, time: AT.into(), start: None, repeated, overlapping }
    }
}

/// `bin(at, 30s)`
fn slot(time: &str, length: u64) -> Expr {
    Expr::call(Function::Bin, [Expr::Column(time.into()), Expr::Timespan(length)])
}

pub(super) fn key_and_time(keys: &[KeyColumn]) -> Vec<Name> {
    on(keys, AT)
}

fn on(keys: &[KeyColumn], last: &str) -> Vec<Name> {
    keys.iter().map(|key| key.name.clone()).chain([Name::from(last)]).collect()
}
