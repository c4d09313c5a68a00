//! Conditions on a field name.

use super::{Condition, StateTest};
use crate::processing::read::Map;

/// A condition on a field name.
#[derive(Debug)]
pub(in crate::processing) enum FieldCondition {
    /// `include_fields`.
    Include(Names),
    /// `exclude_fields`.
    Exclude(Names),
    /// `processing_item_applied`: an earlier step renamed it.
    Applied(String),
    /// `processing_state`.
    State(StateTest),
}

/// Field names, or regexes that must match from the start of one.
#[derive(Debug)]
pub(in crate::processing) enum Names {
    Plain(Vec<String>),
    Regexes(Vec<regex::Regex>),
}

impl Names {
    /// Whether a field is among them; a keyword's missing one never is.
    pub(in crate::processing) fn hold(&self, field: Option<&str>) -> bool {
        match (field, self) {
            (None, _) => false,
            (Some(field), Names::Plain(names)) => names.iter().any(|name| name == field),
            (Some(field), Names::Regexes(regexes)) => regexes.iter().any(|regex| starts(regex, field)),
        }
    }

    fn read(map: &mut Map<'_>) -> Self {
        let node = map.required("fields");
        let names = node.map_or_else(Vec::new, |node| map.as_texts("fields", node));
        if map.one_of("mode", &[("plain", false), ("re", true)]) {
            Names::Regexes(names.iter().filter_map(|name| map.as_regex(name)).collect())
        } else {
            Names::Plain(names.into_iter().map(|name| name.node).collect())
        }
    }
}

/// Whether a regex matches at the start of a text.
pub(in crate::processing) fn starts(regex: &regex::Regex, text: &str) -> bool {
    // The leftmost match starts at 0 if any match does.
    regex.find(text).is_some_and(|found| found.start() == 0)
}

impl Condition for FieldCondition {
    const NAMES: &'static [&'static str] =
        &["include_fields", "exclude_fields", "processing_item_applied", "processing_state"];
    const WHAT: &'static str = "field name condition";

    fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        Some(match name {
            "include_fields" => FieldCondition::Include(Names::read(map)),
            "exclude_fields" => FieldCondition::Exclude(Names::read(map)),
            "processing_item_applied" => FieldCondition::Applied(map.required_text("processing_item_id")?.node),
            _ => FieldCondition::State(StateTest::read(map)?),
        })
    }
}
