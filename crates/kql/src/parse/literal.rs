//! Names and literals.
//!
//! Sources: the reference's pages on the data types and on entity names. An escape that these do not name is refused, as
//! Microsoft's parser refuses it.

use super::error::fail;
use super::grammar::Rule;
use super::{ParseError, Result};
use crate::ast::{Expr, ScalarType};
use crate::{quote, time};
use pest::iterators::Pair;
use rulecast_ir::Name;

/// A table or column.
pub(super) fn name(pair: Pair<'_, Rule>) -> Result<Name> {
    let inner = pair.into_inner().next().expect("a name is quoted or a word");
    match inner.as_rule() {
        Rule::quoted_name => {
            let literal = inner.into_inner().next().expect("a quoted name holds a literal");
            Ok(one_text(&literal)?.into())
        }
        _ if quote::is_plain(inner.as_str()) => Ok(inner.as_str().into()),
        _ => fail(&inner, format!("`{0}` is a reserved word; as a name it is written ['{0}']", inner.as_str())),
    }
}

/// A list of names.
pub(super) fn names(pair: Pair<'_, Rule>) -> Result<Vec<Name>> {
    super::children(pair, Rule::name).map(name).collect()
}

/// A text of one literal or several.
pub(super) fn text(pair: Pair<'_, Rule>) -> Result<String> {
    let mut all = String::new();
    for literal in pair.into_inner() {
        all.push_str(&one_text(&literal)?);
    }
    Ok(all)
}

fn one_text(literal: &Pair<'_, Rule>) -> Result<String> {
    let written = literal.as_str().trim_start_matches(['h', 'H']);
    let within = |open: usize, close: usize| &written[open..written.len() - close];
    match literal.as_rule() {
        Rule::verbatim_double => Ok(within(2, 1).replace("\"\"", "\"")),
        Rule::verbatim_single => Ok(within(2, 1).replace("''", "'")),
        Rule::fenced => Ok(within(3, 3).to_owned()),
        _ => unescape(literal, within(1, 1)),
    }
}

fn unescape(literal: &Pair<'_, Rule>, written: &str) -> Result<String> {
    let mut out = String::with_capacity(written.len());
    let mut units = Vec::new();
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next();
        out.push(match escape {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(c @ ('\\' | '"' | '\'')) => c,
            Some('u') => {
                units.clear();
                units.extend(unit(&mut chars));
                if matches!(units.first(), Some(0xd800..=0xdbff)) && chars.as_str().starts_with("\\u") {
                    chars.nth(1);
                    units.extend(unit(&mut chars));
                }
                match char::decode_utf16(units.iter().copied()).collect::<std::result::Result<Vec<_>, _>>() {
                    Ok(decoded) if decoded.len() == 1 => decoded[0],
                    _ => return fail(literal, r"`\u` takes the four hexadecimal digits of a character"),
                }
            }
            _ => {
                let escape = escape.map(String::from).unwrap_or_default();
                return fail(literal, format!(r#"unknown escape `\{escape}`; in @"…" a backslash stands for itself"#));
            }
        });
    }
    Ok(out)
}

fn unit(chars: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = chars.as_str().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    let unit = u16::from_str_radix(digits, 16).ok();
    chars.nth(3);
    unit
}

/// A type by its name.
pub(super) fn scalar_type(pair: &Pair<'_, Rule>) -> Result<ScalarType> {
    Ok(match pair.as_str() {
        "boolean" => ScalarType::Bool,
        "date" => ScalarType::DateTime,
        "double" => ScalarType::Real,
        "time" => ScalarType::Timespan,
        name => match ScalarType::ALL.into_iter().find(|ty| ty.text() == name) {
            Some(ty) => ty,
            None => return fail(pair, format!("the type `{name}` is not read")),
        },
    })
}

/// `type(value)`.
pub(super) fn typed(pair: Pair<'_, Rule>) -> Result<Expr> {
    let mut inner = pair.clone().into_inner();
    let name = inner.next().expect("a typed literal names its type");
    let ty = scalar_type(&name)?;
    let written = inner.next().expect("a typed literal has a value").as_str().trim();
    if written == "null" {
        return Ok(Expr::Null(ty));
    }
    let value = match ty {
        ScalarType::Bool => match written {
            "true" | "1" => Some(Expr::Bool(true)),
            "false" | "0" => Some(Expr::Bool(false)),
            _ => None,
        },
        ScalarType::DateTime => time::parse(written).map(Expr::DateTime),
        ScalarType::Timespan => time::parse_span(written).map(span),
        ScalarType::Int => written.parse::<i32>().ok().map(|number| Expr::Long(number.into())),
        ScalarType::Long => written.parse().ok().map(Expr::Long),
        ScalarType::Real => written.parse().ok().filter(|number: &f64| number.is_finite()).map(Expr::Real),
        ScalarType::Dynamic | ScalarType::String => None,
    };
    value.ok_or_else(|| ParseError::on(&pair, format!("not a value of the type `{}`", ty.text())))
}

/// `30s`.
pub(super) fn timespan(pair: &Pair<'_, Rule>) -> Result<Expr> {
    match time::parse_span(pair.as_str()) {
        Some(ticks) => Ok(span(ticks)),
        None => fail(pair, "not a length of time; the units are d, h, m, s, ms, microsecond and tick"),
    }
}

fn span(ticks: i64) -> Expr {
    match u64::try_from(ticks) {
        Ok(ticks) if ticks % 10_000_000 == 0 => Expr::Timespan(ticks / 10_000_000),
        _ => Expr::Ticks(ticks),
    }
}

/// What `dynamic(…)` holds.
pub(super) fn json(pair: Pair<'_, Rule>) -> Result<serde_json::Value> {
    use serde_json::Value;
    let inner = pair.into_inner().next().expect("a JSON value is of some kind");
    Ok(match inner.as_rule() {
        Rule::json_null => Value::Null,
        Rule::boolean => Value::Bool(inner.as_str() == "true"),
        Rule::text => Value::String(text(inner)?),
        Rule::json_list => Value::Array(super::children(inner, Rule::json).map(json).collect::<Result<_>>()?),
        Rule::json_bag => {
            let mut members = serde_json::Map::new();
            for member in inner.into_inner() {
                let mut parts = member.into_inner();
                let name = text(parts.next().expect("a member has a name"))?;
                members.insert(name, json(parts.next().expect("a member has a value"))?);
            }
            Value::Object(members)
        }
        _ => match inner.as_str().parse() {
            Ok(number) => Value::Number(number),
            Err(_) => return fail(&inner, "not a number that JSON can hold"),
        },
    })
}
