//! Data models of a user on the command line.

use crate::support::{GOOD, Sandbox};

const OURS: &str = "\
name: ours
title: Our endpoint events
languages: [kql]
time: TimeGenerated
columns:
  EventId_d: {type: long}
sources:
  - when: {product: windows, category: process_creation}
    reads: {table: Endpoint_CL}
    scope: [{column: EventId_d, equals: 1}]
    fields:
      CommandLine: CommandLine_s
      Image: {basename: {path: Path_s, name: File_s}}
      User: {columns: User_s, unchecked: true}
    keys: {HostId: Host_s}
";

fn told(sandbox: &Sandbox, args: &[&str]) -> String {
    let run = sandbox.run(args);
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

#[test]
fn a_model_of_the_user_makes_targets() {
    let sandbox = Sandbox::new("model-own");
    sandbox.write("rule.yml", GOOD).write("ours.yml", OURS);
    sandbox.write("base.yml", "name: xdr\ntitle: Ours\nextends: xdr\nsources:\n  - when: {product: windows, category: process_creation}\n    reads: {table: Everything_CL}\n    groups: [process]\n");
    insta::assert_snapshot!(told(&sandbox, &["convert", "-q", "-m", "ours.yml", "rule.yml"]), @r#"
    Endpoint_CL
    | where EventId_d == 1 and CommandLine_s contains "whoami"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["check", "-m", "ours.yml", "-t", "kql.ours,eql", "rule.yml", "--allow", "notes"]), @r#"
    checked 1 rule in 1 file for kql.ours, eql.ecs: 0 errors, 0 warnings
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["convert", "-q", "-m", "base.yml", "-t", "kql", "rule.yml"]), @r#"
    Everything_CL
    | where ProcessCommandLine contains "whoami"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["convert", "-t", "kql.ours", "rule.yml"]), @r#"
    error: unknown target `kql.ours`; the targets are eql.ecs, eql.winlogbeat, eql.none, spl.sysmon, spl.winlog, spl.cim, spl.tstats, spl.none, kql.xdr, kql.asim, kql.securityevent, kql.none
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox, &["explain", "-m", "ours.yml", "-t", "kql.ours", "rule.yml"]), @r#"
    Whoami · kql.ours
    rule.yml · exact

       6 | sel: CommandLine|contains: whoami
         | asks      CommandLine contains "whoami"
         | maps to   CommandLine_s contains "whoami"
         | becomes   CommandLine_s contains "whoami"
         | which is  exact
    exit code 0
    "#);
    let targets = sandbox.run(&["list", "targets", "-m", "ours.yml"]).out;
    assert!(targets.contains("kql.ours"), "{targets}");
}

#[test]
fn tests_of_rules_run_over_a_model_of_the_user() {
    let sandbox = Sandbox::new("model-tests");
    let tests = "tests:\n  - {name: hit, expect: match, events: [{CommandLine: whoami /all}]}\n";
    sandbox.write("rule.yml", format!("{GOOD}{tests}")).write("ours.yml", OURS);
    insta::assert_snapshot!(told(&sandbox, &["test", "-m", "ours.yml", "rule.yml"]), @r#"
    1 test of 1 rule: 0 failed
      kql.ours: 1 agree
    exit code 0
    "#);
}

#[test]
fn the_configuration_names_models() {
    let sandbox = Sandbox::new("model-configured");
    sandbox.write("rules/rule.yml", GOOD).write("models/ours.yml", OURS);
    sandbox.write("rulecast.toml", "targets = ['kql.ours']\nmodels = ['models/ours.yml']\n");
    let run = sandbox.run_in("rules", &["convert", "-q", "rule.yml"]);
    assert_eq!(run.out, "Endpoint_CL\n| where EventId_d == 1 and CommandLine_s contains \"whoami\"\n");
    sandbox.write("rulecast.toml", "targets = ['kql.our']\nmodels = ['models/ours.yml']\n");
    insta::assert_snapshot!(told(&sandbox, &["convert", "rules/rule.yml"]), @r#"
    error: the configuration is invalid

    error[unknown-target]: unknown target `kql.our`; the targets are eql.ecs, eql.winlogbeat, eql.none, spl.sysmon, spl.winlog, spl.cim, spl.tstats, spl.none, kql.xdr, kql.asim, kql.securityevent, kql.none, kql.ours
     --> rulecast.toml:1:12
      |
    1 | targets = ['kql.our']
      |            ^^^^^^^^^
    exit code 3
    "#);
}

#[test]
fn a_mistake_in_a_model_ends_the_run_with_its_line() {
    let sandbox = Sandbox::new("model-mistake");
    sandbox
        .write("rule.yml", GOOD)
        .write("ours.yml", OURS.replace("basename", "base_name").replace("equals: 1", "equals: one"));
    insta::assert_snapshot!(told(&sandbox, &["convert", "-m", "ours.yml", "rule.yml"]), @r#"
    error: a data model is invalid

    error[invalid-model]: the column `EventId_d` holds numbers, and this is text
      --> ours.yml:10:41
       |
    10 |     scope: [{column: EventId_d, equals: one}]
       |                                         ^^^
       |
       = help: write the value without quotes

    error[invalid-model]: unknown key of a field: `base_name`
      --> ours.yml:13:15
       |
    13 |       Image: {base_name: {path: Path_s, name: File_s}}
       |               ^^^^^^^^^
       |
       = help: did you mean `basename`?
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox, &["convert", "-m", "none.yml", "rule.yml"]), @r#"
    error: cannot read the data model `none.yml`: entity not found
    exit code 3
    "#);
}

#[test]
fn the_fields_and_sources_of_a_model_are_listed() {
    let sandbox = Sandbox::new("model-lists");
    sandbox.write("ours.yml", OURS);
    insta::assert_snapshot!(told(&sandbox, &["list", "fields", "-m", "ours.yml"]), @r#"
    target    log source                field        columns        type  assumes       conversion
    kql.ours  windows/process_creation  CommandLine  CommandLine_s  text
    kql.ours  windows/process_creation  HostId       Host_s         text
    kql.ours  windows/process_creation  Image        Path_s         text                the path; the name after its last separator is in `File_s`
    kql.ours  windows/process_creation  User         User_s         text  mapping:User
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "sources", "-m", "ours.yml", "-f", "json"]), @r#"
    [
      {
        "target": "kql.ours",
        "log source": "windows/process_creation",
        "fields": "4",
        "reads": "the table `Endpoint_CL`",
        "where": "EventId_d = 1"
      }
    ]
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "fields", "-m", "xdr", "-l", "windows/network_connection"]), @r#"
    target   log source                  field                columns                                                       type  assumes                      conversion
    kql.xdr  windows/network_connection  CommandLine          InitiatingProcessCommandLine                                  text
    kql.xdr  windows/network_connection  Computer             DeviceName                                                    text
    kql.xdr  windows/network_connection  DestinationHostname  RemoteUrl                                                     text  mapping:DestinationHostname
    kql.xdr  windows/network_connection  DestinationIp        RemoteIP, LocalIP                                             text  mapping:DestinationIp        `RemoteIP` where ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"); `LocalIP` where ActionType = "InboundConnectionAccepted"
    kql.xdr  windows/network_connection  DestinationPort      RemotePort, LocalPort                                         long                               `RemotePort` where ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"); `LocalPort` where ActionType = "InboundConnectionAccepted"
    kql.xdr  windows/network_connection  HostId               DeviceId                                                      text
    kql.xdr  windows/network_connection  Hostname             DeviceName                                                    text
    kql.xdr  windows/network_connection  Image                InitiatingProcessFolderPath                                   text  mapping:Image                the path; the name after its last separator is in `InitiatingProcessFileName`
    kql.xdr  windows/network_connection  Initiated            ActionType                                                    text                               `true`: ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"); `false`: ActionType = "InboundConnectionAccepted"
    kql.xdr  windows/network_connection  IntegrityLevel       InitiatingProcessIntegrityLevel                               text                               `S-1-16-4096`: InitiatingProcessIntegrityLevel = "Low"; `S-1-16-8192`: InitiatingProcessIntegrityLevel = "Medium"; `S-1-16-12288`: InitiatingProcessIntegrityLevel = "High"; `S-1-16-16384`: InitiatingProcessIntegrityLevel = "System"; any other value as it is
    kql.xdr  windows/network_connection  ParentImage          InitiatingProcessParentFileName                               text                               the name after the last separator, and no path
    kql.xdr  windows/network_connection  ParentProcessId      InitiatingProcessParentId                                     long
    kql.xdr  windows/network_connection  ProcessId            InitiatingProcessId                                           long
    kql.xdr  windows/network_connection  Protocol             Protocol                                                      text                               `tcp`: Protocol in ("Tcp", "TcpV4", "TcpV6"); `udp`: Protocol in ("Udp", "UdpV4", "UdpV6"); any other value as it is
    kql.xdr  windows/network_connection  SourceIp             LocalIP, RemoteIP                                             text  mapping:SourceIp             `LocalIP` where ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"); `RemoteIP` where ActionType = "InboundConnectionAccepted"
    kql.xdr  windows/network_connection  SourcePort           LocalPort, RemotePort                                         long                               `LocalPort` where ActionType in ("ConnectionSuccess", "ConnectionFailed", "ConnectionRequest", "ConnectionAttempt"); `RemotePort` where ActionType = "InboundConnectionAccepted"
    kql.xdr  windows/network_connection  User                 InitiatingProcessAccountDomain, InitiatingProcessAccountName  text                               `DOMAIN\name`, parted
    kql.xdr  windows/network_connection  UserId               InitiatingProcessAccountName                                  text
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "sources", "-m", "xdr", "-l", "registry_set"]), @r#"
    target   log source            fields  reads                             where
    kql.xdr  windows/registry_set  15      the table `DeviceRegistryEvents`  ActionType = "RegistryValueSet"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "fields", "-m", "xrd"]), @r#"
    error: there is no data model `xrd`; did you mean `xdr`?
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "fields", "-m", "xdr", "-l", "windows/process_cration"]), @r#"
    error: there is no log source `windows/process_cration`; did you mean `windows/process_creation`?
    exit code 3
    "#);
}
