//! From a rule over Sigma's fields to one over the columns of a data model.
//!
//! Promises: the whole rule is looked at, whatever is refused on the way; a refusal of one cause comes once. A source
//! is looked up once for each log source of the rule. Where queries that are not exact are wanted, a test that cannot be
//! said is left out of the AND or OR it stands in, in the direction allowed, and the rest says so.

mod infer;
mod leave_out;
mod list;
pub(crate) mod near;
mod predicate;
mod source;

use crate::convert::{Conversion, Entry, Place};
use crate::{Dialect, Model};
use infer::Inferred;
use predicate::Found;
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Allow, Arm, Body, Branch, Classification, Column, Correlation, Event, Field, Key, Logic, Mapped, Measure, Name,
    Output, OutputField, Refusal, RefusalReason, Rule, Sequence, Sigma, Step,
};
use source::Resolved;
use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

/// Maps a rule to the columns and sources of a data model, for one language.
///
/// Refused: log sources and fields that the model lacks, values that its columns cannot hold, keys that no plain
/// column holds. All of them at once, in the order of the rule.
pub fn map(rule: &Rule<Sigma>, model: &Model, language: Dialect) -> Result<Rule<Mapped>, Vec<Refusal>> {
    map_allowing(rule, model, language, Allow::default()).map(|mapped| mapped.rule)
}

/// A mapped rule that need not say all of its rule.
#[derive(Debug)]
pub struct Loose {
    /// What is left; its tests say in which direction it is inexact.
    pub rule: Rule<Mapped>,
    /// The tests that were left out, and why, in the order of the rule.
    pub left_out: Vec<Refusal>,
}

/// Like [`map`], but leaves out a test that cannot be said where that makes the rule inexact in an allowed direction: a
/// branch of an OR for a query that misses events, of an AND for one that finds more; in a filter the reverse.
pub fn map_allowing(rule: &Rule<Sigma>, model: &Model, language: Dialect, allow: Allow) -> Result<Loose, Vec<Refusal>> {
    if !model.languages().contains(&language) {
        let served = model.languages().iter().map(|one| format!("`{}`", one.name())).collect::<Vec<_>>().join(", ");
        let message = format!("the data model `{}` does not serve `{}`", model.name(), language.name());
        let refusal = Refusal::new(RefusalReason::LogSource, rule.span, message);
        return Err(vec![refusal.help(format!("it serves {served}"))]);
    }
    let (inferred, found, last) = (OnceCell::new(), Vec::new(), RefCell::default());
    let (seen, refusals) = (HashSet::new(), Vec::new());
    let mut mapper = Mapper { rule, model, language, allow, inferred, found, last, seen, refusals, is_refused: false };
    let body = mapper.body(&rule.body);
    let output = rule.output.as_ref().map(|output| mapper.output(output, &rule.body, rule.span));
    if mapper.is_refused {
        return Err(mapper.refusals);
    }
    let rule = Rule { metadata: rule.metadata.clone(), body, output, span: rule.span };
    Ok(Loose { rule, left_out: mapper.refusals })
}

struct Mapper<'m> {
    rule: &'m Rule<Sigma>,
    model: &'m Model,
    language: Dialect,
    /// In which directions tests may be left out.
    allow: Allow,
    /// The columns that the model does not describe, from the rule; asked for where there are any.
    inferred: OnceCell<Inferred>,
    /// The sources looked up so far.
    found: Vec<Resolved<'m>>,
    /// The field that was asked for last, of which source, and where it stands.
    last: RefCell<Option<(Name, usize, Option<&'m Entry>)>>,
    /// The causes refused so far.
    seen: HashSet<(RefusalReason, String)>,
    /// What cannot be said.
    refusals: Vec<Refusal>,
    /// Whether any of it cannot be left out either.
    is_refused: bool,
}

impl Mapper<'_> {
    fn inferred(&self) -> &Inferred {
        self.inferred.get_or_init(|| Inferred::of(self.rule, self.language))
    }

    fn refuse(&mut self, refusal: Refusal) {
        self.is_refused = true;
        self.note(refusal);
    }

    /// Keeps what cannot be said, once for each cause.
    fn note(&mut self, refusal: Refusal) {
        if self.seen.insert((refusal.reason, refusal.message.clone())) {
            self.refusals.push(refusal);
        }
    }

    fn body(&mut self, body: &Body<Sigma>) -> Body<Mapped> {
        match body {
            Body::Event(event) => Body::Event(Event {
                arms: self.arms(&event.arms),
                classification: event.classification.as_ref().map(|classes| self.classification(classes)),
            }),
            Body::Sequence(sequence) => Body::Sequence(self.sequence(sequence)),
            Body::Correlation(correlation) => Body::Correlation(self.correlation(correlation)),
        }
    }

    /// An arm becomes one of each source that serves its log source and has such events.
    fn arms(&mut self, arms: &[Arm<Sigma>]) -> Vec<Arm<Mapped>> {
        let mut mapped = Vec::with_capacity(arms.len());
        for arm in arms {
            let (from, to) = self.resolve(&arm.source);
            let first = mapped.len();
            for at in from..to {
                let predicate = self.predicate(&arm.predicate, at);
                mapped.push(Arm { source: self.found[at].source.clone(), predicate });
            }
            // One of them stays, for a rule that no event can meet.
            let mut index = mapped.len();
            while to - from > 1 && index > first && mapped.len() > first + 1 {
                index -= 1;
                if mapped[index].predicate == Logic::False {
                    mapped.remove(index);
                }
            }
        }
        mapped
    }

    fn classification(&mut self, classes: &Classification<Sigma>) -> Classification<Mapped> {
        let branches = classes.branches.iter().map(|branch| Branch {
            name: branch.name.clone(),
            arms: self.arms(&branch.arms),
            level: branch.level,
            span: branch.span,
        });
        Classification { branches: branches.collect(), otherwise: classes.otherwise.clone(), span: classes.span }
    }

    fn sequence(&mut self, sequence: &Sequence<Sigma>) -> Sequence<Mapped> {
        Sequence {
            steps: sequence.steps.iter().map(|step| self.step(step)).collect(),
            keys: sequence.keys.clone(),
            timespan: sequence.timespan,
            until: sequence.until.as_ref().map(|step| Box::new(self.step(step))),
            span: sequence.span,
        }
    }

    fn correlation(&mut self, correlation: &Correlation<Sigma>) -> Correlation<Mapped> {
        let members = correlation.members.iter().map(|member| self.step(member)).collect();
        let is_numeric = correlation.measure.kind.is_numeric();
        let measured = correlation.measure.fields.iter().zip(&correlation.members);
        let fields = measured.map(|(fields, member)| {
            let sources = self.sources(&member.body);
            fields.iter().flat_map(|field| self.measured_columns(field, &sources, member.span, is_numeric)).collect()
        });
        let measure = Measure {
            kind: correlation.measure.kind,
            fields: fields.collect(),
            percentile: correlation.measure.percentile,
        };
        Correlation {
            measure,
            members,
            keys: correlation.keys.clone(),
            timespan: correlation.timespan,
            thresholds: correlation.thresholds.clone(),
            condition: correlation.condition.clone(),
            span: correlation.span,
        }
    }

    fn step(&mut self, step: &Step<Sigma>) -> Step<Mapped> {
        let body = self.body(&step.body);
        let sources = self.sources(&step.body);
        let keys = step.keys.iter().map(|key| {
            let columns = key.fields.iter().flat_map(|field| self.key_columns(field, &sources, key.span));
            Key { fields: columns.collect(), span: key.span }
        });
        Step { name: step.name.clone(), keys: keys.collect(), body, span: step.span }
    }

    /// Every source that a body reads.
    fn sources(&mut self, body: &Body<Sigma>) -> Vec<Reading> {
        match body {
            Body::Event(event) => event
                .arms
                .iter()
                .flat_map(|arm| {
                    let (from, to) = self.resolve(&arm.source);
                    let reading = |at| Reading { at, initiated: self.direction(&arm.predicate, at) };
                    (from..to).map(reading).collect::<Vec<_>>()
                })
                .collect(),
            Body::Sequence(sequence) => sequence.steps.iter().flat_map(|step| self.sources(&step.body)).collect(),
            Body::Correlation(correlation) => {
                correlation.members.iter().flat_map(|member| self.sources(&member.body)).collect()
            }
        }
    }

    /// The columns that together hold a measured field; numbers stand in one.
    fn measured_columns(
        &mut self,
        field: &Field,
        sources: &[Reading],
        span: Span,
        is_numeric: bool,
    ) -> Vec<Arc<Column>> {
        let columns = self.same_columns(field, sources, span, Role::Measure);
        let as_text = |reading: &Reading| match self.find(field, reading.at) {
            Some(Found::Entry(Entry { conversion: Conversion::Hex(hex), .. })) => {
                hex.0.column.ty == rulecast_ir::ColumnType::Text
            }
            _ => false,
        };
        if is_numeric && sources.iter().any(as_text) {
            let message =
                format!("`{}` stands in hexadecimal text, so that it is no number to be measured", field.name());
            self.refuse(Refusal::new(RefusalReason::Type, span, message));
            return columns;
        }
        if is_numeric && columns.len() > 1 {
            let names = columns.iter().map(|column| format!("`{}`", column.name())).collect::<Vec<_>>().join(" and ");
            let message = format!("`{}` stands in {names}, so that it is no number to be measured", field.name());
            self.refuse(Refusal::new(RefusalReason::Type, span, message));
        }
        columns
    }

    /// The columns that together hold a key.
    fn key_columns(&mut self, field: &Field, sources: &[Reading], span: Span) -> Vec<Arc<Column>> {
        self.same_columns(field, sources, span, Role::Key)
    }

    /// The columns that together hold a field, the same in every source, and equal where it is.
    fn same_columns(&mut self, field: &Field, sources: &[Reading], span: Span, role: Role) -> Vec<Arc<Column>> {
        let (Field::Sigma(name) | Field::Target(name)) = field;
        let mut columns: Option<Vec<Arc<Column>>> = None;
        for &reading in sources {
            let refused = match self.key_in(field, reading) {
                Ok(here) if columns.as_ref().is_none_or(|before| *before == here) => {
                    columns = Some(here);
                    continue;
                }
                Ok(_) => Refusal::new(
                    role.reason(),
                    span,
                    format!("{} `{name}` stands in different columns of the sources of one rule", role.words()),
                ),
                Err(Some(refusal)) => Refusal { span, ..refusal },
                Err(None) => {
                    let model = self.model.name();
                    let message = format!("no column of the data model `{model}` equals {} `{name}`", role.words());
                    let refusal = Refusal::new(role.reason(), span, message);
                    let side = matches!(self.find(field, reading.at), Some(Found::Entry(entry)) if entry.is_an_end());
                    match role {
                        _ if side => refusal.help("ask for the connections that one side began: `Initiated: 'true'`"),
                        Role::Key => refusal.help("join on `HostId`, `UserId` or `ProcessGuid`"),
                        Role::Measure => refusal,
                    }
                }
            };
            self.refuse(refused);
            return Vec::new();
        }
        columns.unwrap_or_default()
    }

    /// The columns of a key in one source; no refusal of its own where a conversion cannot be a key.
    fn key_in(&self, field: &Field, Reading { at, initiated }: Reading) -> Result<Vec<Arc<Column>>, Option<Refusal>> {
        let column = |place: &Place| place.column.clone();
        if let Field::Sigma(name) = field
            && let Some(columns) = self.found[at].entry.keys.get(name)
        {
            return Ok(columns.iter().map(column).collect());
        }
        let (Field::Sigma(name) | Field::Target(name)) = field;
        match self.find(field, at) {
            Some(Found::Column(column)) => Ok(vec![column]),
            Some(Found::Entry(entry)) => match entry.equal_columns(initiated) {
                Some(places) => Ok(places.into_iter().map(column).collect()),
                None => Err(None),
            },
            None => Err(Some(self.unmapped(name, at, Span::default()))),
        }
    }

    fn output(&mut self, output: &Output<Sigma>, body: &Body<Sigma>, span: Span) -> Output<Mapped> {
        let places = |readings: Vec<Reading>| readings.into_iter().map(|one| one.at).collect::<Vec<_>>();
        let all = places(self.sources(body));
        // A result of a sequence is its completing event, which need not have the columns of the steps before.
        let sources = match body {
            Body::Sequence(sequence) => sequence.steps.last().map(|step| places(self.sources(&step.body))),
            Body::Event(_) | Body::Correlation(_) => None,
        };
        let sources = [sources.as_deref().unwrap_or(&all), &all];
        let mut fields = Vec::new();
        for field in &output.fields {
            for shown in self.output_field(field, sources, span) {
                if !fields.contains(&shown) {
                    fields.push(shown);
                }
            }
        }
        let mut sort = Vec::new();
        for (field, descending) in &output.sort {
            sort.extend(self.output_field(field, sources, span).into_iter().map(|shown| (shown, *descending)));
        }
        Output { fields, sort }
    }

    /// The columns that show a field, of every source of `shown` that has it; one of `all` must.
    fn output_field(
        &mut self,
        field: &OutputField<Sigma>,
        [shown, all]: [&[usize]; 2],
        span: Span,
    ) -> Vec<OutputField<Mapped>> {
        let field = match field {
            OutputField::Time => return vec![OutputField::Time],
            OutputField::Class => return vec![OutputField::Class],
            OutputField::Field(field) => field,
        };
        let (Field::Sigma(name) | Field::Target(name)) = field;
        let mut columns: Vec<Arc<Column>> = Vec::new();
        for &at in shown {
            for column in self.shown_columns(field, at) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        if let (true, Some(&at)) = (columns.is_empty(), all.first())
            && all.iter().all(|&at| self.shown_columns(field, at).is_empty())
        {
            let refusal = self.unmapped(name, at, span);
            self.refuse(refusal);
        }
        columns.into_iter().map(OutputField::Field).collect()
    }

    /// The columns that show a field of one source; none if it lacks the field.
    fn shown_columns(&mut self, field: &Field, at: usize) -> Vec<Arc<Column>> {
        let (Field::Sigma(name) | Field::Target(name)) = field;
        match (self.found[at].entry.keys.get(name), self.find(field, at)) {
            (_, Some(Found::Column(column))) => vec![column],
            (_, Some(Found::Entry(entry))) => entry.shown().into_iter().map(|one| one.column.clone()).collect(),
            (Some(key), None) => key.iter().map(|one| one.column.clone()).collect(),
            (None, None) => Vec::new(),
        }
    }
}

/// A source that is read.
#[derive(Clone, Copy)]
struct Reading {
    /// Its place in `found`.
    at: usize,
    /// Which side began the connection, where the rule fixes it.
    initiated: Option<bool>,
}

/// What a field is for, beside the tests of it.
#[derive(Clone, Copy)]
enum Role {
    /// Events belong together where it is equal.
    Key,
    /// Its values are counted or computed with.
    Measure,
}

impl Role {
    fn words(self) -> &'static str {
        match self {
            Role::Key => "the key",
            Role::Measure => "the measured field",
        }
    }

    fn reason(self) -> RefusalReason {
        match self {
            Role::Key => RefusalReason::Sequence,
            Role::Measure => RefusalReason::Correlation,
        }
    }
}

#[cfg(test)]
mod tests;
