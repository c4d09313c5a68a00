//! The saved search of a rule.

use super::conf::{Stanza, search_fits, without_tokens};
use super::fields::{Concerned, Risk, concerned, domain};
use super::time::{Cron, seconds, window};
use crate::package::LeftOut;
use crate::schedule::{Timing, one_line, span};
use crate::{BundledRule, Kind, OnTarget};
use rulecast_attack::Named;
use rulecast_rule::ast::{Level, Status};
use rulecast_spl::Query;
use serde::Serialize;

/// What Enterprise Security takes of the name of a search, with the security domain before it and ` - Rule` behind.
const LONGEST: usize = 99;
/// What must be left of a title.
const LEAST: usize = 20;
/// The index to which Enterprise Security writes risk.
const RISK: &str = "risk";

/// A saved search, and the macro that filters its results.
pub(super) struct Saved {
    pub(super) stanza: Stanza,
    pub(super) filter: String,
}

/// A rule that has a query here.
#[derive(Clone, Copy)]
pub(super) struct Source<'c> {
    pub(super) at: usize,
    pub(super) rule: &'c BundledRule,
    pub(super) on: &'c OnTarget,
    /// What the app is called in front of people.
    pub(super) label: &'c str,
}

#[derive(Serialize)]
struct Annotations<'c> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mitre_attack: Vec<String>,
    data_source: Vec<&'c str>,
}

#[derive(Serialize)]
struct Metadata<'c> {
    deprecated: &'static str,
    detection_id: &'c str,
    detection_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish_time: Option<f64>,
}

#[derive(Serialize)]
struct Drilldown {
    name: String,
    search: String,
    earliest_offset: &'static str,
    latest_offset: &'static str,
}

/// The name of the search: `<label> - <title> - Rule`.
///
/// Enterprise Security puts the security domain before it and ` - Rule` behind, and takes 99 characters in all. Titles of
/// rules are often longer, and a name is no place to lose a rule for: the title is cut there, and whole in
/// `action.correlationsearch.label`. `mark` tells a cut title, or one that other rules have, from others.
pub(super) fn name(source: Source<'_>, mark: &str, is_shared: bool) -> Result<String, LeftOut> {
    let Source { at, rule, on, label } = source;
    let title = super::conf::header(rule.metadata.title());
    let around = format!("{} - {label} -  - Rule - Rule", domain(rule)).chars().count();
    let left = LONGEST.saturating_sub(around);
    if !is_shared && !title.is_empty() && title.chars().count() <= left {
        return Ok(format!("{label} - {title} - Rule"));
    }
    let mark = format!(" ({mark})");
    let left = left.saturating_sub(mark.chars().count());
    if left < LEAST || title.is_empty() {
        let message = if title.is_empty() {
            "a saved search has a name, and the rule no title".to_owned()
        } else {
            format!(
                "the name of a search in Enterprise Security has {LONGEST} characters, {around} of which stand around the \
                 title, so that {left} of its {} are left",
                title.chars().count()
            )
        };
        let problem = LeftOut::platform((at, rule), &on.target, message);
        let problem = problem.at(rule.metadata.0.title.as_ref().map_or(rule.span, |title| title.span));
        return Err(problem.help("give the bundle a shorter name: `--name`, or `bundle.name` in `rulecast.toml`"));
    }
    let cut: String = title.chars().take(left).collect();
    Ok(format!("{label} - {}{mark} - Rule", cut.trim_end()))
}

/// The saved search of that name, with that filter; or everything that stands against it.
pub(super) fn saved(source: Source<'_>, name: &str, filter: &str) -> Result<Saved, Vec<LeftOut>> {
    let Source { at, rule, on, .. } = source;
    let timing = Timing::of(rule);
    let problem = |message: String| LeftOut::platform((at, rule), &on.target, message);
    let mut problems: Vec<LeftOut> = timing.too_short((at, rule), &on.target).into_iter().collect();
    let cron = Cron::every(timing.every);
    if let (None, Some(schedule)) = (cron, &rule.metadata.0.schedule) {
        let message = format!("a search runs at most once a minute, and the rule wants each {}", span(timing.every));
        problems.push(problem(message).at(schedule.every.span).help("`every: 1m`"));
    }
    let parsed = on.queries().first().map(|query| rulecast_spl::parse(&query.text));
    let query = match parsed {
        Some(Ok(query)) => Some(query),
        Some(Err(error)) => {
            let message =
                format!("a filter must stand behind the search, which a pipeline wrote and is not read: {error}");
            problems.push(problem(message));
            None
        }
        None => None,
    };
    let search = query.as_ref().map(|query| query.clone().filtered(filter).to_string());
    problems.extend(search.as_deref().and_then(search_fits).map(|reason| problem(reason.to_owned())));
    let (Some(cron), Some(query), Some(search), true) = (cron, query, search, problems.is_empty()) else {
        return Err(problems);
    };
    let mut stanza = Stanza::new(name);
    let set = &mut stanza;
    set.set("description", described(rule));
    scheduled(set, timing, cron);
    set.set("action.correlationsearch.enabled", 1);
    set.set("action.correlationsearch.detection_type", "ebd");
    set.set("action.correlationsearch.label", one_line(rule.metadata.title()));
    set.set_json("action.correlationsearch.annotations", &annotations(rule));
    set.set_json("action.correlationsearch.metadata", &metadata(rule));
    let asked: Vec<&str> = on.columns.keys().map(String::as_str).collect();
    let shown = query.shown();
    let (objects, threats) = concerned(shown.as_deref(), &asked);
    throttled(set, rule, timing, &objects);
    risk(set, rule, &objects, &threats);
    notable(set, rule, (&objects, &threats), &query, filter);
    set.set_search("search", &search);
    Ok(Saved { stanza, filter: filter.to_owned() })
}

/// What the rule detects, in one line.
fn described(rule: &BundledRule) -> &str {
    let described = rule.metadata.0.description.as_ref().map_or("", |text| text.node.as_str());
    if described.trim().is_empty() { rule.metadata.title() } else { described }
}

fn scheduled(set: &mut Stanza, timing: Timing, cron: Cron) {
    let (earliest, latest) = window(timing);
    set.set("disabled", true);
    set.set("enableSched", 1);
    set.set("cron_schedule", cron);
    set.set("dispatch.earliest_time", earliest);
    set.set("dispatch.latest_time", latest);
    // Every run is made up for, so that no event is skipped while the scheduler is busy.
    set.set("realtime_schedule", 0);
    set.set("schedule_window", "auto");
    set.set("is_visible", false);
    set.set("counttype", "number of events");
    set.set("relation", "greater than");
    set.set("quantity", 0);
    set.set("alert.digest_mode", 1);
    set.set("alert.track", 0);
}

/// A match of several events is found again while a run looks back on it: once for whom it concerns is enough.
fn throttled(set: &mut Stanza, rule: &BundledRule, timing: Timing, objects: &[Concerned]) {
    if rule.kind == Kind::Event || objects.is_empty() {
        return;
    }
    let fields: Vec<&str> = objects.iter().map(|object| object.field.as_str()).collect();
    set.set("alert.suppress", 1);
    set.set("alert.suppress.fields", fields.join(","));
    set.set("alert.suppress.period", format!("{}s", timing.lookback));
}

/// Techniques by their ids; one whose sub-technique is named stands for itself no more.
fn annotations(rule: &BundledRule) -> Annotations<'_> {
    let named = rule.attack().into_iter().filter(|named| matches!(named, Named::Technique { .. }));
    let ids: Vec<String> = named.map(|named| named.id()).collect();
    let is_main = |id: &String| ids.iter().any(|other| other.split_once('.').is_some_and(|(main, _)| main == id));
    Annotations {
        mitre_attack: ids.iter().filter(|id| !is_main(id)).cloned().collect(),
        data_source: rule.data.iter().map(|data| data.log_source.as_str()).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a time of our years in seconds is exact")]
fn metadata(rule: &BundledRule) -> Metadata<'_> {
    let own = &rule.metadata.0;
    let is_deprecated = own.status.as_ref().is_some_and(|status| status.node == Status::Deprecated);
    let date = own.modified.as_ref().or(own.date.as_ref());
    Metadata {
        deprecated: if is_deprecated { "1" } else { "0" },
        detection_id: rule.id(),
        detection_version: rule.version().to_string(),
        publish_time: date.map(|date| seconds(date.node) as f64),
    }
}

/// The title, and whom it concerns: `… on $Computer$ by $User$`.
fn told(rule: &BundledRule, objects: &[Concerned]) -> String {
    let mut told = without_tokens(&one_line(rule.metadata.title()));
    for object in objects {
        let word = if object.what == "user" { "by" } else { "on" };
        told += &format!(" {word} ${}$", object.field);
    }
    told
}

fn risk(set: &mut Stanza, rule: &BundledRule, objects: &[Concerned], threats: &[Concerned]) {
    if objects.is_empty() {
        return;
    }
    let risk_score = rule.metadata.risk_score();
    let scored = objects.iter().map(|object| Risk::Object {
        risk_object_field: &object.field,
        risk_object_type: object.what,
        risk_score,
    });
    let threats =
        threats.iter().map(|one| Risk::Threat { threat_object_field: &one.field, threat_object_type: one.what });
    set.set("action.risk", 1);
    set.set("action.risk.param._risk_message", told(rule, objects));
    set.set_json("action.risk.param._risk", &scored.chain(threats).collect::<Vec<_>>());
    set.set("action.risk.param._risk_score", 0);
    set.set("action.risk.param.verbose", 0);
}

/// A notable event, for levels that are worth one by themselves: the others only add to the risk of whom they concern, if
/// there is someone.
fn notable(
    set: &mut Stanza,
    rule: &BundledRule,
    (objects, threats): (&[Concerned], &[Concerned]),
    query: &Query,
    filter: &str,
) {
    let level = rule.metadata.level();
    if level < Level::Medium && !objects.is_empty() {
        return;
    }
    set.set("action.notable", 1);
    set.set("action.notable.param.rule_title", told(rule, objects));
    set.set("action.notable.param.rule_description", without_tokens(described(rule)));
    set.set("action.notable.param.security_domain", domain(rule));
    set.set("action.notable.param.severity", level.name());
    let fields: Vec<&str> = objects.iter().chain(threats).map(|one| one.field.as_str()).collect();
    if !fields.is_empty() {
        set.set("action.notable.param.nes_fields", fields.join(","));
    }
    let drilldowns = drilldowns(objects, query, filter);
    if !drilldowns.is_empty() {
        set.set_json("action.notable.param.drilldown_searches", &drilldowns);
    }
}

/// For each object the results about it, and the risk that it has gathered in a week. A query with a dollar sign of its own
/// is not drilled into: Enterprise Security would take what follows for a field.
fn drilldowns(objects: &[Concerned], query: &Query, filter: &str) -> Vec<Drilldown> {
    let all = query.clone().filtered(filter);
    let own = !all.to_string().contains('$');
    let results = objects.iter().filter(|_| own).map(|Concerned { field, .. }| Drilldown {
        name: format!("View the results for ${field}$"),
        search: all.clone().narrowed(field, &format!("${field}$")).to_string(),
        earliest_offset: "$info_min_time$",
        latest_offset: "$info_max_time$",
    });
    let gathered = objects.iter().map(|Concerned { field, .. }| Drilldown {
        name: format!("View the risk of ${field}$ in the last 7 days"),
        search: Query::of_index(RISK).narrowed("risk_object", &format!("${field}$")).to_string(),
        earliest_offset: "7d",
        latest_offset: "0",
    });
    results.chain(gathered).collect()
}
