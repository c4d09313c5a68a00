//! Coverage for programs.

use super::rows::{ChangeRow, GapRow, Row};
use rulecast_bundle::navigator::Coverage;
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a, T> {
    format: u32,
    attack: Attack,
    #[serde(flatten)]
    counts: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    techniques: Option<&'a [Row]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gaps: Option<&'a [GapRow]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a [ChangeRow]>,
}

#[derive(Serialize)]
struct Attack {
    domain: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Rules {
    rules: usize,
    without_techniques: usize,
}

#[derive(Serialize)]
struct Wanted {
    wanted: usize,
}

#[derive(Serialize)]
struct Since<'a> {
    since: &'a str,
}

fn report<T>(counts: T) -> Report<'static, T> {
    let attack = Attack { domain: "enterprise-attack", version: rulecast_attack::VERSION };
    Report { format: 1, attack, counts, techniques: None, gaps: None, changes: None }
}

fn text(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(report).expect("names, numbers and texts are JSON");
    text.push('\n');
    text
}

pub(super) fn coverage(rows: &[Row], coverage: &Coverage) -> String {
    let counts = Rules { rules: coverage.rules.len(), without_techniques: coverage.without_techniques() };
    text(&Report { techniques: Some(rows), ..report(counts) })
}

pub(super) fn gaps(rows: &[GapRow], wanted: usize) -> String {
    text(&Report { gaps: Some(rows), ..report(Wanted { wanted }) })
}

pub(super) fn changes(rows: &[ChangeRow], since: &str) -> String {
    text(&Report { changes: Some(rows), ..report(Since { since }) })
}
