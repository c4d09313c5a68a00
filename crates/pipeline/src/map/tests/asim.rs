//! Sentinel's normalised schemas: which entity a field is of, and what tells events apart.

use crate::testing::{agree, item, mapped, mapped_rule, projected, show};
use crate::{Dialect, Model};
use insta::assert_snapshot;
use rulecast_ir::{Body, Logic};

const PROCESS: &str = "windows/process_creation";
const NETWORK: &str = "windows/network_connection";
const REGISTRY: &str = "windows/registry_event";

/// What the sources of a log source read, and their scopes.
fn scopes(source: &str) -> String {
    let Body::Event(event) = mapped_rule("asim", Dialect::Kql, source, Logic::True).unwrap().body else { panic!() };
    let scopes = event.arms.iter().map(|arm| format!("{:?} {}", arm.source.reads, show(&arm.source.scope)));
    scopes.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_acting_process_is_the_parent_and_the_parent_its_parent() {
    assert_snapshot!(mapped("asim", PROCESS, item("Image|endswith", &[r"\cmd.exe"])), @r"TargetProcessName = '*\cmd.exe'");
    assert_snapshot!(mapped("asim", PROCESS, item("ParentImage|endswith", &[r"\cmd.exe"])), @r"ActingProcessName = '*\cmd.exe'");
    assert_snapshot!(mapped("asim", PROCESS, item("GrandParentImage|endswith", &[r"\cmd.exe"])), @r"ParentProcessName = '*\cmd.exe' {mapping:GrandParentImage}");
    assert_snapshot!(mapped("asim", "windows/file_event", item("Image|endswith", &[r"\cmd.exe"])), @r"ActingProcessName = '*\cmd.exe'");
    assert_snapshot!(mapped("asim", "windows/registry_set", item("Image|endswith", &[r"\cmd.exe"])), @r"ActingProcessName = '*\cmd.exe'");
}

#[test]
fn numbers_stand_as_text_and_users_with_their_domain() {
    assert_snapshot!(mapped("asim", PROCESS, item("LogonId", &["0x3e7"])), @"TargetUserSessionId = '999' {mapping:LogonId} or TargetUserSessionId = '0x3e7' {mapping:LogonId}");
    assert_snapshot!(mapped("asim", PROCESS, item("ProcessId|number", &["4"])), @"TargetProcessId = 4");
    assert_snapshot!(mapped("asim", PROCESS, item("User|contains", &["AUTHORI", "AUTORI"])), @"TargetUsername = '*AUTHORI*' {mapping:User} or TargetUsername = '*AUTORI*' {mapping:User}");
    assert_snapshot!(mapped("asim", PROCESS, item("IntegrityLevel", &["High", "S-1-16-16384"])), @"TargetProcessIntegrityLevel = 'High' or TargetProcessIntegrityLevel = 'System' or TargetProcessIntegrityLevel = 'S-1-16-16384'");
    assert_snapshot!(
        mapped("asim", PROCESS, item("Hashes|contains", &["IMPHASH=F1039CE1AABBCCDDEEFF001122334455"])),
        @"TargetProcessIMPHASH = 'F1039CE1AABBCCDDEEFF001122334455'"
    );
    assert_snapshot!(
        projected("asim", PROCESS, &[("LogonId", "0x3e7"), ("User", r"CORP\ab"), ("ProcessId", "4")]),
        @r#"_Im_ProcessEvent {TargetProcessId: '4', TargetUserSessionId: '999', TargetUsername: 'CORP\ab'}"#
    );
}

#[test]
fn a_process_is_on_the_side_of_the_host() {
    assert_snapshot!(mapped("asim", NETWORK, item("Image|endswith", &[r"\cmd.exe"])), @r"(NetworkDirection == 'Outbound' and SrcProcessName = '*\cmd.exe' {mapping:Image}) or (NetworkDirection == 'Inbound' and DstProcessName = '*\cmd.exe' {mapping:Image})");
    assert_snapshot!(mapped("asim", NETWORK, item("Initiated", &["true"])), @"NetworkDirection == 'Outbound'");
    assert_snapshot!(
        mapped(
            "asim",
            NETWORK,
            Logic::all([item("Initiated", &["false"]), item("Image|endswith", &[r"\cmd.exe"])])
        ),
        @r"NetworkDirection == 'Inbound' and DstProcessName = '*\cmd.exe' {mapping:Image}"
    );
    assert_snapshot!(mapped("asim", NETWORK, item("DestinationHostname|endswith", &[".example"])), @"DstFQDN = '*.example' or DstHostname = '*.example' {mapping:DestinationHostname}");
    assert_snapshot!(mapped("asim", NETWORK, item("DestinationPort|number", &["443"])), @"DstPortNumber = 443");
    let events: [&[(&str, &str)]; 4] = [
        &[("Initiated", "true"), ("Image", r"C:\cmd.exe"), ("User", "ab")],
        &[("Initiated", "false"), ("Image", r"C:\cmd.exe"), ("DestinationHostname", "a.example")],
        &[("Initiated", "false"), ("Image", r"C:\x.exe")],
        &[("Initiated", "true")],
    ];
    let items: [(&str, &[&str]); 5] = [
        ("Image|endswith", &[r"\cmd.exe"]),
        ("Initiated", &["true"]),
        ("Image|exists", &["false"]),
        ("User", &["ab"]),
        ("DestinationHostname", &["a.example"]),
    ];
    agree("asim", NETWORK, &events, &items);
}

#[test]
fn a_renamed_key_has_its_old_name_apart() {
    assert_snapshot!(mapped("asim", REGISTRY, item("TargetObject|endswith", &[r"\Run\x"])), @r"join(RegistryKey \ RegistryValue) = '*\Run\x' {mapping:TargetObject} or ((EventType == 'RegistryKeyCreated' {mapping:TargetObject} or EventType == 'RegistryKeyDeleted' {mapping:TargetObject}) and RegistryKey = '*\Run\x' {mapping:TargetObject}) | RegistryPreviousKey = '*\Run\x' {mapping:TargetObject}");
    assert_snapshot!(mapped("asim", "windows/registry_rename", item("NewName|startswith", &[r"HKLM\a"])), @r"RegistryKey = 'HKEY_LOCAL_MACHINE\a*' {mapping:NewName}");
    assert_snapshot!(mapped("asim", "windows/registry_set", item("TargetObject|startswith", &[r"HKU\S-1"])), @r"join(RegistryKey \ RegistryValue) = 'HKEY_USERS\S-1*' {mapping:TargetObject} or join(RegistryKey \ RegistryValue) = 'HKEY_CURRENT_USER\S-1*' {mapping:TargetObject}");
    assert_snapshot!(mapped("asim", "windows/registry_set", item("Details", &["(Empty)", "Binary Data", "x"])), @"RegistryValueData = '' {mapping:Details} or RegistryValueData = '(Empty)' {mapping:Details} or RegistryValueType = 'Reg_Binary' {mapping:Details} or RegistryValueData = 'Binary Data' {mapping:Details} or RegistryValueData = 'x' {mapping:Details}");
    assert_snapshot!(mapped("asim", "windows/registry_set", item("Details", &["DWORD (0x00000001)"])), @"(RegistryValueData = '1' {mapping:Details} and RegistryValueType = 'Reg_DWord' {mapping:Details}) or RegistryValueData = 'DWORD (0x00000001)' {mapping:Details}");
    assert_snapshot!(
        projected(
            "asim",
            REGISTRY,
            &[("EventType", "RenameKey"), ("TargetObject", r"HKLM\a\b"), ("NewName", r"HKLM\a\c")]
        ),
        @r#"_Im_RegistryEvent {RegistryKey: 'HKEY_LOCAL_MACHINE\a\c', RegistryPreviousKey: 'HKEY_LOCAL_MACHINE\a\b'}"#
    );
    assert_snapshot!(
        projected("asim", REGISTRY, &[("EventType", "SetValue"), ("TargetObject", r"HKLM\a\b"), ("Details", "x")]),
        @r#"_Im_RegistryEvent {EventType: 'RegistryValueSet', RegistryKey: 'HKEY_LOCAL_MACHINE\a', RegistryValue: 'b', RegistryValueData: 'x'}"#
    );
}

#[test]
fn sources_read_no_more_than_their_events() {
    assert_snapshot!(scopes(PROCESS), @r#"Table("_Im_ProcessEvent") EventType == 'ProcessCreated' {mapping:product}"#);
    assert_snapshot!(scopes(NETWORK), @r#"Table("_Im_NetworkSession") EventType == 'EndpointNetworkSession' {mapping:product} and (NetworkDirection == 'Outbound' or NetworkDirection == 'Inbound')"#);
    assert_snapshot!(scopes("linux/file_delete"), @r#"Table("_Im_FileEvent") EventType == 'FileDeleted' {mapping:product}"#);
    assert_snapshot!(scopes(REGISTRY), @r#"
    Table("_Im_RegistryEvent") EventType == 'RegistryKeyCreated' or EventType == 'RegistryKeyDeleted' or EventType == 'RegistryValueSet' or EventType == 'RegistryValueDeleted'
    Table("_Im_RegistryEvent") EventType == 'RegistryKeyRenamed'
    "#);
    assert_snapshot!(scopes("windows/dns_query"), @r#"Table("_Im_Dns") EventType == 'Query' {mapping:product} and SrcProcessName exists"#);
    assert_snapshot!(scopes("/proxy"), @r#"Table("_Im_WebSession") EventType == 'HTTPsession'"#);
    assert_snapshot!(scopes("/webserver"), @r#"Table("_Im_WebSession") EventType == 'WebServerSession'"#);
    assert_snapshot!(scopes("/dns"), @r#"Table("_Im_Dns") EventType == 'Query'"#);
    assert_snapshot!(scopes("/firewall"), @r#"Table("_Im_NetworkSession") EventType == 'NetworkSession'"#);
}

#[test]
fn windows_tells_its_logons_by_numbers() {
    assert_snapshot!(scopes("windows//security"), @r#"Table("_Im_Authentication") EventOriginalType = '4624' {mapping:EventID} or EventOriginalType = '4625' {mapping:EventID} or EventOriginalType = '4634' {mapping:EventID} or EventOriginalType = '4647' {mapping:EventID}"#);
    assert_snapshot!(mapped("asim", "windows//security", item("EventID|number", &["4624", "4625"])), @"EventOriginalType = '4624' or EventOriginalType = '4625'");
    assert_snapshot!(mapped("asim", "windows//security", item("LogonType|number", &["9"])), @"EventSubType = 'NewCredentials' {mapping:LogonType}");
    assert_snapshot!(mapped("asim", "windows//security", item("EventID|number", &["4776"])), @"value at 10: the number `4776` of `EventID` cannot be mapped: the data model knows it as one of `4624`, `4625`, `4634`, `4647`");
    assert_snapshot!(
        projected("asim", "windows//security", &[("EventID", "4625"), ("LogonType", "3"), ("IpAddress", "10.0.0.1")]),
        @"
    _Im_ProcessEvent {}
    _Im_FileEvent {}
    _Im_FileEvent {}
    _Im_FileEvent {}
    _Im_FileEvent {}
    _Im_FileEvent {}
    _Im_RegistryEvent {}
    _Im_RegistryEvent {}
    _Im_RegistryEvent {}
    _Im_Dns {}
    _Im_NetworkSession {}
    _Im_WebSession {}
    _Im_WebSession {}
    _Im_RegistryEvent {}
    _Im_NetworkSession {}
    _Im_Authentication {EventOriginalType: '4625', EventSubType: 'Network', SrcIpAddr: '10.0.0.1'}
    "
    );
}

#[test]
fn what_the_schemas_lack_is_refused() {
    assert_snapshot!(mapped("asim", "windows/image_load", item("ImageLoaded", &["x"])), @"log-source at 1: the data model `asim` has no source for the log source `windows/image_load` (it serves `windows/process_creation`, `windows/network_connection`, `windows/file_event`, `windows/file_delete`, `windows/file_rename`, `windows/file_change`, `windows/file_access`, `windows/registry_event` and 6 others)");
    assert_snapshot!(mapped("asim", "windows/file_event", item("ParentImage", &["x"])), @"unmapped-field at 10: the data model `asim` has no column for `ParentImage` in `windows/file_event` (its events do not hold this)");
    assert_snapshot!(mapped("asim", NETWORK, item("CommandLine", &["x"])), @"unmapped-field at 10: the data model `asim` has no column for `CommandLine` in `windows/network_connection` (its events do not hold this)");
    assert_snapshot!(mapped("asim", "/webserver", item("cs-uri-query", &["x"])), @"unmapped-field at 10: the data model `asim` has no column for `cs-uri-query` in `webserver` (map it to a column with a processing pipeline)");
}

#[test]
fn only_the_engine_of_a_model_that_says_so_has_scan() {
    let scans = |model: &str| {
        let language = Model::builtin(model).unwrap().languages()[0];
        let rule = mapped_rule(model, language, PROCESS, Logic::True).unwrap();
        let Body::Event(event) = rule.body else { panic!() };
        event.arms.iter().all(|arm| arm.source.scan)
    };
    assert!(scans("asim"));
    assert!(!scans("xdr") && !scans("ecs") && !scans("none"));
}
