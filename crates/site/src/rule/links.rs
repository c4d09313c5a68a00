//! Where a rule leads: ATT&CK, other rules, files.

use crate::shell::href;
use crate::site::{Site, technique_numbers};
use crate::view::{technique_name, title};
use crate::words::one_line;
use rulecast_attack::Named;
use rulecast_bundle::BundledRule;

/// How many other rules of a technique a page names.
const MOST: usize = 8;

/// What a tag names of ATT&CK.
pub(super) struct AttackLink {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) url: String,
    /// Our page about it has that name.
    pub(super) page: Option<String>,
}

/// What the tags of a rule name of ATT&CK.
pub(super) fn attack(rule: &BundledRule) -> Vec<AttackLink> {
    let link = |one: &Named| AttackLink {
        kind: one.kind(),
        id: one.id(),
        name: one.name().unwrap_or_default(),
        url: one.url(),
        page: matches!(one, Named::Technique { .. }).then(|| one.id()),
    };
    let order = ["Tactic", "Technique", "Sub-technique", "Group", "Software"];
    let mut links: Vec<AttackLink> = rule.attack().iter().map(link).collect();
    links.sort_by_key(|link| order.iter().position(|kind| *kind == link.kind));
    links
}

/// Another rule.
pub(super) struct Related {
    /// `derived`, `similar`; empty where that is not said.
    pub(super) kind: String,
    /// Its title, or its id.
    pub(super) name: String,
    /// Its page, if the bundle has it.
    pub(super) slug: Option<String>,
}

/// The rules that a rule says it is related to.
pub(super) fn related(site: &Site<'_>, rule: &BundledRule) -> Vec<Related> {
    let related = rule.metadata.0.related.iter().map(|one| {
        let at = site.by_id.get(one.id.node.as_str()).copied();
        Related {
            kind: one_line(&one.kind.node),
            name: at.map_or_else(|| one_line(&one.id.node), |at| title(site, at)),
            slug: at.map(|at| site.content.rules[at].slug.clone()),
        }
    });
    related.collect()
}

/// By technique, other rules of it, and how many more there are.
pub(super) fn neighbours(site: &Site<'_>, at: usize) -> Vec<(String, Vec<Related>, usize)> {
    let mut found = Vec::new();
    for number in technique_numbers(&site.content.rules[at]) {
        let others: Vec<usize> = site.by_technique[&number].iter().copied().filter(|other| *other != at).collect();
        let more = others.len().saturating_sub(MOST);
        let shown: Vec<Related> = others
            .iter()
            .take(MOST)
            .map(|other| Related {
                kind: String::new(),
                name: title(site, *other),
                slug: Some(site.content.rules[*other].slug.clone()),
            })
            .collect();
        if !shown.is_empty() {
            let name = technique_name(&number);
            let id = format!("T{number}");
            found.push((if name.is_empty() { id } else { format!("{id} {name}") }, shown, more));
        }
    }
    found
}

/// A file of the bundle.
pub(super) struct Download {
    pub(super) what: String,
    /// Within it, or for what.
    pub(super) note: String,
    pub(super) path: String,
    pub(super) href: String,
}

/// What packages hold of a rule.
pub(super) fn downloads(site: &Site<'_>, at: usize) -> Vec<Download> {
    let outputs = site.manifest.rules[at].outputs.iter().map(|output| Download {
        what: format!("{} of {}", output.kind.replace('-', " "), output.target),
        note: output.name.as_deref().map(one_line).unwrap_or_default(),
        path: output.path.clone(),
        href: href(&output.path),
    });
    outputs.collect()
}
