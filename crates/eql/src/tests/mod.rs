//! Rules, built by hand, and the queries they become.

mod build;
mod columns;
mod correlations;
mod events;
mod logic;
mod meaning;
mod sequences;
mod support;
mod texts;

use crate::{Eql, Query};
use rulecast_backend::{Backend, Emitted, Role};
use rulecast_ir::{Fidelity, Mapped, Predicate, Rule, Verdict};

/// What a rule becomes: each query with what it is for and how true it is, where there is something to say; or refusals.
fn check(rule: &Rule<Mapped>) -> String {
    match Eql.lower(rule) {
        Ok(emitted) => emitted.iter().map(shown).collect::<Vec<_>>().join("\n\n"),
        Err(refusals) => {
            let line = |refusal: &rulecast_ir::Refusal| {
                let help = refusal.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!("{} @{}: {}{help}", refusal.reason.name(), refusal.span.start, refusal.message)
            };
            refusals.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The condition alone, of a rule over events of any category.
fn condition(predicate: Predicate<Mapped>) -> String {
    let text = check(&build::event(vec![build::arm(&build::any(), predicate)]));
    text.strip_prefix("any where ").unwrap_or(&text).to_owned()
}

/// What is emitted, which must be read back as the same query.
fn shown(emitted: &Emitted<Query>) -> String {
    assert_eq!(crate::parse(&emitted.query.to_string()).as_ref(), Ok(&emitted.query));
    let mut head = String::new();
    if let Role::Branch { name, level } = &emitted.role {
        head = format!("// {name}{}\n", level.map(|level| format!(", {level:?}")).unwrap_or_default());
    }
    let Fidelity { verdict, assumptions, .. } = &emitted.fidelity;
    if *verdict != Verdict::Exact || !assumptions.is_empty() {
        let assumptions: Vec<_> = assumptions.iter().map(ToString::to_string).collect();
        head = [&head, "// ", verdict.word(), ": ", &assumptions.join(" "), "\n"].concat();
    }
    format!("{head}{}", emitted.query)
}
