use crate::microsoft::made::{PROCESS, SEQUENCE, content, content_with, left_out, packed};
use crate::testing::text as file;
use insta::assert_snapshot;
use rulecast_compile::Outcome;
use serde_json::Value;

/// Why a rule is left out; nothing if it is in.
fn check(rule: &str) -> String {
    left_out(&packed("sentinel", &content(&["kql.xdr"], &[rule])), &[rule])
}

/// A rule as a template, read back.
fn template(targets: &[&str], rule: &str) -> serde_yaml::Value {
    let content = content(targets, &[rule]);
    let text = file(&packed("sentinel", &content), &format!("microsoft/sentinel/{}.yaml", content.rules[0].slug));
    serde_yaml::from_str(&text).unwrap()
}

/// Its resource in the ARM template.
fn resource(targets: &[&str], rule: &str) -> Value {
    let packing = packed("sentinel", &content(targets, &[rule]));
    let template: Value = serde_json::from_str(&file(&packing, "microsoft/sentinel/azuredeploy.json")).unwrap();
    template["resources"][0].clone()
}

#[test]
fn a_rule_is_a_template() {
    let packing = packed("sentinel", &content(&["kql.xdr"], &[PROCESS]));
    assert_snapshot!(file(&packing, "microsoft/sentinel/rule0.yaml"), @r#"
    id: 2832f8bb-e9d7-4990-ac66-249809d2778c
    name: Script Host Started by an Installer
    description: |-
      An installer starts a script host.

      MITRE ATT&CK: T1546.016 Installer Packages; T1059 Command and Scripting Interpreter.
    severity: High
    status: Available
    requiredDataConnectors:
    - connectorId: MicrosoftThreatProtection
      dataTypes:
      - DeviceProcessEvents
    queryFrequency: 1h
    queryPeriod: 1h
    triggerOperator: gt
    triggerThreshold: 0
    tactics:
    - Execution
    - Persistence
    - PrivilegeEscalation
    - DefenseEvasion
    relevantTechniques:
    - T1059
    - T1546
    query: |-
      DeviceProcessEvents
      | where ActionType == "ProcessCreated"
          and InitiatingProcessFileName =~ "msiexec.exe"
          and FileName =~ "powershell.exe"
    entityMappings:
    - entityType: Host
      fieldMappings:
      - identifier: FullName
        columnName: DeviceName
    - entityType: Account
      fieldMappings:
      - identifier: Name
        columnName: AccountName
      - identifier: NTDomain
        columnName: AccountDomain
    - entityType: Process
      fieldMappings:
      - identifier: ProcessId
        columnName: ProcessId
      - identifier: CommandLine
        columnName: ProcessCommandLine
    - entityType: File
      fieldMappings:
      - identifier: Name
        columnName: FileName
    eventGroupingSettings:
      aggregationKind: AlertPerResult
    customDetails:
      ActionType: ActionType
      FolderPath: FolderPath
      ParentCommandLine: InitiatingProcessCommandLine
      ParentFolderPath: InitiatingProcessFolderPath
      SHA256: SHA256
    version: 3.0.0
    kind: Scheduled
    "#);
}

#[test]
fn a_rule_is_a_resource() {
    let packing = packed("sentinel", &content(&["kql.xdr"], &[PROCESS]));
    assert_snapshot!(file(&packing, "microsoft/sentinel/azuredeploy.json"), @r#"
    {
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "contentVersion": "1.0.0.0",
      "parameters": {
        "workspace": {
          "type": "string",
          "metadata": {
            "description": "The Log Analytics workspace that Microsoft Sentinel is enabled on"
          }
        },
        "enabled": {
          "type": "bool",
          "defaultValue": false,
          "metadata": {
            "description": "Whether the rules run"
          }
        }
      },
      "resources": [
        {
          "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules",
          "apiVersion": "2024-09-01",
          "kind": "Scheduled",
          "name": "[concat(parameters('workspace'), '/Microsoft.SecurityInsights/2832f8bb-e9d7-4990-ac66-249809d2778c')]",
          "properties": {
            "displayName": "Script Host Started by an Installer",
            "description": "An installer starts a script host.\n\nMITRE ATT&CK: T1546.016 Installer Packages; T1059 Command and Scripting Interpreter.",
            "enabled": "[parameters('enabled')]",
            "severity": "High",
            "query": "DeviceProcessEvents\n| where ActionType == \"ProcessCreated\"\n    and InitiatingProcessFileName =~ \"msiexec.exe\"\n    and FileName =~ \"powershell.exe\"",
            "queryFrequency": "PT1H",
            "queryPeriod": "PT1H",
            "triggerOperator": "GreaterThan",
            "triggerThreshold": 0,
            "suppressionEnabled": false,
            "suppressionDuration": "PT5H",
            "tactics": [
              "Execution",
              "Persistence",
              "PrivilegeEscalation",
              "DefenseEvasion"
            ],
            "techniques": [
              "T1059",
              "T1546"
            ],
            "incidentConfiguration": {
              "createIncident": true,
              "groupingConfiguration": {
                "enabled": false,
                "reopenClosedIncident": false,
                "lookbackDuration": "PT5H",
                "matchingMethod": "AllEntities"
              }
            },
            "eventGroupingSettings": {
              "aggregationKind": "AlertPerResult"
            },
            "customDetails": {
              "ActionType": "ActionType",
              "FolderPath": "FolderPath",
              "ParentCommandLine": "InitiatingProcessCommandLine",
              "ParentFolderPath": "InitiatingProcessFolderPath",
              "SHA256": "SHA256"
            },
            "entityMappings": [
              {
                "entityType": "Host",
                "fieldMappings": [
                  {
                    "identifier": "FullName",
                    "columnName": "DeviceName"
                  }
                ]
              },
              {
                "entityType": "Account",
                "fieldMappings": [
                  {
                    "identifier": "Name",
                    "columnName": "AccountName"
                  },
                  {
                    "identifier": "NTDomain",
                    "columnName": "AccountDomain"
                  }
                ]
              },
              {
                "entityType": "Process",
                "fieldMappings": [
                  {
                    "identifier": "ProcessId",
                    "columnName": "ProcessId"
                  },
                  {
                    "identifier": "CommandLine",
                    "columnName": "ProcessCommandLine"
                  }
                ]
              },
              {
                "entityType": "File",
                "fieldMappings": [
                  {
                    "identifier": "Name",
                    "columnName": "FileName"
                  }
                ]
              }
            ]
          }
        }
      ]
    }
    "#);
    let named: Vec<_> = packing.entries.iter().map(|one| (one.kind, one.name.as_deref())).collect();
    let id = "2832f8bb-e9d7-4990-ac66-249809d2778c";
    assert_eq!(named, [("analytic-rule", None), ("arm-resource", Some(id))]);
}

#[test]
fn a_run_looks_back_over_the_run_before_and_the_time_of_a_sequence() {
    let times = |rule: &str| {
        let (template, resource) = (template(&["kql.xdr"], rule), resource(&["kql.xdr"], rule));
        let short = |key: &str| template[key].as_str().unwrap().to_owned();
        let iso = |key: &str| resource["properties"][key].as_str().unwrap().to_owned();
        [short("queryFrequency"), short("queryPeriod"), iso("queryFrequency"), iso("queryPeriod")].join(" ")
    };
    let scheduled = |every: &str, timespan: &str| {
        SEQUENCE
            .replace("every: 5m", &format!("every: {every}"))
            .replace("timespan: 2h", &format!("timespan: {timespan}"))
    };
    assert_eq!(times(PROCESS), "1h 1h PT1H PT1H");
    assert_eq!(times(SEQUENCE), "5m 125m PT5M PT125M");
    assert_eq!(times(&scheduled("1m", "30s")), "5m 9m PT5M PT9M");
    assert_eq!(times(&scheduled("90m", "30s")), "90m 91m PT90M PT91M");
    assert_eq!(times(&scheduled("30m", "2d")), "1h 49h PT1H PT49H");
    assert_eq!(times(&scheduled("1d", "13d")), "1d 14d P1D P14D");
    assert_snapshot!(check(&scheduled("1d", "14d")), @"platform: a run would look back 15d, and 14 days are allowed: a run and what the rule spans [title: Action Followed by a Connection]");
    assert_snapshot!(check(&PROCESS.replace("version: 3", "schedule: {every: 1h, lookback: 15d}")), @"platform: a run would look back 15d, and 14 days are allowed: a run and what the rule spans [15d]");
}

#[test]
fn what_the_platform_limits_is_left_out_at_its_line() {
    let with = |line: &str, text: &str| PROCESS.replace(line, text);
    let title = "title: Script Host Started by an Installer";
    assert_eq!(check(&with(title, &format!("title: {}", "é".repeat(256)))), "");
    assert_snapshot!(check(&with(title, &format!("title: {}", "x".repeat(257)))), @"platform: the title has 257 characters, and 256 are allowed [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]");
    let description = "description: An installer starts a script host.";
    assert_snapshot!(check(&with(description, &format!("description: {}", "x".repeat(5_000)))), @"platform: the description with its techniques has 5086 characters, and 5000 are allowed [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]");
    assert_snapshot!(check(&with("id: 2832f8bb-e9d7-4990-ac66-249809d2778c\n", "")), @"platform: the rule has no id [title: Script Host Started by an Installer]");
    assert_snapshot!(check(&with("id: 2832f8bb", "id: zzzzzzzz")), @"platform: the rule has no id [title: Script Host Started by an Installer]");
    let values: String = (0..600).map(|at| format!("\n            - 'C:\\tools\\{at}.exe'")).collect();
    assert_snapshot!(check(&with("        Image|endswith: '\\powershell.exe'", &format!("        Image:{values}"))), @"platform: without indentation the query has 12615 characters, and 10000 are allowed [title: Script Host Started by an Installer]");
    // All at once.
    let two =
        with("id: 2832f8bb-e9d7-4990-ac66-249809d2778c\n", "").replace(title, &format!("title: {}", "x".repeat(300)));
    assert_eq!(check(&two).lines().count(), 2);
}

#[test]
fn no_two_rules_have_one_id() {
    let other = PROCESS.replace("powershell", "cscript").replace("2832f8bb", "2832F8BB");
    let files = [PROCESS, other.as_str()];
    assert_snapshot!(left_out(&packed("sentinel", &content(&["kql.xdr"], &files)), &files), @"platform: another rule of the bundle has the id 2832f8bb-e9d7-4990-ac66-249809d2778c [2832F8BB-e9d7-4990-ac66-249809d2778c]");
}

#[test]
fn the_first_target_that_can_say_it_serves() {
    let reads = |targets: &[&str]| {
        let template = template(targets, PROCESS);
        let query = template["query"].as_str().unwrap().lines().next().unwrap().to_owned();
        format!("{query} {}", serde_json::to_string(&template["requiredDataConnectors"]).unwrap())
    };
    let defender =
        r#"DeviceProcessEvents [{"connectorId":"MicrosoftThreatProtection","dataTypes":["DeviceProcessEvents"]}]"#;
    assert_eq!(reads(&["kql.none", "kql.xdr", "kql.asim"]), defender);
    let security = r#"SecurityEvent [{"connectorId":"SecurityEvents","dataTypes":["SecurityEvent"]},{"connectorId":"WindowsSecurityEvents","dataTypes":["SecurityEvent"]}]"#;
    assert_eq!(reads(&["spl.sysmon", "kql.securityevent"]), security);
    // Which connectors fill a normalised schema, nobody knows: the description says so.
    assert_eq!(reads(&["kql.asim"]), "_Im_ProcessEvent []");
    let template = template(&["kql.asim"], PROCESS);
    assert!(template["description"].as_str().unwrap().contains("\n\nReads _Im_ProcessEvent: which connectors"));
    let none = packed("sentinel", &content(&["kql.none", "eql.ecs"], &[PROCESS]));
    assert_snapshot!(left_out(&none, &[PROCESS]), @"no-target: none of the targets of the bundle is one of this platform [title: Script Host Started by an Installer]");
    assert!(none.files.is_empty());
}

#[test]
fn a_table_of_advanced_hunting_alone_is_none_of_a_workspace() {
    let rule = "title: Sign-in\nid: 2832f8bb-e9d7-4990-ac66-249809d2778c\n\
        logsource: {product: azure, service: signinlogs}\ndetection: {s: {UserAgent|contains: curl}, condition: s}\n";
    assert_snapshot!(check(rule), @"platform: `AADSignInEventsBeta` is a table of advanced hunting, which no workspace has [title: Sign-in]");
    let next = template(&["kql.xdr", "kql.securityevent"], rule);
    assert!(next["query"].as_str().unwrap().starts_with("SigninLogs"), "{next:?}");
}

/// A rule that looks for so many words.
fn long(words: usize) -> String {
    let lines: Vec<String> = (0..words).map(|at| format!("            - 'option-{at:04}'\n")).collect();
    PROCESS.replace("        Image|", &format!("        CommandLine|contains|all:\n{}        Image|", lines.concat()))
}

#[test]
fn a_long_query_is_written_without_indentation_and_a_longer_one_left_out() {
    let fits = template(&["kql.xdr"], &long(205));
    let query = fits["query"].as_str().unwrap();
    assert!(query.contains("\nand ProcessCommandLine") && query.len() < 10_000, "{}: {query}", query.len());
    let short = template(&["kql.xdr"], &long(20));
    assert!(short["query"].as_str().unwrap().contains("\n    and ProcessCommandLine"), "{short:?}");
    assert_snapshot!(check(&long(300)), @"platform: without indentation the query has 13938 characters, and 10000 are allowed [title: Script Host Started by an Installer]");
    // On the next target the same test is shorter.
    let next = template(&["kql.xdr", "kql.securityevent"], &long(240));
    assert!(next["query"].as_str().unwrap().starts_with("SecurityEvent\n"), "{next:?}");
}

#[test]
fn what_a_query_does_not_return_is_no_entity() {
    let rule = format!("{PROCESS}output: {{fields: [_time, CommandLine]}}\n");
    let template = template(&["kql.xdr"], &rule);
    let shown = |key: &str| serde_json::to_string(&template[key]).unwrap();
    assert_snapshot!(shown("entityMappings"), @r#"[{"entityType":"Process","fieldMappings":[{"identifier":"CommandLine","columnName":"ProcessCommandLine"}]}]"#);
    assert_snapshot!(shown("customDetails"), @r#"{"DeviceId":"DeviceId","ReportId":"ReportId"}"#);
}

#[test]
fn a_class_is_in_the_title_of_an_alert() {
    let classes = "classification:\n    - {name: A, condition: selection, level: high}\n";
    let classified =
        |title: &str| format!("{}{classes}", PROCESS.replace("Script Host Started by an Installer", title));
    let format = |title: &str| template(&["kql.xdr"], &classified(title))["alertDetailsOverride"].clone();
    assert_eq!(format("Host")["alertDisplayNameFormat"].as_str(), Some("Host ({{class}})"));
    // It would be read for columns of its own, or be too long.
    assert!(format("'Host {{DeviceName}}'").is_null());
    assert!(format(&"x".repeat(250)).is_null());
    assert!(template(&["kql.xdr"], PROCESS)["alertDetailsOverride"].is_null());
}

#[test]
fn hostile_texts_stay_texts() {
    let titles = ["'[resourceGroup().id]'", "'[x'", "'- a: b # c'", "\"a\\n---\\nb\"", "'{{class}}'", "'𝕏 \u{2028} é'"];
    for title in titles {
        let rule = PROCESS.replace("Script Host Started by an Installer", title);
        let meant = content(&["kql.xdr"], &[&rule]).rules[0].metadata.title().to_owned();
        assert_eq!(template(&["kql.xdr"], &rule)["name"].as_str(), Some(meant.as_str()));
        let shown = resource(&["kql.xdr"], &rule)["properties"]["displayName"].as_str().unwrap().to_owned();
        // What ARM makes of it.
        let taken = if shown.starts_with("[[") && shown.ends_with(']') { &shown[1..] } else { &shown };
        assert_eq!(taken, meant);
        assert!(
            !(shown.starts_with('[') && !shown.starts_with("[[") && shown.ends_with(']')),
            "an expression: {shown}"
        );
    }
}

#[test]
fn a_query_that_nobody_can_read_is_left_out() {
    let changed = content_with(&["kql.xdr"], &[PROCESS], |outcome| match outcome {
        Outcome::Queries(mut queries) => {
            queries[0].text.push_str("\n| evaluate bag_unpack(x)");
            Outcome::Queries(queries)
        }
        other => other,
    });
    assert_snapshot!(left_out(&packed("sentinel", &changed), &[PROCESS]), @"platform: its query cannot be read back [title: Script Host Started by an Installer]");
}

#[test]
fn many_rules_are_several_templates() {
    let files: Vec<String> = (0..801)
        .map(|at| PROCESS.replace("2832f8bb", &format!("{at:08x}")).replace("powershell", &format!("p{at}")))
        .collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let packing = packed("sentinel", &content(&["kql.xdr"], &files));
    let count = |path: &str| {
        let template: Value = serde_json::from_str(&file(&packing, path)).unwrap();
        template["resources"].as_array().unwrap().len()
    };
    assert_eq!(count("microsoft/sentinel/azuredeploy.json"), 800);
    assert_eq!(count("microsoft/sentinel/azuredeploy-2.json"), 1);
    let last = packing.entries.iter().rfind(|one| one.kind == "arm-resource").unwrap();
    assert_eq!((last.rule, last.path.as_str()), (800, "microsoft/sentinel/azuredeploy-2.json"));
}
