//! Which revisions `rulecast diff` compares, and how rules are known on both sides.

use super::{OTHER, commit, git, has_git, repository, told};
use crate::support::GOOD;

#[test]
fn two_revisions_and_where_they_parted() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-two");
    git(&sandbox, &["checkout", "-q", "-b", "branch"]);
    sandbox.write("rules/a.yml", GOOD.replace("whoami", "branch"));
    commit(&sandbox);
    git(&sandbox, &["checkout", "-q", "main"]);
    sandbox.write("rules/b.yml", OTHER.replace("net user", "main"));
    commit(&sandbox);
    let whole = sandbox.run(&["diff", "main", "--to", "branch", "-t", "kql.none"]);
    insta::assert_snapshot!(told(&whole), @r#"
    changed rules/a.yml · Whoami
      the rule changed: detection
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "whoami"
        +| where CommandLine contains "branch"

    changed rules/b.yml · Net User
      the rule changed: detection
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "main"
        +| where CommandLine contains "net user"

    main → branch: 2 changed
    exit code 0
    "#);
    let since = sandbox.run(&["diff", "main", "--to", "branch", "--merge-base", "-t", "kql.none"]);
    insta::assert_snapshot!(told(&since), @r#"
    changed rules/a.yml · Whoami
      the rule changed: detection
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "whoami"
        +| where CommandLine contains "branch"

    main → branch: 1 changed
    exit code 0
    "#);
    // Nothing of the working directory has a part in it.
    sandbox.write("rules/a.yml", "nonsense").write("rulecast.toml", "rules = ['nowhere']");
    assert_eq!(told(&sandbox.run(&["diff", "main", "--to", "branch", "-t", "kql.none"])), told(&whole));
}

#[test]
fn a_revision_is_walked_like_the_disk() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-walk");
    let rule = |at: u32| GOOD.replace("9d2c4d9e", &format!("{at:08}")).replace("Whoami", &format!("Rule {at}"));
    sandbox.write("rules/.hidden.yml", rule(1)).write("rules/.git-like/x.yml", rule(2));
    sandbox
        .write("rules/skipped/x.yml", rule(3))
        .write("rules/sub/kept.yml", rule(4))
        .write("rules/sub/not.yml", rule(5));
    sandbox.write("rules/.ignore", "skipped/\n*.draft.yml\n!.shown.yml\n").write("rules/sub/.ignore", "not.yml\n");
    sandbox.write("rules/x.draft.yml", rule(6)).write("rules/.shown.yml", rule(7)).write("rules/y.yaml", rule(8));
    sandbox.write("rules/readme.md", "no rule").write("elsewhere/z.yml", rule(9));
    #[cfg(unix)]
    std::os::unix::fs::symlink("../elsewhere/z.yml", sandbox.path("rules/link.yml")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../elsewhere", sandbox.path("rules/linked")).unwrap();
    commit(&sandbox);
    let run = sandbox.run(&["diff", "main"]);
    assert_eq!(told(&run), "main → working directory: no rule differs\nexit code 0");
    // And the other way round: all of them are gone.
    for path in sandbox.list("rules") {
        if path != "rules/readme.md" {
            std::fs::remove_file(sandbox.path(&path)).unwrap();
        }
    }
    let run = sandbox.run(&["diff", "main"]);
    let gone: Vec<&str> = run.out.lines().filter(|line| line.starts_with("removed ")).collect();
    insta::assert_snapshot!(gone.join("\n"), @r#"
    removed rules/.shown.yml · Rule 7
    removed rules/a.yml · Whoami
    removed rules/b.yml · Net User
    removed rules/link.yml · Rule 9
    removed rules/sub/kept.yml · Rule 4
    removed rules/y.yaml · Rule 8
    "#);
}

#[test]
fn rules_without_ids_are_known_by_what_they_are() {
    if !has_git() {
        return;
    }
    let sandbox = repository("diff-no-ids");
    let rule = |title: &str, what: &str| {
        OTHER
            .replace("id: 3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b\n", "")
            .replace("Net User", title)
            .replace("net user", what)
    };
    sandbox.write("rules/b.yml", format!("{}---\n{}", rule("One", "one"), rule("Two", "two")));
    sandbox.write("rules/c.yml", rule("Three", "three"));
    commit(&sandbox);
    sandbox.write("rules/b.yml", format!("{}---\n{}", rule("Two", "two and more"), rule("One", "one")));
    git(&sandbox, &["mv", "rules/c.yml", "rules/d.yml"]);
    insta::assert_snapshot!(told(&sandbox.run(&["diff", "main", "-t", "kql.none"])), @r#"
    changed rules/b.yml · Two
      the rule changed: detection
      kql.none: exact
        @@ -1,2 +1,2 @@
         Events
        -| where CommandLine contains "two"
        +| where CommandLine contains "two and more"

    moved rules/d.yml · Three
      moved from rules/c.yml
      no query changes

    main → working directory: 1 changed, 1 moved
    exit code 0
    "#);
}
