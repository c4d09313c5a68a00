//! Techniques, as `data/` has them.

use std::sync::LazyLock;

/// The version of the data.
pub const VERSION: &str = "18.1";

const DATA: &str = include_str!("../data/attack-enterprise-18.1.tsv");

/// A technique or sub-technique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Technique {
    /// Without the `T`: `1546.016`.
    pub number: &'static str,
    /// Whether it is still in use.
    pub state: State,
    /// By commas.
    tactics: &'static str,
    /// As ATT&CK calls it.
    pub name: &'static str,
}

/// Whether a technique is still in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    Active,
    /// Another took its place.
    Revoked,
    /// It was given up.
    Deprecated,
}

impl Technique {
    /// As ATT&CK writes it: `T1546.016`.
    pub fn id(&self) -> String {
        format!("T{}", self.number)
    }

    /// The technique that a sub-technique is of; nothing for a technique.
    pub fn parent(&self) -> Option<&'static Technique> {
        technique(self.number.split_once('.')?.0)
    }

    /// Its page.
    pub fn url(&self) -> String {
        technique_url(self.number)
    }

    /// The tactics that it serves, as tags call them.
    pub fn tactics(&self) -> impl Iterator<Item = &'static str> {
        self.tactics.split(',')
    }

    /// The one that took its place, as far as a common name tells.
    pub fn successor(&self) -> Option<&'static Technique> {
        let mut same = TECHNIQUES.iter().filter(|other| other.name == self.name && other.state == State::Active);
        same.next().filter(|_| same.next().is_none())
    }
}

static TECHNIQUES: LazyLock<Vec<Technique>> = LazyLock::new(|| DATA.lines().filter_map(read).collect());

fn read(line: &'static str) -> Option<Technique> {
    let mut cells = line.split('\t');
    let (number, state, tactics, name) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let state = match state {
        "revoked" => State::Revoked,
        "deprecated" => State::Deprecated,
        _ => State::Active,
    };
    Some(Technique { number, state, tactics, name })
}

/// Every technique, by number.
pub fn techniques() -> &'static [Technique] {
    &TECHNIQUES
}

/// The technique of that number, without the `T`.
pub fn technique(number: &str) -> Option<&'static Technique> {
    let at = TECHNIQUES.binary_search_by(|technique| technique.number.cmp(number)).ok()?;
    TECHNIQUES.get(at)
}

/// The page of the technique of that number, known or not.
pub(crate) fn technique_url(number: &str) -> String {
    format!("https://attack.mitre.org/techniques/T{}/", number.replace('.', "/"))
}

/// Whether the number is beyond all of the data, as a later version of ATT&CK would have it.
pub fn is_beyond(number: &str) -> bool {
    TECHNIQUES.last().is_some_and(|last| number.split('.').next() > last.number.split('.').next())
}

#[cfg(test)]
mod tests {
    use super::{DATA, State, TECHNIQUES, is_beyond, technique};
    use crate::tactic;

    #[test]
    fn the_data_is_whole_and_sorted() {
        assert_eq!(TECHNIQUES.len(), DATA.lines().count());
        assert!(TECHNIQUES.is_sorted_by_key(|technique| technique.number));
        for technique in TECHNIQUES.iter() {
            assert!(technique.tactics().all(|name| tactic(name).is_some()), "{technique:?}");
        }
    }

    #[test]
    fn a_revoked_technique_names_its_successor_where_the_name_tells() {
        let winlogon = technique("1004").unwrap();
        assert_eq!((winlogon.state, winlogon.successor().unwrap().number), (State::Revoked, "1547.004"));
        let packages = technique("1546.016").unwrap();
        assert_eq!((packages.name, packages.id().as_str()), ("Installer Packages", "T1546.016"));
        assert_eq!(packages.parent().unwrap().url(), "https://attack.mitre.org/techniques/T1546/");
        assert!(technique("9999").is_none() && is_beyond("9999.001") && !is_beyond("1546.099"));
    }
}
