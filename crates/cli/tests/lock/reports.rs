//! What programs and services get of `rulecast lock`.

use super::{OTHER, locked, told};
use crate::support::GOOD;

#[test]
fn programs_get_the_same_as_json() {
    let sandbox = locked("lock-json");
    sandbox
        .write("rules/a.yml", GOOD.replace("whoami}", "who}"))
        .write("rules/b.yml", OTHER.replace("version: 4", "version: 5"));
    let run = sandbox.run(&["lock", "--check", "-f", "json"]);
    insta::assert_snapshot!(told(&run), @r#"
    {
      "changes": [
        {
          "change": "changed",
          "id": "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11",
          "moved_from": null,
          "outputs": [
            {
              "after": "exact",
              "before": "exact",
              "target": "eql.none"
            },
            {
              "after": "exact",
              "before": "exact",
              "target": "kql.none"
            }
          ],
          "parts": [
            "detection"
          ],
          "path": "rules/a.yml",
          "title": "Whoami",
          "version_after": 1,
          "version_before": 1
        },
        {
          "change": "changed",
          "id": "3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b",
          "moved_from": null,
          "outputs": [],
          "parts": [],
          "path": "rules/b.yml",
          "title": "Net User",
          "version_after": 5,
          "version_before": 4
        }
      ],
      "format": 1,
      "lock": "rules.lock.json",
      "new_targets": [],
      "old_attack": null,
      "old_form": null,
      "old_targets": [],
      "problems": [
        {
          "also": [],
          "column": 8,
          "end_column": 14,
          "end_line": 1,
          "file": "rules/a.yml",
          "fix": {
            "edits": [
              {
                "column": 1,
                "end_column": 1,
                "end_line": 3,
                "line": 3,
                "text": "version: 2\n"
              }
            ],
            "safe": false
          },
          "help": "`version: 2`; `rulecast lock --bump` writes it",
          "label": "",
          "line": 1,
          "message": "the rule changed, and its version is still 1",
          "name": "version-not-raised",
          "notes": [
            "changed: detection"
          ],
          "severity": "error"
        }
      ],
      "raised": [],
      "rules": 2,
      "state": "refused",
      "targets": [
        "eql.none",
        "kql.none"
      ]
    }
    exit code 1
    "#);
}

#[test]
fn services_get_what_differs_as_problems() {
    let sandbox = locked("lock-formats");
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "who}"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-f", "github"])), @r#"
    ::error file=rules/a.yml,line=1,endLine=1,col=8,endColumn=13,title=version-not-raised::the rule changed, and its version is still 1%0Ahelp: `version: 2`; `rulecast lock --bump` writes it%0Anote: changed: detection
    exit code 1
    "#);
    sandbox.write("rules/a.yml", format!("{GOOD}level: high\nversion: 2\n"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check", "-f", "github"])), @r#"
    ::warning file=rules.lock.json,line=1,endLine=1,col=1,endColumn=1,title=lock-stale::rules/a.yml · Whoami: the rule changed: level, risk; version 1 → 2%0Ahelp: `rulecast lock` writes it
    exit code 1
    "#);
    let run = sandbox.run(&["lock", "--check", "-f", "sarif", "-o", "lock.sarif"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(sandbox.read("lock.sarif").contains("\"lock-stale\""));
}
