use crate::microsoft::made::{PROCESS, SEQUENCE, content, content_with, left_out, packed};
use crate::testing::text as file;
use insta::assert_snapshot;
use rulecast_compile::Outcome;
use serde_json::{Value, json};

/// Why a rule is left out; nothing if it is in.
fn check(rule: &str) -> String {
    left_out(&packed("defender", &content(&["kql.xdr"], &[rule])), &[rule])
}

/// The body of a rule's request.
fn body(rule: &str) -> Value {
    let content = content(&["kql.xdr"], &[rule]);
    let text = file(&packed("defender", &content), &format!("microsoft/defender/{}.json", content.rules[0].slug));
    serde_json::from_str(&text).unwrap()
}

/// Why a rule is left out whose query goes on like that.
fn ending(query: &str) -> String {
    let changed = content_with(&["kql.xdr"], &[PROCESS], |outcome| match outcome {
        Outcome::Queries(mut queries) => {
            queries[0].text.push_str(query);
            Outcome::Queries(queries)
        }
        other => other,
    });
    left_out(&packed("defender", &changed), &[PROCESS])
}

#[test]
fn a_rule_is_a_body() {
    let packing = packed("defender", &content(&["kql.xdr"], &[PROCESS]));
    assert_snapshot!(file(&packing, "microsoft/defender/rule0.json"), @r#"
    {
      "id": "rule-2832f8bb-e9d7-4990-ac66-249809d2778c",
      "displayName": "Script Host Started by an Installer",
      "description": "An installer starts a script host.\n\nMITRE ATT&CK: T1546.016 Installer Packages; T1059 Command and Scripting Interpreter.",
      "status": "disabled",
      "queryCondition": {
        "queryText": "DeviceProcessEvents\n| where ActionType == \"ProcessCreated\"\n    and InitiatingProcessFileName =~ \"msiexec.exe\"\n    and FileName =~ \"powershell.exe\""
      },
      "schedule": {
        "frequency": "PT1H"
      },
      "detectionAction": {
        "alertTemplate": {
          "title": "Script Host Started by an Installer",
          "description": "An installer starts a script host.\n\nMITRE ATT&CK: T1546.016 Installer Packages; T1059 Command and Scripting Interpreter.",
          "severity": "high",
          "tactics": [
            {
              "tactic": "Execution",
              "techniques": [
                {
                  "technique": "T1059",
                  "subTechniques": []
                }
              ]
            }
          ],
          "entityMappings": {
            "hosts": [
              {
                "deviceIdColumn": "DeviceId",
                "nameColumn": "DeviceName"
              }
            ],
            "accounts": [
              {
                "nameColumn": "AccountName",
                "ntDomainColumn": "AccountDomain"
              }
            ],
            "files": [
              {
                "nameColumn": "FileName",
                "sha1Column": "SHA1",
                "sha256Column": "SHA256"
              }
            ]
          }
        }
      }
    }
    "#);
}

#[test]
fn one_tactic_is_told_with_what_serves_it() {
    let of = |tags: &str| {
        let rule = PROCESS.replace("    - attack.stealth\n    - attack.t1546.016\n    - attack.t1059\n", tags);
        assert!(rule.contains(tags));
        let body = body(&rule);
        assert_eq!(body["description"], "An installer starts a script host.");
        body["detectionAction"]["alertTemplate"]["tactics"].clone()
    };
    let packages = json!([{ "technique": "T1546", "subTechniques": ["T1546.016"] }]);
    let tactics = of("    - attack.privilege-escalation\n    - attack.t1546.016\n");
    assert_eq!(tactics, json!([{ "tactic": "PrivilegeEscalation", "techniques": packages }]));
    let interpreter = json!([{ "technique": "T1059", "subTechniques": [] }]);
    let tactics = of("    - attack.stealth\n    - attack.execution\n    - attack.t1059\n");
    assert_eq!(tactics, json!([{ "tactic": "Execution", "techniques": interpreter }]));
    let tactics = of("    - attack.stealth\n    - attack.execution\n");
    assert_eq!(tactics, json!([{ "tactic": "DefenseEvasion", "techniques": [] }]));
    assert_eq!(of("    - detection.threat-hunting\n"), Value::Null);
}

#[test]
fn an_account_is_more_than_a_name_and_a_file_has_a_hash() {
    let mappings = |columns: &str| {
        let changed = content_with(&["kql.xdr"], &[PROCESS], |outcome| match outcome {
            Outcome::Queries(mut queries) => {
                queries[0].text += "\n| project Timestamp, DeviceId, ReportId, ";
                queries[0].text += columns;
                Outcome::Queries(queries)
            }
            other => other,
        });
        let text = file(&packed("defender", &changed), "microsoft/defender/rule0.json");
        let body: Value = serde_json::from_str(&text).unwrap();
        let mut mappings = body["detectionAction"]["alertTemplate"]["entityMappings"].clone();
        assert_eq!(mappings.as_object_mut().unwrap().remove("hosts").unwrap()[0]["deviceIdColumn"], "DeviceId");
        mappings
    };
    assert_eq!(mappings("AccountName, FileName"), json!({}));
    let (account, file) = (json!([{ "sidColumn": "AccountSid" }]), json!([{ "sha256Column": "SHA256" }]));
    assert_eq!(mappings("AccountName, AccountSid, FileName, SHA256"), json!({ "accounts": account, "files": file }));
    let account = json!([{
        "nameColumn": "InitiatingProcessAccountName", "ntDomainColumn": "InitiatingProcessAccountDomain",
    }]);
    let columns = "InitiatingProcessAccountName, InitiatingProcessAccountDomain";
    assert_eq!(mappings(columns), json!({ "accounts": account }));
}

#[test]
fn a_sequence_returns_the_event_that_completes_it() {
    let body = body(SEQUENCE);
    let query = body["queryCondition"]["queryText"].as_str().unwrap();
    let last = query.lines().skip_while(|line| !line.starts_with("| project")).collect::<Vec<_>>().join(" ");
    assert_snapshot!(last, @"| project Timestamp = t2, HostId = k1, Start = t1, DeviceId, ReportId");
    assert_eq!(body["schedule"]["frequency"], "PT1H");
}

#[test]
fn a_query_must_return_what_the_service_asks_for() {
    assert_eq!(ending("\n| extend more = 1"), "");
    assert_snapshot!(ending("\n| project Timestamp, DeviceId"), @"platform: its query returns no `ReportId` [title: Script Host Started by an Installer]");
    assert_snapshot!(ending("\n| summarize n = count() by DeviceName"), @"platform: its query returns no `Timestamp` and no `DeviceId` and no `ReportId` [title: Script Host Started by an Installer]");
    assert_eq!(ending("\n| summarize arg_max(Timestamp, ReportId) by DeviceId"), "");
    assert_snapshot!(ending("\n| evaluate bag_unpack(x)"), @"platform: its query cannot be read back, so that nobody knows what it returns [title: Script Host Started by an Installer]");
    assert_snapshot!(ending("\n| union (SecurityEvent)"), @"platform: `SecurityEvent` is no table of advanced hunting [title: Script Host Started by an Installer]");
    assert_snapshot!(ending("\n| union (AADSignInEventsBeta)"), @"platform: its query reads tables of devices and others, whose rows have no `DeviceId` [title: Script Host Started by an Installer]");
}

#[test]
fn sign_ins_are_of_accounts() {
    let rule = "title: Sign-in\nid: 8d3a7e0c-0f5d-4c2b-9c3e-0d7a0f6b1e22\nlogsource: {product: azure, service: signinlogs}\n\
        detection: {s: {UserAgent|contains: curl}, condition: s}\n";
    let mappings = &body(rule)["detectionAction"]["alertTemplate"]["entityMappings"];
    let kinds = ["accounts", "hosts", "ips"].map(|kind| mappings[kind][0].to_string());
    assert_eq!(
        kinds,
        [
            r#"{"aadUserIdColumn":"AccountObjectId","upnColumn":"AccountUpn"}"#,
            r#"{"nameColumn":"DeviceName"}"#,
            r#"{"addressColumn":"IPAddress"}"#,
        ]
    );
}

#[test]
fn a_run_looks_back_over_the_run_before_and_the_time_of_a_sequence() {
    let scheduled = |every: &str, timespan: &str| {
        SEQUENCE
            .replace("every: 5m", &format!("every: {every}"))
            .replace("timespan: 2h", &format!("timespan: {timespan}"))
    };
    let frequency = |rule: &str| body(rule)["schedule"]["frequency"].as_str().unwrap().to_owned();
    assert_eq!(frequency(PROCESS), "PT1H");
    assert_eq!(frequency(&scheduled("5m", "3h")), "PT1H");
    assert_eq!(frequency(&scheduled("5m", "4h")), "PT3H");
    assert_eq!(frequency(&scheduled("4h", "1h")), "PT3H");
    assert_eq!(frequency(&scheduled("1h", "36h")), "PT12H");
    assert_eq!(frequency(&scheduled("7d", "1h")), "P1D");
    assert_eq!(frequency(&scheduled("1h", "29d")), "P1D");
    assert_snapshot!(check(&scheduled("1h", "30d")), @"platform: the rule spans 720 hours, and no run looks back 30 days and more [1h]");
}

#[test]
fn detections_are_named_once() {
    let no_id = PROCESS.replace("id: 2832f8bb-e9d7-4990-ac66-249809d2778c\n", "");
    assert_snapshot!(check(&no_id), @"platform: the rule has no id [title: Script Host Started by an Installer]");
    let same_id = PROCESS.replace("Script Host Started", "Something Started");
    let files = [PROCESS, same_id.as_str()];
    assert_snapshot!(left_out(&packed("defender", &content(&["kql.xdr"], &files)), &files), @"platform: another rule of the bundle has the id 2832f8bb-e9d7-4990-ac66-249809d2778c [2832f8bb-e9d7-4990-ac66-249809d2778c]");
    let other = PROCESS.replace("powershell", "cscript").replace("2832f8bb", "2832f8bc");
    let files = [PROCESS, other.as_str()];
    assert_snapshot!(left_out(&packed("defender", &content(&["kql.xdr"], &files)), &files), @"platform: another rule of the bundle has its title, which names a detection [Script Host Started by an Installer]");
}

#[test]
fn only_tables_of_advanced_hunting_serve() {
    let targets = ["kql.securityevent", "kql.asim", "kql.none", "spl.sysmon"];
    assert_snapshot!(left_out(&packed("defender", &content(&targets, &[PROCESS])), &[PROCESS]), @"no-target: none of the targets of the bundle is one of this platform [title: Script Host Started by an Installer]");
}

#[test]
fn hostile_texts_stay_texts() {
    for title in ["'\"}, {'", "\"a\\nb\"", "'\\'", "'{{DeviceName}} \u{2028} x'"] {
        let rule = PROCESS.replace("Script Host Started by an Installer", title);
        let meant = content(&["kql.xdr"], &[&rule]).rules[0].metadata.title().to_owned();
        let body = body(&rule);
        assert_eq!(body["displayName"].as_str(), Some(meant.as_str()));
        assert_eq!(body["detectionAction"]["alertTemplate"]["title"].as_str(), Some(meant.as_str()));
    }
}
