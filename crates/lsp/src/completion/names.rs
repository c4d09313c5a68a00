//! Names: of rules, in correlations and filters, and of targets.

use super::Items;
use lsp_types::CompletionItemKind;
use rulecast_compile::{Language, Target};

/// The rules of the repository by name, or else by id; those of this file first.
pub(super) fn rules(to: &mut Items<'_, '_>) {
    if to.place.path[0] == "filter" {
        to.word("any", "any", CompletionItemKind::KEYWORD).detail = Some("every rule of the log source".to_owned());
    }
    let workspace = &to.view.project.workspace;
    let own = to.view.position();
    let files = own.into_iter().chain((0..workspace.inputs().len()).filter(|at| Some(*at) != own));
    for at in files {
        for rule in workspace.rules(at) {
            let Some(called) = rule.name.as_ref().or(rule.id.as_ref()) else { continue };
            let item = to.word(&called.node, &called.node, CompletionItemKind::REFERENCE);
            item.detail = Some(rule.title.clone());
            item.filter_text = Some(format!("{} {}", called.node, rule.title));
        }
    }
}

/// Targets and languages.
pub(super) fn targets(to: &mut Items<'_, '_>) {
    let of_project = to.view.project.targets().into_iter().map(|target| target.to_string());
    let languages = Language::ALL.into_iter().map(|language| language.name().to_owned());
    let mut names: Vec<String> = of_project.chain(languages).collect();
    names.extend(Target::ALL.into_iter().map(|target| target.to_string()));
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            let new = format!("{name}{}", to.behind_key(":"));
            to.word(&name, &new, CompletionItemKind::MODULE);
            seen.push(name);
        }
    }
}
