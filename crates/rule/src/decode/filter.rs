//! Filters.
//!
//! Source: the filter document of the Sigma specification 2.1.0; `rules: any` is that of the coming 2.2.0.

use super::Decoder;
use crate::ast::{Condition, Filter, LogSource};
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Span};

impl Decoder<'_> {
    /// Reads `filter`, which stands at `key`.
    pub(super) fn filter(&mut self, yaml: Yaml, key: Span, log_source: LogSource) -> Option<Filter> {
        let span = key.to(yaml.span);
        let mut rules = None;
        let mut has_rules = false;
        let mut entries = self.map("`filter`", yaml)?;
        if let Some(index) = entries.iter().position(|entry| entry.key.text == "rules") {
            let Entry { value, .. } = entries.remove(index);
            has_rules = true;
            let is_any = matches!(value.data(), Data::Scalar(scalar) if scalar.text == "any");
            if !is_any {
                rules = Some(self.rule_names("`rules`", value));
            }
        }
        if !has_rules {
            let help = "add `rules` with names or ids, or `rules: any`";
            self.error("missing-key", key, "`filter` has no `rules`".into(), "in this mapping", help);
            rules = Some(Vec::new());
        }
        if let Some(Entry { value, .. }) = entries.iter().find(|entry| entry.key.text == "condition")
            && matches!(value.data(), Data::List(_))
        {
            let message = "`condition` of a filter is a list".into();
            self.error("wrong-type", value.span, message, "expected text", "join the conditions with `or`");
        }
        let detection = self.selections("`filter`", entries, key, span);
        if let [condition] = detection.conditions.as_slice()
            && !negates(&condition.node)
        {
            self.problems.push(
                Diagnostic::warning("filter-without-not", condition.span, "filter keeps what its selections match")
                    .label("rules will match only these events")
                    .help("write `not …` to leave them out: the condition is joined to the rule's with `and`"),
            );
        }
        Some(Filter { log_source, rules, detection })
    }
}

fn negates(condition: &Condition) -> bool {
    match condition {
        Condition::Not(_) => true,
        Condition::And(operands) | Condition::Or(operands) => operands.iter().any(negates),
        Condition::Selection(_) | Condition::Selector(_) => false,
    }
}
