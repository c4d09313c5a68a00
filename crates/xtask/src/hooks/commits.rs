//! Commits to a repository of rules, each with one fault, and each with its fix.

use super::place::Place;
use crate::programs::run;
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How pre-commit installs the hooks.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// By building them from a repository.
    Rust { clone: &'a Path, revision: &'a str },
    /// From this wheel.
    Wheel(&'a Path),
}

const RULE: &str = "rules/windows/process_creation/proc_creation_win_mshta_web_address.yml";
/// Another rule, made of the first, so that the repository has one left when that is gone.
const OTHER: &str = "rules/windows/process_creation/proc_creation_win_hh_web_address.yml";
const QUERY: &str = "queries/kql.xdr/windows/process_creation/proc_creation_win_mshta_web_address.kql";
const HOOKS: [(&str, &str); 4] = [
    ("rulecast-check", "rulecast check"),
    ("rulecast-test", "rulecast test"),
    ("rulecast-build-check", "rulecast build --check"),
    ("rulecast-lock-check", "rulecast lock --check"),
];

/// The hook that is given the files that changed, and is left out where there are none.
const CHANGED: &str = "rulecast-check";

/// What a person does to the repository.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Puts a text in place of another, in a file.
    Edit(&'static str, &'static str, &'static str),
    /// Removes a file.
    Remove(&'static str),
    /// Runs the command.
    Run(&'static [&'static str]),
}

/// A change that must be stopped.
#[derive(Debug)]
struct Fault {
    name: &'static str,
    made: &'static [Step],
    /// The hooks that stop it, and no others.
    stopped_by: &'static [&'static str],
    /// What they say, among other things.
    says: &'static [&'static str],
    fixed: &'static [Step],
}

use Step::{Edit, Remove, Run};

const FAULTS: &[Fault] = &[
    Fault {
        name: "a typo in a modifier",
        made: &[Edit(RULE, "CommandLine|contains:", "CommandLine|contians:")],
        stopped_by: &["rulecast check", "rulecast test", "rulecast build --check", "rulecast lock --check"],
        says: &["proc_creation_win_mshta_web_address.yml:20:21", "help: did you mean `contains`?"],
        fixed: &[Edit(RULE, "CommandLine|contians:", "CommandLine|contains:")],
    },
    Fault {
        name: "a stale query",
        made: &[
            Edit(RULE, "- 'https://'", "- 'https://'\n            - 'ftp://'"),
            Edit(RULE, "version: 1", "version: 2"),
            Run(&["lock"]),
        ],
        stopped_by: &["rulecast build --check"],
        says: &["proc_creation_win_mshta_web_address.kql"],
        fixed: &[Run(&["build"])],
    },
    Fault {
        name: "a query edited by hand",
        made: &[Edit(QUERY, "ftp://", "sftp://")],
        stopped_by: &["rulecast build --check"],
        says: &[QUERY],
        fixed: &[Run(&["build"])],
    },
    Fault {
        name: "a missing version bump",
        made: &[Edit(RULE, "- 'ftp://'", "- 'sftp://'"), Run(&["build"])],
        stopped_by: &["rulecast lock --check"],
        says: &["proc_creation_win_mshta_web_address.yml:28:10"],
        fixed: &[Edit(RULE, "version: 2", "version: 3"), Run(&["lock"]), Run(&["build"])],
    },
    Fault {
        name: "a failing test",
        made: &[Edit(RULE, "setup.hta\"'", "setup.hta\" https://example.com/'")],
        stopped_by: &["rulecast test"],
        says: &["proc_creation_win_mshta_web_address.yml:40:", "a page of the host itself"],
        fixed: &[Edit(RULE, "setup.hta\" https://example.com/'", "setup.hta\"'")],
    },
    Fault {
        name: "a rule that is gone, with its queries left",
        made: &[Remove(RULE)],
        stopped_by: &["rulecast build --check", "rulecast lock --check"],
        says: &[QUERY],
        fixed: &[Run(&["build"]), Run(&["lock"])],
    },
];

/// Makes the repository, installs the hooks, and commits.
pub(super) fn run_all(place: &Place, kind: &Kind<'_>) -> io::Result<String> {
    let name = match kind {
        Kind::Rust { .. } => "rust",
        Kind::Wheel(_) => "wheel",
    };
    let repository = Repository { place, directory: place.scratch.join(name) };
    let folder = &repository.directory;
    run(place.program(place.rulecast()).arg("init").arg(folder).args(["--ci", "none"]))?;
    std::fs::write(folder.join(".pre-commit-config.yaml"), configuration(kind)?)?;
    run(&mut repository.git(&["init", "--quiet", "--initial-branch", "main"]))?;
    run(place.tool("pre-commit").args(["install", "--install-hooks"]).current_dir(folder))?;
    let other = std::fs::read_to_string(folder.join(RULE))?
        .replace("6f0f6b0e-31c5-4b0e-9d5a-5f5a1c8f0e27", "0c9f0a4b-6f0d-4d1f-9a55-5c1f4be2a7d3")
        .replace("HTML Application", "Compiled Help")
        .replace("mshta", "hh")
        .replace("MSHTA", "HH");
    std::fs::write(folder.join(OTHER), other)?;
    // And a file that is no rule.
    std::fs::write(folder.join("notes.yml"), "not: a rule\n")?;
    repository.make(&[Run(&["build"]), Run(&["lock"])])?;
    repository.commit("a clean commit", &[], &[])?;
    for fault in FAULTS {
        repository.make(fault.made)?;
        repository.commit(fault.name, fault.stopped_by, fault.says)?;
        repository.make(fault.fixed)?;
        repository.commit(&format!("the fix of {}", fault.name), &[], &[])?;
    }
    Ok(format!("{} faults stopped, {} commits passed", FAULTS.len(), FAULTS.len() + 1))
}

/// The configuration, as the guide has it.
fn configuration(kind: &Kind<'_>) -> io::Result<String> {
    let hooks: Vec<serde_json::Value> = match kind {
        Kind::Rust { .. } => HOOKS.iter().map(|(id, _)| json!({ "id": id })).collect(),
        Kind::Wheel(wheel) => {
            let dependency = format!("rulecast @ file://{}", wheel.display());
            let hook = |(id, name): &(&str, &str)| {
                let mut hook = json!({
                    "id": id, "name": name, "entry": name, "language": "python",
                    "additional_dependencies": [dependency], "require_serial": true,
                });
                if *id == CHANGED {
                    hook["entry"] = json!("rulecast check --changed");
                    hook["files"] = json!(r"(\.ya?ml|(^|/)rulecast\.toml)$");
                } else {
                    hook["always_run"] = json!(true);
                    hook["pass_filenames"] = json!(false);
                }
                hook
            };
            HOOKS.iter().map(hook).collect()
        }
    };
    let repository = match kind {
        Kind::Rust { clone, revision } => json!({ "repo": clone, "rev": revision, "hooks": hooks }),
        Kind::Wheel(_) => json!({ "repo": "local", "hooks": hooks }),
    };
    serde_yaml::to_string(&json!({ "repos": [repository] })).map_err(io::Error::other)
}

struct Repository<'a> {
    place: &'a Place,
    directory: PathBuf,
}

impl Repository<'_> {
    fn git(&self, args: &[&str]) -> Command {
        let mut command = self.place.program("git");
        command.args(args).current_dir(&self.directory);
        command
    }

    fn make(&self, steps: &[Step]) -> io::Result<()> {
        for step in steps {
            match *step {
                Edit(path, old, new) => {
                    let path = self.directory.join(path);
                    let text = std::fs::read_to_string(&path)?;
                    if text.matches(old).count() != 1 {
                        return Err(io::Error::other(format!("{}: `{old}` does not stand there once", path.display())));
                    }
                    std::fs::write(path, text.replace(old, new))?;
                }
                Remove(path) => std::fs::remove_file(self.directory.join(path))?,
                Run(args) => {
                    run(self.place.program(self.place.rulecast()).args(args).current_dir(&self.directory))?;
                }
            }
        }
        Ok(())
    }

    /// Commits all that changed, which these hooks and no others must stop.
    fn commit(&self, message: &str, stopped_by: &[&str], says: &[&str]) -> io::Result<()> {
        run(&mut self.git(&["add", "--all"]))?;
        let ended = self.git(&["commit", "--quiet", "--allow-empty", "--message", message]).output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        let ended_as = |word: &str| {
            let names = HOOKS.iter().map(|(_, name)| *name);
            let is = |name: &&str| {
                said.lines().any(|line| {
                    line.strip_prefix(name).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(word))
                })
            };
            names.filter(is).collect::<Vec<&str>>()
        };
        let (failed, passed) = (ended_as("Failed"), [ended_as("Passed"), ended_as("Skipped")].concat());
        let wrong = |what: String| Err(io::Error::other(format!("{message}: {what}\n{said}")));
        if failed != stopped_by || failed.len() + passed.len() != HOOKS.len() {
            return wrong(format!("expected to be stopped by {stopped_by:?}, and was by {failed:?}"));
        }
        if ended.status.success() != stopped_by.is_empty() {
            return wrong(format!("git ended with {}", ended.status));
        }
        if let Some(missing) = says.iter().find(|text| !said.contains(**text)) {
            return wrong(format!("the hooks do not say `{missing}`"));
        }
        Ok(())
    }
}
