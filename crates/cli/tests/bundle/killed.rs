//! `rulecast bundle` that is killed.

use super::told;
use crate::support::{GOOD, Sandbox};

/// Enough rules for a run to take a while.
#[cfg(unix)]
fn many(sandbox: &Sandbox, word: &str) {
    for number in 0..120 {
        let rule = GOOD.replace("whoami", &format!("{word} {number}")).replace("9d2c4d9e", &format!("{number:08x}"));
        sandbox.write(&format!("rules/{number}.yml"), rule);
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_a_whole_bundle_or_none() {
    let sandbox = Sandbox::new("bundle-killed");
    let manifest = "dist/detection-bundle-0.1.0/manifest.json";
    let wanted = ["one", "two"].map(|word| {
        many(&sandbox, word);
        let run = sandbox.run(&["bundle", "rules", "-q"]);
        assert_eq!(run.code, 0, "{}", told(&run));
        sandbox.read(manifest)
    });
    let sums = |path: &str| {
        let mut command = std::process::Command::new("sha256sum");
        command.args(["-c", "--status", "--strict", "SHA256SUMS"]).current_dir(sandbox.path(path)).status().unwrap()
    };
    let mut killed_while_writing = 0;
    for round in 0..10_u64 {
        many(&sandbox, if round % 2 == 0 { "one" } else { "two" });
        let parts = || sandbox.path(".").read_dir().unwrap().flatten().any(|entry| is_part(&entry));
        let mut child = sandbox.command(&["bundle", "rules", "-q"], &[]).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && !parts() {}
        std::thread::sleep(std::time::Duration::from_millis(round * 3));
        child.kill().unwrap();
        killed_while_writing += usize::from(!child.wait().unwrap().success());
        if sandbox.path("dist").exists() {
            assert!(wanted.contains(&sandbox.read(manifest)), "round {round}: a bundle of one run");
            assert!(sums("dist").success() && sums("dist/detection-bundle-0.1.0").success(), "round {round}");
        }
    }
    assert!(killed_while_writing > 0, "some run was killed before its end");
    assert_eq!(sandbox.run(&["bundle", "rules", "-q"]).code, 0);
    let left: Vec<_> = sandbox.path(".").read_dir().unwrap().flatten().filter(is_part).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(unix)]
fn is_part(entry: &std::fs::DirEntry) -> bool {
    entry.file_name().to_string_lossy().ends_with(".rulecast-part")
}
