//! Translations that other tools get wrong, each by its number in our catalogue, as far as a data model decides them.

use crate::testing::{columns, item, mapped, mapped_rule, show};
use crate::{Dialect, Model};
use insta::assert_snapshot;
use rulecast_ir::{Body, ColumnType, Event, Logic, Mapped};

const PROCESS: &str = "windows/process_creation";
const NETWORK: &str = "windows/network_connection";
const REGISTRY_SET: &str = "windows/registry_set";

fn event(model: &str, source: &str, predicate: rulecast_ir::Predicate<rulecast_ir::Sigma>) -> Event<Mapped> {
    let language = Model::builtin(model).unwrap().languages()[0];
    match mapped_rule(model, language, source, predicate).unwrap().body {
        Body::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

/// What a source reads, and its scope.
pub(super) fn scope(model: &str, source: &str) -> String {
    let event = event(model, source, Logic::True);
    let source = &event.arms[0].source;
    format!("{:?} {}", source.reads, show(&source.scope))
}

fn type_of(model: &str, source: &str, field: &str) -> ColumnType {
    let event = event(model, source, item(&format!("{field}|exists"), &["true"]));
    columns(&event.arms[0].predicate)[0].ty
}

#[test]
fn row_60_a_number_is_compared_with_a_column_of_numbers() {
    assert_eq!(type_of("ecs", PROCESS, "ProcessId"), ColumnType::Long);
    assert_eq!(type_of("xdr", PROCESS, "ProcessId"), ColumnType::Long);
    assert_eq!(type_of("sysmon", NETWORK, "DestinationPort"), ColumnType::Long);
    let rule = mapped_rule("none", Dialect::Eql, PROCESS, item("a|number", &["5"])).unwrap();
    let Body::Event(event) = rule.body else { panic!() };
    assert_eq!(columns(&event.arms[0].predicate)[0].ty, ColumnType::Long);
}

#[test]
fn row_63_a_signature_is_true_or_false() {
    assert_eq!(type_of("ecs", "windows/image_load", "Signed"), ColumnType::Bool);
    let predicate = item("Signed", &["false"]);
    assert_snapshot!(mapped("ecs", "windows/image_load", predicate), @"dll.code_signature.exists = 'false'");
}

#[test]
fn row_64_initiated_is_the_direction() {
    assert_snapshot!(
        mapped("ecs", NETWORK, item("Initiated", &["true"])),
        @"network.direction == 'egress' or network.direction == 'outbound' or event.action == 'connection_attempted'"
    );
}

#[test]
fn row_65_initiated_is_a_set_of_actions() {
    assert_snapshot!(
        mapped("xdr", NETWORK, item("Initiated", &["true"])),
        @"ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt'"
    );
    assert_snapshot!(
        scope("xdr", NETWORK),
        @r#"Table("DeviceNetworkEvents") ActionType == 'ConnectionSuccess' {mapping:product} or ActionType == 'ConnectionFailed' {mapping:product} or ActionType == 'ConnectionRequest' {mapping:product} or ActionType == 'ConnectionAttempt' {mapping:product} or ActionType == 'InboundConnectionAccepted' {mapping:product}"#
    );
}

#[test]
fn row_66_a_part_of_a_user_may_be_of_the_domain() {
    let predicate = || item("User|contains", &["AUTHORI", "AUTORI"]);
    assert_snapshot!(
        mapped("ecs", PROCESS, predicate()),
        @"user.name = '*AUTHORI*' or user.domain = '*AUTHORI*' or user.name = '*AUTORI*' or user.domain = '*AUTORI*'"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, predicate()),
        @"AccountName = '*AUTHORI*' or AccountDomain = '*AUTHORI*' or AccountName = '*AUTORI*' or AccountDomain = '*AUTORI*'"
    );
    assert_snapshot!(mapped("sysmon", PROCESS, predicate()), @"User = '*AUTHORI*' or User = '*AUTORI*'");
}

#[test]
fn row_67_a_user_is_a_domain_and_a_name() {
    assert_snapshot!(
        mapped("ecs", PROCESS, item("User", &[r"NT AUTHORITY\SYSTEM"])),
        @"user.domain = 'NT AUTHORITY' and user.name = 'SYSTEM'"
    );
}

#[test]
fn row_68_a_hash_that_the_platform_lacks_is_refused() {
    let md5 = "MD5=09D278F9DE118EF09163C6140255C690";
    let predicate = item("Hashes|contains", &["IMPHASH=BCCA3C247B619DCD13C8CDFF5F123932", md5]);
    assert_snapshot!(
        mapped("xdr", PROCESS, predicate),
        @"unmapped-field at 10: the data model has no column for `IMPHASH`, which `Hashes` holds (ask for another hash of the same file than its IMPHASH)"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, item("Hashes|contains", &[md5])),
        @"MD5 = '09D278F9DE118EF09163C6140255C690'"
    );
}

#[test]
fn row_70_a_hive_and_a_control_set_go_by_other_names() {
    let predicate = item("TargetObject|startswith", &[r"HKLM\SYSTEM\CurrentControlSet\Services\\"]);
    assert_snapshot!(
        mapped("xdr", REGISTRY_SET, predicate),
        @r"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\*' {mapping:TargetObject}"
    );
}

#[test]
fn row_71_the_name_of_a_value_is_of_the_path() {
    assert_snapshot!(
        mapped("xdr", REGISTRY_SET, item("TargetObject|endswith", &[r"\Run\evil"])),
        @r"join(RegistryKey \ RegistryValueName) = '*\Run\evil' {mapping:TargetObject}"
    );
}

#[test]
fn row_72_a_dword_is_its_number() {
    let predicate = || item("Details", &["DWORD (0x00000001)"]);
    assert_snapshot!(
        mapped("xdr", REGISTRY_SET, predicate()),
        @"RegistryValueData = '1' and RegistryValueType = 'Dword'"
    );
    assert_snapshot!(
        mapped("ecs", REGISTRY_SET, predicate()),
        @"(registry.data.strings = '1' or registry.data.strings = '0x00000001') and (registry.data.type = 'REG_DWORD' or registry.data.type = 'SZ_DWORD')"
    );
    assert_snapshot!(mapped("sysmon", REGISTRY_SET, predicate()), @"Details = 'DWORD (0x00000001)'");
}

#[test]
fn row_73_creating_a_file_is_not_deleting_it() {
    assert_snapshot!(scope("xdr", "windows/file_event"), @r#"Table("DeviceFileEvents") ActionType == 'FileCreated' {mapping:product}"#);
    assert_snapshot!(scope("xdr", "windows/file_delete"), @r#"Table("DeviceFileEvents") ActionType == 'FileDeleted' {mapping:product}"#);
    assert_snapshot!(scope("ecs", "windows/file_event"), @r#"Category(Some("file")) host.os.type == 'windows' and event.type == 'creation'"#);
    assert_snapshot!(scope("sysmon", "windows/file_delete"), @r#"Macro("sysmon_windows") EventCode = 23"#);
}

#[test]
fn row_74_a_logon_id_is_a_number() {
    assert_eq!(type_of("xdr", PROCESS, "LogonId"), ColumnType::Long);
    assert_snapshot!(mapped("xdr", PROCESS, item("LogonId", &["0x3e7"])), @"LogonId = 999");
}

#[test]
fn row_75_the_image_of_a_file_event_is_who_wrote_it() {
    assert_snapshot!(
        mapped("xdr", "windows/file_event", item("Image|endswith", &[r"\winword.exe"])),
        @"InitiatingProcessFileName = 'winword.exe'"
    );
    assert_snapshot!(
        mapped("xdr", "windows/file_event", item("TargetFilename|endswith", &[r"\winword.exe"])),
        @"FileName = 'winword.exe'"
    );
}

#[test]
fn row_76_the_parent_is_who_began_the_process() {
    assert_snapshot!(
        mapped("xdr", PROCESS, item("ParentImage|endswith", &[r"\winword.exe"])),
        @"InitiatingProcessFileName = 'winword.exe'"
    );
}

#[test]
fn row_77_macos_and_linux_are_mapped() {
    for (source, expected) in [
        ("macos/process_creation", "host.os.type == 'macos' and event.type == 'start' and event.action == 'exec'"),
        (
            "linux/process_creation",
            "host.os.type == 'linux' and event.type == 'start' and (event.action == 'exec' or event.action == 'executed')",
        ),
    ] {
        assert_eq!(scope("ecs", source), format!("Category(Some(\"process\")) {expected}"));
        assert_eq!(mapped("ecs", source, item("Image|endswith", &["/curl"])), "process.name = 'curl'");
        assert_eq!(mapped("xdr", source, item("User", &["root"])), "AccountName = 'root'");
        assert_eq!(mapped("sysmon", source, item("Image|endswith", &["/curl"])), "Image = '*/curl'");
    }
}

#[test]
fn row_81_fields_are_compared_by_their_columns() {
    let predicate = || item("User|fieldref", &["ParentUser"]);
    assert_snapshot!(
        mapped("xdr", PROCESS, predicate()),
        @"AccountDomain = InitiatingProcessAccountDomain and AccountName = InitiatingProcessAccountName"
    );
    assert_snapshot!(mapped("sysmon", PROCESS, predicate()), @"User = ParentUser");
    assert_snapshot!(
        mapped("ecs", PROCESS, item("Image|fieldref", &["ParentImage"])),
        @"process.executable = process.parent.executable"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, item("Image|fieldref", &["User"])),
        @"field-comparison at 10: `Image` cannot be compared with another field: no one column holds it as it is"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, item("LogonId|fieldref", &["CommandLine"])),
        @"field-comparison at 10: `LogonId` cannot be compared with another field: no one column holds it as it is"
    );
}

#[test]
fn a_query_name_is_a_property_of_parsed_json() {
    assert_snapshot!(
        mapped("xdr", "windows/dns_query", item("QueryName|endswith", &[".onion"])),
        @"json(AdditionalFields).DnsQueryString = '*.onion'"
    );
    assert_snapshot!(scope("xdr", "windows/dns_query"), @r#"Table("DeviceEvents") ActionType == 'DnsQueryResponse'"#);
}

#[test]
fn values_that_are_one_to_the_model_are_asked_for_once() {
    let levels = item("IntegrityLevel", &["High", "S-1-16-12288"]);
    assert_eq!(mapped("xdr", PROCESS, levels), "ProcessIntegrityLevel = 'High'");
    let levels = item("IntegrityLevel", &["High", "System", "S-1-16-12288", "S-1-16-16384"]);
    assert_eq!(mapped("xdr", PROCESS, levels), "ProcessIntegrityLevel = 'High' or ProcessIntegrityLevel = 'System'");
}

#[test]
fn a_list_of_values_shares_what_its_columns_share() {
    let numbers = || item("Details", &["DWORD (0x00000000)", "x.exe", "DWORD (0x00000001)", "DWORD (0x00000002)"]);
    assert_snapshot!(
        mapped("xdr", REGISTRY_SET, numbers()),
        @"((RegistryValueData = '0' or RegistryValueData = '1' or RegistryValueData = '2') and RegistryValueType = 'Dword') or RegistryValueData = 'x.exe'"
    );
    assert_snapshot!(
        mapped("xdr", NETWORK, item("DestinationPort|number", &["80", "443", "8080"])),
        @"((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and (RemotePort = 80 or RemotePort = 443 or RemotePort = 8080)) or (ActionType == 'InboundConnectionAccepted' and (LocalPort = 80 or LocalPort = 443 or LocalPort = 8080))"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, item("User", &[r"NT AUTHORITY\SYSTEM", r"NT AUTHORITY\NETWORK SERVICE"])),
        @"AccountDomain = 'NT AUTHORITY' and (AccountName = 'SYSTEM' or AccountName = 'NETWORK SERVICE')"
    );
    assert_snapshot!(
        mapped("xdr", PROCESS, item("User", &[r"A\SYSTEM", r"B\SYSTEM", r"B\x"])),
        @"((AccountDomain = 'A' or AccountDomain = 'B') and AccountName = 'SYSTEM') or (AccountDomain = 'B' and AccountName = 'x')"
    );
    let written = Logic::any([
        Logic::all([item("Image|endswith", &[r"\x"]), item("CommandLine", &["a"])]),
        Logic::all([item("Image|endswith", &[r"\x"]), item("CommandLine", &["b"])]),
    ]);
    assert_snapshot!(
        mapped("xdr", PROCESS, written),
        @"(FileName = 'x' and ProcessCommandLine = 'a') or (FileName = 'x' and ProcessCommandLine = 'b')"
    );
}
