//! Rules as resources of ARM templates.
//!
//! A template holds at most 800 resources and 4 MB: more rules are several templates. A text in brackets is an expression to
//! ARM, and is written so that it is none.
//!
//! `templateVersion` is left away: the service refuses it of a rule that is made of no template of its catalogue.
//!
//! Source: learn.microsoft.com/azure/azure-resource-manager/templates/best-practices (limits), …/template-expressions
//! (escapes), learn.microsoft.com/azure/templates/microsoft.securityinsights/alertrules.

use super::entities::EntityMapping;
use super::rule::{AnalyticRule, Grouping, Override};
use crate::parted::{Most, numbered, parted};
use serde::Serialize;
use std::collections::BTreeMap;

const FIRST: &str = "microsoft/sentinel/azuredeploy.json";
/// Some room is left for what is not a rule.
const MOST: Most = Most { items: 800, bytes: 4 * 1024 * 1024 - 4096 };

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Template {
    #[serde(rename = "$schema")]
    schema: &'static str,
    content_version: &'static str,
    parameters: Parameters,
    resources: Vec<Resource>,
}

#[derive(Serialize)]
struct Parameters {
    workspace: Parameter,
    enabled: Parameter,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    #[serde(rename = "type")]
    ty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<bool>,
    metadata: Note,
}

#[derive(Serialize)]
struct Note {
    description: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    #[serde(rename = "type")]
    ty: &'static str,
    api_version: &'static str,
    kind: &'static str,
    name: String,
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    display_name: String,
    description: String,
    enabled: &'static str,
    severity: &'static str,
    query: String,
    query_frequency: String,
    query_period: String,
    trigger_operator: &'static str,
    trigger_threshold: u32,
    suppression_enabled: bool,
    suppression_duration: &'static str,
    tactics: Vec<String>,
    techniques: Vec<String>,
    incident_configuration: Incidents,
    event_grouping_settings: Grouping,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_details_override: Option<Override>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    custom_details: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entity_mappings: Vec<EntityMapping>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Incidents {
    create_incident: bool,
    grouping_configuration: Groups,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    enabled: bool,
    reopen_closed_incident: bool,
    lookback_duration: &'static str,
    matching_method: &'static str,
}

/// Templates with all rules, in order: the file of each, its text, and how many rules are in it. None without rules.
pub(super) fn templates<'r>(rules: impl Iterator<Item = &'r AnalyticRule>) -> Vec<(String, String, usize)> {
    let resources = rules.map(resource).map(|resource| {
        let size = text(&resource).len();
        (resource, size)
    });
    let template = |(at, resources): (usize, Vec<Resource>)| {
        let count = resources.len();
        let template = Template {
            schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            content_version: "1.0.0.0",
            parameters: Parameters {
                workspace: Parameter {
                    ty: "string",
                    default_value: None,
                    metadata: Note { description: "The Log Analytics workspace that Microsoft Sentinel is enabled on" },
                },
                enabled: Parameter {
                    ty: "bool",
                    default_value: Some(false),
                    metadata: Note { description: "Whether the rules run" },
                },
            },
            resources,
        };
        (numbered(FIRST, at), format!("{}\n", text(&template)), count)
    };
    parted(resources, MOST).into_iter().enumerate().map(template).collect()
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("texts, numbers, lists and maps of them are JSON")
}

fn resource(rule: &AnalyticRule) -> Resource {
    Resource {
        ty: "Microsoft.OperationalInsights/workspaces/providers/alertRules",
        api_version: "2024-09-01",
        kind: rule.kind,
        name: format!("[concat(parameters('workspace'), '/Microsoft.SecurityInsights/{}')]", rule.id),
        properties: Properties {
            display_name: literal(&rule.name),
            description: literal(&rule.description),
            enabled: "[parameters('enabled')]",
            severity: rule.severity,
            query: literal(&rule.query),
            query_frequency: rule.schedule.frequency.iso(),
            query_period: rule.schedule.period.iso(),
            trigger_operator: "GreaterThan",
            trigger_threshold: rule.trigger_threshold,
            suppression_enabled: false,
            suppression_duration: "PT5H",
            tactics: rule.tactics.clone(),
            techniques: rule.relevant_techniques.clone(),
            incident_configuration: Incidents {
                create_incident: true,
                grouping_configuration: Groups {
                    enabled: false,
                    reopen_closed_incident: false,
                    lookback_duration: "PT5H",
                    matching_method: "AllEntities",
                },
            },
            event_grouping_settings: rule.event_grouping_settings,
            alert_details_override: rule.alert_details_override.as_ref().map(|one| one.map(literal)),
            custom_details: rule.custom_details.iter().map(|(key, column)| (key.clone(), literal(column))).collect(),
            entity_mappings: rule.entity_mappings.clone(),
        },
    }
}

/// A text that ARM takes as it is.
fn literal(text: &str) -> String {
    if text.starts_with('[') && text.ends_with(']') { format!("[{text}") } else { text.to_owned() }
}
