//! Ids stay with their rules.

use super::{OTHER, locked, told};
use crate::support::GOOD;

#[test]
fn ids_stay_with_their_rules() {
    let sandbox = locked("lock-ids");
    // Another id for the same rule.
    sandbox.write("rules/a.yml", GOOD.replace("9d2c4d9e", "11111111"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    error[lock-id-changed]: the id of the rule was `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`
     --> rules/a.yml:2:5
      |
    2 | id: 11111111-4f0a-4c7e-8a45-6a1b0c8e5f11
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an id never changes
      |
      = help: put `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11` back; if it is another rule, give it another title and another detection
      = note: the lock holds version 1 of it under that id

    rules/a.yml · Whoami: added
    rules/a.yml · Whoami: removed
    rules.lock.json is not written: 1 error
    exit code 1
    "#);
    // The same id for another rule.
    let other = OTHER.replace("3a7f9c10-2b1d-4e5f-8a90-1c2d3e4f5a6b", "9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11");
    std::fs::remove_file(sandbox.path("rules/a.yml")).unwrap();
    sandbox
        .write("rules/b.yml", OTHER)
        .write("rules/c.yml", other.replace("Net User", "Net Group").replace("net user", "net group"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    error[lock-id-moved]: the id is that of another rule, `Whoami`
     --> rules/c.yml:2:5
      |
    2 | id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an id is never used again
      |
      = help: give this rule an id of its own
      = note: the lock knows it by rules/a.yml

    rules.lock.json is not written: 1 error
    exit code 1
    "#);
    // No id any more, and never one.
    std::fs::remove_file(sandbox.path("rules/c.yml")).unwrap();
    let without = |rule: &str| {
        rule.lines().filter(|line| !line.starts_with("id:")).map(|line| format!("{line}\n")).collect::<String>()
    };
    sandbox
        .write("rules/a.yml", without(GOOD))
        .write("rules/d.yml", without(OTHER).replace("Net", "Nets").replace("net user", "nets"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock"])), @r#"
    error[lock-no-id]: a rule without an `id` cannot be locked
     --> rules/a.yml:1:8
      |
    1 | title: Whoami
      |        ^^^^^^ its `id` is gone
      |
      = help: put it back: `id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`

    error[lock-no-id]: a rule without an `id` cannot be locked
     --> rules/d.yml:1:8
      |
    1 | title: Nets User
      |        ^^^^^^^^^
      |
      = help: add `id:` with a random UUID (`uuidgen`), and keep it for as long as the rule lives
      = note: the lock knows a rule by its id, whatever its title or its file is called

    rules/a.yml · Whoami: removed
    rules.lock.json is not written: 2 errors
    exit code 1
    "#);
    // Two rules with one.
    std::fs::remove_file(sandbox.path("rules/d.yml")).unwrap();
    sandbox.write("rules/a.yml", GOOD).write("rules/e.yml", GOOD.replace("Whoami", "Else"));
    insta::assert_snapshot!(told(&sandbox.run(&["lock", "--check"])), @r#"
    error[lock-duplicate-id]: two rules have the id `9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11`
     --> rules/e.yml:2:5
      |
    2 | id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: give the newer one an id of its own
      = note: the other is `Whoami` in rules/a.yml

    rules.lock.json is out of date, and cannot be written: 1 error
    exit code 1
    "#);
}
