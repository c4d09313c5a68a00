//! The logs of Windows, clouds and networks in Splunk.

use crate::testing::{agree, item, mapped, mapped_rule, show};
use crate::{Dialect, Model};
use insta::assert_snapshot;
use rulecast_ir::{Body, Logic};

/// What a source reads, and its scope.
fn scope(model: &str, source: &str) -> String {
    match mapped_rule(model, Dialect::Spl, source, Logic::True).unwrap().body {
        Body::Event(event) => format!("{:?} {}", event.arms[0].source.reads, show(&event.arms[0].source.scope)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_channel_of_windows_is_asked_for_by_name() {
    assert_snapshot!(scope("winlog", "windows//security"), @r#"Macro("windows_eventlog") Channel = 'Security'"#);
    assert_snapshot!(
        scope("winlog", "windows//bits-client"),
        @r#"Macro("windows_eventlog") Channel = 'Microsoft-Windows-Bits-Client/Operational'"#
    );
    assert_snapshot!(
        scope("winlog", "windows/ps_script"),
        @r#"Macro("windows_eventlog") (Channel = 'Microsoft-Windows-PowerShell/Operational' or Channel = 'PowerShellCore/Operational') and EventCode = 4104"#
    );
    assert_snapshot!(scope("winlog", "windows"), @r#"Macro("windows_eventlog") true"#);
    assert_snapshot!(
        scope("winlog", "windows/process_creation"),
        @r#"Macro("windows_eventlog") Channel = 'Security' and EventCode = 4688"#
    );
}

#[test]
fn a_new_process_in_the_security_log() {
    const PROCESS: &str = "windows/process_creation";
    assert_snapshot!(mapped("winlog", PROCESS, item("Image|endswith", &[r"\x.exe"])), @r"NewProcessName = '*\x.exe'");
    assert_snapshot!(mapped("winlog", PROCESS, item("ProcessId|number", &["420"])), @"NewProcessId = '0x1a4'");
    assert_snapshot!(mapped("winlog", PROCESS, item("ParentProcessId", &["420"])), @"ProcessId = '0x1a4'");
    assert_snapshot!(
        mapped("winlog", PROCESS, item("IntegrityLevel", &["High", "S-1-16-12288"])),
        @r"MandatoryLabel = 'S-1-16-12288' {mapping:IntegrityLevel} or MandatoryLabel = 'Mandatory Label\High Mandatory Level' {mapping:IntegrityLevel}"
    );
    assert_snapshot!(
        mapped("winlog", PROCESS, item("User|contains", &["AUTHORI"])),
        @"SubjectUserSid = '*AUTHORI*' {mapping:User}"
    );
    for lacking in ["Hashes", "OriginalFileName", "ParentCommandLine", "CurrentDirectory"] {
        let refused = mapped("winlog", PROCESS, item(lacking, &["x"]));
        assert!(refused.starts_with("unmapped-field"), "{refused}");
    }
    let events: [&[(&str, &str)]; 3] = [
        &[("Image", r"C:\x.exe"), ("ProcessId", "420"), ("IntegrityLevel", "High")],
        &[("CommandLine", "a"), ("ParentImage", r"C:\y.exe"), ("IntegrityLevel", "S-1-16-8192")],
        &[],
    ];
    let items: [(&str, &[&str]); 4] = [
        ("Image|endswith", &[r"\x.exe"]),
        ("ProcessId", &["420"]),
        ("IntegrityLevel", &["High", "S-1-16-12288"]),
        ("IntegrityLevel", &["Medium", "S-1-16-8192"]),
    ];
    agree("winlog", PROCESS, &events, &items);
}

#[test]
fn what_a_channel_holds_in_xml_is_between_tags() {
    assert_snapshot!(
        mapped("winlog", "windows//wmi", item("Operation|contains", &["cleareventlog"])),
        @"UserData_Xml ~ /<Operation>the value `*cleareventlog*`</Operation>/"
    );
    // Of event 104 it is the log that was cleared.
    assert_snapshot!(
        mapped("winlog", "windows//system", item("Channel", &["Security"])),
        @"UserData_Xml ~ /<Channel>the value `Security`</Channel>/"
    );
    assert_snapshot!(
        mapped("winlog", "windows//windefend", item("NewValue|contains", &["a b"])),
        @"New_Value = '*a b*'"
    );
}

#[test]
fn json_below_a_list_is_named_with_braces() {
    assert_snapshot!(
        mapped("winlog", "gcp//gcp.audit", item("data.protoPayload.authorizationInfo.permission", &["a"])),
        @"data.protoPayload.authorizationInfo{}.permission = 'a'"
    );
    assert_snapshot!(
        mapped("winlog", "okta//okta", item("target.displayName", &["a"])),
        @"target{}.displayName = 'a'"
    );
    assert_snapshot!(
        mapped("winlog", "azure//auditlogs", item("properties.message", &["Add user"])),
        @"properties.activityDisplayName = 'Add user' {mapping:properties.message}"
    );
    let refused = mapped("winlog", "aws//cloudtrail", item("requestParameters|contains", &["a"]));
    assert!(refused.starts_with("unmapped-field"), "{refused}");
}

#[test]
fn sysmon_serves_endpoints_itself_and_takes_over_the_rest() {
    assert_snapshot!(
        scope("sysmon", "windows/process_creation"),
        @r#"Macro("sysmon_windows") EventCode = 1"#
    );
    let served =
        |model: &str| Model::builtin(model).unwrap().log_sources(Dialect::Spl).map(str::to_owned).collect::<Vec<_>>();
    let (ours, base) = (served("sysmon"), served("winlog"));
    assert!(base.iter().all(|one| ours.contains(one)), "{base:?}");
    for source in ["windows//security", "aws//cloudtrail", "linux//auditd", "linux"] {
        assert_eq!(scope("sysmon", source), scope("winlog", source));
    }
}
