//! `rulecast coverage`: what rules name of ATT&CK, as people, programs and the ATT&CK Navigator want it.

use crate::support::{Run, Sandbox};
use insta::assert_snapshot;
use std::process::Command;

/// A rule with a level and tags.
fn rule(number: u32, title: &str, level: &str, tags: &str) -> String {
    format!(
        "title: {title}\nid: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f{number:02}\nlevel: {level}\ntags: [{tags}]\n\
         logsource: {{category: process_creation, product: windows}}\n\
         detection:\n  sel: {{CommandLine|contains: whoami}}\n  condition: sel\n"
    )
}

fn rules(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox
        .write("rules/a.yml", rule(1, "Installer", "high", "attack.persistence, attack.t1546.016"))
        .write("rules/b.yml", rule(2, "Installer, \"again\"", "low", "attack.t1546.016, attack.t1059"))
        .write("rules/c.yml", rule(3, "Version 19", "medium", "attack.stealth, attack.t1070.001"))
        .write("rules/d.yml", rule(4, "Revoked", "medium", "attack.t1004"))
        .write("rules/e.yml", rule(5, "None", "medium", "attack.execution, cve.2024-1"));
    sandbox
}

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

#[test]
fn a_table_is_by_tactic_and_level() {
    let sandbox = rules("coverage-table");
    assert_snapshot!(told(&sandbox.run(&["coverage", "rules"])), @r#"
    Execution                                     critical    high  medium     low    info   rules
      T1059      Command and Scripting Interpreter       ·       ·       ·       1       ·       1

    Persistence                                   critical    high  medium     low    info   rules
      T1546.016  Installer Packages                      ·       1       ·       1       ·       2
      T1547.004  Winlogon Helper DLL                     ·       ·       1       ·       ·       1

    Privilege Escalation                          critical    high  medium     low    info   rules
      T1546.016  Installer Packages                      ·       ·       ·       1       ·       1
      T1547.004  Winlogon Helper DLL                     ·       ·       1       ·       ·       1

    Defense Evasion                               critical    high  medium     low    info   rules
      T1070.001  Clear Windows Event Logs                ·       ·       1       ·       ·       1

    4 techniques of ATT&CK 18.1 in 5 rules, of which 1 names none
    exit code 0
    "#);
    let high = sandbox.run(&["coverage", "rules", "--min-level", "high", "-f", "csv"]);
    assert_snapshot!(told(&high).replace('\r', ""), @r#"
    tactic,technique,name,critical,high,medium,low,informational,rules
    persistence,T1546.016,Installer Packages,0,1,0,0,0,1
    exit code 0
    "#);
}

#[test]
fn a_layer_shows_sub_techniques_below_their_parents() {
    let sandbox = rules("coverage-layer");
    let run = sandbox.run(&["coverage", "rules", "-f", "navigator", "--name", "Ours"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let layer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(layer["versions"], serde_json::json!({ "attack": "18", "navigator": "5.1.0", "layer": "4.5" }));
    assert_eq!((&layer["name"], &layer["domain"]), (&"Ours".into(), &"enterprise-attack".into()));
    let told = layer["techniques"].as_array().unwrap().iter().map(|one| {
        let rules = one["metadata"].as_array().unwrap().iter().map(|item| item["value"].as_str().unwrap());
        format!(
            "{} {} {} {} {:?}\n",
            one["techniqueID"].as_str().unwrap(),
            one["tactic"].as_str().unwrap(),
            one["score"],
            one["showSubtechniques"],
            rules.collect::<Vec<_>>()
        )
    });
    assert_snapshot!(told.collect::<String>(), @r#"
    T1059 execution 1 false ["Installer, \"again\""]
    T1070 defense-evasion null true []
    T1070.001 defense-evasion 1 false ["Version 19"]
    T1546 persistence null true []
    T1546 privilege-escalation null true []
    T1546.016 persistence 2 false ["Installer", "Installer, \"again\""]
    T1546.016 privilege-escalation 1 false ["Installer, \"again\""]
    T1547 persistence null true []
    T1547 privilege-escalation null true []
    T1547.004 persistence 1 false ["Revoked"]
    T1547.004 privilege-escalation 1 false ["Revoked"]
    "#);
    assert_eq!(layer["gradient"]["maxValue"], 2);
}

#[test]
fn json_names_the_rules() {
    let sandbox = rules("coverage-json");
    let run = sandbox.run(&["coverage", "rules/b.yml", "-f", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&report["rules"], &report["without_techniques"]), (&1.into(), &0.into()));
    assert_eq!(report["techniques"][0]["tactic"], "execution");
    assert_eq!(report["techniques"][0]["rules"][0]["title"], "Installer, \"again\"");
}

#[test]
fn gaps_are_what_no_rule_names() {
    let sandbox = rules("coverage-gaps");
    sandbox.write("wanted.txt", "# ours\nT1546\nt1546.016  # known\nT1059.001\nT1110\nT1999\n\n");
    let run = sandbox.run(&["coverage", "rules", "--gaps", "wanted.txt", "--exit-code"]);
    assert_snapshot!(told(&run), @r#"
    T1059.001  PowerShell   execution; rules on the technique above it alone
    T1110      Brute Force  credential-access
    T1999                   ATT&CK 18.1 has none of this id in use
    3 of 5 techniques named by no rule
    exit code 1
    "#);

    // A layer is as good a list, and the layer of gaps names what the table does.
    let ours = sandbox.run(&["coverage", "rules", "-f", "navigator"]).out;
    sandbox.write("ours.json", &ours);
    let none = sandbox.run(&["coverage", "rules", "--gaps", "ours.json", "--exit-code"]);
    assert_eq!(told(&none), "0 of 4 techniques named by no rule\nexit code 0");
    let layer = sandbox.run(&["coverage", "rules", "--gaps", "wanted.txt", "-f", "navigator"]);
    let layer: serde_json::Value = serde_json::from_str(&layer.out).unwrap();
    let told = layer["techniques"].as_array().unwrap().iter();
    let told = told.map(|one| format!("{} {} {}\n", one["techniqueID"], one["tactic"], one["color"]));
    assert_snapshot!(told.collect::<String>(), @r##"
    "T1059" "execution" null
    "T1059.001" "execution" "#f5c28b"
    "T1110" "credential-access" "#d64545"
    "T1999" null "#d64545"
    "##);
    assert_eq!(layer["legendItems"].as_array().unwrap().len(), 2);
}

#[test]
fn lists_that_are_none_are_refused_line_by_line() {
    let sandbox = rules("coverage-lists");
    let check = |text: &str| {
        sandbox.write("wanted.txt", text);
        let run = sandbox.run(&["coverage", "rules", "--gaps", "wanted.txt"]);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{text}");
        run.err
    };
    assert_snapshot!(check("T1546\nPowerShell\nT12\n"), @r#"
    error: wanted.txt: line 2: expected a technique as `T1546` or `T1546.016`, found `PowerShell`
    error: wanted.txt: line 3: expected a technique as `T1546` or `T1546.016`, found `T12`
    "#);
    assert_snapshot!(check("{\"domain\": \"ics-attack\", \"techniques\": []}"), @"error: wanted.txt: expected a layer of `enterprise-attack`, found `ics-attack`");
    assert_snapshot!(check("{\"techniques\": {}}"), @"error: wanted.txt: expected a layer of the ATT&CK Navigator: it has no list `techniques`");
    assert_snapshot!(check("{\"techniques\": [{\"techniqueID\": \"T1\\n\"}]}"), @r#"error: wanted.txt: expected a layer of the ATT&CK Navigator: "T1\n" is no `techniqueID`"#);
    assert_snapshot!(check("# nothing\n"), @"error: wanted.txt: it names no technique");
    let run = sandbox.run(&["coverage", "rules", "--gaps", "no.txt"]);
    assert_eq!((run.code, run.err.as_str()), (3, "error: cannot read the techniques `no.txt`: entity not found\n"));
}

#[test]
fn an_invalid_rule_keeps_no_other_from_being_told() {
    let sandbox = rules("coverage-invalid");
    sandbox.write("rules/z.yml", "title: Broken\nid: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f77\ntags: [attack.t1110]\n");
    let run = sandbox.run(&["coverage", "rules", "-f", "csv"]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("T1546.016") && !run.out.contains("T1110"), "{}", run.out);
    assert!(run.err.contains("rules/z.yml") && run.err.contains("1 file invalid"), "{}", run.err);
}

#[test]
fn changes_are_told_since_a_revision() {
    if Command::new("git").arg("--version").output().is_err() {
        return;
    }
    let sandbox = rules("coverage-since");
    sandbox.write("rulecast.toml", "rules = ['rules']\n");
    for args in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Add rules"],
    ] {
        let status = Command::new("git").args(args).current_dir(sandbox.path(".")).status().unwrap();
        assert!(status.success());
    }
    let none = sandbox.run(&["coverage", "--since", "HEAD", "--exit-code"]);
    assert_eq!(told(&none), "0 changes since HEAD\nexit code 0");
    std::fs::remove_file(sandbox.path("rules/c.yml")).unwrap();
    sandbox
        .write("rules/a.yml", rule(1, "Installer", "high", "attack.t1110"))
        .write("rules/f.yml", rule(6, "More", "high", "attack.t1059"));
    assert_snapshot!(told(&sandbox.run(&["coverage", "--since", "HEAD", "--exit-code"])), @r#"
    more     T1059      Command and Scripting Interpreter  execution          1 -> 2
    removed  T1070.001  Clear Windows Event Logs           defense-evasion    1 -> 0
    added    T1110      Brute Force                        credential-access  0 -> 1
    fewer    T1546.016  Installer Packages                 persistence        2 -> 1
    4 changes since HEAD
    exit code 1
    "#);
    let layer = sandbox.run(&["coverage", "--since", "main", "-f", "navigator"]);
    let layer: serde_json::Value = serde_json::from_str(&layer.out).unwrap();
    let told = layer["techniques"].as_array().unwrap().iter();
    let told =
        told.map(|one| format!("{} {} {} {}\n", one["techniqueID"], one["tactic"], one["color"], one["comment"]));
    assert_snapshot!(told.collect::<String>(), @r##"
    "T1059" "execution" "#a8dcbc" "more: 1 rule before, 2 now"
    "T1070" "defense-evasion" null ""
    "T1070.001" "defense-evasion" "#d64545" "removed: 1 rule before, 0 now"
    "T1110" "credential-access" "#2e9e5b" "added: 0 rules before, 1 now"
    "T1546" "persistence" null ""
    "T1546.016" "persistence" "#f5c28b" "fewer: 2 rules before, 1 now"
    "##);
    let wrong = sandbox.run(&["coverage", "--since", "nothing"]);
    assert_eq!(wrong.code, 3, "{}", wrong.err);
}
