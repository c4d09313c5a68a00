//! Tags: ATT&CK's tactics and techniques.

use super::Items;
use lsp_types::CompletionItemKind;
use rulecast_attack::{State, TACTICS, techniques};

/// All of them; the editor filters.
pub(super) fn all(to: &mut Items<'_, '_>) {
    for tactic in TACTICS {
        let tag = format!("attack.{}", tactic.tag);
        to.word(&tag, &tag, CompletionItemKind::MODULE).detail = Some("tactic".to_owned());
    }
    for technique in techniques().iter().filter(|technique| technique.state == State::Active) {
        let tag = format!("attack.t{}", technique.number);
        let tactics: Vec<&str> = technique.tactics().collect();
        let item = to.word(&tag, &tag, CompletionItemKind::CONSTANT);
        item.detail = Some(format!("{} ({})", technique.name, tactics.join(", ")));
        // So that it is also found by its name.
        item.filter_text = Some(format!("{tag} {}", technique.name));
    }
    for name in
        ["cve.", "detection.threat-hunting", "detection.emerging-threats", "detection.dfir", "tlp.clear", "tlp.green"]
    {
        to.word(name, name, CompletionItemKind::MODULE);
    }
}
