//! Nodes as the types that attributes have.

use super::Decoder;
use crate::ast::Value;
use crate::scalar::resolve;
use crate::suggest::closest;
use crate::yaml::{Data, Entry, Key, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

impl Decoder<'_> {
    /// Text: a scalar that is no number, truth value or null.
    pub(super) fn text(&mut self, what: &str, yaml: Yaml) -> Option<Spanned<String>> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::Scalar(scalar) => {
                let spelling = (!scalar.text.is_empty()).then(|| scalar.text.clone());
                match resolve(scalar) {
                    Value::Text(text) => Some(Spanned::new(text, span)),
                    value => {
                        let diagnostic = wrong_type(what, "text", kind_of(&value), span);
                        self.refuse(match spelling {
                            Some(spelling) if value != Value::Null => {
                                diagnostic.help(format!("quote it: `'{spelling}'`"))
                            }
                            _ => diagnostic,
                        })
                    }
                }
            }
            data => self.refuse(wrong_type(what, "text", kind(&data), span)),
        }
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
        let item = format!("entry of {what}");
        items.into_iter().filter_map(|item_yaml| self.text(&item, item_yaml)).collect()
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
            return self.refuse(wrong_type(what, "a whole number", kind_of(&value), value.span));
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
        let text = self.text(what, yaml)?;
        let find = |word: &str| all.iter().copied().find(|one| spell(*one) == word);
        if let Some(found) = find(&text) {
            return Some(Spanned::new(found, text.span));
        }
        let lower = text.to_ascii_lowercase();
        if let Some(found) = find(&lower) {
            let message = format!("{what} `{}` is not in lower case", text.node);
            self.diagnostics.push(Diagnostic::warning(name, text.span, message).help(format!("write `{lower}`")));
            return Some(Spanned::new(found, text.span));
        }
        let words = || all.iter().map(|one| spell(*one));
        let diagnostic = Diagnostic::error(name, text.span, format!("unknown {what} `{}`", text.node))
            .label(format!("expected {}", alternatives(words())));
        self.refuse(match closest(&text, words()) {
            Some(suggestion) => diagnostic.help(format!("did you mean `{suggestion}`?")),
            None => diagnostic,
        })
    }

    /// Reports a key that a mapping of ours does not have.
    pub(super) fn unknown_key(&mut self, what: &str, key: &Key, known: &[&'static str]) {
        let diagnostic = Diagnostic::error("unknown-key", key.span, format!("unknown key `{}` in {what}", key.text));
        self.diagnostics.push(match closest(&key.text, known.iter().copied()) {
            Some(suggestion) => diagnostic.label("unknown key").help(format!("did you mean `{suggestion}`?")),
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
            self.diagnostics.push(Diagnostic::error("missing-key", at, message).help(format!("add `{key}`")));
        }
        value
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
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "a truth value",
        Value::Null => "empty",
    }
}
