//! What rules cover of ATT&CK: a matrix of its techniques, and a page for each that a rule names.

use crate::shell::{Part, Shell, render};
use crate::site::Site;
use crate::view::{Row, row, technique_name};
use askama::Template;
use rulecast_attack::{State, TACTICS, Tactic, Technique, technique, techniques};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Template)]
#[template(path = "attack.html")]
struct Matrix<'a> {
    shell: Shell<'a>,
    columns: Vec<Column>,
    covered: usize,
    all: usize,
    /// Numbers that our data lacks.
    unknown: Vec<Cell>,
    untagged: usize,
}

/// A tactic.
struct Column {
    name: &'static str,
    tag: &'static str,
    url: String,
    covered: Vec<Cell>,
    missing: Vec<Cell>,
}

/// A technique.
struct Cell {
    id: String,
    name: &'static str,
    url: String,
    /// Rules that name it or a part of it.
    rules: usize,
    /// How dark it is, 0 to 4.
    shade: usize,
    parts: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "technique.html")]
struct Page<'a> {
    shell: Shell<'a>,
    id: String,
    name: &'static str,
    url: String,
    state: Option<&'static str>,
    tactics: Vec<&'static Tactic>,
    /// Id and name.
    parent: Option<(String, &'static str)>,
    parts: Vec<(String, &'static str, usize)>,
    targets: &'a [String],
    rows: Vec<Row>,
}

/// The matrix and the pages of techniques, below the site.
pub(crate) fn pages(site: &Site<'_>) -> Vec<(String, Vec<u8>)> {
    let mut numbers: BTreeSet<String> = site.by_technique.keys().cloned().collect();
    let parents: Vec<String> = numbers.iter().filter_map(|one| Some(one.split_once('.')?.0.to_owned())).collect();
    numbers.extend(parents);
    let mut files = vec![("attack/index.html".to_owned(), matrix(site, &numbers))];
    files.extend(numbers.iter().map(|number| (format!("attack/T{number}/index.html"), page(site, number, &numbers))));
    files
}

/// The rules that name a technique, or a part of it.
fn rules(site: &Site<'_>, number: &str) -> BTreeSet<usize> {
    let below = format!("{number}.");
    let named = site.by_technique.iter().filter(|(one, _)| *one == number || one.starts_with(&below));
    named.flat_map(|(_, rules)| rules.iter().copied()).collect()
}

fn parts<'n>(number: &str, numbers: &'n BTreeSet<String>) -> impl Iterator<Item = &'n String> {
    let below = format!("{number}.");
    numbers.iter().filter(move |one| one.starts_with(&below))
}

fn cell(number: &str, numbers: &BTreeSet<String>, counts: &BTreeMap<&str, usize>) -> Cell {
    let own = counts.get(number).copied().unwrap_or_default();
    Cell {
        id: format!("T{number}"),
        name: technique_name(number),
        url: format!("https://attack.mitre.org/techniques/T{}/", number.replace('.', "/")),
        rules: own,
        shade: match own {
            0 => 0,
            1 => 1,
            2..=4 => 2,
            5..=14 => 3,
            _ => 4,
        },
        parts: parts(number, numbers).map(|part| cell(part, numbers, counts)).collect(),
    }
}

fn matrix(site: &Site<'_>, numbers: &BTreeSet<String>) -> Vec<u8> {
    let counts: BTreeMap<&str, usize> = numbers.iter().map(|one| (one.as_str(), rules(site, one).len())).collect();
    let top: Vec<&Technique> =
        techniques().iter().filter(|one| one.state == State::Active && !one.number.contains('.')).collect();
    let mut columns = Vec::new();
    for tactic in TACTICS {
        let of_tactic = top.iter().filter(|one| one.tactics().any(|name| name == tactic.tag));
        let (covered, missing): (Vec<Cell>, Vec<Cell>) =
            of_tactic.map(|one| cell(one.number, numbers, &counts)).partition(|cell| cell.rules > 0);
        if !(covered.is_empty() && missing.is_empty()) {
            columns.push(Column { name: tactic.name, tag: tactic.tag, url: tactic.url(), covered, missing });
        }
    }
    let placed = |number: &str| {
        technique(number.split('.').next().unwrap_or_default()).is_some_and(|one| one.state == State::Active)
    };
    let tops = numbers.iter().filter(|one| !one.contains('.'));
    let page = Matrix {
        shell: Shell::new(site, "../", Part::Attack, "Coverage of ATT&CK"),
        columns,
        covered: tops.clone().filter(|one| placed(one)).count(),
        all: top.len(),
        unknown: tops.filter(|one| !placed(one)).map(|one| cell(one, numbers, &counts)).collect(),
        untagged: site.content.rules.iter().filter(|rule| crate::site::technique_numbers(rule).is_empty()).count(),
    };
    render(&page)
}

fn page(site: &Site<'_>, number: &str, numbers: &BTreeSet<String>) -> Vec<u8> {
    let known = technique(number);
    let (id, name) = (format!("T{number}"), technique_name(number));
    let title = if name.is_empty() { id.clone() } else { format!("{id} {name}") };
    let tactics = TACTICS.iter().filter(|tactic| known.is_some_and(|one| one.tactics().any(|tag| tag == tactic.tag)));
    let page = Page {
        shell: Shell::new(site, "../../", Part::Attack, title),
        url: format!("https://attack.mitre.org/techniques/T{}/", number.replace('.', "/")),
        state: known.and_then(|one| match one.state {
            State::Active => None,
            State::Revoked => Some("ATT&CK has revoked it: another technique took its place."),
            State::Deprecated => Some("ATT&CK has given it up."),
        }),
        tactics: tactics.collect(),
        parent: number.split_once('.').map(|(parent, _)| (format!("T{parent}"), technique_name(parent))),
        parts: parts(number, numbers)
            .map(|part| (format!("T{part}"), technique_name(part), rules(site, part).len()))
            .collect(),
        targets: &site.content.targets,
        rows: rules(site, number).into_iter().map(|at| row(site, at)).collect(),
        id,
        name,
    };
    render(&page)
}
