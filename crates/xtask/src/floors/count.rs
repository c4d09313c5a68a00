//! What becomes of each rule on each target.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rulecast_compile::{Allow, Outcome, Target, compile};
use rulecast_ir::{Body, LogSource, Refusal, RefusalReason, Rule, Sigma, Verdict};

/// What becomes of one rule on one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Exact,
    /// Exact where the events are as assumed.
    Assuming,
    /// Nothing but an inexact query, which must be asked for.
    Inexact(Verdict, Vec<Refusal>),
    Refused(Vec<Refusal>),
    /// The rule itself declares that it is not for the target.
    Declared,
}

/// One target, over all rules.
pub(super) struct Tally {
    pub(super) target: Target<'static>,
    /// Of each rule, in their order.
    pub(super) fates: Vec<Fate>,
}

pub(super) struct Counts {
    pub(super) rules: usize,
    /// Of each rule, whether it is about what endpoints report.
    pub(super) is_endpoint: Vec<bool>,
    pub(super) tallies: Vec<Tally>,
}

impl Counts {
    pub(super) fn of(rules: &[Rule<Sigma>]) -> Self {
        let tally = |target: Target<'static>| Tally {
            target,
            fates: rules.par_iter().map(|rule| fate(rule, target)).collect(),
        };
        Counts {
            rules: rules.len(),
            is_endpoint: rules.iter().map(is_endpoint).collect(),
            tallies: Target::ALL.into_iter().map(tally).collect(),
        }
    }
}

impl Tally {
    pub(super) fn is_exact(&self, rule: usize) -> bool {
        matches!(self.fates[rule], Fate::Exact | Fate::Assuming)
    }

    /// Whether a rule needs a field that the platform does not have.
    pub(super) fn needs_lacking(&self, rule: usize) -> bool {
        self.lacking(rule).next().is_some()
    }

    /// The fields of a rule that the platform does not have.
    pub(super) fn lacking(&self, rule: usize) -> impl Iterator<Item = &str> {
        let fields = self.refusals(rule).iter().filter_map(|refusal| refusal.field.as_deref());
        fields.filter(|field| self.target.lacks(field))
    }

    /// Why it has no exact query.
    pub(super) fn refusals(&self, rule: usize) -> &[Refusal] {
        match &self.fates[rule] {
            Fate::Inexact(_, refusals) | Fate::Refused(refusals) => refusals,
            Fate::Exact | Fate::Assuming | Fate::Declared => &[],
        }
    }

    /// Rules of the reason that a refusal of them gives first.
    pub(super) fn refused_for(&self, reason: RefusalReason) -> usize {
        let refused = self.fates.iter().filter_map(|fate| match fate {
            Fate::Refused(refusals) => refusals.first(),
            _ => None,
        });
        refused.filter(|refusal| refusal.reason == reason).count()
    }
}

fn fate(rule: &Rule<Sigma>, target: Target) -> Fate {
    let refusals = match compile(rule, target, Allow::default()) {
        Outcome::Queries(queries) if queries.iter().all(|query| query.fidelity.assumptions.is_empty()) => {
            return Fate::Exact;
        }
        Outcome::Queries(_) => return Fate::Assuming,
        Outcome::Declared { .. } => return Fate::Declared,
        Outcome::Refused(refusals) => refusals,
    };
    match compile(rule, target, Allow { over: true, under: true }) {
        Outcome::Queries(queries) => {
            let verdict = queries.iter().fold(Verdict::Exact, |all, query| all.join(query.fidelity.verdict));
            Fate::Inexact(verdict, refusals)
        }
        Outcome::Refused(_) | Outcome::Declared { .. } => Fate::Refused(refusals),
    }
}

/// Whether a rule is about processes, connections, files, the registry, libraries or names looked up on Windows, Linux or
/// macOS.
fn is_endpoint(rule: &Rule<Sigma>) -> bool {
    let Body::Event(event) = &rule.body else { return false };
    !event.arms.is_empty() && event.arms.iter().all(|arm| is_of_endpoint(&arm.source))
}

fn is_of_endpoint(log_source: &LogSource) -> bool {
    let category = log_source.category.as_deref().unwrap_or_default();
    let named = ["process_creation", "network_connection", "image_load", "dns_query"].contains(&category);
    let kind = category.starts_with("file_") || category.starts_with("registry_");
    matches!(log_source.product.as_deref(), Some("windows" | "linux" | "macos")) && (named || kind)
}
