//! Queries for programs.

use super::text;
use rulecast_compile::{Outcome, Query, Role, SourceRead, Target, reads};
use rulecast_diagnostics::render::Places;
use rulecast_ir::{Metadata, Refusal, Rule, Sigma};
use rulecast_rule::ast::Level;
use serde::Serialize;

/// A rule on one target.
#[derive(Debug, Serialize)]
pub(crate) struct Entry<'a> {
    file: &'a str,
    rule: Named<'a>,
    target: String,
    /// A verdict, `unchecked`, `refused`, or `declared`.
    status: &'static str,
    /// What its queries read.
    reads: Vec<ReadEntry>,
    queries: Vec<QueryEntry<'a>>,
    refusals: Vec<RefusalEntry<'a>>,
    /// Why the rule is not for this target, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    title: &'a str,
    id: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct QueryEntry<'a> {
    /// `rule` or `branch`.
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    query: &'a str,
    fidelity: &'static str,
    assumptions: Vec<String>,
    /// Why tests of the rule are no part of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ReadEntry {
    log_source: String,
    /// `macro`, `dataset`, `table`, `category`, or `any`.
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    /// Where the query is to be run, if anyone says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    index: Vec<String>,
    /// What must hold of an event, in words.
    #[serde(rename = "where", skip_serializing_if = "String::is_empty")]
    scope: String,
}

#[derive(Debug, Serialize)]
struct RefusalEntry<'a> {
    reason: &'static str,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    help: Option<&'a str>,
}

impl<'a> Entry<'a> {
    pub(crate) fn new(
        file: &'a str,
        rule: &'a Rule<Sigma>,
        (target, outcome): (Target, &'a Outcome),
        places: &Places<'a>,
    ) -> Self {
        let metadata: &Metadata = &rule.metadata;
        let mut read = Vec::new();
        if let Outcome::Queries(_) = outcome {
            read = reads(rule, target).unwrap_or_default();
        }
        let reads = read.into_iter().map(|SourceRead { log_source, kind, name, index, scope }| ReadEntry {
            log_source,
            kind,
            name,
            index,
            scope,
        });
        let reads = reads.collect();
        let rule = Named { title: metadata.title(), id: metadata.id(), name: metadata.name() };
        let (mut queries, mut refusals, mut declared) = (Vec::new(), Vec::new(), None);
        match outcome {
            Outcome::Queries(emitted) => queries = emitted.iter().map(query).collect(),
            Outcome::Refused(refused) => refusals = refused.iter().map(|one| refusal(one, places)).collect(),
            Outcome::Declared { reason } => declared = Some(reason.as_str()),
        }
        Self { file, rule, target: target.to_string(), status: outcome.status(), reads, queries, refusals, declared }
    }
}

/// An element of an array, indented by two.
pub(crate) fn element(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("strings and numbers can be serialised");
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// An array of such elements.
pub(crate) fn array<'a>(elements: impl IntoIterator<Item = &'a str>) -> String {
    let elements: Vec<&str> = elements.into_iter().collect();
    if elements.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", elements.join(",\n")) }
}

fn query(query: &Query) -> QueryEntry<'_> {
    let (role, name, level) = match &query.role {
        Role::Rule => ("rule", None, None),
        Role::Branch { name, level } => ("branch", Some(&**name), level.map(Level::name)),
    };
    let (assumptions, left_out) = (text::assumptions(&query.fidelity), text::left_out(&query.fidelity));
    QueryEntry { role, name, level, query: &query.text, fidelity: query.fidelity.word(), assumptions, left_out }
}

fn refusal<'a>(refusal: &'a Refusal, places: &Places<'a>) -> RefusalEntry<'a> {
    let at = places.start(refusal.span);
    RefusalEntry {
        reason: refusal.reason.name(),
        message: &refusal.message,
        file: &places.sources().file(refusal.span.file).name,
        line: at.line,
        column: at.column,
        help: refusal.help.as_deref(),
    }
}
