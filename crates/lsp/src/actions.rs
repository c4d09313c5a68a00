//! What an editor can do about problems: their fixes, one by one or all that are safe at once.

use crate::diagnostics::{self, edits};
use crate::session::View;
use crate::{queries, text::Text};
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Command, Range, TextEdit, WorkspaceEdit};
use rulecast_diagnostics::{Diagnostic, Fix, apply};
use rulecast_lint::mend;
use serde_json::json;
use std::collections::HashMap;

/// The actions for a range.
pub(crate) fn of(view: &View<'_>, range: Range) -> Vec<CodeActionOrCommand> {
    let (start, end) = (view.text.offset(range.start), view.text.offset(range.end));
    let touches = |problem: &&Diagnostic| {
        let span = problem.at.span;
        span.file.0 == 0 && span.start as usize <= end && start <= span.end as usize
    };
    let problems = &view.analysis().diagnostics;
    let all = Mending::of(view.text, problems);
    let mut actions = Vec::new();
    for (problem, shown) in problems.iter().zip(&diagnostics::of(view)).filter(|(problem, _)| touches(problem)) {
        let Some(fix) = problem.fix.as_ref() else { continue };
        if fix.safe && !all.is_right(view.text, problem) {
            continue;
        }
        let title = title(problem, fix.edits.first().map(|edit| edit.text.as_str()));
        actions.push(CodeAction {
            title: if fix.safe { title } else { format!("{title} (changes what the rule matches)") },
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![shown.clone()]),
            edit: Some(edit(view, edits(view.text, fix))),
            is_preferred: Some(fix.safe),
            ..CodeAction::default()
        });
    }
    if let Some(new) = &all.text {
        let edits = vec![difference(view.text, new)];
        actions.push(CodeAction {
            title: "Fix all problems that have a safe fix".to_owned(),
            kind: Some(CodeActionKind::SOURCE_FIX_ALL),
            edit: Some(edit(view, edits)),
            ..CodeAction::default()
        });
    }
    let mut actions: Vec<CodeActionOrCommand> = actions.into_iter().map(CodeActionOrCommand::CodeAction).collect();
    if view.analysis().document_at(start).is_some() {
        let command = Command {
            title: "Show the queries of this rule".to_owned(),
            command: queries::COMMAND.to_owned(),
            arguments: Some(vec![json!({ "uri": view.uri.as_str(), "position": range.start })]),
        };
        actions.push(CodeActionOrCommand::Command(command));
    }
    actions
}

/// `field-case: did you mean …`, or what is put in.
fn title(problem: &Diagnostic, put: Option<&str>) -> String {
    match (&problem.help, put) {
        (Some(help), _) => format!("{}: {help}", problem.name),
        (None, Some("")) => format!("{}: remove it", problem.name),
        (None, Some(text)) if !text.contains('\n') => format!("{}: write `{}`", problem.name, text.trim()),
        _ => format!("{}: {}", problem.name, problem.message),
    }
}

/// All safe fixes that do not touch one another, made together.
struct Mending<'a> {
    /// The text after them; nothing if there are none, or if they would change the YAML beside them.
    text: Option<String>,
    made: Vec<&'a Fix>,
}

impl<'a> Mending<'a> {
    fn of(text: &Text, problems: &'a [Diagnostic]) -> Self {
        let safe: Vec<&Fix> =
            problems.iter().filter_map(|problem| problem.fix.as_ref().filter(|fix| fix.safe)).collect();
        let (_, chosen) = apply(text.as_str(), safe.iter().copied());
        let made = safe.into_iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(fix, _)| fix).collect();
        Self { text: mend(text.as_str(), problems).map(|mended| mended.text), made }
    }

    /// Whether a fix leaves the YAML beside it. What does so together with others, which touch other places, does so alone.
    fn is_right(&self, text: &Text, problem: &Diagnostic) -> bool {
        let together = self.text.is_some() && problem.fix.as_ref().is_some_and(|fix| self.made.contains(&fix));
        together || mend(text.as_str(), std::slice::from_ref(problem)).is_some()
    }
}

/// One edit that makes a text another: what stands between their common beginning and end.
fn difference(old: &Text, new: &str) -> TextEdit {
    let text = old.as_str();
    let same = text.bytes().zip(new.bytes()).take_while(|(one, other)| one == other).count();
    let start = text.floor_char_boundary(same).min(new.floor_char_boundary(same));
    let rest = text[start..].bytes().rev().zip(new[start..].bytes().rev());
    let same = rest.take_while(|(one, other)| one == other).count();
    let mut behind = same;
    while !text.is_char_boundary(text.len() - behind) || !new.is_char_boundary(new.len() - behind) {
        behind -= 1;
    }
    TextEdit { range: old.range(start, text.len() - behind), new_text: new[start..new.len() - behind].to_owned() }
}

fn edit(view: &View<'_>, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(view.uri.clone(), edits)])), ..WorkspaceEdit::default() }
}
