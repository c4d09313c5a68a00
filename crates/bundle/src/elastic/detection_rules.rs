//! `elastic/detection-rules/<slug>.toml`: rules in the form of Elastic's detection-rules repository, for those who keep
//! custom rules beside Elastic's with its tools.
//!
//! What that repository makes itself is not here: `required_fields`, `related_integrations`, `version`.

use super::kibana::{license, texts};
use super::parts::{Part, parts, risk, severity};
use super::read::{guide, indices, integrations, tags};
use super::threat::{Threat, threats};
use crate::package::{Entry, LeftOut, Packing};
use crate::schedule::{authors, span};
use crate::{Content, Kind};
use rulecast_rule::ast::{Date, Status};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A file.
#[derive(Serialize)]
struct File<'c> {
    metadata: Metadata,
    rule: Rule<'c>,
}

#[derive(Serialize)]
struct Metadata {
    creation_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    deprecation_date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    integration: Vec<&'static str>,
    maturity: &'static str,
    updated_date: String,
}

/// What is a table stands last, as TOML wants it; all else by name.
#[derive(Serialize)]
struct Rule<'c> {
    author: Vec<&'c str>,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    false_positives: Vec<&'c str>,
    from: String,
    index: Vec<String>,
    interval: String,
    language: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'c str>,
    max_signals: u32,
    name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    query: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<&'c str>,
    risk_score: u8,
    rule_id: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    setup: Option<String>,
    severity: &'static str,
    tags: Vec<String>,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    threat: Vec<Threat>,
}

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let (parts, left_out) = parts(content);
    let mut packing = Packing { left_out, ..Packing::default() };
    let mut problems: BTreeMap<usize, Vec<LeftOut>> = BTreeMap::new();
    let mut files = Vec::new();
    for part in &parts {
        let found = problems.entry(part.at).or_default();
        // Classes of a rule have most problems in common.
        found.extend(refused(part).into_iter().filter(|one| !found.contains(one)).collect::<Vec<_>>());
        if let Some(file) = file(content, part) {
            files.push((part, file));
        }
    }
    let refused: BTreeSet<usize> = problems.iter().filter(|(_, found)| !found.is_empty()).map(|(at, _)| *at).collect();
    packing.left_out.extend(problems.into_values().flatten());
    for (part, file) in files.into_iter().filter(|(part, _)| !refused.contains(&part.at)) {
        let path = format!("elastic/detection-rules/{}.toml", part.slug);
        let text = toml::to_string_pretty(&file).expect("texts, numbers and tables are TOML");
        packing.files.push((path.clone(), text.into_bytes()));
        let (rule, target, name) = (part.at, part.on.target.clone(), Some(part.id.clone()));
        packing.entries.push(Entry { rule, target, kind: "rule", path, name });
    }
    packing
}

/// What the repository's own tests would refuse.
fn refused(part: &Part<'_>) -> Vec<LeftOut> {
    let metadata = &part.rule.metadata.0;
    let (at, target) = ((part.at, part.rule), part.on.target.as_str());
    let mut all = Vec::new();
    if metadata.date.is_none() {
        let problem = LeftOut::platform(at, target, "it has no date, which is `creation_date`");
        all.push(problem.help("say when the rule was written: `date: 2026-01-31`"));
    }
    if !is_name(&part.name) {
        let message = "a name begins with a letter or digit of ASCII and ends in one, a bracket or a parenthesis";
        let problem = LeftOut::platform(at, target, message);
        all.push(problem.at(metadata.title.as_ref().map_or(part.rule.span, |title| title.span)));
    }
    let wanted = risk(part.level);
    if let Some(score) = metadata.risk_score.as_ref().filter(|_| part.risk_score != wanted) {
        let severity = severity(part.level);
        let message = format!("a rule of severity {severity} has the risk score {wanted}, not {}", part.risk_score);
        all.push(LeftOut::platform(at, target, message).at(score.span).help(format!("`risk_score: {wanted}`")));
    }
    if indices(part.on).is_empty() {
        let problem = LeftOut::platform(at, target, "the data model does not know the indices that it reads");
        all.push(problem.help(format!("name them in `rulecast.toml`: `[scope.\"{target}\"]`, `index = [\"logs-*\"]`")));
    }
    // Beyond two and a half minutes, runs must be at most twice as frequent as matches are long.
    let (every, timespan) = (part.timing.every, part.timing.timespan);
    if matches!(part.rule.kind, Kind::Sequence { .. })
        && timespan > 150
        && every * 2 < timespan
        && let Some(schedule) = &metadata.schedule
    {
        let message =
            format!("a sequence of up to {} runs at most each {}", span(timespan), span(timespan.div_ceil(2)));
        all.push(LeftOut::platform(at, target, message).at(schedule.every.span));
    }
    all
}

/// Whether a name is one by the pattern of the repository: `^[a-zA-Z0-9].+?[a-zA-Z0-9\[\]()]$`.
fn is_name(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let last = name.ends_with(|c: char| c.is_ascii_alphanumeric() || "[]()".contains(c));
    first && last && name.chars().count() > 2
}

fn file<'c>(content: &'c Content, part: &'c Part<'c>) -> Option<File<'c>> {
    let Part { rule, timing, .. } = part;
    let own = &rule.metadata.0;
    let created = own.date.as_ref()?.node;
    let updated = own.modified.as_ref().map_or(created, |modified| modified.node.max(created));
    let (index, threat) = (indices(part.on), threats(rule));
    let integrations = integrations(&index);
    let tactics: Vec<&str> = threat.iter().map(Threat::tactic).collect();
    let is_deprecated = own.status.as_ref().is_some_and(|status| status.node == Status::Deprecated);
    let metadata = Metadata {
        creation_date: slashed(created),
        deprecation_date: is_deprecated.then(|| slashed(updated)),
        integration: integrations.iter().map(|one| one.package).collect(),
        maturity: match own.status.as_ref().map(|status| status.node) {
            Some(Status::Stable | Status::Test) => "production",
            Some(Status::Deprecated) => "deprecated",
            Some(Status::Experimental) => "experimental",
            Some(Status::Unsupported) | None => "development",
        },
        updated_date: slashed(updated),
    };
    let rule = Rule {
        author: authors(content, rule),
        description: lines(&part.description),
        false_positives: texts(&own.false_positives),
        from: format!("now-{}", span(timing.lookback)),
        interval: span(timing.every),
        language: "eql",
        license: license(content, rule),
        max_signals: timing.max_alerts,
        name: &part.name,
        note: guide(rule).as_deref().map(lines),
        query: lines(&part.query.text),
        references: texts(&own.references),
        risk_score: part.risk_score,
        rule_id: &part.id,
        setup: own.setup.as_ref().map(|setup| lines(&setup.node)),
        severity: severity(part.level),
        tags: tags(rule, &integrations, &tactics),
        r#type: "eql",
        threat,
        index,
    };
    Some(File { metadata, rule })
}

/// A text of several lines ends with a line feed: readers of older TOML end it at the first three quotes, and it may end
/// with one.
fn lines(text: &str) -> String {
    if text.contains('\n') { format!("{}\n", text.trim_end_matches('\n')) } else { text.to_owned() }
}

fn slashed(date: Date) -> String {
    format!("{:04}/{:02}/{:02}", date.year, date.month, date.day)
}
