//! Diagnostics as a code quality report of GitLab: an array of issues.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. Lacks: columns and further
//! places, which GitLab does not read.

use super::fingerprint::Fingerprints;
use super::{Batch, Places, words};
use crate::{Diagnostic, Severity};
use serde::Serialize;

#[derive(Debug, Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Debug, Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The whole report.
pub fn gitlab(batches: &[Batch<'_>]) -> String {
    let mut fingerprints = Fingerprints::default();
    let mut issues = Vec::new();
    for batch in batches.iter().filter(|batch| !batch.diagnostics.is_empty()) {
        let places = Places::new(batch.sources);
        let known_by = fingerprints.of(batch, &places);
        issues
            .extend(batch.diagnostics.iter().zip(known_by).map(|(one, fingerprint)| issue(one, fingerprint, &places)));
    }
    super::pretty(&issues)
}

fn issue<'a>(diagnostic: &'a Diagnostic, fingerprint: String, places: &Places<'a>) -> Issue<'a> {
    let span = diagnostic.at.span;
    Issue {
        description: description(diagnostic),
        check_name: diagnostic.name,
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: &places.sources().file(span.file).name,
            lines: Lines { begin: places.start(span).line, end: places.end(span).line },
        },
    }
}

/// One line, as GitLab shows it in a list.
fn description(diagnostic: &Diagnostic) -> String {
    let mut text = words::tame(&diagnostic.message).into_owned();
    if let Some(help) = &diagnostic.help {
        text.push_str("; ");
        text.push_str(&words::tame(help));
    }
    text.replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::gitlab;
    use crate::render::Batch;
    use crate::{Diagnostic, Severity, SourceMap, Span};

    #[test]
    fn an_issue_for_each_problem_and_each_its_own_fingerprint() {
        let mut sources = SourceMap::new();
        let file = sources.add("rules/é.yml", "title: é\nlevel: \"hoch\"\n");
        let error = Diagnostic::error("unknown-level", Span::new(file, 17, 23), "`hoch` is\nno level");
        let note = Diagnostic { severity: Severity::Note, ..error.clone() };
        let diagnostics = [error.help("write `high`"), note];
        let batch = Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] };
        insta::assert_snapshot!(gitlab(&[batch]), @r#"
        [
          {
            "description": "`hoch` is no level; write `high`",
            "check_name": "unknown-level",
            "fingerprint": "3b689852e9003a58a2aa5fa90a9bb895",
            "severity": "major",
            "location": {
              "path": "rules/é.yml",
              "lines": {
                "begin": 2,
                "end": 2
              }
            }
          },
          {
            "description": "`hoch` is no level",
            "check_name": "unknown-level",
            "fingerprint": "9b88e23c8574e420210db5df563b2411",
            "severity": "info",
            "location": {
              "path": "rules/é.yml",
              "lines": {
                "begin": 2,
                "end": 2
              }
            }
          }
        ]
        "#);
        assert_eq!(gitlab(&[]), "[]\n");
    }
}
