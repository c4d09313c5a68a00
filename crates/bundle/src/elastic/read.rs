//! Where a rule reads, as Elastic wants it said: indices, integrations, fields and tags.
//!
//! A query of EQL names no index. Where the repository or the rule says which (`[scope."eql.ecs"]`), those are taken; else
//! those in which the integrations of the data model write. They are never narrower than the model: Windows has Defend's
//! events beside those of Sysmon and of the event log.

use crate::BundledRule;
use crate::OnTarget;
use rulecast_compile::SourceRead;
use serde::Serialize;
use std::collections::BTreeSet;

/// An integration whose events a rule reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Integration {
    pub(super) package: &'static str,
    pub(super) version: &'static str,
}

/// A column of the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field<'c> {
    name: &'c str,
    r#type: &'static str,
}

/// Those whose data streams are told from their names, with the versions that filled the fields that the models name.
const INTEGRATIONS: [Integration; 4] = [
    Integration { package: "auditd_manager", version: "^1.0.0" },
    Integration { package: "endpoint", version: "^8.2.0" },
    Integration { package: "system", version: "^1.6.4" },
    Integration { package: "windows", version: "^2.0.0" },
];

/// The patterns of indices, each once; none where nobody knows them.
pub(super) fn indices(on: &OnTarget) -> Vec<String> {
    let said: BTreeSet<&String> = on.reads.iter().flat_map(|read| &read.index).collect();
    if !said.is_empty() {
        return said.into_iter().cloned().collect();
    }
    let known = on.reads.iter().flat_map(|read| of_model(&on.model, read));
    known.collect::<BTreeSet<String>>().into_iter().collect()
}

fn of_model(model: &str, read: &SourceRead) -> Vec<String> {
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match model {
        "winlogbeat" => all(&["logs-system.*", "logs-windows.*", "winlogbeat-*"]),
        "ecs" => {
            let stream = match (read.kind, read.name.as_str()) {
                ("category", category @ ("file" | "library" | "network" | "process" | "registry")) => category,
                ("category", "driver") => "library",
                _ => return all(&["logs-*"]),
            };
            let mut names = vec![format!("logs-endpoint.events.{stream}-*")];
            match read.log_source.split('/').next() {
                Some("windows") => names.extend(all(&["logs-system.*", "logs-windows.*"])),
                Some("linux") => names.extend(all(&["logs-auditd_manager.*"])),
                Some("macos") => {}
                _ => return all(&["logs-*"]),
            }
            names
        }
        _ => Vec::new(),
    }
}

/// The integrations that write there.
pub(super) fn integrations(indices: &[String]) -> Vec<Integration> {
    let package = |index: &String| Some(index.strip_prefix("logs-")?.split_once('.')?.0.to_owned());
    let packages: BTreeSet<String> = indices.iter().filter_map(package).collect();
    INTEGRATIONS.into_iter().filter(|one| packages.contains(one.package)).collect()
}

/// The fields that the query asks, with their types in Elasticsearch.
pub(super) fn fields(on: &OnTarget) -> Vec<Field<'_>> {
    on.columns.iter().map(|(name, word)| Field { name, r#type: elastic(word) }).collect()
}

/// The type of Elasticsearch that a model's word stands for.
fn elastic(word: &str) -> &'static str {
    match word {
        "bool" => "boolean",
        "datetime" => "date",
        "fulltext" => "text",
        "ip" => "ip",
        "long" => "long",
        "real" => "float",
        _ => "keyword",
    }
}

/// What rules are found by: the domain, the platforms, the tactics, where the data is from, and tags of the rule beyond
/// ATT&CK as they stand.
pub(super) fn tags(rule: &BundledRule, integrations: &[Integration], tactics: &[&str]) -> Vec<String> {
    let platforms: Vec<&str> = rule.products().into_iter().filter_map(platform).collect();
    let domain = if platforms.is_empty() { None } else { Some("Domain: Endpoint".to_owned()) };
    let has = |package: &str| integrations.iter().any(|one| one.package == package);
    let sources = [("endpoint", "Elastic Defend"), ("windows", "Sysmon"), ("auditd_manager", "Auditd Manager")];
    let mut tags: Vec<String> = domain.into_iter().collect();
    tags.extend(platforms.iter().map(|platform| format!("OS: {platform}")));
    tags.push("Use Case: Threat Detection".to_owned());
    tags.extend(tactics.iter().map(|tactic| format!("Tactic: {tactic}")));
    let known = sources.into_iter().filter(|(package, _)| has(package));
    tags.extend(known.map(|(_, name)| format!("Data Source: {name}")));
    let own = rule.metadata.0.tags.iter().map(|tag| tag.node.as_str()).filter(|tag| !tag.starts_with("attack."));
    for tag in own {
        if !tags.iter().any(|other| other == tag) {
            tags.push(tag.to_owned());
        }
    }
    if rule.metadata.0.note.is_some() {
        tags.push("Resources: Investigation Guide".to_owned());
    }
    tags
}

fn platform(product: &str) -> Option<&'static str> {
    match product {
        "linux" => Some("Linux"),
        "macos" => Some("macOS"),
        "windows" => Some("Windows"),
        _ => None,
    }
}

/// The investigation guide: the rule's note and what to do about a true match.
pub(super) fn guide(rule: &BundledRule) -> Option<String> {
    let text = |text: &Option<rulecast_diagnostics::Spanned<String>>| {
        text.as_ref().map(|text| text.node.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let note = text(&rule.metadata.0.note).map(|note| format!("## Triage and analysis\n\n{note}"));
    let response = text(&rule.metadata.0.response).map(|response| format!("## Response and remediation\n\n{response}"));
    let all: Vec<String> = note.into_iter().chain(response).collect();
    if all.is_empty() { None } else { Some(all.join("\n\n")) }
}
