//! One target, many generated rules, and what came of them.

use super::assume::Assumed;
use super::dice::Dice;
use super::fault::Fault;
use super::setting::{self, Setting};
use super::shrink;
use super::wish::{Kind, Polarity, Wish, quoted};
use crate::outcome::dialect;
use crate::square::square_of;
use crate::{Allow, Language, NoSquare, Outcome, Square, Target, Unit, compile};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Assumption, Body, Record, Rule, Scalar, Sigma, Step};
use rulecast_pipeline::{Model, schema};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rules generated.
    pub rules: usize,
    /// Of those, with a query.
    pub converted: usize,
    /// Pairs of a rule and an event of its stream that both ways round answered.
    pub cases: usize,
    /// Rules whose query the evaluator of the language would not run.
    pub not_evaluated: usize,
    /// What it said, and how often.
    pub refusals: BTreeMap<String, usize>,
    /// Pairs of which the rule and the queries agree that it fires.
    pub fired: usize,
    /// Tests in queries that were compared.
    pub places: BTreeMap<(Kind, Polarity), usize>,
    /// What did not close, shrunk.
    pub differences: Vec<Difference>,
}

/// A rule and events of which a query says something else than the rule.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The rule.
    pub yaml: String,
    /// The events.
    pub events: Vec<Record>,
    /// Whether the rule fires on them.
    pub fires: bool,
    /// What parts.
    pub what: String,
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Over this target.
    pub target: Target,
    /// At least that many cases.
    pub cases: usize,
    /// Where chance begins.
    pub seed: u64,
    /// A fault put into what is compiled.
    pub fault: Option<Fault>,
    /// How many differences end the run.
    pub differences: usize,
}

/// How one rule and its events came out.
pub(super) enum Closing {
    /// The text is no rule, for this reason.
    NoRule(String),
    /// The rule has no query.
    None,
    /// The evaluator of the language will not run it.
    NotEvaluated(String),
    /// Both answer alike, on so many firings.
    Closed(usize),
    /// They do not: what parts, over which events, and whether the rule fires.
    Open(String, Vec<Record>, bool),
}

impl Run {
    /// Runs.
    pub fn run(self) -> Report {
        let mut report = Report::default();
        let mut dice = Dice::new(self.seed);
        while report.cases < self.cases && report.rules < self.cases.max(100) {
            let setting = &self.setting(report.rules);
            let wish = setting.wish(&mut dice);
            let events = setting.events(&mut dice, &wish);
            report.rules += 1;
            if self.fault == Some(Fault::TimespanOffByOne) && matches!(wish, Wish::Event(_)) {
                continue;
            }
            match self.close(setting, &wish, &events) {
                Closing::NoRule(problem) => {
                    panic!("the generator wrote what is no rule: {problem}\n{}", wish.yaml(setting.log_source))
                }
                Closing::None => continue,
                Closing::NotEvaluated(why) => {
                    report.not_evaluated += 1;
                    *report.refusals.entry(why).or_default() += 1;
                }
                Closing::Closed(fired) => {
                    report.cases += events.len();
                    report.fired += fired;
                    wish.places().into_iter().for_each(|place| *report.places.entry(place).or_default() += 1);
                }
                // Not the fault's doing.
                Closing::Open(..) if self.fault.is_some() && self.is_open_without_fault(setting, &wish, &events) => {
                    continue;
                }
                Closing::Open(..) => {
                    report.cases += events.len();
                    let (wish, events) = shrink::shrink(wish, events, |wish, events| {
                        matches!(self.close(setting, wish, events), Closing::Open(..))
                    });
                    let Closing::Open(what, events, fires) = self.close(setting, &wish, &events) else {
                        unreachable!("what shrinks stays open")
                    };
                    report.differences.push(Difference { yaml: wish.yaml(setting.log_source), events, fires, what });
                }
            }
            report.converted += 1;
            if report.differences.len() >= self.differences {
                break;
            }
        }
        report
    }

    fn is_open_without_fault(self, setting: &Setting, wish: &Wish, events: &[Record]) -> bool {
        matches!(Run { fault: None, ..self }.close(setting, wish, events), Closing::Open(..))
    }

    pub(super) fn setting(self, index: usize) -> Setting {
        match (self.target.model, index % 3) {
            // EQL refuses these kinds: they are asked for now and then, to see that it does.
            ("none", _) if self.target.language == Language::Eql && !index.is_multiple_of(10) => {
                setting::NONE.without(&[Kind::Keyword, Kind::FieldRef])
            }
            ("none", _) => setting::NONE,
            (_, 0) => setting::PROCESSES,
            (_, 1) => setting::CONNECTIONS,
            _ => setting::REGISTRY,
        }
    }

    pub(super) fn close(self, setting: &Setting, wish: &Wish, events: &[Record]) -> Closing {
        let yaml = wish.yaml(setting.log_source);
        let rule = match resolved(&yaml) {
            Ok(rule) => rule,
            Err(problem) => return Closing::NoRule(problem),
        };
        let said = match self.fault.map(|fault| fault.put_into(&rule)) {
            Some(None) => return Closing::None,
            Some(Some(said)) => said,
            None => rule.clone(),
        };
        // Assumed is what the true rule's query assumes, not what a faulty one does.
        let Some((assumptions, schema)) = self.known(&rule) else { return Closing::None };
        let mut events = events.to_vec();
        let assumed = Assumed { target: self.target, setting, wish, assumptions: &assumptions, schema: &schema };
        events.iter_mut().for_each(|event| assumed.repair(event));
        match square_of(&rule, &said, self.target, &events) {
            Ok(square) if square.closes() => Closing::Closed(square.rule.len()),
            Ok(square) => Closing::Open(parted(&square), events, !square.rule.is_empty()),
            Err(NoSquare::Refused(_) | NoSquare::Declared(_)) => Closing::None,
            Err(unread @ NoSquare::Parse { .. }) => Closing::Open(unread.to_string(), events, false),
            Err(NoSquare::Evaluate { message, .. }) => Closing::NotEvaluated(message),
        }
    }

    pub(super) fn known(self, rule: &Rule<Sigma>) -> Option<(BTreeSet<Assumption>, rulecast_ir::Schema)> {
        let Outcome::Queries(queries) = compile(rule, self.target, Allow::default()) else { return None };
        let model = Model::builtin(self.target.model)?;
        let mapped = crate::outcome::mapped(rule, self.target).ok()?;
        let assumptions = queries.into_iter().flat_map(|query| query.fidelity.assumptions).collect();
        Some((assumptions, schema(&mapped, model, dialect(self.target.language))))
    }
}

/// The rule of a YAML text.
pub(super) fn resolved(yaml: &str) -> Result<Rule<Sigma>, String> {
    let parsed = rulecast_rule::parse(FileId(0), yaml);
    let resolved = Unit::new(parsed.documents).resolve();
    let mut problems = parsed.diagnostics.iter().chain(&resolved.diagnostics);
    if let Some(problem) = problems.find(|problem| problem.severity == Severity::Error) {
        return Err(problem.message.clone());
    }
    let named = |wanted: &str| {
        let is = |rule: &&Rule<Sigma>| rule.metadata.0.title.as_ref().is_some_and(|title| title.node == wanted);
        resolved.rules.iter().find(is).cloned()
    };
    let mut rule = named("wanted").ok_or_else(|| "there is none".to_owned())?;
    // Sequences have an end in the model, and rules have no word for it so far.
    if let (Body::Sequence(sequence), Some(until)) = (&mut rule.body, named("until")) {
        let first = &sequence.steps[0];
        sequence.until = Some(Box::new(Step { name: "until".into(), body: until.body, ..first.clone() }));
    }
    Ok(rule)
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

fn parted(square: &Square) -> String {
    let mut out = String::new();
    square.missed().for_each(|answer| line(&mut out, format_args!("missed: {answer:?}")));
    square.extra().for_each(|answer| line(&mut out, format_args!("found in excess: {answer:?}")));
    square.each.iter().for_each(|(query, _)| line(&mut out, format_args!("{}", query.text)));
    out
}

impl Difference {
    /// The rule with the events as an inline test, and what parts as comments.
    pub fn as_test(&self) -> String {
        let mut out = self.yaml.clone();
        let expect = if self.fires { "match" } else { "no_match" };
        let _ = write!(out, "tests:\n  - name: the smallest difference\n    expect: {expect}\n    events:\n");
        let start = self.events.first().map_or(0, |event| event.time);
        for event in &self.events {
            let _ = writeln!(out, "      - offset: {}s", (event.time - start) / 1000);
            for (field, values) in &event.fields {
                let values: Vec<String> = values.iter().map(written).collect();
                let values = if let [one] = &values[..] { one.clone() } else { format!("[{}]", values.join(", ")) };
                let _ = writeln!(out, "        {field}: {values}");
            }
        }
        self.what.lines().for_each(|part| line(&mut out, format_args!("# {part}")));
        out
    }
}

fn written(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => quoted(text),
        Scalar::Float(number) => format!("{number:?}"),
        other => other.text(),
    }
}
