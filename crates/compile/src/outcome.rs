//! One rule on one target.

use crate::Target;
use rulecast_backend::{Backend, Emitted, Feature, Language, Role, Support, check};
use rulecast_eql::Eql;
use rulecast_ir::{Allow, Fidelity, Mapped, Refusal, RefusalReason, Rule, Sigma, Verdict};
use rulecast_kql::Kql;
use rulecast_pipeline::processing::{Pipelines, Trace};
use rulecast_pipeline::{Dialect, Loose, Model, map, map_allowing, scoped};
use rulecast_spl::Spl;
use std::borrow::Cow;

/// What became of a rule on a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It has queries: one, or on EQL one more for each class.
    Queries(Vec<Query>),
    /// It has none, because the target cannot say it.
    Refused(Vec<Refusal>),
    /// It has none, because the rule says so: no error.
    Declared {
        /// The rule's reason.
        reason: String,
    },
}

impl Outcome {
    /// The worst verdict of the queries together, `unchecked`, `refused`, or `declared`.
    pub fn status(&self) -> &'static str {
        match self {
            Outcome::Queries(queries) => {
                if queries.iter().any(|query| query.fidelity.unchecked) {
                    return "unchecked";
                }
                queries.iter().map(|query| query.fidelity.verdict).fold(Verdict::Exact, Verdict::join).word()
            }
            Outcome::Refused(_) => "refused",
            Outcome::Declared { .. } => "declared",
        }
    }

    /// Why there is no query, if the target cannot say the rule.
    pub fn refusals_mut(&mut self) -> Option<&mut Vec<Refusal>> {
        match self {
            Outcome::Refused(refusals) => Some(refusals),
            Outcome::Queries(_) | Outcome::Declared { .. } => None,
        }
    }
}

/// A query as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What it is for.
    pub role: Role,
    /// The text, with LF line ends and none at the end.
    pub text: String,
    /// Against the rule.
    pub fidelity: Fidelity,
}

/// Compiles one rule for one target.
pub fn compile(rule: &Rule<Sigma>, target: Target, allow: Allow) -> Outcome {
    if let Some(reason) = declared_refusal(rule, target) {
        return Outcome::Declared { reason };
    }
    match mapped_allowing(rule, target, allow) {
        Ok(mapped) => lowered_loose(&mapped, target, allow),
        Err(refusals) => Outcome::Refused(refusals),
    }
}

/// The same, with the text of its queries rewritten by pipelines' post-processing.
///
/// `trace` is that of the rule; without one, as where no pipeline saw the rule, nothing is rewritten.
pub fn compile_with(
    rule: &Rule<Sigma>,
    target: Target,
    allow: Allow,
    pipelines: &Pipelines,
    trace: Option<&Trace>,
) -> Outcome {
    let mut outcome = compile(rule, target, allow);
    if let (Outcome::Queries(queries), Some(trace)) = (&mut outcome, trace) {
        for query in queries {
            match pipelines.postprocess(&query.text, &rule.metadata, trace) {
                Ok(None) => {}
                Ok(Some(text)) => {
                    query.text = text;
                    query.fidelity.unchecked = true;
                }
                Err(reason) => {
                    let message = format!("the post-processing of the pipeline fails: {reason}");
                    return Outcome::Refused(vec![Refusal::new(RefusalReason::Pipeline, rule.span, message)]);
                }
            }
        }
    }
    outcome
}

/// Why a target cannot say a rule; nothing if it can, or if the rule declares that it shall not be asked.
///
/// The same as the refusals of [`compile_with`], without the work of writing queries.
pub fn refusals(
    rule: &Rule<Sigma>,
    target: Target,
    allow: Allow,
    pipelines: &Pipelines,
    trace: Option<&Trace>,
) -> Vec<Refusal> {
    if trace.is_some() {
        // What rewrites the text of a query may fail.
        return match compile_with(rule, target, allow, pipelines, trace) {
            Outcome::Refused(refusals) => refusals,
            Outcome::Queries(_) | Outcome::Declared { .. } => Vec::new(),
        };
    }
    if declared_refusal(rule, target).is_some() {
        return Vec::new();
    }
    let refused = mapped_allowing(rule, target, allow).and_then(|mapped| match target.language {
        Language::Eql => emitted(&mapped.rule, &Eql, allow).map(drop),
        Language::Spl => emitted(&mapped.rule, &Spl, allow).map(drop),
        Language::Kql => emitted(&mapped.rule, &Kql, allow).map(drop),
    });
    refused.err().unwrap_or_default()
}

/// The data model of a target, as a rule reads it.
pub(crate) fn model<'m>(rule: &Rule<Sigma>, target: Target<'m>) -> Result<Cow<'m, Model>, Vec<Refusal>> {
    scoped(rule, target.model.model(), dialect(target.language))
}

/// The rule over the columns of a target.
pub(crate) fn mapped(rule: &Rule<Sigma>, target: Target) -> Result<Rule<Mapped>, Vec<Refusal>> {
    map(rule, &*model(rule, target)?, dialect(target.language))
}

/// The same, without the tests that the data model cannot say where `allow` lets them go.
pub(crate) fn mapped_allowing(rule: &Rule<Sigma>, target: Target, allow: Allow) -> Result<Loose, Vec<Refusal>> {
    map_allowing(rule, &*model(rule, target)?, dialect(target.language), allow)
}

/// The queries of a rule that may lack tests: they name those.
pub(crate) fn lowered_loose(mapped: &Loose, target: Target, allow: Allow) -> Outcome {
    let mut outcome = lowered(&mapped.rule, target, allow);
    if let Outcome::Queries(queries) = &mut outcome {
        for query in queries.iter_mut().filter(|query| query.fidelity.verdict != Verdict::Exact) {
            query.fidelity.left_out.clone_from(&mapped.left_out);
        }
    }
    outcome
}

/// The queries of a rule over the columns of a target.
pub(crate) fn lowered(rule: &Rule<Mapped>, target: Target, allow: Allow) -> Outcome {
    match target.language {
        Language::Eql => lower(rule, &Eql, allow),
        Language::Spl => lower(rule, &Spl, allow),
        Language::Kql => lower(rule, &Kql, allow),
    }
}

/// Compiles one rule for several targets, in their order.
pub fn for_each_target<'m>(rule: &Rule<Sigma>, targets: &[Target<'m>], allow: Allow) -> Vec<(Target<'m>, Outcome)> {
    targets.iter().map(|target| (*target, compile(rule, *target, allow))).collect()
}

/// How a language meets a feature.
pub(crate) fn support(language: Language, feature: Feature) -> Support {
    match language {
        Language::Eql => Eql.support(feature),
        Language::Spl => Spl.support(feature),
        Language::Kql => Kql.support(feature),
    }
}

pub(crate) fn dialect(language: Language) -> Dialect {
    match language {
        Language::Eql => Dialect::Eql,
        Language::Spl => Dialect::Spl,
        Language::Kql => Dialect::Kql,
    }
}

/// A refusal that the rule itself declares, for the target or for its language.
pub(crate) fn declared_refusal(rule: &Rule<Sigma>, target: Target) -> Option<String> {
    let (name, language) = (target.to_string(), target.language.name());
    rule.metadata
        .0
        .targets
        .iter()
        .filter(|options| options.target.node == name || options.target.node == language)
        .find_map(|options| options.refuse.as_ref().map(|reason| reason.node.clone()))
}

fn lower<B: Backend>(rule: &Rule<Mapped>, backend: &B, allow: Allow) -> Outcome {
    let query = |one: Emitted<B::Query>| Query { role: one.role, text: one.query.to_string(), fidelity: one.fidelity };
    match emitted(rule, backend, allow) {
        Ok(emitted) => Outcome::Queries(emitted.into_iter().map(query).collect()),
        Err(refusals) => Outcome::Refused(refusals),
    }
}

/// The queries of a rule as trees, if all are wanted.
fn emitted<B: Backend>(rule: &Rule<Mapped>, backend: &B, allow: Allow) -> Result<Vec<Emitted<B::Query>>, Vec<Refusal>> {
    let refusals = check(rule, backend);
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let emitted = backend.lower(rule)?;
    let inexact: Vec<Refusal> =
        emitted.iter().filter(|one| !allow.allows(one.fidelity.verdict)).map(|one| not_allowed(rule, one)).collect();
    if inexact.is_empty() { Ok(emitted) } else { Err(inexact) }
}

fn not_allowed<Q>(rule: &Rule<Mapped>, emitted: &Emitted<Q>) -> Refusal {
    let (message, flags) = match emitted.fidelity.verdict {
        Verdict::Exact | Verdict::Over => ("the query would also match events that the rule does not", "--allow over"),
        Verdict::Under => ("the query would miss events that the rule matches", "--allow under"),
        Verdict::Both => {
            ("the query would miss events that the rule matches, and match others", "--allow over --allow under")
        }
    };
    let at = emitted.fidelity.inexact.unwrap_or(rule.span);
    Refusal::new(RefusalReason::Fidelity, at, message).help(format!("`{flags}` accepts that"))
}
