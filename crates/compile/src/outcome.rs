//! One rule on one target.

use crate::Target;
use rulecast_backend::{Feature, Language, Role, Support};
use rulecast_ir::{Fidelity, Refusal, Rule, Sigma};

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

/// Which inexact queries are wanted all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Those that may match more than the rule.
    pub over: bool,
    /// Those that may miss some of what the rule matches.
    pub under: bool,
}

/// Compiles one rule for one target.
pub fn compile(rule: &Rule<Sigma>, target: Target, allow: Allow) -> Outcome {
    let _ = (rule, target, allow);
    todo!()
}

/// How a language meets a feature.
pub(crate) fn support(language: Language, feature: Feature) -> Support {
    let _ = (language, feature);
    todo!()
}

/// Compiles one rule for several targets, in their order.
pub fn for_each_target(rule: &Rule<Sigma>, targets: &[Target], allow: Allow) -> Vec<(Target, Outcome)> {
    targets.iter().map(|target| (*target, compile(rule, *target, allow))).collect()
}
