//! The square: a rule over events, and its queries over the same events as a SIEM holds them.
//!
//! Both ways round must give the same answer. One way is the reference evaluator. The other maps, lowers and prints the
//! rule, parses the text again, projects the events by the data model and runs the language's own evaluator.

use crate::outcome::{declared_refusal, dialect, lowered_loose, mapped, mapped_allowing, model};
use crate::{Allow, Language, Outcome, Query, Role, Target};
use rulecast_ir::eval::{self, Match};
use rulecast_ir::{
    Body, Field, LogSource, Name, Record, RecordSource, Refusal, ResultRow, Row, Rule, Scalar, Schema, Sigma, Step,
    Subject, Test,
};
use rulecast_pipeline::{project_with, schema};
use std::collections::BTreeSet;

/// The column that holds the class, in languages that compute one.
const CLASS: &str = "class";

/// How a rule and its queries answer over the same events.
#[derive(Clone, Debug, PartialEq)]
pub struct Square {
    /// What the rule means, by the reference evaluator.
    pub rule: BTreeSet<Answer>,
    /// What its queries say together.
    pub queries: BTreeSet<Answer>,
    /// What each query says, in the order of the outcome.
    pub each: Vec<(Query, BTreeSet<Answer>)>,
}

/// One time that a rule fires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// The id of its first event. Where the queries tell only the last event of a sequence, and for every other
    /// correlation, it is that one, both ways round.
    pub first: u64,
    /// The id of its last event: the same, unless it is a sequence.
    pub last: u64,
    /// The class, where the rule has classes and one holds.
    pub class: Option<Name>,
}

/// Why there is nothing to compare.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoSquare {
    /// The rule has no query on the target.
    #[error("the rule has no query on the target")]
    Refused(Vec<Refusal>),
    /// The rule says that it has no query on the target.
    #[error("the rule declares that it has no query on the target: {0}")]
    Declared(String),
    /// The text of a query is not read back: an error of Rulecast.
    #[error("the query cannot be read back: {message}")]
    Parse {
        /// The query.
        query: String,
        /// What the parser says.
        message: String,
    },
    /// A query is not evaluated.
    #[error("the query cannot be evaluated: {message}")]
    Evaluate {
        /// The query.
        query: String,
        /// What the evaluator says.
        message: String,
    },
}

impl Square {
    /// Whether both ways round give the same answer.
    pub fn closes(&self) -> bool {
        self.rule == self.queries
    }

    /// What the rule means and the queries miss.
    pub fn missed(&self) -> impl Iterator<Item = &Answer> {
        self.rule.difference(&self.queries)
    }

    /// What the queries find and the rule does not mean.
    pub fn extra(&self) -> impl Iterator<Item = &Answer> {
        self.queries.difference(&self.rule)
    }
}

impl From<Match> for Answer {
    fn from(found: Match) -> Self {
        let first = found.events.first().copied().unwrap_or_default();
        Self { first, last: found.events.last().copied().unwrap_or(first), class: found.class }
    }
}

/// Takes a rule and events both ways round one target.
///
/// An event that names no log source, or only a part of one, is taken to be of those that the rule reads. Without a data
/// model, the one relation is taken to hold those alone, as its user must see to.
pub fn square(rule: &Rule<Sigma>, target: Target, records: &[Record]) -> Result<Square, NoSquare> {
    Corners::new(rule, target)?.square(records)
}

/// The same with queries that need not be exact: whether each is as its verdict says is for the caller to see.
pub fn square_allowing(
    rule: &Rule<Sigma>,
    target: Target,
    allow: Allow,
    records: &[Record],
) -> Result<Square, NoSquare> {
    Corners::allowing(rule, target, allow)?.square(records)
}

/// A rule with its queries, read back: what there is of a square before the events come.
#[derive(Debug)]
pub(crate) struct Corners<'r> {
    rule: &'r Rule<Sigma>,
    target: Target<'r>,
    queries: Vec<(Query, Parsed)>,
    /// Of the columns that the rule reads.
    pub(crate) schema: Schema,
}

#[derive(Debug)]
enum Parsed {
    Eql(rulecast_eql::Query),
    Spl(rulecast_spl::Query),
    Kql(rulecast_kql::ast::Query),
}

impl<'r> Corners<'r> {
    /// Compiles a rule, and reads its queries back.
    pub(crate) fn new(rule: &'r Rule<Sigma>, target: Target<'r>) -> Result<Self, NoSquare> {
        Self::allowing(rule, target, Allow::default())
    }

    fn allowing(rule: &'r Rule<Sigma>, target: Target<'r>, allow: Allow) -> Result<Self, NoSquare> {
        let mapped = match declared_refusal(rule, target) {
            Some(reason) => return Err(NoSquare::Declared(reason)),
            None => mapped_allowing(rule, target, allow).map_err(NoSquare::Refused)?,
        };
        let model = model(rule, target).map_err(NoSquare::Refused)?;
        let schema = schema(&mapped.rule, &model, dialect(target.language));
        let queries = match lowered_loose(&mapped, target, allow) {
            Outcome::Queries(queries) => queries,
            Outcome::Refused(refusals) => return Err(NoSquare::Refused(refusals)),
            Outcome::Declared { reason } => return Err(NoSquare::Declared(reason)),
        };
        let read = |query: Query| Ok((parsed(&query.text, target.language)?, query));
        let queries = queries.into_iter().map(read).map(|one| one.map(|(parsed, query)| (query, parsed)));
        Ok(Self { rule, target, queries: queries.collect::<Result<_, NoSquare>>()?, schema })
    }

    /// The queries.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Query> {
        self.queries.iter().map(|(query, _)| query)
    }

    /// The same, with other texts in place of the queries'; none if no text is another.
    pub(crate) fn altered(mut self, alter: impl Fn(&str) -> String) -> Result<Option<Self>, NoSquare> {
        let mut changed = false;
        for (query, read) in &mut self.queries {
            let text = alter(&query.text);
            if text != query.text {
                changed = true;
                *read = parsed(&text, self.target.language)?;
                query.text = text;
            }
        }
        Ok(changed.then_some(self))
    }

    /// With what a compiler made of the rule, and may have got wrong, in place of its queries.
    pub(crate) fn with(mut self, said: &Rule<Sigma>) -> Result<Self, NoSquare> {
        self.queries = Corners::new(said, self.target)?.queries;
        Ok(self)
    }

    /// Both ways round with these events.
    pub(crate) fn square(&self, records: &[Record]) -> Result<Square, NoSquare> {
        let mut meant: BTreeSet<Answer> = eval::evaluate(self.rule, records).into_iter().map(Answer::from).collect();
        let mut each: Vec<(Query, BTreeSet<Answer>)> = Vec::with_capacity(self.queries.len());
        let rows = rows(self.rule, self.target, &self.schema, records);
        for (query, parsed) in &self.queries {
            let found = run(parsed, &rows, &self.schema)
                .map_err(|message| NoSquare::Evaluate { query: query.text.clone(), message })?;
            let single = matches!(self.rule.body, Body::Event(_));
            each.push((query.clone(), found.iter().flat_map(|row| answers(row, single)).collect()));
        }
        let lasts_only = match &self.rule.body {
            Body::Event(_) => false,
            // No sequence starts with the event that completes it. One that starts with a correlation starts, as the
            // query tells it, with the first event of that.
            Body::Sequence(sequence) => {
                !matches!(sequence.steps.first().map(|step| &step.body), Some(Body::Event(_)))
                    || each.iter().flat_map(|(_, found)| found).any(|answer| answer.first == answer.last)
            }
            Body::Correlation(_) => true,
        };
        if lasts_only {
            let ends =
                |all: &BTreeSet<Answer>| all.iter().map(|one| Answer { first: one.last, ..one.clone() }).collect();
            meant = ends(&meant);
            each.iter_mut().for_each(|(_, found)| *found = ends(found));
        }
        Ok(Square { rule: meant, queries: together(&each), each })
    }
}

/// The text of a query, parsed and printed again: the same, if the parser reads what the printer writes.
pub fn read_back(text: &str, language: Language) -> Result<String, NoSquare> {
    Ok(match parsed(text, language)? {
        Parsed::Eql(query) => query.to_string(),
        Parsed::Kql(query) => query.to_string(),
        Parsed::Spl(query) => query.to_string(),
    })
}

fn parsed(text: &str, language: Language) -> Result<Parsed, NoSquare> {
    let read = match language {
        Language::Eql => rulecast_eql::parse(text).map(Parsed::Eql).map_err(|error| error.to_string()),
        Language::Kql => rulecast_kql::parse::parse(text).map(Parsed::Kql).map_err(|error| error.to_string()),
        Language::Spl => rulecast_spl::parse(text).map(Parsed::Spl).map_err(|error| error.to_string()),
    };
    read.map_err(|message| NoSquare::Parse { query: text.to_owned(), message })
}

/// What the text of a query gives over rows, by our parser and evaluator of its language.
pub fn evaluate(text: &str, language: Language, rows: &[Row], schema: &Schema) -> Result<Vec<ResultRow>, NoSquare> {
    let unevaluated = |message: String| NoSquare::Evaluate { query: text.to_owned(), message };
    run(&parsed(text, language)?, rows, schema).map_err(unevaluated)
}

/// What one query gives over rows, or why it does not.
fn run(query: &Parsed, rows: &[Row], schema: &Schema) -> Result<Vec<ResultRow>, String> {
    match query {
        Parsed::Eql(query) => rulecast_eql::evaluate(query, rows, schema).map_err(|error| error.to_string()),
        Parsed::Kql(query) => {
            rulecast_kql::eval::Database::new(rows, schema).evaluate(query).map_err(|error| error.to_string())
        }
        // A macro finds the rows that the data model puts into it.
        Parsed::Spl(query) => {
            rulecast_spl::evaluate(query, rows, &rulecast_spl::Macros::default()).map_err(|error| error.to_string())
        }
    }
}

/// What a row of a result says, with the class that the query computes. Of a rule of single events, a row may stand for
/// several that agree.
fn answers(row: &ResultRow, single: bool) -> Vec<Answer> {
    let class = row.columns.get(CLASS).and_then(|values| values.first()).map(Scalar::text);
    let class = class.filter(|class| !class.is_empty()).map(Name::from);
    let found = |first: u64, last: u64| Answer { first, last, class: class.clone() };
    match (row.ids.as_slice(), single) {
        (ids, true) => ids.iter().map(|id| found(*id, *id)).collect(),
        ([first, .., last], false) => vec![found(*first, *last)],
        (ids, false) => ids.iter().map(|id| found(*id, *id)).collect(),
    }
}

/// The events as a SIEM holds them, with the types of its columns, for a rule that has queries on the target. What an
/// event leaves open of its log source is taken from those of the rule.
pub fn held(rule: &Rule<Sigma>, target: Target, records: &[Record]) -> (Vec<Row>, Schema) {
    let mapped = mapped(rule, target).expect("a rule with queries is mapped");
    let model = model(rule, target).expect("a rule with queries is mapped");
    let schema = schema(&mapped, &model, dialect(target.language));
    (rows(rule, target, &schema, records), schema)
}

fn rows(rule: &Rule<Sigma>, target: Target, schema: &Schema, records: &[Record]) -> Vec<Row> {
    let model = model(rule, target).expect("a rule with queries is mapped");
    let language = dialect(target.language);
    let mut read = Vec::new();
    log_sources(&rule.body, &mut read);
    let scoped = !model.passes();
    let held = records.iter().filter(|record| scoped || read.iter().any(|source| record.is_of(source)));
    let mut columns = Vec::new();
    named_by_pipelines(&rule.body, &mut columns);
    held.flat_map(|record| project_with(&narrowed(record, &read), &columns, &model, language, schema)).collect()
}

fn narrowed(record: &Record, read: &[&LogSource]) -> Record {
    let all = [RecordSource::default()];
    let sources = record.log_sources.as_deref().unwrap_or(&all).iter().flat_map(|own| {
        let served: Vec<RecordSource> =
            read.iter().filter(|wanted| own.serves(wanted)).map(|wanted| filled(own, wanted)).collect();
        if served.is_empty() { vec![own.clone()] } else { served }
    });
    Record { log_sources: Some(sources.collect()), ..record.clone() }
}

fn filled(own: &RecordSource, wanted: &LogSource) -> RecordSource {
    let or = |own: &Option<Name>, wanted: &Option<Name>| own.clone().or_else(|| wanted.clone());
    RecordSource {
        product: or(&own.product, &wanted.product),
        category: or(&own.category, &wanted.category),
        service: or(&own.service, &wanted.service),
    }
}

/// The log sources that a rule reads.
fn log_sources<'r>(body: &'r Body<Sigma>, read: &mut Vec<&'r LogSource>) {
    match body {
        Body::Event(event) => read.extend(event.arms.iter().map(|arm| &arm.source)),
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|step| log_sources(&step.body, read));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|member| log_sources(&member.body, read));
        }
    }
}

/// The columns that a rule reads by their own names, as pipelines make it.
pub fn named_columns(rule: &Rule<Sigma>) -> Vec<&str> {
    let mut columns = Vec::new();
    named_by_pipelines(&rule.body, &mut columns);
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn named_by_pipelines<'r>(body: &'r Body<Sigma>, columns: &mut Vec<&'r str>) {
    let mut steps: Vec<&Step<Sigma>> = Vec::new();
    let mut fields: Vec<&Field> = Vec::new();
    match body {
        Body::Event(event) => {
            let classes = event.classification.iter().flat_map(|classes| &classes.branches);
            for arm in event.arms.iter().chain(classes.flat_map(|branch| &branch.arms)) {
                arm.predicate.for_each(&mut |atom| {
                    fields.extend(if let Subject::Field(field) = &atom.subject { Some(field) } else { None });
                    fields.extend(if let Test::Field { other, .. } = &atom.test { Some(other) } else { None });
                });
            }
        }
        Body::Sequence(sequence) => steps.extend(sequence.steps.iter().chain(sequence.until.as_deref())),
        Body::Correlation(correlation) => {
            steps.extend(&correlation.members);
            fields.extend(correlation.measure.fields.iter().flatten());
        }
    }
    for step in steps {
        fields.extend(step.keys.iter().flat_map(|key| &key.fields));
        named_by_pipelines(&step.body, columns);
    }
    columns.extend(fields.into_iter().filter_map(|field| match field {
        Field::Target(name) => Some(&**name),
        Field::Sigma(_) => None,
    }));
}

/// The answer of all queries: where each class has a query of its own, they together give the class.
fn together(each: &[(Query, BTreeSet<Answer>)]) -> BTreeSet<Answer> {
    let mut all = BTreeSet::new();
    let mut classed = BTreeSet::new();
    for (query, found) in each {
        if let Role::Branch { name, .. } = &query.role {
            classed.extend(found.iter().map(|answer| (answer.first, answer.last)));
            all.extend(found.iter().map(|answer| Answer { class: Some(name.clone()), ..*answer }));
        }
    }
    let whole = each.iter().filter(|(query, _)| query.role == Role::Rule).flat_map(|(_, found)| found);
    all.extend(whole.filter(|answer| !classed.contains(&(answer.first, answer.last))).cloned());
    all
}
