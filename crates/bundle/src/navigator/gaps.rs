//! What of a list no rule names.

use super::Coverage;
use rulecast_attack::{State, Technique, technique};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A technique that is wanted, and that no rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// `T1546.016`.
    pub technique: String,
    /// What ATT&CK knows of it, if it is in use.
    pub known: Option<&'static Technique>,
    /// Whether rules name the technique that it is a sub-technique of.
    pub parent_covered: bool,
}

/// Why a list of techniques says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// A line that is no technique.
    #[error("line {line}: expected a technique as `T1546` or `T1546.016`, found `{found}`")]
    Line {
        /// From 1.
        line: usize,
        /// As written.
        found: String,
    },
    /// It is neither a list nor a layer.
    #[error("expected a layer of the ATT&CK Navigator: {0}")]
    Layer(String),
    /// A layer of another domain.
    #[error("expected a layer of `enterprise-attack`, found `{0}`")]
    Domain(String),
    /// Nothing is wanted.
    #[error("it names no technique")]
    Empty,
}

/// The techniques that a list names, a line each, with comments behind `#`; or those of a layer of the ATT&CK Navigator
/// that are enabled, and whose score is not 0.
pub fn wanted(text: &str) -> Result<BTreeSet<String>, Vec<WantedError>> {
    let wanted =
        if text.trim_start().starts_with('{') { of_layer(text).map_err(|error| vec![error])? } else { of_lines(text)? };
    if wanted.is_empty() { Err(vec![WantedError::Empty]) } else { Ok(wanted) }
}

fn of_lines(text: &str) -> Result<BTreeSet<String>, Vec<WantedError>> {
    let (mut wanted, mut wrong) = (BTreeSet::new(), Vec::new());
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let word = line.split('#').next().unwrap_or_default().trim();
        match id(word) {
            _ if word.is_empty() => {}
            Some(id) => {
                wanted.insert(id);
            }
            None => wrong.push(WantedError::Line { line: at + 1, found: word.to_owned() }),
        }
    }
    if wrong.is_empty() { Ok(wanted) } else { Err(wrong) }
}

fn of_layer(text: &str) -> Result<BTreeSet<String>, WantedError> {
    let layer: Value = serde_json::from_str(text).map_err(|error| WantedError::Layer(error.to_string()))?;
    if let Some(domain) = layer["domain"].as_str().filter(|domain| !domain.contains("enterprise")) {
        return Err(WantedError::Domain(domain.to_owned()));
    }
    let techniques = layer["techniques"].as_array();
    let techniques = techniques.ok_or_else(|| WantedError::Layer("it has no list `techniques`".to_owned()))?;
    let mut wanted = BTreeSet::new();
    for one in techniques {
        let said = |key: &str| one[key].as_str().is_some_and(|text| !text.is_empty());
        // A parent that stands there only to show what is below it.
        let expands = one["showSubtechniques"] == true && one["score"].is_null() && !said("color") && !said("comment");
        if one["enabled"] == false || one["score"].as_f64() == Some(0.0) || expands {
            continue;
        }
        let written = one["techniqueID"].as_str().unwrap_or_default();
        let id = id(written).ok_or_else(|| WantedError::Layer(format!("{written:?} is no `techniqueID`")))?;
        wanted.insert(id);
    }
    Ok(wanted)
}

/// `T1546.016`, however it is written.
fn id(word: &str) -> Option<String> {
    let id = word.to_uppercase();
    let (main, sub) = id.split_once('.').map_or((id.as_str(), None), |(main, sub)| (main, Some(sub)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_one = main.strip_prefix('T').is_some_and(|main| digits(main, 4)) && sub.is_none_or(|sub| digits(sub, 3));
    is_one.then_some(id)
}

/// Those of `wanted` that no rule names. A technique is covered by a rule on it, or on one of its sub-techniques; a
/// sub-technique by a rule on it alone.
pub fn gaps(coverage: &Coverage, wanted: &BTreeSet<String>) -> Vec<Gap> {
    let covered = coverage.techniques();
    let mut above: BTreeMap<&str, bool> = BTreeMap::new();
    for id in &covered {
        above.insert(id.split('.').next().unwrap_or_default(), true);
    }
    let is_covered = |id: &str| covered.contains(id) || above.contains_key(id);
    let gap = |id: &String| Gap {
        technique: id.clone(),
        known: technique(&id[1..]).filter(|known| known.state == State::Active),
        parent_covered: id.split_once('.').is_some_and(|(parent, _)| covered.contains(parent)),
    };
    wanted.iter().filter(|id| !is_covered(id)).map(gap).collect()
}
