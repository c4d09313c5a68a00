//! Rule collections: documents of one file that share parts, by the key `action`.
//!
//! Source: the Sigma specification 1.0.5, "Rule Collections"; later versions neither have them nor forbid them. `global`
//! is merged into every rule after it, and further ones are added to it; `reset` drops what was gathered; `repeat` is
//! the rule before it with this document merged into it. Mappings merge by their keys, anything else is replaced. Where
//! the specification is silent, the reference implementation decides: a global value replaces the rule's own, which is
//! warned of, and correlations and filters take no part.

use crate::problems::Problems;
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Span};

/// What `action` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Global,
    Reset,
    Repeat,
}

/// The documents with their collections resolved: none has an `action` of ours.
pub(crate) fn merged(documents: Vec<Yaml>, problems: &mut Problems) -> Vec<Yaml> {
    if !documents.iter().any(|document| action(document).is_some()) {
        return documents;
    }
    let mut collection = Collection { global: None, previous: None, last_global: None, problems };
    let merged: Vec<Yaml> = documents.into_iter().filter_map(|document| collection.take(document)).collect();
    if let Some(unused) = collection.last_global {
        let problem = Diagnostic::warning("rule-collection", unused, "global parts are merged into no rule");
        problems.push(problem.label("no rule follows"));
    }
    warn_of_shared_names(&merged, problems);
    merged
}

/// Where the action is, and which.
fn action(document: &Yaml) -> Option<(Span, Action)> {
    let Data::Map(entries) = document.data() else { return None };
    let entry = entries.iter().find(|entry| entry.key.text == "action")?;
    let Data::Scalar(scalar) = entry.value.data() else { return None };
    let action = match &*scalar.text {
        "global" => Action::Global,
        "reset" => Action::Reset,
        "repeat" => Action::Repeat,
        _ => return None,
    };
    Some((entry.key.span.to(entry.value.span), action))
}

struct Collection<'a> {
    /// What is merged into every rule.
    global: Option<Yaml>,
    /// The rule before, as it was merged.
    previous: Option<Yaml>,
    /// The last `action: global` that no rule has followed yet.
    last_global: Option<Span>,
    problems: &'a mut Problems,
}

impl Collection<'_> {
    /// The rule that a document stands for, if any.
    fn take(&mut self, document: Yaml) -> Option<Yaml> {
        let Some((span, action)) = action(&document) else {
            if has_key(&document, &["correlation", "filter"]) {
                return Some(document);
            }
            self.last_global = None;
            let rule = match &self.global {
                Some(global) => merge(document, global.clone(), &mut |own, by| self.problems.push(replaced(own, by))),
                None => document,
            };
            self.previous = Some(rule.clone());
            return Some(rule);
        };
        let document = without_action(document);
        match action {
            Action::Global => {
                self.last_global = Some(span);
                self.global = Some(match self.global.take() {
                    Some(before) => merge(before, document, &mut |_, _| {}),
                    None => document,
                });
                None
            }
            Action::Reset => {
                self.global = None;
                self.last_global = None;
                None
            }
            Action::Repeat => {
                let Some(previous) = self.previous.clone() else {
                    let problem = Diagnostic::error("rule-collection", span, "`repeat` has no rule before it");
                    self.problems.push(problem.label("nothing to repeat"));
                    return None;
                };
                let span = document.span;
                let rule = Yaml { span, ..merge(previous, document, &mut |_, _| {}) };
                self.previous = Some(rule.clone());
                Some(rule)
            }
        }
    }
}

fn has_key(document: &Yaml, keys: &[&str]) -> bool {
    matches!(document.data(), Data::Map(entries) if entries.iter().any(|entry| keys.contains(&&*entry.key.text)))
}

fn without_action(document: Yaml) -> Yaml {
    let span = document.span;
    let data = match document.into_data() {
        Data::Map(mut entries) => {
            entries.retain(|entry| entry.key.text != "action");
            Data::Map(entries)
        }
        other => other,
    };
    Yaml { span, data }
}

/// `base` with `over` merged into it, at the place of `base`. Calls `replaces` with the places of every other value that
/// takes the place of one.
fn merge(base: Yaml, over: Yaml, replaces: &mut dyn FnMut(Span, Span)) -> Yaml {
    let span = base.span;
    let (Data::Map(_), Data::Map(_)) = (base.data(), over.data()) else { return over };
    let (Data::Map(mut entries), Data::Map(added)) = (base.into_data(), over.into_data()) else {
        unreachable!("seen to be mappings");
    };
    for Entry { key, value } in added {
        let Some(at) = entries.iter().position(|entry| entry.key.text == key.text) else {
            entries.push(Entry { key, value });
            continue;
        };
        let own = entries.swap_remove(at);
        let is_map = |yaml: &Yaml| matches!(yaml.data(), Data::Map(_));
        let value = if is_map(&own.value) && is_map(&value) {
            merge(own.value, value, replaces)
        } else {
            replaces(own.key.span, key.span);
            value
        };
        let last = entries.len();
        entries.push(Entry { key: if is_map(&value) { own.key } else { key }, value });
        entries.swap(at, last);
    }
    Yaml { span, data: Data::Map(entries) }
}

fn replaced(own: Span, by: Span) -> Diagnostic {
    Diagnostic::warning("rule-collection", own, "a global part replaces this")
        .label("has no effect")
        .also(by, "this takes its place")
        .help("remove one of them: a global value goes before a rule's own")
}

/// An id or name that comes from a global part, or is repeated, is borne by several rules: none can be referred to by it.
fn warn_of_shared_names(rules: &[Yaml], problems: &mut Problems) {
    let mut seen: Vec<Span> = Vec::new();
    let mut warned: Vec<Span> = Vec::new();
    for rule in rules {
        let Data::Map(entries) = rule.data() else { continue };
        for entry in entries.iter().filter(|entry| matches!(&*entry.key.text, "id" | "name")) {
            let span = entry.value.span;
            if !seen.contains(&span) {
                seen.push(span);
            } else if !warned.contains(&span) {
                warned.push(span);
                let message = format!("several rules of the collection have this `{}`", entry.key.text);
                problems.push(
                    Diagnostic::warning("shared-name", span, message)
                        .label("names no single rule")
                        .help(format!("give each document its own `{}`", entry.key.text)),
                );
            }
        }
    }
}
