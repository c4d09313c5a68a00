//! What a rule detects of ATT&CK, in the form of Elastic.
//!
//! A technique stands under each tactic that it serves and the rule names; under all that it serves, if the rule names none
//! of them. A number that our version of ATT&CK lacks has no name, and is left out.

use crate::BundledRule;
use rulecast_attack::{State, TACTICS, Tactic, Technique, is_same_tactic};
use serde::Serialize;

/// A tactic with its techniques.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Threat {
    framework: &'static str,
    tactic: Named,
    technique: Vec<WithSubtechniques>,
}

/// What has a number, a name and a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Named {
    id: String,
    name: &'static str,
    reference: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct WithSubtechniques {
    id: String,
    name: &'static str,
    reference: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subtechnique: Vec<Named>,
}

impl Threat {
    /// The name of the tactic.
    pub(super) fn tactic(&self) -> &'static str {
        self.tactic.name
    }
}

/// Those of a rule, by the order of the matrix.
pub(super) fn threats(rule: &BundledRule) -> Vec<Threat> {
    let named = rule.tactics();
    let techniques: Vec<_> = rule.techniques().into_iter().filter_map(current).collect();
    let serves =
        |technique: &Technique, tactic: &Tactic| technique.tactics().any(|one| is_same_tactic(one, tactic.tag));
    let homeless = |technique: &Technique| !named.iter().any(|tactic| serves(technique, tactic));
    let is_under = |technique: &Technique, tactic: &Tactic| {
        if homeless(technique) { technique.tactics().any(|one| one == tactic.tag) } else { serves(technique, tactic) }
    };
    let mut threats: Vec<Threat> = Vec::new();
    for tactic in TACTICS {
        let under: Vec<&Technique> = techniques.iter().copied().filter(|one| is_under(one, tactic)).collect();
        let is_named = named.contains(&tactic);
        let is_home = under.iter().any(|technique| homeless(technique));
        if (is_named || is_home) && !threats.iter().any(|threat| threat.tactic.id == tactic.id) {
            let under = under.into_iter().filter(|technique| is_named || homeless(technique));
            let tactic = Named { id: tactic.id.to_owned(), name: tactic.name, reference: tactic.url() };
            threats.push(Threat { framework: "MITRE ATT&CK", tactic, technique: nested(under) });
        }
    }
    threats
}

/// The one that is in use.
fn current(technique: &'static Technique) -> Option<&'static Technique> {
    if technique.state == State::Active { Some(technique) } else { technique.successor() }
}

/// Each technique once, with its sub-techniques, by number.
fn nested<'t>(techniques: impl Iterator<Item = &'t Technique>) -> Vec<WithSubtechniques> {
    let mut sorted: Vec<&Technique> = techniques.collect();
    sorted.sort_unstable_by_key(|technique| technique.number);
    sorted.dedup();
    let mut nested: Vec<WithSubtechniques> = Vec::new();
    for technique in sorted {
        let main = technique.parent().unwrap_or(technique);
        if nested.last().is_none_or(|last| last.id != main.id()) {
            let (id, name, reference) = (main.id(), main.name, main.url());
            nested.push(WithSubtechniques { id, name, reference, subtechnique: Vec::new() });
        }
        if technique.parent().is_some() {
            let last = nested.last_mut().expect("its technique stands before it");
            last.subtechnique.push(Named { id: technique.id(), name: technique.name, reference: technique.url() });
        }
    }
    nested
}
