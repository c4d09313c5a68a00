//! A page for each target: what it reads, how true its queries are, and which rules it cannot say.

use crate::rule::line_of;
use crate::shell::{Part, Shell, href, render};
use crate::site::Site;
use crate::view::{STATUSES, title};
use crate::words::one_line;
use askama::Template;
use rulecast_compile::Outcome;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Template)]
#[template(path = "targets.html")]
struct List<'a> {
    shell: Shell<'a>,
    statuses: Vec<&'static str>,
    rows: Vec<(String, String, Vec<usize>)>,
    rules: usize,
}

#[derive(Template)]
#[template(path = "target.html")]
struct Page<'a> {
    shell: Shell<'a>,
    name: &'a str,
    language: &'static str,
    model: String,
    rules: usize,
    /// Status, meaning, rules.
    counts: Vec<(&'static str, &'static str, usize)>,
    assumptions: Vec<(String, &'static str, usize)>,
    reads: Vec<Read>,
    /// Someone says which indices.
    has_index: bool,
    reasons: Vec<(&'static str, usize)>,
    refused: Vec<Refused>,
    declared: Vec<Refused>,
}

/// What serves a log source.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Read {
    log_source: String,
    what: String,
    index: String,
    rules: usize,
}

struct Refused {
    slug: String,
    title: String,
    reasons: Vec<Reason>,
}

struct Reason {
    kind: &'static str,
    message: String,
    line: Option<usize>,
}

/// The list of targets and the page of each, below the site.
pub(crate) fn pages(site: &Site<'_>) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("targets/index.html".to_owned(), list(site))];
    let targets = site.content.targets.iter();
    files.extend(targets.map(|target| (format!("targets/{target}/index.html"), page(site, target))));
    files
}

fn by_status(site: &Site<'_>, target: &str) -> [usize; STATUSES.len()] {
    let counts = site.manifest.counts.targets.get(target);
    STATUSES.map(|(status, _)| counts.and_then(|counts| counts.get(status).copied()).unwrap_or_default())
}

fn list(site: &Site<'_>) -> Vec<u8> {
    let all: Vec<_> = site.content.targets.iter().map(|target| (target, by_status(site, target))).collect();
    let used = |at: &usize| *at == 0 || all.iter().any(|(_, counts)| counts[*at] > 0);
    let columns: Vec<usize> = (0..STATUSES.len()).filter(used).collect();
    let rows = all
        .iter()
        .map(|(target, counts)| {
            ((*target).clone(), href(target), columns.iter().map(|at| counts[*at]).collect::<Vec<usize>>())
        })
        .collect();
    let page = List {
        shell: Shell::new(site, "../", Part::Targets, "Targets"),
        statuses: columns.iter().map(|at| STATUSES[*at].0).collect(),
        rows,
        rules: site.content.rules.len(),
    };
    render(&page)
}

fn page(site: &Site<'_>, target: &str) -> Vec<u8> {
    let (mut language, mut model) = ("", String::new());
    let mut reads: BTreeMap<(String, String, String), BTreeSet<usize>> = BTreeMap::new();
    let mut assumptions: BTreeMap<String, (&'static str, BTreeSet<usize>)> = BTreeMap::new();
    let mut reasons: BTreeMap<&'static str, BTreeSet<usize>> = BTreeMap::new();
    let (mut refused, mut declared) = (Vec::new(), Vec::new());
    for (at, rule) in site.content.rules.iter().enumerate() {
        let Some(on) = rule.on(target) else { continue };
        (language, model) = (on.language.title(), on.model.clone());
        for read in &on.reads {
            let what = if read.name.is_empty() { String::new() } else { format!("{} {}", read.kind, read.name) };
            let key = (one_line(&read.log_source), one_line(&what), one_line(&read.index.join(", ")));
            reads.entry(key).or_default().insert(at);
        }
        for one in on.queries().iter().flat_map(|query| &query.fidelity.assumptions) {
            let entry = assumptions.entry(one_line(&one.to_string())).or_default();
            entry.0 = crate::meaning::anchor(one);
            entry.1.insert(at);
        }
        let text = site.texts.get(rule.path.as_str()).copied().unwrap_or_default();
        let of = |reasons| Refused { slug: rule.slug.clone(), title: title(site, at), reasons };
        match &on.outcome {
            Outcome::Queries(_) => {}
            Outcome::Declared { reason } => {
                declared.push(of(vec![Reason { kind: "", message: one_line(reason), line: None }]));
            }
            Outcome::Refused(all) => {
                for one in all {
                    reasons.entry(one.reason.name()).or_default().insert(at);
                }
                let reason = |one: &rulecast_ir::Refusal| Reason {
                    kind: one.reason.name(),
                    message: one_line(&one.message),
                    line: line_of(one.span, text),
                };
                refused.push(of(all.iter().map(reason).collect()));
            }
        }
    }
    let counts = STATUSES.iter().zip(by_status(site, target)).filter(|(_, number)| *number > 0);
    let page = Page {
        shell: Shell::new(site, "../../", Part::Targets, target),
        name: target,
        language,
        model,
        rules: site.content.rules.len(),
        counts: counts.map(|((status, meaning), number)| (*status, *meaning, number)).collect(),
        has_index: reads.keys().any(|(_, _, index)| !index.is_empty()),
        assumptions: assumptions.into_iter().map(|(name, (anchor, rules))| (name, anchor, rules.len())).collect(),
        reads: reads
            .into_iter()
            .map(|((log_source, what, index), rules)| Read { log_source, what, index, rules: rules.len() })
            .collect(),
        reasons: reasons.into_iter().map(|(reason, rules)| (reason, rules.len())).collect(),
        refused,
        declared,
    };
    render(&page)
}
