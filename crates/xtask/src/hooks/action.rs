//! The scripts of the action, with what GitHub's runner would set, and a release that lies in a folder.

use super::place::Place;
use crate::programs::run;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) fn run_all(place: &Place) -> io::Result<String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok("not shown: they are tried on Linux on x86-64".to_owned());
    }
    let runner = Runner::make(place)?;
    runner.installs()?;
    runner.checks()?;
    Ok("a release is installed, a forged one is not; three files of results".to_owned())
}

struct Runner<'a> {
    place: &'a Place,
    folder: PathBuf,
    version: &'static str,
}

/// How a script ended.
struct Ended {
    code: Option<i32>,
    said: String,
    outputs: BTreeMap<String, String>,
}

impl<'a> Runner<'a> {
    fn make(place: &'a Place) -> io::Result<Self> {
        let folder = place.scratch.join("action");
        std::fs::create_dir_all(&folder)?;
        Ok(Self { place, folder, version: env!("CARGO_PKG_VERSION") })
    }

    fn script(&self, name: &str, set: impl FnOnce(&mut Command)) -> io::Result<Ended> {
        let (output, path) = (self.folder.join("output"), self.folder.join("path"));
        for file in [&output, &path] {
            std::fs::write(file, "")?;
        }
        let mut command = self.place.program("bash");
        command
            .arg(self.place.root.join(".github/action").join(name))
            .env("RUNNER_TEMP", &self.folder)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .env_remove("GITHUB_STEP_SUMMARY");
        set(&mut command);
        let ended = command.output()?;
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        let outputs = std::fs::read_to_string(output)?;
        let outputs = outputs.lines().filter_map(|line| line.split_once('='));
        let outputs = outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Ended { code: ended.status.code(), said, outputs })
    }

    /// A release as the workflow makes one, and one whose archive is not what its checksums say.
    fn installs(&self) -> io::Result<()> {
        let name = format!("rulecast-{}-x86_64-unknown-linux-musl", self.version);
        let release = self.folder.join("releases").join(format!("v{}", self.version));
        let inside = release.join(&name);
        std::fs::create_dir_all(&inside)?;
        std::fs::copy(self.place.rulecast(), inside.join("rulecast"))?;
        let archive = format!("{name}.tar.gz");
        run(Command::new("tar").args(["-czf", &archive, &name]).current_dir(&release))?;
        let sums = crate::programs::output(Command::new("sha256sum").arg(&archive).current_dir(&release))?;
        std::fs::write(release.join("SHA256SUMS"), &sums)?;
        let releases = format!("file://{}", self.folder.join("releases").display());
        let install = || {
            self.script("install.sh", |command| {
                command
                    .env("RULECAST_INSTALL", "release")
                    .env("RULECAST_VERSION", "")
                    .env("RULECAST_RELEASES", &releases);
            })
        };
        let ended = install()?;
        let expected = format!("rulecast {}", self.version);
        if ended.code != Some(0) || !ended.outputs.get("version").is_some_and(|told| told.starts_with(&expected)) {
            return Err(io::Error::other(format!("a release is not installed\n{}", ended.said)));
        }
        let forged = [b"0".repeat(64).as_slice(), sums.get(64..).unwrap_or_default()].concat();
        std::fs::write(release.join("SHA256SUMS"), forged)?;
        let ended = install()?;
        if ended.code != Some(1) || !ended.said.contains("has the SHA-256") {
            return Err(io::Error::other(format!("a forged release is not refused\n{}", ended.said)));
        }
        Ok(())
    }

    /// A change that is in order, and one with a failing test.
    fn checks(&self) -> io::Result<()> {
        let rules = self.folder.join("rules-repository");
        run(self.place.program(self.place.rulecast()).arg("init").arg(&rules).args(["--ci", "none"]))?;
        let git = |args: &[&str]| run(self.place.program("git").args(args).current_dir(&rules));
        git(&["init", "--quiet"])?;
        git(&["add", "--all"])?;
        git(&["commit", "--quiet", "--message", "the first"])?;
        let parts = || {
            self.script("run.sh", |command| {
                let path = format!(
                    "{}:{}",
                    self.folder.join("rulecast/bin").display(),
                    std::env::var("PATH").unwrap_or_default()
                );
                command
                    .current_dir(&rules)
                    .env("PATH", path)
                    .env("RULECAST_RUN", "check test build lock diff")
                    .env("RULECAST_RESULTS", "rulecast-results")
                    .env("RULECAST_BASE", "HEAD");
            })
        };
        let ended = parts()?;
        let failed = ended.outputs.get("failed").map(String::as_str);
        if ended.code != Some(0) || failed != Some("") {
            return Err(io::Error::other(format!("a repository in order fails: {failed:?}\n{}", ended.said)));
        }
        for (name, begins) in [("sarif", "{"), ("junit", "<?xml"), ("comment", "")] {
            let file = ended.outputs.get(name).map(Path::new);
            let text = file.map(std::fs::read_to_string).transpose()?;
            if !text.as_ref().is_some_and(|text| text.starts_with(begins) && !text.is_empty()) {
                return Err(io::Error::other(format!("`{name}` is {text:?}\n{}", ended.said)));
            }
        }
        let rule = rules.join("rules/windows/process_creation/proc_creation_win_mshta_web_address.yml");
        let text = std::fs::read_to_string(&rule)?;
        std::fs::write(&rule, text.replacen("expect: no_match", "expect: match", 1))?;
        let ended = parts()?;
        let failed = ended.outputs.get("failed").map(String::as_str);
        if ended.code != Some(1) || !failed.is_some_and(|failed| failed.contains("test")) {
            return Err(io::Error::other(format!("a failing test does not fail it: {failed:?}\n{}", ended.said)));
        }
        Ok(())
    }
}
