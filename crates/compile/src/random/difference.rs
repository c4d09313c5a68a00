//! A rule and events on which a query differs from its rule, as an inline test.

use super::yaml::quoted;
use crate::Square;
use rulecast_ir::{Record, Scalar};
use std::fmt::Write;

/// A rule and events of which a query says something else than the rule.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The rule.
    pub yaml: String,
    /// The events.
    pub events: Vec<Record>,
    /// Whether the rule fires on them.
    pub fires: bool,
    /// What parts.
    pub what: String,
}

impl Difference {
    /// The rule with the events as an inline test, and what parts as comments.
    pub fn as_test(&self) -> String {
        let mut out = self.yaml.clone();
        let expect = if self.fires { "match" } else { "no_match" };
        let _ = write!(out, "tests:\n  - name: the smallest difference\n    expect: {expect}\n    events:\n");
        let start = self.events.first().map_or(0, |event| event.time);
        for event in &self.events {
            let _ = match event.time - start {
                offset if offset % 1000 == 0 => writeln!(out, "      - offset: {}s", offset / 1000),
                offset => writeln!(out, "      - offset: {offset}ms"),
            };
            for source in event.log_sources.iter().flatten() {
                let parts = [("category", &source.category), ("product", &source.product)];
                for (key, name) in parts.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?))) {
                    let _ = writeln!(out, "        {key}: {name}");
                }
            }
            for (field, values) in &event.fields {
                let values: Vec<String> = values.iter().map(written).collect();
                let values = if let [one] = &values[..] { one.clone() } else { format!("[{}]", values.join(", ")) };
                let _ = writeln!(out, "        {field}: {values}");
            }
        }
        for part in self.what.lines() {
            let _ = writeln!(out, "# {part}");
        }
        out
    }
}

/// What a rule and its queries say of the same events.
pub(super) fn parted(square: &Square) -> String {
    let mut out = String::new();
    for answer in square.missed() {
        let _ = writeln!(out, "missed: {answer:?}");
    }
    for answer in square.extra() {
        let _ = writeln!(out, "found in excess: {answer:?}");
    }
    for (query, _) in &square.each {
        let _ = writeln!(out, "{}", query.text);
    }
    out
}

fn written(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => quoted(text),
        Scalar::Float(number) => format!("{number:?}"),
        other => other.text(),
    }
}
