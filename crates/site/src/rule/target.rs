//! What became of a rule on a target.

use crate::view::status_meaning;
use crate::words::{left_out, one_line, verdict};
use crate::{code, meaning};
use rulecast_bundle::OnTarget;
use rulecast_compile::{Outcome, Query, Role};
use rulecast_diagnostics::{FileId, Span};
use rulecast_ir::Refusal;
use std::collections::BTreeSet;

/// What became of a rule on a target.
pub(super) struct TargetPart {
    pub(super) name: String,
    pub(super) language: &'static str,
    pub(super) status: &'static str,
    /// The status in words.
    pub(super) meaning: &'static str,
    pub(super) assumptions: Vec<Assumed>,
    pub(super) queries: Vec<QueryPart>,
    pub(super) declared: Option<String>,
    pub(super) refusals: Vec<RefusalPart>,
    pub(super) reads: Vec<Read>,
}

/// What must be true of the events.
pub(super) struct Assumed {
    pub(super) name: String,
    pub(super) anchor: &'static str,
    pub(super) meaning: String,
}

pub(super) struct QueryPart {
    /// From 1.
    pub(super) number: usize,
    pub(super) class: Option<String>,
    pub(super) level: &'static str,
    /// Where it is not that of the target: in words.
    pub(super) verdict: Option<String>,
    /// Why each of the tests that it leaves out cannot be said.
    pub(super) left_out: Vec<String>,
    /// HTML.
    pub(super) code: String,
}

pub(super) struct RefusalPart {
    pub(super) reason: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Of the rule's file, where it is in it.
    pub(super) line: Option<usize>,
}

/// What serves a log source.
pub(super) struct Read {
    pub(super) log_source: String,
    pub(super) what: String,
    pub(super) index: Vec<String>,
    pub(super) scope: String,
}

/// What became of a rule on a target. `text` is the rule's file.
pub(super) fn part(on: &OnTarget, text: &str) -> TargetPart {
    let status = on.outcome.status();
    let assumed: BTreeSet<_> = on.queries().iter().flat_map(|query| &query.fidelity.assumptions).collect();
    let assumptions = assumed.into_iter().map(|one| Assumed {
        name: one_line(&one.to_string()),
        anchor: meaning::anchor(one),
        meaning: one_line(&meaning::meaning(one)),
    });
    let (declared, refusals) = match &on.outcome {
        Outcome::Queries(_) => (None, &[] as &[Refusal]),
        Outcome::Declared { reason } => (Some(one_line(reason)), &[] as &[Refusal]),
        Outcome::Refused(refusals) => (None, refusals.as_slice()),
    };
    let reads = on.reads.iter().map(|read| Read {
        log_source: one_line(&read.log_source),
        what: if read.name.is_empty() { "any event".to_owned() } else { format!("{} {}", read.kind, read.name) },
        index: read.index.iter().map(|index| one_line(index)).collect(),
        scope: one_line(&read.scope),
    });
    TargetPart {
        name: on.target.clone(),
        language: on.language.title(),
        status,
        meaning: status_meaning(status),
        assumptions: assumptions.collect(),
        queries: on.queries().iter().zip(1..).map(|(query, number)| query_part(on, query, number)).collect(),
        declared,
        refusals: refusals.iter().map(|one| refusal(one, text)).collect(),
        reads: reads.collect(),
    }
}

fn query_part(on: &OnTarget, query: &Query, number: usize) -> QueryPart {
    let (class, level) = match &query.role {
        Role::Rule => (None, ""),
        Role::Branch { name, level } => (Some(one_line(name)), level.map_or("", rulecast_rule::ast::Level::name)),
    };
    let differs = query.fidelity.word() != on.outcome.status() || query.fidelity.unchecked;
    QueryPart {
        number,
        class,
        level,
        verdict: differs.then(|| verdict(&query.fidelity)),
        left_out: left_out(&query.fidelity),
        code: code::query(on.language, &query.text),
    }
}

fn refusal(refusal: &Refusal, text: &str) -> RefusalPart {
    RefusalPart {
        reason: refusal.reason.name(),
        message: one_line(&refusal.message),
        help: refusal.help.as_deref().map(one_line),
        line: line_of(refusal.span, text),
    }
}

/// The line of a place in the rule's own file, from 1.
pub(crate) fn line_of(span: Span, text: &str) -> Option<usize> {
    let before = text.get(..span.start as usize).filter(|_| span.file == FileId(0))?;
    let line = before.matches('\n').count() + 1;
    (line <= text.lines().count()).then_some(line)
}
