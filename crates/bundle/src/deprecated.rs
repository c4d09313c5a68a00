//! `deprecated.json`: rules that are given up, and those that an earlier bundle had, so that who deployed one is told.

use crate::{BundledRule, Content, Manifest};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that is no longer in the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// Its id.
    pub id: String,
    /// Its last title.
    pub title: String,
    /// The version of the first bundle without it.
    pub since: String,
    /// Why.
    pub reason: String,
    /// Ids of rules in the bundle that say that they take its place.
    pub replaced_by: Vec<String>,
}

/// What is retired in a bundle: what was, less what is back; what the previous bundle had; what is given up by its status.
pub(crate) fn retired(content: &Content, previous: Option<&Manifest>) -> Vec<Retired> {
    let there: BTreeSet<&str> = content.rules.iter().map(BundledRule::id).collect();
    let successors = successors(&content.rules);
    let mut retired: BTreeMap<String, Retired> = BTreeMap::new();
    let mut add = |id: &str, title: &str, since: &str, reason: &str| {
        if !id.is_empty() && !there.contains(id) {
            let replaced_by = successors.get(id).map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
            retired.entry(id.to_owned()).or_insert_with(|| Retired {
                id: id.to_owned(),
                title: title.to_owned(),
                since: since.to_owned(),
                reason: reason.to_owned(),
                replaced_by: replaced_by.unwrap_or_default(),
            });
        }
    };
    for known in previous.into_iter().flat_map(|previous| &previous.deprecated) {
        add(&known.id, &known.title, &known.since, &known.reason);
    }
    let version = &content.identity.version;
    for one in content.not_selected.iter().filter(|one| one.retired) {
        add(&one.id, &one.title, version, "the rule is deprecated");
    }
    let not_selected: BTreeMap<&str, &str> =
        content.not_selected.iter().map(|one| (one.id.as_str(), one.reason.as_str())).collect();
    for known in previous.into_iter().flat_map(|previous| &previous.rules) {
        let reason = match not_selected.get(known.id.as_str()) {
            Some(reason) => format!("the bundle takes it no more: {reason}"),
            None => "the rule was removed".to_owned(),
        };
        add(&known.id, &known.title, version, &reason);
    }
    retired.into_values().collect()
}

/// By the id of a rule, those that name it as what they replace.
fn successors(rules: &[BundledRule]) -> BTreeMap<&str, Vec<&str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in rules {
        for related in &rule.metadata.0.related {
            if matches!(related.kind.node.as_str(), "obsolete" | "obsoletes" | "renamed" | "merged") {
                all.entry(&related.id.node).or_default().push(rule.id());
            }
        }
    }
    all
}

/// The text of the file.
pub(crate) fn text(retired: &[Retired]) -> String {
    let mut text = serde_json::to_string_pretty(retired).expect("texts are JSON");
    text.push('\n');
    text
}
