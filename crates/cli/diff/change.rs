//! What became of each rule.

use super::pairs::{Pair, Placed, pairs};
use super::side::Side;
use crate::output::text::{assumptions, one_line};
use rulecast_compile::{Outcome, Query, Role};
use rulecast_diagnostics::Diagnostic;
use rulecast_lock::Part;
use similar::TextDiff;

/// Everything that differs between two sides.
pub(super) struct Difference {
    /// Targets that both sides ask for.
    pub(super) targets: Vec<String>,
    pub(super) new_targets: Vec<String>,
    pub(super) old_targets: Vec<String>,
    /// By path; a rule that is the same on both sides is none.
    pub(super) rules: Vec<RuleDiff>,
    /// Files that hold something that is no valid rule, by path.
    pub(super) invalid: Vec<Invalid>,
}

/// What a reviewer wants to know of a rule first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Added,
    Removed,
    /// Its queries differ.
    Changed,
    /// It means something else or is rated otherwise, but its queries are the same.
    Rated,
    /// Its file has another name, and that is all.
    Moved,
    /// Words, comments or the order of keys.
    Reworded,
    /// It was a rule, and is none any more, as it is invalid; or the other way round.
    Invalid,
}

impl Fate {
    pub(super) const ALL: [Fate; 7] =
        [Fate::Added, Fate::Removed, Fate::Changed, Fate::Rated, Fate::Moved, Fate::Reworded, Fate::Invalid];

    pub(super) fn word(self) -> &'static str {
        match self {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Changed => "changed",
            Fate::Rated => "rated",
            Fate::Moved => "moved",
            Fate::Reworded => "reworded",
            Fate::Invalid => "invalid",
        }
    }
}

pub(super) struct RuleDiff {
    pub(super) fate: Fate,
    pub(super) id: Option<String>,
    pub(super) title: String,
    pub(super) path: String,
    /// The id that it had, if it was another.
    pub(super) old_id: Option<String>,
    pub(super) moved_from: Option<String>,
    pub(super) parts: Vec<Part>,
    /// Of each target that both sides ask for, in order.
    pub(super) targets: Vec<TargetDiff>,
}

pub(super) struct TargetDiff {
    pub(super) target: String,
    /// A verdict, `refused` or `declared`; nothing where the rule is not there.
    pub(super) before: Option<&'static str>,
    pub(super) after: Option<&'static str>,
    /// The queries that differ.
    pub(super) queries: Vec<QueryDiff>,
    /// Why there is no query now, each with the line of the rule, if there was one before or the reasons are others.
    pub(super) refusals: Vec<(String, usize)>,
    /// Assumptions that the queries make now and did not make before.
    pub(super) new_assumptions: Vec<String>,
}

impl TargetDiff {
    pub(super) fn is_change(&self) -> bool {
        self.before != self.after
            || !self.queries.is_empty()
            || !self.refusals.is_empty()
            || !self.new_assumptions.is_empty()
    }
}

pub(super) struct QueryDiff {
    /// The class that it is of, if it is of one.
    pub(super) class: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

impl QueryDiff {
    /// The lines that differ, with some around them.
    pub(super) fn lines(&self) -> String {
        let end = |text: &Option<String>| text.as_ref().map(|text| format!("{text}\n")).unwrap_or_default();
        let (before, after) = (end(&self.before), end(&self.after));
        TextDiff::from_lines(&before, &after).unified_diff().context_radius(3).to_string()
    }
}

/// A file that holds something that is no valid rule.
pub(super) struct Invalid {
    pub(super) path: String,
    /// The first problem on each side, with its line.
    pub(super) before: Option<(String, usize)>,
    pub(super) after: Option<(String, usize)>,
}

impl Difference {
    pub(super) fn of(old: &Side, new: &Side) -> Self {
        let minus = |some: &Side, other: &Side| -> Vec<String> {
            some.targets.iter().filter(|target| !other.targets.contains(target)).cloned().collect()
        };
        let (new_targets, old_targets) = (minus(new, old), minus(old, new));
        let targets: Vec<String> = new.targets.iter().filter(|one| old.targets.contains(one)).cloned().collect();
        let sides = Sides { old, new, targets: &targets };
        let mut rules: Vec<RuleDiff> = pairs(old, new).into_iter().filter_map(|pair| sides.rule(pair)).collect();
        rules.sort_by(|one, other| (&one.path, &one.title, one.fate).cmp(&(&other.path, &other.title, other.fate)));
        let invalid = sides.invalid();
        Self { targets, new_targets, old_targets, rules, invalid }
    }

    /// Whether nothing differs.
    pub(super) fn is_none(&self) -> bool {
        let is_news = |file: &Invalid| file.before != file.after;
        self.rules.is_empty()
            && self.new_targets.is_empty()
            && self.old_targets.is_empty()
            && !self.invalid.iter().any(is_news)
    }

    pub(super) fn count(&self, fate: Fate) -> usize {
        self.rules.iter().filter(|rule| rule.fate == fate).count()
    }
}

struct Sides<'s> {
    old: &'s Side,
    new: &'s Side,
    targets: &'s [String],
}

impl Sides<'_> {
    fn rule(&self, (old, new): Pair<'_>) -> Option<RuleDiff> {
        let one = new.or(old)?;
        let targets: Vec<TargetDiff> = self.targets.iter().map(|target| self.target(target, (old, new))).collect();
        let mut diff = RuleDiff {
            fate: Fate::Reworded,
            id: one.rule.metadata().id().map(str::to_owned),
            title: one_line(one.title()),
            path: one.path().to_owned(),
            old_id: None,
            moved_from: None,
            parts: Vec::new(),
            targets,
        };
        let is_invalid_in = |side: &Side| side.files.iter().any(|file| file.name == one.path() && !file.is_valid());
        match (old, new) {
            (Some(old), Some(new)) => {
                diff.old_id = Some(old).filter(|old| old.id() != new.id()).and_then(Placed::id);
                diff.moved_from = (old.path() != new.path()).then(|| old.path().to_owned());
                let hash = |of: Placed<'_>, part: Part| of.rule.form.parts.get(part.key()).cloned();
                diff.parts = Part::ALL.iter().copied().filter(|part| hash(old, *part) != hash(new, *part)).collect();
                diff.fate = match () {
                    () if diff.targets.iter().any(TargetDiff::is_change) => Fate::Changed,
                    () if !diff.parts.is_empty() || old.id() != new.id() => Fate::Rated,
                    () if diff.moved_from.is_some() => Fate::Moved,
                    () if is_reworded(old, new) => Fate::Reworded,
                    () => return None,
                };
            }
            (None, _) => diff.fate = if is_invalid_in(self.old) { Fate::Invalid } else { Fate::Added },
            (_, None) => diff.fate = if is_invalid_in(self.new) { Fate::Invalid } else { Fate::Removed },
        }
        Some(diff)
    }

    fn target(&self, target: &str, (old, new): Pair<'_>) -> TargetDiff {
        let of = |found: Option<(Placed<'_>, usize)>| found.map(|(placed, at)| placed.rule.outcomes[at].status());
        let (before, after) = (on(target, old, self.old), on(target, new, self.new));
        let (was, is) = (queries(before), queries(after));
        let mut queries = Vec::new();
        let classes = is.iter().chain(&was).map(|query| class(query));
        let mut seen: Vec<Option<&str>> = Vec::new();
        for class_of in classes {
            if seen.contains(&class_of) {
                continue;
            }
            seen.push(class_of);
            let text = |all: &[&Query]| all.iter().find(|one| class(one) == class_of).map(|one| one.text.clone());
            let (before, after) = (text(&was), text(&is));
            if before != after {
                queries.push(QueryDiff { class: class_of.map(one_line), before, after });
            }
        }
        let assumed = |all: &[&Query]| all.iter().flat_map(|query| assumptions(&query.fidelity)).collect::<Vec<_>>();
        let known = assumed(&was);
        let mut new_assumptions = assumed(&is);
        new_assumptions.retain(|one| !known.contains(one));
        new_assumptions.sort();
        new_assumptions.dedup();
        // Of a rule that is new, they are in the fidelity of its queries, and no news.
        if before.is_none() {
            new_assumptions.clear();
        }
        let (why, was_why) = (refusals(after), refusals(before));
        let words = |all: &[(String, usize)]| all.iter().map(|(message, _)| message.clone()).collect::<Vec<_>>();
        let refusals = if words(&why) == words(&was_why) { Vec::new() } else { why };
        TargetDiff {
            target: target.to_owned(),
            before: of(before),
            after: of(after),
            queries,
            refusals,
            new_assumptions,
        }
    }

    fn invalid(&self) -> Vec<Invalid> {
        let mut all: std::collections::BTreeMap<&str, Invalid> = std::collections::BTreeMap::new();
        for (side, is_new) in [(self.old, false), (self.new, true)] {
            for file in &side.files {
                let Some(problem) = file.diagnostics.iter().find(|problem| problem.is_error()) else { continue };
                let Diagnostic { name, message, at, .. } = problem;
                let line = file.sources.position(at.span).line;
                let first = Some((format!("{} ({name})", one_line(message)), line));
                let path = file.name.as_str();
                let entry =
                    all.entry(path).or_insert_with(|| Invalid { path: path.to_owned(), before: None, after: None });
                if is_new { entry.after = first } else { entry.before = first }
            }
        }
        all.into_values().collect()
    }
}

/// The rule, with the place of a target among those of its side.
fn on<'s>(target: &str, placed: Option<Placed<'s>>, side: &Side) -> Option<(Placed<'s>, usize)> {
    Some((placed?, side.targets.iter().position(|one| one == target)?))
}

/// Whether its own text differs, or what stands around it in a file of its own.
fn is_reworded(old: Placed<'_>, new: Placed<'_>) -> bool {
    let is_alone = old.file.rules.len() == 1 && new.file.rules.len() == 1;
    old.text() != new.text() || is_alone && old.file.text() != new.file.text()
}

fn queries(found: Option<(Placed<'_>, usize)>) -> Vec<&Query> {
    match found.map(|(placed, at)| &placed.rule.outcomes[at]) {
        Some(Outcome::Queries(queries)) => queries.iter().collect(),
        Some(Outcome::Refused(_) | Outcome::Declared { .. }) | None => Vec::new(),
    }
}

fn class(query: &Query) -> Option<&str> {
    match &query.role {
        Role::Rule => None,
        Role::Branch { name, .. } => Some(name),
    }
}

/// Why there is no query, each with the line of the rule.
fn refusals(found: Option<(Placed<'_>, usize)>) -> Vec<(String, usize)> {
    let Some((placed, at)) = found else { return Vec::new() };
    let line = |span| placed.file.sources.position(span).line;
    match &placed.rule.outcomes[at] {
        Outcome::Queries(_) => Vec::new(),
        Outcome::Refused(refusals) => refusals.iter().map(|one| (one_line(&one.message), line(one.span))).collect(),
        Outcome::Declared { reason } => {
            vec![(format!("the rule says: {}", one_line(reason)), line(placed.rule.span()))]
        }
    }
}
