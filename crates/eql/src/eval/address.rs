//! IP addresses and networks.
//!
//! Lucene holds every address in 128 bits, an IPv4 address as the IPv6 address that maps it; a network is a range.
//! So `::ffff:10.1.2.3` is in `10.0.0.0/8`, and every IPv4 address in `::/0`.

use ipnet::IpNet;
use std::net::IpAddr;
use std::ops::RangeInclusive;

/// The bits of an address.
pub(super) fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

/// The bits of an address that a text is.
pub(super) fn parse(text: &str) -> Option<u128> {
    text.parse().ok().map(bits)
}

/// The addresses of a network.
pub(super) fn range(network: &IpNet) -> RangeInclusive<u128> {
    bits(network.network())..=bits(network.broadcast())
}
