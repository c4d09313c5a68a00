//! The page of a rule, in Markdown: all that it says of itself, its query on each target, and what a target cannot say.
//!
//! Lacks: names of groups and software, and links to the platforms' documentation.

pub(crate) mod escape;

use crate::output::text;
use askama::Template;
use rulecast_attack::{Named, named};
use rulecast_bundle::{DataSource, data_sources};
use rulecast_compile::{Outcome, Query, Role, Target, reads};
use rulecast_ir::{Body, Metadata, Rule, Sigma};
use rulecast_rule::ast::{self, Date};

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
    sources: Vec<DataSource>,
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
pub(crate) fn page(file: &str, rule: &Rule<Sigma>, outcomes: &[(Target, Outcome)]) -> String {
    let metadata = &rule.metadata.0;
    let page = Page {
        title: text::one_line(rule.metadata.title()),
        description: prose(metadata.description.as_ref().map_or("", |text| &text.node)),
        facts: facts(rule),
        file: escape::code(file),
        references: metadata.references.iter().map(|reference| escape::link(&reference.node)).collect(),
        tags: metadata.tags.iter().map(|tag| text::one_line(&tag.node)).collect(),
        authors: authors(metadata),
        sources: data_sources(rule),
        setup: markdown(metadata.setup.as_ref()),
        classes: classes(metadata),
        targets: outcomes.iter().map(|(target, outcome)| target_part(rule, *target, outcome)).collect(),
        false_positives: metadata.false_positives.iter().map(|cause| text::one_line(&cause.node)).collect(),
        note: markdown(metadata.note.as_ref()),
        response: markdown(metadata.response.as_ref()),
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

fn facts(rule: &Rule<Sigma>) -> Vec<(&'static str, String)> {
    let Metadata(metadata) = &*rule.metadata;
    let mut facts = vec![("Rule type", rule_type(&rule.body))];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    let word =
        |text: &Option<rulecast_diagnostics::Spanned<String>>| text.as_ref().map(|text| text::one_line(&text.node));
    fact("Rule ID", word(&metadata.id));
    fact("Severity", Some(rule.metadata.level().name().to_owned()));
    fact("Risk score", Some(rule.metadata.risk_score().to_string()));
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

fn rule_type(body: &Body<Sigma>) -> String {
    match body {
        Body::Event(event) if event.arms.len() > 1 => "events of several sources".to_owned(),
        Body::Event(_) => "event".to_owned(),
        Body::Sequence(sequence) => format!("sequence within {}", duration(sequence.timespan)),
        Body::Correlation(correlation) => {
            format!("{} within {}", correlation.measure.kind.name(), duration(correlation.timespan))
        }
    }
}

/// Sigma puts several authors into one text.
fn authors(metadata: &ast::Metadata) -> Vec<String> {
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

fn target_part(rule: &Rule<Sigma>, target: Target, outcome: &Outcome) -> TargetPart {
    let name = target.to_string();
    // What the query itself does not say.
    let mut indices: Vec<String> = Vec::new();
    for index in reads(rule, target).into_iter().flatten().flat_map(|read| read.index) {
        let shown = text::one_line(&index);
        if !indices.contains(&shown) {
            indices.push(shown);
        }
    }
    let options = if indices.is_empty() { Vec::new() } else { vec![("index".to_owned(), indices.join(", "))] };
    let mut part = TargetPart { name, options, queries: Vec::new(), declared: None, refusals: Vec::new() };
    match outcome {
        Outcome::Queries(queries) => {
            part.queries = queries.iter().map(|query| query_part(target, query)).collect();
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

fn query_part(target: Target, query: &Query) -> QueryPart {
    let class = match &query.role {
        Role::Rule => None,
        Role::Branch { name, .. } => Some(text::one_line(name)),
    };
    let code = escape::fenced(target.language.name(), &query.text);
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

fn markdown(text: Option<&rulecast_diagnostics::Spanned<String>>) -> Option<&str> {
    text.map(|text| text.node.trim()).filter(|text| !text.is_empty())
}

/// Lines stay, so that paragraphs and lists of a description do.
fn prose(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    lines.join("\n")
}

fn duration(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let whole = units.into_iter().find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    whole.map_or_else(|| format!("{seconds}s"), |(length, unit)| format!("{}{unit}", seconds / length))
}

fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_use_the_largest_whole_unit() {
        assert_eq!([30, 300, 540, 3_600, 5_400, 86_400, 0].map(duration), ["30s", "5m", "9m", "1h", "90m", "1d", "0s"]);
    }
}
