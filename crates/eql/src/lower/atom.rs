//! One test of one field, by the type of its column.

use super::{Tree, text};
use crate::ast::{Condition, TextOperator};
use ipnet::{IpNet, Ipv4Net};
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{
    Assumption, Atom, Column, ColumnExpr, ColumnType, Comparison, Logic, Mapped, Name, Number, Refusal, RefusalReason,
    Subject, Test, placeholder,
};
use std::net::{IpAddr, Ipv4Addr};

/// A field and the test asked of it, for those who make its leaves.
pub(super) struct Ask<'a> {
    pub(super) atom: &'a Atom<Mapped>,
    pub(super) column: &'a Column,
    pub(super) field: &'a Name,
}

pub(super) fn lower(atom: &Atom<Mapped>) -> Result<Tree, Refusal> {
    if let Some(refusal) = placeholder::unfilled(&atom.test, atom.span) {
        return Err(refusal);
    }
    let Subject::Field(column) = &atom.subject else {
        return Err(Refusal::new(
            RefusalReason::Keyword,
            atom.span,
            "EQL cannot search a whole event for a keyword; only its fields",
        )
        .help("name the field that holds the text"));
    };
    let ColumnExpr::Name(field) = &column.expr else {
        return Err(Refusal::new(
            RefusalReason::Type,
            atom.span,
            format!("EQL reads a field by its name alone, and `{}` is computed", column.name()),
        ));
    };
    let ask = Ask { atom, column, field };
    if column.ty == ColumnType::FullText {
        return Err(ask
            .mistyped("is analysed text, which EQL cannot query")
            .help("map the field to one of type `keyword` or `wildcard`"));
    }
    match &atom.test {
        Test::Text { pattern, case } => text::lower(&ask, pattern, *case),
        Test::Regex(regex) => text::regex(&ask, regex),
        Test::Number { comparison, number } => ask.number(*comparison, *number),
        Test::Cidr(network) => ask.cidr(*network),
        Test::Exists(exists) => Ok(ask.exists(*exists)),
        Test::Time { .. } => Err(Refusal::new(
            RefusalReason::TimePart,
            atom.span,
            format!("EQL has no function for a part of the time in `{field}`"),
        )
        .help("have the part in a field of its own, at ingest or as a runtime field, and compare that")),
        Test::Field { other, .. } => Err(Refusal::new(
            RefusalReason::FieldComparison,
            atom.span,
            format!("EQL cannot compare the field `{field}` with the field `{}`", other.name()),
        )),
    }
}

/// What a leaf is once nothing can be added to it: a network of one address is that address.
pub(super) fn finish(leaf: Condition) -> Condition {
    match leaf {
        Condition::Cidr { field, networks } => match networks.as_slice() {
            [one] if one.prefix_len() == one.max_prefix_len() => {
                Condition::Text { field, operator: TextOperator::In, values: vec![one.addr().to_string()] }
            }
            _ => Condition::Cidr { field, networks },
        },
        other => other,
    }
}

impl Ask<'_> {
    pub(super) fn leaf(&self, leaf: Condition) -> Tree {
        Logic::Test(Noted { leaf, notes: self.atom.notes.clone(), span: self.atom.span })
    }

    pub(super) fn assuming(&self, leaf: Condition, assumption: Assumption) -> Tree {
        Logic::Test(Noted { leaf, notes: self.atom.notes.clone().assuming(assumption), span: self.atom.span })
    }

    pub(super) fn exists(&self, exists: bool) -> Tree {
        self.leaf(Condition::Exists { field: self.field.clone(), exists })
    }

    pub(super) fn texts(&self, operator: TextOperator, value: impl Into<String>) -> Condition {
        Condition::Text { field: self.field.clone(), operator, values: vec![value.into()] }
    }

    pub(super) fn bool(&self, value: bool) -> Tree {
        self.leaf(Condition::Bool { field: self.field.clone(), value })
    }

    /// An address, or addresses by their network.
    pub(super) fn network(&self, network: IpNet) -> Tree {
        self.leaf(Condition::Cidr { field: self.field.clone(), networks: vec![network.trunc()] })
    }

    /// A refusal because of the column's type. `why` follows the name.
    pub(super) fn mistyped(&self, why: impl std::fmt::Display) -> Refusal {
        Refusal::new(RefusalReason::Type, self.atom.span, format!("`{}` {why}", self.field))
    }

    pub(super) fn number(&self, comparison: Comparison, number: Number) -> Result<Tree, Refusal> {
        let number = whole(number);
        match self.column.ty {
            ColumnType::Long => Ok(match number {
                Number::Decimal(decimal) if decimal.fract() == 0.0 => self.beyond(comparison, decimal),
                other => self.compare(comparison, other),
            }),
            ColumnType::Real => Ok(self.compare(comparison, number)),
            ColumnType::Text if comparison == Comparison::Equal => Ok(self.assuming(
                self.texts(TextOperator::Matches, number.to_string()),
                Assumption::Mapping(self.field.clone()),
            )),
            ColumnType::Text => Err(self
                .mistyped("holds text, and EQL compares text by its characters")
                .help("map the field to a numeric column")),
            ColumnType::Bool => Err(self.mistyped("holds true or false, and no number")),
            ColumnType::Ip => Err(self.mistyped("holds an IP address, and no number")),
            ColumnType::DateTime => Err(self.mistyped("holds a point in time, and no number")),
            ColumnType::Dynamic | ColumnType::FullText => Err(self.shapeless()),
        }
    }

    fn compare(&self, comparison: Comparison, number: Number) -> Tree {
        let field = self.field.clone();
        self.leaf(match comparison {
            Comparison::Equal => Condition::Numbers { field, numbers: vec![number] },
            _ => Condition::Order { field, comparison, number },
        })
    }

    /// Compares with a number that no whole number of 64 bits reaches: the sign decides. Elasticsearch would reject it.
    fn beyond(&self, comparison: Comparison, number: f64) -> Tree {
        let holds = match comparison {
            Comparison::Equal => false,
            Comparison::Less | Comparison::LessOrEqual => number > 0.0,
            Comparison::Greater | Comparison::GreaterOrEqual => number < 0.0,
        };
        if holds { self.exists(true) } else { Logic::False }
    }

    fn cidr(&self, network: IpNet) -> Result<Tree, Refusal> {
        match self.column.ty {
            ColumnType::Ip => self.in_network(network),
            ColumnType::Text => Err(self
                .mistyped("holds text, in which Elasticsearch finds no network")
                .help("map the field to a column of type `ip`")),
            ColumnType::Long
            | ColumnType::Real
            | ColumnType::Bool
            | ColumnType::DateTime
            | ColumnType::Dynamic
            | ColumnType::FullText => Err(self.mistyped("does not hold IP addresses")),
        }
    }

    /// Elasticsearch keeps an IPv4 address as the IPv6 address that maps it, so that a wide IPv6 network holds it too;
    /// to the rule it is IPv4 only.
    fn in_network(&self, network: IpNet) -> Result<Tree, Refusal> {
        let IpNet::V6(v6) = network else {
            return Ok(self.network(network));
        };
        let mapped = Ipv4Addr::UNSPECIFIED.to_ipv6_mapped();
        if v6.prefix_len() >= 96 && v6.addr().to_ipv4_mapped().is_some() {
            return Err(Refusal::new(
                RefusalReason::Value,
                self.atom.span,
                format!(
                    "`{network}` is of IPv4 addresses that are mapped to IPv6; `{}` holds them as IPv4",
                    self.field
                ),
            )
            .help("write the IPv4 network"));
        }
        let tree = self.network(network);
        if !v6.contains(&mapped) {
            return Ok(tree);
        }
        let all_v4 = Ipv4Net::new(Ipv4Addr::UNSPECIFIED, 0).expect("no prefix is a length of one");
        Ok(Logic::all([tree, self.network(IpNet::V4(all_v4)).negate()]))
    }

    /// A whole address. One that maps IPv4 to IPv6 is none: the column holds it as IPv4, whose text differs.
    pub(super) fn address(&self, text: &str) -> Option<Tree> {
        match text.parse().ok()? {
            IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => None,
            address => Some(self.network(address.into())),
        }
    }

    /// `10.` and `192.168.`: the network of these octets.
    pub(super) fn octets(&self, prefix: &str) -> Option<Tree> {
        let mut octets = [0; 4];
        let mut count = 0;
        for part in prefix.strip_suffix('.')?.split('.') {
            let octet = part.parse::<u8>().ok().filter(|octet| octet.to_string() == part)?;
            *octets.get_mut(..3)?.get_mut(count)? = octet;
            count += 1;
        }
        let network = Ipv4Net::new(octets.into(), 8 * count as u8).expect("at most three octets are a prefix");
        Some(self.network(network.into()))
    }

    pub(super) fn shapeless(&self) -> Refusal {
        self.mistyped("has no type that EQL can compare")
    }
}

/// A decimal number that is a whole one, as that.
fn whole(number: Number) -> Number {
    /// 2^63, the first that is too large.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    match number {
        Number::Decimal(decimal) if decimal.fract() == 0.0 && (-LIMIT..LIMIT).contains(&decimal) => {
            Number::Integer(decimal as i64)
        }
        other => other,
    }
}
