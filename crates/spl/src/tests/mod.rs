//! Rules built by hand, and what becomes of them.

mod build;
mod catalogue;
mod columns;
mod correlations;
mod evaluate;
mod fields;
mod installer;
mod interpreter;
mod logic;
mod multisearch;
mod parse;
mod quoting;
mod random;
mod regex;
mod rules;
mod streams;
mod tstats;
mod unions;

use crate::Spl;
use build::Tree;
use rulecast_backend::{Backend, Emitted};
use rulecast_ir::{Mapped, Rule, Verdict};

/// The query of a rule, or its refusals, and below it what the query assumes.
fn lowered(rule: &Rule<Mapped>) -> String {
    match Spl.lower(rule) {
        Ok(queries) => queries.iter().map(emitted).collect::<Vec<_>>().join("\n\n"),
        Err(refusals) => {
            let lines = refusals.iter().map(|refusal| {
                let help = refusal.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!("refused, {}: {}{help}", refusal.reason.name(), refusal.message)
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

fn emitted(Emitted { query, fidelity, .. }: &Emitted<crate::Query>) -> String {
    assert_eq!(crate::parse(&query.to_string()).as_ref(), Ok(query), "{query}");
    let mut lines = vec![query.to_string()];
    if fidelity.verdict != Verdict::Exact {
        lines.push(format!("-- {}", fidelity.verdict.word()));
    }
    if !fidelity.assumptions.is_empty() {
        let names: Vec<_> = fidelity.assumptions.iter().map(ToString::to_string).collect();
        lines.push(format!("-- assuming {}", names.join(", ")));
    }
    lines.join("\n")
}

/// The query of one predicate over everything.
fn of(tree: Tree) -> String {
    lowered(&build::rule(build::event(tree)))
}

/// The same for each tree, a paragraph each.
fn all(trees: impl IntoIterator<Item = Tree>) -> String {
    trees.into_iter().map(of).collect::<Vec<_>>().join("\n\n")
}
