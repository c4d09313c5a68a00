//! Elastic Agent (`ecs`) and Winlogbeat (`winlogbeat`): where pipelines put the fields of event logs, of Sysmon and of
//! services, and what they take away.

use super::catalogue::scope;
use crate::Model;
use crate::testing::{agree, item, mapped, projected};
use insta::assert_snapshot;

#[test]
fn defend_and_sysmon_are_told_apart_by_their_scopes() {
    assert_snapshot!(scope("ecs", "windows/image_load"), @r#"Category(Some("library")) host.os.type == 'windows'"#);
    assert_snapshot!(scope("winlogbeat", "windows/image_load"), @"Category(None) event.provider = 'Microsoft-Windows-Sysmon' and event.code == '7'");
    assert_snapshot!(scope("ecs", "windows/process_access"), @"Category(None) event.provider = 'Microsoft-Windows-Sysmon' and event.code == '10'");
    assert_snapshot!(scope("winlogbeat", "windows/registry_delete"), @"Category(None) event.provider = 'Microsoft-Windows-Sysmon' and event.code == '12' and (winlog.event_data.EventType = 'DeleteKey' or winlog.event_data.EventType = 'DeleteValue')");
    assert_snapshot!(scope("ecs", "windows//bits-client"), @"Category(None) winlog.channel = 'Microsoft-Windows-Bits-Client/Operational'");
    assert_snapshot!(scope("ecs", "windows/ps_script"), @"Category(None) (winlog.channel = 'Microsoft-Windows-PowerShell/Operational' {integration:winlog} or winlog.channel = 'PowerShellCore/Operational' {integration:winlog}) and event.code == '4104'");
}

#[test]
fn what_a_pipeline_moves_is_asked_for_where_it_is() {
    const SECURITY: &str = "windows//security";
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("EventID|number", &["4624"])), @"event.code == '4624'");
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("ProcessName|endswith", &[r"\x.exe"])), @r#"process.executable = '*\x.exe' or winlog.event_data.ProcessName = '*\x.exe'"#);
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("IpAddress", &["-", "::1"])), @"winlog.event_data.IpAddress = '-' or source.ip = '::1'");
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("IpAddress|cidr", &["10.0.0.0/8"])), @"source.ip in 10.0.0.0/8");
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("SubjectUserName|endswith", &["$"])), @"winlog.event_data.SubjectUserName = '*$'");
    assert_snapshot!(mapped("winlogbeat", SECURITY, item("Keywords", &["0x8010000000000000"])), @"event.outcome = 'failure'");
    assert_snapshot!(mapped("ecs", "windows//windefend", item("NewValue|contains", &["Exclusions"])), @"winlog.event_data.New_Value = '*Exclusions*'");
    assert_snapshot!(mapped("ecs", "windows/wmi_event", item("Destination|contains", &["iex"])), @"process.executable = '*iex*'");
    assert_snapshot!(mapped("ecs", "windows/create_remote_thread", item("StartModule", &[""])), @"winlog.event_data.StartModule missing");
    assert_snapshot!(mapped("ecs", "opencanary/application", item("logtype|number", &["2000"])), @"log.logger = 'LOG_FTP_LOGIN_ATTEMPT'");
    assert_snapshot!(mapped("ecs", "aws//cloudtrail", item("additionalEventData.MFAUsed", &["NO"])), @"aws.cloudtrail.console_login.additional_eventdata.mfa_used = 'false'");
    assert_snapshot!(mapped("ecs", "linux//auditd", item("type", &["EXECVE"])), @"event.action = 'EXECVE' or auditd.log.record_type = 'EXECVE'");
}

#[test]
fn what_a_pipeline_takes_away_is_refused() {
    assert_snapshot!(mapped("ecs", "linux//auditd", item("a1", &["-c"])), @"unmapped-field at 10: the data model `ecs` has no column for `a1` in `linux/auditd` (its events do not hold this)");
    assert_snapshot!(mapped("ecs", "windows/file_event", item("ParentImage|endswith", &[r"\x.exe"])), @"unmapped-field at 10: the data model `ecs` has no column for `ParentImage` in `windows/file_event` (its events do not hold this)");
    assert_snapshot!(mapped("winlogbeat", "aws//cloudtrail", item("eventName", &["x"])), @"log-source at 1: the data model `winlogbeat` has no source for the log source `aws/cloudtrail` (it serves `windows/process_creation`, `windows/network_connection`, `windows/process_termination`, `windows/driver_load`, `windows/image_load`, `windows/file_event`, `windows/registry_event`, `windows/registry_add` and 65 others)");
    assert_snapshot!(mapped("winlogbeat", "windows/file_rename", item("TargetFilename", &["x"])), @"log-source at 1: the data model `winlogbeat` has no source for the log source `windows/file_rename` (did you mean `windows/file_event`?)");
}

#[test]
fn scripts_rest_on_the_integration_that_keeps_them() {
    assert_snapshot!(mapped("ecs", "windows/ps_script", item("ScriptBlockText|contains", &["IEX"])), @"winlog.event_data.ScriptBlockText = '*IEX*' {mapping:ScriptBlockText}");
    assert_snapshot!(mapped("ecs", "windows/ps_module", item("Payload|contains", &["IEX"])), @"winlog.event_data.Payload = '*IEX*' {mapping:Payload}");
}

#[test]
fn data_of_the_registry_stay_as_sysmon_writes_them() {
    const SET: &str = "windows/registry_set";
    assert_snapshot!(mapped("winlogbeat", SET, item("Details", &["DWORD (0x00000001)"])), @"winlog.event_data.Details = 'DWORD (0x00000001)'");
    assert_snapshot!(mapped("winlogbeat", SET, item("TargetObject|startswith", &[r"HKLM\SOFTWARE\"])), @r#"registry.path = 'HKLM\SOFTWARE\*'"#);
    assert_snapshot!(
        projected("winlogbeat", SET, &[("Details", "DWORD (0x00000001)"), ("TargetObject", r"HKLM\a"), ("User", r"CORP\ab")]),
        @r#"events {registry.path: 'HKLM\a', user.domain: 'CORP', user.name: 'ab', winlog.event_data.Details: 'DWORD (0x00000001)'}"#
    );
}

#[test]
fn both_readings_agree() {
    let events: [&[(&str, &str)]; 4] = [
        &[("Image", r"C:\a\cmd.exe"), ("IntegrityLevel", "High"), ("Hashes", "MD5=00112233445566778899aabbccddeeff")],
        &[("Image", r"D:\cmd.exe"), ("IntegrityLevel", "S-1-16-12288"), ("User", r"NT AUTHORITY\SYSTEM")],
        &[("CommandLine", "a"), ("IntegrityLevel", "System"), ("LogonId", "0x3e7")],
        &[],
    ];
    let items: [(&str, &[&str]); 7] = [
        ("Image|endswith", &[r"\cmd.exe"]),
        ("IntegrityLevel", &["High"]),
        ("IntegrityLevel|exists", &["true"]),
        ("Hashes|contains", &["MD5=00112233445566778899AABBCCDDEEFF"]),
        ("User", &[r"NT AUTHORITY\SYSTEM"]),
        ("LogonId", &["0x3e7"]),
        ("CommandLine|exists", &["false"]),
    ];
    agree("winlogbeat", "windows/process_creation", &events, &items);
    let events: [&[(&str, &str)]; 4] = [
        &[("IpAddress", "-"), ("LogonType", "3"), ("ProcessName", r"C:\x.exe")],
        &[("IpAddress", "10.0.0.1"), ("WorkstationName", "W1")],
        &[("ObjectName", r"\Device\x"), ("AccessList", "%%4417")],
        &[],
    ];
    let items: [(&str, &[&str]); 6] = [
        ("IpAddress", &["-", "10.0.0.1"]),
        ("IpAddress|cidr", &["10.0.0.0/8"]),
        ("LogonType", &["3"]),
        ("ProcessName|endswith", &[r"\x.exe"]),
        ("WorkstationName|exists", &["true"]),
        ("AccessList|contains", &["4417"]),
    ];
    agree("ecs", "windows//security", &events, &items);
    agree("winlogbeat", "windows//security", &events, &items);
}

#[test]
fn winlogbeat_serves_windows_alone() {
    let model = Model::builtin("winlogbeat").unwrap();
    let others = model.log_sources(crate::Dialect::Eql).filter(|source| !source.starts_with("windows/"));
    assert_eq!(others.collect::<Vec<_>>(), ["antivirus"]);
}
