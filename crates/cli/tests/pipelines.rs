//! Processing pipelines on the command line.

use crate::support::{GOOD, Sandbox};

const OWN: &str = "\
name: own
priority: 20
transformations:
  - id: fields
    type: field_name_mapping
    mapping: {CommandLine: process.args}
    rule_conditions: [{type: logsource, product: windows}]
  - type: set_state
    key: index
    val: main
    rule_conditions: [{type: logsource, product: linux}]
";

#[test]
fn a_pipeline_file_renames_the_fields_of_every_target() {
    let sandbox = Sandbox::new("pipeline-file");
    sandbox.write("rule.yml", GOOD).write("own.yml", OWN);
    let run = sandbox.run(&["convert", "-q", "-t", "eql.none,kql.none,eql.ecs", "-p", "own.yml", "rule.yml"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    any where process.args : "*whoami*"

    Events
    | where ['process.args'] contains "whoami"

    process where host.os.type == "windows" and event.type == "start" and process.args : "*whoami*"
    "#);
    let check = sandbox.run(&["check", "-t", "spl", "-p", "own.yml", "rule.yml"]);
    assert_eq!((check.code, check.err.as_str()), (0, ""));
}

#[test]
fn several_apply_by_priority_and_a_directory_holds_several() {
    let sandbox = Sandbox::new("pipeline-directory");
    let suffix = "priority: 30\ntransformations: [{type: field_name_suffix, suffix: .text}]\n";
    sandbox.write("rule.yml", GOOD).write("p/a.yml", suffix).write("p/b.yaml", OWN);
    let run = sandbox.run(&["convert", "-q", "-t", "eql.none", "-p", "p", "rule.yml"]);
    assert_eq!(run.out, "any where process.args.text : \"*whoami*\"\n");
    let run = sandbox.run(&["convert", "-q", "-t", "eql.none", "-p", "p/b.yaml", "-p", "p/a.yml", "rule.yml"]);
    assert_eq!(run.out, "any where process.args.text : \"*whoami*\"\n");
}

#[test]
fn the_configuration_names_pipelines() {
    let sandbox = Sandbox::new("pipeline-configured");
    sandbox.write("rules/rule.yml", GOOD).write("pipelines/own.yml", OWN);
    sandbox.write("rulecast.toml", "targets = [\"eql.none\"]\npipelines = [\"pipelines/own.yml\"]\n");
    let run = sandbox.run(&["convert", "-q", "rules"]);
    assert_eq!((run.out.as_str(), run.code), ("any where process.args : \"*whoami*\"\n", 0));
}

#[test]
fn a_mistake_in_a_pipeline_ends_the_run_with_its_line() {
    let sandbox = Sandbox::new("pipeline-mistake");
    sandbox.write("rule.yml", GOOD).write("own.yml", OWN.replace("mapping:", "maping:"));
    let run = sandbox.run(&["convert", "-p", "own.yml", "rule.yml"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    insta::assert_snapshot!(run.err, @r#"
    error: a pipeline is invalid

    error[invalid-pipeline]: the step lacks `mapping`
     --> own.yml:5:11
      |
    5 |     type: field_name_mapping
      |           ^^^^^^^^^^^^^^^^^^

    error[invalid-pipeline]: unknown key of a step: `maping`
     --> own.yml:6:5
      |
    6 |     maping: {CommandLine: process.args}
      |     ^^^^^^
      |
      = help: did you mean `mapping`?
    "#);
    let run = sandbox.run(&["convert", "-p", "own.yaml", "rule.yml"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (3, "error: the pipeline `own.yaml`: neither a file nor the name of a pipeline\n")
    );
    sandbox.write("own.yml", format!("{OWN}allowed_backends: [splunk]\n"));
    let run = sandbox.run(&["convert", "-t", "kql", "-p", "own.yml", "rule.yml"]);
    assert_eq!(run.code, 3);
    insta::assert_snapshot!(run.err, @r#"
    error: a pipeline is invalid

    error[invalid-pipeline]: the pipeline `own` is not for `kql`
     --> own.yml:1:1
      |
    1 | name: own
      | ^^^^ `allowed_backends` names splunk
    "#);
}

#[test]
fn a_name_stands_for_the_target_that_does_its_work() {
    let sandbox = Sandbox::new("pipeline-name");
    sandbox.write("rule.yml", GOOD);
    let plain = sandbox.run(&["convert", "-t", "eql.ecs", "rule.yml"]);
    assert_eq!(sandbox.run(&["convert", "-p", "ecs_windows", "rule.yml"]).out, plain.out);
    assert_eq!(sandbox.run(&["convert", "-t", "eql", "-p", "ecs_windows", "rule.yml"]).out, plain.out);
    let failed = |args: &[&str]| {
        let run = sandbox.run(args);
        assert_eq!((run.code, run.out.as_str()), (3, ""));
        run.err
    };
    insta::assert_snapshot!(failed(&["convert", "-p", "ecs_window", "rule.yml"]), @"error: the pipeline `ecs_window`: neither a file nor the name of a pipeline; did you mean `ecs_windows`?");
    insta::assert_snapshot!(failed(&["convert", "-t", "kql", "-p", "ecs_windows", "rule.yml"]), @"error: the pipeline `ecs_windows`: it stands for the target `eql.ecs`, which is not among those of `-t`");
    insta::assert_snapshot!(failed(&["convert", "-p", "ecs_kubernetes", "rule.yml"]), @"error: the pipeline `ecs_kubernetes`: no target does its work yet; write the mapping as a pipeline file, and use the target `eql.none` with it");
}

#[test]
fn rewritten_text_is_unchecked_in_every_output() {
    let sandbox = Sandbox::new("pipeline-unchecked");
    let post = "postprocessing:\n  - {type: embed, prefix: 'search '}\n";
    sandbox.write("rule.yml", GOOD).write("own.yml", post);
    let convert = |args: &[&str]| {
        let run = sandbox.run(&[&["convert", "-t", "spl.none", "-p", "own.yml", "rule.yml"], args].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        run.out
    };
    insta::assert_snapshot!(convert(&[]), @r#"
    # Whoami · spl.none
    # rule.yml · unchecked: a pipeline rewrote the text of the query, and before it was exact
    search CommandLine="*whoami*"
    "#);
    insta::assert_snapshot!(convert(&["-f", "json"]), @r#"
    [
      {
        "file": "rule.yml",
        "rule": {
          "title": "Whoami",
          "id": "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11",
          "name": null
        },
        "target": "spl.none",
        "status": "unchecked",
        "reads": [
          {
            "log_source": "windows/process_creation",
            "kind": "any"
          }
        ],
        "queries": [
          {
            "role": "rule",
            "query": "search CommandLine=\"*whoami*\"",
            "fidelity": "unchecked",
            "assumptions": []
          }
        ],
        "refusals": []
      }
    ]
    "#);
    insta::assert_snapshot!(convert(&["--stats"]), @r#"
                               spl.none
    exact                             0
    exact under assumptions           0
    unchecked                         1
    refused                           0

    1 rule in 1 file
    "#);
    sandbox.write("own.yml", post.replace("embed, prefix: 'search '", "template, template: '{{ rule.nothing }}'"));
    let run = sandbox.run(&["convert", "-t", "spl.none", "-p", "own.yml", "rule.yml"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.err, @r#"
    error[cannot-express]: the post-processing of the pipeline fails: line 1 of the template: undefined value
     --> rule.yml:1:1
      |
    1 | title: Whoami
      | ^^^^^^^^^^^^^
      |
      = note: refused for spl.none: pipeline

    error: not all could be converted: 1 rule in 1 file; 1 refusal
    "#);
}

#[test]
fn finalizers_make_the_output_of_a_target() {
    let sandbox = Sandbox::new("pipeline-finalizer");
    sandbox
        .write("a.yml", GOOD)
        .write("b.yml", GOOD.replace("whoami", "id").replace("9d2c", "0d2c"))
        .write("p.yml", "finalizers: [{type: json}]\n");
    let convert = |args: &[&str]| sandbox.run(&[&["convert", "-p", "p.yml", "a.yml", "b.yml"], args].concat());
    let run = convert(&["-t", "eql.none"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let queries: Vec<String> = serde_json::from_str(&run.out).unwrap();
    assert_eq!(queries, ["any where CommandLine : \"*whoami*\"", "any where CommandLine : \"*id*\""]);
    assert_eq!(convert(&["-t", "eql.none,kql.none", "-o", "out"]).code, 0);
    assert_eq!(sandbox.list("out"), ["out/eql.none/output.json", "out/kql.none/output.json"]);
    let run = convert(&["-t", "eql.none", "-f", "json"]);
    assert_eq!(run.err, "error: finalizers of the pipelines make the output: convert with `-f text`\n");
    assert_eq!(run.code, 3);
}

#[test]
fn explain_shows_what_each_step_did() {
    let sandbox = Sandbox::new("pipeline-explain");
    sandbox.write("rule.yml", GOOD).write("own.yml", OWN);
    let run = sandbox.run(&["explain", "rule.yml", "-t", "eql.none", "-p", "own.yml", "--stage", "pipeline"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    insta::assert_snapshot!(run.out, @r#"
    Whoami
    rule.yml

    own.yml:5 field_name_mapping
      - sel: CommandLine contains "whoami"
      + sel: process.args contains "whoami"

    own.yml:8 set_state   [its conditions do not hold]

    # Whoami · eql.none
    # rule.yml · exact
    any where process.args : "*whoami*"
    "#);
    let json = sandbox.run(&["explain", "rule.yml", "-t", "eql.none", "-p", "own.yml", "-f", "json"]);
    insta::assert_snapshot!(json.out, @r#"
    [
      {
        "file": "rule.yml",
        "line": 1,
        "title": "Whoami",
        "steps": [
          {
            "pipeline": "own.yml",
            "line": 5,
            "type": "field_name_mapping",
            "applied": true,
            "removed": [
              "sel: CommandLine contains \"whoami\""
            ],
            "added": [
              "sel: process.args contains \"whoami\""
            ]
          },
          {
            "pipeline": "own.yml",
            "line": 8,
            "type": "set_state",
            "applied": false,
            "removed": [],
            "added": []
          }
        ]
      }
    ]
    "#);
    let run = sandbox.run(&["explain", "rule.yml", "--stage", "pipeline"]);
    assert_eq!((run.code, run.err.as_str()), (3, "error: `--stage pipeline` needs a pipeline: `-p FILE`\n"));
}

#[test]
fn what_a_pipeline_takes_away_is_shown_in_both_files() {
    let sandbox = Sandbox::new("pipeline-drops");
    let drop = "transformations:\n  - type: drop_detection_item\n    \
                field_name_conditions: [{type: include_fields, fields: [User]}]\n";
    sandbox.write("rule.yml", GOOD.replace("whoami}", "whoami, User: x}")).write("drop.yml", drop);
    for command in ["convert", "check"] {
        let run = sandbox.run(&[command, "-t", "eql.none", "-p", "drop.yml", "rule.yml"]);
        let said = run.err + &run.out;
        assert!(said.contains("--> rule.yml:6:39") && said.contains("::: drop.yml:2:11"), "{said}");
    }
    sandbox.write("rule.yml", GOOD).write("drop.yml", drop.replace("User", "CommandLine"));
    let run = sandbox.run(&["check", "-p", "drop.yml", "rule.yml"]);
    assert_eq!(run.code, 2);
    assert!(run.out.contains("a pipeline drops everything that a condition of the rule asks for"), "{}", run.out);
}
