//! Analytic rules of Microsoft Sentinel: a file of the template format for each rule, and ARM templates that deploy them all.
//!
//! `microsoft/sentinel/<slug>.yaml` is as in the Azure-Sentinel repository; `microsoft/sentinel/azuredeploy.json` has a
//! resource for each rule, disabled unless a parameter says otherwise. A rule stands on the first target of KQL that can say
//! it; `kql.none` serves none, since its table is nobody's.
//!
//! In a workspace the tables of Defender call their time `TimeGenerated`: there queries are rewritten as trees.
//!
//! Source: learn.microsoft.com/azure/sentinel/scheduled-rules-overview, the models of detectionTemplateSchemaValidation in
//! the Azure-Sentinel repository, and the REST reference of alertRules, version 2024-09-01. Lacks: rules that run
//! continuously (NRT), a severity for each class, and grouping of alerts.

mod arm;
mod connectors;
mod entities;
mod rule;
mod schedule;
#[cfg(test)]
mod tests;

use crate::microsoft::tables::{Home, TIME_GENERATED, TIMESTAMP, home};
use crate::microsoft::{Limit, Reading, attack, description, id, or_reason, title};
use crate::package::{Entry, LeftOut, Packing, choose};
use crate::{BundledRule, Content, OnTarget};
use rule::{AnalyticRule, Parts};
use rulecast_compile::Language;
use rulecast_kql::ast::Query;
use std::collections::BTreeSet;
use std::fmt::Write;

const NAME: Limit = Limit { what: "title", most: 256 };
const DESCRIPTION: Limit = Limit { what: "description with its techniques", most: 5_000 };
const QUERY: Limit = Limit { what: "query", most: 10_000 };

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let (chosen, left_out) = choose(content, serves);
    let mut packing = Packing { left_out, ..Packing::default() };
    let (mut rules, mut ids) = (Vec::new(), BTreeSet::new());
    for (at, rule, on) in chosen {
        match analytic_rule((at, rule), on, &mut ids) {
            Ok((target, analytic)) => rules.push((at, rule, target, analytic)),
            Err(reasons) => packing.left_out.extend(reasons),
        }
    }
    for (at, rule, target, analytic) in &rules {
        let path = format!("microsoft/sentinel/{}.yaml", rule.slug);
        packing.files.push((path.clone(), analytic.yaml().into_bytes()));
        packing.entries.push(Entry { rule: *at, target: target.clone(), kind: "analytic-rule", path, name: None });
    }
    let templates = arm::templates(rules.iter().map(|(_, _, _, analytic)| analytic));
    let mut resources = rules.iter();
    for (path, text, count) in templates {
        packing.files.push((path.clone(), text.into_bytes()));
        for (at, _, target, analytic) in resources.by_ref().take(count) {
            let (target, name, path) = (target.clone(), Some(analytic.id.clone()), path.clone());
            packing.entries.push(Entry { rule: *at, target, kind: "arm-resource", path, name });
        }
    }
    packing
}

fn serves(on: &OnTarget) -> bool {
    on.language == Language::Kql && on.model != "none"
}

/// The rule for the platform, and the target whose query it has; or all that stands against it.
fn analytic_rule(
    rule: (usize, &BundledRule),
    first: &OnTarget,
    ids: &mut BTreeSet<String>,
) -> Result<(String, AnalyticRule), Vec<LeftOut>> {
    // What stands in the way of one target, a table of advanced hunting, need not in that of the next.
    let able = rule.1.on.iter().filter(|on| serves(on)).skip_while(|on| on.target != first.target);
    let mut reasons = Vec::new();
    let mut found = None;
    for on in able.filter(|on| !on.queries().is_empty()) {
        match reading(rule, on) {
            Ok(reading) => {
                found = Some((on, reading));
                break;
            }
            Err(reason) => reasons.push(reason),
        }
    }
    let Some((on, reading)) = found else { return Err(reasons) };
    build(rule, on, &reading, ids).map(|analytic| (on.target.clone(), analytic))
}

/// The query as it is in a workspace, without indentation where it is too long with it.
fn reading(rule: (usize, &BundledRule), on: &OnTarget) -> Result<Reading, LeftOut> {
    let (query, mut reading) = in_workspace(rule, on)?;
    if QUERY.broken_by(&reading.text).is_some() {
        reading.text = query.compact();
    }
    match QUERY.broken_by(&reading.text) {
        Some(message) => {
            let message = format!("without indentation {message}");
            Err(LeftOut::platform(rule, &on.target, message).help("split the rule, or keep its values in a watchlist"))
        }
        None => Ok(reading),
    }
}

fn in_workspace(rule: (usize, &BundledRule), on: &OnTarget) -> Result<(Query, Reading), LeftOut> {
    let platform = |message: String| LeftOut::platform(rule, &on.target, message);
    let text = on.queries().first().map_or("", |query| &query.text);
    let query = Reading::of(text).ok_or_else(|| platform("its query cannot be read back".to_owned()))?;
    let reading = Reading::new(text.to_owned(), &query);
    if let Some(table) = reading.tables.iter().find(|table| home(table) == Home::Hunting) {
        let message = format!("`{table}` is a table of advanced hunting, which no workspace has");
        return Err(platform(message).help("add a target whose tables are those of a workspace: `kql.securityevent`"));
    }
    let devices = reading.tables.iter().filter(|table| home(table) == Home::Device).count();
    if devices == 0 {
        return Ok((query, reading));
    }
    let renamed = query.with_column_renamed(TIMESTAMP, &TIME_GENERATED.into());
    match renamed.filter(|_| devices == reading.tables.len()) {
        Some(renamed) => {
            let mut reading = Reading::new(renamed.to_string(), &renamed);
            // What the table calls otherwise in a workspace.
            reading.columns.names.retain(|name| **name != *TIMESTAMP);
            Ok((renamed, reading))
        }
        None => Err(platform(format!(
            "it reads tables of Defender beside others: in a workspace `{TIMESTAMP}` of those is `{TIME_GENERATED}`"
        ))),
    }
}

fn build(
    rule: (usize, &BundledRule),
    on: &OnTarget,
    reading: &Reading,
    ids: &mut BTreeSet<String>,
) -> Result<AnalyticRule, Vec<LeftOut>> {
    let metadata = &rule.1.metadata.0;
    let mut reasons = Vec::new();
    let platform = |message: String| LeftOut::platform(rule, &on.target, message);
    let id = or_reason(id(rule, &on.target, ids), &mut reasons);
    let title = or_reason(title(rule, &on.target), &mut reasons);
    if let Some(message) = NAME.broken_by(title) {
        reasons.push(platform(message).at(metadata.title.as_ref().map_or(rule.1.span, |title| title.span)));
    }
    let description = described(rule.1, reading);
    if let Some(message) = DESCRIPTION.broken_by(&description) {
        let span = metadata.description.as_ref().map_or(rule.1.span, |text| text.span);
        reasons.push(platform(message).at(span).help("the rest is better said in `note`"));
    }
    let schedule = schedule::of(rule.1).map_err(|(message, span)| reasons.push(platform(message).at(span)));
    let (Ok(schedule), true) = (schedule, reasons.is_empty()) else { return Err(reasons) };
    ids.insert(id.clone());
    let parts = Parts { id, title, description, schedule };
    Ok(AnalyticRule::new(rule.1, parts, reading))
}

/// What the rule is about, its techniques in full, and which tables no connector is known to fill.
fn described(rule: &BundledRule, reading: &Reading) -> String {
    let mut text = description(rule).to_owned();
    let techniques = attack::techniques(rule);
    if techniques.iter().any(|technique| technique.parent().is_some()) {
        text += &attack::sentence(&techniques);
    }
    let open: Vec<&str> =
        reading.tables.iter().map(String::as_str).filter(|one| connectors::of(one).is_empty()).collect();
    if !open.is_empty() {
        let _ = write!(text, "\n\nReads {}: which connectors fill it is for the workspace to say.", open.join(", "));
    }
    text
}
