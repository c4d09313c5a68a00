//! One inline test of a rule, run by the rule and by its query on each target.
//!
//! Promises: what a query says is compared with what the rule says over the same events, whatever the test expects.
//! Lacks: events that are not in the test.

use crate::explain::{Parting, Why, missing, partings, reasons};
use crate::{Answer, NoSquare, Square, Target, named_columns, square};
use rulecast_diagnostics::Span;
use rulecast_ir::eval::{self, Match};
use rulecast_ir::{Assumption, Record, Rule, Sigma};
use rulecast_rule::ast::{Expectation, RuleTest};
use std::collections::BTreeSet;

/// What a test says.
#[derive(Clone, Debug)]
pub struct Tested<'a> {
    /// As the rule has it.
    pub test: &'a RuleTest,
    /// By the reference evaluator: nothing, where the rule does as the test expects.
    pub reference: Reference,
    /// Where it does not: the places of the rule that make it so, each in words.
    pub because: Vec<(Span, String)>,
    /// Where it does not fire: columns that a pipeline makes the rule read, and that none of the events has.
    pub lacking: Vec<String>,
    /// By each target.
    pub targets: Vec<(Target<'a>, Compared)>,
}

/// Whether a rule does as a test expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// It does.
    Passed,
    /// It does not: what it does instead, in words.
    Failed(String),
}

/// How the query of a target compares with the rule, over the events of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// They find the same.
    Agrees,
    /// They do not.
    Differs(Difference),
    /// The target has no query, and why.
    NoQuery(String),
    /// The query cannot be run here, and why.
    NotRun(String),
    /// The query cannot be read back: an error of Rulecast.
    Broken(String),
}

/// Where a query and its rule part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the rule finds and the query does not.
    pub missed: Vec<Answer>,
    /// What the query finds and the rule does not.
    pub extra: Vec<Answer>,
    /// The lines of the rule that part.
    pub partings: Vec<Parting>,
    /// What the query takes for granted of events.
    pub assumptions: BTreeSet<Assumption>,
}

/// Whether a test passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The rule does as expected, and every query that can be run agrees with it.
    Passed,
    /// It does not, or a query differs.
    Failed,
}

impl Status {
    /// `passed`, `failed`.
    pub fn word(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed => "failed",
        }
    }
}

impl Compared {
    /// How many kinds there are.
    pub const KINDS: usize = 5;
    /// By [`Compared::kind`].
    pub const WORDS: [&'static str; Self::KINDS] = ["agree", "differ", "without a query", "not run", "broken"];
    /// The same for programs.
    pub const NAMES: [&'static str; Self::KINDS] = ["agrees", "differs", "no-query", "not-run", "broken"];

    /// Its place in [`Compared::WORDS`].
    pub fn kind(&self) -> usize {
        match self {
            Compared::Agrees => 0,
            Compared::Differs(_) => 1,
            Compared::NoQuery(_) => 2,
            Compared::NotRun(_) => 3,
            Compared::Broken(_) => 4,
        }
    }
}

impl Tested<'_> {
    /// Whether it passes.
    pub fn status(&self) -> Status {
        let fails = |compared: &Compared| matches!(compared, Compared::Differs(_) | Compared::Broken(_));
        match self.reference {
            Reference::Failed(_) => Status::Failed,
            _ if self.targets.iter().any(|(_, compared)| fails(compared)) => Status::Failed,
            Reference::Passed => Status::Passed,
        }
    }
}

/// Runs a test, both ways round. `checked` says that no pipeline rewrites the text of the queries.
pub fn run_test<'a>(rule: &Rule<Sigma>, test: &'a RuleTest, targets: &[Target<'a>], checked: bool) -> Tested<'a> {
    let records: Vec<Record> = test.events.iter().zip(0..).map(|(event, id)| Record::of_test(event, id)).collect();
    let reference = expected(test, &eval::evaluate(rule, &records)).map_or(Reference::Passed, Reference::Failed);
    let because = match reference {
        Reference::Failed(_) => because(rule, test.expect.node, &records),
        Reference::Passed => Vec::new(),
    };
    let lacking = match (&reference, test.expect.node) {
        (Reference::Failed(_), Expectation::Match) => lacking(rule, &records),
        _ => Vec::new(),
    };
    let compared = |target: Target| match compare(rule, target, &records) {
        Compared::NoQuery(why) => Compared::NoQuery(why),
        _ if !checked => Compared::NotRun("a pipeline rewrites the text of the query".to_owned()),
        compared => compared,
    };
    let targets = targets.iter().map(|target| (*target, compared(*target))).collect();
    Tested { test, reference, because, lacking, targets }
}

/// The columns that a pipeline makes a rule read, if no event has any of them.
fn lacking(rule: &Rule<Sigma>, records: &[Record]) -> Vec<String> {
    let columns = named_columns(rule);
    let is_told = columns.iter().any(|column| records.iter().any(|record| record.fields.contains_key(*column)));
    if is_told { Vec::new() } else { columns.into_iter().map(str::to_owned).collect() }
}

/// The places of a rule that make it fire, or keep it from firing, on the events of a test.
fn because(rule: &Rule<Sigma>, expected: Expectation, records: &[Record]) -> Vec<(Span, String)> {
    let mut places: Vec<(Span, String)> = Vec::new();
    let mut add = |span, words: String| {
        if !places.iter().any(|(known, _)| *known == span) {
            places.push((span, words));
        }
    };
    match expected {
        Expectation::NoMatch => {
            let found = eval::evaluate(rule, records);
            for (id, held) in
                found.iter().flat_map(|one| reasons(rule, one, |id| records.iter().find(|record| record.id == id)))
            {
                held.iter().for_each(|one| add(one.span, format!("holds of event {}", id + 1)));
            }
        }
        Expectation::Match => {
            for (record, one) in
                records.iter().flat_map(|record| missing(rule, record).into_iter().map(move |one| (record, one)))
            {
                let number = record.id + 1;
                add(
                    one.span,
                    match one.why {
                        Why::Fails => format!("does not hold of event {number}"),
                        Why::NoneHolds => format!("none of these holds of event {number}"),
                        Why::Holds => format!("must not hold, and does of event {number}"),
                    },
                );
            }
        }
    }
    places
}

/// What is not as the test expects.
fn expected(test: &RuleTest, found: &[Match]) -> Option<String> {
    match (test.expect.node, found) {
        (Expectation::Match, []) => Some("the rule must fire, and does not".to_owned()),
        (Expectation::NoMatch, [first, ..]) => {
            Some(format!("the rule must not fire, and does on {}", numbers(&first.events)))
        }
        (Expectation::NoMatch, []) => None,
        (Expectation::Match, found) => {
            let wanted = test.classification.as_ref()?.node.as_str();
            let wrong = found.iter().find(|one| one.class.as_deref() != Some(wanted))?;
            let class = wrong.class.as_ref().map_or("no class".to_owned(), |class| format!("the class `{class}`"));
            Some(format!("the match on {} must have the class `{wanted}`, and has {class}", numbers(&wrong.events)))
        }
    }
}

fn compare(rule: &Rule<Sigma>, target: Target, records: &[Record]) -> Compared {
    match square(rule, target, records) {
        Ok(square) if square.closes() => Compared::Agrees,
        Ok(square) => Compared::Differs(difference(rule, target, records, &square)),
        Err(NoSquare::Refused(refusals)) => {
            Compared::NoQuery(refusals.first().map_or_else(String::new, |refusal| refusal.message.clone()))
        }
        Err(NoSquare::Declared(reason)) => Compared::NoQuery(reason),
        Err(error @ NoSquare::Evaluate { .. }) => Compared::NotRun(error.to_string()),
        Err(NoSquare::Parse { query, message }) => {
            Compared::Broken(format!("the query cannot be read back: {message}\n{query}"))
        }
    }
}

fn difference(rule: &Rule<Sigma>, target: Target, records: &[Record], square: &Square) -> Difference {
    let missed: Vec<Answer> = square.missed().cloned().collect();
    let extra: Vec<Answer> = square.extra().cloned().collect();
    // Any event between the first and the last of a sequence may be the one that parts.
    let within = |id: u64| missed.iter().chain(&extra).any(|answer| (answer.first..=answer.last).contains(&id));
    let events: Vec<&Record> = records.iter().filter(|record| within(record.id)).collect();
    let assumptions = square.each.iter().flat_map(|(query, _)| query.fidelity.assumptions.iter().cloned()).collect();
    Difference { partings: partings(rule, target, &events), missed, extra, assumptions }
}

/// `event 2`, `events 1 and 3`: ids count from 0, people from 1.
pub fn numbers(ids: &[u64]) -> String {
    let numbers: Vec<String> = ids.iter().map(|id| (id + 1).to_string()).collect();
    match numbers.as_slice() {
        [one] => format!("event {one}"),
        [before @ .., last] => format!("events {} and {last}", before.join(", ")),
        [] => "no event".to_owned(),
    }
}

/// `event 2`, `events 1 to 3`, with the class.
pub fn answer(answer: &Answer) -> String {
    let events = if answer.first == answer.last {
        format!("event {}", answer.last + 1)
    } else {
        format!("events {} to {}", answer.first + 1, answer.last + 1)
    };
    match &answer.class {
        Some(class) => format!("{events} as `{class}`"),
        None => events,
    }
}
