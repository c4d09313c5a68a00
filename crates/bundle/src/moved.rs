//! Pages of earlier bundles: links to them shall not break when a file is renamed, or a rule is gone.

use crate::content::{RESERVED, slug};
use crate::{Content, Manifest};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A slug that an earlier bundle had, and none of the rules has now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// Named its page.
    pub slug: String,
    /// Of the rule; empty where it had none.
    pub id: String,
    /// Its last title.
    pub title: String,
}

/// Those of a previous bundle, and of the bundles before it, in order.
pub(crate) fn moved(content: &Content, previous: Option<&Manifest>) -> Vec<Moved> {
    let Some(previous) = previous else { return Vec::new() };
    let there: BTreeSet<&str> = content.rules.iter().map(|rule| rule.slug.as_str()).chain(RESERVED).collect();
    let rules = previous.rules.iter().map(|rule| (&rule.slug, &rule.id, &rule.title));
    let earlier = previous.moved.iter().map(|moved| (&moved.slug, &moved.id, &moved.title));
    let mut all = BTreeMap::new();
    // A manifest comes from outside, and slugs become paths.
    for (old, id, title) in rules.chain(earlier).filter(|(old, ..)| slug(old) == **old && !there.contains(old.as_str()))
    {
        let moved = || Moved { slug: old.clone(), id: id.clone(), title: title.clone() };
        all.entry(old.as_str()).or_insert_with(moved);
    }
    all.into_values().collect()
}
