//! `rulecast.toml`: found, read, and overridden.

use crate::support::{GOOD, Run, Sandbox};

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

#[test]
fn a_configuration_says_what_the_command_line_does_not() {
    let sandbox = Sandbox::new("config");
    sandbox.write("rules/a.yml", GOOD).write("rulecast.toml", "rules = ['rules']\ntargets = ['kql.none']\n");
    let run = sandbox.run(&["convert", "-q"]);
    assert_eq!((run.code, run.out.as_str()), (0, "Events\n| where CommandLine contains \"whoami\"\n"));
    // The command line comes first, and needs no file.
    assert_eq!(
        sandbox.run(&["convert", "-q", "-t", "eql.none", "rules"]).out,
        "any where CommandLine : \"*whoami*\"\n"
    );
    assert_eq!(
        sandbox.run(&["convert", "--no-config"]).err,
        "error: no PATH given, and no `rulecast.toml` here or above names `rules`\n"
    );
    // From below, paths lead back to where the file stands.
    let run = sandbox.run_in("rules", &["check", "--allow", "notes"]);
    insta::assert_snapshot!(told(&run), @r#"
    checked 1 rule in 1 file for kql.none: 0 errors, 0 warnings
    exit code 0
    "#);
    let run = sandbox.run(&["convert", "-q", "--config", "missing.toml"]);
    assert_eq!(run.err, "error: cannot read the configuration `missing.toml`: entity not found\n");
}

#[test]
fn a_lint_counts_as_the_configuration_says() {
    let sandbox = Sandbox::new("config-lints");
    let rule = GOOD
        .replace("description: Someone asks who they are.\n", "")
        .replace("id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11\n", "");
    sandbox.write("a.yml", rule).write("rulecast.toml", "[lints]\nno-description = 'off'\nno-id = 'error'\n");
    insta::assert_snapshot!(told(&sandbox.run(&["check", "a.yml", "--allow", "notes"])), @r#"
    error[no-id]: rule has no `id`
     --> a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^
      |
      = help: add a random UUID, and keep it for as long as the rule lives

    checked 1 rule in 1 file for eql.ecs, spl.sysmon, kql.xdr: 1 error, 0 warnings
    exit code 2
    "#);
}

#[test]
fn a_configuration_that_is_wrong_ends_the_run() {
    let sandbox = Sandbox::new("config-bad");
    sandbox.write("a.yml", GOOD).write("rulecast.toml", "target = ['eql']\nallow = ['maybe']\n");
    insta::assert_snapshot!(told(&sandbox.run(&["check", "a.yml", "--allow", "notes"])), @r#"
    error: the configuration is invalid

    error[unknown-key]: there is no key `target` in a configuration
     --> rulecast.toml:1:1
      |
    1 | target = ['eql']
      | ^^^^^^
      |
      = help: did you mean `targets`?

    error[unknown-verdict]: expected `over` or `under`, found `maybe`
     --> rulecast.toml:2:10
      |
    2 | allow = ['maybe']
      |          ^^^^^^^
    exit code 3
    "#);
}

#[test]
fn inexact_queries_that_are_accepted_are_no_problem_of_a_check_either() {
    let sandbox = Sandbox::new("config-allow");
    let part = GOOD.replace("  condition: sel", "  odd: {NoSuchField: x}\n  condition: sel or odd");
    sandbox.write("rules/a.yml", part).write("rulecast.toml", "rules = ['rules']\ntargets = ['eql']\n");
    let problems =
        |run: &Run| run.err.matches("error[cannot-express]").count() + run.out.matches("error[cannot-express]").count();
    assert_eq!(problems(&sandbox.run(&["check"])), 1);
    assert_eq!(problems(&sandbox.run(&["build"])), 1);
    sandbox.write("rulecast.toml", "rules = ['rules']\ntargets = ['eql']\nallow = ['under']\n");
    for args in [&["check"][..], &["check", "--changed", "rules/a.yml"], &["build"]] {
        let run = sandbox.run(args);
        assert_eq!(problems(&run), 0, "{args:?}: {}{}", run.out, run.err);
    }
}
