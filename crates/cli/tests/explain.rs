//! `explain`: a rule line by line.

use crate::support::Sandbox;

const RULE: &str = "\
title: Shell of the installer
id: 0f3c1b52-9d5e-4a86-8a11-7c0d2e9b4f60
logsource: {category: process_creation, product: windows}
detection:
  selection:
    ParentImage|endswith: '\\msiexec.exe'
    CommandLine|re: 'sc(hta)?sks\\s'
  odd:
    CommandLine|contains|all:
      - create
      - '/sc'
    NoSuchField: 5
  local:
    - IntegrityLevel: null
    - CurrentDirectory: ''
  condition: selection and odd and not local
";

fn good() -> String {
    RULE.replace("    NoSuchField: 5\n", "")
}

#[test]
fn each_line_is_shown_with_what_it_becomes() {
    let sandbox = Sandbox::new("explain-text");
    sandbox.write("rule.yml", good());
    let run = sandbox.run(&["explain", "rule.yml", "-t", "eql"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    Shell of the installer · eql.ecs
    rule.yml · exact

       6 | selection: ParentImage|endswith: '\msiexec.exe'
         | asks      ParentImage ends with "\msiexec.exe"
         | maps to   process.parent.name is "msiexec.exe"
         | becomes   process.parent.name : "msiexec.exe"
         | which is  exact

       7 | selection: CommandLine|re: 'sc(hta)?sks\s'
         | asks      CommandLine matches the regex sc(hta)?sks\s
         | maps to   process.command_line matches the regex sc(hta)?sks\s
         | becomes   process.command_line regex ".*sc(hta)?sks[\t-\r ].*"
         | which is  exact

       9 | odd: CommandLine|contains|all:
         | asks      CommandLine contains "create"
         | asks      CommandLine contains "/sc"
         | maps to   process.command_line contains "create"
         | maps to   process.command_line contains "/sc"
         | becomes   process.command_line : "*create*" and process.command_line : "*/sc*"
         | which is  exact

      13 | local: IntegrityLevel: null
         | asks      IntegrityLevel is missing
         | maps to   process.Ext.token.integrity_level_name is missing   [mapping:IntegrityLevel]
         | maps to   winlog.event_data.IntegrityLevel is missing   [mapping:IntegrityLevel]
         | becomes   ?process.Ext.token.integrity_level_name == null and ?winlog.event_data.IntegrityLevel == null
         | which is  exact; assumes mapping:IntegrityLevel

      14 | local: CurrentDirectory: ''
         | asks      CurrentDirectory is the empty text
         | maps to   process.working_directory is the empty text
         | becomes   process.working_directory == ""
         | which is  exact
    "#);
    let run = sandbox.run(&["explain", "rule.yml", "-t", "spl,kql"]);
    insta::assert_snapshot!(run.out, @r#"
    Shell of the installer · spl.sysmon
    rule.yml · exact

       6 | selection: ParentImage|endswith: '\msiexec.exe'
         | asks      ParentImage ends with "\msiexec.exe"
         | maps to   ParentImage ends with "\msiexec.exe"
         | becomes   ParentImage="*\\msiexec.exe"
         | which is  exact

       7 | selection: CommandLine|re: 'sc(hta)?sks\s'
         | asks      CommandLine matches the regex sc(hta)?sks\s
         | maps to   CommandLine matches the regex sc(hta)?sks\s
         | becomes   CommandLine="*sks*"
         |           | where isnotnull(mvfind(CommandLine, "sc(?:hta)?sks[\x09-\x0d ]"))
         | which is  exact

       9 | odd: CommandLine|contains|all:
         | asks      CommandLine contains "create"
         | asks      CommandLine contains "/sc"
         | maps to   CommandLine contains "create"
         | maps to   CommandLine contains "/sc"
         | becomes   CommandLine="*create*" AND CommandLine="*/sc*"
         | which is  exact

      13 | local: IntegrityLevel: null
         | asks      IntegrityLevel is missing
         | maps to   IntegrityLevel is missing
         | becomes   NOT IntegrityLevel=*
         | which is  exact; assumes empty-is-missing

      14 | local: CurrentDirectory: ''
         | asks      CurrentDirectory is the empty text
         | maps to   CurrentDirectory is the empty text
         | becomes   CurrentDirectory=""
         | which is  exact; assumes empty-is-missing

    Shell of the installer · kql.xdr
    rule.yml · refused

       6 | selection: ParentImage|endswith: '\msiexec.exe'
         | asks      ParentImage ends with "\msiexec.exe"
         | maps to   InitiatingProcessFileName is "msiexec.exe"
         | becomes   InitiatingProcessFileName =~ "msiexec.exe"
         | which is  exact

       7 | selection: CommandLine|re: 'sc(hta)?sks\s'
         | asks      CommandLine matches the regex sc(hta)?sks\s
         | maps to   ProcessCommandLine matches the regex sc(hta)?sks\s
         | becomes   ProcessCommandLine matches regex @"sc(?:hta)?sks[\t-\r ]"
         | which is  exact

       9 | odd: CommandLine|contains|all:
         | asks      CommandLine contains "create"
         | asks      CommandLine contains "/sc"
         | maps to   ProcessCommandLine contains "create"
         | maps to   ProcessCommandLine contains "/sc"
         | becomes   ProcessCommandLine contains "create" and ProcessCommandLine contains "/sc"
         | which is  exact

      13 | local: IntegrityLevel: null
         | asks      IntegrityLevel is missing
         | maps to   ProcessIntegrityLevel is missing
         | becomes   isempty(ProcessIntegrityLevel)
         | which is  exact; assumes empty-is-missing

      14 | local: CurrentDirectory: ''
         | asks      CurrentDirectory is the empty text
         | refused   the data model `xdr` has no column for `CurrentDirectory` in `windows/process_creation`
    "#);
}

#[test]
fn a_refused_line_keeps_no_other_from_being_shown() {
    let sandbox = Sandbox::new("explain-refused");
    sandbox.write("rule.yml", RULE);
    let run = sandbox.run(&["explain", "rule.yml", "-t", "eql"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.out, @r#"
    Shell of the installer · eql.ecs
    rule.yml · refused

       6 | selection: ParentImage|endswith: '\msiexec.exe'
         | asks      ParentImage ends with "\msiexec.exe"
         | maps to   process.parent.name is "msiexec.exe"
         | becomes   process.parent.name : "msiexec.exe"
         | which is  exact

       7 | selection: CommandLine|re: 'sc(hta)?sks\s'
         | asks      CommandLine matches the regex sc(hta)?sks\s
         | maps to   process.command_line matches the regex sc(hta)?sks\s
         | becomes   process.command_line regex ".*sc(hta)?sks[\t-\r ].*"
         | which is  exact

       9 | odd: CommandLine|contains|all:
         | asks      CommandLine contains "create"
         | asks      CommandLine contains "/sc"
         | maps to   process.command_line contains "create"
         | maps to   process.command_line contains "/sc"
         | becomes   process.command_line : "*create*" and process.command_line : "*/sc*"
         | which is  exact

      12 | odd: NoSuchField: 5
         | asks      NoSuchField is the number 5
         | refused   the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`

      14 | local: IntegrityLevel: null
         | asks      IntegrityLevel is missing
         | maps to   process.Ext.token.integrity_level_name is missing   [mapping:IntegrityLevel]
         | maps to   winlog.event_data.IntegrityLevel is missing   [mapping:IntegrityLevel]
         | becomes   ?process.Ext.token.integrity_level_name == null and ?winlog.event_data.IntegrityLevel == null
         | which is  exact; assumes mapping:IntegrityLevel

      15 | local: CurrentDirectory: ''
         | asks      CurrentDirectory is the empty text
         | maps to   process.working_directory is the empty text
         | becomes   process.working_directory == ""
         | which is  exact
    "#);
    insta::assert_snapshot!(run.err, @r#"
    error[cannot-express]: the data model `ecs` has no column for `NoSuchField` in `windows/process_creation`
      --> rule.yml:12:5
       |
    12 |     NoSuchField: 5
       |     ^^^^^^^^^^^
       |
       = help: map it to a column with a processing pipeline
       = note: refused for eql.ecs: unmapped-field
    "#);
}

#[test]
fn with_an_event_it_says_what_holds() {
    let sandbox = Sandbox::new("explain-event");
    sandbox.write("rule.yml", good()).write(
        "event.json",
        r#"{"ParentImage": "C:\\Windows\\System32\\msiexec.exe", "CommandLine": "schtasks /create", "CurrentDirectory": "C:\\"}"#,
    );
    let run = sandbox.run(&["explain", "rule.yml", "-t", "eql", "--event", "event.json"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    Shell of the installer · eql.ecs
    rule.yml · exact; does not fire on the event

       6 | selection: ParentImage|endswith: '\msiexec.exe'   [holds]
         | asks      + ParentImage ends with "\msiexec.exe"
         | maps to   process.parent.name is "msiexec.exe"
         | becomes   process.parent.name : "msiexec.exe"
         | which is  exact

       7 | selection: CommandLine|re: 'sc(hta)?sks\s'   [holds]
         | asks      + CommandLine matches the regex sc(hta)?sks\s
         | maps to   process.command_line matches the regex sc(hta)?sks\s
         | becomes   process.command_line regex ".*sc(hta)?sks[\t-\r ].*"
         | which is  exact

       9 | odd: CommandLine|contains|all:   [does not hold]
         | asks      + CommandLine contains "create"
         | asks      - CommandLine contains "/sc"
         | maps to   process.command_line contains "create"
         | maps to   process.command_line contains "/sc"
         | becomes   process.command_line : "*create*" and process.command_line : "*/sc*"
         | which is  exact

      13 | local: IntegrityLevel: null   [holds]
         | asks      + IntegrityLevel is missing
         | maps to   process.Ext.token.integrity_level_name is missing   [mapping:IntegrityLevel]
         | maps to   winlog.event_data.IntegrityLevel is missing   [mapping:IntegrityLevel]
         | becomes   ?process.Ext.token.integrity_level_name == null and ?winlog.event_data.IntegrityLevel == null
         | which is  exact; assumes mapping:IntegrityLevel

      14 | local: CurrentDirectory: ''   [does not hold]
         | asks      - CurrentDirectory is the empty text
         | maps to   process.working_directory is the empty text
         | becomes   process.working_directory == ""
         | which is  exact
    "#);
    let json = sandbox.run(&["explain", "rule.yml", "-t", "eql", "-e", "event.json", "-f", "json"]);
    insta::assert_snapshot!(json.out, @r#"
    [
      {
        "file": "rule.yml",
        "line": 1,
        "title": "Shell of the installer",
        "target": "eql.ecs",
        "status": "exact",
        "fires": false,
        "lines": [
          {
            "line": 6,
            "selection": "selection",
            "text": "ParentImage|endswith: '\\msiexec.exe'",
            "holds": true,
            "tests": [
              {
                "line": 6,
                "test": "ParentImage ends with \"\\msiexec.exe\"",
                "holds": true
              }
            ],
            "pieces": [
              {
                "reads": "process events",
                "columns": [
                  {
                    "test": "process.parent.name is \"msiexec.exe\"",
                    "fidelity": "exact",
                    "assumptions": []
                  }
                ],
                "query": "process.parent.name : \"msiexec.exe\"",
                "fidelity": "exact",
                "assumptions": [],
                "refusals": []
              }
            ],
            "refusals": []
          },
          {
            "line": 7,
            "selection": "selection",
            "text": "CommandLine|re: 'sc(hta)?sks\\s'",
            "holds": true,
            "tests": [
              {
                "line": 7,
                "test": "CommandLine matches the regex sc(hta)?sks\\s",
                "holds": true
              }
            ],
            "pieces": [
              {
                "reads": "process events",
                "columns": [
                  {
                    "test": "process.command_line matches the regex sc(hta)?sks\\s",
                    "fidelity": "exact",
                    "assumptions": []
                  }
                ],
                "query": "process.command_line regex \".*sc(hta)?sks[\\t-\\r ].*\"",
                "fidelity": "exact",
                "assumptions": [],
                "refusals": []
              }
            ],
            "refusals": []
          },
          {
            "line": 9,
            "selection": "odd",
            "text": "CommandLine|contains|all:\n      - create\n      - '/sc'",
            "holds": false,
            "tests": [
              {
                "line": 10,
                "test": "CommandLine contains \"create\"",
                "holds": true
              },
              {
                "line": 11,
                "test": "CommandLine contains \"/sc\"",
                "holds": false
              }
            ],
            "pieces": [
              {
                "reads": "process events",
                "columns": [
                  {
                    "test": "process.command_line contains \"create\"",
                    "fidelity": "exact",
                    "assumptions": []
                  },
                  {
                    "test": "process.command_line contains \"/sc\"",
                    "fidelity": "exact",
                    "assumptions": []
                  }
                ],
                "query": "process.command_line : \"*create*\" and process.command_line : \"*/sc*\"",
                "fidelity": "exact",
                "assumptions": [],
                "refusals": []
              }
            ],
            "refusals": []
          },
          {
            "line": 13,
            "selection": "local",
            "text": "IntegrityLevel: null",
            "holds": true,
            "tests": [
              {
                "line": 13,
                "test": "IntegrityLevel is missing",
                "holds": true
              }
            ],
            "pieces": [
              {
                "reads": "process events",
                "columns": [
                  {
                    "test": "process.Ext.token.integrity_level_name is missing",
                    "fidelity": "exact",
                    "assumptions": [
                      "mapping:IntegrityLevel"
                    ]
                  },
                  {
                    "test": "winlog.event_data.IntegrityLevel is missing",
                    "fidelity": "exact",
                    "assumptions": [
                      "mapping:IntegrityLevel"
                    ]
                  }
                ],
                "query": "?process.Ext.token.integrity_level_name == null and ?winlog.event_data.IntegrityLevel == null",
                "fidelity": "exact",
                "assumptions": [
                  "mapping:IntegrityLevel"
                ],
                "refusals": []
              }
            ],
            "refusals": []
          },
          {
            "line": 14,
            "selection": "local",
            "text": "CurrentDirectory: ''",
            "holds": false,
            "tests": [
              {
                "line": 14,
                "test": "CurrentDirectory is the empty text",
                "holds": false
              }
            ],
            "pieces": [
              {
                "reads": "process events",
                "columns": [
                  {
                    "test": "process.working_directory is the empty text",
                    "fidelity": "exact",
                    "assumptions": []
                  }
                ],
                "query": "process.working_directory == \"\"",
                "fidelity": "exact",
                "assumptions": [],
                "refusals": []
              }
            ],
            "refusals": []
          }
        ]
      }
    ]
    "#);
}

#[test]
fn what_one_line_says_of_another_is_heeded() {
    let sandbox = Sandbox::new("explain-direction");
    let rule = |initiated: &str| {
        format!(
            "title: Direction\nid: 5b1e2f7c-4c7a-4d0b-9a5d-0f5d9b8c7e22\nlogsource: {{category: network_connection, product: windows}}\n\
             detection:\n  out: {{Initiated: '{initiated}', DestinationPort: 4444}}\n  condition: out\n"
        )
    };
    sandbox.write("rule.yml", rule("true"));
    let run = sandbox.run(&["explain", "rule.yml", "-t", "kql"]);
    assert!(run.out.contains("becomes   RemotePort == 4444\n"), "{}", run.out);
    sandbox.write("rule.yml", rule("false"));
    let run = sandbox.run(&["explain", "rule.yml", "-t", "kql"]);
    assert!(run.out.contains("becomes   LocalPort == 4444\n"), "{}", run.out);
}

#[test]
fn the_steps_of_a_sequence_are_shown_too() {
    let sandbox = Sandbox::new("explain-sequence");
    let first = good().replace("title: Shell of the installer\n", "title: Shell\nname: shell\n");
    let rest = "---\ntitle: Twice\nid: 7d2c9f4e-2b1a-4c55-8c1e-3a9f6d0b5e77\ncorrelation: {type: temporal_ordered, rules: [shell, shell], group-by: [ProcessGuid], timespan: 1m}\n";
    sandbox.write("rule.yml", format!("{first}{rest}"));
    let run = sandbox.run(&["explain", "rule.yml", "-t", "eql"]);
    assert!(run.out.starts_with("Twice · eql.ecs\n"), "{}", run.out);
    assert!(run.out.contains("becomes   process.parent.name : \"msiexec.exe\""), "{}", run.out);
}
