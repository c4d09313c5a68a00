//! MITRE ATT&CK, as far as the tags of a rule tell. Ids and links only: names of techniques need a copy of ATT&CK.

/// A tactic, technique, group or software.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: Option<&'static str>,
    /// In Markdown.
    pub(crate) link: String,
}

/// Tactics by their tag, in the order of the matrix. Source: ATT&CK 19, with the tactic that it renamed.
const TACTICS: [(&str, &str, &str); 16] = [
    ("reconnaissance", "TA0043", "Reconnaissance"),
    ("resource-development", "TA0042", "Resource Development"),
    ("initial-access", "TA0001", "Initial Access"),
    ("execution", "TA0002", "Execution"),
    ("persistence", "TA0003", "Persistence"),
    ("privilege-escalation", "TA0004", "Privilege Escalation"),
    ("defense-evasion", "TA0005", "Defense Evasion"),
    ("stealth", "TA0005", "Stealth"),
    ("defense-impairment", "TA0112", "Defense Impairment"),
    ("credential-access", "TA0006", "Credential Access"),
    ("discovery", "TA0007", "Discovery"),
    ("lateral-movement", "TA0008", "Lateral Movement"),
    ("collection", "TA0009", "Collection"),
    ("command-and-control", "TA0011", "Command and Control"),
    ("exfiltration", "TA0010", "Exfiltration"),
    ("impact", "TA0040", "Impact"),
];

/// The entry of a tag: `attack.execution`, `attack.t1059.007`.
pub(super) fn entry(tag: &str) -> Option<Entry> {
    let word = tag.strip_prefix("attack.")?.replace('_', "-");
    if let Some((_, id, name)) = TACTICS.iter().find(|(tag, ..)| *tag == word) {
        return Some(Entry { kind: "Tactic", id: (*id).to_owned(), name: Some(name), link: link("tactics", id) });
    }
    let id = word.to_uppercase();
    let (main, sub) = id.split_once('.').map_or((id.as_str(), None), |(main, sub)| (main, Some(sub)));
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let (kind, folder) = match (main.as_bytes().first()?, sub) {
        (b'T', None) => ("Technique", "techniques"),
        (b'T', Some(sub)) if digits(sub, 3) => ("Sub-technique", "techniques"),
        (b'G', None) => ("Group", "groups"),
        (b'S', None) => ("Software", "software"),
        _ => return None,
    };
    digits(&main[1..], 4).then(|| Entry { kind, link: link(folder, &id.replace('.', "/")), name: None, id: id.clone() })
}

fn link(folder: &str, id: &str) -> String {
    format!("<https://attack.mitre.org/{folder}/{id}/>")
}

#[cfg(test)]
mod tests {
    use super::entry;

    #[test]
    fn tags_become_ids_and_links() {
        let check = |tag: &str| entry(tag).map(|entry| format!("{} {} {}", entry.kind, entry.id, entry.link));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            check("attack.command-and-control"),
            some("Tactic TA0011 <https://attack.mitre.org/tactics/TA0011/>")
        );
        assert_eq!(check("attack.command_and_control"), check("attack.command-and-control"));
        assert_eq!(check("attack.t1059"), some("Technique T1059 <https://attack.mitre.org/techniques/T1059/>"));
        let sub = "Sub-technique T1059.007 <https://attack.mitre.org/techniques/T1059/007/>";
        assert_eq!(check("attack.t1059.007"), some(sub));
        assert_eq!(check("attack.s0154"), some("Software S0154 <https://attack.mitre.org/software/S0154/>"));
        for other in ["attack.t10", "attack.t1059.07", "attack.", "attack.té59", "cve.2021-44228", "attack.html"] {
            assert_eq!(check(other), None, "{other}");
        }
    }
}
