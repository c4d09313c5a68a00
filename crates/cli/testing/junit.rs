//! Tests as JUnit XML: a suite for each file, a case for each test by the rule itself and by each target.
//!
//! What keeps a rule from being read is a case with an error, as its tests cannot run.

use super::output;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use rulecast_compile::tested::{Compared, Reference, Tested};
use rulecast_diagnostics::Diagnostic;
use rulecast_diagnostics::render::{Places, junit_text};
use rulecast_ir::{Rule, Sigma};

/// The whole document. It holds no times: the same tests give the same bytes.
pub(super) fn report(suites: impl Iterator<Item = TestSuite>) -> String {
    let mut report = Report::new("rulecast test");
    report.add_test_suites(suites);
    junit_text(&report)
}

/// The tests of a file, if it has any, or errors.
pub(super) fn suite(
    file: &str,
    problems: &[Diagnostic],
    tested: &[(&Rule<Sigma>, Tested<'_>)],
    places: &Places<'_>,
) -> Option<TestSuite> {
    let errors: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.is_error()).collect();
    if tested.is_empty() && errors.is_empty() {
        return None;
    }
    let mut suite = TestSuite::new(file);
    for error in errors {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(&error.message);
        let mut case = TestCase::new(error.name, status);
        case.set_classname(file);
        case.extra.insert("file".into(), file.into());
        case.extra.insert("line".into(), places.start(error.at.span).line.to_string().into());
        suite.add_test_case(case);
    }
    for (rule, one) in tested {
        let line = places.start(one.test.name.span).line;
        let mut add = |by: &str, status: TestCaseStatus| {
            let mut case = TestCase::new(format!("{} ({by})", one.test.name.node), status);
            case.set_classname(rule.metadata.title());
            case.extra.insert("file".into(), file.into());
            case.extra.insert("line".into(), line.to_string().into());
            suite.add_test_case(case);
        };
        add(
            "rule",
            match &one.reference {
                Reference::Passed => TestCaseStatus::success(),
                Reference::Failed(message) => failed(message),
            },
        );
        for (target, compared) in &one.targets {
            let status = match compared {
                Compared::Agrees => TestCaseStatus::success(),
                Compared::Differs(difference) => {
                    let problem = output::differs(one, *target, difference);
                    let mut status = failed(&problem.message);
                    status.set_description(problem.notes.join("\n"));
                    status
                }
                Compared::Broken(message) => failed(message),
                Compared::NoQuery(message) => skipped(&format!("no query: {message}")),
                Compared::NotRun(message) => skipped(message),
            };
            add(&target.to_string(), status);
        }
    }
    Some(suite)
}

fn failed(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message);
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}
