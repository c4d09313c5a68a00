//! The window of a correlation, and how measures over it are computed.
//!
//! `streamstats time_window=…` is not used: no page says whether it counts an event that is exactly as old as the window,
//! and one report of measurements says that it does not, where the rule does; nor does it count more than 10,000
//! events. In its place each event stands in the result twice, once when it enters the window and once when it leaves
//! it, and running totals go up and down.

use super::threshold::AtLeast;
use crate::ast::{
    Aggregate, AggregateFunction, Assignment, Command, Expr, Function, SortKey, Streamstats, WherePredicate,
};
use crate::lower::stage::numbered;
use rulecast_ir::{Comparison, Logic, Name, Number};

/// 1 where an event enters the window, 0 where it leaves it.
pub(super) const MOVE: &str = "rc_move";
/// When it does.
const AT: &str = "rc_at";
/// The most rows that `streamstats window=` takes: `max_stream_window` of `limits.conf`.
const MOST_ROWS: u64 = 10_000;

/// What a measure is taken over.
pub(super) struct Window {
    /// The fields of the keys, which every row has.
    pub(super) by: Vec<Name>,
    /// The field of the time.
    pub(super) time: Name,
    /// The order of the rows.
    pub(super) order: Vec<SortKey>,
    /// In seconds.
    pub(super) timespan: u64,
    /// The field that is 1 for the events that are measured, where other rows stand among them.
    pub(super) of: Option<Name>,
}

/// How a measure is computed, and when it is as it must be. The condition may be NULL, which counts as false.
pub(super) struct Measured {
    pub(super) commands: Vec<Command>,
    pub(super) holds: Logic<WherePredicate>,
    /// Whether events stand in the result as they leave the window, too.
    pub(super) moves: bool,
}

impl Window {
    fn span(&self) -> Expr {
        Expr::Number(Number::Integer(i64::try_from(self.timespan).unwrap_or(i64::MAX)))
    }

    /// Whether the time in a field is in the window; NULL where it has none.
    pub(super) fn holds(&self, field: &Name) -> Logic<WherePredicate> {
        self.age(field, Comparison::LessOrEqual)
    }

    /// Whether the time in a field is before the window; NULL where it has none.
    fn before(&self, field: &Name) -> Logic<WherePredicate> {
        self.age(field, Comparison::Greater)
    }

    fn age(&self, field: &Name, comparison: Comparison) -> Logic<WherePredicate> {
        let age = Expr::Difference(Box::new(Expr::Field(self.time.clone())), Box::new(Expr::Field(field.clone())));
        Logic::Test(WherePredicate::Compare { left: age, comparison, right: self.span() })
    }

    /// The rows in order.
    pub(super) fn sorted(&self) -> Command {
        Command::Sort(self.order.clone())
    }

    /// Totals of all rows of the same keys, up to each row.
    pub(super) fn totals(&self, aggregates: Vec<Aggregate>) -> Command {
        Command::Streamstats(Streamstats::running(aggregates, self.by.clone()))
    }

    /// The events as they enter and leave the window, in order, with what each move computes. What enters comes before
    /// what leaves at the same time, as the bound is part of the window.
    pub(super) fn moves(&self, fields: Vec<Assignment>) -> Vec<Command> {
        let both = Expr::call(Function::Mvappend, [Expr::integer(1), Expr::integer(0)]);
        let both = match &self.of {
            None => both,
            Some(of) => {
                let measured = WherePredicate::equal(Expr::Field(of.clone()), Expr::integer(1));
                Expr::if_else(Logic::Test(measured), both, Expr::integer(1))
            }
        };
        let later = Expr::Sum(Box::new(Expr::Field(self.time.clone())), Box::new(self.span()));
        let at = Expr::if_else(enters(), Expr::Field(self.time.clone()), later);
        let mut computed = vec![Assignment { name: AT.into(), value: at }];
        computed.extend(fields);
        vec![
            Command::Eval(vec![Assignment { name: MOVE.into(), value: both }]),
            Command::Expand(MOVE.into()),
            Command::Eval(computed),
            Command::Sort(vec![
                SortKey { field: AT.into(), descending: false },
                SortKey { field: MOVE.into(), descending: true },
            ]),
        ]
    }

    /// How many events there are.
    pub(super) fn count(&self, thresholds: &Logic<AtLeast>) -> Measured {
        let numbers = super::threshold::numbers(thresholds);
        if numbers.iter().any(|number| *number > MOST_ROWS) {
            return self.many(thresholds);
        }
        let several = numbers.len() > 1;
        let name = |stem: &str, number: u64| -> Name {
            match usize::try_from(number) {
                Ok(number) if several => numbered(stem, number),
                _ => stem.into(),
            }
        };
        // Of the last n rows, the first is in the window: so many are.
        let mut commands = vec![self.sorted()];
        commands.extend(numbers.iter().map(|number| {
            let first = Aggregate::of(AggregateFunction::Min, self.time.clone(), name("rc_first", *number));
            let aggregates = vec![Aggregate::count(name("rc_count", *number)), first];
            Command::Streamstats(Streamstats::latest(*number, aggregates, self.by.clone()))
        }));
        if numbers.is_empty() {
            commands.clear();
        }
        let holds = thresholds.clone().map(&mut |AtLeast { number, reached }| {
            let count = Expr::Field(name("rc_count", number));
            let compare = |comparison| {
                let right = Expr::Number(Number::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
                Logic::Test(WherePredicate::Compare { left: count.clone(), comparison, right })
            };
            let first = name("rc_first", number);
            if reached {
                Logic::all([compare(Comparison::Equal), self.holds(&first)])
            } else {
                Logic::any([compare(Comparison::Less), self.before(&first)])
            }
        });
        Measured { commands, holds, moves: false }
    }

    /// The same, of more events than `streamstats` looks back on.
    fn many(&self, thresholds: &Logic<AtLeast>) -> Measured {
        let change = Assignment { name: "rc_change".into(), value: signed(Expr::integer(1)) };
        let mut commands = self.moves(vec![change]);
        commands.push(self.totals(vec![Aggregate::of(AggregateFunction::Sum, "rc_change", "rc_count")]));
        let holds = thresholds.clone().map(&mut |AtLeast { number, reached }| {
            let comparison = if reached { Comparison::GreaterOrEqual } else { Comparison::Less };
            let right = Expr::Number(Number::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
            Logic::Test(WherePredicate::Compare { left: Expr::field("rc_count"), comparison, right })
        });
        Measured { commands, holds, moves: true }
    }
}

/// The condition that a row is an event that enters the window.
pub(super) fn enters() -> Logic<WherePredicate> {
    Logic::Test(WherePredicate::equal(Expr::field(MOVE), Expr::integer(1)))
}

/// A value where an event enters the window, and its negative where it leaves it.
pub(super) fn signed(value: Expr) -> Expr {
    let negative = match &value {
        Expr::Number(Number::Integer(number)) => Expr::integer(-number),
        value => Expr::Difference(Box::new(Expr::integer(0)), Box::new(value.clone())),
    };
    Expr::if_else(enters(), value, negative)
}
