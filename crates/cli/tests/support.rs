//! A directory of rules, and the command run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A rule that every target can express.
pub(crate) const GOOD: &str = "\
title: Whoami
id: 9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11
description: Someone asks who they are.
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: whoami}
  condition: sel
";

/// A directory of its own for each test.
pub(crate) struct Sandbox {
    root: PathBuf,
}

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(&root).unwrap();
        Self { root }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files below a directory, sorted, with `/`.
    pub(crate) fn list(&self, path: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut todo = vec![self.root.join(path)];
        while let Some(directory) = todo.pop() {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    todo.push(path);
                } else {
                    let below = path.strip_prefix(&self.root).unwrap();
                    found.push(below.to_str().unwrap().replace(std::path::MAIN_SEPARATOR, "/"));
                }
            }
        }
        found.sort();
        found
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[], "")
    }

    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)], stdin: &str) -> Run {
        use std::io::Write;
        let mut child = self.command(args, env).spawn().unwrap();
        // The command may end before it has read all: then it says why.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        Run::from(child.wait_with_output().unwrap())
    }

    /// From a directory below.
    pub(crate) fn run_in(&self, directory: &str, args: &[&str]) -> Run {
        Run::from(self.command(args, &[]).current_dir(self.root.join(directory)).output().unwrap())
    }

    pub(crate) fn command(&self, args: &[&str], env: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rulecast"));
        command.args(args).envs(env.iter().copied()).current_dir(&self.root);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().expect("the command was not killed");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }
}
