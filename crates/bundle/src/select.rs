//! Which rules a bundle takes: tiers, as rule collections have them.

use rulecast_ir::Metadata;
use rulecast_rule::ast::{Level, Status};
use serde::{Deserialize, Serialize};

/// What a rule must have to be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// At least this level; a rule that names none is `medium`.
    pub min_level: Option<Level>,
    /// At least this mature; a rule that names no status is `experimental`.
    pub min_status: Option<Status>,
    /// One of these tags, or one below it: `attack.t1546` takes `attack.t1546.016`.
    pub tags: Vec<String>,
}

/// A rule that was read and not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotSelected {
    /// Its id; empty where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file, below the directory of the rules.
    pub path: String,
    /// Why: one sentence.
    pub reason: String,
    /// Whether it is given up, `deprecated` or `unsupported`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

impl Selection {
    /// Why a rule is not taken; nothing, if it is. A rule that is `deprecated` or `unsupported` never is, unless
    /// `min_status` asks for it.
    pub fn rejects(&self, metadata: &Metadata) -> Option<String> {
        let status = metadata.0.status.as_ref().map_or(Status::Experimental, |status| status.node);
        let least = self.min_status.unwrap_or(Status::Experimental);
        if status < least {
            return Some(format!("its status `{}` is below `{}`", status.name(), least.name()));
        }
        let level = metadata.level();
        if let Some(least) = self.min_level.filter(|least| level < *least) {
            return Some(format!("its level `{}` is below `{}`", level.name(), least.name()));
        }
        let has = |wanted: &String| {
            let below = |tag: &str| {
                tag.strip_prefix(wanted.as_str()).is_some_and(|rest| matches!(rest.chars().next(), None | Some('.')))
            };
            metadata.0.tags.iter().any(|tag| below(&tag.node.to_lowercase()))
        };
        if !self.tags.is_empty() && !self.tags.iter().any(has) {
            return Some(format!("it has none of the tags {}", self.tags.join(", ")));
        }
        None
    }
}

/// Whether a rule is given up.
pub(crate) fn is_retired(metadata: &Metadata) -> bool {
    metadata.0.status.as_ref().is_some_and(|status| matches!(status.node, Status::Deprecated | Status::Unsupported))
}
