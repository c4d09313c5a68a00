//! Defender's tables: events that one log source has in several of them, and fields by event.

use crate::testing::{agree, item, mapped, projected};
use insta::assert_snapshot;
use rulecast_ir::{Logic, Predicate, Sigma};

const SECURITY: &str = "windows//security";

fn event(id: &str, rest: impl IntoIterator<Item = Predicate<Sigma>>) -> Predicate<Sigma> {
    Logic::all([item("EventID|number", &[id])].into_iter().chain(rest))
}

#[test]
fn the_event_decides_the_table_and_the_column() {
    let user = || item("TargetUserName|endswith", &["$"]);
    assert_snapshot!(mapped("xdr", SECURITY, event("4720", [user()])), @"ActionType == 'UserAccountCreated' {mapping:EventID} and AccountName = '*$' {mapping:TargetUserName}");
    assert_snapshot!(mapped("xdr", SECURITY, event("4732", [user()])), @"ActionType == 'UserAccountAddedToLocalGroup' {mapping:EventID} and json(AdditionalFields).GroupName = '*$' {mapping:TargetUserName}");
    assert_snapshot!(mapped("xdr", SECURITY, event("4624", [user(), item("LogonType|number", &["3"])])), @"ActionType == 'LogonSuccess' {mapping:EventID} and AccountName = '*$' and LogonType = 'Network' {mapping:LogonType}");
    assert_snapshot!(mapped("xdr", SECURITY, event("4697", [item("ServiceType", &["0x10"])])), @"json(AdditionalFields).ServiceType = 16");
    assert_snapshot!(mapped("xdr", SECURITY, item("EventID|number", &["4720", "4625"])), @"ActionType == 'UserAccountCreated' {mapping:EventID} | ActionType == 'LogonFailed' {mapping:EventID}");
}

#[test]
fn an_event_that_no_table_has_is_refused_once() {
    assert_snapshot!(mapped("xdr", SECURITY, event("4663", [])), @"value at 10: the number `4663` of `EventID` cannot be mapped: the data model knows it as one of `1102`, `4624`, `4625`, `4697`, `4698`, `4699`, `4700`, `4701`, `4702`, `4720`, `4726`, `4731`, `4732`, `4733`, `4734`, `4738`, `6416`");
    assert_snapshot!(mapped("xdr", SECURITY, event("4697", [item("ServiceFileName|contains", &["x"])])), @"unmapped-field at 10: the data model `xdr` has no column for `ServiceFileName` in `windows/security` (did you mean `ServiceName`?)");
    assert_snapshot!(mapped("xdr", SECURITY, event("4624", [item("LogonType|number", &["9"])])), @"value at 10: the number `9` of `LogonType` cannot be mapped: the data model knows it as one of `2`, `3`, `4`, `5`, `10`");
}

/// The rows of an event of the security log that hold anything of it.
fn held(fields: &[(&str, &str)]) -> String {
    projected("xdr", SECURITY, fields).lines().filter(|row| !row.ends_with("{}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_event_stands_in_its_own_table_alone() {
    assert_snapshot!(held(&[("EventID", "4720"), ("TargetUserName", "x$")]), @"DeviceEvents {AccountName: 'x$'}");
    assert_snapshot!(held(&[("EventID", "4624"), ("LogonType", "10"), ("IpAddress", "10.0.0.1")]), @"DeviceLogonEvents {LogonType: 'RemoteInteractive', RemoteIP: '10.0.0.1'}");
    assert_snapshot!(held(&[("EventID", "4697"), ("ServiceName", "PSEXESVC"), ("ServiceType", "0x10")]), @r#"DeviceEvents {AdditionalFields: '{"ServiceName":"PSEXESVC","ServiceType":16}'}"#);
    let events: [&[(&str, &str)]; 4] = [
        &[("EventID", "4720"), ("TargetUserName", "x$")],
        &[("EventID", "4732"), ("TargetUserName", "Administrators"), ("MemberSid", "S-1-5-21-1")],
        &[("EventID", "4624"), ("TargetUserName", "x$"), ("LogonType", "3")],
        &[("EventID", "4697"), ("ServiceName", "PSEXESVC"), ("ServiceType", "0x10")],
    ];
    let items: [(&str, &[&str]); 4] = [
        ("EventID|number", &["4720"]),
        ("EventID|number", &["4624", "4697"]),
        ("EventID", &["4732"]),
        ("EventID|exists", &["true"]),
    ];
    agree("xdr", SECURITY, &events, &items);
}

#[test]
fn a_service_is_the_same_in_both_logs() {
    let predicate = || [item("ServiceName|startswith", &["PAExec"])];
    let system = Logic::all([
        item("Provider_Name", &["Service Control Manager"]),
        item("EventID|number", &["7045"]),
        item("ServiceName|startswith", &["PAExec"]),
    ]);
    assert_snapshot!(mapped("xdr", "windows//system", system), @"json(AdditionalFields).ServiceName = 'PAExec*'");
    assert_snapshot!(mapped("xdr", SECURITY, event("4697", predicate())), @"json(AdditionalFields).ServiceName = 'PAExec*'");
}

#[test]
fn a_file_that_was_found_has_its_folder_and_its_name_apart() {
    const VIRUS: &str = "/antivirus";
    assert_snapshot!(mapped("xdr", VIRUS, item("Signature|contains", &["Mimikatz"])), @"json(AdditionalFields).ThreatName = '*Mimikatz*'");
    assert_snapshot!(mapped("xdr", VIRUS, item("Filename|contains", &[r":\Temp\\"])), @r#"join(FolderPath \ FileName) = '*:\Temp\*' {mapping:Filename}"#);
    assert_snapshot!(mapped("xdr", VIRUS, item("Filename|endswith", &[".aspx"])), @r#"join(FolderPath \ FileName) = '*.aspx' {mapping:Filename}"#);
    assert_snapshot!(mapped("xdr", VIRUS, item("Filename|exists", &["false"])), @"FileName missing {mapping:Filename}");
    assert_snapshot!(projected("xdr", VIRUS, &[("Filename", r"C:\Temp\x.exe"), ("Signature", "Virus:Win32/X")]), @r#"DeviceEvents {AdditionalFields: '{"ThreatName":"Virus:Win32/X"}', FileName: 'x.exe', FolderPath: 'C:\Temp'}"#);
    let events: [&[(&str, &str)]; 2] = [&[("Filename", r"C:\Temp\x.exe")], &[]];
    let items: [(&str, &[&str]); 4] = [
        ("Filename|contains", &[r"\Temp\\", r"p\x"]),
        ("Filename|endswith", &[r"\x.exe", ".exe"]),
        ("Filename", &[r"C:\Temp\x.exe"]),
        ("Filename|exists", &["true"]),
    ];
    agree("xdr", VIRUS, &events, &items);
}

#[test]
fn what_a_handle_may_do_stands_as_a_number() {
    const ACCESS: &str = "windows/process_access";
    let lsass =
        Logic::all([item("TargetImage|endswith", &[r"\lsass.exe"]), item("GrantedAccess", &["0x1410", "0x1fffff"])]);
    assert_snapshot!(mapped("xdr", ACCESS, lsass), @"FileName = 'lsass.exe' {mapping:TargetImage} and (json(AdditionalFields).DesiredAccess = 5136 {mapping:GrantedAccess} or json(AdditionalFields).DesiredAccess = 2097151 {mapping:GrantedAccess})");
    assert_snapshot!(mapped("xdr", ACCESS, item("CallTrace|contains", &["UNKNOWN"])), @"unmapped-field at 10: the data model `xdr` has no column for `CallTrace` in `windows/process_access` (map it to a column with a processing pipeline)");
    assert_snapshot!(projected("xdr", ACCESS, &[("GrantedAccess", "0x1410")]), @r#"DeviceEvents {AdditionalFields: '{"DesiredAccess":5136}'}"#);
}

#[test]
fn a_protocol_may_have_its_version_behind_it() {
    assert_snapshot!(mapped("xdr", "windows/network_connection", item("Protocol", &["tcp", "icmp"])), @"Protocol = 'Tcp' or Protocol = 'TcpV4' or Protocol = 'TcpV6' or Protocol = 'icmp'");
}

#[test]
fn sign_ins_tell_states_by_number() {
    const SIGN_IN: &str = "azure//signinlogs";
    let risky = Logic::all([
        item("Status", &["Success"]),
        item("RiskState", &["atRisk"]),
        item("AuthenticationRequirement", &["singleFactorAuthentication"]),
    ]);
    assert_snapshot!(mapped("xdr", SIGN_IN, risky), @"ErrorCode = 0 {mapping:Status} and RiskState = 4 and AuthenticationRequirement = 'singleFactorAuthentication'");
    assert_snapshot!(mapped("xdr", SIGN_IN, item("ResultType|number", &["53003"])), @"ErrorCode = 53003");
    assert_snapshot!(mapped("xdr", SIGN_IN, item("Status|contains", &["MFA Denied"])), @"value at 10: the value `*MFA Denied*` of `Status` cannot be mapped: the data model knows it as one of `Success`");
}
