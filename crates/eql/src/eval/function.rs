//! The values of expressions.
//!
//! Positions and lengths count UTF-16 units, as Java does. Where the reference and Java's arithmetic disagree (a negative
//! quotient that is not whole, a remainder of decimals), where a function fails, and where case is ignored beyond ASCII,
//! the result is an error.
//!
//! Source: the EQL function reference.

use super::EvalError;
use super::address;
use crate::ast::{Arithmetic, Expression};
use ipnet::IpNet;
use rulecast_ir::Number;

/// What an expression is worth.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
}

type Result<T> = std::result::Result<T, EvalError>;

/// Functions, and those that take `~`.
const FUNCTIONS: &[(&str, bool)] = &[
    ("add", false),
    ("between", true),
    ("cidrMatch", false),
    ("concat", false),
    ("divide", false),
    ("endsWith", true),
    ("indexOf", true),
    ("length", false),
    ("modulo", false),
    ("multiply", false),
    ("number", false),
    ("startsWith", true),
    ("string", false),
    ("stringContains", true),
    ("substring", false),
    ("subtract", false),
];

/// Refuses a function that there is not.
pub(super) fn known(function: &str, caseless: bool) -> Result<()> {
    match FUNCTIONS.iter().find(|(name, _)| *name == function) {
        Some((_, folds)) if *folds || !caseless => Ok(()),
        Some(_) => EvalError::unsupported(format!("`{function}~`: case means nothing to it")),
        None => EvalError::unsupported(format!("the function `{function}`")),
    }
}

/// The value of an expression, given those of the fields in it.
pub(super) fn value(expression: &Expression, bound: &[(&str, Value)]) -> Result<Value> {
    Ok(match expression {
        Expression::Null => Value::Null,
        Expression::Bool(value) => Value::Bool(*value),
        Expression::Number(number) => Value::Number(*number),
        Expression::Text(text) => Value::Text(text.clone()),
        Expression::Field(key) => {
            let found = bound.iter().find(|(name, _)| *name == &*key.field);
            found.map_or(Value::Null, |(_, value)| value.clone())
        }
        Expression::Minus(inner) => {
            arithmetic(Arithmetic::Subtract, &Value::Number(Number::Integer(0)), &value(inner, bound)?)?
        }
        Expression::Arithmetic { left, operator, right } => {
            arithmetic(*operator, &value(left, bound)?, &value(right, bound)?)?
        }
        Expression::Call { function, caseless, arguments } => {
            let values = arguments.iter().map(|argument| value(argument, bound)).collect::<Result<Vec<_>>>()?;
            call(function, *caseless, &values)?
        }
    })
}

fn call(function: &str, caseless: bool, arguments: &[Value]) -> Result<Value> {
    let wrong = || EvalError::invalid(format!("the arguments of `{function}`"));
    // A null makes every function null, but `number` takes it for its base.
    if arguments.iter().enumerate().any(|(at, value)| *value == Value::Null && !(function == "number" && at == 1)) {
        return Ok(Value::Null);
    }
    let fold = |text: &str| folded(text, caseless);
    Ok(match (function, arguments) {
        ("add", [left, right]) => arithmetic(Arithmetic::Add, left, right)?,
        ("subtract", [left, right]) => arithmetic(Arithmetic::Subtract, left, right)?,
        ("multiply", [left, right]) => arithmetic(Arithmetic::Multiply, left, right)?,
        ("divide", [left, right]) => arithmetic(Arithmetic::Divide, left, right)?,
        ("modulo", [left, right]) => arithmetic(Arithmetic::Modulo, left, right)?,
        ("startsWith", [Value::Text(text), Value::Text(part)]) => Value::Bool(fold(text)?.starts_with(&fold(part)?)),
        ("endsWith", [Value::Text(text), Value::Text(part)]) => Value::Bool(fold(text)?.ends_with(&fold(part)?)),
        ("stringContains", [Value::Text(text), Value::Text(part)]) => {
            Value::Bool(!text.is_empty() && !part.is_empty() && fold(text)?.contains(&fold(part)?))
        }
        ("length", [Value::Text(text)]) => integer(text.encode_utf16().count()),
        ("string", [value]) => Value::Text(text(value)),
        ("concat", [_, ..]) => Value::Text(arguments.iter().map(text).collect()),
        ("substring", [Value::Text(text), Value::Number(Number::Integer(start)), rest @ ..]) => {
            let units: Vec<u16> = text.encode_utf16().collect();
            let end = match rest {
                [] => units.len(),
                [Value::Number(Number::Integer(end))] => position(*end, units.len()),
                _ => return wrong(),
            };
            let part = units.get(position(*start, units.len())..end).unwrap_or_default();
            Value::Text(String::from_utf16_lossy(part))
        }
        ("indexOf", [Value::Text(text), Value::Text(part), rest @ ..]) => {
            let start = match rest {
                [] => 0,
                [Value::Number(Number::Integer(start))] => usize::try_from(*start).unwrap_or(0),
                _ => return wrong(),
            };
            let (text, part): (Vec<u16>, Vec<u16>) =
                (fold(text)?.encode_utf16().collect(), fold(part)?.encode_utf16().collect());
            index_of(&text, &part, start).map_or(Value::Null, integer)
        }
        ("between", [Value::Text(text), Value::Text(left), Value::Text(right), rest @ ..]) => {
            let greedy = match rest {
                [] => false,
                [Value::Bool(greedy)] => *greedy,
                _ => return wrong(),
            };
            Value::Text(between(text, &fold(text)?, &fold(left)?, &fold(right)?, greedy).to_owned())
        }
        ("number", [Value::Text(text)] | [Value::Text(text), Value::Null]) => parsed(text, None)?,
        ("number", [Value::Text(text), Value::Number(Number::Integer(base))]) => parsed(text, Some(*base))?,
        ("cidrMatch", [Value::Text(text), networks @ ..]) if !networks.is_empty() => {
            let Some(bits) = address::parse(text) else {
                return EvalError::unsupported(format!("`cidrMatch` of `{text}`, which is no IP address"));
            };
            let mut inside = false;
            for network in networks {
                let Value::Text(network) = network else { return wrong() };
                let Ok(network) = network.parse::<IpNet>() else { return wrong() };
                inside |= address::range(&network).contains(&bits);
            }
            Value::Bool(inside)
        }
        _ => return wrong(),
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(Number::Integer(number)) => number.to_string(),
        Value::Number(Number::Decimal(number)) => format!("{number:?}"),
        Value::Text(text) => text.clone(),
    }
}

fn integer(number: usize) -> Value {
    Value::Number(Number::Integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn folded(text: &str, caseless: bool) -> Result<String> {
    match caseless {
        false => Ok(text.to_owned()),
        true if text.is_ascii() => Ok(text.to_ascii_lowercase()),
        true => EvalError::unsupported(format!("case beyond ASCII in `{text}`")),
    }
}

/// An offset, from the end if it is negative, within the text.
fn position(offset: i64, length: usize) -> usize {
    let distance = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    if offset < 0 { length.saturating_sub(distance) } else { distance.min(length) }
}

fn index_of(text: &[u16], part: &[u16], start: usize) -> Option<usize> {
    (start..=text.len()).find(|at| text[*at..].starts_with(part))
}

/// `folded`, `left` and `right` are in one case, `text` is not; ASCII folding keeps each byte in its place.
fn between<'a>(text: &'a str, folded: &str, left: &str, right: &str, greedy: bool) -> &'a str {
    let Some(start) = folded.find(left).map(|at| at + left.len()) else { return "" };
    let rest = &folded[start..];
    let end = if greedy { rest.rfind(right) } else { rest.find(right) };
    end.map_or("", |end| &text[start..start + end])
}

fn parsed(text: &str, base: Option<i64>) -> Result<Value> {
    let unread = || EvalError::unsupported(format!("`number` of `{text}`"));
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    if !digits.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) {
        return unread();
    }
    let sign = if negative { -1 } else { 1 };
    let whole = match (digits.strip_prefix("0x"), base) {
        (Some(hex), None | Some(16)) => i64::from_str_radix(hex, 16).ok(),
        (None, Some(base @ 2..=36)) => i64::from_str_radix(digits, u32::try_from(base).unwrap_or(10)).ok(),
        (None, None) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
        (None, None) => {
            let decimal = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            return match digits.parse::<f64>() {
                Ok(number) if decimal => Ok(Value::Number(Number::Decimal(if negative { -number } else { number }))),
                _ => unread(),
            };
        }
        _ => None,
    };
    whole.map_or_else(unread, |number| Ok(Value::Number(Number::Integer(sign * number))))
}

fn arithmetic(operator: Arithmetic, left: &Value, right: &Value) -> Result<Value> {
    let unclear = || EvalError::unsupported("a quotient, a remainder or an overflow that the reference does not tell");
    let number = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(Value::Null),
        (Value::Number(Number::Integer(left)), Value::Number(Number::Integer(right))) => {
            let result = match operator {
                Arithmetic::Add => left.checked_add(*right),
                Arithmetic::Subtract => left.checked_sub(*right),
                Arithmetic::Multiply => left.checked_mul(*right),
                // Rounded down, says the reference; Java rounds to 0.
                Arithmetic::Divide => {
                    left.checked_div(*right).filter(|quotient| quotient * right == *left || (*left < 0) == (*right < 0))
                }
                Arithmetic::Modulo => left.checked_rem(*right),
            };
            result.map(Number::Integer)
        }
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (decimal(*left), decimal(*right));
            let result = match operator {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                Arithmetic::Multiply => left * right,
                Arithmetic::Divide => left / right,
                Arithmetic::Modulo => f64::NAN,
            };
            result.is_finite().then_some(Number::Decimal(result))
        }
        _ => return EvalError::invalid("arithmetic on what is no number"),
    };
    number.map_or_else(unclear, |number| Ok(Value::Number(number)))
}

#[expect(clippy::cast_precision_loss, reason = "arithmetic with a decimal is that of decimals")]
fn decimal(number: Number) -> f64 {
    match number {
        Number::Integer(number) => number as f64,
        Number::Decimal(number) => number,
    }
}
