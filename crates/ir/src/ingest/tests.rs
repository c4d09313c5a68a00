use super::{ReadError, records};
use crate::Record;
use std::fmt::Write;

/// The events as lines: id and time, log sources, fields.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for record in records(text, 0).unwrap() {
        let _ = writeln!(out, "{} at {} of {}", record.id, record.time, log_sources(&record));
        for (name, values) in &record.fields {
            let values: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
            let _ = writeln!(out, "  {name} = {}", values.join(", "));
        }
    }
    out
}

fn log_sources(record: &Record) -> String {
    let Some(sources) = &record.log_sources else { return "any".to_owned() };
    let part = |part: &Option<crate::Name>| part.as_deref().unwrap_or("any").to_owned();
    let all: Vec<String> =
        sources.iter().map(|one| [part(&one.product), part(&one.category), part(&one.service)].join("/")).collect();
    all.join(" ")
}

/// The log sources of an event of a channel and event id.
#[track_caller]
fn check(channel: &str, id: u32, data: &str, expected: &str) {
    let event =
        format!(r#"{{"Event": {{"System": {{"Channel": "{channel}", "EventID": {id}}}, "EventData": {data}}}}}"#);
    let flat = format!(r#"{{"Channel": "{channel}", "EventID": "{id}", {}"#, data.trim_start_matches('{'));
    let flat = flat.replace(", }", "}");
    for text in [event, flat] {
        assert_eq!(log_sources(&records(&text, 0).unwrap()[0]), expected, "{text}");
    }
}

#[test]
fn an_event_of_windows_gets_the_names_of_rules() {
    insta::assert_snapshot!(shown(r##"{"Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon", "Guid": "{5770385f}"}},
            "EventID": 1, "Correlation": null,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T08:15:30.125000Z"}},
            "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "desk-7",
            "Security": {"#attributes": {"UserID": "S-1-5-18"}}},
        "EventData": {"Image": "C:\\a.exe", "ProcessId": 4120, "Odd Name": "", "Hashes": null}}}"##), @r#"
    0 at 1795335330125 of windows/process_creation/sysmon
      Channel = Text("Microsoft-Windows-Sysmon/Operational")
      Computer = Text("desk-7")
      EventID = Integer(1)
      Image = Text("C:\\a.exe")
      OddName = Text("")
      ProcessId = Integer(4120)
      Provider_Guid = Text("{5770385f}")
      Provider_Name = Text("Microsoft-Windows-Sysmon")
      Security_UserID = Text("S-1-5-18")
      TimeCreated_SystemTime = Text("2026-11-22T08:15:30.125000Z")
    "#);
}

#[test]
fn other_shapes_of_data_are_read_too() {
    insta::assert_snapshot!(shown(r##"[
        {"Event": {
            "System": {"EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 104}, "Channel": "System",
                "Provider_attributes": {"Name": "Eventlog"}, "Execution": {"@ProcessID": "8"}},
            "UserData": {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "Channel": "Setup", "EventID": 9,
                "Inner": {"Leaf": [1, 2]}}}}},
        {"Event": {"System": {"EventID": 1000, "Channel": "Application"},
            "EventData": {"#attributes": {"Name": "x"}, "Data": {"#text": ["a", "b"]}, "Binary": "00"}}},
        {"Event": {"System": {"EventID": 1000, "Channel": "Application"},
            "EventData": {"Data": [{"@Name": "Caller Name", "#text": "x"}, "bare",
                {"#attributes": {"Name": "Other"}, "#text": "y"}, {"@Name": "Empty"}]}}}
    ]"##), @r#"
    0 at 0 of windows/-/system
      Channel = Text("Setup")
      EventID = Integer(104)
      EventID_Qualifiers = Integer(16384)
      Execution_ProcessID = Text("8")
      Inner.Leaf = Integer(1), Integer(2)
      Provider_Name = Text("Eventlog")
    1 at 0 of windows/-/application
      Binary = Text("00")
      Channel = Text("Application")
      Data = Text("a"), Text("b")
      EventID = Integer(1000)
    2 at 0 of windows/-/application
      CallerName = Text("x")
      Channel = Text("Application")
      Data = Text("bare")
      Empty = Text("")
      EventID = Integer(1000)
      Other = Text("y")
    "#);
}

#[test]
fn a_new_process_of_the_security_log_is_one() {
    insta::assert_snapshot!(shown(r#"{"Event": {"System": {"EventID": 4688, "Channel": "Security"},
        "EventData": {"SubjectUserName": "eve", "SubjectDomainName": "CORP", "SubjectLogonId": "0x3e7",
            "NewProcessName": "C:\\a.exe", "ParentProcessName": "C:\\b.exe", "CommandLine": "a -x", "ProcessId": "0x1c",
            "TargetUserName": "-", "TargetDomainName": "-", "MandatoryLabel": "S-1-16-12288"}}}"#), @r#"
    0 at 0 of windows/process_creation/security
      Channel = Text("Security")
      CommandLine = Text("a -x")
      EventID = Integer(4688)
      Image = Text("C:\\a.exe")
      IntegrityLevel = Text("High")
      LogonId = Text("0x3e7")
      MandatoryLabel = Text("S-1-16-12288")
      NewProcessName = Text("C:\\a.exe")
      ParentImage = Text("C:\\b.exe")
      ParentProcessName = Text("C:\\b.exe")
      ProcessId = Text("0x1c")
      SubjectDomainName = Text("CORP")
      SubjectLogonId = Text("0x3e7")
      SubjectUserName = Text("eve")
      TargetDomainName = Text("-")
      TargetUserName = Text("-")
      User = Text("CORP\\eve")
    "#);
}

#[test]
fn channel_and_event_id_name_the_log_sources() {
    let sysmon = "Microsoft-Windows-Sysmon/Operational";
    check(sysmon, 3, "{}", "windows/network_connection/sysmon");
    check("microsoft-windows-sysmon/OPERATIONAL", 22, "{}", "windows/dns_query/sysmon");
    check(sysmon, 12, r#"{"EventType": "CreateKey"}"#, "windows/registry_event/sysmon windows/registry_add/sysmon");
    check(
        sysmon,
        12,
        r#"{"EventType": "DeleteValue"}"#,
        "windows/registry_event/sysmon windows/registry_delete/sysmon",
    );
    check(sysmon, 13, "{}", "windows/registry_event/sysmon windows/registry_set/sysmon");
    check(sysmon, 77, "{}", "windows/-/sysmon");
    check("Linux-Sysmon/Operational", 1, "{}", "linux/process_creation/sysmon");
    check("Security", 4624, "{}", "windows/-/security");
    check("System", 1, "{}", "windows/-/system");
    check("PowerShellCore/Operational", 4104, "{}", "windows/ps_script/powershell");
    check("Windows PowerShell", 400, "{}", "windows/ps_classic_start/powershell-classic");
    check("Microsoft-Windows-Windows Defender/Operational", 1116, "{}", "windows/-/windefend");
    check("Somebody's Log", 1, "{}", "windows/-/-");
}

#[test]
fn a_flat_event_says_its_log_source_or_is_open() {
    insta::assert_snapshot!(shown(r#"
        {"logsource": {"product": "linux", "service": "auditd"}, "@timestamp": "2026-11-22T08:15:30Z", "a0": "id"}
        {"process": {"name": ["x", "y"]}, "_raw": "all of it", "_time": 1795335330}
    "#), @r#"
    0 at 1795335330000 of linux/any/auditd
      @timestamp = Text("2026-11-22T08:15:30Z")
      a0 = Text("id")
    1 at 1795335330000 of any
      _time = Integer(1795335330)
      process.name = Text("x"), Text("y")
    "#);
    let raw = records(r#"{"_raw": "all of it"}"#, 7).unwrap();
    assert_eq!((raw[0].id, raw[0].raw.as_deref()), (7, Some("all of it")));
}

#[test]
fn what_is_no_event_is_said_with_its_place() {
    let error = |text: &str| records(text, 0).unwrap_err();
    assert_eq!(error("{}\n{\"a\": }").to_string(), "line 2, column 7: expected value");
    assert_eq!(error("[{}, 3]"), ReadError::NotAnObject { number: 2, found: "a number" });
    assert_eq!(records("", 0), Ok(Vec::new()));
    assert_eq!(records("{}{}\n[{},{}]", 0).unwrap().len(), 4);
}
