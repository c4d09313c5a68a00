//! Tactics.

/// What an adversary wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tactic {
    /// As tags call it: `privilege-escalation`.
    pub tag: &'static str,
    /// As ATT&CK numbers it: `TA0004`.
    pub id: &'static str,
    /// As ATT&CK calls it.
    pub name: &'static str,
}

impl Tactic {
    /// Its page.
    pub fn url(&self) -> String {
        format!("https://attack.mitre.org/tactics/{}/", self.id)
    }
}

/// The tactics of ATT&CK for Enterprise up to version 19, in the order of the matrix. Version 19 calls Defense Evasion
/// Stealth, under the same id, and takes Defense Impairment out of it.
pub const TACTICS: &[Tactic] = &[
    Tactic { tag: "reconnaissance", id: "TA0043", name: "Reconnaissance" },
    Tactic { tag: "resource-development", id: "TA0042", name: "Resource Development" },
    Tactic { tag: "initial-access", id: "TA0001", name: "Initial Access" },
    Tactic { tag: "execution", id: "TA0002", name: "Execution" },
    Tactic { tag: "persistence", id: "TA0003", name: "Persistence" },
    Tactic { tag: "privilege-escalation", id: "TA0004", name: "Privilege Escalation" },
    Tactic { tag: "defense-evasion", id: "TA0005", name: "Defense Evasion" },
    Tactic { tag: "stealth", id: "TA0005", name: "Stealth" },
    Tactic { tag: "defense-impairment", id: "TA0112", name: "Defense Impairment" },
    Tactic { tag: "credential-access", id: "TA0006", name: "Credential Access" },
    Tactic { tag: "discovery", id: "TA0007", name: "Discovery" },
    Tactic { tag: "lateral-movement", id: "TA0008", name: "Lateral Movement" },
    Tactic { tag: "collection", id: "TA0009", name: "Collection" },
    Tactic { tag: "command-and-control", id: "TA0011", name: "Command and Control" },
    Tactic { tag: "exfiltration", id: "TA0010", name: "Exfiltration" },
    Tactic { tag: "impact", id: "TA0040", name: "Impact" },
];

/// The tactic that tags call so.
pub fn tactic(tag: &str) -> Option<&'static Tactic> {
    TACTICS.iter().find(|tactic| tactic.tag == tag)
}

/// ATT&CK 19 splits Defense Evasion into Stealth and Defense Impairment: a rule may use either set of names.
pub fn is_same_tactic(one: &str, other: &str) -> bool {
    let name = |tactic| if matches!(tactic, "stealth" | "defense-impairment") { "defense-evasion" } else { tactic };
    name(one) == name(other)
}
