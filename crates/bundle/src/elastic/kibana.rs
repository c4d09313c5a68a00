//! `elastic/rules.ndjson`: what Kibana's `POST /api/detection_engine/rules/_import` takes.
//!
//! A line of JSON for each rule, its keys sorted. Rules are off: imported without a word, they would be on. One import takes
//! 10 MiB and 10,000 rules: more are in `rules-2.ndjson` and so on.
//!
//! Source: `xpack.securitySolution.maxRuleImportPayloadBytes` and `maxRuleImportExportSize` of Kibana.

use super::read::{Field, Integration, fields, guide, indices, integrations, tags};
use super::threat::{Threat, threats};
use super::{Part, parts, parts::severity};
use crate::package::{Entry, Packing};
use crate::parted::{Most, numbered, parted};
use crate::schedule::{authors, span};
use crate::{BundledRule, Content};
use serde::Serialize;

const FIRST: &str = "elastic/rules.ndjson";
/// Some room is left for the form that the file is sent in.
const MOST: Most = Most { items: 10_000, bytes: 10 * 1024 * 1024 - 4096 };

/// A rule as Kibana imports it; its fields by name.
#[derive(Serialize)]
struct Rule<'c> {
    author: Vec<&'c str>,
    description: &'c str,
    enabled: bool,
    false_positives: Vec<&'c str>,
    from: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    index: Vec<String>,
    interval: String,
    language: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'c str>,
    max_signals: u32,
    name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    query: &'c str,
    references: Vec<&'c str>,
    related_integrations: Vec<Integration>,
    required_fields: Vec<Field<'c>>,
    risk_score: u8,
    #[serde(rename = "rule_id")]
    id: &'c str,
    setup: &'c str,
    severity: &'static str,
    tags: Vec<String>,
    threat: Vec<Threat>,
    to: &'static str,
    r#type: &'static str,
    version: u32,
}

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let (parts, left_out) = parts(content);
    let mut packing = Packing { left_out, ..Packing::default() };
    let lines = parts.iter().map(|part| {
        let line = serde_json::to_string(&rule(content, part)).expect("texts and numbers are JSON") + "\n";
        let size = line.len();
        ((part, line), size)
    });
    for (at, lines) in parted(lines, MOST).into_iter().enumerate() {
        let path = numbered(FIRST, at);
        for (part, _) in &lines {
            let (rule, target, name) = (part.at, part.on.target.clone(), Some(part.id.clone()));
            packing.entries.push(Entry { rule, target, kind: "rule", path: path.clone(), name });
        }
        packing.files.push((path, lines.into_iter().map(|(_, line)| line).collect::<String>().into_bytes()));
    }
    packing
}

fn rule<'c>(content: &'c Content, part: &'c Part<'c>) -> Rule<'c> {
    let Part { rule, on, timing, .. } = part;
    let (index, threat) = (indices(on), threats(rule));
    let related_integrations = integrations(&index);
    let tactics: Vec<&str> = threat.iter().map(Threat::tactic).collect();
    Rule {
        author: authors(content, rule),
        description: &part.description,
        enabled: false,
        false_positives: texts(&rule.metadata.0.false_positives),
        from: format!("now-{}", span(timing.lookback)),
        interval: span(timing.every),
        language: "eql",
        license: license(content, rule),
        max_signals: timing.max_alerts,
        name: &part.name,
        note: guide(rule),
        query: &part.query.text,
        references: texts(&rule.metadata.0.references),
        required_fields: fields(on),
        risk_score: part.risk_score,
        id: &part.id,
        setup: rule.metadata.0.setup.as_ref().map_or("", |setup| &setup.node),
        severity: severity(part.level),
        tags: tags(rule, &related_integrations, &tactics),
        threat,
        to: "now",
        r#type: "eql",
        version: rule.version(),
        index,
        related_integrations,
    }
}

/// Texts without their places.
pub(super) fn texts(texts: &[rulecast_diagnostics::Spanned<String>]) -> Vec<&str> {
    texts.iter().map(|text| text.node.as_str()).collect()
}

/// The licence of a rule, or that of the bundle.
pub(super) fn license<'c>(content: &'c Content, rule: &'c BundledRule) -> Option<&'c str> {
    let own = rule.metadata.0.license.as_ref().map(|license| license.node.as_str());
    own.or(content.identity.license.as_deref())
}
