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
    insta::assert_snapshot!(run.out, @"");
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
    insta::assert_snapshot!(run.err, @"");
    let run = sandbox.run(&["convert", "-p", "own.yaml", "rule.yml"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (3, "error: the pipeline `own.yaml`: neither a file nor the name of a pipeline\n")
    );
    sandbox.write("own.yml", format!("{OWN}allowed_backends: [splunk]\n"));
    let run = sandbox.run(&["convert", "-t", "kql", "-p", "own.yml", "rule.yml"]);
    assert_eq!(run.code, 3);
    insta::assert_snapshot!(run.err, @"");
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
    insta::assert_snapshot!(failed(&["convert", "-p", "ecs_window", "rule.yml"]), @"");
    insta::assert_snapshot!(failed(&["convert", "-t", "kql", "-p", "ecs_windows", "rule.yml"]), @"");
    insta::assert_snapshot!(failed(&["convert", "-p", "ecs_kubernetes", "rule.yml"]), @"");
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
    insta::assert_snapshot!(convert(&[]), @"");
    insta::assert_snapshot!(convert(&["-f", "json"]), @"");
    insta::assert_snapshot!(convert(&["--stats"]), @"");
    sandbox.write("own.yml", post.replace("embed, prefix: 'search '", "template, template: '{{ rule.nothing }}'"));
    let run = sandbox.run(&["convert", "-t", "spl.none", "-p", "own.yml", "rule.yml"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.err, @"");
}

#[test]
fn finalizers_make_the_output_of_a_target() {
    let sandbox = Sandbox::new("pipeline-finalizer");
    sandbox
        .write("a.yml", GOOD)
        .write("b.yml", GOOD.replace("whoami", "id"))
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
    insta::assert_snapshot!(run.out, @"");
    let json = sandbox.run(&["explain", "rule.yml", "-t", "eql.none", "-p", "own.yml", "-f", "json"]);
    insta::assert_snapshot!(json.out, @"");
    let run = sandbox.run(&["explain", "rule.yml", "--stage", "pipeline"]);
    assert_eq!((run.code, run.err.as_str()), (3, "error: `--stage pipeline` needs a pipeline: `-p FILE`\n"));
}
