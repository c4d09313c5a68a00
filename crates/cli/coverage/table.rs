//! Coverage for people, and for spreadsheets.

use super::rows::{ChangeRow, GapRow, Row};
use crate::output::count;
use rulecast_bundle::navigator::Coverage;
use std::fmt::Write;

const HEADS: [&str; 6] = ["critical", "high", "medium", "low", "info", "rules"];

pub(super) fn coverage(rows: &[Row], coverage: &Coverage) -> String {
    let mut text = String::new();
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let mut last = "";
    for row in rows {
        if row.tactic != last {
            let first = if last.is_empty() { "" } else { "\n" };
            let heads: Vec<String> = HEADS.iter().map(|head| format!("{head:>8}")).collect();
            let line = format!("{first}{:<w$}{}", row.tactic_name, heads.concat(), w = 13 + width);
            let _ = writeln!(text, "{}", line.trim_end());
            last = row.tactic;
        }
        let numbers = row.by_level.into_iter().chain([row.rules.len()]);
        let numbers: String = numbers
            .map(|number| format!("{:>8}", if number == 0 { "·".to_owned() } else { number.to_string() }))
            .collect();
        let _ = writeln!(text, "  {:<11}{:<width$}{numbers}", row.technique, row.name);
    }
    let techniques = count(coverage.techniques().len(), "technique");
    let without = coverage.without_techniques();
    let _ = write!(
        text,
        "{}{techniques} of ATT&CK {} in {}",
        if rows.is_empty() { "" } else { "\n" },
        rulecast_attack::VERSION,
        count(coverage.rules.len(), "rule")
    );
    let _ = if without > 0 {
        writeln!(text, ", of which {without} {} none", if without == 1 { "names" } else { "name" })
    } else {
        writeln!(text)
    };
    text
}

pub(super) fn gaps(rows: &[GapRow], wanted: usize) -> String {
    let mut text = String::new();
    let width = rows.iter().filter_map(|row| row.name).map(|name| name.chars().count()).max().unwrap_or(0);
    for row in rows {
        let name = row.name.unwrap_or_default();
        let told = match row.name {
            None => format!("ATT&CK {} has none of this id in use", rulecast_attack::VERSION),
            Some(_) if row.parent_covered => {
                format!("{}; rules on the technique above it alone", row.tactics.join(", "))
            }
            Some(_) => row.tactics.join(", "),
        };
        let _ = writeln!(text, "{:<11}{name:<width$}  {told}", row.technique);
    }
    let _ = writeln!(text, "{} of {} named by no rule", rows.len(), count(wanted, "technique"));
    text
}

pub(super) fn changes(rows: &[ChangeRow], since: &str) -> String {
    let mut text = String::new();
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let tactics = rows.iter().map(|row| row.tactic.len()).max().unwrap_or(0);
    for row in rows {
        let ChangeRow { change, tactic, technique, name, before, after } = row;
        let _ = writeln!(text, "{change:<9}{technique:<11}{name:<width$}  {tactic:<tactics$}  {before} -> {after}");
    }
    let _ = writeln!(text, "{} since {since}", count(rows.len(), "change"));
    text
}

/// As RFC 4180 has it.
pub(super) fn csv(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = line(header.iter().copied());
    rows.for_each(|row| text.push_str(&line(row.iter().map(String::as_str))));
    text
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let plain = !text.contains([',', '"', '\n', '\r']);
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
