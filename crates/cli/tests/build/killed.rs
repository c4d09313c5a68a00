//! `rulecast build` that is killed, or has no room.

use super::{CONFIG, contents, project};
use crate::support::{GOOD, Run, Sandbox};
use std::collections::BTreeMap;

/// Many rules, in one of two wordings, and one that is there in this wording alone.
#[cfg(unix)]
fn switch(sandbox: &Sandbox, word: &str) {
    for number in 0..50 {
        let values: Vec<String> = (0..15).map(|value| format!("{word} {number} {value}")).collect();
        let rule = GOOD.replace("whoami", &format!("[{}]", values.join(", ")));
        sandbox.write(&format!("rules/{}/{number}.yml", number % 7), rule);
    }
    let other = if word == "one" { "two" } else { "one" };
    sandbox.write(&format!("rules/{word}.yml"), GOOD.replace("whoami", word));
    let _ = std::fs::remove_file(sandbox.path(&format!("rules/{other}.yml")));
}

#[cfg(unix)]
fn is_part(path: &str) -> bool {
    path.ends_with(".rulecast-part")
}

/// The files of the tree, without those that a run has not finished.
#[cfg(unix)]
fn outputs(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let paths = sandbox.list("queries").into_iter().filter(|path| !is_part(path));
    paths.map(|path| (path.clone(), sandbox.read(&path))).collect()
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_completes_it() {
    use std::os::unix::fs::MetadataExt;
    let sandbox = Sandbox::new("build-killed");
    sandbox.write("rulecast.toml", CONFIG);
    let expected = ["one", "two"].map(|word| {
        switch(&sandbox, word);
        assert_eq!(sandbox.run(&["build", "-q"]).code, 0);
        (word, outputs(&sandbox))
    });
    let inode = |path: &str| std::fs::metadata(sandbox.path(path)).unwrap().ino();
    for round in 0..8_u32 {
        let (word, wanted) = &expected[round as usize % 2];
        switch(&sandbox, word);
        let first = "queries/eql.ecs/0/0.eql";
        let (before, parts) = (inode(first), || sandbox.list("queries").iter().any(|path| is_part(path)));
        let mut child = sandbox.command(&["build", "-q"], &[]).spawn().unwrap();
        if round < 3 {
            // While it stages files.
            while child.try_wait().unwrap().is_none() && !parts() {}
            std::thread::sleep(std::time::Duration::from_millis(u64::from(round) * 5));
        } else {
            // While it puts them in their places.
            while child.try_wait().unwrap().is_none() && inode(first) == before {}
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let now = outputs(&sandbox);
        for (path, text) in &now {
            let is_whole = expected.iter().any(|(_, tree)| tree.get(path) == Some(text));
            assert!(is_whole, "{path} in round {round}:\n{text}");
        }
        let differing = wanted.iter().filter(|(path, text)| now.get(*path) != Some(text)).count()
            + now.keys().filter(|path| !wanted.contains_key(*path)).count();
        let check = sandbox.run(&["build", "--check", "-q"]);
        assert_eq!(check.out.lines().count(), differing, "{}", check.out);
        assert_eq!(check.code, i32::from(differing > 0));
        assert_eq!(sandbox.run(&["build", "-q"]).code, 0);
        assert_eq!(&contents(&sandbox, "queries"), wanted);
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_finds_no_room_leaves_the_tree_as_it_was() {
    let sandbox = project("build-room");
    assert_eq!(sandbox.run(&["build", "-q"]).code, 0);
    let before = contents(&sandbox, "queries");
    let values: Vec<String> = (0..2000).map(|value| format!("value {value}")).collect();
    sandbox.write("rules/long.yml", GOOD.replace("whoami", &format!("[{}]", values.join(", "))));
    sandbox.write("rules/win/one.yml", GOOD.replace("whoami", "whoareyou"));
    let limited = |blocks: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" build");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_rulecast")]).current_dir(sandbox.path(""));
        Run::from(command.output().unwrap())
    };
    let run = limited("8");
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    let expected = "error: cannot write `queries/eql.ecs/long.eql`: the file would be larger than is allowed here\n";
    assert_eq!(run.err, expected);
    assert_eq!(contents(&sandbox, "queries"), before);
    assert_eq!(limited("unlimited").code, 0);
    assert_eq!(sandbox.run(&["build", "--check"]).code, 0);
}
