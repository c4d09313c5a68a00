//! What keeps rules from being locked, as diagnostics.

use crate::compare::Found;
use crate::file::{Entry, Removed};
use crate::form::Part;
use rulecast_diagnostics::{Diagnostic, Edit, Span};

/// How a version is raised without an editor.
const BUMP: &str = "`rulecast lock --bump` writes it";

pub(crate) fn no_id(rule: &Found, was: Option<&str>) -> Diagnostic {
    let problem = Diagnostic::error("lock-no-id", rule.at, "a rule without an `id` cannot be locked");
    match was {
        Some(id) => problem.label("its `id` is gone").help(format!("put it back: `id: {id}`")),
        None => problem
            .help("add `id:` with a random UUID (`uuidgen`), and keep it for as long as the rule lives")
            .note("the lock knows a rule by its id, whatever its title or its file is called"),
    }
}

pub(crate) fn duplicate_id(rule: &Found, first: &Found) -> Diagnostic {
    let message = format!("two rules have the id `{}`", rule.id_text());
    Diagnostic::error("lock-duplicate-id", rule.id_span(), message)
        .note(format!("the other is `{}` in {}", first.title, first.path))
        .help("give the newer one an id of its own")
}

pub(crate) fn id_changed(rule: &Found, was: &str, entry: &Entry) -> Diagnostic {
    let message = format!("the id of the rule was `{was}`");
    Diagnostic::error("lock-id-changed", rule.id_span(), message)
        .label("an id never changes")
        .note(format!("the lock holds version {} of it under that id", entry.version))
        .help(format!("put `{was}` back; if it is another rule, give it another title and another detection"))
        .suggest(vec![Edit::replace(rule.id_span(), was)])
}

pub(crate) fn id_moved(rule: &Found, entry: &Entry) -> Diagnostic {
    let message = format!("the id is that of another rule, `{}`", entry.title);
    Diagnostic::error("lock-id-moved", rule.id_span(), message)
        .label("an id is never used again")
        .note(format!("the lock knows it by {}", entry.path))
        .help("give this rule an id of its own")
}

pub(crate) fn not_raised(rule: &Found, entry: &Entry, parts: &[Part]) -> Diagnostic {
    let message = match rule.version() {
        now if now < entry.version => format!("the rule changed, and its version fell from {} to {now}", entry.version),
        _ => format!("the rule changed, and its version is still {}", entry.version),
    };
    let problem = Diagnostic::error("version-not-raised", rule.version_span(), message);
    let words: Vec<&str> = parts.iter().map(|part| part.word()).collect();
    let problem = if words.is_empty() { problem } else { problem.note(format!("changed: {}", words.join(", "))) };
    raise(problem, rule, entry.version + 1)
}

pub(crate) fn lowered(rule: &Found, entry: &Entry) -> Diagnostic {
    let message = format!("the version fell from {} to {}", entry.version, rule.version());
    raise(Diagnostic::error("version-lowered", rule.version_span(), message), rule, entry.version)
}

pub(crate) fn used_again(rule: &Found, removed: &Removed) -> Diagnostic {
    let message = format!("the id was that of a removed rule, `{}`, version {}", removed.title, removed.version);
    let problem = Diagnostic::error("version-not-raised", rule.version_span(), message)
        .note("if this is another rule, give it an id of its own");
    raise(problem, rule, removed.version + 1)
}

fn raise(problem: Diagnostic, rule: &Found, to: u32) -> Diagnostic {
    match rule.raise(to) {
        Some(edit) => problem.help(format!("`version: {to}`; {BUMP}")).suggest(vec![edit]),
        None => problem.help(format!("add `version: {to}`")),
    }
}

/// Where a new line may be put in after the one that holds `span`, if that is the key of this name at the margin with
/// all of its value; and how lines end there.
pub(crate) fn line_after(text: &str, span: Span, key: &str) -> Option<(usize, &'static str)> {
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let end = span.end as usize + text.get(span.end as usize..)?.find('\n')? + 1;
    let line = &text[start..end];
    let is_whole = line.starts_with(key) && line[key.len()..].starts_with(':') && line.matches('\n').count() == 1;
    is_whole.then(|| (end, if line.ends_with("\r\n") { "\r\n" } else { "\n" }))
}
