//! What a tag of a rule names.

use crate::technique::technique_url;
use crate::{Tactic, Technique, tactic, technique};

/// A part of ATT&CK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `attack.execution`.
    Tactic(&'static Tactic),
    /// `attack.t1059.007`.
    Technique {
        /// Without the `T`: `1059.007`.
        number: String,
        /// What the data knows of it; nothing for a number that it lacks.
        known: Option<&'static Technique>,
    },
    /// `attack.g0007`, as `G0007`.
    Group(String),
    /// `attack.s0154`, as `S0154`.
    Software(String),
}

impl Named {
    /// As ATT&CK writes it: `TA0002`, `T1059.007`, `G0007`.
    pub fn id(&self) -> String {
        match self {
            Named::Tactic(tactic) => tactic.id.to_owned(),
            Named::Technique { number, .. } => format!("T{number}"),
            Named::Group(id) | Named::Software(id) => id.clone(),
        }
    }

    /// What it is: `Tactic`, `Technique`, `Sub-technique`, `Group`, `Software`.
    pub fn kind(&self) -> &'static str {
        match self {
            Named::Tactic(_) => "Tactic",
            Named::Technique { number, .. } if number.contains('.') => "Sub-technique",
            Named::Technique { .. } => "Technique",
            Named::Group(_) => "Group",
            Named::Software(_) => "Software",
        }
    }

    /// As ATT&CK calls it, where that is known.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Named::Tactic(tactic) => Some(tactic.name),
            Named::Technique { known, .. } => known.map(|technique| technique.name),
            Named::Group(_) | Named::Software(_) => None,
        }
    }

    /// Its page.
    pub fn url(&self) -> String {
        match self {
            Named::Tactic(tactic) => tactic.url(),
            Named::Technique { number, .. } => technique_url(number),
            Named::Group(id) => format!("https://attack.mitre.org/groups/{id}/"),
            Named::Software(id) => format!("https://attack.mitre.org/software/{id}/"),
        }
    }
}

/// What a tag names: nothing, unless it is one of `attack.`, and well formed.
pub fn named(tag: &str) -> Option<Named> {
    let word = tag.strip_prefix("attack.")?.replace('_', "-");
    if let Some(tactic) = tactic(&word) {
        return Some(Named::Tactic(tactic));
    }
    let id = word.to_uppercase();
    let (main, sub) = id.split_once('.').map_or((id.as_str(), None), |(main, sub)| (main, Some(sub)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let letter = main.chars().next()?;
    if !digits(&main[letter.len_utf8()..], 4) {
        return None;
    }
    match (letter, sub) {
        ('T', sub) if sub.is_none_or(|sub| digits(sub, 3)) => {
            let number = &id[1..];
            Some(Named::Technique { number: number.to_owned(), known: technique(number) })
        }
        ('G', None) => Some(Named::Group(id)),
        ('S', None) => Some(Named::Software(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn tags_become_ids_and_links() {
        let check = |tag: &str| named(tag).map(|one| format!("{} {} {}", one.kind(), one.id(), one.url()));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(check("attack.command-and-control"), some("Tactic TA0011 https://attack.mitre.org/tactics/TA0011/"));
        assert_eq!(check("attack.command_and_control"), check("attack.command-and-control"));
        assert_eq!(check("attack.t1059"), some("Technique T1059 https://attack.mitre.org/techniques/T1059/"));
        let sub = "Sub-technique T1059.007 https://attack.mitre.org/techniques/T1059/007/";
        assert_eq!(check("attack.t1059.007"), some(sub));
        assert_eq!(named("attack.t1059.007").unwrap().name(), Some("JavaScript"));
        assert_eq!(check("attack.s0154"), some("Software S0154 https://attack.mitre.org/software/S0154/"));
        for other in ["attack.t10", "attack.t1059.07", "attack.", "attack.té59", "cve.2021-44228", "attack.html"] {
            assert_eq!(check(other), None, "{other}");
        }
    }
}
