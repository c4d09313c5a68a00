//! Questions about texts, without a process. `¦` stands for the cursor.

mod answers;
mod edits;
mod files;

use crate::{Encoding, Session, Text};
use lsp_types::{CodeActionOrCommand, CompletionTextEdit, HoverContents, Location, Position, Range, Uri};

/// A rule that is whole, to cut pieces from.
const RULE: &str = r"title: Whoami Started by a Script Host
id: 0d5b1a34-6d5e-4c0e-9a52-2a2f4b6f1c11
status: experimental
level: low
tags:
    - attack.discovery
    - attack.t1033
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
        ParentImage|endswith:
            - '\wscript.exe'
            - '\cscript.exe'
    filter_main_user:
        User|contains: SYSTEM
    filter_main_path:
        CommandLine|contains|all:
            - a
            - b
    condition: selection and not 1 of filter_main_*
";

fn uri() -> Uri {
    "untitled:rule.yml".parse().unwrap()
}

/// A session with one open text, and the place of its cursor.
fn opened(text: &str) -> (Session, Position) {
    let offset = text.find('¦').unwrap_or(0);
    let text = text.replace('¦', "");
    let mut session = Session::new(Encoding::Utf16, Vec::new());
    session.open(uri(), 1, &text);
    (session, Text::new(text, Encoding::Utf16).position(offset))
}

/// The labels at the cursor.
fn labels(text: &str) -> Vec<String> {
    let (mut session, at) = opened(text);
    session.completion(&uri(), at).into_iter().map(|item| item.label).collect()
}

/// The text after taking the item of that label.
fn completed(text: &str, label: &str) -> String {
    let (mut session, at) = opened(text);
    let items = session.completion(&uri(), at);
    let item = items.into_iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no `{label}`"));
    let Some(CompletionTextEdit::Edit(edit)) = item.text_edit else { panic!("no edit") };
    assert!(edit.range.start <= at && at <= edit.range.end, "the cursor is in what is replaced");
    edited(session.text(&uri()).unwrap(), edit.range, &edit.new_text)
}

fn edited(text: &str, range: Range, new: &str) -> String {
    let index = Text::new(text, Encoding::Utf16);
    format!("{}{new}{}", &text[..index.offset(range.start)], &text[index.offset(range.end)..])
}

fn hover(text: &str) -> String {
    let (mut session, at) = opened(text);
    match session.hover(&uri(), at).map(|hover| hover.contents) {
        Some(HoverContents::Markup(content)) => content.value,
        _ => String::new(),
    }
}

/// The texts that the name at the cursor leads to.
fn led_to(text: &str) -> Vec<String> {
    let (mut session, at) = opened(text);
    let found = session.definition(&uri(), at);
    texts(&session, found)
}

fn texts(session: &Session, locations: Vec<Location>) -> Vec<String> {
    let text = |location: Location| {
        let text = Text::new(session.text(&location.uri).unwrap(), Encoding::Utf16);
        text.as_str()[text.offset(location.range.start)..text.offset(location.range.end)].to_owned()
    };
    locations.into_iter().map(text).collect()
}

/// The rule with a piece replaced.
fn with(old: &str, new: &str) -> String {
    assert!(RULE.contains(old), "{old}");
    RULE.replacen(old, new, 1)
}

/// The problems by name, each with the text that it is at.
fn problems(session: &mut Session) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for found in session.problems() {
        let text = Text::new(session.text(&found.uri).unwrap(), Encoding::Utf16);
        for one in found.diagnostics {
            let Some(lsp_types::NumberOrString::String(name)) = one.code else { panic!("no name") };
            let (start, end) = (text.offset(one.range.start), text.offset(one.range.end));
            all.push((name, text.as_str()[start..end].to_owned()));
        }
    }
    all
}

/// The quick fixes of the whole text: title, and the text after it.
fn fixes(text: &str) -> Vec<(String, String)> {
    let (mut session, _) = opened(text);
    let text = session.text(&uri()).unwrap().to_owned();
    let all = Text::new(text.as_str(), Encoding::Utf16).range(0, text.len());
    let actions = session.actions(&uri(), all).into_iter().filter_map(|action| match action {
        CodeActionOrCommand::CodeAction(action) => Some(action),
        CodeActionOrCommand::Command(_) => None,
    });
    actions
        .map(|action| {
            let edits = action.edit.unwrap().changes.unwrap().remove(&uri()).unwrap();
            let mut new = text.clone();
            for edit in edits.iter().rev() {
                new = edited(&new, edit.range, &edit.new_text);
            }
            (action.title, new)
        })
        .collect()
}
