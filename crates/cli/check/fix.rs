//! `check --fix`: findings mended in the files.
//!
//! A file is written whole, and never if it has changed since it was read, or if its YAML would change elsewhere
//! ([`rulecast_lint::mend`]).

use super::Checked;
use crate::exit::Failure;
use crate::output::count;
use rulecast_files::write_whole;
use rulecast_lint::{Mended, mend};
use rulecast_repository::Input;
use std::collections::BTreeMap;
use std::fmt::Write as _;
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
            if !replace(path, file.text(), &text)? {
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
fn replace(path: &Path, old: &str, new: &str) -> Result<bool, Failure> {
    if !std::fs::read(path).is_ok_and(|held| held == old.as_bytes()) {
        return Ok(false);
    }
    write_whole(path, new.as_bytes())?;
    Ok(true)
}
