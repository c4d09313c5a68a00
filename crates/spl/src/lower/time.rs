//! A part of a point in time, from the text of it.
//!
//! `strftime` writes times in the zone of whoever searches. So digits are read where ISO 8601 has them, which is the same
//! for everyone; a week is that of the date alone, taken to a time and back in one and the same zone.

use crate::ast::{Expr, Function, WherePredicate};
use rulecast_ir::{Comparison, Logic, Name, Number, TimePart};

/// The parts of a time that stand in a date alone.
const DATE: &str = r"\A\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|\z)";
/// And those that do not.
const TIME: &str = r"\A\d{4}-\d\d-\d\d[T ]\d\d:\d\d";
/// The hours of a day that no change of a clock skips.
const NOON: &str = " 12:00";

/// The field holds a point in time of which that part compares so with any of the numbers. Never NULL.
pub(super) fn condition(field: &Name, part: TimePart, comparisons: &[(Comparison, Number)]) -> WherePredicate {
    let pattern = if matches!(part, TimePart::Hour | TimePart::Minute) { TIME } else { DATE };
    let field = || Expr::Field(field.clone());
    let is_time = WherePredicate::NotNull(Expr::call(Function::Mvfind, [field(), Expr::Regex(pattern.into())]));
    let any = comparisons.iter().map(|(comparison, number)| {
        let (left, right) = (value(field(), part), Expr::Number(*number));
        Logic::Test(WherePredicate::Compare { left, comparison: *comparison, right })
    });
    WherePredicate::holds(Logic::all([Logic::Test(is_time), Logic::any(any)]))
}

fn value(field: Expr, part: TimePart) -> Expr {
    let (start, length) = match part {
        TimePart::Year => (1, 4),
        TimePart::Month => (6, 2),
        TimePart::Day => (9, 2),
        TimePart::Hour => (12, 2),
        TimePart::Minute => (15, 2),
        TimePart::Week => return week(piece(field, 1, 10)),
    };
    Expr::call(Function::Tonumber, [piece(field, start, length)])
}

fn piece(field: Expr, start: i64, length: i64) -> Expr {
    Expr::call(Function::Substr, [field, Expr::integer(start), Expr::integer(length)])
}

/// The week of ISO 8601: how many Thursdays of its year there were up to that of the week.
fn week(date: Expr) -> Expr {
    let noon = Expr::Concat(Box::new(date), Box::new(Expr::Text(NOON.into())));
    let noon = Expr::call(Function::Strptime, [noon, Expr::Text("%Y-%m-%d %H:%M".into())]);
    let number = |time: Expr, format: &str| {
        let text = Expr::call(Function::Strftime, [time, Expr::Text(format.into())]);
        Expr::call(Function::Tonumber, [text])
    };
    let sum = |left: Expr, right: i64| Expr::Sum(Box::new(left), Box::new(Expr::integer(right)));
    // Days since Monday, as `%w` counts from Sunday.
    let weekday = Expr::Remainder(Box::new(sum(number(noon.clone(), "%w"), 6)), Box::new(Expr::integer(7)));
    let behind = Expr::Difference(Box::new(weekday), Box::new(Expr::integer(3)));
    let seconds = Expr::Product(Box::new(behind), Box::new(Expr::integer(86_400)));
    let thursday = Expr::Difference(Box::new(noon), Box::new(seconds));
    let weeks = Expr::Quotient(Box::new(sum(number(thursday, "%j"), 6)), Box::new(Expr::integer(7)));
    Expr::call(Function::Floor, [weeks])
}
