//! What a document says that targets read, put where its rule reads.

use crate::{Arm, Body, Sigma, Step, TargetScope};
use rulecast_rule::ast;
use std::sync::Arc;

/// Adds what a document says to every log source of its body.
pub(super) fn add(body: &mut Body<Sigma>, metadata: &ast::Metadata) {
    let said = metadata.targets.iter().filter_map(|options| {
        let scope = options.scope.as_ref().filter(|scope| !scope.is_empty())?;
        Some(TargetScope { target: options.target.node.as_str().into(), scope: Arc::new(scope.clone()) })
    });
    let said: Vec<TargetScope> = said.collect();
    if !said.is_empty() {
        add_to(body, &said);
    }
}

fn add_to(body: &mut Body<Sigma>, said: &[TargetScope]) {
    let add_to_arms =
        |arms: &mut Vec<Arm<Sigma>>| arms.iter_mut().for_each(|arm| arm.source.scopes.extend_from_slice(said));
    let add_to_step = |step: &mut Step<Sigma>| add_to(&mut step.body, said);
    match body {
        Body::Event(event) => {
            add_to_arms(&mut event.arms);
            let branches = event.classification.iter_mut().flat_map(|classes| &mut classes.branches);
            branches.for_each(|branch| add_to_arms(&mut branch.arms));
        }
        Body::Sequence(sequence) => {
            sequence.steps.iter_mut().for_each(add_to_step);
            sequence.until.as_deref_mut().map(add_to_step);
        }
        Body::Correlation(correlation) => correlation.members.iter_mut().for_each(add_to_step),
    }
}
