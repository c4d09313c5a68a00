//! `orientation`: source and destination, where the SIEM knows the local and the remote end.
//!
//! Which column is the source depends on who began the connection. Where the whole rule fixes that, one column is
//! enough; elsewhere the test is of either column in the events in which it is the one meant.

use super::{Leaf, Mapping, Place};
use rulecast_ir::{Logic, Mapped, Predicate, Test};

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
}

#[cfg(test)]
mod tests {
    use crate::testing::{item, mapped};
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
            @"((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and LocalIP in 10.0.0.0/8) or (ActionType == 'InboundConnectionAccepted' and RemoteIP in 10.0.0.0/8)"
        );
        assert_snapshot!(
            mapped("xdr", SOURCE, item("SourceIp|exists", &["false"])),
            @"not (((ActionType == 'ConnectionSuccess' or ActionType == 'ConnectionFailed' or ActionType == 'ConnectionRequest' or ActionType == 'ConnectionAttempt') and LocalIP exists) or (ActionType == 'InboundConnectionAccepted' and RemoteIP exists))"
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
}
