//! Correlations.
//!
//! Source: the correlation document of the Sigma specification 2.1.0. `value_median`, `percentile` and conditions over
//! rules are the reference implementation's.

use super::Decoder;
use super::expect::alternatives;
use crate::ast::{Alias, Condition, Correlation, CorrelationCondition, CorrelationKind, Operator, Threshold, Timespan};
use crate::condition::Names;
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

const WHAT: &str = "`correlation`";
const KNOWN: &[&str] = &["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];

impl Decoder<'_> {
    /// Reads `correlation`, which stands at `key`, with the document's own `generate`.
    pub(super) fn correlation(&mut self, yaml: Yaml, key: Span, generate: Option<Yaml>) -> Option<Correlation> {
        let span = key.to(yaml.span);
        let mut kind = (false, None);
        let mut rules = None;
        let mut group_by = Vec::new();
        let mut timespan = (false, None);
        let mut condition = None;
        let mut aliases = Vec::new();
        let mut generates = generate.and_then(|value| self.boolean("`generate`", value)).is_some_and(|flag| flag.node);
        for Entry { key, value } in self.map(WHAT, yaml)? {
            match &*key.text {
                "type" => {
                    let all = CorrelationKind::ALL;
                    kind = (true, self.one_of("bad-correlation-type", "`type`", value, all, CorrelationKind::name));
                }
                "rules" => rules = Some(self.rule_names("`rules`", value)),
                "group-by" => group_by = self.one_or_more_texts("`group-by`", value),
                "timespan" => timespan = (true, self.timespan(value)),
                "condition" => condition = Some(value),
                "aliases" => aliases = self.aliases(value),
                "generate" => generates |= self.boolean("`generate`", value).is_some_and(|flag| flag.node),
                _ => self.unknown_key(WHAT, &key, KNOWN),
            }
        }
        let timespan = self.required(WHAT, "timespan", key, timespan.0, timespan.1);
        let kind = self.required(WHAT, "type", key, kind.0, kind.1)?;
        let condition = self.correlation_condition(kind.node, condition, key);
        let rules = match (rules, condition.as_deref()) {
            (Some(rules), _) => rules,
            (None, Some(CorrelationCondition::Rules(condition))) if !has_selector(condition) => {
                let mut names = Vec::new();
                collect_names(condition, &mut names);
                names
            }
            (None, _) => self.required(WHAT, "rules", key, false, None).unwrap_or_default(),
        };
        Some(Correlation { kind, rules, group_by, timespan, aliases, condition, generate: generates, span })
    }

    /// Names or ids of rules: a list, or one alone. At least one.
    pub(super) fn rule_names(&mut self, what: &str, value: Yaml) -> Vec<Spanned<String>> {
        let span = value.span;
        if matches!(value.data(), Data::List(items) if items.is_empty()) {
            let label = "expected names or ids of rules";
            self.error("empty-list", span, format!("{what} is an empty list"), label, "");
            return Vec::new();
        }
        self.one_or_more_texts(what, value)
    }

    fn timespan(&mut self, value: Yaml) -> Option<Spanned<Timespan>> {
        let seconds = self.duration("`timespan`", value)?;
        Some(Spanned::new(Timespan { seconds: seconds.node }, seconds.span))
    }

    fn aliases(&mut self, value: Yaml) -> Vec<Alias> {
        let Some(entries) = self.map("`aliases`", value) else { return Vec::new() };
        let mut aliases = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let what = format!("alias `{}`", key.text);
            let fields = self.map(&what, value).unwrap_or_default();
            let fields = fields
                .into_iter()
                .filter_map(|Entry { key, value }| {
                    let field = self.word(&format!("field of {what}"), value)?;
                    Some((Spanned::new(key.text, key.span), field))
                })
                .collect();
            aliases.push(Alias { name: Spanned::new(key.text, key.span), fields });
        }
        aliases
    }

    fn correlation_condition(
        &mut self,
        kind: CorrelationKind,
        value: Option<Yaml>,
        key: Span,
    ) -> Option<Spanned<CorrelationCondition>> {
        let Some(value) = value else {
            if !kind.is_temporal() {
                let message = format!("`{}` has no `condition`", kind.name());
                let help = "add a threshold: `condition: {gte: 10}`";
                self.error("missing-condition", key, message, "in this mapping", help);
            }
            return None;
        };
        let span = value.span;
        if matches!(value.data(), Data::Scalar(_)) && !value.is_null() {
            if !kind.is_temporal() {
                let message = format!("`{}` needs a threshold", kind.name());
                let label = "expected a mapping such as `{gte: 10}`";
                self.error("wrong-type", span, message, label, "a condition over rules is for `temporal` correlations");
                return None;
            }
            let condition = self.condition("`condition`", value, Names::Rules, None)?;
            return Some(Spanned::new(CorrelationCondition::Rules(condition.node), span));
        }
        let threshold = self.threshold(kind, value)?;
        Some(Spanned::new(CorrelationCondition::Threshold(threshold), span))
    }

    fn threshold(&mut self, kind: CorrelationKind, value: Yaml) -> Option<Threshold> {
        const WHAT: &str = "`condition`";
        const KNOWN: &[&str] = &["gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile"];
        let span = value.span;
        let mut threshold = Threshold { bounds: Vec::new(), fields: Vec::new(), percentile: None };
        let (mut field_at, mut percentile_at, mut is_bounded) = (None, None, false);
        for Entry { key, value } in self.map(WHAT, value)? {
            match &*key.text {
                "field" => {
                    field_at = Some(key.span);
                    threshold.fields = self.one_or_more_texts("`field`", value);
                }
                "percentile" => {
                    percentile_at = Some(key.span);
                    threshold.percentile = self.percentile(value);
                }
                name => match Operator::from_name(name) {
                    Some(operator) => {
                        is_bounded = true;
                        if let Some(number) = self.number(&format!("`{name}`"), value) {
                            threshold.bounds.push(Spanned::new((operator, number.node), key.span.to(number.span)));
                        }
                    }
                    None => self.unknown_key(WHAT, &key, KNOWN),
                },
            }
        }
        if !is_bounded {
            let operators = alternatives(Operator::ALL.iter().map(|operator| operator.name()));
            self.error(
                "missing-key",
                span,
                "`condition` has no threshold".into(),
                &format!("expected {operators}"),
                "",
            );
        }
        let counts_events = kind.is_temporal() || kind == CorrelationKind::EventCount;
        match field_at {
            Some(at) if counts_events => {
                let message = format!("`{}` has a `field`", kind.name());
                let help = "to count different values, write `type: value_count`";
                self.error("misplaced-key", at, message, "has no effect here", help);
            }
            None if !counts_events => {
                let message = format!("`{}` has no `field`", kind.name());
                self.error("missing-key", span, message, "in this mapping", "add `field`, whose values count");
            }
            _ => {}
        }
        match percentile_at {
            Some(at) if kind != CorrelationKind::ValuePercentile => {
                let message = format!("`{}` has a `percentile`", kind.name());
                self.error("misplaced-key", at, message, "has no effect here", "write `type: value_percentile`");
            }
            None if kind == CorrelationKind::ValuePercentile => {
                let message = "`value_percentile` has no `percentile`".into();
                self.error("missing-key", span, message, "in this mapping", "add `percentile`, from 0 to 100");
            }
            _ => {}
        }
        Some(threshold)
    }

    fn percentile(&mut self, value: Yaml) -> Option<Spanned<f64>> {
        let number = self.number("`percentile`", value)?;
        if (0.0..=100.0).contains(&number.node) {
            return Some(number);
        }
        let message = format!("`percentile` is out of range: `{}`", number.node);
        self.refuse(Diagnostic::error("out-of-range", number.span, message).label("expected 0 to 100"))
    }
}

/// Whether a condition says `1 of`, which needs a list to choose from.
fn has_selector(condition: &Condition) -> bool {
    match condition {
        Condition::Selection(_) => false,
        Condition::Selector(_) => true,
        Condition::Not(operand) => has_selector(operand),
        Condition::And(operands) | Condition::Or(operands) => operands.iter().any(has_selector),
    }
}

/// The names in a condition over rules, each once, in the order written.
fn collect_names(condition: &Condition, names: &mut Vec<Spanned<String>>) {
    match condition {
        Condition::Selection(name) => {
            if !names.iter().any(|known| known.node == name.node) {
                names.push(name.clone());
            }
        }
        Condition::Not(operand) => collect_names(operand, names),
        Condition::And(operands) | Condition::Or(operands) => {
            operands.iter().for_each(|operand| collect_names(operand, names));
        }
        Condition::Selector(_) => {}
    }
}
