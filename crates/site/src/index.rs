//! The list of rules: with search and filters by script, and as plain links without.

use crate::shell::{Part, Shell, render};
use crate::site::{Site, technique_numbers};
use crate::view::{Row, STATUSES, row, technique_name, title};
use crate::words::one_line;
use askama::Template;
use rulecast_attack::TACTICS;
use rulecast_bundle::BundledRule;
use rulecast_rule::ast::Level;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const LEVELS: [Level; 5] = [Level::Critical, Level::High, Level::Medium, Level::Low, Level::Informational];

#[derive(Template)]
#[template(path = "index.html")]
struct Page<'a> {
    shell: Shell<'a>,
    rules: usize,
    techniques: usize,
    targets: &'a [String],
}

#[derive(Template)]
#[template(path = "all.html")]
struct All<'a> {
    shell: Shell<'a>,
    /// By tactic.
    groups: Vec<(&'static str, &'static str, Vec<Row>)>,
}

/// What the script reads. Numbers are places in the lists.
#[derive(Serialize)]
struct Data<'a> {
    targets: &'a [String],
    statuses: Vec<&'static str>,
    levels: Vec<&'static str>,
    /// Tag and name.
    tactics: Vec<(&'static str, &'static str)>,
    /// Id and name.
    techniques: Vec<(String, &'static str)>,
    products: Vec<&'a str>,
    sources: Vec<String>,
    rules: Vec<RuleData>,
}

/// Slug, title, level, tactics, techniques, products, log sources, a digit for the status on each target, and id.
#[derive(Serialize)]
struct RuleData(String, String, usize, Vec<usize>, Vec<usize>, Vec<usize>, Vec<usize>, String, String);

/// The pages of the list, and its data, below the site.
pub(crate) fn pages(site: &Site<'_>) -> Vec<(String, Vec<u8>)> {
    let page = Page {
        shell: Shell::new(site, "", Part::Rules, "Rules"),
        rules: site.content.rules.len(),
        techniques: site.by_technique.len(),
        targets: &site.content.targets,
    };
    vec![
        ("index.html".to_owned(), render(&page)),
        ("all.html".to_owned(), all(site)),
        ("rules.js".to_owned(), data(site).into_bytes()),
    ]
}

fn all(site: &Site<'_>) -> Vec<u8> {
    let mut groups = Vec::new();
    let mut by_title: Vec<usize> = (0..site.content.rules.len()).collect();
    by_title.sort_by_cached_key(|at| title(site, *at).to_lowercase());
    let rows = |wanted: &dyn Fn(&BundledRule) -> bool| -> Vec<Row> {
        let chosen = by_title.iter().filter(|at| wanted(&site.content.rules[**at]));
        chosen.map(|at| row(site, *at)).collect()
    };
    for tactic in TACTICS {
        let of_tactic = rows(&|rule| rule.tactics().contains(&tactic));
        if !of_tactic.is_empty() {
            groups.push((tactic.tag, tactic.name, of_tactic));
        }
    }
    let others = rows(&|rule| rule.tactics().is_empty());
    if !others.is_empty() {
        groups.push(("no-tactic", "No tactic", others));
    }
    render(&All { shell: Shell::new(site, "", Part::Rules, "All rules"), groups })
}

fn places<'k, K: Ord + 'k>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, usize> {
    let keys: BTreeSet<K> = keys.into_iter().collect();
    keys.into_iter().enumerate().map(|(at, key)| (key, at)).collect()
}

/// A script that gives the script of the page its data; pages of a directory may not read files.
fn data(site: &Site<'_>) -> String {
    let rules = &site.content.rules;
    let tactics = places(
        rules
            .iter()
            .flat_map(BundledRule::tactics)
            .map(|one| TACTICS.iter().position(|tactic| tactic == one).unwrap_or_default()),
    );
    let techniques = places(site.by_technique.keys().map(String::as_str));
    let products = places(rules.iter().flat_map(BundledRule::products));
    let sources = places(rules.iter().flat_map(|rule| &rule.data).map(|source| one_line(&source.log_source)));
    let one = |(at, rule): (usize, &BundledRule)| {
        let tactic = |one: &_| TACTICS.iter().position(|tactic| tactic == *one).unwrap_or_default();
        let on = rule.on.iter().map(|on| {
            let status = on.outcome.status();
            STATUSES.iter().position(|(name, _)| *name == status).unwrap_or_default().to_string()
        });
        RuleData(
            rule.slug.clone(),
            title(site, at),
            LEVELS.iter().position(|level| *level == rule.metadata.level()).unwrap_or_default(),
            rule.tactics().iter().map(|one| tactics[&tactic(one)]).collect(),
            technique_numbers(rule).iter().map(|number| techniques[number.as_str()]).collect(),
            rule.products().iter().map(|product| products[product]).collect(),
            rule.data.iter().map(|source| sources[&one_line(&source.log_source)]).collect(),
            on.collect(),
            one_line(rule.id()),
        )
    };
    let mut all: Vec<RuleData> = rules.iter().enumerate().map(one).collect();
    all.sort_by_cached_key(|rule| (rule.1.to_lowercase(), rule.0.clone()));
    let data = Data {
        targets: &site.content.targets,
        statuses: STATUSES.iter().map(|(status, _)| *status).collect(),
        levels: LEVELS.iter().map(|level| level.name()).collect(),
        tactics: tactics.keys().map(|at| (TACTICS[*at].tag, TACTICS[*at].name)).collect(),
        techniques: techniques.keys().map(|number| (format!("T{number}"), technique_name(number))).collect(),
        products: products.keys().copied().collect(),
        sources: sources.into_keys().collect(),
        rules: all,
    };
    let json = serde_json::to_string(&data).expect("lists of names and numbers are JSON");
    format!("window.RULES={};\n", script(&json))
}

/// JSON in a script: nothing in it ends the script or a line of it.
fn script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::script;

    #[test]
    fn nothing_ends_the_script() {
        let json = serde_json::to_string("</script><!-- \u{2028}\u{2029}\"\\").unwrap();
        assert_eq!(script(&json), r#""\u003c/script>\u003c!-- \u2028\u2029\"\\""#);
    }
}
