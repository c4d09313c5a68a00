//! What stands where a rule's page was, in an earlier bundle.

use crate::shell::{Part, Shell, render};
use crate::site::Site;
use crate::view::title;
use crate::words::one_line;
use askama::Template;

#[derive(Template)]
#[template(path = "moved.html")]
struct Page<'a> {
    shell: Shell<'a>,
    title: String,
    /// The slug of the same rule, which the page leads to at once.
    now: Option<&'a str>,
    /// Why it has none, and since which version.
    gone: Option<(String, &'a str)>,
    /// Slugs and titles of rules that take its place.
    instead: Vec<(&'a str, String)>,
}

/// A page for each slug that earlier bundles had.
pub(crate) fn pages(site: &Site<'_>) -> Vec<(String, Vec<u8>)> {
    let page = |moved: &rulecast_bundle::Moved| {
        let rule = |id: &str| site.by_id.get(id).map(|at| (site.content.rules[*at].slug.as_str(), title(site, *at)));
        let now = rule(&moved.id);
        let retired = site.manifest.deprecated.iter().find(|one| !one.id.is_empty() && one.id == moved.id);
        let named = now.as_ref().map_or_else(|| one_line(&moved.title), |(_, title)| title.clone());
        let words = if named.is_empty() { moved.slug.clone() } else { named };
        let page = Page {
            shell: Shell::new(site, "../", Part::Rules, words.clone()),
            title: words,
            now: now.map(|(slug, _)| slug),
            gone: retired.map(|one| (one_line(&one.reason), one.since.as_str())),
            instead: retired.into_iter().flat_map(|one| &one.replaced_by).filter_map(|id| rule(id)).collect(),
        };
        (format!("{}/index.html", moved.slug), render(&page))
    };
    site.manifest.moved.iter().map(page).collect()
}
