//! `rulecast init`: what it makes passes its own checks, and what exists is left alone.

use crate::support::{Run, Sandbox};

const RULE: &str = "rules/windows/process_creation/proc_creation_win_mshta_web_address.yml";

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

fn clean(sandbox: &Sandbox, args: &[&str]) {
    let run = sandbox.run_in("detections", args);
    assert_eq!(run.code, 0, "{args:?}\n{}{}", run.out, run.err);
}

#[test]
fn a_new_repository_passes_its_own_checks() {
    let sandbox = Sandbox::new("init");
    let run = sandbox.run(&["init", "detections"]);
    insta::assert_snapshot!(told(&run), @r#"
    wrote 12 files to `detections` for eql.ecs, spl.sysmon, kql.xdr
    OWNER in the files for CI stands for the owner of Rulecast's own repository: put its name there
    exit code 0
    "#);
    let files = sandbox.list("detections");
    insta::assert_snapshot!(files.join("\n"), @r#"
    detections/.gitattributes
    detections/.github/workflows/detections.yml
    detections/.gitignore
    detections/.gitlab-ci.yml
    detections/.pre-commit-config.yaml
    detections/README.md
    detections/queries/eql.ecs/windows/process_creation/proc_creation_win_mshta_web_address.eql
    detections/queries/kql.xdr/windows/process_creation/proc_creation_win_mshta_web_address.kql
    detections/queries/spl.sysmon/windows/process_creation/proc_creation_win_mshta_web_address.spl
    detections/rulecast.toml
    detections/rules.lock.json
    detections/rules/windows/process_creation/proc_creation_win_mshta_web_address.yml
    "#);
    clean(&sandbox, &["check", "--deny", "warnings,notes"]);
    clean(&sandbox, &["test"]);
    clean(&sandbox, &["build", "--check"]);
    clean(&sandbox, &["lock", "--check"]);
    // A second time, there is nothing to do.
    insta::assert_snapshot!(told(&sandbox.run_in("detections", &["init"])), @r#"
    wrote 0 files to `.` for eql.ecs, spl.sysmon, kql.xdr
    exit code 0
    "#);
    assert_eq!(sandbox.list("detections"), files);
}

#[test]
fn the_first_rule_is_expressed_by_every_target() {
    let sandbox = Sandbox::new("init-targets");
    let listed = sandbox.run(&["list", "targets"]).out;
    let targets: Vec<&str> = listed.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert!(targets.len() >= 6, "{targets:?}");
    let run = sandbox.run(&["init", "detections", "--targets", &targets.join(","), "--ci", "none"]);
    assert_eq!(run.code, 0, "{}", run.err);
    clean(&sandbox, &["check", "--deny", "warnings,notes"]);
    clean(&sandbox, &["test"]);
    clean(&sandbox, &["build", "--check"]);
    clean(&sandbox, &["lock", "--check"]);
    assert!(!sandbox.path("detections/.github").exists() && !sandbox.path("detections/.gitlab-ci.yml").exists());
    let run = sandbox.run(&["init", "other", "--targets", "eql,sql"]);
    assert_eq!((run.code, sandbox.path("other").exists()), (3, false));
    assert!(run.err.contains("`sql`"), "{}", run.err);
}

#[test]
fn files_that_differ_stop_it_before_anything_is_written() {
    let sandbox = Sandbox::new("init-exists");
    sandbox.write("README.md", "Ours.\n").write(".gitignore", "target\n");
    insta::assert_snapshot!(told(&sandbox.run(&["init"])), @r#"
    error: nothing is written, because files exist and differ: .gitignore, README.md; `--keep` leaves what exists as it is, and writes the rest
    exit code 3
    "#);
    assert_eq!(sandbox.list("."), [".gitignore", "README.md"]);
    let run = sandbox.run(&["init", "--keep", "--ci", "gitlab"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!((sandbox.read("README.md"), sandbox.read(".gitignore")), ("Ours.\n".into(), "target\n".into()));
    assert!(sandbox.path(RULE).exists() && sandbox.path(".gitlab-ci.yml").exists());
}

#[test]
fn a_directory_with_rules_keeps_them_alone() {
    let sandbox = Sandbox::new("init-rules");
    sandbox.write("rules/whoami.yml", crate::support::GOOD);
    insta::assert_snapshot!(told(&sandbox.run(&["init", "--ci", "none", "--targets", "kql"])), @r#"
    wrote 5 files to `.` for kql.xdr
    rules are there already: next, `rulecast check`, `rulecast build` and `rulecast lock`
    exit code 0
    "#);
    insta::assert_snapshot!(sandbox.list(".").join("\n"), @r#"
    .gitattributes
    .gitignore
    .pre-commit-config.yaml
    README.md
    rulecast.toml
    rules/whoami.yml
    "#);
}

#[test]
fn rulecasts_own_repository_is_named_where_it_is_needed() {
    let sandbox = Sandbox::new("init-repository");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(sandbox.run(&["init", "plain"]).code, 0);
    let workflow = sandbox.read("plain/.github/workflows/detections.yml");
    assert!(workflow.contains(&format!("uses: OWNER/rulecast@v{version}\n")), "{workflow}");
    let hooks = sandbox.read("plain/.pre-commit-config.yaml");
    assert!(hooks.contains("repo: local") && hooks.contains("entry: rulecast build --check"), "{hooks}");

    let run = sandbox.run(&["init", "named", "--repository", "https://git.example.com/security/rulecast.git"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let workflow = sandbox.read("named/.github/workflows/detections.yml");
    assert!(workflow.contains(&format!("uses: security/rulecast@v{version}\n")), "{workflow}");
    let hooks = sandbox.read("named/.pre-commit-config.yaml");
    assert!(hooks.contains("repo: https://git.example.com/security/rulecast\n"), "{hooks}");
    assert!(hooks.contains(&format!("rev: v{version}\n")), "{hooks}");
    for file in sandbox.list("named") {
        assert!(!sandbox.read(&file).contains("OWNER"), "{file}");
    }
    for wrong in ["git@example.com:a/b", "https://example.com/b", "https://example.com/a/b c"] {
        assert_eq!(sandbox.run(&["init", "wrong", "--repository", wrong]).code, 3, "{wrong}");
    }
}
