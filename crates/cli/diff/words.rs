//! What is said of a difference, in every format.

use super::change::{Difference, Fate, RuleDiff, TargetDiff};
use super::side::Side;

impl RuleDiff {
    /// What changed beside the queries, in short clauses.
    pub(super) fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(from) = &self.moved_from {
            said.push(format!("moved from {from}"));
        }
        match (&self.old_id, &self.id) {
            (Some(old), Some(_)) => said.push(format!("its id was {old}")),
            (Some(old), None) => said.push(format!("its id, {old}, is gone")),
            (None, _) => {}
        }
        if !self.parts.is_empty() {
            let parts: Vec<&str> = self.parts.iter().map(|part| part.word()).collect();
            said.push(format!("the rule changed: {}", parts.join(", ")));
        }
        match self.fate {
            Fate::Changed if self.parts.is_empty() => {
                said.push("the rule means the same, its queries differ".to_owned())
            }
            Fate::Rated | Fate::Moved => said.push("no query changes".to_owned()),
            Fate::Reworded => said.push("only the wording or comments changed; no query changes".to_owned()),
            Fate::Invalid => said.push("its file is invalid on one side".to_owned()),
            Fate::Added | Fate::Removed | Fate::Changed => {}
        }
        said
    }

    /// Whether its queries are to be shown.
    pub(super) fn shows_queries(&self) -> bool {
        matches!(self.fate, Fate::Added | Fate::Changed)
    }
}

impl TargetDiff {
    /// `exact`, `exact → over`, `now refused`, `newly possible, exact`.
    pub(super) fn verdict(&self) -> String {
        let has_query = |word: &str| !matches!(word, "refused" | "declared");
        match (self.before, self.after) {
            (Some(before), Some(after)) if has_query(before) && !has_query(after) => match after {
                "declared" => format!("{before} → not for this target"),
                _ => format!("{before} → now refused"),
            },
            (Some(before), Some(after)) if !has_query(before) && has_query(after) => format!("newly possible: {after}"),
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (_, Some(after)) => after.to_owned(),
            (Some(before), None) => format!("{before}, gone"),
            (None, None) => "none".to_owned(),
        }
    }

    /// What is to be known beside the lines: reasons of refusals, assumptions.
    pub(super) fn reasons(&self, path: &str) -> Vec<String> {
        let mut reasons: Vec<String> =
            self.refusals.iter().map(|(message, line)| format!("{message} ({path}:{line})")).collect();
        if !self.new_assumptions.is_empty() {
            reasons.push(format!("now assumes {}", self.new_assumptions.join(", ")));
        }
        reasons
    }
}

impl Difference {
    /// `1 added, 2 changed`, or that there is nothing.
    pub(super) fn summary(&self) -> String {
        let counts: Vec<String> = Fate::ALL
            .into_iter()
            .map(|fate| (self.count(fate), fate.word()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let queries = [Fate::Added, Fate::Removed, Fate::Changed, Fate::Invalid];
        match () {
            () if counts.is_empty() => "no rule differs".to_owned(),
            () if queries.iter().all(|fate| self.count(*fate) == 0) => {
                format!("no query changes; {}", counts.join(", "))
            }
            () => counts.join(", "),
        }
    }

    /// What concerns more than one rule.
    pub(super) fn general(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.new_targets.is_empty() {
            lines.push(format!("new targets, not compared: {}", self.new_targets.join(", ")));
        }
        if !self.old_targets.is_empty() {
            lines.push(format!("targets that are gone: {}", self.old_targets.join(", ")));
        }
        lines
    }
}

impl super::change::Invalid {
    /// `invalid now: …`, `was invalid: …`.
    pub(super) fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        match (&self.before, &self.after) {
            (Some(_), Some((message, line))) => said.push(format!("line {line}: still invalid: {message}")),
            (None, Some((message, line))) => said.push(format!("line {line}: invalid now: {message}")),
            (Some((message, line)), None) => said.push(format!("valid now; it was invalid in line {line}: {message}")),
            (None, None) => {}
        }
        said
    }
}

/// `main → working directory`.
pub(super) fn sides(old: &Side, new: &Side) -> String {
    format!("{} → {}", old.label, new.label)
}
