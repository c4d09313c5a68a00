//! Nodes as the types that attributes have.

use super::Decoder;
use crate::ast::Value;
use crate::scalar::resolve;
use crate::suggest::closest;
use crate::yaml::{Data, Entry, Key, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

const NUMBER: &str = "a number";
const TRUTH_VALUE: &str = "a truth value";

impl Decoder<'_> {
    /// Text: a scalar that is no number, truth value or null.
    pub(super) fn text(&mut self, what: &str, yaml: Yaml) -> Option<Spanned<String>> {
        match as_text(yaml) {
            Ok(text) => Some(text),
            Err(found) => self.refuse_as_text(what, &found),
        }
    }

    /// Text, where anything else is the problem `name`.
    pub(super) fn text_or(
        &mut self,
        name: &'static str,
        what: &str,
        expected: impl Fn() -> String,
        yaml: Yaml,
    ) -> Option<Spanned<String>> {
        match as_text(yaml) {
            Ok(text) => Some(text),
            Err(found) => {
                let message = format!("{what} is {}", found.node);
                self.refuse(Diagnostic::error(name, found.span, message).label(expected()))
            }
        }
    }

    fn refuse_as_text<T>(&mut self, what: &str, found: &Spanned<&'static str>) -> Option<T> {
        let span = found.span;
        let diagnostic = wrong_type(what, "text", found.node, span);
        let spelling = &self.text[span.start as usize..span.end as usize];
        self.refuse(if matches!(found.node, NUMBER | TRUTH_VALUE) {
            diagnostic.help(format!("quote it: `'{spelling}'`"))
        } else {
            diagnostic
        })
    }

    /// Text that is not empty.
    pub(super) fn word(&mut self, what: &str, yaml: Yaml) -> Option<Spanned<String>> {
        let text = self.text(what, yaml)?;
        if text.trim().is_empty() {
            return self.refuse(Diagnostic::error("empty-value", text.span, format!("{what} is empty")));
        }
        Some(text)
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, what: &str, yaml: Yaml) -> Vec<Spanned<String>> {
        let Some(items) = self.list(what, yaml) else { return Vec::new() };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match as_text(item) {
                Ok(text) => texts.push(text),
                Err(found) => drop(self.refuse_as_text::<()>(&format!("entry of {what}"), &found)),
            }
        }
        texts
    }

    /// A list of texts, or one text.
    pub(super) fn one_or_more_texts(&mut self, what: &str, yaml: Yaml) -> Vec<Spanned<String>> {
        match yaml.data() {
            Data::List(_) => self.texts(what, yaml),
            _ => self.text(what, yaml).into_iter().collect(),
        }
    }

    /// A list.
    pub(super) fn list(&mut self, what: &str, yaml: Yaml) -> Option<Vec<Yaml>> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::List(items) => Some(items),
            data => {
                let is_text = matches!(data, Data::Scalar(_));
                let diagnostic = wrong_type(what, "a list", kind(&data), span);
                self.refuse(if is_text { diagnostic.help("start each entry with `- `") } else { diagnostic })
            }
        }
    }

    /// A mapping.
    pub(super) fn map(&mut self, what: &str, yaml: Yaml) -> Option<Vec<Entry>> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::Map(entries) => Some(entries),
            data => self.refuse(wrong_type(what, "a mapping", kind(&data), span)),
        }
    }

    /// A scalar, resolved.
    pub(super) fn value(&mut self, what: &str, expected: &str, yaml: Yaml) -> Option<Spanned<Value>> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::Scalar(scalar) => Some(Spanned::new(resolve(scalar), span)),
            data => self.refuse(wrong_type(what, expected, kind(&data), span)),
        }
    }

    /// A whole number in `range`.
    pub(super) fn integer(
        &mut self,
        what: &str,
        range: std::ops::RangeInclusive<i64>,
        yaml: Yaml,
    ) -> Option<Spanned<i64>> {
        let value = self.value(what, "a whole number", yaml)?;
        let Value::Integer(number) = value.node else {
            let diagnostic = wrong_type(what, "a whole number", kind_of(&value), value.span);
            let is_quoted = matches!(&value.node, Value::Text(text) if text.parse::<i64>().is_ok());
            return self.refuse(if is_quoted { diagnostic.help("remove the quotes") } else { diagnostic });
        };
        if !range.contains(&number) {
            let message = format!("{what} is out of range: `{number}`");
            let expected = match (range.start(), range.end()) {
                (start, end) if *end >= i64::from(u32::MAX) => format!("expected {start} or more"),
                (start, end) => format!("expected {start} to {end}"),
            };
            return self.refuse(Diagnostic::error("out-of-range", value.span, message).label(expected));
        }
        Some(Spanned::new(number, value.span))
    }

    /// A number, whole or decimal.
    pub(super) fn number(&mut self, what: &str, yaml: Yaml) -> Option<Spanned<f64>> {
        let value = self.value(what, "a number", yaml)?;
        match value.node {
            #[expect(clippy::cast_precision_loss, reason = "thresholds are far below 2^53")]
            Value::Integer(number) => Some(Spanned::new(number as f64, value.span)),
            Value::Float(number) => Some(Spanned::new(number, value.span)),
            ref other => {
                let diagnostic = wrong_type(what, "a number", kind_of(other), value.span);
                let is_quoted = matches!(other, Value::Text(text) if text.parse::<f64>().is_ok());
                self.refuse(if is_quoted { diagnostic.help("remove the quotes") } else { diagnostic })
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, what: &str, yaml: Yaml) -> Option<Spanned<bool>> {
        let value = self.value(what, "`true` or `false`", yaml)?;
        match value.node {
            Value::Boolean(boolean) => Some(Spanned::new(boolean, value.span)),
            ref other => self.refuse(wrong_type(what, "`true` or `false`", kind_of(other), value.span)),
        }
    }

    /// One of a closed set of words. Another case is taken, with a warning.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        name: &'static str,
        what: &str,
        yaml: Yaml,
        all: &'static [T],
        spell: fn(T) -> &'static str,
    ) -> Option<Spanned<T>> {
        let words = || all.iter().map(|one| spell(*one));
        let expected = || format!("expected {}", alternatives(words()));
        let text = self.text_or(name, what, expected, yaml)?;
        let find = |word: &str| all.iter().copied().find(|one| spell(*one) == word);
        if let Some(found) = find(&text) {
            return Some(Spanned::new(found, text.span));
        }
        let lower = text.to_ascii_lowercase();
        if let Some(found) = find(&lower) {
            let message = format!("{what} `{}` is not in lower case", text.node);
            let fix = self.respell(text.span, &text.node, &lower);
            let problem = Diagnostic::warning(name, text.span, message).help(format!("write `{lower}`"));
            self.problems.push(Diagnostic { fix, ..problem });
            return Some(Spanned::new(found, text.span));
        }
        let diagnostic =
            Diagnostic::error(name, text.span, format!("unknown {what} `{}`", text.node)).label(expected());
        self.refuse(match closest(&text, words()) {
            Some(suggestion) => diagnostic.help(format!("did you mean `{suggestion}`?")),
            None => diagnostic,
        })
    }

    /// Reports a key that a mapping of ours does not have.
    pub(super) fn unknown_key(&mut self, what: &str, key: &Key, known: &[&'static str]) {
        let diagnostic = Diagnostic::error("unknown-key", key.span, format!("unknown key `{}` in {what}", key.text));
        self.problems.push(match closest(&key.text, known.iter().copied()) {
            Some(suggestion) => diagnostic.label("not a key here").help(format!("did you mean `{suggestion}`?")),
            None => diagnostic.label(format!("expected {}", alternatives(known.iter().copied()))),
        });
    }

    /// Reports a key that a mapping must have, at the mapping; passes on the value if there is one.
    pub(super) fn required<T>(
        &mut self,
        what: &str,
        key: &str,
        at: Span,
        was_written: bool,
        value: Option<T>,
    ) -> Option<T> {
        if value.is_none() && !was_written {
            let message = format!("{what} has no `{key}`");
            let at = self.first_line(at);
            self.problems.push(Diagnostic::error("missing-key", at, message).help(format!("add `{key}`")));
        }
        value
    }
}

/// The text that a node is; else the kind of node it is, in words.
fn as_text(yaml: Yaml) -> Result<Spanned<String>, Spanned<&'static str>> {
    let span = yaml.span;
    match yaml.into_data() {
        Data::Scalar(scalar) => match resolve(scalar) {
            Value::Text(text) => Ok(Spanned::new(text, span)),
            value => Err(Spanned::new(kind_of(&value), span)),
        },
        data => Err(Spanned::new(kind(&data), span)),
    }
}

/// `a`, `b` or `c`.
pub(super) fn alternatives<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn wrong_type(what: &str, expected: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong-type", span, format!("{what} is {found}")).label(format!("expected {expected}"))
}

/// The kind of a node, in words.
pub(super) fn kind(data: &Data) -> &'static str {
    match data {
        Data::Scalar(scalar) if scalar.is_null() => "empty",
        Data::Scalar(_) => "a single value",
        Data::List(_) => "a list",
        Data::Map(_) => "a mapping",
        Data::Shared(shared) => kind(shared.data()),
    }
}

/// The kind of a value, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Text(_) => "text",
        Value::Integer(_) | Value::Float(_) => NUMBER,
        Value::Boolean(_) => TRUTH_VALUE,
        Value::Null => "empty",
    }
}
