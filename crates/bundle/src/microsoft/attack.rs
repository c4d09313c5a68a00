//! ATT&CK in the names of the platforms, which still are those from before version 19.

use crate::BundledRule;
use rulecast_attack::{State, TACTICS, Technique, is_same_tactic};

/// The techniques and sub-techniques of a rule that are in use; in the place of a revoked one its successor.
pub(crate) fn techniques(rule: &BundledRule) -> Vec<&'static Technique> {
    let mut all: Vec<&Technique> = Vec::new();
    for technique in rule.techniques() {
        let now = match technique.state {
            State::Active => Some(technique),
            State::Revoked => technique.successor(),
            State::Deprecated => None,
        };
        all.extend(now.filter(|now| !all.contains(now)));
    }
    all
}

/// The end of a description that names techniques in full.
pub(crate) fn sentence(techniques: &[&Technique]) -> String {
    let names: Vec<String> = techniques.iter().map(|one| format!("{} {}", one.id(), one.name)).collect();
    format!("\n\nMITRE ATT&CK: {}.", names.join("; "))
}

/// What a technique is, without the sub-technique: `T1546`.
pub(crate) fn main(technique: &Technique) -> String {
    technique.parent().map_or_else(|| technique.id(), Technique::id)
}

/// Tactics by the tags that the platforms' names are made of, each once, in the order of the matrix: those of the tags, and
/// all of each technique, which the validator of Azure-Sentinel asks for.
pub(crate) fn tactics(rule: &BundledRule) -> Vec<&'static str> {
    let techniques = techniques(rule);
    let parents = techniques.iter().filter_map(|technique| technique.parent());
    let served = techniques.iter().copied().chain(parents).flat_map(Technique::tactics);
    let tags: Vec<&str> = rule.tactics().into_iter().map(|tactic| tactic.tag).chain(served).collect();
    let known = TACTICS.iter().map(|tactic| tactic.tag).filter(|tag| !is_new(tag));
    known.filter(|tag| tags.iter().any(|other| is_same_tactic(tag, other))).collect()
}

/// The tactics that a technique serves, as [`tactics`] calls them.
pub(crate) fn serves(technique: &Technique, tactic: &str) -> bool {
    technique.tactics().any(|tag| is_same_tactic(tag, tactic))
}

/// The two that Defense Evasion was parted into.
fn is_new(tag: &str) -> bool {
    matches!(tag, "stealth" | "defense-impairment")
}

/// As both platforms write a tactic: `PrivilegeEscalation`.
pub(crate) fn name(tag: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    tag.split('-').map(word).collect()
}
