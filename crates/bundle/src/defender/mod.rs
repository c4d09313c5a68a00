//! Custom detections of Microsoft Defender XDR: a body for each rule, to be posted to Microsoft Graph.
//!
//! `microsoft/defender/<slug>.json`, of the rules whose query reads the tables of advanced hunting and returns what the
//! service ties an alert to: `Timestamp`, `DeviceId` and `ReportId` of one event; for tables that are not of devices
//! `Timestamp`, `ReportId` and whose account it is. Queries of sequences and correlations return those of the event that
//! completes them.
//!
//! The service refuses more than its pages say, as people who deployed rules have told in 2026: an id that does not begin
//! with a letter, more than one tactic, an account by its name alone, a file without a hash, a rule without a device, an
//! account, a mailbox or an address.
//!
//! Source: learn.microsoft.com/defender-xdr/custom-detection-rules, and the resource detectionRule of Microsoft Graph 1.0.
//! The form of its beta that has `category`, `mitreTechniques`, `impactedAssets`, `isEnabled` and `period` was removed in
//! October 2026. Lacks: rules that run continuously, and automated actions.

mod body;
mod schedule;
#[cfg(test)]
mod tests;

use crate::microsoft::tables::{Home, TIMESTAMP, home};
use crate::microsoft::{Reading, id, or_reason, title};
use crate::package::{Entry, LeftOut, Packing, choose};
use crate::{BundledRule, Content, OnTarget};
use body::DetectionRule;
use rulecast_compile::Language;
use std::collections::BTreeSet;

/// Makes the package.
pub(crate) fn pack(content: &Content) -> Packing {
    let hunting = targets(content);
    let (chosen, left_out) = choose(content, |on| hunting.contains(on.target.as_str()));
    let mut packing = Packing { left_out, ..Packing::default() };
    let mut taken = Taken::default();
    for (at, rule, on) in chosen {
        match detection((at, rule), on, &mut taken) {
            Ok(detection) => {
                let path = format!("microsoft/defender/{}.json", rule.slug);
                packing.files.push((path.clone(), detection.text().into_bytes()));
                let target = on.target.clone();
                packing.entries.push(Entry { rule: at, target, kind: "custom-detection", path, name: None });
            }
            Err(reasons) => packing.left_out.extend(reasons),
        }
    }
    packing
}

/// The targets over tables of advanced hunting: `kql.xdr`, and those whose models read the same tables for some rule.
fn targets(content: &Content) -> BTreeSet<&str> {
    let all = content.rules.iter().flat_map(|rule| &rule.on).filter(|on| on.language == Language::Kql);
    let hunts = |on: &OnTarget| on.reads.iter().any(|read| read.kind == "table" && home(&read.name) != Home::Workspace);
    all.filter(|on| on.model == "xdr" || hunts(on)).map(|on| on.target.as_str()).collect()
}

/// What a detection of the platform is known by, of those that are in the package.
#[derive(Default)]
struct Taken<'r> {
    ids: BTreeSet<String>,
    titles: BTreeSet<&'r str>,
}

/// The detection; or all that stands against it.
fn detection<'r>(
    rule: (usize, &'r BundledRule),
    on: &OnTarget,
    taken: &mut Taken<'r>,
) -> Result<DetectionRule, Vec<LeftOut>> {
    let platform = |message: String| LeftOut::platform(rule, &on.target, message);
    let mut reasons = Vec::new();
    let id = or_reason(id(rule, &on.target, &taken.ids), &mut reasons);
    let title = or_reason(title(rule, &on.target), &mut reasons);
    if taken.titles.contains(title) {
        let span = rule.1.metadata.0.title.as_ref().map_or(rule.1.span, |title| title.span);
        reasons.push(platform("another rule of the bundle has its title, which names a detection".to_owned()).at(span));
    }
    let text = on.queries().first().map_or("", |query| &query.text);
    let reading = Reading::of(text).map(|query| Reading::new(text.to_owned(), &query));
    match &reading {
        None => {
            reasons.push(platform("its query cannot be read back, so that nobody knows what it returns".to_owned()))
        }
        Some(reading) => reasons.extend(lacking(reading).map(|message| {
            platform(message)
                .help("the query of `kql.xdr` returns them; a pipeline or a data model may have taken them away")
        })),
    }
    let schedule = schedule::of(rule.1).map_err(|message| {
        let written = rule.1.metadata.0.schedule.as_ref();
        reasons.push(platform(message).at(written.map_or(rule.1.span, |schedule| schedule.every.span)));
    });
    let (Ok(schedule), Some(reading), true) = (schedule, reading, reasons.is_empty()) else { return Err(reasons) };
    taken.titles.insert(title);
    taken.ids.insert(id.clone());
    Ok(DetectionRule::new(rule.1, (id, title), &reading, schedule))
}

/// Whose an alert may be, where the table is not of devices.
const ACCOUNTS: [&str; 3] = ["AccountObjectId", "AccountUpn", "AccountSid"];

/// What of the columns that the service wants a query does not return.
fn lacking(reading: &Reading) -> Option<String> {
    if let Some(table) = reading.tables.iter().find(|table| home(table) == Home::Workspace) {
        return Some(format!("`{table}` is no table of advanced hunting"));
    }
    let devices = reading.tables.iter().filter(|table| home(table) == Home::Device).count();
    let columns = &reading.columns;
    let missing = |wanted: &[&'static str]| {
        let missing: Vec<String> =
            wanted.iter().filter(|name| !columns.has(name)).map(|name| format!("`{name}`")).collect();
        (!missing.is_empty()).then(|| format!("its query returns no {}", missing.join(" and no ")))
    };
    match devices {
        0 => missing(&[TIMESTAMP, "ReportId"]).or_else(|| {
            let none = !ACCOUNTS.iter().any(|name| columns.has(name));
            none.then(|| {
                format!("its query returns none of {}, so that an alert would be nobody's", ACCOUNTS.join(", "))
            })
        }),
        all if all == reading.tables.len() => missing(&[TIMESTAMP, "DeviceId", "ReportId"]),
        _ => Some("its query reads tables of devices and others, whose rows have no `DeviceId`".to_owned()),
    }
}
