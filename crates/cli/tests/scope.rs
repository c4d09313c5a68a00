//! What targets read by the word of a repository or of a rule.

use crate::support::{GOOD, Sandbox};

const CONFIG: &str = r#"
targets = ["spl", "kql", "eql"]

[scope."spl.sysmon".sysmon_windows]
index = ["win*", "sysmon"]
sourcetype = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
where = [{column = "host", in = ["web-1", "web-2"]}]

[scope."kql.xdr".DeviceProcessEvents]
table = "OurProcesses"

[scope."eql.ecs"]
index = ["logs-endpoint.events.*"]
where = [{any = [{column = "host.name", equals = "a"}, {column = "host.name", exists = false}]}]
"#;

const TESTS: &str = "\
tests:
  - {name: who, expect: match, events: [{CommandLine: whoami}]}
  - {name: other, expect: no_match, events: [{CommandLine: who}]}
";

fn told(sandbox: &Sandbox, args: &[&str]) -> String {
    let run = sandbox.run(args);
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

#[test]
fn a_repository_says_what_its_targets_read() {
    let sandbox = Sandbox::new("scope");
    sandbox.write("a.yml", format!("{GOOD}{TESTS}")).write("rulecast.toml", CONFIG);
    insta::assert_snapshot!(told(&sandbox, &["convert", "a.yml"]), @r#"
    # Whoami · spl.sysmon
    # a.yml · exact
    index IN ("win*", "sysmon")
      AND sourcetype="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
      AND EventCode=1
      AND host IN ("web-1", "web-2")
      AND CommandLine="*whoami*"

    # Whoami · kql.xdr
    # a.yml · exact; assumes mapping:product
    OurProcesses
    | where ActionType == "ProcessCreated" and ProcessCommandLine contains "whoami"

    # Whoami · eql.ecs
    # a.yml · exact
    process where host.os.type == "windows"
      and event.type == "start"
      and (host.name : "a" or ?host.name == null)
      and process.command_line : "*whoami*"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["test", "a.yml"]), @r#"
    2 tests of 1 rule: 0 failed
      spl.sysmon: 2 agree
      kql.xdr: 2 agree
      eql.ecs: 2 agree
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["check", "a.yml", "--allow", "notes"]), @r#"
    checked 1 rule in 1 file for spl.sysmon, kql.xdr, eql.ecs: 0 errors, 0 warnings
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["list", "sources", "-l", "windows/process_creation"]), @r#"
    target      log source                fields  reads                                               where
    eql.ecs     windows/process_creation  28      the category `process` in `logs-endpoint.events.*`  host.os.type = "windows" and event.type = "start" and (host.name = "a" or host.name is not there)
    spl.sysmon  windows/process_creation  40      everything                                          index in ("win*", "sysmon") and sourcetype = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational" and EventCode = 1 and host in ("web-1", "web-2")
    kql.xdr     windows/process_creation  23      the table `OurProcesses`                            ActionType = "ProcessCreated"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["convert", "-f", "json", "-t", "eql,spl", "a.yml"]), @r#"
    [
      {
        "file": "a.yml",
        "rule": {
          "title": "Whoami",
          "id": "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11",
          "name": null
        },
        "target": "eql.ecs",
        "status": "exact",
        "reads": [
          {
            "log_source": "windows/process_creation",
            "kind": "category",
            "name": "process",
            "index": [
              "logs-endpoint.events.*"
            ],
            "where": "host.os.type = \"windows\" and event.type = \"start\" and (host.name = \"a\" or host.name is not there)"
          }
        ],
        "queries": [
          {
            "role": "rule",
            "query": "process where host.os.type == \"windows\"\n  and event.type == \"start\"\n  and (host.name : \"a\" or ?host.name == null)\n  and process.command_line : \"*whoami*\"",
            "fidelity": "exact",
            "assumptions": []
          }
        ],
        "refusals": []
      },
      {
        "file": "a.yml",
        "rule": {
          "title": "Whoami",
          "id": "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11",
          "name": null
        },
        "target": "spl.sysmon",
        "status": "exact",
        "reads": [
          {
            "log_source": "windows/process_creation",
            "kind": "any",
            "where": "index in (\"win*\", \"sysmon\") and sourcetype = \"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\" and EventCode = 1 and host in (\"web-1\", \"web-2\")"
          }
        ],
        "queries": [
          {
            "role": "rule",
            "query": "index IN (\"win*\", \"sysmon\")\n  AND sourcetype=\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\"\n  AND EventCode=1\n  AND host IN (\"web-1\", \"web-2\")\n  AND CommandLine=\"*whoami*\"",
            "fidelity": "exact",
            "assumptions": []
          }
        ],
        "refusals": []
      }
    ]
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["convert", "-q", "--no-config", "-t", "spl", "a.yml"]), @r#"
    `sysmon_windows` AND EventCode=1 AND CommandLine="*whoami*"
    exit code 0
    "#);
}

#[test]
fn a_rule_says_what_a_target_reads_for_it() {
    let sandbox = Sandbox::new("scope-rule");
    let own = "\
targets:
  spl.sysmon: {macro: own_sysmon, where: [{column: tag, equals: x}]}
  kql.xdr: {where: [{column: DeviceName, in: [a, b]}, {column: ProcessId, equals: 4}]}
  eql.ecs: {index: [own-*]}
";
    sandbox.write("a.yml", format!("{GOOD}{own}{TESTS}")).write("rulecast.toml", CONFIG);
    // What the rule replaces takes the place of what the repository says; tests add up.
    insta::assert_snapshot!(told(&sandbox, &["convert", "-q", "a.yml"]), @r#"
    `own_sysmon` AND EventCode=1 AND host IN ("web-1", "web-2") AND tag="x" AND CommandLine="*whoami*"

    OurProcesses
    | where ActionType == "ProcessCreated"
        and DeviceName in~ ("a", "b")
        and ProcessId == 4
        and ProcessCommandLine contains "whoami"

    process where host.os.type == "windows"
      and event.type == "start"
      and (host.name : "a" or ?host.name == null)
      and process.command_line : "*whoami*"
    exit code 0
    "#);
    insta::assert_snapshot!(told(&sandbox, &["test", "a.yml"]), @r#"
    2 tests of 1 rule: 0 failed
      spl.sysmon: 2 agree
      kql.xdr: 2 agree
      eql.ecs: 2 agree
    exit code 0
    "#);
    let page = sandbox.run(&["convert", "-f", "markdown", "a.yml"]).out;
    assert!(page.contains("**index**: own-\\*"), "{page}");
}

#[test]
fn what_a_configuration_says_wrongly_is_told() {
    let sandbox = Sandbox::new("scope-wrong");
    let config = r#"
[scope.spl]
macro = "x"

[scope."spl.sysmom"]
macro = "x"

[scope."spl.sysmon"]
macro = "x"
table = "y"
wehre = []

[scope."spl.sysmon".sysmon_windos]
macro = "x"

[scope."spl.tstats"."Endpoint.Processes"]
index = "main"

[scope."kql.xdr".DeviceProcessEvents]
where = [{column = "ProcessId", equals = "four"}, {column = "a", equals = 1.5}, {column = "Timestamp", equals = "x"}]
"#;
    sandbox.write("a.yml", GOOD).write("rulecast.toml", config);
    insta::assert_snapshot!(told(&sandbox, &["convert", "a.yml"]), @r#"
    error: the configuration is invalid

    error[unknown-target]: `spl` is more than one target, and each reads something else
     --> rulecast.toml:2:8
      |
    2 | [scope.spl]
      |        ^^^
      |
      = help: it can be `spl.sysmon`, `spl.winlog`, `spl.cim`, `spl.tstats`, `spl.none`

    error[unknown-target]: there is no target `spl.sysmom`
     --> rulecast.toml:5:8
      |
    5 | [scope."spl.sysmom"]
      |        ^^^^^^^^^^^^
      |
      = help: did you mean `spl.sysmon`?

    error[invalid-scope]: `spl.sysmon` reads `sysmon_windows`, `sysmon_linux`, `macos_endpoint`, `windows_eventlog`, `aws_cloudtrail`, `azure_activity` and 46 others
     --> rulecast.toml:9:9
      |
    9 | macro = "x"
      |         ^^^
      |
      = help: say in place of which: `sysmon_windows: {…}`

    error[invalid-scope]: `spl` has no use for `table`
      --> rulecast.toml:10:1
       |
    10 | table = "y"
       | ^^^^^
       |
       = help: it can be `macro`, `index`, `sourcetype`, `where`

    error[invalid-scope]: there is no key `wehre` in the scope of a target
      --> rulecast.toml:11:1
       |
    11 | wehre = []
       | ^^^^^
       |
       = help: did you mean `where`?

    error[invalid-scope]: `spl.sysmon` reads no `sysmon_windos`
      --> rulecast.toml:13:21
       |
    13 | [scope."spl.sysmon".sysmon_windos]
       |                     ^^^^^^^^^^^^^
       |
       = help: did you mean `sysmon_windows`?

    error[invalid-scope]: `spl.tstats` reads the summaries of `Endpoint.Processes`, which no macro or index can stand in place of
      --> rulecast.toml:17:9
       |
    17 | index = "main"
       |         ^^^^^^
       |
       = help: narrow them with `where`

    error[invalid-scope]: the column `ProcessId` holds numbers, and this is text
      --> rulecast.toml:20:42
       |
    20 | where = [{column = "ProcessId", equals = "four"}, {column = "a", equals = 1.5}, {column = "Timestamp", equals = "x"}]
       |                                          ^^^^^^
       |
       = help: write the value without quotes

    error[invalid-scope]: expected text or a whole number
      --> rulecast.toml:20:75
       |
    20 | where = [{column = "ProcessId", equals = "four"}, {column = "a", equals = 1.5}, {column = "Timestamp", equals = "x"}]
       |                                                                           ^^^
       |
       = help: put it in quotes

    error[invalid-scope]: the column `Timestamp` holds times, which no value of a test equals
      --> rulecast.toml:20:113
       |
    20 | where = [{column = "ProcessId", equals = "four"}, {column = "a", equals = 1.5}, {column = "Timestamp", equals = "x"}]
       |                                                                                                                 ^^^
    exit code 3
    "#);
}

#[test]
fn what_a_rule_says_wrongly_is_told() {
    let sandbox = Sandbox::new("scope-wrong-rule");
    let own = "\
targets:
  spl.sysmon: {sysmon_linux: {macro: x}}
  kql.ours: {table: T}
  kql.xdr: {where: [{column: ProcessId, equals: four}]}
  spl.tstats: {macro: x}
";
    sandbox.write("a.yml", format!("{GOOD}{own}"));
    insta::assert_snapshot!(told(&sandbox, &["convert", "-q", "a.yml", "-t", "spl,kql,spl.tstats"]), @r#"
    error[cannot-express]: `spl.sysmon` for this rule reads no `sysmon_linux`
     --> a.yml:9:16
      |
    9 |   spl.sysmon: {sysmon_linux: {macro: x}}
      |                ^^^^^^^^^^^^
      |
      = help: it reads `sysmon_windows`
      = note: refused for spl.sysmon: scope

    error[cannot-express]: the column `ProcessId` holds numbers, and this is text
      --> a.yml:11:49
       |
    11 |   kql.xdr: {where: [{column: ProcessId, equals: four}]}
       |                                                 ^^^^
       |
       = help: write the value without quotes
       = note: refused for kql.xdr: scope

    error[cannot-express]: `spl.tstats` for this rule reads the summaries of `Endpoint.Processes`, which no macro or index can stand in place of
      --> a.yml:12:23
       |
    12 |   spl.tstats: {macro: x}
       |                       ^
       |
       = help: narrow them with `where`
       = note: refused for spl.tstats: scope

    exit code 2
    "#);
    insta::assert_snapshot!(told(&sandbox, &["check", "a.yml", "-t", "eql", "--allow", "notes"]), @r#"
    warning[unknown-target]: no target of this run is called `kql.ours`, so that what is said of it counts for nothing
      --> a.yml:10:3
       |
    10 |   kql.ours: {table: T}
       |   ^^^^^^^^
       |
       = help: a data model of your own is given with `-m`, or in `rulecast.toml`

    checked 1 rule in 1 file for eql.ecs: 0 errors, 1 warning
    exit code 1
    "#);
}

#[test]
fn rules_of_a_correlation_each_say_what_they_read() {
    let sandbox = Sandbox::new("scope-correlation");
    let member = |name: &str, command: &str, targets: &str| {
        format!(
            "title: {name}\nname: {name}\nlogsource: {{category: process_creation, product: windows}}\ndetection:\n  \
             sel: {{CommandLine|contains: {command}}}\n  condition: sel\n{targets}---\n"
        )
    };
    let both = "\
title: Both
correlation: {type: temporal, rules: [first, second], group-by: [Computer], timespan: 1m}
";
    let ours = "targets: {spl.sysmon: {macro: ours, where: [{column: host, equals: x}]}}\n";
    let write = |first: &str, second: &str, own: &str| {
        let text = format!("{}{}{both}{own}", member("first", "whoami", first), member("second", "ipconfig", second));
        sandbox.write("a.yml", text);
        told(&sandbox, &["convert", "-q", "-t", "spl", "a.yml"])
    };
    let same = write(ours, ours, "");
    assert_eq!(same, write("", "", ours));
    insta::assert_snapshot!(same, @r#"
    `ours` AND EventCode=1 AND host="x" AND (CommandLine="*whoami*" OR CommandLine="*ipconfig*")
    | eval rc_step1=if(isnotnull(mvfind(CommandLine, "(?i)whoami")), 1, 0),
        rc_step2=if(isnotnull(mvfind(CommandLine, "(?i)ipconfig")), 1, 0)
    | where isnotnull(Computer) AND (rc_step1=1 OR rc_step2=1)
    | eval rc_time1=if(rc_step1=1, _time, null()),
        rc_time2=if(rc_step2=1, _time, null())
    | sort 0 _time
    | streamstats window=0 max(rc_time1) as rc_last1, max(rc_time2) as rc_last2 by Computer
    | where _time-rc_last1<=60 AND _time-rc_last2<=60
    exit code 0
    "#);
    // Said in both, it is said once.
    assert_eq!(same, write(ours, ours, ours));
    insta::assert_snapshot!(write(ours, "", ""), @r#"
    error[cannot-express]: the rules of this correlation say differently what `spl.sysmon` reads of `windows/process_creation`
     --> a.yml:7:24
      |
    7 | targets: {spl.sysmon: {macro: ours, where: [{column: host, equals: x}]}}
      |                        ^^^^^
      |
      = help: say the same in each, or say it in the correlation
      = note: refused for spl.sysmon: scope

    exit code 2
    "#);
    insta::assert_snapshot!(write(ours, ours, "targets: {spl.sysmon: {macro: others}}\n"), @r#"
    error[cannot-express]: a rule and its correlation say differently what `spl.sysmon` reads
      --> a.yml:19:24
       |
    19 | targets: {spl.sysmon: {macro: others}}
       |                        ^^^^^
       |
       = help: say it once, in the rule
       = note: refused for spl.sysmon: scope

    exit code 2
    "#);
}
