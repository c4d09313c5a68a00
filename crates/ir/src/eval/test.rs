//! One test of one event.

use super::{regex, time};
use crate::{
    Atom, Case, Comparison, Field, FieldOperator, Number, Part, Pattern, Record, Scalar, Sigma, Subject, Test,
};
use ipnet::IpNet;
use std::net::IpAddr;

/// Whether a test holds of an event.
pub fn holds(atom: &Atom<Sigma>, event: &Record) -> bool {
    match &atom.subject {
        Subject::Field(field) => {
            let values = event.values(name(field));
            match &atom.test {
                Test::Exists(present) => values.is_empty() != *present,
                test => values.iter().any(|value| satisfies(test, value, event)),
            }
        }
        Subject::Keyword => {
            let raw = event.raw.iter().cloned().map(Scalar::Text);
            event.fields.values().flatten().cloned().chain(raw).any(|value| satisfies(&atom.test, &value, event))
        }
    }
}

fn name(field: &Field) -> &str {
    match field {
        Field::Sigma(name) | Field::Target(name) => name,
    }
}

fn satisfies(test: &Test<Sigma>, value: &Scalar, event: &Record) -> bool {
    match test {
        Test::Text { pattern, case } => matches(pattern, &value.text(), *case),
        Test::Regex(regex) => regex::found(&regex.node, &value.text()),
        Test::Number { comparison, number } => {
            value.number().is_some_and(|value| compares(*comparison, value, *number))
        }
        Test::Time { part, comparison, number } => {
            time::part(*part, &value.text()).is_some_and(|value| compares(*comparison, value.into(), *number))
        }
        Test::Cidr(network) => contains_address(*network, &value.text()),
        Test::Field { operator, other, case } => {
            let relates = |other: &Scalar| relates(*operator, &value.text(), &other.text(), *case);
            event.values(name(other)).iter().any(relates)
        }
        Test::Exists(present) => *present,
    }
}

/// Whether the whole text is the pattern.
pub fn matches(pattern: &Pattern, text: &str, case: Case) -> bool {
    let text: Vec<char> = text.chars().collect();
    // The positions at which the parts so far can end.
    let mut ends = vec![0];
    for part in pattern.parts() {
        ends = match part {
            Part::Literal(literal) => {
                let literal: Vec<char> = literal.chars().collect();
                let stands_at = |at: &usize| {
                    text.get(*at..*at + literal.len())
                        .is_some_and(|piece| piece.iter().zip(&literal).all(|(a, b)| same(*a, *b, case)))
                };
                ends.iter().filter(|at| stands_at(at)).map(|at| at + literal.len()).collect()
            }
            Part::AnyOne => ends.iter().map(|at| at + 1).filter(|at| *at <= text.len()).collect(),
            Part::AnyRun => ends.first().map_or(Vec::new(), |first| (*first..=text.len()).collect()),
            // A placeholder without values is nothing that a text could be.
            Part::Placeholder(_) => Vec::new(),
        };
    }
    ends.last() == Some(&text.len())
}

fn same(a: char, b: char, case: Case) -> bool {
    match case {
        Case::Sensitive => a == b,
        Case::Insensitive => a.eq_ignore_ascii_case(&b),
    }
}

fn relates(operator: FieldOperator, text: &str, other: &str, case: Case) -> bool {
    let fold = |text: &str| if case == Case::Insensitive { text.to_ascii_lowercase() } else { text.to_owned() };
    let (text, other) = (fold(text), fold(other));
    match operator {
        FieldOperator::Equals => text == other,
        FieldOperator::StartsWith => text.starts_with(&other),
        FieldOperator::EndsWith => text.ends_with(&other),
        FieldOperator::Contains => text.contains(&other),
    }
}

#[expect(clippy::float_cmp, reason = "equality of numbers is exact, as in the query languages")]
fn compares(comparison: Comparison, value: f64, number: Number) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "numbers compare as decimal ones, as in the query languages")]
    let number = match number {
        Number::Integer(number) => number as f64,
        Number::Decimal(number) => number,
    };
    match comparison {
        Comparison::Equal => value == number,
        Comparison::Less => value < number,
        Comparison::LessOrEqual => value <= number,
        Comparison::Greater => value > number,
        Comparison::GreaterOrEqual => value >= number,
    }
}

/// An address in the network; one of IPv4 that is written as IPv6 counts as IPv4.
fn contains_address(network: IpNet, text: &str) -> bool {
    let address = match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
        Ok(address) => address,
        Err(_) => return false,
    };
    network.contains(&address)
}

#[cfg(test)]
mod tests {
    use super::{contains_address, matches};
    use crate::{Case, Pattern};

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, expected) in [
            ("abc", "ABC", true),
            ("abc", "abcd", false),
            ("a*c", "abXc", true),
            ("a*c", "a\nc", true),
            ("a?c", "ac", false),
            ("a?c", "a\u{e9}c", true),
            ("*a*b*", "xbxaxb", true),
            ("*a*b*", "xbxa", false),
            ("*", "", true),
            ("?", "", false),
            ("", "", true),
            ("", "x", false),
            ("*aab", "aaab", true),
            ("\u{e4}", "\u{c4}", false),
        ] {
            assert_eq!(matches(&Pattern::parse(pattern), text, Case::Insensitive), expected, "{pattern} on {text}");
        }
        assert!(!matches(&Pattern::parse("Ab"), "ab", Case::Sensitive));
    }

    #[test]
    fn addresses_are_compared_as_addresses() {
        let within = |network: &str, text: &str| contains_address(network.parse().unwrap(), text);
        assert!(within("10.0.0.0/8", "10.1.2.3"));
        assert!(within("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(!within("10.0.0.0/8", "fe80::1"));
        assert!(within("fe80::/10", "FE80::1"));
        assert!(!within("::/0", "10.1.2.3"));
        assert!(!within("10.0.0.0/8", "10.1.2"));
        assert!(!within("0.0.0.0/0", "-"));
    }
}
