//! The body of a request.

use crate::BundledRule;
use crate::microsoft::{Reading, attack, description};
use rulecast_attack::{Technique, is_same_tactic};
use rulecast_kql::Columns;
use rulecast_rule::ast::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// `microsoft.graph.security.detectionRule`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DetectionRule {
    /// The service takes it from whoever makes the rule. It begins with a letter.
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
/// What the service takes for a file: a hash, and more.
const FILES: [&[(&str, &str)]; 3] = [
    &[("nameColumn", "FileName"), ("sha1Column", "SHA1"), ("sha256Column", "SHA256")],
    &[("sha256Column", "SHA256")],
    &[("sha1Column", "SHA1")],
];
/// What the service takes for an account: a name alone it refuses. The first whose columns are all there counts.
const ACCOUNTS: [&[(&str, &str)]; 7] = [
    &[("nameColumn", "AccountName"), ("ntDomainColumn", "AccountDomain")],
    &[("sidColumn", "AccountSid")],
    &[("upnColumn", "AccountUpn"), ("aadUserIdColumn", "AccountObjectId")],
    &[("upnColumn", "AccountUpn")],
    &[("aadUserIdColumn", "AccountObjectId")],
    &[("nameColumn", "InitiatingProcessAccountName"), ("ntDomainColumn", "InitiatingProcessAccountDomain")],
    &[("sidColumn", "InitiatingProcessAccountSid")],
];
const ADDRESSES: [&[(&str, &str)]; 2] = [&[("addressColumn", "RemoteIP")], &[("addressColumn", "IPAddress")]];

impl DetectionRule {
    pub(super) fn new(
        rule: &BundledRule,
        (id, title): (String, &str),
        reading: &Reading,
        frequency: &'static str,
    ) -> Self {
        let tactic = tactic(rule);
        let description = described(rule, tactic.as_ref());
        let response = rule.metadata.0.response.as_ref().map(|text| text.node.trim().to_owned());
        Self {
            id: format!("rule-{id}"),
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
                    tactics: tactic.into_iter().collect(),
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
    EntityMappings { hosts: there(HOST), accounts: first(&ACCOUNTS), files: first(&FILES), ips: first(&ADDRESSES) }
}

/// The one tactic that the service takes, with the techniques that serve it: the first of the rule's tags that one serves;
/// else the first of the matrix that one serves; of a rule without techniques, the first of its tags.
fn tactic(rule: &BundledRule) -> Option<MitreTactic> {
    let (all, techniques) = (attack::tactics(rule), attack::techniques(rule));
    let named = rule.tactics().into_iter().filter_map(|one| all.iter().find(|tag| is_same_tactic(tag, one.tag)));
    let in_order: Vec<&str> = named.chain(&all).copied().collect();
    let is_served = |tag: &&&str| techniques.iter().any(|technique| attack::serves(technique, tag));
    let tag = in_order.iter().find(is_served).or(in_order.first())?;
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
    Some(MitreTactic { tactic: attack::name(tag), techniques: serving })
}

/// What the rule is about; and its techniques, where the tactic does not hold them all.
fn described(rule: &BundledRule, tactic: Option<&MitreTactic>) -> String {
    let techniques = attack::techniques(rule);
    let is_told = |technique: &&Technique| {
        let (id, main) = (technique.id(), attack::main(technique));
        let told = tactic.and_then(|tactic| tactic.techniques.iter().find(|one| one.technique == main));
        told.is_some_and(|one| technique.parent().is_none() || one.sub_techniques.contains(&id))
    };
    let all_told = techniques.iter().all(is_told);
    let text = description(rule).to_owned();
    if all_told { text } else { text + &attack::sentence(&techniques) }
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
