//! Functions of time, and `bin`.
//!
//! Source: the reference's page of each function.

use super::super::bind::Bound;
use super::super::value::{Ty, Value};
use super::super::{EvalError, Result};
use super::{arithmetic, overflow};
use crate::ast::Function;
use crate::time::{self, DAY, SECOND};

/// A function of time; the arguments back where it is none.
pub(super) fn bind(
    function: Function,
    mut bound: Vec<Bound>,
    now: Option<i64>,
) -> std::result::Result<Result<Bound>, Vec<Bound>> {
    let now = || {
        let now = now.ok_or_else(|| EvalError::new("`now()` is not given"))?;
        Ok(Bound::constant(Ty::DateTime, Value::DateTime(now)))
    };
    let types: Vec<Ty> = bound.iter().map(|argument| argument.ty).collect();
    Ok(match (function, types.as_slice()) {
        (Function::Now, []) => now(),
        (Function::Ago, [Ty::Timespan]) => now().and_then(|now| arithmetic("-", now, bound.swap_remove(0))),
        (Function::Bin, [Ty::Long, Ty::Long] | [Ty::DateTime | Ty::Timespan, Ty::Timespan]) => {
            Bound::of(types[0], bound, |values| bin(&values[0], &values[1]))
        }
        (
            Function::HourOfDay
            | Function::DayOfMonth
            | Function::DayOfWeek
            | Function::DayOfYear
            | Function::GetMonth
            | Function::GetYear
            | Function::WeekOfYear,
            [Ty::DateTime],
        ) => {
            let ty = if function == Function::DayOfWeek { Ty::Timespan } else { Ty::Long };
            Bound::of(ty, bound, move |values| Ok(part(function, &values[0])))
        }
        (Function::DatetimeDiff, [Ty::Text, Ty::DateTime, Ty::DateTime]) => {
            Bound::of(Ty::Long, bound, |values| difference(values[0].as_text()?.as_str(), &values[1], &values[2]))
        }
        (Function::DatetimePart, [Ty::Text, Ty::DateTime]) => {
            Bound::of(Ty::Long, bound, |values| named_part(values[0].as_text()?.as_str(), &values[1]))
        }
        _ => return Err(bound),
    })
}

/// Down to a multiple of a size; bins of time begin with the year 1.
fn bin(value: &Value, size: &Value) -> Result<Value> {
    let down = |number: i64, size: i64| match size {
        1.. => number.checked_sub(number.rem_euclid(size)).ok_or_else(overflow),
        _ => Err(EvalError::new("a bin without a size")),
    };
    Ok(match (value, size) {
        (Value::Long(number), Value::Long(size)) => Value::Long(down(*number, *size)?),
        (Value::Timespan(ticks), Value::Timespan(size)) => Value::Timespan(down(*ticks, *size)?),
        (Value::DateTime(ticks), Value::Timespan(size)) => {
            let first = time::parse("0001-01-01").expect("the first day is a day");
            let since = ticks.checked_sub(first).ok_or_else(overflow)?;
            Value::DateTime(down(since, *size)?.checked_add(first).ok_or_else(overflow)?)
        }
        _ => Value::Null,
    })
}

/// How many times a unit began between two points in time.
fn difference(unit: &str, left: &Value, right: &Value) -> Result<Value> {
    let unit = match unit {
        "second" => SECOND,
        "minute" => 60 * SECOND,
        "hour" => 3600 * SECOND,
        "day" => DAY,
        other => return Err(EvalError::new(format!("`datetime_diff` by `{other}` is not evaluated"))),
    };
    Ok(match (left, right) {
        (Value::DateTime(left), Value::DateTime(right)) => Value::Long(left.div_euclid(unit) - right.div_euclid(unit)),
        _ => Value::Null,
    })
}

/// By the name of the part, in either case. Those of less than a minute are not evaluated, nor are quarters.
fn named_part(name: &str, value: &Value) -> Result<Value> {
    let function = match name.to_ascii_lowercase().as_str() {
        "year" => Function::GetYear,
        "month" => Function::GetMonth,
        "week_of_year" => Function::WeekOfYear,
        "day" => Function::DayOfMonth,
        "dayofyear" => Function::DayOfYear,
        "hour" => Function::HourOfDay,
        "minute" => {
            return Ok(match value {
                Value::DateTime(ticks) => Value::Long(ticks.div_euclid(60 * SECOND).rem_euclid(60)),
                _ => Value::Null,
            });
        }
        other => return Err(EvalError::new(format!("`datetime_part` of `{other}` is not evaluated"))),
    };
    Ok(part(function, value))
}

fn part(function: Function, value: &Value) -> Value {
    let Value::DateTime(ticks) = value else { return Value::Null };
    let days = ticks.div_euclid(DAY);
    let (year, month, day) = rulecast_ir::calendar::civil(days);
    match function {
        Function::HourOfDay => Value::Long(ticks.rem_euclid(DAY) / (3600 * SECOND)),
        // A length of time since the last Sunday; 1970 began on a Thursday.
        Function::DayOfWeek => Value::Timespan((days + 4).rem_euclid(7) * DAY),
        Function::DayOfMonth => Value::Long(day),
        Function::GetMonth => Value::Long(month),
        Function::GetYear => Value::Long(year),
        // That of the Thursday of the same week (ISO 8601).
        Function::WeekOfYear => {
            let thursday = days - (days + 3).rem_euclid(7) + 3;
            match part(Function::DayOfYear, &Value::DateTime(thursday * DAY)) {
                Value::Long(day) => Value::Long((day + 6) / 7),
                other => other,
            }
        }
        _ => {
            let first = time::parse(&format!("{year:04}-01-01")).map_or(days, |ticks| ticks.div_euclid(DAY));
            Value::Long(days - first + 1)
        }
    }
}
