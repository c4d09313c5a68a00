//! `orientation`: source and destination, where the SIEM knows the local and the remote end.
//!
//! Which column is the source depends on who began the connection. Where the whole rule fixes that, one column is
//! enough; elsewhere the test is of either column in the events in which it is the one meant.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Logic, Mapped, Predicate, Scalar, Test};

#[derive(Debug)]
pub(crate) struct Orientation {
    /// The column in events that the host began, and what tells them.
    pub(crate) initiated: Place,
    pub(crate) when_initiated: Predicate<Mapped>,
    /// The column in events that the host accepted, and what tells them.
    pub(crate) accepted: Place,
    pub(crate) when_accepted: Predicate<Mapped>,
}

impl Orientation {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        match leaf.initiated {
            Some(true) => return Ok(leaf.same(&self.initiated)),
            Some(false) => return Ok(leaf.same(&self.accepted)),
            None => {}
        }
        if *leaf.test == Test::Exists(false) {
            let present = Leaf { test: &Test::Exists(true), notes: leaf.notes.clone(), ..*leaf };
            return self.predicate(&present).map(Logic::negate);
        }
        let initiated = Logic::all([leaf.placed(&self.when_initiated), leaf.same(&self.initiated)]);
        let accepted = Logic::all([leaf.placed(&self.when_accepted), leaf.same(&self.accepted)]);
        Ok(Logic::any([initiated, accepted]))
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if row.holds(&self.when_initiated) {
            row.put(&self.initiated, values.iter().cloned());
        } else if row.holds(&self.when_accepted) {
            row.put(&self.accepted, values.iter().cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;
    use rulecast_ir::Logic;

    const SOURCE: &str = "windows/network_connection";

    #[test]
    fn either_end_where_the_rule_does_not_say_who_began() {
        assert_snapshot!(
            mapped("xdr", SOURCE, item("DestinationPort|number", &["3389"])),
            @"((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and RemotePort = 3389) or (ActionType == 'InboundConnectionAccepted' and LocalPort = 3389)"
        );
        assert_snapshot!(
            mapped("xdr", SOURCE, item("SourceIp|cidr", &["10.0.0.0/8"])),
            @"((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and LocalIP in 10.0.0.0/8 {mapping:SourceIp}) or (ActionType == 'InboundConnectionAccepted' and RemoteIP in 10.0.0.0/8 {mapping:SourceIp})"
        );
        assert_snapshot!(
            mapped("xdr", SOURCE, item("SourceIp|exists", &["false"])),
            @"not (((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and LocalIP exists {mapping:SourceIp}) or (ActionType == 'InboundConnectionAccepted' and RemoteIP exists {mapping:SourceIp}))"
        );
    }

    #[test]
    fn one_end_where_it_does() {
        let initiated = |value| item("Initiated", &[value]);
        let port = || item("DestinationPort|number", &["3389"]);
        assert_snapshot!(
            mapped("xdr", SOURCE, Logic::all([initiated("true"), port().negate()])),
            @"(ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and not (RemotePort = 3389)"
        );
        assert_snapshot!(
            mapped("xdr", SOURCE, Logic::all([port(), initiated("false")])),
            @"LocalPort = 3389 and ActionType == 'InboundConnectionAccepted'"
        );
        let both = Logic::any([initiated("true"), initiated("false")]);
        assert_snapshot!(
            mapped("xdr", SOURCE, Logic::all([both, port()])),
            @"(ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt' or ActionType == 'InboundConnectionAccepted') and (((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and RemotePort = 3389) or (ActionType == 'InboundConnectionAccepted' and LocalPort = 3389))"
        );
        let other = Logic::any([initiated("true"), item("Image|endswith", &[r"\x.exe"])]);
        assert_snapshot!(
            mapped("xdr", SOURCE, Logic::all([other, port()])),
            @"(ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt' or InitiatingProcessFileName = 'x.exe') and (((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and RemotePort = 3389) or (ActionType == 'InboundConnectionAccepted' and LocalPort = 3389))"
        );
    }

    #[test]
    fn of_an_event_who_began_tells_the_ends() {
        let ends = [("SourceIp", "10.0.0.1"), ("DestinationIp", "192.0.2.1"), ("DestinationPort", "443")];
        let with = |initiated| [[("Initiated", initiated)].as_slice(), &ends].concat();
        let (out, into) = (with("true"), with("false"));
        assert_snapshot!(
            projected("xdr", SOURCE, &out),
            @"DeviceNetworkEvents {LocalIP: '10.0.0.1', RemoteIP: '192.0.2.1', RemotePort: 443}"
        );
        assert_snapshot!(
            projected("xdr", SOURCE, &into),
            @"DeviceNetworkEvents {ActionType: 'InboundConnectionAccepted', LocalIP: '192.0.2.1', LocalPort: 443, RemoteIP: '10.0.0.1'}"
        );
        let items: [(&str, &[&str]); 4] = [
            ("DestinationIp|cidr", &["192.0.2.0/24"]),
            ("SourceIp", &["10.0.0.1"]),
            ("DestinationPort|number", &["443"]),
            ("SourcePort|exists", &["true"]),
        ];
        agree("xdr", SOURCE, &[&out, &into], &items);
        agree("ecs", SOURCE, &[&out, &into], &items);
    }
}
