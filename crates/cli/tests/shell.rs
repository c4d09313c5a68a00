//! What a shell, a packager and a bug report need: completions, manual pages, the version.

use crate::support::Sandbox;

/// All commands, as the help lists them.
fn commands(sandbox: &Sandbox) -> Vec<String> {
    let help = sandbox.run(&["--help"]).out;
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a list of commands");
    let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_shell_gets_completions_of_every_command() {
    let sandbox = Sandbox::new("completions");
    // It needs no configuration, and so no valid one.
    sandbox.write("rulecast.toml", "nonsense");
    let commands = commands(&sandbox);
    assert!(commands.len() >= 8, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = sandbox.run(&["completions", shell]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{shell}");
        for word in commands.iter().map(String::as_str).chain(["no-config"]) {
            assert!(run.out.contains(word), "{shell}: {word}");
        }
    }
    let run = sandbox.run(&["completions", "tcsh"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{}", run.err);
}

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::new("man");
    let run = sandbox.run(&["man", "-o", "share/man1"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let pages = commands(&sandbox).into_iter().map(|name| format!("share/man1/rulecast-{name}.1"));
    let mut expected: Vec<String> = pages.chain(["share/man1/rulecast.1".to_owned()]).collect();
    expected.sort();
    assert_eq!(sandbox.list("share"), expected);
    let page = sandbox.read("share/man1/rulecast-check.1");
    assert!(page.contains(".TH RULECAST-CHECK 1"), "{page}");
    assert!(page.contains("\\fB\\-\\-deny\\fR"), "{page}");
    let first = sandbox.read("share/man1/rulecast.1");
    assert!(first.contains("rulecast\\-check(1)"), "{first}");
    // The same bytes from every build of a version.
    assert!(!first.contains(commit().as_deref().unwrap_or("no commit")), "{first}");

    sandbox.write("file", "");
    let run = sandbox.run(&["man", "-o", "file"]);
    assert_eq!(run.code, 3);
    assert!(run.err.starts_with("error: cannot read `file`: "), "{}", run.err);
}

#[test]
fn the_version_names_the_commit_of_the_build() {
    let run = Sandbox::new("version").run(&["--version"]);
    let version = env!("CARGO_PKG_VERSION");
    let expected = match commit() {
        Some(commit) => format!("rulecast {version} ({commit})\n"),
        None => format!("rulecast {version}\n"),
    };
    assert_eq!((run.code, run.out), (0, expected));
}

/// What is checked out, if this is a clone.
fn commit() -> Option<String> {
    let mut git = std::process::Command::new("git");
    let output = git.args(["-C", env!("CARGO_MANIFEST_DIR"), "rev-parse", "--short=9", "HEAD"]).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
