//! The rules of a repository against its lock.

use crate::file::{Entry, Lock, Output, Removed};
use crate::form::{FORM, Form, Part};
use crate::problem;
use rulecast_diagnostics::{Diagnostic, Edit, Span, Spanned};
use rulecast_ir::Metadata;
use std::collections::{BTreeMap, BTreeSet};

/// A rule as it stands in the repository.
#[derive(Clone, Debug)]
pub struct Found {
    /// The place of its file among those read.
    pub file: usize,
    /// Its file, from the directory of the lock, with `/` between its parts.
    pub path: String,
    /// Its title; empty without one.
    pub title: String,
    /// Its title's place, or the rule's.
    pub at: Span,
    id: Option<Spanned<String>>,
    version: Option<Spanned<u32>>,
    /// Where `version:` may be put in, and how lines end there.
    room: Option<(usize, &'static str)>,
    form: Form,
    outputs: BTreeMap<String, Output>,
}

impl Found {
    /// A rule whose document stands at `span` of `text`.
    pub fn new(
        (file, path): (usize, String),
        (metadata, span, text): (&Metadata, Span, &str),
        form: Form,
        outputs: BTreeMap<String, Output>,
    ) -> Self {
        let written = &metadata.0;
        let at = written.title.as_ref().map_or(Span { end: span.start, ..span }, |title| title.span);
        let after = |key: &str, place: Option<Span>| problem::line_after(text, place?, key);
        let room = after("id", written.id.as_ref().map(|id| id.span))
            .or_else(|| after("title", written.title.as_ref().map(|title| title.span)));
        Self {
            file,
            path,
            title: metadata.title().to_owned(),
            at,
            id: written.id.clone(),
            version: written.version.clone(),
            room,
            form,
            outputs,
        }
    }

    /// Its version; 1 for a rule that says none.
    pub fn version(&self) -> u32 {
        self.version.as_ref().map_or(1, |version| version.node)
    }

    /// Its id as the lock writes it.
    fn key(&self) -> Option<String> {
        self.id.as_ref().map(|id| id.node.to_ascii_lowercase())
    }

    pub(crate) fn id_text(&self) -> &str {
        self.id.as_ref().map_or("", |id| &id.node)
    }

    pub(crate) fn id_span(&self) -> Span {
        self.id.as_ref().map_or(self.at, |id| id.span)
    }

    pub(crate) fn version_span(&self) -> Span {
        self.version.as_ref().map_or(self.at, |version| version.span)
    }

    /// What gives it this version, where that can be told.
    pub(crate) fn raise(&self, to: u32) -> Option<Edit> {
        match (&self.version, self.room) {
            (Some(version), _) => Some(Edit::replace(version.span, to.to_string())),
            (None, Some((at, end))) => {
                Some(Edit::replace(Span::new(self.at.file, at, at), format!("version: {to}{end}")))
            }
            (None, None) => None,
        }
    }

    fn entry(&self) -> Entry {
        Entry {
            title: self.title.clone(),
            path: self.path.clone(),
            version: self.version(),
            sha256: self.form.sha256.clone(),
            parts: self.form.parts.clone(),
            outputs: self.outputs.clone(),
        }
    }

    /// Whether it looks for the same as the rule of an entry.
    fn detects_the_same(&self, entry: &Entry) -> bool {
        [Part::Detection, Part::LogSource, Part::Correlation]
            .iter()
            .all(|part| self.form.parts.get(part.key()) == entry.parts.get(part.key()))
    }
}

/// How rules and their lock compare.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Rules that are not as the lock says, by path, then by title.
    pub changes: Vec<RuleChange>,
    /// What keeps the rules from being locked, each with the place of its file among those read.
    pub problems: Vec<(usize, Diagnostic)>,
    /// Targets that the lock does not know.
    pub new_targets: Vec<String>,
    /// Targets that are no longer asked for.
    pub old_targets: Vec<String>,
    /// The version of ATT&CK in the lock, if it is another one now.
    pub old_attack: Option<String>,
    /// The number of the forms in the lock, if they cannot be compared: then only outputs were.
    pub old_form: Option<u32>,
    /// What the lock must hold now.
    pub lock: Lock,
}

impl Comparison {
    /// Whether the lock is as it must be.
    pub fn is_current(&self) -> bool {
        self.changes.is_empty()
            && self.problems.is_empty()
            && self.new_targets.is_empty()
            && self.old_targets.is_empty()
            && self.old_attack.is_none()
            && self.old_form.is_none()
    }
}

/// What became of a rule since it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// Whether it is there.
    pub fate: RuleFate,
    /// Its id, as the lock writes it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file.
    pub path: String,
    /// The file that it was in, if it was another.
    pub moved_from: Option<String>,
    /// What of its meaning or its rating changed; nothing, if only its place or its queries did.
    pub parts: Vec<Part>,
    /// Its version in the lock, and now.
    pub version: (Option<u32>, Option<u32>),
    /// The targets on which something else is made of it.
    pub outputs: Vec<OutputChange>,
}

/// Whether a rule is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFate {
    /// The lock does not know it.
    Added,
    /// It is gone.
    Removed,
    /// It is there, and not as the lock says.
    Changed,
}

/// What became of the queries of a rule on one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputChange {
    /// The target.
    pub target: String,
    /// The fidelity in the lock.
    pub before: String,
    /// The fidelity now.
    pub after: String,
}

/// Holds all rules that were read against the lock, if there is one.
///
/// `elsewhere` tells of a path of the lock that it was not read, and is still there: what the lock says of its rules stands.
pub fn compare(
    old: Option<&Lock>,
    rules: &[Found],
    (attack, targets): (&str, BTreeSet<String>),
    elsewhere: &dyn Fn(&str) -> bool,
) -> Comparison {
    let none = Lock::new(attack, targets.clone());
    let lock = Lock::new(attack, targets);
    let before = old.unwrap_or(&none);
    let minus = |some: &BTreeSet<String>, others: &BTreeSet<String>| some.difference(others).cloned().collect();
    let mut comparison = Comparison {
        changes: Vec::new(),
        problems: Vec::new(),
        new_targets: minus(&lock.targets, &before.targets),
        old_targets: minus(&before.targets, &lock.targets),
        old_attack: (before.attack != attack).then(|| before.attack.clone()),
        old_form: (before.form != FORM).then_some(before.form),
        lock,
    };
    let mut known: BTreeMap<String, &Found> = BTreeMap::new();
    for rule in rules {
        if let Some(id) = rule.key() {
            if let Some(first) = known.get(&id) {
                comparison.problems.push((rule.file, problem::duplicate_id(rule, first)));
            } else {
                known.insert(id, rule);
            }
        }
    }
    let mut gone: BTreeMap<&str, &Entry> = BTreeMap::new();
    for (id, entry) in before.rules.iter().filter(|(id, _)| !known.contains_key(*id)) {
        if elsewhere(&entry.path) {
            comparison.lock.rules.insert(id.clone(), entry.clone());
        } else {
            gone.insert(id, entry);
        }
    }
    let was = |rule: &Found| {
        gone.iter().find(|(_, entry)| {
            let is_alike = entry.title == rule.title || rule.detects_the_same(entry);
            entry.path == rule.path && is_alike
        })
    };
    for rule in rules.iter().filter(|rule| rule.id.is_none()) {
        comparison.problems.push((rule.file, problem::no_id(rule, was(rule).map(|(id, _)| *id))));
    }
    for (id, rule) in known {
        if let Some(entry) = before.rules.get(&id) {
            comparison.known(&id, rule, entry, before);
        } else {
            if let Some((id, entry)) = was(rule) {
                comparison.problems.push((rule.file, problem::id_changed(rule, id, entry)));
            }
            comparison.added(&id, rule, before.removed.get(&id));
        }
        comparison.lock.rules.insert(id, rule.entry());
    }
    for (id, entry) in gone {
        comparison.removed(id, entry);
    }
    let forgotten = before.removed.iter().filter(|(id, _)| !comparison.lock.rules.contains_key(*id));
    comparison.lock.removed.extend(forgotten.map(|(id, removed)| (id.clone(), removed.clone())));
    comparison
        .changes
        .sort_by(|one, other| (&one.path, &one.title, &one.id).cmp(&(&other.path, &other.title, &other.id)));
    comparison.problems.sort_by_key(|(file, problem)| (*file, problem.at.span));
    comparison
}

impl Comparison {
    fn added(&mut self, id: &str, rule: &Found, removed: Option<&Removed>) {
        if let Some(removed) = removed {
            let is_same = removed.sha256 == rule.form.sha256;
            if rule.version() < removed.version || rule.version() == removed.version && !is_same {
                self.problems.push((rule.file, problem::used_again(rule, removed)));
            }
        }
        self.changes.push(RuleChange {
            fate: RuleFate::Added,
            id: id.to_owned(),
            title: rule.title.clone(),
            path: rule.path.clone(),
            moved_from: None,
            parts: Vec::new(),
            version: (removed.map(|removed| removed.version), Some(rule.version())),
            outputs: Vec::new(),
        });
    }

    fn removed(&mut self, id: &str, entry: &Entry) {
        let Entry { title, version, sha256, .. } = entry.clone();
        self.lock.removed.insert(id.to_owned(), Removed { title, version, sha256 });
        self.changes.push(RuleChange {
            fate: RuleFate::Removed,
            id: id.to_owned(),
            title: entry.title.clone(),
            path: entry.path.clone(),
            moved_from: None,
            parts: Vec::new(),
            version: (Some(entry.version), None),
            outputs: Vec::new(),
        });
    }

    fn known(&mut self, id: &str, rule: &Found, entry: &Entry, before: &Lock) {
        let comparable = self.old_form.is_none();
        let moved = rule.path != entry.path;
        if moved && rule.title != entry.title && comparable && !rule.detects_the_same(entry) {
            self.problems.push((rule.file, problem::id_moved(rule, entry)));
            return;
        }
        let differs = |part: &&Part| rule.form.parts.get(part.key()) != entry.parts.get(part.key());
        let parts: Vec<Part> =
            if comparable { Part::ALL.iter().filter(differs).copied().collect() } else { Vec::new() };
        let changed = comparable && rule.form.sha256 != entry.sha256;
        if changed && rule.version() <= entry.version {
            self.problems.push((rule.file, problem::not_raised(rule, entry, &parts)));
        } else if rule.version() < entry.version {
            self.problems.push((rule.file, problem::lowered(rule, entry)));
        }
        // Of a target that only one of both asks for there is nothing to compare.
        let asked = |target: &&String| before.targets.contains(*target) && self.lock.targets.contains(*target);
        let targets: BTreeSet<&String> = rule.outputs.keys().chain(entry.outputs.keys()).filter(asked).collect();
        let outputs: Vec<OutputChange> = targets
            .into_iter()
            .filter(|target| rule.outputs.get(*target) != entry.outputs.get(*target))
            .map(|target| {
                let word =
                    |of: &BTreeMap<String, Output>| of.get(target).map_or("none", |one| &one.fidelity).to_owned();
                OutputChange { target: target.clone(), before: word(&entry.outputs), after: word(&rule.outputs) }
            })
            .collect();
        if !moved && !changed && outputs.is_empty() && rule.version() == entry.version && rule.title == entry.title {
            return;
        }
        self.changes.push(RuleChange {
            fate: RuleFate::Changed,
            id: id.to_owned(),
            title: rule.title.clone(),
            path: rule.path.clone(),
            moved_from: moved.then(|| entry.path.clone()),
            parts,
            version: (Some(entry.version), Some(rule.version())),
            outputs,
        });
    }
}
