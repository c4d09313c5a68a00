//! A field that one column holds as it is, or any of several.

use super::{Leaf, Place};
use crate::project::Draft;
use rulecast_ir::{Logic, Mapped, Predicate, Scalar, Test};

/// The columns; at least one.
#[derive(Debug)]
pub(crate) struct Columns(pub(crate) Vec<Place>);

impl Columns {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Predicate<Mapped> {
        let parts = self.0.iter().map(|place| leaf.same(place));
        // A field of several columns is absent only where all of them are.
        match (self.0.as_slice(), leaf.test) {
            ([place], _) => leaf.same(place),
            (_, Test::Exists(false)) => Logic::all(parts),
            _ => Logic::any(parts),
        }
    }

    /// Of several columns, each is of another product: the event is of the first.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if let Some(place) = self.0.first() {
            row.put(place, values.iter().cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, projected};
    use insta::assert_snapshot;

    #[test]
    fn of_an_event_a_column_holds_what_its_type_can() {
        assert_snapshot!(
            projected("ecs", "windows/process_creation", &[("ProcessId", "4"), ("ParentProcessId", "0x4"), ("LogonId", "0x3e7")]),
            @"events {process.Ext.authentication_id: '0x3e7', process.pid: 4}"
        );
        assert_snapshot!(
            projected("ecs", "windows/network_connection", &[("SourceIp", "10.0.0.1"), ("DestinationIp", "-"), ("DestinationPort", "443")]),
            @"events {destination.port: 443, source.ip: '10.0.0.1'}"
        );
        assert_snapshot!(
            projected("ecs", "windows/process_creation", &[("CommandLine", "a"), ("CommandLine", "b")]),
            @"events {process.command_line: 'a' and 'b'}"
        );
        assert_snapshot!(
            projected("xdr", "windows/process_creation", &[("CommandLine", "a"), ("CommandLine", "b")]),
            @"DeviceProcessEvents {ProcessCommandLine: 'a'}"
        );
        assert_snapshot!(
            projected("xdr", "windows/dns_query", &[("QueryName", "a.example"), ("Unknown", "x")]),
            @r#"DeviceEvents {AdditionalFields: '{"DnsQueryString":"a.example"}'}"#
        );
        let events: [&[(&str, &str)]; 2] = [&[("QueryName", "a.example")], &[]];
        let items: [(&str, &[&str]); 3] =
            [("QueryName|endswith", &[".example"]), ("QueryName", &["b.example"]), ("QueryName|exists", &["true"])];
        agree("xdr", "windows/dns_query", &events, &items);
        agree("ecs", "windows/dns_query", &events, &items);
        agree("sysmon", "windows/dns_query", &events, &items);
    }
}
