//! Conditions on a whole rule.

use super::{Condition, Op, StateTest};
use crate::processing::context::{Attribute, Subject};
use crate::processing::read::{Map, invalid, scalar, shown};
use rulecast_ir::LogSource;
use rulecast_ir::draft::DraftItem;
use rulecast_rule::ast::{Level, Status, Value};

/// A condition on a rule.
#[derive(Debug)]
pub(in crate::processing) enum RuleCondition {
    /// `logsource`: the parts that are named are the rule's.
    LogSource { category: Option<String>, product: Option<String>, service: Option<String> },
    /// `contains_detection_item`.
    Item { field: String, value: Value },
    /// `contains_field`.
    Field(String),
    /// `processing_item_applied`.
    Applied(String),
    /// `processing_state`.
    State(StateTest),
    /// `is_sigma_rule`.
    IsRule,
    /// `is_sigma_correlation_rule`.
    IsCorrelation,
    /// `rule_attribute`.
    Attribute { name: String, value: Value, op: Op },
    /// `tag`.
    Tag(String),
}

impl RuleCondition {
    /// Whether a log source has every part that the condition names.
    pub(in crate::processing) fn serves(&self, source: &LogSource) -> bool {
        let RuleCondition::LogSource { category, product, service } = self else { return false };
        let same = |wanted: &Option<String>, found: &Option<rulecast_ir::Name>| {
            wanted.as_ref().is_none_or(|wanted| found.as_deref() == Some(wanted))
        };
        same(category, &source.category) && same(product, &source.product) && same(service, &source.service)
    }

    /// Whether an item has that field and that value.
    pub(in crate::processing) fn has_item(item: &DraftItem, field: &str, value: &Value) -> bool {
        item.field.as_ref().is_some_and(|found| &*found.name() == field)
            && item.values.iter().any(|one| match value {
                Value::Null => crate::processing::context::is_null(item, one),
                value => one.tests.iter().any(|test| super::item::is(test, value)),
            })
    }

    /// Whether an attribute of the rule relates so to the value. False where the rule lacks it.
    pub(in crate::processing) fn attribute(subject: &Subject<'_>, name: &str, value: &Value, op: Op) -> bool {
        let text = shown(value);
        match subject.attribute(name) {
            Attribute::None => false,
            Attribute::List(list) => match op {
                Op::In => list.contains(&text),
                Op::NotIn => !list.contains(&text),
                Op::Ne => true,
                Op::Eq | Op::Gte | Op::Gt | Op::Lte | Op::Lt => false,
            },
            Attribute::Text(found) => op.holds((*found).cmp(text.as_str())),
            Attribute::Number(found) => {
                text.parse::<f64>().ok().and_then(|text| found.partial_cmp(&text)).is_some_and(|it| op.holds(it))
            }
            Attribute::Level(found) => Level::from_name(&text).is_some_and(|text| op.holds(found.cmp(&text))),
            Attribute::Status(found) => Status::from_name(&text).is_some_and(|text| op.holds(found.cmp(&text))),
        }
    }
}

impl Condition for RuleCondition {
    const NAMES: &'static [&'static str] = &[
        "logsource",
        "contains_detection_item",
        "contains_field",
        "processing_item_applied",
        "processing_state",
        "is_sigma_rule",
        "is_sigma_correlation_rule",
        "rule_attribute",
        "tag",
    ];
    const WHAT: &'static str = "rule condition";

    fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        Some(match name {
            "logsource" => {
                let mut part = |key| map.text(key).map(|part| part.node);
                let (category, product, service) = (part("category"), part("product"), part("service"));
                if category.is_none() && product.is_none() && service.is_none() {
                    map.problems.push(invalid(map.at, "the condition names no part of a log source"));
                }
                RuleCondition::LogSource { category, product, service }
            }
            "contains_detection_item" => {
                let field = map.required_text("field");
                let value = value(map)?;
                RuleCondition::Item { field: field?.node, value }
            }
            "contains_field" => RuleCondition::Field(map.required_text("field")?.node),
            "processing_item_applied" => RuleCondition::Applied(map.required_text("processing_item_id")?.node),
            "processing_state" => RuleCondition::State(StateTest::read(map)?),
            "is_sigma_rule" => RuleCondition::IsRule,
            "is_sigma_correlation_rule" => RuleCondition::IsCorrelation,
            "rule_attribute" => {
                let name = map.required_text("attribute");
                let value = value(map);
                let op = map.one_of("op", Op::WORDS);
                let (name, value) = (name?, value?);
                check(&name.node, &value, op, map);
                RuleCondition::Attribute { name: name.node, value, op }
            }
            _ => {
                let tag = map.required_text("tag")?;
                if !tag.contains('.') {
                    map.problems.push(invalid(tag.span, "a tag has a namespace").help("write it as `attack.t1059`"));
                }
                RuleCondition::Tag(tag.node)
            }
        })
    }
}

/// That a value can be compared so with an attribute of a known type.
fn check(name: &str, value: &Value, op: Op, map: &mut Map<'_>) {
    let text = shown(value);
    let wrong = match name {
        "level" if Level::from_name(&text).is_none() => format!("`{text}` is not a level"),
        "status" if Status::from_name(&text).is_none() => format!("`{text}` is not a status"),
        "title" | "id" | "name" | "description" | "author" | "license" | "taxonomy"
            if !matches!(op, Op::Eq | Op::Ne) =>
        {
            format!("`{name}` is text, which `op` can only be `eq` or `ne` of")
        }
        _ => return,
    };
    map.problems.push(invalid(map.at, wrong));
}

fn value(map: &mut Map<'_>) -> Option<Value> {
    let node = map.required("value")?;
    let value = scalar(&node).cloned();
    if value.is_none() {
        map.problems.push(invalid(node.span, "`value` needs one value"));
    }
    value
}
