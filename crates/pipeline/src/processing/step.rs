//! One step of a pipeline: what it does, and when.

use super::condition::{FieldCondition, Group, ItemCondition, Keys, RuleCondition};
use super::read::Map;
use rulecast_diagnostics::Span;

/// When a step applies.
#[derive(Debug)]
pub(super) struct When {
    pub(super) rule: Group<RuleCondition>,
    pub(super) item: Group<ItemCondition>,
    pub(super) field: Group<FieldCondition>,
}

/// A step.
#[derive(Debug)]
pub(super) struct Step<T> {
    /// Its place among all steps of all pipelines, counted as written.
    pub(super) place: u32,
    /// The name of its type.
    pub(super) kind: String,
    /// What it does.
    pub(super) what: T,
    pub(super) when: When,
    /// Its type, in the pipeline.
    pub(super) span: Span,
}

const RULE: Keys =
    Keys { conditions: "rule_conditions", op: "rule_cond_op", not: "rule_cond_not", expr: "rule_cond_expr" };
const ITEM: Keys = Keys {
    conditions: "detection_item_conditions",
    op: "detection_item_cond_op",
    not: "detection_item_cond_not",
    expr: "detection_item_cond_expr",
};
const FIELD: Keys = Keys {
    conditions: "field_name_conditions",
    op: "field_name_cond_op",
    not: "field_name_cond_not",
    expr: "field_name_cond_expr",
};

impl When {
    /// Reads the conditions of a step.
    pub(super) fn read(step: &mut Map<'_>) -> Self {
        Self { rule: Group::read(step, &RULE), item: Group::read(step, &ITEM), field: Group::read(step, &FIELD) }
    }

    /// Reads the conditions of a step that is about a whole query.
    pub(super) fn read_rule(step: &mut Map<'_>) -> Self {
        Self { rule: Group::read(step, &RULE), item: Group::none(), field: Group::none() }
    }

    /// Visits the ids that conditions ask about.
    pub(super) fn for_each_id(&self, visit: &mut impl FnMut(&str)) {
        self.rule.for_each(|condition| {
            if let RuleCondition::Applied(id) = condition {
                visit(id);
            }
        });
        self.item.for_each(|condition| {
            if let ItemCondition::Applied(id) = condition {
                visit(id);
            }
        });
        self.field.for_each(|condition| {
            if let FieldCondition::Applied(id) = condition {
                visit(id);
            }
        });
    }
}
