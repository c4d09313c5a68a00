//! How often each finding is found.

use crate::output::json;
use rulecast_diagnostics::{Diagnostic, Severity};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Counts by name.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// Findings, and files that have them.
    counts: BTreeMap<(Reverse<Severity>, &'static str), (usize, usize)>,
}

/// What `--stats -f json` prints of a name.
#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    severity: &'static str,
    findings: usize,
    files: usize,
}

impl Stats {
    /// The findings of one file.
    pub(crate) fn add(&mut self, findings: &[Diagnostic]) {
        for finding in findings {
            self.counts.entry((Reverse(finding.severity), finding.name)).or_default().0 += 1;
        }
        let names: BTreeSet<_> = findings.iter().map(|finding| (Reverse(finding.severity), finding.name)).collect();
        for name in names {
            self.counts.entry(name).or_default().1 += 1;
        }
    }

    /// The gravest first; of one severity, by name.
    fn rows(&self) -> impl Iterator<Item = Row> {
        self.counts.iter().map(|(&(Reverse(severity), name), &(findings, files))| Row {
            name,
            severity: severity.word(),
            findings,
            files,
        })
    }

    pub(crate) fn table(&self) -> String {
        let width = self.rows().map(|row| row.name.len()).max().unwrap_or(0).max("finding".len());
        let mut out = format!("{:width$}  severity   findings      files\n", "finding");
        for Row { name, severity, findings, files } in self.rows() {
            let _ = writeln!(out, "{name:width$}  {severity:8} {findings:>10} {files:>10}");
        }
        out.push('\n');
        out
    }

    pub(crate) fn json(&self) -> String {
        let rows: Vec<String> = self.rows().map(|row| json::element(&row)).collect();
        json::array(rows.iter().map(String::as_str))
    }
}
