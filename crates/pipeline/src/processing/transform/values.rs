//! Transformations of values.

use super::fields::snake_case;
use super::items::{self, Fate, fails};
use super::{Doing, Draftable};
use crate::processing::context::is_null;
use crate::processing::plain::{Plain, Replacement, written};
use crate::processing::read::{Map, invalid, scalar, shown};
use rulecast_diagnostics::Spanned;
use rulecast_ir::draft::DraftItem;
use rulecast_ir::regex::{Regex, RegexFlags};
use rulecast_ir::{Case, Comparison, Number, Part, Pattern, Sigma, Test};
use rulecast_rule::ast::{Node, Value};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// A transformation of values.
#[derive(Debug)]
pub(in crate::processing) enum Values {
    /// `replace_string`.
    Replace { regex: regex::Regex, replacement: Replacement, literals: Option<Literals> },
    /// `map_string`.
    Map(HashMap<String, Vec<Pattern>>),
    /// `regex`.
    ToRegex(Method),
    /// `set_value`.
    Set(Test<Sigma>),
    /// `convert_type`.
    Convert(Type),
    /// `case`.
    Case(Letters),
}

/// How `skip_special` replaces in literal parts alone.
#[derive(Clone, Copy, Debug)]
pub(in crate::processing) enum Literals {
    /// Wildcards in the result are text.
    Plain,
    /// `interpret_special`: they are wildcards.
    Interpreted,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::processing) enum Method {
    Brackets,
    Flag,
    Plain,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::processing) enum Type {
    Text,
    Number,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::processing) enum Letters {
    Lower,
    Upper,
    Snake,
}

impl Values {
    pub(super) fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        Some(match name {
            "replace_string" => {
                let regex = map.regex("regex");
                let written = map.required_text("replacement");
                let skip = map.flag("skip_special");
                let interpret = map.flag("interpret_special");
                let (regex, written) = (regex?, written?);
                let literals = match (skip, interpret) {
                    (false, _) => None,
                    (true, false) => Some(Literals::Plain),
                    (true, true) => Some(Literals::Interpreted),
                };
                match Replacement::parse(&written, &regex) {
                    Ok(replacement) => Values::Replace { regex, replacement, literals },
                    Err(message) => {
                        map.problems.push(invalid(written.span, message));
                        return None;
                    }
                }
            }
            "map_string" => {
                let entries = map.entries("mapping");
                let read = |(from, to): (Spanned<String>, Spanned<Node>)| {
                    let to = map.as_texts("mapping", to);
                    (from.node, to.iter().map(|to| Pattern::parse(to)).collect())
                };
                Values::Map(entries.into_iter().map(read).collect())
            }
            "regex" => Values::ToRegex(map.one_of(
                "method",
                &[
                    ("ignore_case_brackets", Method::Brackets),
                    ("ignore_case_flag", Method::Flag),
                    ("plain", Method::Plain),
                ],
            )),
            "set_value" => {
                let node = map.required("value");
                let force =
                    map.one_of("force_type", &[("", None), ("str", Some(Type::Text)), ("num", Some(Type::Number))]);
                let node = node?;
                let test = scalar(&node).and_then(|value| constant(value, force));
                if test.is_none() {
                    map.problems.push(invalid(node.span, "the value is not of that type"));
                }
                Values::Set(test?)
            }
            "convert_type" => {
                let kind = map.required_text("target_type")?;
                Values::Convert(map.word("target_type", &kind, &[("str", Type::Text), ("num", Type::Number)])?)
            }
            _ => Values::Case(map.one_of(
                "method",
                &[("lower", Letters::Lower), ("upper", Letters::Upper), ("snake_case", Letters::Snake)],
            )),
        })
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        items::each(draft, doing, |item, doing| self.item(item, doing));
    }

    fn item(&self, item: &mut DraftItem, doing: &mut Doing<'_, '_>) -> Fate {
        let mut changed = false;
        if let Values::Set(test) = self {
            // All values are now one; a list of it would say the same twice.
            item.values.truncate(1);
            for value in &mut item.values {
                value.tests = vec![test.clone()];
            }
            return Fate::Changed;
        }
        let mut values = std::mem::take(&mut item.values);
        for value in &mut values {
            if is_null(item, value) {
                continue;
            }
            let span = value.span;
            let mut tests = Vec::with_capacity(value.tests.len());
            for test in std::mem::take(&mut value.tests) {
                match self.test(&test) {
                    Ok(None) => tests.push(test),
                    Ok(Some(new)) => {
                        changed = true;
                        tests.extend(new);
                    }
                    Err(message) => {
                        fails(span, doing, message, "this value");
                        tests.push(test);
                    }
                }
            }
            value.tests = tests;
        }
        item.values = values;
        if changed { Fate::Changed } else { Fate::Kept }
    }

    /// What a test becomes; none if the transformation is not about it.
    fn test(&self, test: &Test<Sigma>) -> Result<Option<Vec<Test<Sigma>>>, String> {
        let text = |pattern: Pattern, case: Case| Some(vec![Test::Text { pattern, case }]);
        Ok(match (self, test) {
            (Values::Replace { regex, replacement, literals }, Test::Text { pattern, case }) => {
                let replaced = match literals {
                    None => Plain::of(pattern).replace(regex, replacement),
                    Some(literals) => Some(in_literals(pattern, regex, replacement, *literals)),
                };
                replaced.and_then(|pattern| text(pattern, *case))
            }
            (Values::Replace { regex, replacement, .. }, Test::Number { comparison: Comparison::Equal, number }) => {
                let pattern = Pattern::literal(number.to_string());
                let replaced = Plain::of(&pattern).replace(regex, replacement);
                replaced.and_then(|pattern| text(pattern, Case::Insensitive))
            }
            (Values::Map(mapping), Test::Text { pattern, case }) => {
                let to = mapping.get(Plain::of(pattern).text());
                to.map(|to| to.iter().map(|to| Test::Text { pattern: to.clone(), case: *case }).collect())
            }
            (Values::ToRegex(method), Test::Text { pattern, .. }) => {
                if let Some(name) = pattern.placeholder() {
                    return Err(format!("the placeholder `%{name}%` cannot become part of a regex"));
                }
                // The empty text stays: a regex of nothing would match anything.
                if pattern.parts().is_empty() { None } else { Some(vec![Test::Regex(method.of(pattern)?)]) }
            }
            (Values::Convert(Type::Text), Test::Number { comparison: Comparison::Equal, number }) => {
                text(Pattern::literal(number.to_string()), Case::Insensitive)
            }
            (Values::Convert(Type::Number), Test::Text { pattern, .. }) => {
                let number = pattern.as_literal().and_then(number);
                let number = number.ok_or_else(|| format!("`{}` is no number", Plain::of(pattern).text()))?;
                Some(vec![Test::Number { comparison: Comparison::Equal, number }])
            }
            (Values::Case(letters), Test::Text { pattern, case }) => {
                let parts = pattern.parts().iter().map(|part| match part {
                    Part::Literal(text) => Part::Literal(match letters {
                        Letters::Lower => text.to_lowercase(),
                        Letters::Upper => text.to_uppercase(),
                        Letters::Snake => snake_case(text),
                    }),
                    other => other.clone(),
                });
                text(Pattern::from_parts(parts), *case)
            }
            _ => None,
        })
    }
}

/// A replacement in the literal parts, one by one.
fn in_literals(pattern: &Pattern, regex: &regex::Regex, replacement: &Replacement, literals: Literals) -> Pattern {
    let mut replaced = Pattern::default();
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => {
                let text = replacement.replace_all(regex, text);
                match literals {
                    Literals::Plain => replaced.push(Part::Literal(text)),
                    Literals::Interpreted => written(&text).parts().iter().for_each(|part| replaced.push(part.clone())),
                }
            }
            other => replaced.push(other.clone()),
        }
    }
    replaced
}

/// The number that a text is.
fn number(text: &str) -> Option<Number> {
    let whole = text.parse().map(Number::Integer).ok();
    whole.or_else(|| text.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Decimal))
}

/// The test of a value that a pipeline gives.
pub(super) fn constant(value: &Value, force: Option<Type>) -> Option<Test<Sigma>> {
    let text = |text: &str| Test::Text { pattern: Pattern::parse(text), case: Case::Insensitive };
    let equal = |number| Test::Number { comparison: Comparison::Equal, number };
    match (value, force) {
        (Value::Null, None) => Some(Test::Exists(false)),
        (Value::Null | Value::Boolean(_), Some(_)) => None,
        (Value::Text(word), Some(Type::Number)) => number(word).map(equal),
        (Value::Integer(number), None | Some(Type::Number)) => Some(equal(Number::Integer(*number))),
        (Value::Float(number), None | Some(Type::Number)) => Some(equal(Number::Decimal(*number))),
        (value, None | Some(Type::Text)) => Some(text(&shown(value))),
    }
}

impl Method {
    /// The regex that matches what the pattern does.
    fn of(self, pattern: &Pattern) -> Result<Arc<Regex>, String> {
        let parts = pattern.parts();
        let (mut inner, mut text) = (parts, String::new());
        // A regex is found anywhere: a wildcard at an end says nothing.
        match inner {
            [Part::AnyRun, rest @ ..] => inner = rest,
            _ => text.push('^'),
        }
        let open = match inner {
            [rest @ .., Part::AnyRun] => {
                inner = rest;
                true
            }
            _ => parts == [Part::AnyRun],
        };
        for part in inner {
            match part {
                Part::AnyRun => text.push_str(".*"),
                Part::AnyOne => text.push('.'),
                Part::Placeholder(_) => {}
                Part::Literal(literal) => match self {
                    Method::Brackets => literal.chars().for_each(|c| {
                        if c.is_ascii_alphabetic() {
                            let _ = write!(text, "[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase());
                        } else {
                            text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
                        }
                    }),
                    Method::Flag | Method::Plain => text.push_str(&regex::escape(literal)),
                },
            }
        }
        if !open {
            text.push('$');
        }
        let ignore_case = matches!(self, Method::Flag);
        // A wildcard stands for line breaks too.
        let flags = RegexFlags { ignore_case, dot_all: true, ..RegexFlags::default() };
        Regex::parse(&text, flags).map(Arc::new).map_err(|error| error.message)
    }
}
