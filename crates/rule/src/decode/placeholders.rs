//! The values of placeholders.

use super::Decoder;
use super::expect::{kind, kind_of};
use crate::ast::Value;
use crate::scalar::resolve;
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

impl Decoder<'_> {
    /// Reads a mapping of names to values.
    pub(crate) fn placeholders(&mut self, yaml: Yaml) -> Vec<(Spanned<String>, Vec<String>)> {
        let Some(entries) = self.map("file of placeholders", yaml) else { return Vec::new() };
        let mut all = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            if key.text.is_empty() || key.text.contains('%') {
                let diagnostic = Diagnostic::error("placeholder-name", key.span, "not the name of a placeholder");
                let label = "write the name that stands between the percent signs";
                self.problems.push(diagnostic.label(label));
                continue;
            }
            let values = match value.data() {
                Data::List(_) => self.list("values", value).unwrap_or_default(),
                _ => vec![value],
            };
            if values.is_empty() {
                let message = format!("placeholder `{}` has no value", key.text);
                self.problems.push(Diagnostic::error("empty-list", key.span, message).label("expected one or more"));
            }
            let values: Vec<String> =
                values.into_iter().filter_map(|value| self.placeholder_value(&key.text, value)).collect();
            if !values.is_empty() {
                all.push((Spanned::new(key.text, key.span), values));
            }
        }
        all
    }

    fn placeholder_value(&mut self, name: &str, yaml: Yaml) -> Option<String> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::Scalar(scalar) => {
                let text = scalar.text.clone();
                match resolve(scalar) {
                    Value::Text(_) | Value::Integer(_) | Value::Float(_) => Some(text),
                    other => self.refuse_placeholder(name, kind_of(&other), span),
                }
            }
            data => self.refuse_placeholder(name, kind(&data), span),
        }
    }

    fn refuse_placeholder<T>(&mut self, name: &str, found: &str, span: Span) -> Option<T> {
        let message = format!("value of placeholder `{name}` is {found}");
        self.refuse(Diagnostic::error("wrong-type", span, message).label("expected text or a number"))
    }
}
