//! What is told of coverage, a row for each technique under a tactic.

use rulecast_attack::{tactic, technique};
use rulecast_bundle::navigator::{Change, Coverage, Covering, Gap, Spot};
use rulecast_rule::ast::Level;
use serde::Serialize;

/// Highest first.
pub(super) const LEVELS: [Level; 5] = [Level::Critical, Level::High, Level::Medium, Level::Low, Level::Informational];

/// A technique under a tactic, and its rules.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) tactic: &'static str,
    #[serde(skip)]
    pub(super) tactic_name: &'static str,
    pub(super) technique: String,
    pub(super) name: &'static str,
    pub(super) rules: Vec<RuleRow>,
    /// By [`LEVELS`].
    #[serde(skip)]
    pub(super) by_level: [usize; 5],
}

#[derive(Serialize)]
pub(super) struct RuleRow {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) level: &'static str,
}

#[derive(Serialize)]
pub(super) struct GapRow {
    pub(super) technique: String,
    /// `None` for one that ATT&CK's version lacks.
    pub(super) name: Option<&'static str>,
    pub(super) tactics: Vec<&'static str>,
    pub(super) parent_covered: bool,
}

#[derive(Serialize)]
pub(super) struct ChangeRow {
    pub(super) change: &'static str,
    pub(super) tactic: &'static str,
    pub(super) technique: String,
    pub(super) name: &'static str,
    pub(super) before: usize,
    pub(super) after: usize,
}

fn name(id: &str) -> &'static str {
    technique(&id[1..]).map_or("", |technique| technique.name)
}

impl Row {
    pub(super) const HEADER: [&'static str; 9] =
        ["tactic", "technique", "name", "critical", "high", "medium", "low", "informational", "rules"];

    /// In the order of the matrix.
    pub(super) fn all(coverage: &Coverage) -> Vec<Self> {
        let mut spots: Vec<&Spot> = coverage.by_spot.keys().collect();
        spots.sort_by_key(|spot| (spot.column(), spot.technique.as_str()));
        spots.into_iter().map(|spot| Self::of(coverage, spot)).collect()
    }

    fn of(coverage: &Coverage, spot: &Spot) -> Self {
        let rules: Vec<&Covering> = coverage.rules_of(spot).collect();
        let row =
            |rule: &&Covering| RuleRow { id: rule.id.clone(), title: rule.title.clone(), level: rule.level.name() };
        Self {
            tactic: spot.tactic,
            tactic_name: tactic(spot.tactic).map_or(spot.tactic, |tactic| tactic.name),
            technique: spot.technique.clone(),
            name: name(&spot.technique),
            by_level: LEVELS.map(|level| rules.iter().filter(|rule| rule.level == level).count()),
            rules: rules.iter().map(row).collect(),
        }
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.tactic.to_owned(), self.technique.clone(), self.name.to_owned()];
        cells.extend(self.by_level.iter().map(ToString::to_string));
        cells.push(self.rules.len().to_string());
        cells
    }
}

impl GapRow {
    pub(super) const HEADER: [&'static str; 4] = ["technique", "name", "tactics", "parent_covered"];

    pub(super) fn of(gap: &Gap) -> Self {
        Self {
            technique: gap.technique.clone(),
            name: gap.known.map(|known| known.name),
            tactics: gap.known.map(|known| known.tactics().collect()).unwrap_or_default(),
            parent_covered: gap.parent_covered,
        }
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let name = self.name.unwrap_or_default().to_owned();
        vec![self.technique.clone(), name, self.tactics.join(" "), self.parent_covered.to_string()]
    }
}

impl ChangeRow {
    pub(super) const HEADER: [&'static str; 6] = ["change", "tactic", "technique", "name", "before", "after"];

    pub(super) fn of(change: &Change) -> Self {
        Self {
            change: change.kind().word(),
            tactic: change.spot.tactic,
            technique: change.spot.technique.clone(),
            name: name(&change.spot.technique),
            before: change.before,
            after: change.after,
        }
    }

    pub(super) fn cells(&self) -> Vec<String> {
        let (change, tactic) = (self.change.to_owned(), self.tactic.to_owned());
        let name = self.name.to_owned();
        vec![change, tactic, self.technique.clone(), name, self.before.to_string(), self.after.to_string()]
    }
}
