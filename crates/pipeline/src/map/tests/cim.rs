//! The Common Information Model of Splunk, over events and over their summaries.

use crate::testing::{agree, item, mapped, mapped_rule, projected, show};
use crate::{Dialect, Model};
use insta::assert_snapshot;
use rulecast_ir::{Body, Logic, Reads};
use std::collections::BTreeSet;

const PROCESS: &str = "windows/process_creation";
const LINUX: &str = "linux/process_creation";
const SET: &str = "windows/registry_set";
const NETWORK: &str = "windows/network_connection";

/// What a source reads, and its scope.
fn scope(model: &str, source: &str) -> String {
    let Body::Event(event) = mapped_rule(model, Dialect::Spl, source, Logic::True).unwrap().body else { panic!() };
    let source = &event.arms[0].source;
    let reads = match &source.reads {
        Reads::Dataset(dataset) => format!("{} by {}", dataset.name, dataset.shown.join(", ")),
        Reads::Macro(name) => name.to_string(),
        other => panic!("{other:?}"),
    };
    format!("{reads}: {}", show(&source.scope))
}

#[test]
fn both_serve_the_same_log_sources_with_the_same_fields() {
    let [cim, tstats] = ["cim", "tstats"].map(|name| Model::builtin(name).unwrap());
    let served = |model: &Model| model.log_sources(Dialect::Spl).map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(served(cim), served(tstats));
    for (one, other) in [(cim, tstats), (tstats, cim)] {
        for entry in &one.sources {
            let same = other.sources.iter().find(|same| same.when == entry.when).unwrap();
            assert_eq!(entry.names, same.names, "{:?}", entry.when);
            assert_eq!(matches!(entry.reads, Reads::Dataset(_)), one.name() == "tstats");
        }
    }
}

#[test]
fn a_source_is_a_macro_or_a_dataset() {
    assert_snapshot!(scope("cim", PROCESS), @"cim_windows_processes: true");
    assert_snapshot!(scope("tstats", PROCESS), @"Endpoint.Processes by dest, user, process: action = 'allowed' {mapping:product}");
    assert_snapshot!(scope("cim", "linux/file_delete"), @"cim_linux_files: action = 'deleted'");
    assert_snapshot!(scope("tstats", "linux/file_delete"), @"Endpoint.Filesystem by dest, user, process_name: action = 'deleted' {mapping:product}");
    assert_snapshot!(scope("tstats", SET), @"Endpoint.Registry by dest, user, process_name: action = 'modified' {mapping:EventType}");
    assert_snapshot!(scope("tstats", "/proxy"), @"Web.Web by src, dest, user: true");
}

#[test]
fn a_process_is_its_command_line() {
    assert_snapshot!(mapped("cim", PROCESS, item("CommandLine|contains", &["-enc"])), @"process = '*-enc*'");
    assert_snapshot!(mapped("cim", PROCESS, item("Image|endswith", &[r"\cmd.exe", r"\a\b.exe"])), @r#"process_name = 'cmd.exe' or process_path = '*\a\b.exe'"#);
    assert_snapshot!(mapped("cim", LINUX, item("ParentImage|endswith", &["/bash"])), @"parent_process_name = 'bash'");
    assert_snapshot!(mapped("cim", PROCESS, item("IntegrityLevel", &["High", "S-1-16-16384"])), @"process_integrity_level = 'High' {mapping:IntegrityLevel} or process_integrity_level = 'system' {mapping:IntegrityLevel} or process_integrity_level = 'S-1-16-16384' {mapping:IntegrityLevel}");
    assert_snapshot!(mapped("cim", PROCESS, item("Company", &["x"])), @"unmapped-field at 10: the data model `cim` has no column for `Company` in `windows/process_creation` (map it to a column with a processing pipeline)");
}

#[test]
fn of_a_user_of_windows_the_domain_is_lost() {
    assert_snapshot!(mapped("cim", PROCESS, item("User|endswith", &[r"\SYSTEM", "svc"])), @"user = 'SYSTEM' {mapping:User} or user = '*svc'");
    assert_snapshot!(mapped("cim", PROCESS, item("User|contains", &["AUTHORI"])), @r#"value at 10: the value `*AUTHORI*` of `User` cannot be mapped: only the name of a user is known, without the domain, in `user` (write `User|endswith: '\name'`)"#);
    assert_snapshot!(mapped("cim", PROCESS, item("User", &[r"NT AUTHORITY\SYSTEM"])), @r#"value at 10: the value `NT AUTHORITY\SYSTEM` of `User` cannot be mapped: only the name of a user is known, without the domain, in `user` (write `User|endswith: '\name'`)"#);
    assert_snapshot!(mapped("cim", PROCESS, item("User|exists", &["true"])), @"user exists");
    assert_snapshot!(mapped("cim", LINUX, item("User", &["root"])), @"user = 'root'");
    assert_snapshot!(projected("cim", PROCESS, &[("User", r"CORP\ab")]), @"cim_windows_processes {user: 'ab'}");
    let events: [&[(&str, &str)]; 4] =
        [&[], &[("User", r"CORP\ab")], &[("User", r"CORP\xab")], &[("User", r"NT AUTHORITY\SYSTEM")]];
    let items: [(&str, &[&str]); 3] =
        [("User|endswith", &[r"\ab"]), ("User|endswith", &["ab", r"\system"]), ("User|exists", &["true"])];
    agree("cim", PROCESS, &events, &items);
}

#[test]
fn values_of_the_registry_stand_as_an_add_on_writes_them() {
    assert_snapshot!(mapped("cim", SET, item("Details", &["DWORD (0x00000001)"])), @"registry_value_data = '1' {mapping:Details} or registry_value_data = '0x00000001' {mapping:Details}");
    assert_snapshot!(mapped("cim", SET, item("Details", &["(Empty)", "Binary Data"])), @"registry_value_data = '' {mapping:Details} or registry_value_data = '(Empty)' or registry_value_data = 'Binary Data'");
    assert_snapshot!(mapped("cim", SET, item("TargetObject|startswith", &[r"HKLM\SOFTWARE\Run\\"])), @r#"registry_path = 'HKLM\SOFTWARE\Run\*' {mapping:TargetObject} or registry_path = 'HKEY_LOCAL_MACHINE\SOFTWARE\Run\*' {mapping:TargetObject}"#);
    assert_snapshot!(mapped("cim", "windows/registry_event", item("EventType", &["SetValue", "CreateKey"])), @"action = 'modified' {mapping:EventType} or action = 'created' {mapping:EventType}");
    assert_snapshot!(mapped("cim", "windows/registry_delete", item("EventType", &["DeleteKey"])), @"value at 10: the value `DeleteKey` of `EventType` cannot be mapped: the data model knows it as one of `SetValue`, `CreateKey`");
    assert_snapshot!(projected("cim", SET, &[("Details", "DWORD (0x0000000a)")]), @"cim_registry {registry_value_data: '10'}");
    assert_snapshot!(projected("cim", SET, &[("Details", "(Empty)")]), @"cim_registry {registry_value_data: '(Empty)'}");
    let events: [&[(&str, &str)]; 5] = [
        &[],
        &[("Details", "DWORD (0x00000001)")],
        &[("Details", "Binary Data")],
        &[("Details", "(Empty)")],
        &[("Details", r"C:\a.exe")],
    ];
    let items: [(&str, &[&str]); 4] = [
        ("Details", &["DWORD (0x00000001)"]),
        ("Details", &["Binary Data"]),
        ("Details", &["(Empty)"]),
        ("Details|endswith", &[".exe"]),
    ];
    agree("cim", SET, &events, &items);
}

#[test]
fn a_connection_has_a_direction() {
    assert_snapshot!(mapped("cim", NETWORK, item("Initiated", &["true"])), @"direction = 'outbound'");
    assert_snapshot!(mapped("cim", NETWORK, item("DestinationPort|number", &["443"])), @"dest_port = 443");
    assert_snapshot!(mapped("cim", NETWORK, item("DestinationHostname|endswith", &[".example"])), @"dest = '*.example' {mapping:DestinationHostname}");
    assert_snapshot!(mapped("cim", NETWORK, item("CommandLine", &["x"])), @"unmapped-field at 10: the data model `cim` has no column for `CommandLine` in `windows/network_connection` (map it to a column with a processing pipeline)");
}

#[test]
fn what_one_dataset_holds_of_others_is_assumed() {
    assert_snapshot!(mapped("cim", "/webserver", item("cs-uri-query|contains", &["x"])), @"uri_query = '*x*'");
    assert_snapshot!(mapped("tstats", "/webserver", item("cs-uri-query|contains", &["x"])), @"uri_query = '*x*' {mapping:cs-uri-query}");
    assert_snapshot!(mapped("tstats", "windows/dns_query", item("QueryName", &["a.example"])), @"query = 'a.example' {mapping:QueryName}");
    assert_snapshot!(mapped("tstats", "/dns", item("query", &["a.example"])), @"query = 'a.example'");
}
