//! IP addresses.
//!
//! Source: the reference's pages on `ipv4_is_match`, `ipv4_is_in_range`, `ipv6_is_match` and `ipv6_is_in_range`, whose
//! tables are tests here. Unchecked: which unusual spellings the engine reads; here those of RFC 4291 and four decimal
//! numbers without leading zeros, without a zone and without spaces.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address of IPv6, and how many of its first bits count. One of IPv4 is mapped.
#[derive(Clone, Copy, Debug)]
struct Network {
    bits: u128,
    prefix: u32,
    v4: bool,
}

fn parse(text: &str) -> Option<Network> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let (bits, v4) = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (mapped(address), true),
        IpAddr::V6(address) => (Ipv6Addr::to_bits(address), false),
    };
    let most = if v4 { 32 } else { 128 };
    let prefix = match prefix {
        None => most,
        Some(text) if text.bytes().all(|digit| digit.is_ascii_digit()) => {
            text.parse::<u32>().ok().filter(|prefix| *prefix <= most)?
        }
        Some(_) => return None,
    };
    Some(Network { bits, prefix: if v4 { prefix + 96 } else { prefix }, v4 })
}

fn mapped(address: Ipv4Addr) -> u128 {
    address.to_ipv6_mapped().to_bits()
}

fn agree(left: u128, right: u128, prefix: u32) -> bool {
    prefix == 0 || (left ^ right).checked_shr(128 - prefix).unwrap_or(0) == 0
}

/// `ipv6_is_match`: whether two addresses agree in the bits that count in both, and no more than `prefix`.
pub(super) fn v6_is_match(left: &str, right: &str, prefix: Option<i64>) -> Option<bool> {
    let (left, right) = (parse(left)?, parse(right)?);
    let prefix = match prefix {
        None => 128,
        Some(prefix) => u32::try_from(prefix).ok().filter(|prefix| *prefix <= 128)?,
    };
    Some(agree(left.bits, right.bits, left.prefix.min(right.prefix).min(prefix)))
}

/// `ipv4_is_match`, the same for IPv4 alone.
pub(super) fn v4_is_match(left: &str, right: &str, prefix: Option<i64>) -> Option<bool> {
    let (left, right) = (parse(left).filter(|network| network.v4)?, parse(right).filter(|network| network.v4)?);
    let prefix = match prefix {
        None => 32,
        Some(prefix) => u32::try_from(prefix).ok().filter(|prefix| *prefix <= 32)?,
    };
    Some(agree(left.bits, right.bits, left.prefix.min(right.prefix).min(prefix + 96)))
}

/// `ipv4_is_in_range`: whether an address is of a network.
pub(super) fn v4_is_in_range(address: &str, range: &str) -> Option<bool> {
    let (address, range) = (parse(address).filter(|network| network.v4)?, parse(range).filter(|network| network.v4)?);
    Some(address.prefix >= range.prefix && agree(address.bits, range.bits, range.prefix))
}

/// `ipv6_is_in_range`, the same for both families.
pub(super) fn v6_is_in_range(address: &str, range: &str) -> Option<bool> {
    let (address, range) = (parse(address)?, parse(range)?);
    Some(address.prefix >= range.prefix && agree(address.bits, range.bits, range.prefix))
}

#[cfg(test)]
mod tests {
    use super::{v4_is_in_range, v4_is_match, v6_is_match};

    /// The tables of the reference.
    #[test]
    fn addresses_match_as_documented() {
        let address = "fe80::85d:e82c:9446:7994";
        for (left, right, prefix) in [
            ("192.168.1.1", "192.168.1.1", None),
            ("192.168.1.1/24", "192.168.1.255", None),
            ("192.168.1.1", "192.168.1.255/24", None),
            ("192.168.1.1/30", "192.168.1.255/24", None),
            (address, address, None),
            ("fe80::85d:e82c:9446:7994/120", "fe80::85d:e82c:9446:7998", None),
            (address, "fe80::85d:e82c:9446:7998/120", None),
            ("192.168.1.1", "::ffff:c0a8:0101", None),
            ("192.168.1.1/24", "::ffff:c0a8:01ff", None),
            ("::ffff:c0a8:0101", "192.168.1.255/24", None),
            ("::192.168.1.1/30", "192.168.1.255/24", None),
            ("192.168.1.1", "192.168.1.0", Some(31)),
            (address, "fe80::85d:e82c:9446:7995", Some(127)),
            ("fe80::85d:e82c:9446:7994/127", "fe80::85d:e82c:9446:7998", Some(120)),
            ("192.168.1.1/24", "::ffff:c0a8:01ff", Some(127)),
            ("::ffff:c0a8:0101", "192.168.1.255", Some(120)),
        ] {
            assert_eq!(v6_is_match(left, right, prefix), Some(true), "{left} {right} {prefix:?}");
        }
        for (left, right, prefix) in [
            ("192.168.1.0", "192.168.1.0", None),
            ("192.168.1.1/24", "192.168.1.255", None),
            ("192.168.1.1/30", "192.168.1.255/24", None),
            ("192.168.1.1", "192.168.1.0", Some(31)),
            ("192.168.1.1", "192.168.1.255", Some(24)),
        ] {
            assert_eq!(v4_is_match(left, right, prefix), Some(true), "{left} {right} {prefix:?}");
        }
        assert_eq!(v4_is_in_range("192.168.1.1", "192.168.1.1"), Some(true));
        assert_eq!(v4_is_in_range("192.168.1.1", "192.168.1.255/24"), Some(true));
        assert_eq!(v4_is_in_range("192.168.2.1", "192.168.1.255/24"), Some(false));
    }

    #[test]
    fn other_addresses_do_not_match_and_what_is_none_is_null() {
        assert_eq!(v6_is_match("10.1.2.3", "10.0.0.0/8", None), Some(true));
        assert_eq!(v6_is_match("11.1.2.3", "10.0.0.0/8", None), Some(false));
        assert_eq!(v6_is_match("fe80::1", "10.0.0.0/8", None), Some(false));
        assert_eq!(v6_is_match("10.1.2.3", "fe80::/10", None), Some(false));
        assert_eq!(v6_is_match("febf::1", "fe80::/10", None), Some(true));
        assert_eq!(v6_is_match("fec0::1", "fe80::/10", None), Some(false));
        assert_eq!(v6_is_match("1.2.3.4", "0.0.0.0/0", None), Some(true));
        assert_eq!(v6_is_match("::1", "::/0", None), Some(true));
        for text in ["", "host", "10.0.0", "10.0.0.0/33", "::/129", "1.2.3.4/", "1.2.3.4/-1", "10.0.0.0/8,11.0.0.0/8"] {
            assert_eq!(v6_is_match(text, "10.0.0.0/8", None), None, "{text}");
            assert_eq!(v6_is_match("10.0.0.1", text, None), None, "{text}");
        }
        assert_eq!(v4_is_match("::1", "10.0.0.0/8", None), None);
        assert_eq!(v4_is_in_range("fe80::1", "10.0.0.0/8"), None, "an address of IPv6 is null here");
    }
}
