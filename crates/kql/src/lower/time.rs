//! A part of a point in time.

use super::atom::{literal, mistyped, operator};
use super::column::{self, Kind};
use crate::ast::{Condition, Expr, Function, Test};
use rulecast_ir::{
    Assumption, Atom, Column, Comparison as Relation, Logic, Mapped, Notes, Number, Refusal, Test as Asked, TimePart,
};

/// What a test asks of a time.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) part: TimePart,
    pub(super) comparison: Relation,
}

/// The column holds a point in time of which that part compares so with any of the numbers; at least one.
pub(super) fn condition(
    column: &Column,
    atom: &Atom<Mapped>,
    asked: Part,
    numbers: &[Number],
    notes: &mut Notes,
) -> Result<Condition, Refusal> {
    let time = match column::kind(column) {
        Kind::DateTime => column::value(column),
        Kind::Text | Kind::Dynamic => Expr::call(Function::ToDateTime, [column::text(column)]),
        kind @ (Kind::Long | Kind::Real | Kind::Bool) => {
            return Err(mistyped(atom, column, kind, "never a point in time"));
        }
    };
    // Which other texts than those of ISO 8601 became a time, at ingest or now, cannot be seen; a date alone is midnight.
    notes.assume(Assumption::Mapping(column.name().into()));
    let left = match asked.part {
        TimePart::Minute => Expr::call(Function::DatetimePart, [Expr::Text("minute".into()), time]),
        TimePart::Hour => Expr::call(Function::HourOfDay, [time]),
        TimePart::Day => Expr::call(Function::DayOfMonth, [time]),
        TimePart::Week => Expr::call(Function::WeekOfYear, [time]),
        TimePart::Month => Expr::call(Function::GetMonth, [time]),
        TimePart::Year => Expr::call(Function::GetYear, [time]),
    };
    let mut values: Vec<Expr> = numbers.iter().map(|number| literal(*number)).collect();
    let test = match values.as_slice() {
        [_] => Test::compare(left, operator(asked.comparison), values.swap_remove(0)),
        _ => Test::In { left, fold: false, values },
    };
    // A missing column has no parts: null, which is not less, and whose equality is false.
    Ok(Logic::Test(if asked.comparison == Relation::Equal { test } else { test.or_false() }))
}

/// The numbers of a list of tests for equality of one part.
pub(super) fn equal_parts(atoms: &[&Atom<Mapped>]) -> Option<(TimePart, Vec<Number>)> {
    let mut of = None;
    let numbers = atoms.iter().map(|atom| match atom.test {
        Asked::Time { part, comparison: Relation::Equal, number } if *of.get_or_insert(part) == part => Some(number),
        _ => None,
    });
    let numbers: Vec<Number> = numbers.collect::<Option<_>>()?;
    Some((of?, numbers))
}
