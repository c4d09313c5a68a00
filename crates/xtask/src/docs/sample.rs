//! Rules written for a page, and what becomes of them.

use rulecast_compile::{Allow, Language, Outcome, Query, Target, Unit, compile};
use rulecast_diagnostics::{Diagnostic, FileId};
use rulecast_ir::{Rule, Sigma, Verdict};

/// The rule of a text, or what is wrong with it.
pub(super) fn rule(yaml: &str) -> Result<Rule<Sigma>, Vec<Diagnostic>> {
    let parsed = rulecast_rule::parse(FileId(0), yaml);
    let resolved = Unit::new(parsed.documents).resolve();
    let problems: Vec<Diagnostic> =
        parsed.diagnostics.into_iter().chain(resolved.diagnostics).filter(Diagnostic::is_error).collect();
    match resolved.rules.into_iter().next() {
        Some(rule) if problems.is_empty() => Ok(rule),
        _ => Err(problems),
    }
}

/// The targets that pass fields through, one a language.
pub(super) fn plain() -> [Target<'static>; 3] {
    Language::ALL.map(Target::none)
}

/// The queries of a rule whatever their verdict, or why there are none.
pub(super) fn queries(rule: &Rule<Sigma>, target: Target) -> Result<Vec<Query>, String> {
    match compile(rule, target, Allow { over: true, under: true }) {
        Outcome::Queries(queries) => Ok(queries),
        Outcome::Refused(refusals) => {
            let mut reasons: Vec<String> = refusals.into_iter().map(|refusal| unprefixed(&refusal.message)).collect();
            reasons.dedup();
            Err(reasons.join("; "))
        }
        Outcome::Declared { reason } => Err(reason),
    }
}

/// A page names the language in the heading of the column.
fn unprefixed(message: &str) -> String {
    let language = Language::ALL.iter().find_map(|language| {
        message.strip_prefix(&language.name().to_uppercase()).and_then(|rest| rest.strip_prefix(": "))
    });
    language.unwrap_or(message).to_owned()
}

/// The verdict on queries in a few words: `exact`, `exact if ascii`, `over`.
pub(super) fn verdict(queries: &[Query]) -> String {
    let verdict = queries.iter().fold(Verdict::Exact, |all, query| all.join(query.fidelity.verdict));
    let mut assumptions: Vec<String> =
        queries.iter().flat_map(|query| &query.fidelity.assumptions).map(ToString::to_string).collect();
    assumptions.sort();
    assumptions.dedup();
    let word = verdict.word();
    if assumptions.is_empty() { word.to_owned() } else { format!("{word} if {}", assumptions.join(", ")) }
}
