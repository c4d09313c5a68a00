//! The lock file: reading and writing its text.

use crate::form::FORM;
use crate::hash::Sha256;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The number of the file's own shape.
pub const FORMAT: u32 = 1;

/// What a lock file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The shape of the file: [`FORMAT`].
    pub format: u32,
    /// How the hashes of rules were made: [`FORM`]. Those of another number cannot be compared.
    pub form: u32,
    /// The version of ATT&CK whose techniques the tags name.
    pub attack: String,
    /// The targets that the queries are for.
    pub targets: BTreeSet<String>,
    /// The rules, by id, in lower case.
    pub rules: BTreeMap<String, Entry>,
    /// Rules that there were, by id, so that no id is used for another rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed: BTreeMap<String, Removed>,
}

/// What it says of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// Its file, from the directory of the lock, with `/` between its parts.
    pub path: String,
    /// Its version; 1 for a rule that says none.
    pub version: u32,
    /// Of its form: what it means and how it is rated.
    pub sha256: Sha256,
    /// Of each part of its form, the first digits.
    pub parts: BTreeMap<String, String>,
    /// What was made of it, by target.
    pub outputs: BTreeMap<String, Output>,
}

/// What was made of a rule for one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The verdict on its queries together, or `refused`, or `declared` where the rule itself refuses.
    pub fidelity: String,
    /// Of all its queries; nothing, where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256>,
}

/// What is remembered of a rule that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// Its last title.
    pub title: String,
    /// Its last version.
    pub version: u32,
    /// Of its last form.
    pub sha256: Sha256,
}

/// Why a lock file says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// It is no JSON, or not this JSON.
    #[error("{reason} (line {line}){}", if *conflict { "; it has the marks of a merge: take either side whole, then run `rulecast lock`" } else { "" })]
    Shape {
        /// What is wrong.
        reason: String,
        /// Where, from 1.
        line: usize,
        /// Whether a merge left its marks.
        conflict: bool,
    },
    /// A later Rulecast wrote it.
    #[error("its format is {found}, and this Rulecast knows formats up to {FORMAT}")]
    Format {
        /// That of the file.
        found: u32,
    },
}

/// What every format has.
#[derive(Deserialize)]
struct Numbered {
    format: u32,
}

impl Lock {
    /// A lock of no rules.
    pub fn new(attack: &str, targets: BTreeSet<String>) -> Self {
        let (rules, removed) = (BTreeMap::new(), BTreeMap::new());
        Self { format: FORMAT, form: FORM, attack: attack.to_owned(), targets, rules, removed }
    }

    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let conflict = text.lines().any(|line| line.starts_with("<<<<<<< "));
        let wrong = |error: serde_json::Error| {
            let line = error.line();
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            LockError::Shape { reason, line, conflict }
        };
        let Numbered { format } = serde_json::from_str(text).map_err(wrong)?;
        if format == 0 || format > FORMAT {
            return Err(LockError::Format { found: format });
        }
        serde_json::from_str(text).map_err(wrong)
    }

    /// The text of the file, with a line end.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("names, numbers and texts are JSON");
        text.push('\n');
        text
    }
}
