//! `rulecast diff`: revisions of a repository, and what became of their queries.

mod revisions;

use crate::support::{GOOD, Run, Sandbox};
use std::process::Command;

const OTHER: &str = "\
title: Net User
id: 3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: net user}
  condition: sel
";

const CONFIG: &str = "rules = ['rules']\ntargets = ['eql.ecs', 'kql.none']\n";

fn told(run: &Run) -> String {
    format!("{}{}exit code {}", run.out, run.err, run.code)
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
/// Whether revisions can be made; without the program there is nothing to test.
fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: there is no `git` here");
    }
    found
}

/// Runs git without any configuration but that of the repository.
fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A. Nonymous", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(sandbox.path("."))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z")
        .env("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(sandbox: &Sandbox) {
    git(sandbox, &["add", "-A"]);
    git(sandbox, &["commit", "-q", "--allow-empty", "-m", "Change rules"]);
}

/// A repository with two rules.
fn repository(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rulecast.toml", CONFIG).write("rules/a.yml", GOOD).write("rules/b.yml", OTHER);
    git(&sandbox, &["init", "-q", "-b", "main"]);
    commit(&sandbox);
    sandbox
}

#[test]
fn nothing_differs() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-none");
    let run = sandbox.run(&["diff", "main", "--exit-code"]);
    assert_eq!(told(&run), "main → working directory: no rule differs\nexit code 0");
    let run = sandbox.run(&["diff", "main", "-f", "markdown"]);
    assert_eq!(told(&run), "### Queries: `main` → working directory\n\nno rule differs\nexit code 0");
}

/// Rules that change in every way.
fn changed(name: &str) -> Sandbox {
    let sandbox = repository(name);
    sandbox.write(
        "rules/c.yml",
        OTHER.replace("3a7f", "3a80").replace("Net User", "Comment").replace("net user", "three"),
    );
    sandbox
        .write("rules/d.yml", OTHER.replace("3a7f", "3a81").replace("Net User", "Moves").replace("net user", "four"));
    sandbox
        .write("rules/e.yml", OTHER.replace("3a7f", "3a82").replace("Net User", "Level").replace("net user", "five"));
    sandbox
        .write("rules/f.yml", OTHER.replace("3a7f", "3a83").replace("Net User", "Breaks").replace("net user", "six"));
    commit(&sandbox);
    let edit = |path: &str, from: &str, to: &str| {
        let text = sandbox.read(path);
        assert!(text.contains(from), "{path}: {from}");
        sandbox.write(path, text.replace(from, to));
    };
    edit("rules/a.yml", "whoami}", "[whoami, hostname]}");
    std::fs::remove_file(sandbox.path("rules/b.yml")).unwrap();
    edit("rules/c.yml", "title:", "# Why this is so.\ntitle:");
    std::fs::create_dir(sandbox.path("rules/sub")).unwrap();
    std::fs::rename(sandbox.path("rules/d.yml"), sandbox.path("rules/sub/d.yml")).unwrap();
    edit("rules/e.yml", "condition: sel", "condition: sel\nlevel: high");
    edit("rules/f.yml", "condition: sel", "condition: sell");
    sandbox.write(
        "rules/new.yml",
        GOOD.replace("9d2c", "9d2d").replace("Whoami", "A | New `rule`").replace("whoami", "new"),
    );
    sandbox
}

#[test]
fn every_kind_of_change_is_told() {
    if !has_git() {
        return;
    }
    let sandbox = changed("diff-all");
    let run = sandbox.run(&["diff", "main"]);
    insta::assert_snapshot!(told(&run), @r#"
    changed rules/a.yml · Whoami
      the rule changed: detection
      eql.ecs: exact
        @@ -1 +1,3 @@
        -process where host.os.type == "windows" and event.type == "start" and process.command_line : "*whoami*"
        +process where host.os.type == "windows"
        +  and event.type == "start"
        +  and process.command_line : ("*whoami*", "*hostname*")
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "whoami"
        +| where CommandLine contains "whoami" or CommandLine contains "hostname"

    removed rules/b.yml · Net User

    reworded rules/c.yml · Comment
      only the wording or comments changed; no query changes

    rated rules/e.yml · Level
      the rule changed: level, risk
      no query changes

    invalid rules/f.yml · Breaks
      its file is invalid on one side

    added rules/new.yml · A | New `rule`
      eql.ecs: exact
        @@ -0,0 +1 @@
        +process where host.os.type == "windows" and event.type == "start" and process.command_line : "*new*"
      kql.none: exact
        @@ -0,0 +1,2 @@
        +Events
        +| where CommandLine contains "new"

    moved rules/sub/d.yml · Moves
      moved from rules/d.yml
      no query changes

    rules/f.yml: line 6: invalid now: undefined selection `sell` (unknown-selection)
    main → working directory: 1 added, 1 removed, 1 changed, 1 rated, 1 moved, 1 reworded, 1 invalid
    exit code 0
    "#);
    assert_eq!(sandbox.run(&["diff", "main", "--exit-code"]).code, 1);
    // From below, the same rules have other names.
    let below = sandbox.run_in("rules", &["diff", "main"]);
    assert_eq!(below.out.replace("../rules/", "rules/"), run.out);
    // Only some of them.
    let part = sandbox.run(&["diff", "main", "rules/e.yml"]);
    insta::assert_snapshot!(told(&part), @r#"
    rated rules/e.yml · Level
      the rule changed: level, risk
      no query changes

    main → working directory: no query changes; 1 rated
    exit code 0
    "#);
}

/// What the guide shows is what is said.
#[test]
fn the_guide_is_true() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-guide");
    sandbox.write("rules/a.yml", GOOD.replace("whoami}", "[whoami, hostname]}"));
    sandbox.write("rules/b.yml", format!("# Some administrators do.\n{OTHER}"));
    let run = sandbox.run(&["diff", "main"]);
    let shown = format!("```console\n$ rulecast diff main\n{}```", run.out);
    assert!(include_str!("../../../docs/guides/review.md").contains(&shown), "{shown}");
}

#[test]
fn a_comment_on_a_pull_request() {
    if !has_git() {
        return;
    }
    let sandbox = changed("diff-markdown");
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main", "-f", "markdown"])), @r#"
    ### Queries: `main` → working directory

    1 added, 1 removed, 1 changed, 1 rated, 1 moved, 1 reworded, 1 invalid

    | rule | | `eql.ecs` | `kql.none` |
    |---|---|---|---|
    | Whoami<br>`rules/a.yml` | **changed**<br>detection | exact, changed | exact, changed |
    | Net User<br>`rules/b.yml` | **removed** | – | – |
    | Level<br>`rules/e.yml` | **rated**<br>level, risk | same | same |
    | Breaks<br>`rules/f.yml` | **invalid** | – | – |
    | A \| New \`rule\`<br>`rules/new.yml` | **added** | exact | exact |
    | Moves<br>`rules/sub/d.yml` | **moved**<br>from `rules/d.yml` | same | same |

    1 rule changed in wording or comments alone: no query changes.

    :warning: `rules/f.yml` line 6: invalid now: undefined selection \`sell\` (unknown-selection)

    <details><summary>Whoami · eql.ecs · exact</summary>

    ```diff
    @@ -1 +1,3 @@
    -process where host.os.type == "windows" and event.type == "start" and process.command_line : "*whoami*"
    +process where host.os.type == "windows"
    +  and event.type == "start"
    +  and process.command_line : ("*whoami*", "*hostname*")
    ```

    </details>

    <details><summary>Whoami · kql.none · exact</summary>

    ```diff
    @@ -1,2 +1,2 @@
     Events
    -| where CommandLine contains "whoami"
    +| where CommandLine contains "whoami" or CommandLine contains "hostname"
    ```

    </details>

    <details><summary>A | New `rule` · eql.ecs · exact</summary>

    ```diff
    @@ -0,0 +1 @@
    +process where host.os.type == "windows" and event.type == "start" and process.command_line : "*new*"
    ```

    </details>

    <details><summary>A | New `rule` · kql.none · exact</summary>

    ```diff
    @@ -0,0 +1,2 @@
    +Events
    +| where CommandLine contains "new"
    ```

    </details>
    exit code 0
    "#);
}

#[test]
fn a_comment_is_never_too_long() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-long");
    for at in 0..400 {
        let long: Vec<String> = (0..40).map(|value| format!("value-{at}-{value}")).collect();
        let rule = GOOD.replace("9d2c4d9e", &format!("{at:08}")).replace("Whoami", &format!("Rule {at}"));
        sandbox.write(&format!("rules/{at:03}.yml"), rule.replace("whoami", &format!("[{}]", long.join(", "))));
    }
    let run = sandbox.run(&["diff", "main", "-f", "markdown"]);
    assert_eq!(run.code, 0);
    assert!(run.out.len() < 65_536, "{}", run.out.len());
    assert!(run.out.contains("further rules\n"));
    assert!(run.out.contains("are left out here; `rulecast diff` shows them."), "{}", &run.out[run.out.len() - 300..]);
}

#[test]
fn refusals_are_told_with_their_reason() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-refused");
    sandbox.write("rules/b.yml", OTHER.replace("CommandLine|contains", "NoSuchField"));
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main"])), @r#"
    changed rules/b.yml · Net User
      the rule changed: detection
      eql.ecs: exact → now refused
        the data model `ecs` has no column for `NoSuchField` in `windows/process_creation` (rules/b.yml:5)
        @@ -1 +0,0 @@
        -process where host.os.type == "windows" and event.type == "start" and process.command_line : "*net user*"
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "net user"
        +| where NoSuchField =~ "net user"

    main → working directory: 1 changed
    exit code 0
    "#);
    commit(&sandbox);
    sandbox.write("rules/b.yml", OTHER);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main"])), @r#"
    changed rules/b.yml · Net User
      the rule changed: detection
      eql.ecs: newly possible: exact
        @@ -0,0 +1 @@
        +process where host.os.type == "windows" and event.type == "start" and process.command_line : "*net user*"
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where NoSuchField =~ "net user"
        +| where CommandLine contains "net user"

    main → working directory: 1 changed
    exit code 0
    "#);
}

#[test]
fn each_side_has_its_own_configuration() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-config");
    let rename = |to: &str| {
        format!(
            "name: rename\npriority: 10\ntransformations:\n  - id: one\n    type: field_name_mapping\n    mapping: {{CommandLine: {to}}}\n"
        )
    };
    sandbox.write("rulecast.toml", format!("{CONFIG}pipelines = ['pipes/one.yml']\nplaceholders = ['values.yml']\n"));
    sandbox.write("pipes/one.yml", rename("cmd")).write("values.yml", "names: [x]\n");
    sandbox.write("rules/a.yml", GOOD.replace("CommandLine|contains: whoami", "User|expand: '%names%'"));
    commit(&sandbox);
    // The pipeline and the values move and change; the rules do not.
    git(&sandbox, &["mv", "pipes", "pipelines"]);
    sandbox.write("rulecast.toml", "rules = ['rules']\ntargets = ['kql.none', 'spl.none']\npipelines = ['pipelines/one.yml']\nplaceholders = ['values.yml']\n");
    sandbox.write("pipelines/one.yml", rename("command")).write("values.yml", "names: [x, y]\n");
    insta::assert_snapshot!(told(&sandbox.run_in("rules", &["diff", "main"])), @r#"
    changed ../rules/a.yml · Whoami
      the rule means the same, its queries differ
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where User =~ "x"
        +| where User in~ ("x", "y")

    changed ../rules/b.yml · Net User
      the rule means the same, its queries differ
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where cmd contains "net user"
        +| where command contains "net user"

    new targets, not compared: spl.none
    targets that are gone: eql.ecs
    main → working directory: 2 changed
    exit code 0
    "#);
}

#[test]
fn what_git_cannot_do_is_said() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-errors");
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "mian"])), @r#"
    error: there is no commit `mian` in this repository
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main..branch"])), @r#"
    error: there is no commit `main..branch` in this repository; two revisions are given as `rulecast diff A --to B`, with `--merge-base` for `A...B`
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "--", "--output=x"])), @r#"
    error: there is no commit `--output=x` in this repository
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main", "nowhere"])), @r#"
    error: `nowhere` is neither in `main` nor in `working directory`
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main", "-"])), @r#"
    error: `rulecast diff` reads files, not standard input
    exit code 3
    "#);
    insta::assert_snapshot!(told(&sandbox.run_with(&["diff", "main"], &[("PATH", "")], "")), @r#"
    error: cannot run `git`, which reads the revision: it does not exist
    exit code 3
    "#);
    let bare = Sandbox::new("diff-no-repository");
    // The build directory may itself stand in a repository.
    let ceiling = bare.path("..").canonicalize().unwrap();
    let run = bare.run_with(&["diff", "main"], &[("GIT_CEILING_DIRECTORIES", ceiling.to_str().unwrap())], "");
    insta::assert_snapshot!(told(&run), @r#"
    error: cannot read the git repository: not a git repository (or any of the parent directories): .git
    exit code 3
    "#);
    sandbox.write("rulecast.toml", "rules = ['rules']\ntargets = ['nope']\n");
    commit(&sandbox);
    sandbox.write("rulecast.toml", CONFIG);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main"])), @r#"
    error: main: the configuration is invalid

    error[unknown-target]: unknown target `nope`; the targets are eql.ecs, eql.winlogbeat, eql.none, spl.sysmon, spl.winlog, spl.cim, spl.tstats, spl.none, kql.xdr, kql.asim, kql.securityevent, kql.none
     --> rulecast.toml:2:12
      |
    2 | targets = ['nope']
      |            ^^^^^^
    exit code 3
    "#);
}

#[test]
fn programs_get_what_the_schema_says() {
    if !has_git() {
        return;
    }
    let sandbox = changed("diff-json");
    let run = sandbox.run(&["diff", "main", "-f", "json"]);
    let told: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../docs/reference/diff.schema.json")).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut rule = told["rules"][0].clone();
    rule["change"] = "else".into();
    let mut other = told.clone();
    other["rules"][0] = rule;
    assert!(!validator.is_valid(&other), "the schema says what a change may be");
    assert_eq!(told["from"]["commit"].as_str().unwrap(), git(&sandbox, &["rev-parse", "main"]));
    assert_eq!(told["counts"]["added"], 1);
}
