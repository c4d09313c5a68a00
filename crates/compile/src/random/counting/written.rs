//! Correlations written down as YAML.

use super::{Asked, Counting, Key, Member};
use crate::random::setting::Setting;
use crate::random::wish::Tree;
use crate::random::yaml::Document;
use std::fmt::Write;

/// The rules, and the correlation over them, whose title is `wanted`.
pub(in crate::random) fn written(setting: &Setting, rules: &[(usize, Tree)], counting: &Counting) -> String {
    let mut out = String::new();
    for rule in counting.rules() {
        let (source, tree) = &rules[rule];
        out += &Document::new(&format!("rule{rule}"), &setting.log_source(*source), tree).written();
        out += "---\n";
    }
    out + &counting.documents("wanted")
}

impl Counting {
    /// Those in it, then its own.
    fn documents(&self, name: &str) -> String {
        let mut out = String::new();
        let mut names = Vec::with_capacity(self.members.len());
        for (place, member) in self.members.iter().enumerate() {
            names.push(match member {
                Member::Rule(rule) => format!("rule{rule}"),
                Member::Inner(inner) => {
                    let name = format!("{name}{place}");
                    out += &inner.documents(&name);
                    out += "---\n";
                    name
                }
            });
        }
        let kind = self.kind.name();
        let _ = write!(
            out,
            "title: {name}\nname: {name}\ncorrelation:\n  type: {kind}\n  rules: [{}]\n  timespan: {}s\n",
            names.join(", "),
            self.timespan
        );
        self.grouping(&names, &mut out);
        let bounds = self.bounds.iter().map(|(operator, value)| format!("{}: {value}", operator.name()));
        let field = match self.fields.as_slice() {
            [] => None,
            [one] => Some(format!("field: {one}")),
            several => Some(format!("field: [{}]", several.join(", "))),
        };
        let percentile = self.percentile.map(|percentile| format!("percentile: {percentile}"));
        let parts: Vec<String> = bounds.chain(field).chain(percentile).collect();
        if let Some(condition) = &self.condition {
            let _ = writeln!(out, "  condition: {}", condition.written(&names));
        } else if !parts.is_empty() {
            let _ = writeln!(out, "  condition: {{{}}}", parts.join(", "));
        }
        out
    }

    fn grouping(&self, names: &[String], out: &mut String) {
        let alias = |place: usize| format!("alias{place}");
        let keys = self.keys.iter().enumerate().map(|(place, key)| match key {
            Key::Field(field) => (*field).to_owned(),
            Key::Alias(_) => alias(place),
        });
        let keys: Vec<String> = keys.collect();
        if !keys.is_empty() {
            let _ = writeln!(out, "  group-by: [{}]", keys.join(", "));
        }
        let aliases = self.keys.iter().enumerate().filter_map(|(place, key)| match key {
            Key::Alias(fields) => {
                let fields = names.iter().zip(fields).map(|(name, field)| format!("{name}: {field}"));
                Some(format!("{}: {{{}}}", alias(place), fields.collect::<Vec<_>>().join(", ")))
            }
            Key::Field(_) => None,
        });
        let aliases: Vec<String> = aliases.collect();
        if !aliases.is_empty() {
            let _ = writeln!(out, "  aliases: {{{}}}", aliases.join(", "));
        }
    }
}

impl Asked {
    fn written(&self, names: &[String]) -> String {
        match self {
            Asked::Member(place) => names[*place].clone(),
            Asked::Not(inner) => format!("not ({})", inner.written(names)),
            Asked::And(left, right) => format!("({} and {})", left.written(names), right.written(names)),
            Asked::Or(left, right) => format!("({} or {})", left.written(names), right.written(names)),
        }
    }
}
