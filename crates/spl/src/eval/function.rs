//! The functions of `eval`.
//!
//! Sources: Search Reference, "Text functions", "Conversion functions", "Multivalue eval functions", "Statistical eval
//! functions", "Date and Time functions": `substr` counts from 1, or from the end, as SQLite does; `mvfind` gives the
//! index, from 0, of the first value that matches; `max` and `min` take several values, and put texts above numbers.
//!
//! Unchecked: `round` rounds a half away from zero; `max` and `min` leave out NULL.

use super::expression::{Scope, Value};
use super::time::{strftime, strptime};
use super::{EvalError, text};
use crate::ast::{Expr, Function};
use rulecast_ir::Scalar;
use std::borrow::Cow;
use std::cmp::Ordering;

type Result<T> = std::result::Result<T, EvalError>;

pub(super) fn call<'a>(scope: Scope<'a>, function: Function, arguments: &[Expr]) -> Result<Value<'a>> {
    let name = function.name();
    let argument = |i: usize| match arguments.get(i) {
        Some(argument) => scope.value(argument),
        None => Err(EvalError::Unsupported(format!("{name} with too few arguments"))),
    };
    // The text of a single value.
    let on_text = |apply: &dyn Fn(&str) -> Value<'static>| -> Result<Value<'a>> {
        let value = argument(0)?;
        Ok(value.single(name)?.map_or(Value::NULL, |scalar| apply(&text(scalar))))
    };
    Ok(match function {
        Function::Null => Value::NULL,
        Function::Coalesce => {
            for argument in arguments {
                let value = scope.value(argument)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Value::NULL
        }
        #[expect(clippy::cast_precision_loss, reason = "no text has so many characters")]
        Function::Len => on_text(&|text| Value::number(text.chars().count() as f64))?,
        Function::Lower => on_text(&|text| Value::text(text.to_lowercase()))?,
        Function::Upper => on_text(&|text| Value::text(text.to_uppercase()))?,
        Function::Substr => {
            let start = number(&argument(1)?, name)?;
            let length = if arguments.len() > 2 { number(&argument(2)?, name)? } else { Some(f64::INFINITY) };
            match start.zip(length) {
                Some((_, ..0.0)) => return Err(EvalError::Unsupported("substr of a negative length".into())),
                Some((start, length)) => on_text(&|text| Value::text(substr(text, start, length)))?,
                None => Value::NULL,
            }
        }
        Function::Replace => {
            let (subject, replacement) = (argument(0)?, argument(2)?);
            let pattern = match arguments.get(1) {
                Some(pattern) => scope.pattern(pattern)?,
                None => None,
            };
            match (subject.single(name)?, pattern, replacement.single(name)?) {
                (Some(subject), Some(pattern), Some(replacement)) => {
                    let replacement = groups(&text(replacement));
                    let replaced = pattern.replace_all(text(subject).as_bytes(), replacement.as_bytes()).into_owned();
                    Value::text(String::from_utf8_lossy(&replaced))
                }
                _ => Value::NULL,
            }
        }
        Function::Round => {
            let digits = if arguments.len() > 1 { number(&argument(1)?, name)? } else { Some(0.0) };
            match number(&argument(0)?, name)?.zip(digits) {
                Some((_, digits)) if !(0.0..=15.0).contains(&digits) || digits.fract() != 0.0 => {
                    return Err(EvalError::Unsupported("round to digits that are not from 0 to 15".into()));
                }
                Some((value, digits)) => {
                    let shift = 10_f64.powf(digits);
                    let shifted = (value * shift).round() / shift;
                    Value::number(if shifted.is_finite() { shifted } else { value })
                }
                None => Value::NULL,
            }
        }
        Function::Tonumber => {
            let radix = if arguments.len() > 1 { number(&argument(1)?, name)? } else { Some(10.0) };
            let value = argument(0)?;
            let Some((scalar, radix)) = value.single(name)?.zip(radix) else { return Ok(Value::NULL) };
            to_number(scalar, radix)?
        }
        Function::Tostring if arguments.len() > 1 => {
            return Err(EvalError::Unsupported("tostring with a format".into()));
        }
        Function::Tostring => on_text(&|text| Value::text(text))?,
        Function::Strftime => {
            let format = argument(1)?;
            let Some((time, format)) = number(&argument(0)?, name)?.zip(format.single(name)?) else {
                return Ok(Value::NULL);
            };
            Value::text(strftime(time, &text(format))?)
        }
        Function::Strptime => {
            let format = argument(1)?;
            let value = argument(0)?;
            let Some((time, format)) = value.single(name)?.zip(format.single(name)?) else { return Ok(Value::NULL) };
            strptime(&text(time), &text(format))?.map_or(Value::NULL, Value::number)
        }
        Function::Floor => number(&argument(0)?, name)?.map_or(Value::NULL, |number| Value::number(number.floor())),
        Function::Mvappend => {
            let mut all = Vec::new();
            for argument in arguments {
                all.extend(scope.value(argument)?.scalars.into_owned());
            }
            Value { scalars: Cow::Owned(all), field: true }
        }
        #[expect(clippy::cast_precision_loss, reason = "no field has so many values")]
        Function::Mvcount => match argument(0)?.scalars.len() {
            0 => Value::NULL,
            count => Value::number(count as f64),
        },
        Function::Mvfind => {
            let values = argument(0)?;
            let pattern = match arguments.get(1) {
                Some(pattern) => scope.pattern(pattern)?,
                None => None,
            };
            let Some(pattern) = pattern else { return Ok(Value::NULL) };
            let at = values.scalars.iter().position(|scalar| pattern.is_match(text(scalar).as_bytes()));
            #[expect(clippy::cast_precision_loss, reason = "no field has so many values")]
            at.map_or(Value::NULL, |at| Value::number(at as f64))
        }
        Function::Max | Function::Min => {
            let wanted = if function == Function::Max { Ordering::Greater } else { Ordering::Less };
            let mut best: Option<Scalar> = None;
            for argument in arguments {
                let value = scope.value(argument)?;
                for scalar in value.scalars.iter() {
                    let number = value.as_number(scalar);
                    let scalar = number.map_or_else(|| scalar.clone(), Scalar::Float);
                    if best.as_ref().is_none_or(|best| texts_above(&scalar, best) == wanted) {
                        best = Some(scalar);
                    }
                }
            }
            match best {
                Some(Scalar::Float(number)) => Value::number(number),
                best => best.map_or(Value::NULL, Value::one),
            }
        }
        Function::In | Function::Like | Function::Match => {
            return Err(EvalError::Unsupported(format!("{name} as a value")));
        }
    })
}

fn number(value: &Value<'_>, operation: &str) -> Result<Option<f64>> {
    Ok(value.single(operation)?.and_then(|scalar| value.as_number(scalar)))
}

fn texts_above(one: &Scalar, other: &Scalar) -> Ordering {
    match (one, other) {
        (Scalar::Float(one), Scalar::Float(other)) => one.total_cmp(other),
        (Scalar::Float(_), _) => Ordering::Less,
        (_, Scalar::Float(_)) => Ordering::Greater,
        _ => text(one).cmp(&text(other)),
    }
}

fn to_number(scalar: &Scalar, radix: f64) -> Result<Value<'static>> {
    #[expect(clippy::float_cmp, reason = "10 is exact")]
    if radix == 10.0 {
        return Ok(scalar.number().map_or(Value::NULL, Value::number));
    }
    if !(2.0..=36.0).contains(&radix) || radix.fract() != 0.0 {
        return Err(EvalError::Unsupported("tonumber with a base that is not from 2 to 36".into()));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the base is from 2 to 36")]
    let number = i64::from_str_radix(&text(scalar), radix as u32);
    Ok(number.map_or(Value::NULL, |number| Value::one(Scalar::Integer(number))))
}

/// SQLite's: from 1; from the end where `start` is negative; a part before the text counts for the length.
fn substr(text: &str, start: f64, length: f64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "no text has so many characters")]
    let count = text.chars().count() as f64;
    let start = start.trunc();
    let start = if start < 0.0 { count + start } else { start - 1.0 };
    let end = start + length.trunc().max(0.0);
    let skipped = start.clamp(0.0, count);
    let taken = (end.clamp(0.0, count) - skipped).max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of characters")]
    text.chars().skip(skipped as usize).take(taken as usize).collect()
}

/// `\1` as the `regex` crate writes it.
fn groups(replacement: &str) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut chars = replacement.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('$', _) => out.push_str("$$"),
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                out.extend(["${", digit.encode_utf8(&mut [0; 4]), "}"]);
                chars.next();
            }
            ('\\', Some('\\')) => {
                out.push('\\');
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}
