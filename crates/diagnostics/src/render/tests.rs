//! What must hold of every format, whatever stands in a rule.

use super::{Batch, Catalogue, Description, Tool, github, gitlab, json, junit, sarif, text};
use crate::{Diagnostic, Edit, Severity, SourceMap, Span};
use serde_json::Value;
use std::collections::BTreeSet;

/// Texts that formats could stumble over: ends of lines of all sorts, what XML cannot hold, what GitHub obeys.
const HOSTILE: &[&str] = &[
    "",
    "\n",
    "a: b\r\nc: é→x\r\n",
    "\u{0}\u{1}\u{1b}[31m\u{85}\u{2028}\u{202e}x\u{fffe}\u{ffff}",
    "::error file=x::y\n::set-output name=a::b\n%0A]]> <!-- &amp; <a> \" ' \\ [x](1) {0}\n",
    "no end of the line 🦀",
];

struct Nothing;

impl Catalogue for Nothing {
    fn describe(&self, _: &str) -> Option<Description> {
        None
    }
}

#[test]
fn every_place_of_any_text_can_be_reported() {
    for source in HOSTILE {
        let mut sources = SourceMap::new();
        let file = sources.add("a/b.yml", *source);
        let mut diagnostics = Vec::new();
        // Also beyond the end and within characters.
        for start in 0..=source.len() + 1 {
            let (at, name) = (Span::new(file, start, source.len() + 1), ["one", "other"][start % 2]);
            let severity = [Severity::Error, Severity::Warning, Severity::Note][start % 3];
            let problem = Diagnostic::error(name, at, *source).label(*source).also(at, *source).help(*source);
            let edits = vec![Edit::replace(Span::new(file, 0, 0), *source)];
            diagnostics.push(Diagnostic { severity, ..problem.note(*source).fix(edits) });
        }
        let batch = Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] };
        let count = diagnostics.len();

        assert!(!text(&diagnostics, &sources, false).contains(['\u{1b}', '\u{0}']));
        assert_eq!(json(&diagnostics, &sources).len(), count);
        let annotations = github(&batch);
        assert_eq!(annotations.matches('\n').count(), count, "{annotations}");
        assert!(annotations.lines().all(|line| line.starts_with("::") && line.contains(" file=a/b.yml,")));
        assert!(!annotations.contains(['\r', '\u{1b}']));

        let tool = Tool { name: "rulecast", version: "1.2.3" };
        let log: Value = serde_json::from_str(&sarif(&[batch], tool, &Nothing)).unwrap();
        assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), count);
        let issues: Value = serde_json::from_str(&gitlab(&[batch])).unwrap();
        let fingerprints: BTreeSet<&str> =
            issues.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.len(), count);
        let report = quick_junit::Report::deserialize_from_str(&junit(&[batch], "check")).unwrap();
        assert_eq!(report.tests, count);
    }
}
