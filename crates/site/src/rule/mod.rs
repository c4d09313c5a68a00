//! The page of a rule: all that it says of itself, its query on each target and what a target cannot say, and what became
//! of its tests.

mod links;
mod target;
mod tests;

use crate::markdown::{self, Subject, authors, facts, written};
use crate::shell::{Part, Shell, href, render, web};
use crate::site::Site;
use crate::view::title;
use crate::words::one_line;
use crate::{code, prose};
use askama::Template;
use links::{AttackLink, Download, Related};
use rulecast_bundle::{BundledRule, DataSource, Kind};
use target::TargetPart;

pub(crate) use target::line_of;
use tests::{TestPart, Tested};

#[derive(Template)]
#[template(path = "rule.html")]
struct Page<'a> {
    shell: Shell<'a>,
    slug: &'a str,
    title: String,
    level: &'static str,
    /// Paragraphs.
    description: Vec<String>,
    facts: Vec<(&'static str, String)>,
    hash: &'a str,
    authors: Vec<String>,
    tags: Vec<String>,
    targets: Vec<TargetPart>,
    classes: Vec<Class>,
    data: &'a [DataSource],
    /// HTML, as are the next two.
    setup: Option<String>,
    note: Option<String>,
    response: Option<String>,
    false_positives: Vec<String>,
    /// A filter that leaves something out.
    filter: Option<String>,
    tested: Tested,
    tests: Vec<TestPart>,
    attack: Vec<AttackLink>,
    references: Vec<Reference>,
    related: Vec<Related>,
    neighbours: Vec<(String, Vec<Related>, usize)>,
    downloads: Vec<Download>,
    path: &'a str,
    line: usize,
    /// HTML.
    source: String,
}

struct Class {
    name: String,
    rule: String,
    level: &'static str,
    description: String,
}

/// A reference, and its address where it has one.
struct Reference {
    text: String,
    url: Option<String>,
}

/// The pages of the rule at `at`, below the site: HTML and Markdown.
pub(crate) fn pages(site: &Site<'_>, at: usize) -> Vec<(String, Vec<u8>)> {
    let rule = &site.content.rules[at];
    let text = site.texts.get(rule.path.as_str()).copied().unwrap_or_default();
    let metadata = &rule.metadata.0;
    let subject = Subject::from(rule);
    let page = Page {
        shell: Shell::new(site, "../", Part::Rules, title(site, at)),
        slug: &rule.slug,
        title: title(site, at),
        level: rule.metadata.level().name(),
        description: paragraphs(metadata.description.as_ref().map_or("", |text| &text.node)),
        facts: facts(subject),
        hash: &rule.form.sha256,
        authors: authors(metadata),
        tags: metadata.tags.iter().map(|tag| one_line(&tag.node)).collect(),
        targets: rule.on.iter().map(|on| target::part(on, text)).collect(),
        classes: classes(rule),
        data: &rule.data,
        setup: written(metadata.setup.as_ref()).map(prose::html),
        note: written(metadata.note.as_ref()).map(prose::html),
        response: written(metadata.response.as_ref()).map(prose::html),
        false_positives: metadata.false_positives.iter().map(|cause| one_line(&cause.node)).collect(),
        filter: filter(rule),
        tested: tests::tested(rule, &site.content.targets),
        tests: tests::parts(rule),
        attack: links::attack(rule),
        references: metadata.references.iter().map(|one| reference(&one.node)).collect(),
        related: links::related(site, rule),
        neighbours: links::neighbours(site, at),
        downloads: links::downloads(site, at),
        path: &rule.path,
        line: rule.line,
        source: code::rule(text),
    };
    let markdown = markdown::markdown(subject);
    vec![
        (format!("{}/index.html", rule.slug), render(&page)),
        (format!("{}/index.md", rule.slug), markdown.into_bytes()),
    ]
}

/// A text without markup: lines of a paragraph flow, those of a list stay.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines().map(str::trim) {
        let current = paragraphs.last_mut().expect("there is one");
        match line {
            "" if current.is_empty() => {}
            "" => paragraphs.push(String::new()),
            line => {
                let is_item = line.starts_with("- ") || line.starts_with("* ");
                let between = if current.is_empty() {
                    ""
                } else if is_item {
                    "\n"
                } else {
                    " "
                };
                current.push_str(between);
                current.push_str(line);
            }
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

fn reference(text: &str) -> Reference {
    Reference { text: one_line(text), url: web(text).map(str::to_owned) }
}

fn classes(rule: &BundledRule) -> Vec<Class> {
    let Some(classification) = &rule.metadata.0.classification else { return Vec::new() };
    let branches = classification.branches.iter().map(|branch| Class {
        name: one_line(&branch.name.node),
        rule: branch.rule.as_ref().map_or_else(String::new, |rule| one_line(&rule.node)),
        level: branch.level.as_ref().map_or("", |level| level.node.name()),
        description: branch.description.as_ref().map_or_else(String::new, |text| one_line(&text.node)),
    });
    let otherwise = classification.otherwise.iter().map(|name| Class {
        name: one_line(&name.node),
        rule: String::new(),
        level: "",
        description: "Every other match.".to_owned(),
    });
    branches.chain(otherwise).collect()
}

/// A filter to start from, for a rule of one event of one log source: a correlation has no log source of its own.
fn filter(rule: &BundledRule) -> Option<String> {
    let ([source], Kind::Event) = (rule.data.as_slice(), rule.kind) else { return None };
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let field = source.fields.iter().find(|field| is_plain(field))?;
    if rule.id().is_empty() || !is_plain(rule.id()) {
        return None;
    }
    let mut text = String::from("title: Known good here\nlogsource:\n");
    let parts = [("product", &source.product), ("category", &source.category), ("service", &source.service)];
    for (key, value) in parts {
        if let Some(value) = value.as_deref().filter(|value| is_plain(value)) {
            text.push_str("    ");
            text.push_str(key);
            text.push_str(": ");
            text.push_str(value);
            text.push('\n');
        }
    }
    text.push_str("filter:\n    rules:\n        - ");
    text.push_str(rule.id());
    text.push_str("\n    known:\n        ");
    text.push_str(field);
    text.push_str(": 'what you know here'\n    condition: not known\n");
    Some(code::yaml(&text))
}

impl Page<'_> {
    fn source_href(&self) -> String {
        href(&format!("rules/{}", self.path))
    }
}
