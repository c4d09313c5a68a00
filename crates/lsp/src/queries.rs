//! The queries of a rule, beside it.

use crate::session::View;
use crate::symbols::bounds;
use lsp_types::{CodeLens, Command};
use rulecast_compile::{Outcome, Role, compile_with};
use rulecast_diagnostics::Span;
use rulecast_ir::{Fidelity, Refusal, Rule, Sigma};
use serde_json::json;
use std::fmt::Write;

/// The command that returns the queries of a rule. Its argument is `{uri, position}`.
pub(crate) const COMMAND: &str = "rulecast.showQueries";

/// A lens over the title of each rule that has become one.
pub(crate) fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    let lens = |rule: &Rule<Sigma>| {
        let at = rule.metadata.0.title.as_ref().map_or(Span { end: rule.span.start, ..rule.span }, |title| title.span);
        let range = view.text.span(at);
        let command = Command {
            title: "Show queries".to_owned(),
            command: COMMAND.to_owned(),
            arguments: Some(vec![json!({ "uri": view.uri.as_str(), "position": range.start })]),
        };
        CodeLens { range, command: Some(command), data: None }
    };
    view.analysis().rules.iter().filter(|rule| rule.span.file.0 == 0).map(lens).collect()
}

/// The queries of the rule at an offset; of a part of a correlation, those of the correlation.
pub(crate) fn at(view: &View<'_>, offset: usize) -> Option<String> {
    let rules = || view.analysis().rules.iter().filter(|rule| rule.span.file.0 == 0);
    let within = |rule: &&Rule<Sigma>| {
        let (start, end) = bounds(view, view.outline.document_at(rule.span.start as usize));
        (start..=end).contains(&offset)
    };
    let rule = rules().find(within).or_else(|| {
        // A rule that only serves others has no queries of its own.
        let own = view.analysis().document_at(offset)?;
        rules().find(|rule| {
            let correlation = view.analysis().documents.iter().find(|document| document.span == rule.span);
            correlation.is_some_and(|document| refers(document, own))
        })
    })?;
    let trace = view.analysis().traces.iter().find(|trace| trace.document() == rule.span);
    let title = rule.metadata.title();
    let mut out = format!("# {}\n", if title.is_empty() { "(no title)" } else { title });
    for target in view.project.targets() {
        let outcome = compile_with(rule, target, view.project.allow(), &view.project.chosen.pipelines, trace);
        match outcome {
            Outcome::Queries(queries) => {
                for query in queries {
                    let class = match &query.role {
                        Role::Branch { name, .. } => format!(", {name}"),
                        Role::Rule => String::new(),
                    };
                    let _ = write!(out, "\n## {target}{class}\n\n{}\n\n", fidelity(&query.fidelity));
                    fenced(&mut out, target.language.name(), &query.text);
                }
            }
            Outcome::Refused(refusals) => {
                let _ = write!(out, "\n## {target}\n\nRefused:\n\n");
                refusals.iter().for_each(|refusal| list(&mut out, refusal));
            }
            Outcome::Declared { reason } => {
                let _ = write!(out, "\n## {target}\n\nNot for this target, as the rule says: {reason}\n");
            }
        }
    }
    Some(out)
}

fn refers(document: &rulecast_rule::Document, to: &rulecast_rule::Document) -> bool {
    let rulecast_rule::ast::Body::Correlation(correlation) = &document.body else { return false };
    let names = [&to.metadata.id, &to.metadata.name];
    correlation.rules.iter().any(|rule| names.into_iter().flatten().any(|name| name.node == rule.node))
}

/// A refusal as an entry of a list.
pub(crate) fn list(out: &mut String, refusal: &Refusal) {
    let help = refusal.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    let _ = writeln!(out, "* {}{help}", refusal.message);
}

/// A query in a fence that nothing in it closes.
pub(crate) fn fenced(out: &mut String, language: &str, text: &str) {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let _ = write!(out, "{fence}{language}\n{text}\n{fence}\n");
}

/// `exact`, `exact; assumes presence`, …
pub(crate) fn fidelity(fidelity: &Fidelity) -> String {
    let mut words = match fidelity.verdict.word() {
        "exact" => "exact",
        "over" => "over: may match more than the rule",
        "under" => "under: may miss what the rule matches",
        _ => "over and under: may match more than the rule, and miss what it matches",
    }
    .to_owned();
    if fidelity.unchecked {
        words = format!("unchecked: a pipeline rewrote the text of the query; before, it was {words}");
    }
    let assumptions: Vec<String> = fidelity.assumptions.iter().map(|one| format!("`{one}`")).collect();
    if !assumptions.is_empty() {
        let _ = write!(words, "; assumes {}", assumptions.join(", "));
    }
    words
}
