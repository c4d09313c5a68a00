//! Conversions.
//!
//! Source: the reference's pages on `tostring`, `tolong`, `toreal`, `tobool`, `todatetime` and `parse_json`: what cannot
//! be converted is null. How a text must look to be converted they do not say in full, so that a text which one reader
//! may take for a number and another may not (`0x1F`, `+5`, ` 5`, `5.0` for a long) is an error, not null.

use super::super::bind::Bound;
use super::super::value::{Ty, Value, parse_json, shown};
use super::super::{EvalError, Result};
use crate::ast::Function;
use crate::time;
use serde_json::Value as Json;

/// A conversion of one value; the value back where the function is none of that type.
pub(super) fn bind(function: Function, bound: Vec<Bound>) -> std::result::Result<Result<Bound>, Vec<Bound>> {
    let [argument] = bound.as_slice() else { return Err(bound) };
    let ty = argument.ty;
    Ok(match (function, ty) {
        (Function::ToString, _) => Bound::of(Ty::Text, bound, |values| Ok(Value::text(&text_of(&values[0])?))),
        (Function::ParseJson | Function::ToDynamic, Ty::Text) => {
            Bound::of(Ty::Dynamic, bound, |values| Ok(Value::dynamic(parse_json(values[0].as_text()?.as_str()))))
        }
        (Function::ParseJson | Function::ToDynamic, Ty::Dynamic) => {
            Bound::of(Ty::Dynamic, bound, |values| match &values[0] {
                Value::Dynamic(json) => Ok(match &**json {
                    Json::String(text) => Value::dynamic(parse_json(text)),
                    other => Value::dynamic(other.clone()),
                }),
                other => Ok(other.clone()),
            })
        }
        (Function::ToLong | Function::ToInt, _) => {
            let int = function == Function::ToInt;
            Bound::of(Ty::Long, bound, move |values| match long_of(&values[0])? {
                Value::Long(number) if int && i32::try_from(number).is_err() => {
                    Err(EvalError::new("a number that an int cannot hold"))
                }
                value => Ok(value),
            })
        }
        (Function::ToReal | Function::ToDouble, _) => Bound::of(Ty::Real, bound, |values| real_of(&values[0])),
        (Function::ToBool, _) => Bound::of(Ty::Bool, bound, |values| truth_of(&values[0])),
        (Function::ToDateTime, _) => Bound::of(Ty::DateTime, bound, |values| time_of(&values[0])),
        (Function::ToTimespan, Ty::Timespan) => Bound::of(Ty::Timespan, bound, |values| Ok(values[0].clone())),
        _ => return Err(bound),
    })
}

/// As `tostring` shows a value; null is empty.
pub(in super::super) fn text_of(value: &Value) -> Result<String> {
    Ok(match value {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Long(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.as_str().to_owned(),
        Value::DateTime(ticks) => time::show(*ticks),
        Value::Timespan(ticks) => time::show_span(*ticks),
        Value::Dynamic(json) => shown(json),
        Value::Several => return value.as_text().map(|text| text.as_str().to_owned()),
    })
}

/// What a text says, by a strict reader; an error where a lenient one may read it.
fn read(text: &str, strict: impl Fn(&str) -> Option<Value>, ty: Ty) -> Result<Value> {
    if let Some(value) = strict(text) {
        return Ok(value);
    }
    let trimmed = text.trim().trim_start_matches(['+', '-']);
    let plain = trimmed.to_ascii_lowercase().replace("e-", "e").replace("e+", "e");
    let decimal = plain.chars().all(|c| c.is_ascii_digit() || ".,_e".contains(c))
        && plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.contains(|c: char| c.is_ascii_digit())
        && plain.matches('.').count() <= 1
        && plain.matches('e').count() <= 1;
    let number_like = decimal || plain.starts_with("0x") || ["nan", "inf", "infinity"].contains(&plain.as_str());
    if number_like {
        return Err(EvalError::new(format!("whether `{text}` is a {} is not documented", ty.name())));
    }
    Ok(Value::Null)
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

fn long_of(value: &Value) -> Result<Value> {
    match value {
        Value::Long(_) | Value::Null => Ok(value.clone()),
        Value::Bool(truth) => Ok(Value::Long((*truth).into())),
        Value::Text(text) => {
            read(text.as_str(), |text| is_whole(text).then(|| text.parse().map_or(Value::Null, Value::Long)), Ty::Long)
        }
        Value::Dynamic(json) => match &**json {
            Json::Number(number) => match number.as_i64() {
                Some(number) => Ok(Value::Long(number)),
                None => Err(EvalError::new("a decimal number becomes a long")),
            },
            Json::String(text) => long_of(&Value::text(text)),
            Json::Bool(truth) => Ok(Value::Long((*truth).into())),
            _ => Ok(Value::Null),
        },
        _ => Err(EvalError::new("only texts, truths and whole numbers become longs")),
    }
}

fn real_of(value: &Value) -> Result<Value> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Long(_) | Value::Real(_) => Ok(value.as_real().map_or(Value::Null, Value::Real)),
        Value::Text(text) => read(
            text.as_str(),
            |text| {
                let number = rulecast_ir::Scalar::Text(text.to_owned()).number();
                number.filter(|number| !text.starts_with('+') && number.is_finite()).map(Value::Real)
            },
            Ty::Real,
        ),
        Value::Dynamic(json) => match &**json {
            Json::Number(number) => Ok(number.as_f64().map_or(Value::Null, Value::Real)),
            Json::String(text) => real_of(&Value::text(text)),
            Json::Bool(_) => Err(EvalError::new("a truth becomes a real")),
            _ => Ok(Value::Null),
        },
        _ => Err(EvalError::new("only texts and numbers become reals")),
    }
}

fn truth_of(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::Bool(_) => Ok(value.clone()),
        Value::Long(number) => Ok(Value::Bool(*number != 0)),
        Value::Text(text) => match text.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            text if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
                Err(EvalError::new(format!("whether `{text}` is a bool is not documented")))
            }
            text => read(text, |_| None, Ty::Bool),
        },
        Value::Dynamic(json) => match &**json {
            Json::Bool(truth) => Ok(Value::Bool(*truth)),
            Json::Number(number) => Ok(number.as_i64().map_or(Value::Null, |number| Value::Bool(number != 0))),
            Json::String(text) => truth_of(&Value::text(text)),
            _ => Ok(Value::Null),
        },
        _ => Err(EvalError::new("only texts, truths and whole numbers become bools")),
    }
}

fn time_of(value: &Value) -> Result<Value> {
    match value {
        Value::Null | Value::DateTime(_) => Ok(value.clone()),
        Value::Text(text) => match time::parse(text.as_str()) {
            Some(ticks) => Ok(Value::DateTime(ticks)),
            None if text.as_str().contains(|c: char| c.is_ascii_digit()) => {
                Err(EvalError::new(format!("whether `{}` is a datetime is not known", text.as_str())))
            }
            None => Ok(Value::Null),
        },
        Value::Dynamic(json) => match &**json {
            Json::String(text) => time_of(&Value::text(text)),
            _ => Ok(Value::Null),
        },
        _ => Err(EvalError::new("only texts become datetimes")),
    }
}
