//! Rules as rows of lists, on several pages.

use crate::site::{Site, technique_numbers};
use crate::words::one_line;
use rulecast_attack::technique;

/// A rule in a list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Below the site.
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) level: &'static str,
    /// By number, as `T1546.016`.
    pub(crate) techniques: Vec<String>,
    pub(crate) log_sources: String,
    /// Of each target of the bundle: what became of the rule there.
    pub(crate) on: Vec<&'static str>,
}

/// A rule in a list.
pub(crate) fn row(site: &Site<'_>, at: usize) -> Row {
    let rule = &site.content.rules[at];
    let sources: Vec<String> = rule.data.iter().map(|source| one_line(&source.log_source)).collect();
    Row {
        slug: rule.slug.clone(),
        title: title(site, at),
        level: rule.metadata.level().name(),
        techniques: technique_numbers(rule).into_iter().map(|number| format!("T{number}")).collect(),
        log_sources: sources.join(", "),
        on: rule.on.iter().map(|on| on.outcome.status()).collect(),
    }
}

/// The title of a rule; its slug, where it has none.
pub(crate) fn title(site: &Site<'_>, at: usize) -> String {
    let rule = &site.content.rules[at];
    let title = one_line(rule.metadata.title());
    if title.is_empty() { rule.slug.clone() } else { title }
}

/// `Installer Packages`; empty for a number that ATT&CK, as we have it, lacks.
pub(crate) fn technique_name(number: &str) -> &'static str {
    technique(number).map_or("", |technique| technique.name)
}

/// What became of a rule on a target, and what the word means.
pub(crate) const STATUSES: [(&str, &str); 7] = [
    ("exact", "matches the same events as the rule"),
    ("over", "matches all that the rule does, and perhaps more"),
    ("under", "matches nothing else, and perhaps not all that the rule does"),
    ("both", "may match more than the rule, and may miss what it matches"),
    ("unchecked", "a pipeline rewrote its text, so that nothing is said of it"),
    ("refused", "the target cannot say the rule, and there is no query"),
    ("declared", "the rule says that it is not for the target"),
];

/// What a status means.
pub(crate) fn status_meaning(status: &str) -> &'static str {
    STATUSES.iter().find(|(name, _)| *name == status).map_or("", |(_, meaning)| meaning)
}
