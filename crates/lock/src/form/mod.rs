//! The form of a rule: what it means and how it is rated, as a canonical text in parts.
//!
//! Two rules have the same form if they differ in white space, comments, quoting, the order of keys and of alternatives,
//! the names of selections, or in what is prose. The text is made of the rule part by part, each matched whole, so that
//! what rules get later must be decided on here; never of what a debugger would show.

mod body;
mod predicate;
mod rating;
#[cfg(test)]
mod tests;
mod text;

use crate::hash::{Sha256, digest};
use body::Walk;
use rulecast_ir::{Rule, Sigma};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The number of the forms made here. It rises whenever the form of any rule changes without the rule: hashes of
/// different numbers say nothing of one another.
pub const FORM: u32 = 1;

/// A part of a rule whose change is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// `logsource`, of the rule or of those that it correlates.
    LogSource,
    /// `detection`, with the filters that apply, of the rule or of those that it correlates.
    Detection,
    /// `correlation`.
    Correlation,
    /// `classification`.
    Classification,
    /// `output`.
    Output,
    /// `title`.
    Title,
    /// `level`.
    Level,
    /// `risk_score`, or what follows from the level; and `confidence`.
    Risk,
    /// `tags`.
    Tags,
    /// `schedule`.
    Schedule,
    /// `targets`.
    Targets,
}

impl Part {
    /// Every part, in the order in which they are told.
    pub const ALL: &'static [Part] = &[
        Part::Detection,
        Part::LogSource,
        Part::Correlation,
        Part::Classification,
        Part::Level,
        Part::Risk,
        Part::Title,
        Part::Tags,
        Part::Schedule,
        Part::Output,
        Part::Targets,
    ];

    /// In the lock file: `log_source`.
    pub fn key(self) -> &'static str {
        match self {
            Part::LogSource => "log_source",
            Part::Detection => "detection",
            Part::Correlation => "correlation",
            Part::Classification => "classification",
            Part::Output => "output",
            Part::Title => "title",
            Part::Level => "level",
            Part::Risk => "risk",
            Part::Tags => "tags",
            Part::Schedule => "schedule",
            Part::Targets => "targets",
        }
    }

    /// For people: `log source`.
    pub fn word(self) -> &'static str {
        match self {
            Part::LogSource => "log source",
            other => other.key(),
        }
    }
}

/// The form of one rule, as hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Of all parts together.
    pub sha256: Sha256,
    /// Of each part that the rule has, by [`Part::key`]: the first 16 digits.
    pub parts: BTreeMap<String, String>,
}

/// Enough digits to tell which part of a rule changed; that one did is for all 64 of the whole to say.
const PART_DIGITS: usize = 16;

impl Form {
    /// The form of a rule. It is to be that of the repository alone, without pipelines and values of placeholders.
    pub fn of(rule: &Rule<Sigma>) -> Self {
        let mut whole = format!("rulecast rule {FORM}\n");
        let mut parts = BTreeMap::new();
        for (part, text) in texts(rule) {
            let hash = digest(&text);
            let _ = writeln!(whole, "{} {hash}", part.key());
            parts.insert(part.key().to_owned(), hash[..PART_DIGITS].to_owned());
        }
        Self { sha256: digest(&whole), parts }
    }
}

/// The canonical text of each part that the rule has, by the name of the part.
fn texts(rule: &Rule<Sigma>) -> BTreeMap<Part, String> {
    let Rule { metadata, body, output, span: _ } = rule;
    let walk = Walk::of(body);
    let mut texts = rating::texts(metadata);
    let mut add = |part: Part, text: Option<String>| texts.extend(text.map(|text| (part, text)));
    add(Part::LogSource, body::all("log-sources", walk.log_sources));
    add(Part::Detection, body::all("detections", walk.detections));
    add(Part::Correlation, walk.correlation);
    add(Part::Classification, body::all("classifications", walk.classifications));
    add(Part::Output, output.as_ref().map(rating::output));
    texts
}
