//! Which techniques of ATT&CK rules name.

use rulecast_attack::{Named, State, TACTICS, Technique, named};
use rulecast_ir::Metadata;
use rulecast_rule::ast::Level;
use std::collections::{BTreeMap, BTreeSet};

/// A rule, as far as coverage tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covering {
    /// Its id; empty where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `medium` where it says none.
    pub level: Level,
    /// What it names.
    pub spots: BTreeSet<Spot>,
}

/// A technique under a tactic: a cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// `T1546.016`.
    pub technique: String,
    /// As version 18 calls it: `defense-evasion`.
    pub tactic: &'static str,
}

/// Rules by what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// In the order in which they came.
    pub rules: Vec<Covering>,
    /// Indexes of the rules, in order.
    pub by_spot: BTreeMap<Spot, Vec<usize>>,
}

impl Covering {
    /// What a rule names. A technique stands under those of its tactics that the rule names too, and under all of them
    /// where it names none. One that was revoked stands where its successor does.
    pub fn of(metadata: &Metadata) -> Self {
        let (mut tactics, mut techniques) = (Vec::new(), Vec::<&'static Technique>::new());
        for tag in &metadata.0.tags {
            match named(&tag.node) {
                Some(Named::Tactic(tactic)) => tactics.push(of_version(tactic.tag)),
                Some(Named::Technique { known, .. }) => techniques.extend(known.and_then(in_use)),
                _ => {}
            }
        }
        let mut spots = BTreeSet::new();
        for technique in techniques {
            let all: Vec<&'static str> = technique.tactics().map(of_version).collect();
            let named: Vec<&'static str> = all.iter().copied().filter(|tactic| tactics.contains(tactic)).collect();
            let under = if named.is_empty() { all } else { named };
            spots.extend(under.into_iter().map(|tactic| Spot { technique: technique.id(), tactic }));
        }
        Self {
            id: metadata.id().unwrap_or_default().to_owned(),
            title: metadata.title().to_owned(),
            level: metadata.level(),
            spots,
        }
    }
}

/// ATT&CK 19 splits Defense Evasion; the data is of version 18, and so are the names of layers.
fn of_version(tag: &'static str) -> &'static str {
    if matches!(tag, "stealth" | "defense-impairment") { "defense-evasion" } else { tag }
}

fn in_use(technique: &'static Technique) -> Option<&'static Technique> {
    if technique.state == State::Active { Some(technique) } else { technique.successor() }
}

impl Coverage {
    /// Of some rules.
    pub fn new(rules: impl IntoIterator<Item = Covering>) -> Self {
        let mut coverage = Self { rules: rules.into_iter().collect(), by_spot: BTreeMap::new() };
        for (at, rule) in coverage.rules.iter().enumerate() {
            for spot in &rule.spots {
                coverage.by_spot.entry(spot.clone()).or_default().push(at);
            }
        }
        coverage
    }

    /// How many rules name no technique in use.
    pub fn without_techniques(&self) -> usize {
        self.rules.iter().filter(|rule| rule.spots.is_empty()).count()
    }

    /// The techniques and sub-techniques that rules name.
    pub fn techniques(&self) -> BTreeSet<&str> {
        self.by_spot.keys().map(|spot| spot.technique.as_str()).collect()
    }

    /// The rules of a spot.
    pub fn rules_of(&self, spot: &Spot) -> impl Iterator<Item = &Covering> {
        self.by_spot.get(spot).into_iter().flatten().map(|at| &self.rules[*at])
    }
}

impl Spot {
    /// The place of its tactic in the matrix.
    pub fn column(&self) -> usize {
        TACTICS.iter().position(|tactic| tactic.tag == self.tactic).unwrap_or(TACTICS.len())
    }
}
