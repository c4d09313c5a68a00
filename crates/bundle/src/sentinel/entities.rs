//! Which columns of a result are entities, and which are details of an alert.
//!
//! Source: learn.microsoft.com/azure/sentinel/entities-reference, learn.microsoft.com/azure/sentinel/surface-custom-details-in-alerts.

use crate::microsoft::tables::{TIME_GENERATED, TIMESTAMP};
use rulecast_kql::Columns;
use serde::Serialize;
use std::collections::BTreeMap;

/// `entityMappings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntityMapping {
    entity_type: &'static str,
    field_mappings: Vec<FieldMapping>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldMapping {
    identifier: &'static str,
    column_name: &'static str,
}

/// A kind of entity, with the identifiers that it may be made of; the first whose columns are all there is taken.
type Kind = (&'static str, &'static [&'static [(&'static str, &'static str)]]);

/// At most five, each of at most three identifiers.
const ENTITIES: [Kind; 5] = [
    (
        "Host",
        &[
            &[("FullName", "DeviceName")],
            &[("FullName", "Computer")],
            &[("HostName", "DvcHostname")],
            &[("HostName", "TargetHostname")],
        ],
    ),
    (
        "Account",
        &[
            &[("Name", "AccountName"), ("NTDomain", "AccountDomain")],
            &[("Name", "AccountName")],
            &[("Name", "InitiatingProcessAccountName"), ("NTDomain", "InitiatingProcessAccountDomain")],
            &[("Name", "InitiatingProcessAccountName")],
            &[("FullName", "Account")],
            &[("Name", "SubjectUserName"), ("NTDomain", "SubjectDomainName")],
            &[("Name", "TargetUserName"), ("NTDomain", "TargetDomainName")],
            &[("FullName", "TargetUsername")],
            &[("FullName", "ActorUsername")],
            &[("FullName", "SrcUsername")],
            &[("FullName", "UserPrincipalName")],
            &[("FullName", "Caller")],
        ],
    ),
    (
        "Process",
        &[
            &[("ProcessId", "ProcessId"), ("CommandLine", "ProcessCommandLine")],
            &[("CommandLine", "ProcessCommandLine")],
            &[("ProcessId", "NewProcessId"), ("CommandLine", "CommandLine")],
            &[("CommandLine", "CommandLine")],
            &[("ProcessId", "TargetProcessId"), ("CommandLine", "TargetProcessCommandLine")],
            &[("CommandLine", "TargetProcessCommandLine")],
            &[("ProcessId", "InitiatingProcessId"), ("CommandLine", "InitiatingProcessCommandLine")],
            &[("CommandLine", "InitiatingProcessCommandLine")],
            &[("CommandLine", "ActingProcessCommandLine")],
        ],
    ),
    ("File", &[&[("Name", "FileName")]]),
    (
        "IP",
        &[
            &[("Address", "RemoteIP")],
            &[("Address", "DstIpAddr")],
            &[("Address", "SrcIpAddr")],
            &[("Address", "IpAddress")],
            &[("Address", "IPAddress")],
            &[("Address", "CallerIpAddress")],
            &[("Address", "SourceIpAddress")],
            &[("Address", "ClientIP")],
            &[("Address", "SourceIP")],
        ],
    ),
];

/// The entities that are among the columns of a result.
pub(super) fn mappings(columns: &Columns) -> Vec<EntityMapping> {
    let found = ENTITIES.iter().filter_map(|(entity_type, ways)| {
        let way = ways.iter().find(|way| way.iter().all(|(_, column)| columns.has(column)))?;
        let field_mappings =
            way.iter().map(|(identifier, column_name)| FieldMapping { identifier, column_name }).collect();
        Some(EntityMapping { entity_type, field_mappings })
    });
    found.collect()
}

/// Details of an alert, at most.
const MOST: usize = 20;
/// Letters of a key, at most.
const KEY: usize = 20;

/// Of all columns of a table, those worth a place in an alert.
const WORTH: [&str; 18] = [
    "class",
    "ActionType",
    "FolderPath",
    "SHA256",
    "RegistryKey",
    "RegistryValueName",
    "RegistryValueData",
    "RemoteUrl",
    "RemotePort",
    "InitiatingProcessFolderPath",
    "InitiatingProcessCommandLine",
    "NewProcessName",
    "ParentProcessName",
    "TargetProcessName",
    "ActingProcessName",
    "TargetFilePath",
    "DnsQuery",
    "Url",
];

/// Columns to show in an alert, by keys, beside those of entities: all that the rule chose, or else those worth it.
pub(super) fn details(columns: &Columns, mapped: &[EntityMapping]) -> BTreeMap<String, String> {
    let is_mapped =
        |name: &str| mapped.iter().flat_map(|mapping| &mapping.field_mappings).any(|field| field.column_name == name);
    let is_time = |name: &str| [TIMESTAMP, TIME_GENERATED].contains(&name);
    let mut details = BTreeMap::new();
    for name in columns.names.iter().map(|name| &**name) {
        let wanted = !columns.open || WORTH.contains(&name);
        if wanted && !is_mapped(name) && !is_time(name) && details.len() < MOST {
            let free = key(name).filter(|key| !details.contains_key(key));
            details.extend(free.map(|key| (key, name.to_owned())));
        }
    }
    details
}

/// Letters and digits, few enough; nothing where the column has too long a name.
fn key(column: &str) -> Option<String> {
    let short = column.replace("InitiatingProcess", "Parent").replace("ActingProcess", "Parent");
    let mut letters: String = short.chars().filter(char::is_ascii_alphanumeric).collect();
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    (!letters.is_empty() && letters.len() <= KEY).then_some(letters)
}
