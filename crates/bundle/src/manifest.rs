//! `manifest.json`: what a bundle holds, and what it does not, for programs.

mod make;
mod schema;

pub(crate) use make::make;
pub use schema::schema;

use crate::deprecated::Retired;
use crate::{Moved, NotSelected, Reason};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of the file's shape.
pub(crate) const FORMAT: u32 = 1;

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// What it calls itself.
    pub bundle: BundleInfo,
    /// What made it.
    pub tool: Tool,
    /// Whose techniques the tags name.
    pub attack: Attack,
    /// In the order in which they were asked for.
    pub targets: Vec<String>,
    /// By their files.
    pub rules: Vec<RuleInfo>,
    /// Rules that were read and not taken.
    pub not_selected: Vec<NotSelected>,
    /// Rules that earlier bundles had, or that are given up.
    pub deprecated: Vec<Retired>,
    /// Names of pages that earlier bundles had.
    #[serde(default)]
    pub moved: Vec<Moved>,
    /// What adds up.
    pub counts: Counts,
}

/// What a bundle calls itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who publishes it.
    pub author: String,
    /// The commit that it was made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_from_commit: Option<String>,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `rulecast`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A version of ATT&CK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attack {
    /// `enterprise-attack`.
    pub domain: String,
    /// Its version.
    pub version: String,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleInfo {
    /// Its id; empty where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Names its files and its page.
    pub slug: String,
    /// Its file in the bundle.
    pub path: String,
    /// Of its document in the file.
    pub line: usize,
    /// Counts its revisions.
    pub version: u32,
    /// Its level.
    pub level: String,
    /// Its status, if it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Tactics, techniques, groups and software, by id.
    pub attack: Vec<String>,
    /// Products of its log sources.
    pub platforms: Vec<String>,
    /// Of what it means and how it is rated, as in the lock file.
    pub sha256: String,
    /// What packages hold of it.
    pub outputs: Vec<OutputInfo>,
    /// What they do not, and why.
    pub unsupported: Vec<Unsupported>,
}

/// What a package holds of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputInfo {
    /// The name of the package.
    pub package: String,
    /// Whose query it is.
    pub target: String,
    /// What the platform calls it.
    pub kind: String,
    /// The file in the bundle.
    pub path: String,
    /// The rule in that file, where it holds several; or the class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Of the queries of the target together: `exact`, `over`, `under`, `both`, `unchecked`.
    pub fidelity: String,
    /// What the queries take for granted of events.
    pub assumptions: Vec<String>,
    /// Of the queries of the target, as in the lock file.
    pub query_sha256: String,
}

/// What a package does not hold of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsupported {
    /// The name of the package.
    pub package: String,
    /// Whose query it would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What kind of reason.
    pub reason: Reason,
    /// The reason.
    pub message: String,
}

/// What adds up: each of the maps, to the number of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// In the bundle.
    pub rules: usize,
    /// Read, and not taken.
    pub not_selected: usize,
    /// By target, rules by the fidelity of their queries, `refused`, or `declared`.
    pub targets: BTreeMap<String, BTreeMap<String, usize>>,
    /// By package, rules that are `included`, and those that are not by reason.
    pub packages: BTreeMap<String, BTreeMap<String, usize>>,
}

/// Why a manifest says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// It is no JSON, or not this JSON.
    #[error("{reason} (line {line})")]
    Shape {
        /// What is wrong.
        reason: String,
        /// Where, from 1.
        line: usize,
    },
    /// A later Rulecast wrote it.
    #[error("its format is {found}, and this Rulecast knows formats up to {FORMAT}")]
    Format {
        /// That of the file.
        found: u32,
    },
}

#[derive(Deserialize)]
struct Numbered {
    format: u32,
}

impl Manifest {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let wrong = |error: serde_json::Error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            ManifestError::Shape { reason, line: error.line() }
        };
        let Numbered { format } = serde_json::from_str(text).map_err(wrong)?;
        if format == 0 || format > FORMAT {
            return Err(ManifestError::Format { found: format });
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
