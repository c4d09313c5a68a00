//! Which data connectors fill a table.
//!
//! Source: learn.microsoft.com/azure/sentinel/data-connectors-reference, and the rules of the Azure-Sentinel repository for
//! how each is called there. The tables of ASIM are functions over whatever the workspace holds: no connector is theirs.

use serde::Serialize;

/// `requiredDataConnectors`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connector {
    connector_id: &'static str,
    data_types: Vec<String>,
}

/// The connectors that fill a table, by their ids; none where that is not known.
pub(super) fn of(table: &str) -> &'static [&'static str] {
    match table {
        "SecurityEvent" => &["SecurityEvents", "WindowsSecurityEvents"],
        "Syslog" => &["Syslog"],
        "SigninLogs" | "AuditLogs" | "AADUserRiskEvents" => &["AzureActiveDirectory"],
        "AzureActivity" => &["AzureActivity"],
        "OfficeActivity" => &["Office365"],
        "AWSCloudTrail" => &["AWS"],
        "CommonSecurityLog" => &["CEF"],
        "DnsEvents" => &["DNS"],
        "W3CIISLog" => &["AzureMonitor(IIS)"],
        "DeviceEvents"
        | "DeviceFileEvents"
        | "DeviceImageLoadEvents"
        | "DeviceLogonEvents"
        | "DeviceNetworkEvents"
        | "DeviceProcessEvents"
        | "DeviceRegistryEvents" => &["MicrosoftThreatProtection"],
        _ => &[],
    }
}

/// All that a query needs, each once, in the order of its tables.
pub(super) fn required(tables: &[String]) -> Vec<Connector> {
    let mut all: Vec<Connector> = Vec::new();
    for table in tables {
        for connector_id in of(table) {
            match all.iter_mut().find(|one| one.connector_id == *connector_id) {
                Some(one) => one.data_types.push(table.clone()),
                None => all.push(Connector { connector_id, data_types: vec![table.clone()] }),
            }
        }
    }
    all
}
