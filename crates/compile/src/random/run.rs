//! One target, many generated rules, and what came of them.

use super::assume::Assumed;
use super::coverage::Coverage;
use super::dice::Dice;
use super::difference::{Difference, parted};
use super::fault::Fault;
use super::setting::Setting;
use super::shrink;
use super::wish::Wish;
use crate::processing::Pipelines;
use crate::square::Corners;
use crate::{NoSquare, Target, Unit};
use rulecast_diagnostics::{FileId, Severity};
use rulecast_ir::{Assumption, Body, Record, Refusal, Rule, Sigma, Step};
use std::collections::{BTreeMap, BTreeSet};

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rules generated.
    pub rules: usize,
    /// Of those, with a query.
    pub converted: usize,
    /// Why the others have none, without what is of one rule alone, and how many.
    pub refused: BTreeMap<String, usize>,
    /// Pairs of a rule and an event of its stream that both ways round answered.
    pub cases: usize,
    /// Rules whose query the evaluator of the language would not run.
    pub not_evaluated: usize,
    /// What it said, and how often.
    pub reasons: BTreeMap<String, usize>,
    /// Pairs of which the rule and the queries agree that it fires.
    pub fired: usize,
    /// Tests in queries that were compared.
    pub coverage: Coverage,
    /// What did not close, shrunk.
    pub differences: Vec<Difference>,
}

/// What to run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Over this target.
    pub target: Target<'static>,
    /// At least that many cases.
    pub cases: usize,
    /// Where chance begins.
    pub seed: u64,
    /// A fault put into what is compiled.
    pub fault: Option<Fault>,
    /// How many differences end the run.
    pub differences: usize,
}

/// A rule with a query, and events that are as the query assumes them to be.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The rule.
    pub rule: Rule<Sigma>,
    /// As it was written.
    pub yaml: String,
    /// The events.
    pub events: Vec<Record>,
    /// What its queries assume.
    pub assumptions: BTreeSet<Assumption>,
}

/// How one rule and its events came out.
enum Closing {
    /// The text is no rule, for this reason.
    NoRule(String),
    /// The rule has no query.
    Refused(Vec<Refusal>),
    /// The target declares, or the reference evaluator says, that there is nothing to compare.
    None,
    /// The fault does not touch it.
    Untouched,
    /// The evaluator of the language will not run it.
    NotEvaluated(String),
    /// Both answer alike, on so many firings over these events.
    Closed(usize, Vec<Record>),
    /// They do not: what parts, over which events, and whether the rule fires.
    Open(String, Vec<Record>, bool),
}

impl Report {
    /// Adds what came of another run.
    pub fn add(&mut self, other: Report) {
        self.rules += other.rules;
        self.converted += other.converted;
        self.cases += other.cases;
        self.not_evaluated += other.not_evaluated;
        self.fired += other.fired;
        other.refused.into_iter().for_each(|(why, count)| *self.refused.entry(why).or_default() += count);
        other.reasons.into_iter().for_each(|(why, count)| *self.reasons.entry(why).or_default() += count);
        self.coverage.add(&other.coverage);
        self.differences.extend(other.differences);
    }

    fn refuse(&mut self, refusals: &[Refusal]) {
        let why: BTreeSet<String> = refusals.iter().map(|refusal| kind_of(&refusal.message)).collect();
        why.into_iter().for_each(|why| *self.refused.entry(why).or_default() += 1);
    }
}

/// A message without what is of one rule alone.
fn kind_of(message: &str) -> String {
    let pieces = message.split('`').enumerate();
    pieces.map(|(index, piece)| if index % 2 == 0 { piece } else { "…" }).collect()
}

impl Run {
    /// Runs.
    pub fn run(self) -> Report {
        self.over(|setting, dice| setting.wish(self.target.language, dice))
    }

    /// Runs over correlations that count, and other rules only where events cannot be counted.
    pub fn run_correlations(self) -> Report {
        let language = self.target.language;
        self.over(
            |setting, dice| {
                if setting.is_countable() { setting.counting(language, dice) } else { setting.wish(language, dice) }
            },
        )
    }

    /// After how many cases the fault is found, if within those of the run.
    pub fn found_after(self) -> Option<usize> {
        let report =
            Run { differences: 1, ..self }.search(|setting, dice| setting.wish(self.target.language, dice), false);
        (!report.differences.is_empty()).then_some(report.cases)
    }

    fn over(self, wish: impl Fn(&Setting, &mut Dice) -> Wish) -> Report {
        self.search(wish, true)
    }

    fn search(self, wish: impl Fn(&Setting, &mut Dice) -> Wish, shrinks: bool) -> Report {
        let mut report = Report::default();
        let mut dice = Dice::new(self.seed);
        while report.cases < self.cases && report.rules < self.cases.max(100) {
            let setting = &Setting::of(self.target, &mut dice);
            let mut wish = wish(setting, &mut dice);
            if self.fault.is_none() && dice.percent(10) {
                wish.disguise(&mut dice, setting.is_free());
            }
            let events = setting.events(&mut dice, &wish);
            report.rules += 1;
            match self.close(setting, &wish, &events) {
                Closing::NoRule(problem) => {
                    panic!("the generator wrote what is no rule: {problem}\n{}", wish.yaml(setting))
                }
                Closing::Refused(refusals) => {
                    report.refuse(&refusals);
                    continue;
                }
                Closing::None | Closing::Untouched => continue,
                Closing::NotEvaluated(why) => {
                    report.not_evaluated += 1;
                    *report.reasons.entry(why).or_default() += 1;
                }
                Closing::Closed(fired, events) => {
                    report.cases += events.len();
                    report.fired += fired;
                    report.coverage.count(&wish, &events);
                    if let Wish::Counting { counting, .. } = &wish {
                        report.coverage.correlations.count(counting, events.len(), fired);
                    }
                }
                // Not the fault's doing.
                Closing::Open(..) if self.fault.is_some() && self.is_open_without_fault(setting, &wish, &events) => {
                    continue;
                }
                Closing::Open(what, events, fires) if !shrinks => {
                    report.cases += events.len();
                    report.differences.push(Difference { yaml: wish.yaml(setting), events, fires, what });
                }
                Closing::Open(..) => {
                    report.cases += events.len();
                    let (wish, events) = shrink::shrink(wish, events, |wish, events| {
                        matches!(self.close(setting, wish, events), Closing::Open(..))
                    });
                    let Closing::Open(what, events, fires) = self.close(setting, &wish, &events) else {
                        unreachable!("what shrinks stays open")
                    };
                    report.differences.push(Difference { yaml: wish.yaml(setting), events, fires, what });
                }
            }
            report.converted += 1;
            if report.differences.len() >= self.differences {
                break;
            }
        }
        report
    }

    /// As many rules with queries, and their events.
    pub fn samples(self, count: usize) -> Vec<Sample> {
        let mut dice = Dice::new(self.seed);
        let mut samples = Vec::with_capacity(count);
        while samples.len() < count {
            let setting = &Setting::of(self.target, &mut dice);
            let wish = setting.wish(self.target.language, &mut dice);
            let mut events = setting.events(&mut dice, &wish);
            let yaml = wish.yaml(setting);
            let Ok(rule) = resolved(&yaml) else { continue };
            let Ok(corners) = Corners::new(&rule, self.target) else { continue };
            let assumptions = self.repair(&corners, setting, &wish, &mut events);
            drop(corners);
            samples.push(Sample { rule, yaml, events, assumptions });
        }
        samples
    }

    fn is_open_without_fault(self, setting: &Setting, wish: &Wish, events: &[Record]) -> bool {
        matches!(Run { fault: None, ..self }.close(setting, wish, events), Closing::Open(..))
    }

    fn close(self, setting: &Setting, wish: &Wish, events: &[Record]) -> Closing {
        let plain = wish.plain();
        let rule = match resolved(&plain.as_ref().unwrap_or(wish).yaml(setting)) {
            Ok(rule) => rule,
            Err(problem) => return Closing::NoRule(problem),
        };
        let corners = match Corners::new(&rule, self.target) {
            Ok(corners) => corners,
            Err(unread @ NoSquare::Parse { .. }) => return Closing::Open(unread.to_string(), events.to_vec(), false),
            Err(NoSquare::Refused(refusals)) => return Closing::Refused(refusals),
            Err(_) => return Closing::None,
        };
        // Assumed is what the true rule's query assumes, not what a faulty one does.
        let mut events = events.to_vec();
        self.repair(&corners, setting, wish, &mut events);
        let corners = match self.fault {
            None if plain.is_some() => match wish.rewritten(&wish.yaml(setting)).map(|said| corners.with(&said)) {
                Ok(Ok(corners)) => corners,
                Ok(Err(none)) => {
                    let why = if let NoSquare::Refused(refusals) = &none { &refusals[0].message } else { "" };
                    return Closing::Open(format!("rewritten by\n{}{none}: {why}", wish.pipeline()), events, false);
                }
                Err(problem) => return Closing::NoRule(problem),
            },
            None => corners,
            Some(fault) => match fault.put_into(&rule, self.target.language, corners) {
                Some(Ok(corners)) => corners,
                // What is no query any more would be found by any engine.
                None | Some(Err(_)) => return Closing::Untouched,
            },
        };
        match corners.square(&events) {
            Ok(square) if square.closes() => Closing::Closed(square.rule.len(), events),
            Ok(square) => {
                let by = plain.map_or_else(String::new, |_| format!("rewritten by\n{}", wish.pipeline()));
                Closing::Open(by + &parted(&square), events, !square.rule.is_empty())
            }
            Err(NoSquare::Evaluate { message, .. }) => Closing::NotEvaluated(message),
            Err(_) => Closing::None,
        }
    }

    /// Makes the events such as the queries assume, and returns what they assume.
    pub(super) fn repair(
        self,
        corners: &Corners<'_>,
        setting: &Setting,
        wish: &Wish,
        events: &mut [Record],
    ) -> BTreeSet<Assumption> {
        let assumptions = corners.queries().flat_map(|query| query.fidelity.assumptions.iter().cloned()).collect();
        let assumed =
            Assumed { target: self.target, setting, wish, assumptions: &assumptions, schema: &corners.schema };
        events.iter_mut().for_each(|event| assumed.repair(event));
        assumptions
    }
}

/// The rule of a YAML text.
pub(super) fn resolved(yaml: &str) -> Result<Rule<Sigma>, String> {
    resolved_with(yaml, &Pipelines::default())
}

/// The same, as pipelines leave it.
pub(super) fn resolved_with(yaml: &str, pipelines: &Pipelines) -> Result<Rule<Sigma>, String> {
    let parsed = rulecast_rule::parse(FileId(0), yaml);
    let (resolved, _) = Unit::new(parsed.documents).resolve_with(pipelines);
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
