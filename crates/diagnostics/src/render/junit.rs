//! Diagnostics as JUnit XML: a suite for each file that was looked at, a case for each problem.
//!
//! Errors and warnings are failures, notes are not: those cases pass and print the note. A file without a problem has
//! one case, which passes. The document holds no times: the same problems give the same bytes.

use super::{Batch, Places, text, words};
use crate::{Diagnostic, Severity};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;

/// The document. Each batch is about one file, the first of its own, and may be empty.
pub fn junit(batches: &[Batch<'_>], name: &str) -> String {
    let mut report = Report::new(name);
    report.add_test_suites(batches.iter().filter_map(suite));
    junit_text(&report)
}

/// A report as text, with a line end.
pub fn junit_text(report: &Report) -> String {
    let mut text = report.to_string().expect("names and messages can be written as XML");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn suite(batch: &Batch<'_>) -> Option<TestSuite> {
    // What is shared with other compilations belongs to no suite unless something is wrong with it.
    let file = match (batch.sources.files().first(), batch.diagnostics.first()) {
        (Some(file), _) => file,
        (None, Some(diagnostic)) => batch.sources.file(diagnostic.at.span.file),
        (None, None) => return None,
    };
    let mut suite = TestSuite::new(file.name.as_str());
    let mut add = |name: &str, line: usize, status: TestCaseStatus, note: Option<String>| {
        let mut case = TestCase::new(name, status);
        case.set_classname(file.name.as_str());
        case.extra.insert("file".into(), file.name.as_str().into());
        case.extra.insert("line".into(), line.to_string().into());
        if let Some(note) = note {
            case.set_system_out(note);
        }
        suite.add_test_case(case);
    };
    if batch.diagnostics.is_empty() {
        add("no problem", 1, TestCaseStatus::success(), None);
        return Some(suite);
    }
    let places = Places::new(batch.sources);
    let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in batch.diagnostics {
        let number = alike.entry(diagnostic.name).or_default();
        *number += 1;
        let name = if *number == 1 { diagnostic.name.to_owned() } else { format!("{} ({number})", diagnostic.name) };
        let line = places.start(diagnostic.at.span).line;
        match diagnostic.severity {
            Severity::Note => add(&name, line, TestCaseStatus::success(), Some(text::one(diagnostic, &places))),
            Severity::Error | Severity::Warning => add(&name, line, failure(diagnostic, &places), None),
        }
    }
    Some(suite)
}

fn failure(diagnostic: &Diagnostic, places: &Places<'_>) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(words::tame(&diagnostic.message));
    status.set_type(diagnostic.severity.word());
    status.set_description(text::one(diagnostic, places));
    status
}

#[cfg(test)]
mod tests {
    use super::junit;
    use crate::render::Batch;
    use crate::{Diagnostic, Severity, SourceMap, Span};

    #[test]
    fn a_suite_for_each_file_with_or_without_problems() {
        let mut sources = SourceMap::new();
        let file = sources.add("rules/é.yml", "title: é\nlevel: \"hoch\"\n");
        let error = Diagnostic::error("unknown-level", Span::new(file, 17, 23), "`hoch` is no <level>");
        let note = Diagnostic { severity: Severity::Note, ..error.clone() };
        let diagnostics = [error.help("write `high`"), note];
        let found = Batch { diagnostics: &diagnostics, sources: &sources, ids: &[] };
        let mut sources = SourceMap::new();
        sources.add("rules/good.yml", "title: x\n");
        let good = Batch { diagnostics: &[], sources: &sources, ids: &[] };
        insta::assert_snapshot!(junit(&[found, good], "rulecast check"), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="rulecast check" tests="3" skipped="0" failures="1" errors="0">
            <testsuite name="rules/é.yml" tests="2" skipped="0" errors="0" failures="1">
                <testcase name="unknown-level" classname="rules/é.yml" file="rules/é.yml" line="2">
                    <failure message="`hoch` is no &lt;level&gt;" type="error">error[unknown-level]: `hoch` is no &lt;level&gt;
         --&gt; rules/é.yml:2:8
          |
        2 | level: &quot;hoch&quot;
          |        ^^^^^^
          |
          = help: write `high`</failure>
                </testcase>
                <testcase name="unknown-level (2)" classname="rules/é.yml" file="rules/é.yml" line="2">
                    <system-out>note[unknown-level]: `hoch` is no &lt;level&gt;
         --&gt; rules/é.yml:2:8
          |
        2 | level: &quot;hoch&quot;
          |        ^^^^^^</system-out>
                </testcase>
            </testsuite>
            <testsuite name="rules/good.yml" tests="1" skipped="0" errors="0" failures="0">
                <testcase name="no problem" classname="rules/good.yml" file="rules/good.yml" line="1"/>
            </testsuite>
        </testsuites>
        "#);
    }
}
