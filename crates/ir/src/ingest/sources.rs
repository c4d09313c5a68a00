//! The log sources of a Windows event, by its channel and event id (Sigma specification, appendix "taxonomy").
//!
//! An event belongs to the service of its channel, and to each category that its event id stands for. What it does not
//! belong to is said by [`NONE`], a name that no rule uses: an unnamed part would be open to every rule.

use super::integer;
use crate::{Name, Record, RecordSource};

/// The category or service of an event that has none.
const NONE: &str = "-";

/// The services of Windows, with their channels.
const SERVICES: &[(&str, &[&str])] = &[
    ("application", &["Application"]),
    ("security", &["Security"]),
    ("system", &["System"]),
    ("sysmon", &["Microsoft-Windows-Sysmon/Operational"]),
    ("powershell", &["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"]),
    ("powershell-classic", &["Windows PowerShell"]),
    ("appmodel-runtime", &["Microsoft-Windows-AppModel-Runtime/Admin"]),
    (
        "applocker",
        &[
            "Microsoft-Windows-AppLocker/EXE and DLL",
            "Microsoft-Windows-AppLocker/MSI and Script",
            "Microsoft-Windows-AppLocker/Packaged app-Deployment",
            "Microsoft-Windows-AppLocker/Packaged app-Execution",
        ],
    ),
    ("appxdeployment-server", &["Microsoft-Windows-AppXDeploymentServer/Operational"]),
    ("appxpackaging-om", &["Microsoft-Windows-AppxPackaging/Operational"]),
    ("bits-client", &["Microsoft-Windows-Bits-Client/Operational"]),
    ("capi2", &["Microsoft-Windows-CAPI2/Operational"]),
    (
        "certificateservicesclient-lifecycle-system",
        &["Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational"],
    ),
    ("codeintegrity-operational", &["Microsoft-Windows-CodeIntegrity/Operational"]),
    ("dhcp", &["Microsoft-Windows-DHCP-Server/Operational"]),
    ("diagnosis-scripted", &["Microsoft-Windows-Diagnosis-Scripted/Operational"]),
    ("dns-client", &["Microsoft-Windows-DNS Client Events/Operational", "Microsoft-Windows-DNS-Client/Operational"]),
    ("dns-server", &["DNS Server"]),
    ("dns-server-analytic", &["Microsoft-Windows-DNS-Server/Analytical"]),
    ("dns-server-audit", &["Microsoft-Windows-DNS-Server/Audit"]),
    ("driver-framework", &["Microsoft-Windows-DriverFrameworks-UserMode/Operational"]),
    ("firewall-as", &["Microsoft-Windows-Windows Firewall With Advanced Security/Firewall"]),
    ("iis-configuration", &["Microsoft-IIS-Configuration/Operational"]),
    ("ldap", &["Microsoft-Windows-LDAP-Client/Debug"]),
    ("lsa-server", &["Microsoft-Windows-LSA/Operational"]),
    ("microsoft-servicebus-client", &["Microsoft-ServiceBus-Client/Admin", "Microsoft-ServiceBus-Client/Operational"]),
    ("msexchange-management", &["MSExchange Management"]),
    ("ntlm", &["Microsoft-Windows-NTLM/Operational"]),
    ("openssh", &["OpenSSH/Operational"]),
    ("printservice-admin", &["Microsoft-Windows-PrintService/Admin"]),
    ("printservice-operational", &["Microsoft-Windows-PrintService/Operational"]),
    (
        "security-mitigations",
        &["Microsoft-Windows-Security-Mitigations/Kernel Mode", "Microsoft-Windows-Security-Mitigations/User Mode"],
    ),
    ("shell-core", &["Microsoft-Windows-Shell-Core/Operational"]),
    ("smbclient-connectivity", &["Microsoft-Windows-SmbClient/Connectivity"]),
    ("smbclient-security", &["Microsoft-Windows-SmbClient/Security"]),
    ("smbserver-connectivity", &["Microsoft-Windows-SMBServer/Connectivity"]),
    ("taskscheduler", &["Microsoft-Windows-TaskScheduler/Operational"]),
    ("terminalservices-localsessionmanager", &["Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"]),
    ("windefend", &["Microsoft-Windows-Windows Defender/Operational"]),
    ("wmi", &["Microsoft-Windows-WMI-Activity/Operational"]),
];

/// The channel of Sysmon for Linux.
const LINUX_SYSMON: &str = "Linux-Sysmon/Operational";

/// The log sources of an event of that channel.
pub(super) fn of(channel: &str, record: &Record) -> Vec<RecordSource> {
    let of_channel = |(_, channels): &&(&str, &[&str])| channels.iter().any(|one| one.eq_ignore_ascii_case(channel));
    let (product, service) = match SERVICES.iter().find(of_channel) {
        Some((service, _)) => ("windows", *service),
        None if channel.eq_ignore_ascii_case(LINUX_SYSMON) => ("linux", "sysmon"),
        None => ("windows", NONE),
    };
    let mut categories = integer(record, "EventID").map_or(Vec::new(), |id| categories(service, id, record));
    if categories.is_empty() {
        categories.push(NONE);
    }
    let source = |category: &str| RecordSource {
        product: Some(Name::from(product)),
        category: Some(Name::from(category)),
        service: Some(Name::from(service)),
    };
    categories.into_iter().map(source).collect()
}

fn categories(service: &str, id: i64, record: &Record) -> Vec<&'static str> {
    match (service, id) {
        ("security", 4688) => vec!["process_creation"],
        ("powershell", 4103) => vec!["ps_module"],
        ("powershell", 4104) => vec!["ps_script"],
        ("powershell-classic", 400) => vec!["ps_classic_start"],
        ("powershell-classic", 600) => vec!["ps_classic_provider_start"],
        ("powershell-classic", 800) => vec!["ps_classic_script"],
        ("sysmon", 12) => {
            let mut categories = vec!["registry_event"];
            // One event id for two categories: the event says itself whether the key or value came or went.
            match record.values("EventType").first().map(|kind| kind.text().to_ascii_lowercase()) {
                Some(kind) if kind.starts_with("create") => categories.push("registry_add"),
                Some(kind) if kind.starts_with("delete") => categories.push("registry_delete"),
                _ => categories.extend(["registry_add", "registry_delete"]),
            }
            categories
        }
        ("sysmon", 13) => vec!["registry_event", "registry_set"],
        ("sysmon", 14) => vec!["registry_event", "registry_rename"],
        ("sysmon", id) => sysmon(id).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn sysmon(id: i64) -> Option<&'static str> {
    Some(match id {
        1 => "process_creation",
        2 => "file_change",
        3 => "network_connection",
        4 | 16 => "sysmon_status",
        5 => "process_termination",
        6 => "driver_load",
        7 => "image_load",
        8 => "create_remote_thread",
        9 => "raw_access_thread",
        10 => "process_access",
        11 => "file_event",
        15 => "create_stream_hash",
        17 | 18 => "pipe_created",
        19..=21 => "wmi_event",
        22 => "dns_query",
        23 => "file_delete",
        24 => "clipboard_capture",
        25 => "process_tampering",
        26 => "file_delete_detected",
        27 => "file_block_executable",
        28 => "file_block_shredding",
        29 => "file_executable_detected",
        255 => "sysmon_error",
        _ => return None,
    })
}
