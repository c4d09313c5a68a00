//! What a scalar stands for: text, a number, a truth value, or nothing.
//!
//! See [`Value`] for the rule, and for where it leaves YAML's.

use crate::ast::{Node, Value};
use crate::yaml::{Data, Scalar, Style, Yaml};
use rulecast_diagnostics::Spanned;

/// Resolves a scalar by its text and style.
pub(crate) fn resolve(scalar: Scalar) -> Value {
    if scalar.style != Style::Plain {
        return Value::Text(scalar.text);
    }
    if scalar.is_null() {
        return Value::Null;
    }
    match &*scalar.text {
        "true" | "True" | "TRUE" => return Value::Boolean(true),
        "false" | "False" | "FALSE" => return Value::Boolean(false),
        _ => {}
    }
    number(&scalar.text).unwrap_or(Value::Text(scalar.text))
}

/// The number that YAML 1.1 and 1.2 both read from `text`, without leading zeros or exponents.
fn number(text: &str) -> Option<Value> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(hex) = text.strip_prefix("0x") {
        // `from_str_radix` would take a sign.
        return hex
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then(|| i64::from_str_radix(hex, 16).ok())?
            .map(Value::Integer);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let leads_with_zero = |whole: &str| whole.len() > 1 && whole.starts_with('0');
    match unsigned.split_once('.') {
        None if is_digits(unsigned) && !leads_with_zero(unsigned) => text.parse().ok().map(Value::Integer),
        Some((whole, fraction))
            if is_digits(fraction) && (whole.is_empty() || is_digits(whole)) && !leads_with_zero(whole) =>
        {
            text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float)
        }
        _ => None,
    }
}

/// A node of free shape, with its scalars resolved.
pub(crate) fn into_node(yaml: Yaml) -> Spanned<Node> {
    let span = yaml.span;
    let node = match yaml.into_data() {
        Data::Scalar(scalar) => Node::Scalar(resolve(scalar)),
        Data::List(items) => Node::List(items.into_iter().map(into_node).collect()),
        Data::Map(entries) => Node::Map(
            entries
                .into_iter()
                .map(|entry| (Spanned::new(entry.key.text, entry.key.span), into_node(entry.value)))
                .collect(),
        ),
        Data::Shared(_) => unreachable!("`into_data` looks through anchors"),
    };
    Spanned::new(node, span)
}
