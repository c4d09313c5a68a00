//! The square: a rule over events, and its queries over the same events as a SIEM holds them.
//!
//! Both ways round must give the same answer. One way is the reference evaluator. The other maps, lowers and prints the
//! rule, parses the text again, projects the events by the data model and runs the language's own evaluator.

use crate::{Allow, Outcome, Query, Role, Target, compile};
use rulecast_ir::eval::{self, Match, NotEvaluated};
use rulecast_ir::{Name, Record, Refusal, Rule, Sigma};
use std::collections::BTreeSet;

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
    /// The id of its first event.
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
    /// The reference evaluator does not know the rule's kind.
    #[error(transparent)]
    Reference(#[from] NotEvaluated),
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
/// An event that names no log source, or only a part of one, is taken to be of those that the rule reads.
pub fn square(rule: &Rule<Sigma>, target: Target, records: &[Record]) -> Result<Square, NoSquare> {
    let queries = match compile(rule, target, Allow::default()) {
        Outcome::Queries(queries) => queries,
        Outcome::Refused(refusals) => return Err(NoSquare::Refused(refusals)),
        Outcome::Declared { reason } => return Err(NoSquare::Declared(reason)),
    };
    let meant = eval::evaluate(rule, records)?.into_iter().map(Answer::from).collect();
    let mut each = Vec::with_capacity(queries.len());
    for query in queries {
        let found = run(&query, target, records)?;
        each.push((query, found));
    }
    Ok(Square { rule: meant, queries: together(&each), each })
}

/// What one query says.
fn run(query: &Query, target: Target, _records: &[Record]) -> Result<BTreeSet<Answer>, NoSquare> {
    let message = format!("{} has no evaluator", target.language.title());
    Err(NoSquare::Evaluate { query: query.text.clone(), message })
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
