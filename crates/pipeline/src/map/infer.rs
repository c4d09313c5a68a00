//! The types of columns that no model describes, from the tests of the rule itself.
//!
//! A column that is only ever compared with numbers holds numbers. On EQL, where addresses have a type of their own, a
//! column that is tested for a network, and otherwise only for addresses, holds addresses. Any other holds text.

use crate::Dialect;
use rulecast_ir::{
    Arm, Atom, Body, Column, ColumnType, Field, Name, Number, Pattern, Rule, Shape, Sigma, Step, Subject, Test,
};
use std::net::IpAddr;
use std::sync::Arc;

/// The columns of a rule, by name. A list: rules ask about few fields, mostly the same one many times in a row.
pub(super) struct Inferred(Vec<(Name, Arc<Column>)>);

/// What a rule asks of one column.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a set of six")]
struct Asked {
    integer: bool,
    decimal: bool,
    network: bool,
    address: bool,
    time: bool,
    text: bool,
}

impl Asked {
    fn column_type(self, language: Dialect) -> ColumnType {
        let Asked { integer, decimal, network, address, time, text } = self;
        match (integer || decimal, network || address, time, text) {
            (true, false, false, false) if decimal => ColumnType::Real,
            (true, false, false, false) => ColumnType::Long,
            (false, true, false, false) if network && language == Dialect::Eql => ColumnType::Ip,
            (false, false, true, false) => ColumnType::DateTime,
            _ => ColumnType::Text,
        }
    }
}

impl Inferred {
    pub(super) fn of(rule: &Rule<Sigma>, language: Dialect) -> Self {
        let mut asked = Vec::new();
        body(&rule.body, &mut asked);
        // In Elasticsearch and Splunk any field may hold several values; a column of Kusto holds one.
        let many = language != Dialect::Kql;
        let columns = asked.into_iter().map(|(name, asked): (&Name, Asked)| {
            let column = Column { many, ..Column::named(name.clone(), asked.column_type(language)) };
            (name.clone(), Arc::new(column))
        });
        Self(columns.collect())
    }

    /// The column of that name; text if the rule asks nothing of it.
    pub(super) fn column(&self, name: &Name) -> Arc<Column> {
        let known = self.0.iter().find(|(known, _)| same(known, name));
        known.map_or_else(|| Arc::new(Column::text(name.clone())), |(_, column)| column.clone())
    }
}

type AskedOf<'r> = Vec<(&'r Name, Asked)>;

fn same(one: &Name, other: &Name) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn body<'r>(of: &'r Body<Sigma>, asked: &mut AskedOf<'r>) {
    match of {
        Body::Event(event) => {
            arms(&event.arms, asked);
            let branches = event.classification.iter().flat_map(|classes| &classes.branches);
            branches.for_each(|branch| arms(&branch.arms, asked));
        }
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|one| step(one, asked));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|member| step(member, asked));
            let is_numeric = correlation.measure.kind.is_numeric();
            let measured = correlation.measure.fields.iter().flatten();
            measured.for_each(|field| of_field(field, asked, |asked| asked.decimal |= is_numeric));
        }
    }
}

fn step<'r>(of: &'r Step<Sigma>, asked: &mut AskedOf<'r>) {
    body(&of.body, asked);
    // A key that no test asks about is a column of the rule all the same.
    of.keys.iter().flat_map(|key| &key.fields).for_each(|key| of_field(key, asked, |_| {}));
}

fn arms<'r>(of: &'r [Arm<Sigma>], asked: &mut AskedOf<'r>) {
    of.iter().for_each(|arm| arm.predicate.for_each(&mut |test| atom(test, asked)));
}

fn atom<'r>(of: &'r Atom<Sigma>, asked: &mut AskedOf<'r>) {
    if let Test::Field { other, .. } = &of.test {
        of_field(other, asked, |asked| asked.text = true);
    }
    let Subject::Field(field) = &of.subject else { return };
    of_field(field, asked, |asked| match &of.test {
        Test::Text { pattern, .. } if is_address(pattern) => asked.address = true,
        Test::Text { .. } | Test::Regex(_) | Test::Field { .. } => asked.text = true,
        Test::Number { number: Number::Integer(_), .. } => asked.integer = true,
        Test::Number { number: Number::Decimal(_), .. } => asked.decimal = true,
        Test::Time { .. } => asked.time = true,
        Test::Cidr(_) => asked.network = true,
        Test::Exists(_) => {}
    });
}

fn of_field<'r>(field: &'r Field, asked: &mut AskedOf<'r>, note: impl FnOnce(&mut Asked)) {
    let (Field::Sigma(name) | Field::Target(name)) = field;
    if let Some((_, asked)) = asked.iter_mut().rev().find(|(known, _)| same(known, name)) {
        note(asked);
    } else {
        let mut first = Asked::default();
        note(&mut first);
        asked.push((name, first));
    }
}

/// An address, or the first octets of one (`10.`, `192.168.`).
fn is_address(pattern: &Pattern) -> bool {
    match pattern.shape() {
        Shape::Exact(text) => text.parse::<IpAddr>().is_ok(),
        Shape::Prefix(text) => text.strip_suffix('.').is_some_and(|octets| {
            octets.split('.').count() < 4 && octets.split('.').all(|octet| octet.parse::<u8>().is_ok())
        }),
        _ => false,
    }
}
