//! What mapping and lowering make of one line of a rule.
//!
//! A line is mapped beside its whole rule, because what else a rule asks for can decide where a field stands (the side
//! that began a connection). To tell the two apart, the places of the line's tests are replaced by marks.

use super::words::words;
use crate::{Allow, Outcome, Target, outcome};
use rulecast_diagnostics::{FileId, Span};
use rulecast_ir::{
    Arm, Body, Event, Fidelity, Logic, Mapped, Metadata, Notes, Predicate, Reads, Refusal, Rule, Sigma, Source, Stage,
};
use std::sync::Arc;

/// What a line becomes in the query over one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What the query reads there: a table, a macro, an event category.
    pub reads: String,
    /// The tests of columns that the mapping makes of it, in words, with what each gives up.
    pub columns: Vec<(String, Notes)>,
    /// The part of the query, and its verdict; or why there is none.
    pub query: Result<(String, Fidelity), Vec<Refusal>>,
}

/// The pieces of a line, or why it cannot be mapped. `whole` is what else the rule asks of the same events.
pub(super) fn pieces(
    line: &Arm<Sigma>,
    whole: Option<&Predicate<Sigma>>,
    target: Target,
) -> Result<Vec<Piece>, Vec<Refusal>> {
    let mut spans = Vec::new();
    let marked = line.predicate.map_ref(&mut |atom| {
        let mut atom = atom.clone();
        spans.push(atom.span);
        atom.span = Span::new(MARKS, spans.len() - 1, spans.len());
        Logic::Test(atom)
    });
    let own = |refusals: Vec<Refusal>| {
        let marked =
            refusals.into_iter().filter_map(|refusal| Some(Refusal { span: original(&refusal, &spans)?, ..refusal }));
        marked.collect::<Vec<_>>()
    };
    let beside = |whole: Predicate<Sigma>| {
        let arm = Arm { source: line.source.clone(), predicate: Logic::all([marked.clone(), whole]) };
        outcome::mapped(&rule(vec![arm]), target)
    };
    let event = |mapped: Rule<Mapped>| match mapped.body {
        Body::Event(event) => event.arms,
        Body::Sequence(_) | Body::Correlation(_) => Vec::new(),
    };
    // Where another line is refused, or the line is always or never true there, it is told alone.
    let together = whole.and_then(|whole| beside(whole.clone()).ok()).map(event).unwrap_or_default();
    if !together.is_empty() && together.iter().all(|arm| marked_part(&arm.predicate).is_some()) {
        return Ok(together.iter().map(|arm| piece(arm, target, &spans)).collect());
    }
    match beside(Logic::True) {
        Ok(mapped) => Ok(event(mapped).iter().map(|arm| piece(arm, target, &spans)).collect()),
        Err(refusals) => {
            let log_source = refusals.iter().find(|refusal| refusal.span.file != MARKS).cloned();
            Err(log_source.into_iter().chain(own(refusals)).collect())
        }
    }
}

/// The file of the marks: no source map holds so many.
const MARKS: FileId = FileId(u32::MAX);

fn original(refusal: &Refusal, spans: &[Span]) -> Option<Span> {
    if refusal.span.file == MARKS { spans.get(refusal.span.start as usize).copied() } else { None }
}

fn piece(arm: &Arm<Mapped>, target: Target, spans: &[Span]) -> Piece {
    let Some(predicate) = marked_part(&arm.predicate) else {
        let constant = if arm.predicate == Logic::False { "never true there" } else { "always true there" };
        let query = Ok((constant.to_owned(), Fidelity::default()));
        return Piece { reads: reads(&arm.source.reads), columns: Vec::new(), query };
    };
    let mut columns = Vec::new();
    predicate.for_each(&mut |atom| {
        let column = (words(atom), atom.notes.clone());
        if !columns.contains(&column) {
            columns.push(column);
        }
    });
    let restored = predicate.map(&mut |mut atom| {
        atom.span = spans.get(atom.span.start as usize).copied().unwrap_or_default();
        Logic::Test(atom)
    });
    Piece { reads: reads(&arm.source.reads), columns, query: part(&arm.source, restored, target) }
}

/// The marked part of a predicate, with the structure that is its own.
fn marked_part(predicate: &Predicate<Mapped>) -> Option<Predicate<Mapped>> {
    let is_marked = |tree: &Predicate<Mapped>| {
        let (mut any, mut all) = (false, true);
        tree.for_each(&mut |atom| {
            any |= atom.span.file == MARKS;
            all &= atom.span.file == MARKS;
        });
        any && all
    };
    match predicate {
        Logic::And(parts) => {
            let own: Vec<Predicate<Mapped>> = parts.iter().filter(|part| is_marked(part)).cloned().collect();
            (!own.is_empty()).then(|| Logic::all(own))
        }
        tree => is_marked(tree).then(|| tree.clone()),
    }
}

/// The part of a query that a predicate becomes: the query of it alone, over a source without a name and a scope.
fn part(source: &Source, predicate: Predicate<Mapped>, target: Target) -> Result<(String, Fidelity), Vec<Refusal>> {
    let (reads, before) = match &source.reads {
        Reads::Category(_) => (Reads::Category(None), "any where "),
        Reads::Macro(_) | Reads::Everything => (Reads::Everything, ""),
        Reads::Dataset(_) => (source.reads.clone(), ""),
        Reads::Table(_) => (Reads::Table("T".into()), "T\n| where "),
    };
    let is_of_summaries = matches!(reads, Reads::Dataset(_));
    let source = Arc::new(Source { reads, scope: Logic::True, ..source.clone() });
    match outcome::lowered(&rule(vec![Arm { source, predicate }]), target, Allow { over: true, under: true }) {
        Outcome::Queries(queries) => Ok(queries.into_iter().next().map_or_else(Default::default, |query| {
            let whole = query.text.strip_prefix(before).unwrap_or(&query.text);
            let text = if is_of_summaries { decided(&query.text) } else { whole };
            (text.to_owned(), query.fidelity)
        })),
        Outcome::Refused(refusals) => Err(refusals),
        Outcome::Declared { .. } => Err(Vec::new()),
    }
}

/// What decides in a query of summaries: the condition behind `tstats`, or the search in it. No literal holds a line feed.
fn decided(query: &str) -> &str {
    if let Some((_, condition)) = query.split_once("\n| where ") {
        return condition;
    }
    let search = query.split_once("\n  where ").and_then(|(_, rest)| rest.split_once("\n  by "));
    search.map_or(query, |(search, _)| search)
}

/// A rule of these arms, without metadata.
fn rule<S: Stage>(arms: Vec<Arm<S>>) -> Rule<S> {
    let body = Body::Event(Event { arms, classification: None });
    Rule { metadata: Arc::new(Metadata(Arc::default())), body, output: None, span: Span::default() }
}

pub(super) fn reads(reads: &Reads) -> String {
    match reads {
        Reads::Category(Some(category)) => format!("{category} events"),
        Reads::Category(None) => "any event".to_owned(),
        Reads::Macro(name) => format!("`{name}`"),
        Reads::Everything => "every index searched".to_owned(),
        Reads::Dataset(dataset) => format!("the dataset {}", dataset.name),
        Reads::Table(table) => table.to_string(),
    }
}
