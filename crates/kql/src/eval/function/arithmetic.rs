//! Sums, products and quotients.
//!
//! Source: the reference's pages on numerical operators and on arithmetic of times.

use super::super::bind::Bound;
use super::super::value::{Ty, Value};
use super::super::{EvalError, Result};
use super::overflow;

/// `left operator right`; null where either is.
pub(in super::super) fn arithmetic(operator: &'static str, left: Bound, right: Bound) -> Result<Bound> {
    // A sign before a length of time.
    let left = match (&left.constant, right.ty) {
        (Some(Value::Long(0)), Ty::Timespan) if operator == "-" => Bound::constant(Ty::Timespan, Value::Timespan(0)),
        _ => left,
    };
    let ty = match (left.ty, operator, right.ty) {
        (Ty::Long, _, Ty::Long) => Ty::Long,
        (Ty::Long | Ty::Real, "+" | "-" | "*" | "/", Ty::Long | Ty::Real) => Ty::Real,
        (Ty::DateTime, "-", Ty::DateTime) | (Ty::Timespan, "+" | "-" | "%", Ty::Timespan) => Ty::Timespan,
        (Ty::DateTime, "+" | "-", Ty::Timespan) | (Ty::Timespan, "+", Ty::DateTime) => Ty::DateTime,
        (Ty::Timespan, "*", Ty::Long) | (Ty::Long, "*", Ty::Timespan) => Ty::Timespan,
        (Ty::Timespan, "/", Ty::Timespan) => Ty::Real,
        (left, _, right) => {
            return Err(EvalError::new(format!("`{operator}` of a {} and a {}", left.name(), right.name())));
        }
    };
    Bound::of(ty, vec![left, right], move |values| {
        let whole = |value: &Value| match value {
            Value::Long(number) | Value::DateTime(number) | Value::Timespan(number) => Some(*number),
            _ => None,
        };
        let (left, right) = (&values[0], &values[1]);
        if left.is_null() || right.is_null() {
            return Ok(Value::Null);
        }
        if ty == Ty::Real {
            #[expect(clippy::cast_precision_loss, reason = "a ratio of lengths of time is a real")]
            let real = |value: &Value| value.as_real().or_else(|| whole(value).map(|ticks| ticks as f64));
            let (Some(left), Some(right)) = (real(left), real(right)) else { return Ok(Value::Null) };
            let result = match operator {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                _ => left / right,
            };
            return if result.is_finite() { Ok(Value::Real(result)) } else { Err(overflow()) };
        }
        let (Some(left), Some(right)) = (whole(left), whole(right)) else { return Ok(Value::Null) };
        let result = match operator {
            "+" => left.checked_add(right),
            "-" => left.checked_sub(right),
            "*" => left.checked_mul(right),
            // How a quotient of a negative number is rounded is not documented.
            "/" if left >= 0 && right > 0 => Some(left / right),
            "%" if left >= 0 && right > 0 => Some(left % right),
            _ => return Err(EvalError::new("a quotient of a negative number, or by zero")),
        };
        let result = result.ok_or_else(overflow)?;
        Ok(match ty {
            Ty::DateTime => Value::DateTime(result),
            Ty::Timespan => Value::Timespan(result),
            _ => Value::Long(result),
        })
    })
}
