//! Scalar functions, and what dynamic values hold.
//!
//! Source: the reference's page of each function. Those of time are in [`time`], conversions in [`convert`].

mod arithmetic;
mod convert;
mod text;
mod time;

pub(super) use arithmetic::arithmetic;
pub(super) use convert::text_of;

use super::address;
use super::bind::{Binder, Bound, Predicate};
use super::value::{Ty, Value};
use super::{EvalError, Result};
use crate::ast::{Expr, Function};
use serde_json::Value as Json;
use std::cmp::Ordering;

fn types(arguments: &[Bound]) -> Vec<Ty> {
    arguments.iter().map(|argument| argument.ty).collect()
}

fn overflow() -> EvalError {
    EvalError::new("a number overflows")
}

/// A function of its arguments.
pub(super) fn bind(binder: &Binder<'_>, function: Function, arguments: &[Expr]) -> Result<Bound> {
    let bound = arguments.iter().map(|argument| binder.bind(argument)).collect::<Result<Vec<_>>>()?;
    let wrong = |arguments: &[Bound]| {
        let types: Vec<&str> = arguments.iter().map(|argument| argument.ty.name()).collect();
        Err(EvalError::new(format!("`{}` of ({}) is not evaluated", function.name(), types.join(", "))))
    };
    match (function, types(&bound).as_slice()) {
        (Function::IsEmpty, [_]) => Bound::of(Ty::Bool, bound, |values| Ok(Value::Bool(is_empty(&values[0])?))),
        (Function::IsNotEmpty, [_]) => Bound::of(Ty::Bool, bound, |values| Ok(Value::Bool(!is_empty(&values[0])?))),
        (Function::IsNull, [_]) => Bound::of(Ty::Bool, bound, |values| Ok(Value::Bool(values[0].is_null()))),
        (Function::IsNotNull, [_]) => Bound::of(Ty::Bool, bound, |values| Ok(Value::Bool(!values[0].is_null()))),
        (Function::Coalesce, [_, _, ..]) => coalesce(bound),
        (Function::Iff, [Ty::Bool, ..]) if bound.len() == 3 => {
            let mut bound = bound.into_iter();
            let mut next = || bound.next().expect("there are three arguments");
            let condition = next();
            let condition = Predicate::new(condition.slots, move |context| condition.eval(context)?.as_truth());
            let then = next();
            case(vec![(condition, then)], next())
        }
        (Function::StrLen, [Ty::Text]) => Bound::of(Ty::Long, bound, |values| {
            Ok(Value::Long(i64::try_from(values[0].as_text()?.as_str().chars().count()).map_err(|_| overflow())?))
        }),
        (Function::StrCat, [_, ..]) => Bound::of(Ty::Text, bound, |values| joined("", values)),
        (Function::StrCatDelim, [Ty::Text, _, ..]) => Bound::of(Ty::Text, bound, |values| {
            let (delimiter, values) = values.split_first().expect("there is a delimiter");
            joined(delimiter.as_text()?.as_str(), values)
        }),
        (Function::ToLower, [Ty::Text]) => Bound::of(Ty::Text, bound, |values| {
            changed_case(values[0].as_text()?.as_str(), str::to_ascii_lowercase, str::to_lowercase)
        }),
        (Function::ToUpper, [Ty::Text]) => Bound::of(Ty::Text, bound, |values| {
            changed_case(values[0].as_text()?.as_str(), str::to_ascii_uppercase, str::to_uppercase)
        }),
        (Function::IndexOf, [Ty::Text, Ty::Text]) => Bound::of(Ty::Long, bound, |values| {
            let (text, wanted) = (values[0].as_text()?.as_str(), values[1].as_text()?.as_str());
            let at = text.find(wanted).map(|at| text[..at].chars().count());
            Ok(Value::Long(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)))
        }),
        (Function::ReplaceString, [Ty::Text, Ty::Text, Ty::Text]) => Bound::of(Ty::Text, bound, |values| {
            let (from, to) = (values[1].as_text()?.as_str(), values[2].as_text()?.as_str());
            match from {
                "" => Err(EvalError::new("an empty text is replaced")),
                from => Ok(Value::text(&values[0].as_text()?.as_str().replace(from, to))),
            }
        }),
        (Function::ReplaceStrings, [Ty::Text, Ty::Dynamic, Ty::Dynamic]) => text::replace_strings(bound),
        (Function::Extract, [Ty::Text, Ty::Long, Ty::Text]) => text::extract(bound),
        (Function::Substring, [Ty::Text, Ty::Long, ..]) if types(&bound)[2..].iter().all(|ty| *ty == Ty::Long) => {
            Bound::of(Ty::Text, bound, |values| {
                let number = |value: &Value| match value {
                    Value::Long(number) => usize::try_from(*number).ok(),
                    _ => None,
                };
                let start = number(&values[1]).ok_or_else(|| EvalError::new("a substring starts before its text"))?;
                let rest = values[0].as_text()?.as_str().chars().skip(start);
                Ok(Value::text(&match values.get(2) {
                    Some(length) => {
                        let length = number(length).ok_or_else(|| EvalError::new("a length below zero"))?;
                        rest.take(length).collect::<String>()
                    }
                    None => rest.collect::<String>(),
                }))
            })
        }
        (Function::Abs, [Ty::Long | Ty::Real | Ty::Timespan]) => Bound::of(bound[0].ty, bound, |values| {
            Ok(match &values[0] {
                Value::Long(number) => Value::Long(number.checked_abs().ok_or_else(overflow)?),
                Value::Timespan(ticks) => Value::Timespan(ticks.checked_abs().ok_or_else(overflow)?),
                Value::Real(number) => Value::Real(number.abs()),
                _ => Value::Null,
            })
        }),
        (Function::MaxOf, [_, _, ..]) => most(bound, Ordering::Greater),
        (Function::MinOf, [_, _, ..]) => most(bound, Ordering::Less),
        (Function::Ipv6IsMatch | Function::Ipv4IsMatch, [Ty::Text, Ty::Text] | [Ty::Text, Ty::Text, Ty::Long]) => {
            let test = if function == Function::Ipv6IsMatch { address::v6_is_match } else { address::v4_is_match };
            Bound::of(Ty::Bool, bound, move |values| {
                let prefix = match values.get(2) {
                    None => None,
                    Some(Value::Long(prefix)) => Some(*prefix),
                    Some(_) => return Ok(Value::Null),
                };
                Ok(Value::bool(test(values[0].as_text()?.as_str(), values[1].as_text()?.as_str(), prefix)))
            })
        }
        (Function::Ipv6IsInRange | Function::Ipv4IsInRange, [Ty::Text, Ty::Text]) => {
            let v6 = function == Function::Ipv6IsInRange;
            let test = if v6 { address::v6_is_in_range } else { address::v4_is_in_range };
            Bound::of(Ty::Bool, bound, move |values| {
                let (address, range) = (values[0].as_text()?.as_str(), values[1].as_text()?.as_str());
                if range.contains(',') || address.contains('/') {
                    return Err(EvalError::new("a list of ranges, or a range in a range"));
                }
                Ok(Value::bool(test(address, range)))
            })
        }
        (Function::ArrayLength, [Ty::Dynamic]) => Bound::of(Ty::Long, bound, |values| {
            Ok(match &values[0] {
                Value::Dynamic(json) => {
                    json.as_array().map_or(Value::Null, |all| i64::try_from(all.len()).map_or(Value::Null, Value::Long))
                }
                _ => Value::Null,
            })
        }),
        (Function::SetHasElement, [Ty::Dynamic, Ty::Text]) => Bound::of(Ty::Bool, bound, |values| {
            let wanted = values[1].as_text()?;
            Ok(match &values[0] {
                Value::Dynamic(json) => match json.as_array() {
                    Some(all) => Value::Bool(all.iter().any(|one| one.as_str() == Some(wanted.as_str()))),
                    None => Value::Null,
                },
                _ => Value::Null,
            })
        }),
        (Function::RowNumber, []) if binder.ordered => Ok(Bound::raw(Ty::Long, 0, |context| {
            i64::try_from(context.at + 1).map(Value::Long).map_err(|_| overflow())
        })),
        (Function::Prev | Function::Next, [_] | [_, Ty::Long]) if binder.ordered => neighbour(function, bound),
        (Function::RowNumber | Function::Prev | Function::Next, _) if !binder.ordered => {
            Err(EvalError::new(format!("`{}` needs rows in order", function.name())))
        }
        _ => match time::bind(function, bound, binder.now).or_else(|bound| convert::bind(function, bound)) {
            Ok(bound) => bound,
            Err(bound) => wrong(&bound),
        },
    }
}

/// Null, or the empty string.
fn is_empty(value: &Value) -> Result<bool> {
    match value {
        Value::Dynamic(json) => Ok(json.as_str() == Some("")),
        Value::Text(text) => Ok(text.as_str().is_empty()),
        Value::Several => value.as_text().map(|_| false),
        other => Ok(other.is_null()),
    }
}

fn coalesce(bound: Vec<Bound>) -> Result<Bound> {
    let first = bound[0].ty;
    if bound.len() > 64 || bound.iter().any(|argument| argument.ty != first) {
        return Err(EvalError::new("`coalesce` takes 2 to 64 values of one type"));
    }
    Bound::of(first, bound, |values| {
        let (last, rest) = values.split_last().expect("there are at least two");
        for value in rest {
            let skipped = match value {
                Value::Text(text) => text.as_str().is_empty(),
                other => other.is_null(),
            };
            if !skipped {
                return Ok(value.clone());
            }
        }
        Ok(last.clone())
    })
}

/// The first value whose condition is true.
pub(super) fn case(branches: Vec<(Predicate, Bound)>, otherwise: Bound) -> Result<Bound> {
    let ty = otherwise.ty;
    if let Some((_, other)) = branches.iter().find(|(_, value)| value.ty != ty) {
        let (ty, other) = (ty.name(), other.ty.name());
        return Err(EvalError::new(format!("a choice between a {other} and a {ty}")));
    }
    let slots =
        branches.iter().fold(otherwise.slots, |slots, (condition, value)| slots | condition.slots | value.slots);
    Ok(Bound::raw(ty, slots, move |context| {
        for (condition, value) in &branches {
            if condition.decide(context)? == Some(true) {
                return value.eval(context);
            }
        }
        otherwise.eval(context)
    }))
}

fn joined(delimiter: &str, values: &[Value]) -> Result<Value> {
    let texts = values.iter().map(text_of).collect::<Result<Vec<_>>>()?;
    Ok(Value::text(&texts.join(delimiter)))
}

/// Which letters beyond ASCII change case is not documented.
fn changed_case(text: &str, ascii: fn(&str) -> String, all: fn(&str) -> String) -> Result<Value> {
    let changed = ascii(text);
    if changed == all(text) {
        return Ok(Value::text(&changed));
    }
    Err(EvalError::new("the case of letters beyond ASCII is changed"))
}

/// Nulls do not count (`max_of`, `min_of`).
fn most(bound: Vec<Bound>, wanted: Ordering) -> Result<Bound> {
    let ty = bound[0].ty;
    let ordered = matches!(ty, Ty::Long | Ty::Real | Ty::DateTime | Ty::Timespan);
    if !ordered || bound.iter().any(|argument| argument.ty != ty) {
        return Err(EvalError::new("`max_of` and `min_of` take numbers or times of one type"));
    }
    Bound::of(ty, bound, move |values| {
        let mut best = Value::Null;
        for value in values {
            if best.is_null() || value.order(&best) == Some(wanted) {
                best = value.clone();
            }
        }
        Ok(best)
    })
}

/// `prev(x, n)`, `next(x, n)`: what another row has, or nothing.
fn neighbour(function: Function, bound: Vec<Bound>) -> Result<Bound> {
    let mut bound = bound.into_iter();
    let value = bound.next().expect("there is a value");
    let distance = match bound.next().map(|distance| distance.constant) {
        None => 1,
        Some(Some(Value::Long(distance))) => {
            usize::try_from(distance).map_err(|_| EvalError::new("a distance below zero"))?
        }
        Some(_) => return Err(EvalError::new("a distance that is not constant")),
    };
    let missing = value.ty.missing();
    Ok(Bound::raw(value.ty, value.slots, move |context| {
        let at = match function {
            Function::Prev => context.at.checked_sub(distance),
            _ => context.at.checked_add(distance).filter(|at| *at < context.rows.len()),
        };
        match at {
            Some(at) => value.eval(&super::bind::Context { at, ..*context }),
            None => Ok(missing.clone()),
        }
    }))
}

/// What a dynamic value holds at a name or a place; null where it holds nothing there.
pub(super) fn element(of: Bound, index: Bound) -> Result<Bound> {
    if (of.ty, index.ty) != (Ty::Dynamic, Ty::Text) && (of.ty, index.ty) != (Ty::Dynamic, Ty::Long) {
        return Err(EvalError::new(format!("a property of a {}", of.ty.name())));
    }
    Bound::of(Ty::Dynamic, vec![of, index], |values| {
        let found = match (&values[0], &values[1]) {
            (Value::Dynamic(json), Value::Text(name)) => json.get(name.as_str()),
            (Value::Dynamic(json), Value::Long(at)) => json.as_array().and_then(|all| {
                let at = if *at < 0 { i64::try_from(all.len()).ok()? + at } else { *at };
                all.get(usize::try_from(at).ok()?)
            }),
            _ => None,
        };
        Ok(found.cloned().map_or(Value::Null, Value::dynamic))
    })
}

/// A value as an element of a list.
pub(super) fn json_of(value: &Value) -> Result<Json> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Long(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::DateTime(ticks) => crate::time::show(*ticks).into(),
        Value::Timespan(ticks) => crate::time::show_span(*ticks).into(),
        Value::Dynamic(json) => (**json).clone(),
        Value::Several => return Err(EvalError::new("a column that holds one value has several")),
    })
}
