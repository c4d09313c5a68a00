//! `check --fix`: findings mended in the files.
//!
//! A file is written whole, under another name beside it, and then takes the place of the old one; never, if it has
//! changed since it was read, or if its YAML would change elsewhere ([`rulecast_lint::mend`]).

use super::Checked;
use crate::exit::Failure;
use crate::output::count;
use rulecast_lint::{Mended, mend};
use rulecast_repository::Input;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// How often a file is mended and looked at again, at most.
pub(super) const MOST_ROUNDS: usize = 5;

/// What was mended, by file and lint.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    made: BTreeMap<usize, BTreeMap<&'static str, usize>>,
}

impl Fixed {
    /// Mends what can be mended at once, and tells whether there was anything.
    pub(super) fn round(&mut self, inputs: &[Input], checked: &[Checked]) -> Result<bool, Failure> {
        let mut any = false;
        for (at, (input, file)) in inputs.iter().zip(checked).enumerate() {
            let Some(path) = input.path() else { continue };
            let Some(Mended { text, made }) = mend(file.text(), &file.diagnostics) else { continue };
            let failed = |error: io::Error| Failure::Write { path: path.to_owned(), reason: error.kind() };
            if !replace(path, file.text(), &text).map_err(failed)? {
                continue;
            }
            any = true;
            for name in made {
                *self.made.entry(at).or_default().entry(name).or_default() += 1;
            }
        }
        Ok(any)
    }

    /// A line for each file.
    pub(super) fn report(&self, inputs: &[Input]) -> String {
        let mut out = String::new();
        for (at, made) in &self.made {
            let all: usize = made.values().sum();
            let names: Vec<String> = made
                .iter()
                .map(|(name, times)| if *times == 1 { (*name).to_owned() } else { format!("{name} ({times})") })
                .collect();
            let _ = writeln!(out, "fixed {} in {}: {}", count(all, "finding"), inputs[*at].name, names.join(", "));
        }
        if self.made.is_empty() {
            out.push_str("nothing to fix\n");
        }
        out
    }
}

/// Writes `new` in the place of `old`, and tells whether the file still held that.
fn replace(path: &Path, old: &str, new: &str) -> io::Result<bool> {
    // Behind a symbolic link stands the file that is meant.
    let path = std::fs::canonicalize(path)?;
    if std::fs::read(&path)? != old.as_bytes() {
        return Ok(false);
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".rulecast");
    let beside = path.with_file_name(name);
    let written = std::fs::write(&beside, new)
        .and_then(|()| std::fs::set_permissions(&beside, std::fs::metadata(&path)?.permissions()))
        .and_then(|()| std::fs::rename(&beside, &path));
    if written.is_err() {
        // What could not be finished need not be left behind.
        let _ = std::fs::remove_file(&beside);
    }
    written.map(|()| true)
}
