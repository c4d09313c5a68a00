//! Rules to queries, read as text. Queries stand over the tables `Events` and `Other`, whose column names
//! say their types ([`build::column`]), but for `defender`.

mod atoms;
mod build;
mod catalogue;
mod columns;
mod correlations;
mod defender;
mod eval;
mod events;
mod lists;
mod logic;
mod parsing;
mod random;
mod regexes;
mod scans;
mod sequences;
mod typed;

use crate::Kql;
use build::{event, rule};
use rulecast_backend::{Backend, Feature, Support, check};
use rulecast_ir::{Mapped, Predicate, Rule};

/// The query of a rule, and after it its fidelity; or the refusals. The query is read back to the same tree.
fn shown(rule: &Rule<Mapped>) -> String {
    let refusals = check(rule, &Kql);
    let lowered = if refusals.is_empty() { Kql.lower(rule) } else { Err(refusals) };
    match lowered {
        Ok(emitted) => emitted
            .iter()
            .map(|one| {
                assert_eq!(crate::parse::parse(&one.query.to_string()).as_ref(), Ok(&one.query));
                let words: Vec<_> = one.fidelity.assumptions.iter().map(ToString::to_string).collect();
                format!(
                    "{}\n// {}",
                    one.query,
                    [vec![one.fidelity.verdict.word().to_owned()], words].concat().join(", ")
                )
            })
            .collect::<Vec<_>>()
            .join("\n\n"),
        Err(refusals) => refusals
            .iter()
            .map(|one| {
                let help = one.help.as_ref().map_or_else(String::new, |help| format!(" (help: {help})"));
                format!("refused as {}: {}{help}", one.reason.name(), one.message)
            })
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// The query of one predicate over `Events`, without the table.
fn lowered(predicate: Predicate<Mapped>) -> String {
    let shown = shown(&rule(event(predicate)));
    shown.strip_prefix("Events\n| where ").unwrap_or(&shown).to_owned()
}

#[test]
fn what_is_unsupported_is_refused_with_a_reason() {
    for feature in Feature::ALL {
        if let Support::Emulated(text) | Support::Approximate(text) | Support::Unsupported(text) = Kql.support(feature)
        {
            assert!(!text.is_empty() && !text.ends_with('.'), "{feature:?}: {text}");
        }
    }
}
