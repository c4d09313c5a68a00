//! Tests for people and for programs.

use rulecast_compile::tested::{Compared, Difference, Reference, Tested, answer};
use rulecast_compile::{Answer, Target};
use rulecast_diagnostics::{Diagnostic, render::Places};
use rulecast_ir::{Rule, Sigma};
use serde::Serialize;

/// The most places of the rule that a failed test shows.
const MOST: usize = 4;

/// One test.
#[derive(Debug, Serialize)]
pub(super) struct Entry<'a> {
    file: &'a str,
    line: usize,
    rule: Named<'a>,
    test: &'a str,
    expect: &'static str,
    status: &'static str,
    /// What the rule does that the test does not expect, or why it is not run.
    message: Option<&'a str>,
    /// The lines of the rule that make it so.
    because: Vec<BecauseEntry<'a>>,
    targets: Vec<TargetEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct BecauseEntry<'a> {
    line: usize,
    column: usize,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    title: &'a str,
    id: Option<&'a str>,
    name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct TargetEntry<'a> {
    target: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<DifferenceEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct DifferenceEntry<'a> {
    missed: Vec<AnswerEntry<'a>>,
    extra: Vec<AnswerEntry<'a>>,
    lines: Vec<PartingEntry<'a>>,
    assumptions: Vec<String>,
}

/// By the numbers of the test's events, from 1.
#[derive(Debug, Serialize)]
struct AnswerEntry<'a> {
    first: u64,
    last: u64,
    class: Option<&'a str>,
}

/// A line of the rule that holds in the rule and not in the query, or the other way round.
#[derive(Debug, Serialize)]
struct PartingEntry<'a> {
    line: usize,
    column: usize,
    event: u64,
    rule_holds: bool,
    query: &'a str,
}

pub(super) fn entry<'a>(
    file: &'a str,
    rule: &'a Rule<Sigma>,
    tested: &'a Tested<'a>,
    places: &Places<'_>,
) -> Entry<'a> {
    let metadata = &rule.metadata;
    Entry {
        file,
        line: places.start(tested.test.name.span).line,
        rule: Named { title: metadata.title(), id: metadata.id(), name: metadata.name() },
        test: &tested.test.name,
        expect: tested.test.expect.node.name(),
        status: tested.status().word(),
        message: match &tested.reference {
            Reference::Passed => None,
            Reference::Failed(message) => Some(message),
        },
        because: tested
            .because
            .iter()
            .map(|(span, message)| {
                let at = places.start(*span);
                BecauseEntry { line: at.line, column: at.column, message }
            })
            .collect(),
        targets: tested.targets.iter().map(|(target, compared)| target_entry(*target, compared, places)).collect(),
    }
}

fn target_entry<'a>(target: Target, compared: &'a Compared, places: &Places<'_>) -> TargetEntry<'a> {
    let (message, difference) = match compared {
        Compared::Agrees => (None, None),
        Compared::Differs(difference) => (None, Some(difference_entry(difference, places))),
        Compared::NoQuery(message) | Compared::NotRun(message) | Compared::Broken(message) => {
            (Some(message.as_str()), None)
        }
    };
    TargetEntry { target: target.to_string(), status: Compared::NAMES[compared.kind()], message, difference }
}

fn difference_entry<'a>(difference: &'a Difference, places: &Places<'_>) -> DifferenceEntry<'a> {
    let answer = |answer: &'a Answer| AnswerEntry {
        first: answer.first + 1,
        last: answer.last + 1,
        class: answer.class.as_deref(),
    };
    let lines = difference.partings.iter().map(|parting| {
        let at = places.start(parting.span);
        let (line, column) = (at.line, at.column);
        PartingEntry { line, column, event: parting.event + 1, rule_holds: parting.holds, query: &parting.query }
    });
    DifferenceEntry {
        missed: difference.missed.iter().map(answer).collect(),
        extra: difference.extra.iter().map(answer).collect(),
        lines: lines.collect(),
        assumptions: difference.assumptions.iter().map(ToString::to_string).collect(),
    }
}

/// What a test finds wrong, at its place in the rule.
pub(super) fn problems(tested: &Tested<'_>) -> Vec<Diagnostic> {
    let (name, mut problems) = (&tested.test.name, Vec::new());
    if let Reference::Failed(message) = &tested.reference {
        let mut problem = Diagnostic::error("test-failed", name.span, message);
        for (span, words) in tested.because.iter().take(MOST) {
            problem = problem.also(*span, words);
        }
        if let Some(why) = &tested.test.why {
            problem = problem.note(format!("why the test expects it: {}", why.node));
        }
        if !tested.lacking.is_empty() {
            let columns: Vec<String> = tested.lacking.iter().map(|column| format!("`{column}`")).collect();
            problem = problem
                .note(format!("a pipeline makes the rule read {}, which no event of the test has", columns.join(", ")));
        }
        problems.push(problem);
    }
    for (target, compared) in &tested.targets {
        match compared {
            Compared::Differs(difference) => problems.push(differs(tested, *target, difference)),
            Compared::Broken(message) => {
                let problem = Diagnostic::error("query-not-read", name.span, format!("{target}: an error of Rulecast"));
                problems.push(problem.note(message.clone()));
            }
            Compared::Agrees | Compared::NoQuery(_) | Compared::NotRun(_) => {}
        }
    }
    problems
}

pub(super) fn differs(tested: &Tested<'_>, target: Target, difference: &Difference) -> Diagnostic {
    let all = |answers: &[Answer]| answers.iter().map(answer).collect::<Vec<_>>().join(", ");
    let found = match (difference.missed.as_slice(), difference.extra.as_slice()) {
        (missed, []) => format!("misses {}", all(missed)),
        ([], extra) => format!("also finds {}", all(extra)),
        (missed, extra) => format!("misses {}, and finds {} instead", all(missed), all(extra)),
    };
    let message = format!("the query of {target} is not what the rule means: it {found}");
    let mut problem = Diagnostic::error("query-differs", tested.test.name.span, message).label("in this test");
    for parting in &difference.partings {
        let says =
            if parting.holds { "holds by the rule, not by the query" } else { "holds by the query, not by the rule" };
        problem = problem.also(parting.span, format!("on event {}, this {says}", parting.event + 1));
        problem = problem.note(format!("alone, that line is\n{}", parting.query));
    }
    if difference.partings.is_empty() {
        problem = problem.note("each line agrees on its own; what differs is how the condition joins them");
    }
    if difference.assumptions.is_empty() {
        return problem;
    }
    let assumptions: Vec<String> = difference.assumptions.iter().map(ToString::to_string).collect();
    problem.note(format!("the query assumes {}; an event that breaks an assumption differs", assumptions.join(", ")))
}
