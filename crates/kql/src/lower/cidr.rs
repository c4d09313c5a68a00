//! Networks.

use crate::ast::{Condition, Expr, Function, Test};
use ipnet::{IpNet, Ipv6Net};
use rulecast_ir::Logic;
use std::net::Ipv6Addr;

/// The addresses of IPv4 as IPv6 ones, `::ffff:0:0/96`.
const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);

/// `left` is the text of an address in the network.
///
/// `ipv6_is_match` takes both families, with IPv4 as [`MAPPED`]; `ipv4_is_in_range` would be null for an IPv6 address.
pub(super) fn condition(left: &Expr, network: IpNet) -> Condition {
    let within = |network: String| {
        let arguments = vec![left.clone(), Expr::Text(network)];
        Logic::Test(Test::Call(
            Function::Coalesce,
            vec![Expr::Call(Function::Ipv6IsMatch, arguments), Expr::Bool(false)],
        ))
    };
    let inside = within(network.to_string());
    match network {
        IpNet::V6(network) if network.contains(&MAPPED) || MAPPED.contains(&network) => {
            Logic::all([inside, within("0.0.0.0/0".into()).negate()])
        }
        IpNet::V4(_) | IpNet::V6(_) => inside,
    }
}
