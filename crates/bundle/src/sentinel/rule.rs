//! A rule in the format of templates, and what of it both formats share.

use super::connectors::{Connector, required};
use super::entities::{EntityMapping, details, mappings};
use super::schedule::Schedule;
use crate::BundledRule;
use crate::microsoft::{Reading, attack};
use rulecast_rule::ast::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// The column of a class.
const CLASS: &str = "class";

/// What was made sure of.
pub(super) struct Parts<'r> {
    pub(super) id: String,
    pub(super) title: &'r str,
    pub(super) description: String,
    pub(super) schedule: Schedule,
}

/// A rule as a template has it, in the order of the vendor's own.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnalyticRule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) severity: &'static str,
    status: &'static str,
    required_data_connectors: Vec<Connector>,
    query_frequency: String,
    query_period: String,
    trigger_operator: &'static str,
    pub(super) trigger_threshold: u32,
    pub(super) tactics: Vec<String>,
    pub(super) relevant_techniques: Vec<String>,
    pub(super) query: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) entity_mappings: Vec<EntityMapping>,
    pub(super) event_grouping_settings: Grouping,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) custom_details: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alert_details_override: Option<Override>,
    pub(super) version: String,
    pub(super) kind: &'static str,
    #[serde(skip)]
    pub(super) schedule: Schedule,
}

/// `eventGroupingSettings`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Grouping {
    aggregation_kind: &'static str,
}

/// `alertDetailsOverride`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Override {
    alert_display_name_format: String,
}

impl Override {
    /// The same with another text.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self { alert_display_name_format: change(&self.alert_display_name_format) }
    }
}

impl AnalyticRule {
    pub(super) fn new(rule: &BundledRule, parts: Parts<'_>, reading: &Reading) -> Self {
        let Parts { id, title, description, schedule } = parts;
        let entity_mappings = mappings(&reading.columns);
        let mut relevant_techniques: Vec<String> = attack::techniques(rule).into_iter().map(attack::main).collect();
        relevant_techniques.sort();
        relevant_techniques.dedup();
        Self {
            id,
            name: title.to_owned(),
            description,
            severity: severity(rule.metadata.level()),
            status: "Available",
            required_data_connectors: required(&reading.tables),
            query_frequency: schedule.frequency.short(),
            query_period: schedule.period.short(),
            trigger_operator: "gt",
            trigger_threshold: 0,
            tactics: attack::tactics(rule).into_iter().map(attack::name).collect(),
            relevant_techniques,
            query: reading.text.clone(),
            event_grouping_settings: Grouping { aggregation_kind: "AlertPerResult" },
            custom_details: details(&reading.columns, &entity_mappings),
            entity_mappings,
            alert_details_override: reading.columns.has(CLASS).then(|| by_class(title)).flatten(),
            version: format!("{}.0.0", rule.version()),
            kind: "Scheduled",
            schedule,
        }
    }

    /// The file.
    pub(super) fn yaml(&self) -> String {
        serde_yaml::to_string(self).expect("texts, numbers, lists and maps of them are YAML")
    }
}

/// A title that names the class: the platform puts the value of the column there. Nothing where the title would be read for
/// columns too, or would be too long.
fn by_class(title: &str) -> Option<Override> {
    let alert_display_name_format = format!("{title} ({{{{{CLASS}}}}})");
    let fits = super::NAME.broken_by(&alert_display_name_format).is_none();
    (fits && !title.contains("{{")).then_some(Override { alert_display_name_format })
}

/// The platform has no critical alerts.
fn severity(level: Level) -> &'static str {
    match level {
        Level::Informational => "Informational",
        Level::Low => "Low",
        Level::Medium => "Medium",
        Level::High | Level::Critical => "High",
    }
}
