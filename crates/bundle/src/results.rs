//! What became of a rule's own tests.

use rulecast_compile::tested::{Compared, Reference, run_test};
use rulecast_compile::{Outcome, Target};
use rulecast_ir::{Rule, Sigma};

/// The result of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// What the rule does that the test does not expect; nothing, where it passes.
    pub failed: Option<String>,
    /// How the query of each target compares with the rule, over the events of the test.
    pub targets: Vec<(String, Compared)>,
}

/// Runs the tests of a rule, in their order: by the rule, and by its queries on each target.
///
/// Of queries whose text a pipeline rewrites, it is said that they were not run.
pub fn test_results(rule: &Rule<Sigma>, targets: &[Target<'_>], outcomes: &[Outcome]) -> Vec<TestResult> {
    let rewritten = |outcome: &Outcome| match outcome {
        Outcome::Queries(queries) => queries.iter().any(|query| query.fidelity.unchecked),
        Outcome::Refused(_) | Outcome::Declared { .. } => false,
    };
    let checked = !outcomes.iter().any(rewritten);
    let result = |test| {
        let tested = run_test(rule, test, targets, checked);
        let failed = match tested.reference {
            Reference::Passed => None,
            Reference::Failed(message) => Some(message),
        };
        let targets = tested.targets.into_iter().map(|(target, compared)| (target.to_string(), compared)).collect();
        TestResult { failed, targets }
    };
    rule.metadata.0.tests.iter().map(result).collect()
}
