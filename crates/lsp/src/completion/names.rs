//! Names: of rules, in correlations and filters, and of targets.

use super::Items;
use lsp_types::CompletionItemKind;
use rulecast_compile::{Language, Target};

/// The rules of the repository by name, or else by id; those of this file first.
pub(super) fn rules(to: &mut Items<'_, '_>) {
    if to.place.path[0] == "filter" {
        to.word("any", "any", CompletionItemKind::KEYWORD).detail = Some("every rule of the log source".to_owned());
    }
    // Of this file, as it is being written; of others, as they were read.
    let (outline, text) = (to.view.outline, to.text());
    for document in (0..=outline.document_at(text.len())).filter(|document| *document != to.place.document) {
        let scalar = |key| outline.scalar(text, document, &[key]);
        if let Some(called) = scalar("name").or_else(|| scalar("id")) {
            rule(to, called, scalar("title").unwrap_or_default());
        }
    }
    let workspace = &to.view.project.workspace;
    let own = to.view.position();
    for named in (0..workspace.inputs().len()).filter(|at| Some(*at) != own).flat_map(|at| workspace.rules(at)) {
        if let Some(called) = named.name.as_ref().or(named.id.as_ref()) {
            rule(to, &called.node, &named.title);
        }
    }
}

fn rule(to: &mut Items<'_, '_>, called: &str, title: &str) {
    let item = to.word(called, called, CompletionItemKind::REFERENCE);
    item.detail = Some(title.to_owned());
    // So that it is also found by its title.
    item.filter_text = Some(format!("{called} {title}"));
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
