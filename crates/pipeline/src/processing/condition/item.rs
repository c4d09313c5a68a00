//! Conditions on an item of a selection: its values.

use super::{Condition, StateTest};
use crate::processing::condition::field::starts;
use crate::processing::context::is_null;
use crate::processing::plain::Plain;
use crate::processing::read::{Map, scalar};
use rulecast_ir::draft::{DraftItem, DraftValue};
use rulecast_ir::{Comparison, Number, Part, Pattern, Test};
use rulecast_rule::ast::Value;

/// A condition on an item.
#[derive(Debug)]
pub(in crate::processing) enum ItemCondition {
    /// One on its values, any or all of them.
    Values { all: bool, test: ValueTest },
    /// `processing_item_applied`: an earlier step changed it.
    Applied(String),
    /// `processing_state`.
    State(StateTest),
}

/// A question about a value.
#[derive(Debug)]
pub(in crate::processing) enum ValueTest {
    /// `match_string`: the text matches from its start.
    Matches { regex: regex::Regex, negated: bool },
    /// `match_value`.
    Is(Value),
    /// `contains_wildcard`.
    HasWildcard,
    /// `is_null`.
    IsNull,
}

impl ItemCondition {
    /// Whether its test of the values holds. `None` for what is not about values.
    pub(in crate::processing) fn of_values(&self, item: &DraftItem) -> Option<bool> {
        let ItemCondition::Values { all, test } = self else { return None };
        let mut values = item.values.iter().map(|value| test.holds(item, value));
        Some(if *all { values.all(|held| held) } else { values.any(|held| held) })
    }
}

impl ValueTest {
    fn holds(&self, item: &DraftItem, value: &DraftValue) -> bool {
        let texts = || {
            value.tests.iter().filter_map(|test| match test {
                Test::Text { pattern, .. } => Some(pattern),
                _ => None,
            })
        };
        match self {
            ValueTest::Matches { regex, negated } => {
                texts().any(|pattern| starts(regex, Plain::of(pattern).text())) != *negated
            }
            ValueTest::Is(Value::Null) => is_null(item, value),
            ValueTest::Is(wanted) => value.tests.iter().any(|test| is(test, wanted)),
            ValueTest::HasWildcard => {
                texts().any(|pattern| pattern.parts().iter().any(|part| matches!(part, Part::AnyRun | Part::AnyOne)))
            }
            ValueTest::IsNull => is_null(item, value),
        }
    }
}

/// Whether a test asks for exactly this value. A text counts in its case.
pub(in crate::processing) fn is(test: &Test<rulecast_ir::Sigma>, wanted: &Value) -> bool {
    match (test, wanted) {
        (Test::Text { pattern, .. }, Value::Text(text)) => *pattern == Pattern::parse(text),
        (Test::Text { pattern, .. }, Value::Boolean(flag)) => pattern.as_literal() == Some(&flag.to_string()),
        (Test::Number { comparison: Comparison::Equal, number }, Value::Integer(wanted)) => {
            *number == Number::Integer(*wanted)
        }
        (Test::Number { comparison: Comparison::Equal, number }, Value::Float(wanted)) => {
            *number == Number::Decimal(*wanted)
        }
        _ => false,
    }
}

impl Condition for ItemCondition {
    const NAMES: &'static [&'static str] =
        &["match_string", "match_value", "contains_wildcard", "is_null", "processing_item_applied", "processing_state"];
    const WHAT: &'static str = "detection item condition";

    fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        let test = match name {
            "processing_item_applied" => {
                return Some(ItemCondition::Applied(map.required_text("processing_item_id")?.node));
            }
            "processing_state" => return Some(ItemCondition::State(StateTest::read(map)?)),
            "match_string" => {
                let regex = map.regex("pattern");
                let negated = map.flag("negate");
                regex.map(|regex| ValueTest::Matches { regex, negated })
            }
            "match_value" => map.required("value").and_then(|node| {
                let value = scalar(&node).cloned();
                if value.is_none() {
                    map.problems.push(crate::processing::read::invalid(node.span, "`value` needs one value"));
                }
                value.map(ValueTest::Is)
            }),
            "contains_wildcard" => Some(ValueTest::HasWildcard),
            _ => Some(ValueTest::IsNull),
        };
        let cond = map.required_text("cond")?;
        let all = map.word("cond", &cond, &[("any", false), ("all", true)])?;
        Some(ItemCondition::Values { all, test: test? })
    }
}
