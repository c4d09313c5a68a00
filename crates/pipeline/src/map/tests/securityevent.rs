//! Tables of Microsoft Sentinel.

use crate::testing::{agree, item, mapped, projected};
use insta::assert_snapshot;

/// The rows with something in them: an event whose service is not known may be of any channel.
fn filled(source: &str, fields: &[(&str, &str)]) -> String {
    let rows = projected("securityevent", source, fields);
    rows.lines().filter(|row| !row.ends_with("{}")).collect::<Vec<_>>().join("\n")
}

fn shown(source: &str, key: &str, values: &[&str]) -> String {
    mapped("securityevent", source, item(key, values))
}

#[test]
fn a_new_process_is_one_of_the_security_log() {
    const PROCESS: &str = "windows/process_creation";
    assert_snapshot!(shown(PROCESS, "Image|endswith", &[r"\cmd.exe", r"32\cmd.exe"]), @r#"Process = 'cmd.exe' or NewProcessName = '*32\cmd.exe'"#);
    assert_snapshot!(shown(PROCESS, "ProcessId", &["420", "1*"]), @"value at 20: the value `1*` of `ProcessId` cannot be mapped: the column holds a number in hexadecimal, and this is no whole number");
    assert_snapshot!(shown(PROCESS, "ParentProcessId|number", &["420"]), @"ProcessId = '0x1a4'");
    assert_snapshot!(shown(PROCESS, "IntegrityLevel", &["High", "S-1-16-16384"]), @"MandatoryLabel = 'S-1-16-12288' or MandatoryLabel = 'S-1-16-16384'");
    assert_snapshot!(shown(PROCESS, "User", &[r"NT AUTHORITY\SYSTEM", r"CORP\ab"]), @r#"SubjectUserSid = 'S-1-5-18' {mapping:User} or SubjectAccount = 'CORP\ab' {mapping:User}"#);
    assert_snapshot!(shown(PROCESS, "User|contains", &["AUTHORI"]), @"SubjectUserSid = 'S-1-5-18' {mapping:User} or SubjectUserSid = 'S-1-5-19' {mapping:User} or SubjectUserSid = 'S-1-5-20' {mapping:User} or SubjectAccount = '*AUTHORI*' {mapping:User}");
    assert_snapshot!(shown(PROCESS, "Hashes|contains", &["MD5=abc"]), @"unmapped-field at 10: the data model `securityevent` has no column for `Hashes` in `windows/process_creation` (its events do not hold this)");
    assert_snapshot!(
        filled(PROCESS, &[("Image", r"C:\x\cmd.exe"), ("ProcessId", "420"), ("IntegrityLevel", "Low")]),
        @r#"SecurityEvent {MandatoryLabel: 'S-1-16-4096', NewProcessId: '0x1a4', NewProcessName: 'C:\x\cmd.exe', Process: 'cmd.exe'}"#
    );
    let events: [&[(&str, &str)]; 3] =
        [&[("ProcessId", "420"), ("IntegrityLevel", "High")], &[("ProcessId", "x")], &[]];
    let items: [(&str, &[&str]); 4] = [
        ("ProcessId", &["420"]),
        ("ProcessId|number", &["420"]),
        ("ProcessId|exists", &["true"]),
        ("IntegrityLevel", &["high"]),
    ];
    agree("securityevent", PROCESS, &events[..1], &items);
    agree("securityevent", PROCESS, &events[2..], &items);
}

#[test]
fn sysmon_stands_in_the_xml_of_an_event() {
    assert_snapshot!(shown("windows/image_load", "Signed", &["false"]), @"xml(EventData).Signed = 'false'");
    assert_snapshot!(shown("windows/process_creation/sysmon", "OriginalFileName", &["cmd.exe"]), @"xml(EventData).OriginalFileName = 'cmd.exe'");
    assert_snapshot!(
        filled("windows/registry_add", &[("TargetObject", r"HKLM\a<b>\R&D"), ("Image", "\"a\"")]),
        @r#"Event {EventData: '<DataItem type="System.XmlData"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><Data Name="EventType">CreateKey</Data><Data Name="Image">&quot;a&quot;</Data><Data Name="TargetObject">HKLM\a&lt;b&gt;\R&amp;D</Data></EventData></DataItem>'}"#
    );
    // A value that is deleted is of another category.
    assert_snapshot!(filled("windows/registry_add", &[("EventType", "DeleteKey")]), @"");
    let events: [&[(&str, &str)]; 3] =
        [&[("TargetObject", r"HKLM\a<b>\R&D;")], &[("TargetObject", r"HKLM\a&lt;b")], &[]];
    let items: [(&str, &[&str]); 4] = [
        ("TargetObject|contains", &["<b>"]),
        ("TargetObject|endswith", &["&D;"]),
        ("TargetObject|contains", &["&lt;"]),
        ("TargetObject|exists", &["false"]),
    ];
    agree("securityevent", "windows/registry_add", &events, &items);
}

#[test]
fn what_a_table_has_no_column_for_stands_in_its_data() {
    const SECURITY: &str = "windows//security";
    assert_snapshot!(shown(SECURITY, "LogonType", &["3"]), @"LogonType = '3'");
    assert_snapshot!(shown(SECURITY, "AttributeLDAPDisplayName", &["servicePrincipalName"]), @"xml(EventData).AttributeLDAPDisplayName = 'servicePrincipalName'");
    assert_snapshot!(shown("windows//windefend", "NewValue|contains", &["Exclusions"]), @"xml(EventData).New Value = '*Exclusions*'");
    assert_snapshot!(shown("windows//application", "Data|contains", &["ntds.dit"]), @"RenderedDescription = '*ntds.dit*' {mapping:Data}");
    assert_snapshot!(shown("windows//wmi", "Operation", &["x"]), @"unmapped-field at 10: the data model `securityevent` has no column for `Operation` in `windows/wmi` (map it to a column with a processing pipeline)");
}

#[test]
fn services_of_clouds() {
    assert_snapshot!(shown("aws//cloudtrail", "requestParameters.attribute", &["userData"]), @"json(RequestParameters).attribute = 'userData'");
    assert_snapshot!(shown("azure//signinlogs", "Status", &["Success"]), @"ResultType = '0'");
    assert_snapshot!(shown("azure//signinlogs", "DeviceDetail.isCompliant", &["false"]), @"DeviceDetail.isCompliant = 'false'");
    assert_snapshot!(shown("azure//activitylogs", "operationName", &["MICROSOFT.COMPUTE/SNAPSHOTS/WRITE"]), @"OperationNameValue = 'MICROSOFT.COMPUTE/SNAPSHOTS/WRITE'");
    assert_snapshot!(shown("kubernetes/application/audit", "objectRef.resource", &["secrets"]), @"ObjectRef.resource = 'secrets'");
    assert_snapshot!(shown("okta//okta", "securityContext.isProxy", &["true"]), @"SecurityContextIsProxy = 'true'");
    assert_snapshot!(shown("linux//auditd", "type", &["EXECVE"]), @"RecordType = 'EXECVE' {mapping:type}");
    let events: [&[(&str, &str)]; 2] = [&[("objectRef.resource", "secrets"), ("verb", "get")], &[("verb", "list")]];
    agree("securityevent", "kubernetes//audit", &events, &[("objectRef.resource", &["secrets"]), ("verb", &["get"])]);
}
