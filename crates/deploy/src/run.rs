//! Reads a platform, and makes it equal to a bundle.

use crate::report::{Made, Outcome, Report, RuleReport};
use crate::{CallError, Client, Current, Package, Platform, Step};

/// The most pages that are read of a list.
const PAGES: usize = 10_000;

/// Why a platform is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// A call that reads.
    #[error("cannot read the rules of the platform: {call}: {error}{}", help(error))]
    Read {
        /// The method and the path.
        call: String,
        /// Why not.
        error: CallError,
    },
    /// What it says.
    #[error("cannot read the rules of the platform: {call}: {reason}")]
    Answer {
        /// The method and the path.
        call: String,
        /// What is wrong with it.
        reason: String,
    },
}

fn help(error: &CallError) -> &'static str {
    match error {
        CallError::Status { status: 401, .. } => "; the credentials in the environment are not accepted",
        CallError::Status { status: 403, .. } => "; the credentials in the environment do not allow it",
        _ => "",
    }
}

/// The rules that a platform has.
pub fn current(platform: &dyn Platform, client: &Client) -> Result<Vec<Current>, RunError> {
    let mut all = Vec::new();
    for first in platform.reads() {
        let mut next = Some(first);
        let mut pages = 0;
        while let Some(call) = next.take() {
            let name = || format!("{} {}", call.method.name(), call.path.split('?').next().unwrap_or_default());
            let answer = client.call(&call).map_err(|error| RunError::Read { call: name(), error })?;
            let items = platform.items(&call, &answer).map_err(|reason| RunError::Answer { call: name(), reason })?;
            all.extend(items);
            next = platform.next(&call, &answer);
            pages += 1;
            if pages == PAGES {
                return Err(RunError::Answer { call: name(), reason: "the list does not end".to_owned() });
            }
        }
    }
    Ok(all)
}

/// What would be done.
pub fn tell(package: &Package, kind: crate::Kind, steps: Vec<Step>) -> Report {
    let rule = |step: Step| RuleReport { outcome: Outcome::of(step.change, false), reason: step.reason.clone(), step };
    Report::new(package, kind, Made::Planned, steps.into_iter().map(rule).collect())
}

/// Does it, rule by rule. `done` is called after each.
pub fn perform(
    package: &Package,
    kind: crate::Kind,
    steps: Vec<Step>,
    client: &Client,
    mut done: impl FnMut(&RuleReport),
) -> Report {
    let mut rules = Vec::with_capacity(steps.len());
    for step in steps {
        let error = step.calls.iter().find_map(|call| match client.call(call) {
            Ok(_) => None,
            Err(CallError::Status { status, .. }) if call.accepts == Some(status) => None,
            Err(error) => Some(error),
        });
        let reason = error.as_ref().map(ToString::to_string).or_else(|| step.reason.clone());
        let rule = RuleReport { outcome: Outcome::of(step.change, error.is_some()), reason, step };
        done(&rule);
        rules.push(rule);
    }
    Report::new(package, kind, Made::Performed, rules)
}
