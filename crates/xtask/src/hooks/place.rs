//! Where all of it happens, and what programs are run with there.

use crate::programs::{needed, python_packages};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../../hooks/requirements.txt");

/// The folders, and the programs.
#[derive(Debug)]
pub(super) struct Place {
    /// This repository.
    pub(super) root: PathBuf,
    /// Emptied by each run.
    pub(super) scratch: PathBuf,
    /// Where both kinds of hooks are built, so that they share what others wrote.
    pub(super) target: PathBuf,
    /// pre-commit's own.
    home: PathBuf,
    /// The folder of the installed programs.
    programs: PathBuf,
    /// The command, where it is not the one that is built here.
    command: Option<PathBuf>,
}

impl Place {
    pub(super) fn make(root: &Path, command: Option<PathBuf>) -> io::Result<Self> {
        needed("python3", "for pre-commit")?;
        needed("git", "for pre-commit")?;
        let directory = root.join(".oracles");
        let environment = directory.join("hooks");
        let programs = environment.join("bin");
        python_packages(&environment, REQUIREMENTS)?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let target = std::path::absolute(target)?.join("hooks");
        let (scratch, home) = (target.join("scratch"), target.join("pre-commit"));
        for folder in [&scratch, &home] {
            match std::fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => std::fs::create_dir_all(folder)?,
            }
        }
        Ok(Self { root: root.to_owned(), scratch, target, home, programs, command })
    }

    /// One of the installed programs.
    pub(super) fn tool(&self, name: &str) -> Command {
        self.prepared(Command::new(self.programs.join(name)))
    }

    /// Any other program.
    pub(super) fn program(&self, name: impl AsRef<std::ffi::OsStr>) -> Command {
        self.prepared(Command::new(name))
    }

    /// The command, as the wheel has it.
    pub(super) fn rulecast(&self) -> PathBuf {
        let built = || self.target.join("release").join(format!("rulecast{}", std::env::consts::EXE_SUFFIX));
        self.command.clone().unwrap_or_else(built)
    }

    /// Without anything of the user or of a run of git that this stands in. What is built is built quickly: it runs for
    /// milliseconds.
    fn prepared(&self, mut command: Command) -> Command {
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "SKIP", "PRE_COMMIT_ALLOW_NO_CONFIG"] {
            command.env_remove(variable);
        }
        // Set by cargo for this program, and not meant for another build.
        for (variable, _) in std::env::vars_os() {
            if variable
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
            {
                command.env_remove(variable);
            }
        }
        command
            .env("PRE_COMMIT_HOME", &self.home)
            .env("PRE_COMMIT_COLOR", "never")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        for part in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{part}_NAME"), "Rulecast")
                .env(format!("GIT_{part}_EMAIL"), "rulecast@example.com");
        }
        command
    }
}
