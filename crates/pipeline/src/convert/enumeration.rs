//! `enum`: a field of few values, each of which the SIEM tells in its own way (`Initiated`, `EventType`, …).
//!
//! A closed one knows every value: a test becomes what holds of the values that pass it. An open one rewrites the
//! values it lists and asks for any other where it stands as it is.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, ColumnType, Comparison, Logic, Mapped, Part, Pattern, Predicate, Scalar, Test};

#[derive(Debug)]
pub(crate) struct Enumeration {
    /// Each value, and what then holds of the event.
    pub(crate) values: Vec<(String, Predicate<Mapped>)>,
    /// Values that no event of the source has.
    pub(crate) never: Vec<String>,
    /// Where other values stand; none if the list is closed.
    pub(crate) other: Vec<Place>,
    /// The columns that the predicates ask about, in order.
    pub(crate) asked: Vec<Place>,
}

impl Enumeration {
    pub(crate) fn value(&self, name: &str) -> Option<&Predicate<Mapped>> {
        self.values.iter().find(|(value, _)| value == name).map(|(_, predicate)| predicate)
    }

    pub(super) fn shown(&self) -> Vec<&Place> {
        if self.other.is_empty() { self.asked.iter().collect() } else { self.other.iter().collect() }
    }

    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let written;
        let (pattern, case) = match leaf.test {
            Test::Text { pattern, case } => (pattern, *case),
            Test::Number { comparison: Comparison::Equal, number } if self.other.is_empty() => {
                written = Pattern::literal(number.to_string());
                (&written, Case::Sensitive)
            }
            Test::Exists(wanted) => return Ok(self.exists(leaf, *wanted)),
            _ if self.other.is_empty() => return Err(self.refuse(leaf)),
            _ => return Ok(self.pass(leaf)),
        };
        let met = self.values.iter().filter(|(value, _)| matches(pattern.parts(), value, case));
        let met = met.map(|(_, predicate)| leaf.placed(predicate)).collect::<Vec<_>>();
        match (met.is_empty(), self.other.is_empty(), pattern.as_literal().is_some()) {
            (true, _, _) if self.is_never(pattern.parts(), case) => Ok(Logic::False),
            (true, true, _) => Err(self.refuse(leaf)),
            (false, true, _) | (false, false, true) => Ok(Logic::any(met)),
            (false, false, false) if self.others_are_addresses() && is_no_address(pattern.parts()) => {
                Ok(Logic::any(met))
            }
            (_, false, _) => Ok(Logic::any(met.into_iter().chain([self.pass(leaf)]))),
        }
    }

    /// Values that are not listed stand in the first of the other columns, if the list is open.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let mut others = Vec::new();
        for value in values {
            let text = value.text();
            match self.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(&text)) {
                Some((_, predicate)) => drop(row.establish(predicate)),
                None if self.never.iter().any(|never| never.eq_ignore_ascii_case(&text)) => row.contradict(),
                None if self.is_number_of_kind() => row.contradict(),
                None => others.push(value.clone()),
            }
        }
        if let Some(place) = self.other.first() {
            row.put(place, others);
        }
    }

    /// Whether one of these values stands there in several ways.
    pub(crate) fn leaves_open(&self, values: &[Scalar]) -> bool {
        let of = |value: &Scalar| self.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(&value.text()));
        values.iter().filter_map(of).any(|(_, predicate)| matches!(predicate, Logic::Or(_)))
    }

    /// Whether it is the number by which events of one log source are parted into sources, as an event id: an event of a
    /// number that none of them lists is of none.
    fn is_number_of_kind(&self) -> bool {
        let mut listed = self.values.iter().map(|(value, _)| value).chain(&self.never);
        self.other.is_empty() && !self.never.is_empty() && listed.all(|value| value.parse::<u32>().is_ok())
    }

    /// Whether a value that is not listed is an address.
    fn others_are_addresses(&self) -> bool {
        self.other.iter().all(|place| place.column.ty == ColumnType::Ip)
    }

    fn is_never(&self, parts: &[Part], case: Case) -> bool {
        self.never.iter().any(|value| matches(parts, value, case))
    }

    fn pass(&self, leaf: &Leaf<'_>) -> Predicate<Mapped> {
        Logic::any(self.other.iter().map(|place| leaf.same(place)))
    }

    fn exists(&self, leaf: &Leaf<'_>, wanted: bool) -> Predicate<Mapped> {
        if !self.other.is_empty() {
            return leaf.exists(self.other.iter(), wanted);
        }
        let any = Logic::any(self.values.iter().map(|(_, predicate)| leaf.placed(predicate)));
        if wanted { any } else { any.negate() }
    }

    fn refuse(&self, leaf: &Leaf<'_>) -> rulecast_ir::Refusal {
        let mut known: Vec<&str> = self.values.iter().map(|(value, _)| value.as_str()).collect();
        // All sources of the log source say the same.
        if !self.never.is_empty() {
            known.extend(self.never.iter().map(String::as_str));
            known.sort_unstable();
            known.dedup();
        }
        let known = known.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
        leaf.refuse_value(format_args!("the data model knows it as one of {known}"))
    }
}

/// Whether a pattern asks for what no text of an address has.
fn is_no_address(parts: &[Part]) -> bool {
    let foreign = |c: char| !c.is_ascii_hexdigit() && !matches!(c, '.' | ':');
    parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains(foreign)))
}

/// Whether a pattern matches a short text.
fn matches(parts: &[Part], text: &str, case: Case) -> bool {
    match parts.split_first() {
        None => text.is_empty(),
        Some((Part::Literal(literal), rest)) => match case {
            Case::Sensitive => text.strip_prefix(literal.as_str()),
            Case::Insensitive => super::strip_prefix_caseless(text, literal),
        }
        .is_some_and(|text| matches(rest, text, case)),
        Some((Part::AnyOne, rest)) => {
            let mut chars = text.chars();
            chars.next().is_some() && matches(rest, chars.as_str(), case)
        }
        Some((Part::AnyRun, rest)) => {
            let tails = text.char_indices().map(|(at, _)| &text[at..]).chain([""]);
            tails.into_iter().any(|tail| matches(rest, tail, case))
        }
        Some((Part::Placeholder(_), _)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, Pattern, matches};
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";
    const EVENT: &str = "windows/registry_event";
    const NETWORK: &str = "windows/network_connection";
    const MODULE: &str = "windows/image_load";
    const DELETE: &str = "windows/registry_delete";

    #[test]
    fn patterns_match_values() {
        for (pattern, text, expected) in [
            ("true", "TRUE", true),
            ("t*", "true", true),
            ("*u?", "true", true),
            ("?", "true", false),
            ("", "true", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(Pattern::parse(pattern).parts(), text, Case::Insensitive), expected, "{pattern} {text}");
        }
        assert!(!matches(Pattern::parse("true").parts(), "True", Case::Sensitive));
    }

    #[test]
    fn a_value_is_what_holds_of_the_event() {
        assert_snapshot!(
            mapped("ecs", NETWORK, item("Initiated", &["true"])),
            @"network.direction == 'egress' or network.direction == 'outbound' or event.action == 'connection_attempted'"
        );
        assert_snapshot!(
            mapped("xdr", NETWORK, item("Initiated", &["False"])),
            @"ActionType == 'InboundConnectionAccepted'"
        );
        assert_snapshot!(
            mapped("xdr", NETWORK, item("Initiated|exists", &["true"])),
            @"ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt' or ActionType == 'InboundConnectionAccepted'"
        );
        assert_snapshot!(
            mapped("xdr", NETWORK, item("Initiated|startswith", &["f"])),
            @"ActionType == 'InboundConnectionAccepted'"
        );
        assert_snapshot!(
            mapped("xdr", EVENT, item("EventType", &["SetValue", "RenameKey"])),
            @"ActionType == 'RegistryValueSet' | ActionType == 'RegistryKeyRenamed'"
        );
        assert_snapshot!(
            mapped("ecs", DELETE, item("EventType", &["DeleteValue"])),
            @"event.action == 'deletion' {mapping:EventType} and registry.value exists {mapping:EventType}"
        );
    }

    #[test]
    fn an_open_list_passes_other_values() {
        assert_snapshot!(
            mapped("xdr", PROCESS, item("IntegrityLevel", &["System", "S-1-16-12288"])),
            @"ProcessIntegrityLevel = 'System' or ProcessIntegrityLevel = 'High'"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("IntegrityLevel", &["High"])),
            @"process.Ext.token.integrity_level_name = 'High' {mapping:IntegrityLevel} or winlog.event_data.IntegrityLevel = 'High' {mapping:IntegrityLevel}"
        );
        assert_snapshot!(
            mapped("xdr", PROCESS, item("IntegrityLevel|startswith", &["S-1-16-1"])),
            @"ProcessIntegrityLevel = 'High' or ProcessIntegrityLevel = 'System' or ProcessIntegrityLevel = 'S-1-16-1*'"
        );
        assert_snapshot!(
            mapped("ecs", MODULE, item("SignatureStatus", &["Valid", "errorExpired"])),
            @"dll.code_signature.status = 'trusted' {mapping:SignatureStatus} or dll.code_signature.status = 'Valid' {mapping:SignatureStatus} or dll.code_signature.status = 'errorExpired' {mapping:SignatureStatus}"
        );
        assert_snapshot!(
            mapped("ecs", MODULE, item("Signed", &["false", "-"])),
            @"dll.code_signature.exists = 'false' or dll.code_signature.exists missing"
        );
    }

    #[test]
    fn of_addresses_beside_a_list_no_text_is_asked() {
        const SECURITY: &str = "windows//security";
        assert_snapshot!(mapped("ecs", SECURITY, item("IpAddress|contains", &["-"])), @"winlog.event_data.IpAddress = '-'");
        assert_snapshot!(mapped("ecs", SECURITY, item("IpAddress|contains", &["1"])), @"source.ip = '*1*'");
        assert_snapshot!(mapped("ecs", SECURITY, item("IpAddress|contains", &["x"])), @"source.ip = '*x*'");
        let events: [&[(&str, &str)]; 3] = [&[], &[("IpAddress", "-")], &[("IpAddress", "10.0.0.1")]];
        agree("ecs", SECURITY, &events, &[("IpAddress|contains", &["-"]), ("IpAddress", &["-"])]);
    }

    #[test]
    fn a_closed_list_refuses_them() {
        assert_snapshot!(
            mapped("xdr", NETWORK, item("Initiated", &["yes"])),
            @"value at 10: the value `yes` of `Initiated` cannot be mapped: the data model knows it as one of `true`, `false`"
        );
    }

    #[test]
    fn of_an_event_each_value_is_told_in_its_own_way() {
        assert_snapshot!(
            projected("xdr", "windows/registry_event", &[("EventType", "DeleteKey")]),
            @"DeviceRegistryEvents {ActionType: 'RegistryKeyDeleted'}"
        );
        assert_snapshot!(
            projected("ecs", "windows/process_creation", &[("IntegrityLevel", "S-1-16-12288")]),
            @"events {process.Ext.token.integrity_level_name: 'High'}"
        );
        assert_snapshot!(
            projected("xdr", "windows/process_creation", &[("IntegrityLevel", "Untrusted")]),
            @"DeviceProcessEvents {ProcessIntegrityLevel: 'Untrusted'}"
        );
        assert_snapshot!(
            projected("ecs", "windows/image_load", &[("Signed", "TRUE"), ("SignatureStatus", "Expired")]),
            @"events {dll.code_signature.exists: true, dll.code_signature.status: 'Expired'}"
        );
        assert_snapshot!(
            projected("ecs", "windows/image_load", &[("SignatureStatus", "Expired"), ("SignatureStatus", "Revoked")]),
            @"events {dll.code_signature.status: 'Expired' and 'Revoked'}"
        );
        // Another source than the one asked about.
        assert_snapshot!(projected("xdr", "windows/registry_set", &[("EventType", "DeleteKey")]), @"");
        let events: [&[(&str, &str)]; 3] =
            [&[("Initiated", "true")], &[("Initiated", "false")], &[("Initiated", "True"), ("Protocol", "tcp")]];
        let items: [(&str, &[&str]); 3] = [("Initiated", &["true"]), ("Initiated", &["false"]), ("Initiated", &["*"])];
        agree("ecs", "windows/network_connection", &events, &items);
        agree("xdr", "windows/network_connection", &events, &items);
        let levels: [&[(&str, &str)]; 4] = [
            &[],
            &[("IntegrityLevel", "S-1-16-12288")],
            &[("IntegrityLevel", "S-1-16-4096")],
            &[("IntegrityLevel", "Untrusted")],
        ];
        let items: [(&str, &[&str]); 3] = [
            ("IntegrityLevel", &["S-1-16-12288", "High"]),
            ("IntegrityLevel|contains", &["trust"]),
            ("IntegrityLevel|exists", &["true"]),
        ];
        agree("ecs", "windows/process_creation", &levels, &items);
        agree("xdr", "windows/process_creation", &levels, &items);
    }
}
