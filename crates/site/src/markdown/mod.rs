//! The page of a rule, in Markdown: all that it says of itself, its query on each target, and what a target cannot say.
//!
//! Lacks: names of groups and software, and links to the platforms' documentation.

pub mod escape;

use crate::words::{self as text, duration};
use askama::Template;
use rulecast_attack::{Named, named};
use rulecast_bundle::{BundledRule, DataSource, Kind, OnTarget};
use rulecast_compile::{Outcome, Query, Role};
use rulecast_ir::Metadata;
use rulecast_rule::ast::{self, Date};

/// What a page is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The rule's file.
    pub file: &'a str,
    /// What it says of itself.
    pub metadata: &'a Metadata,
    /// What makes it fire.
    pub kind: Kind,
    /// What it reads, in Sigma's words.
    pub data: &'a [DataSource],
    /// By target.
    pub on: &'a [OnTarget],
}

impl<'a> From<&'a BundledRule> for Subject<'a> {
    fn from(rule: &'a BundledRule) -> Self {
        Self { file: &rule.path, metadata: &rule.metadata, kind: rule.kind, data: &rule.data, on: &rule.on }
    }
}

#[derive(Template)]
#[template(path = "rule.md")]
struct Page<'a> {
    title: String,
    description: String,
    /// What fits on a line.
    facts: Vec<(&'static str, String)>,
    /// In Markdown, as are the next, `setup`, `note`, `response`, and the ids of `related`.
    file: String,
    references: Vec<String>,
    tags: Vec<String>,
    authors: Vec<String>,
    sources: &'a [DataSource],
    setup: Option<&'a str>,
    classes: Vec<Class>,
    targets: Vec<TargetPart>,
    false_positives: Vec<String>,
    note: Option<&'a str>,
    response: Option<&'a str>,
    tests: Vec<Test>,
    attack: Vec<Named>,
    related: Vec<(String, String)>,
}

struct Class {
    name: String,
    /// The rule whose events it is about, in a union.
    rule: String,
    level: &'static str,
    description: String,
}

struct TargetPart {
    name: String,
    /// What the rule sets for the target: where to look, how to schedule.
    options: Vec<(String, String)>,
    queries: Vec<QueryPart>,
    declared: Option<String>,
    refusals: Vec<RefusalPart>,
}

struct QueryPart {
    class: Option<String>,
    fidelity: String,
    /// A fenced block.
    code: String,
}

struct RefusalPart {
    reason: &'static str,
    message: String,
}

struct Test {
    name: String,
    events: usize,
    expected: String,
    why: String,
}

/// The page of one rule.
pub fn markdown(subject: Subject<'_>) -> String {
    let metadata = &subject.metadata.0;
    let page = Page {
        title: text::one_line(subject.metadata.title()),
        description: prose(metadata.description.as_ref().map_or("", |text| &text.node)),
        facts: facts(subject),
        file: escape::code(subject.file),
        references: metadata.references.iter().map(|reference| escape::link(&reference.node)).collect(),
        tags: metadata.tags.iter().map(|tag| text::one_line(&tag.node)).collect(),
        authors: authors(metadata),
        sources: subject.data,
        setup: written(metadata.setup.as_ref()),
        classes: classes(metadata),
        targets: subject.on.iter().map(target_part).collect(),
        false_positives: metadata.false_positives.iter().map(|cause| text::one_line(&cause.node)).collect(),
        note: written(metadata.note.as_ref()),
        response: written(metadata.response.as_ref()),
        tests: metadata.tests.iter().map(test).collect(),
        attack: metadata.tags.iter().filter_map(|tag| named(&tag.node)).collect(),
        related: metadata
            .related
            .iter()
            .map(|related| (text::one_line(&related.kind.node), escape::code(&related.id.node)))
            .collect(),
    };
    let text = page.render().expect("writing to a string does not fail");
    format!("{}\n", text.trim_end())
}

/// What fits on a line.
pub(crate) fn facts(subject: Subject<'_>) -> Vec<(&'static str, String)> {
    let Metadata(metadata) = subject.metadata;
    let mut facts = vec![("Rule type", rule_type(subject))];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    let word =
        |text: &Option<rulecast_diagnostics::Spanned<String>>| text.as_ref().map(|text| text::one_line(&text.node));
    fact("Rule ID", word(&metadata.id));
    fact("Severity", Some(subject.metadata.level().name().to_owned()));
    fact("Risk score", Some(subject.metadata.risk_score().to_string()));
    fact("Confidence", metadata.confidence.as_ref().map(|confidence| confidence.node.name().to_owned()));
    fact("Status", metadata.status.as_ref().map(|status| status.node.name().to_owned()));
    if let Some(schedule) = &metadata.schedule {
        fact("Runs every", Some(duration(schedule.every.node)));
        fact("Searches from", Some(format!("now-{}", duration(schedule.lookback.node))));
        fact("Maximum alerts per execution", schedule.max_alerts.as_ref().map(|most| most.node.to_string()));
    }
    fact("Version", metadata.version.as_ref().map(|version| version.node.to_string()));
    fact("Written", metadata.date.as_ref().map(|date| day(date.node)));
    fact("Changed", metadata.modified.as_ref().map(|date| day(date.node)));
    fact("License", word(&metadata.license));
    facts
}

pub(crate) fn rule_type(subject: Subject<'_>) -> String {
    match subject.kind {
        Kind::Event if subject.data.len() > 1 => "events of several sources".to_owned(),
        Kind::Event => "event".to_owned(),
        Kind::Sequence { timespan } => format!("sequence within {}", duration(timespan)),
        Kind::Correlation { kind, timespan } => format!("{} within {}", kind.name(), duration(timespan)),
    }
}

/// Sigma puts several authors into one text.
pub(crate) fn authors(metadata: &ast::Metadata) -> Vec<String> {
    let text = metadata.author.as_ref().map_or("", |author| &author.node);
    text.split(',').map(text::one_line).filter(|author| !author.is_empty()).collect()
}

fn classes(metadata: &ast::Metadata) -> Vec<Class> {
    let Some(classification) = &metadata.classification else { return Vec::new() };
    let branches = classification.branches.iter().map(|branch| Class {
        name: text::one_line(&branch.name.node),
        rule: branch.rule.as_ref().map_or_else(String::new, |rule| text::one_line(&rule.node)),
        level: branch.level.as_ref().map_or("", |level| level.node.name()),
        description: branch.description.as_ref().map_or_else(String::new, |text| text::one_line(&text.node)),
    });
    let otherwise = classification.otherwise.iter().map(|name| Class {
        name: text::one_line(&name.node),
        rule: String::new(),
        level: "",
        description: "Every other match.".to_owned(),
    });
    branches.chain(otherwise).collect()
}

fn target_part(on: &OnTarget) -> TargetPart {
    // What the query itself does not say.
    let mut indices: Vec<String> = Vec::new();
    for index in on.reads.iter().flat_map(|read| &read.index) {
        let shown = text::one_line(index);
        if !indices.contains(&shown) {
            indices.push(shown);
        }
    }
    let options = if indices.is_empty() { Vec::new() } else { vec![("index".to_owned(), indices.join(", "))] };
    let name = on.target.clone();
    let mut part = TargetPart { name, options, queries: Vec::new(), declared: None, refusals: Vec::new() };
    match &on.outcome {
        Outcome::Queries(queries) => {
            part.queries = queries.iter().map(|query| query_part(on, query)).collect();
        }
        Outcome::Refused(refusals) => {
            let refusal = |refusal: &rulecast_ir::Refusal| RefusalPart {
                reason: refusal.reason.name(),
                message: text::one_line(&refusal.message),
            };
            part.refusals = refusals.iter().map(refusal).collect();
        }
        Outcome::Declared { reason } => part.declared = Some(text::one_line(reason)),
    }
    part
}

fn query_part(on: &OnTarget, query: &Query) -> QueryPart {
    let class = match &query.role {
        Role::Rule => None,
        Role::Branch { name, .. } => Some(text::one_line(name)),
    };
    let code = escape::fenced(on.language.name(), &query.text);
    QueryPart { class, fidelity: text::fidelity(&query.fidelity), code }
}

fn test(test: &ast::RuleTest) -> Test {
    let mut expected = test.expect.node.name().replace('_', " ");
    if let Some(class) = &test.classification {
        expected = format!("{expected}: {}", text::one_line(&class.node));
    }
    Test {
        name: text::one_line(&test.name.node),
        events: test.events.len(),
        expected,
        why: test.why.as_ref().map_or_else(String::new, |why| text::one_line(&why.node)),
    }
}

pub(crate) fn written(text: Option<&rulecast_diagnostics::Spanned<String>>) -> Option<&str> {
    text.map(|text| text.node.trim()).filter(|text| !text.is_empty())
}

/// Lines stay, so that paragraphs and lists of a description do.
fn prose(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    lines.join("\n")
}

fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
