//! What a rule reads on a target.

use crate::outcome::{dialect, mapped, model};
use crate::{Models, Target};
use rulecast_diagnostics::Diagnostic;
use rulecast_ir::{Refusal, Rule, Sigma};
use rulecast_pipeline::{SourceRead, columns_read, sources_read};
use rulecast_rule::Document;
use std::collections::BTreeMap;

/// What a rule reads on a target: of each log source every macro, table or category, in the order of the rule.
pub fn reads(rule: &Rule<Sigma>, target: Target) -> Result<Vec<SourceRead>, Vec<Refusal>> {
    Ok(sources_read(rule, &*model(rule, target)?, dialect(target.language)))
}

/// The columns that a rule asks on a target, by name, each with the word for its type: `text`, `long`, `ip`.
pub fn columns(rule: &Rule<Sigma>, target: Target) -> Result<BTreeMap<String, &'static str>, Vec<Refusal>> {
    Ok(columns_read(&mapped(rule, target)?))
}

/// Warns of targets that documents say something of and that a run does not know, so that what they say counts for nothing.
pub fn unknown_targets(documents: &[Document], models: &Models) -> Vec<Diagnostic> {
    let said = documents.iter().flat_map(|document| &document.metadata.targets).map(|options| &options.target);
    let named = said.filter(|target| target.contains('.'));
    let known = |name: &str| Target::all(models).any(|target| target.to_string() == name);
    let problem = |target: &rulecast_diagnostics::Spanned<String>| {
        let message =
            format!("no target of this run is called `{}`, so that what is said of it counts for nothing", target.node);
        let names: Vec<String> = Target::all(models).map(|target| target.to_string()).collect();
        let problem = Diagnostic::warning("unknown-target", target.span, message);
        match rulecast_rule::closest(target, names.iter().map(String::as_str)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("a data model of your own is given with `-m`, or in `rulecast.toml`"),
        }
    };
    named.filter(|target| !known(target)).map(problem).collect()
}
