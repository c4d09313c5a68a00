//! The body of a request.

use crate::BundledRule;
use crate::microsoft::{Reading, attack, description};
use rulecast_attack::is_same_tactic;
use rulecast_kql::Columns;
use rulecast_rule::ast::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// `microsoft.graph.security.detectionRule`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DetectionRule {
    /// The service takes it from whoever makes the rule.
    id: String,
    display_name: String,
    description: String,
    status: &'static str,
    query_condition: QueryCondition,
    schedule: RuleSchedule,
    detection_action: DetectionAction,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryCondition {
    query_text: String,
}

#[derive(Clone, Debug, Serialize)]
struct RuleSchedule {
    frequency: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DetectionAction {
    alert_template: AlertTemplate,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AlertTemplate {
    title: String,
    description: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tactics: Vec<MitreTactic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recommended_actions: Option<String>,
    entity_mappings: EntityMappings,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    custom_details: BTreeMap<&'static str, &'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct MitreTactic {
    tactic: String,
    techniques: Vec<MitreTechnique>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct MitreTechnique {
    technique: String,
    sub_techniques: Vec<String>,
}

/// Entities by their kinds, and the columns that hold what they are known by.
#[derive(Clone, Debug, Serialize)]
struct EntityMappings {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<Fields>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<Fields>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<Fields>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ips: Vec<Fields>,
}

/// Columns by the property that names them.
type Fields = BTreeMap<&'static str, &'static str>;

const HOST: &[(&str, &str)] = &[("deviceIdColumn", "DeviceId"), ("nameColumn", "DeviceName")];
const FILE: &[(&str, &str)] = &[("nameColumn", "FileName"), ("sha1Column", "SHA1"), ("sha256Column", "SHA256")];
/// The first whose columns are all there counts.
const ACCOUNTS: [&[(&str, &str)]; 6] = [
    &[("nameColumn", "AccountName"), ("ntDomainColumn", "AccountDomain")],
    &[("nameColumn", "AccountName")],
    &[("upnColumn", "AccountUpn"), ("aadUserIdColumn", "AccountObjectId")],
    &[("upnColumn", "AccountUpn")],
    &[("nameColumn", "InitiatingProcessAccountName"), ("ntDomainColumn", "InitiatingProcessAccountDomain")],
    &[("nameColumn", "InitiatingProcessAccountName")],
];
const ADDRESSES: [&[(&str, &str)]; 2] = [&[("addressColumn", "RemoteIP")], &[("addressColumn", "IPAddress")]];

impl DetectionRule {
    pub(super) fn new(
        rule: &BundledRule,
        (id, title): (String, &str),
        reading: &Reading,
        frequency: &'static str,
    ) -> Self {
        let description = description(rule).to_owned();
        let response = rule.metadata.0.response.as_ref().map(|text| text.node.trim().to_owned());
        Self {
            id,
            display_name: title.to_owned(),
            description: description.clone(),
            status: "disabled",
            query_condition: QueryCondition { query_text: reading.text.clone() },
            schedule: RuleSchedule { frequency },
            detection_action: DetectionAction {
                alert_template: AlertTemplate {
                    title: title.to_owned(),
                    description,
                    severity: severity(rule.metadata.level()),
                    tactics: tactics(rule),
                    recommended_actions: response.filter(|text| !text.is_empty()),
                    entity_mappings: entities(&reading.columns),
                    custom_details: reading.columns.has("class").then_some(("Class", "class")).into_iter().collect(),
                },
            },
        }
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts, lists and maps of them are JSON");
        format!("{text}\n")
    }
}

fn entities(columns: &Columns) -> EntityMappings {
    let there = |fields: &[(&'static str, &'static str)]| -> Vec<Fields> {
        let found: Fields = fields.iter().copied().filter(|(_, column)| columns.has(column)).collect();
        if found.is_empty() { Vec::new() } else { vec![found] }
    };
    let first = |ways: &[&[(&'static str, &'static str)]]| -> Vec<Fields> {
        let way = ways.iter().find(|way| way.iter().all(|(_, column)| columns.has(column)));
        way.map(|way| way.iter().copied().collect()).into_iter().collect()
    };
    EntityMappings { hosts: there(HOST), accounts: first(&ACCOUNTS), files: there(FILE), ips: first(&ADDRESSES) }
}

/// The tactics that the tags of the rule name, each with the techniques that serve it; of a technique that serves none of
/// them, all of its tactics.
fn tactics(rule: &BundledRule) -> Vec<MitreTactic> {
    let named: Vec<&str> = rule.tactics().into_iter().map(|tactic| tactic.tag).collect();
    let all = attack::tactics(rule);
    let techniques = attack::techniques(rule);
    let is_named = |tag: &str| named.iter().any(|other| is_same_tactic(tag, other));
    let alone: Vec<_> = techniques.iter().filter(|technique| !technique.tactics().any(is_named)).collect();
    let wanted = |tag: &&str| is_named(tag) || alone.iter().any(|technique| attack::serves(technique, tag));
    let of = |tag: &str| {
        let mut serving: Vec<MitreTechnique> = Vec::new();
        for technique in techniques.iter().filter(|technique| attack::serves(technique, tag)) {
            let main = attack::main(technique);
            let at = serving.iter().position(|one| one.technique == main).unwrap_or_else(|| {
                serving.push(MitreTechnique { technique: main, sub_techniques: Vec::new() });
                serving.len() - 1
            });
            if technique.parent().is_some() {
                serving[at].sub_techniques.push(technique.id());
            }
        }
        MitreTactic { tactic: attack::name(tag), techniques: serving }
    };
    all.into_iter().filter(wanted).map(of).collect()
}

/// The platform has no critical alerts.
fn severity(level: Level) -> &'static str {
    match level {
        Level::Informational => "informational",
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High | Level::Critical => "high",
    }
}
