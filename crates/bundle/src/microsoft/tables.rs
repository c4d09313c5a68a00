//! Tables, and those of their columns that entities and details of alerts are made of.
//!
//! Columns that a table has beside these may be in a result and are not told. Source: the vendor's references,
//! learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables, learn.microsoft.com/azure/azure-monitor/reference/tables,
//! learn.microsoft.com/azure/sentinel/normalization-about-schemas.

/// When an event of Defender happened, in advanced hunting.
pub(crate) const TIMESTAMP: &str = "Timestamp";
/// The same in a workspace.
pub(crate) const TIME_GENERATED: &str = "TimeGenerated";

/// Where a table is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In advanced hunting, and in a workspace that Defender is connected to.
    Device,
    /// In advanced hunting alone.
    Hunting,
    /// In a workspace.
    Workspace,
}

/// Where a table is to be found, as far as its name tells.
pub(crate) fn home(table: &str) -> Home {
    match table {
        _ if table.starts_with("Device") => Home::Device,
        "AADSignInEventsBeta" | "AADSpnSignInEventsBeta" => Home::Hunting,
        _ => Home::Workspace,
    }
}

const DEVICE_EVENTS: &[&str] = &[
    "DeviceId",
    "DeviceName",
    "ReportId",
    "ActionType",
    "AccountName",
    "AccountDomain",
    "AccountSid",
    "FileName",
    "FolderPath",
    "SHA1",
    "SHA256",
    "ProcessId",
    "ProcessCommandLine",
    "RegistryKey",
    "RegistryValueName",
    "RegistryValueData",
    "RemoteIP",
    "RemotePort",
    "RemoteUrl",
    "InitiatingProcessId",
    "InitiatingProcessFolderPath",
    "InitiatingProcessCommandLine",
    "InitiatingProcessAccountName",
    "InitiatingProcessAccountDomain",
    "Timestamp",
];

/// Of [`DEVICE_EVENTS`], those that a table lacks.
fn lacks(table: &str, column: &str) -> bool {
    let file = matches!(column, "FileName" | "FolderPath" | "SHA1" | "SHA256");
    let account = matches!(column, "AccountName" | "AccountDomain" | "AccountSid");
    let process = matches!(column, "ProcessId" | "ProcessCommandLine");
    let registry = column.starts_with("Registry");
    let remote = column.starts_with("Remote");
    match table {
        "DeviceEvents" => false,
        "DeviceProcessEvents" => registry || remote,
        "DeviceNetworkEvents" => file || account || process || registry,
        "DeviceFileEvents" | "DeviceImageLoadEvents" => account || process || registry || remote,
        "DeviceRegistryEvents" => file || account || process || remote,
        "DeviceLogonEvents" => file || process || registry || column == "RemoteUrl",
        // Some other table of devices.
        _ => !matches!(column, "DeviceId" | "DeviceName" | "ReportId" | "Timestamp"),
    }
}

/// Columns that a table surely has.
pub(crate) fn columns(table: &str) -> Vec<&'static str> {
    let list: &[&str] = match table {
        "AADSignInEventsBeta" => &["Timestamp", "ReportId", "DeviceName", "AccountUpn", "AccountObjectId", "IPAddress"],
        "SecurityEvent" => &[
            "TimeGenerated",
            "Computer",
            "Account",
            "NewProcessId",
            "NewProcessName",
            "CommandLine",
            "ParentProcessName",
            "IpAddress",
            "EventID",
            "Activity",
        ],
        "Event" => &["TimeGenerated", "Computer", "EventID", "RenderedDescription"],
        "Syslog" => &["TimeGenerated", "Computer", "ProcessName", "SyslogMessage"],
        "SigninLogs" => &["TimeGenerated", "UserPrincipalName", "IPAddress", "AppDisplayName"],
        "AADUserRiskEvents" => &["TimeGenerated", "UserPrincipalName", "IpAddress"],
        "AuditLogs" => &["TimeGenerated", "OperationName"],
        "AzureActivity" => &["TimeGenerated", "Caller", "CallerIpAddress", "OperationNameValue"],
        "OfficeActivity" => &["TimeGenerated", "UserId", "ClientIP", "Operation"],
        "AWSCloudTrail" => &["TimeGenerated", "SourceIpAddress", "EventName", "EventSource", "AWSRegion"],
        "CommonSecurityLog" => &["TimeGenerated", "Computer", "SourceIP", "DestinationIP", "RequestURL"],
        "DnsEvents" => &["TimeGenerated", "Computer", "ClientIP", "Name"],
        "_Im_ProcessEvent" => &[
            "TimeGenerated",
            "DvcHostname",
            "ActorUsername",
            "TargetUsername",
            "TargetProcessId",
            "TargetProcessName",
            "TargetProcessCommandLine",
            "ActingProcessName",
            "ActingProcessCommandLine",
        ],
        "_Im_NetworkSession" => &["TimeGenerated", "DvcHostname", "SrcIpAddr", "DstIpAddr", "DstPortNumber"],
        "_Im_FileEvent" => &["TimeGenerated", "DvcHostname", "ActorUsername", "TargetFilePath", "ActingProcessName"],
        "_Im_RegistryEvent" => &["TimeGenerated", "DvcHostname", "ActorUsername", "RegistryKey", "RegistryValue"],
        "_Im_Dns" => &["TimeGenerated", "DvcHostname", "SrcIpAddr", "DnsQuery"],
        "_Im_WebSession" => &["TimeGenerated", "DvcHostname", "SrcIpAddr", "SrcUsername", "Url"],
        "_Im_Authentication" => &["TimeGenerated", "SrcIpAddr", "TargetHostname"],
        _ if home(table) == Home::Device => {
            return DEVICE_EVENTS.iter().copied().filter(|column| !lacks(table, column)).collect();
        }
        _ => &[],
    };
    list.to_vec()
}
