//! Events that are as a query assumes them to be.

use super::pools::{TIME, TIMES};
use super::setting::{Setting, is_path};
use super::wish::{Kind, Leaf, Wish};
use crate::{Language, Target};
use rulecast_ir::{Assumption, ColumnType, Record, Scalar, Schema};
use std::collections::BTreeSet;
use std::net::Ipv6Addr;

/// What is known of the events of a SIEM when a query is read.
#[derive(Debug)]
pub(super) struct Assumed<'a> {
    pub(super) target: Target<'static>,
    pub(super) setting: &'a Setting,
    /// Those of the queries.
    pub(super) assumptions: &'a BTreeSet<Assumption>,
    /// The rule, as it was generated.
    pub(super) wish: &'a Wish,
    /// The types of columns, which without a data model are those that the rule takes them to have.
    pub(super) schema: &'a Schema,
}

impl Assumed<'_> {
    /// Changes an event until all assumptions hold of it.
    pub(super) fn repair(&self, record: &mut Record) {
        let assumes = |assumption: &Assumption| self.assumptions.contains(assumption);
        // A column of Kusto holds one value.
        let single = assumes(&Assumption::SingleValued) || self.target.language == Language::Kql;
        for (field, values) in &mut record.fields {
            let mapping = assumes(&Assumption::Mapping(field.as_str().into())) || self.column_assumed(field);
            let known = self.setting.values.iter().find(|(name, _)| name == field);
            for value in values.iter_mut() {
                self.typed(field, value);
                if let Scalar::Text(text) = value {
                    if assumes(&Assumption::Ascii) {
                        *text = one_case(text);
                    }
                    if mapping && field == TIME && !TIMES.contains(&text.as_str()) {
                        TIMES[text.len() % TIMES.len()].clone_into(text);
                    }
                    if mapping {
                        *text = as_mapped(text);
                    }
                    // What every data model takes for granted: a path holds a separator.
                    if self.target.model != "none" && is_path(field) && !text.contains(['\\', '/']) {
                        text.insert_str(0, if self.setting.is_unix() { "/" } else { "D:\\" });
                    }
                    // And a user has neither an empty domain nor an empty name, nor more than these.
                    if self.target.model != "none" && field == "User" && !self.setting.is_unix() && !is_user(text) {
                        "CORP\\ab".clone_into(text);
                    }
                    if self.target.language == Language::Spl {
                        // What Splunk's regexes take for granted: they may take the long s and the Kelvin sign for letters
                        // of ASCII.
                        *text = text.replace(['\u{212a}', '\u{17f}'], "");
                        if mapping && self.setting.is_typed(field) {
                            *text = plain_address(text);
                        }
                    }
                    if let Some((_, known)) = known.filter(|(_, known)| mapping && !known.contains(&text.as_str())) {
                        *text = known[text.len() % known.len()].to_owned();
                    }
                    // Whose parts group events, or are counted together, has both.
                    if self.target.model != "none" && field == "User" && !text.contains('\\') && self.is_measured(field)
                    {
                        text.insert_str(0, "CORP\\");
                    }
                }
            }
            if assumes(&Assumption::EmptyIsMissing) {
                values.retain(|value| *value != Scalar::Text(String::new()));
            }
            // Modelled columns of numbers, addresses and keys hold one value each.
            let modelled = self.target.model != "none";
            // So does a user, who stands in two.
            let parted = field == "User" && !self.setting.is_unix();
            let keyed = self.is_key(field);
            if single || (modelled && (self.setting.is_typed(field) || keyed || parted)) {
                values.truncate(1);
            }
        }
        record.fields.retain(|_, values| !values.is_empty());
        // What the data models of Kusto take for granted: every row names its device.
        if self.target.model != "none" && self.target.language == Language::Kql && self.is_key(self.setting.key) {
            record.fields.entry(self.setting.key.to_owned()).or_insert_with(|| vec![Scalar::Text("z".to_owned())]);
        }
        if assumes(&Assumption::RawText) && self.wish.leaves().iter().any(|leaf| leaf.kind == Kind::KeywordGlob) {
            let values = record.fields.values().flatten().map(Scalar::text).collect::<Vec<_>>();
            record.raw = (self.target.language == Language::Spl).then(|| values.join("\n"));
        }
        if assumes(&Assumption::EmptyIsMissing) && self.target.language == Language::Kql {
            self.fill(record);
        }
        // A row of Kusto always has a time and an id, which `*` finds; and no event is recorded that says nothing at all.
        let is_keyword = |leaf: &&Leaf| matches!(leaf.kind, Kind::Keyword | Kind::KeywordGlob);
        let is_silent = record.fields.values().flatten().all(|value| value.text().is_empty());
        if is_silent && self.target.language == Language::Kql && self.wish.leaves().iter().any(is_keyword) {
            record.fields.insert("other".to_owned(), vec![Scalar::Text("said".to_owned())]);
        }
    }

    /// Where a rule asks for the empty text, and a string column of Kusto has it in place of a missing value, there are no
    /// missing values. Where it asks for more, there is neither.
    fn fill(&self, record: &mut Record) {
        let leaves = self.wish.leaves();
        for empty in leaves.iter().filter(|leaf| leaf.kind == Kind::Empty) {
            let refers = |leaf: &&&Leaf| leaf.field == empty.field || leaf.kind == Kind::FieldRef;
            let alone = leaves.iter().filter(refers).all(|leaf| leaf.kind == Kind::Empty);
            let filled = Scalar::Text(if alone { "" } else { "filled" }.to_owned());
            record.fields.entry(empty.field.to_owned()).or_insert_with(|| vec![filled]);
        }
    }

    /// Makes a value one that its column can hold.
    fn typed(&self, field: &str, value: &mut Scalar) {
        if self.target.model != "none" {
            // What every data model takes for granted: a field of numbers or addresses holds such. Else it is missing there.
            // Splunk's search would compare what is no number by its letters.
            let known = self.setting.values.iter().find(|(name, _)| *name == field);
            let asked = self.target.language == Language::Spl || self.asks_presence(field);
            if let Some((_, known)) = known.filter(|_| self.setting.is_typed(field) && asked) {
                let text = value.text();
                let is_address = self.setting.addresses.contains(&field);
                let fits =
                    if is_address { text.parse::<std::net::IpAddr>().is_ok() } else { text.parse::<i64>().is_ok() };
                if !fits {
                    *value = Scalar::Text(known[text.len() % known.len()].to_owned());
                }
            }
            return;
        }
        let types = self.schema.relations.values().filter_map(|columns| columns.get(field));
        for ty in types {
            match ty {
                ColumnType::Long => {
                    #[expect(clippy::cast_possible_truncation, reason = "the numbers are small")]
                    let whole = |number: f64| number.trunc() as i64;
                    *value = Scalar::Integer(value.number().map_or(7, whole));
                }
                ColumnType::Real => *value = Scalar::Float(value.number().unwrap_or(7.5)),
                ColumnType::Ip if value.text().parse::<std::net::IpAddr>().is_err() => {
                    *value = Scalar::Text("10.9.9.9".to_owned());
                }
                _ => {}
            }
        }
    }
}

impl Assumed<'_> {
    /// A language notes the column, whose name a data model may have chosen itself: it is of some typed field then.
    fn column_assumed(&self, field: &str) -> bool {
        let is_column = |assumption: &Assumption| matches!(assumption, Assumption::Mapping(name) if self.setting.values.iter().all(|(known, _)| *known != &**name));
        self.setting.is_typed(field) && self.assumptions.iter().any(is_column)
    }

    /// Whether the rule groups events by a field.
    fn is_key(&self, field: &str) -> bool {
        match self.wish {
            Wish::Sequence { .. } => field == self.setting.key,
            Wish::Counting { counting, .. } => counting.groups_by(field),
            _ => false,
        }
    }

    /// Whether the rule groups events by a field, or counts its values.
    fn is_measured(&self, field: &str) -> bool {
        self.is_key(field) || matches!(self.wish, Wish::Counting { counting, .. } if counting.measures(field))
    }

    fn asks_presence(&self, field: &str) -> bool {
        self.wish.leaves().iter().any(|leaf| leaf.field == field && matches!(leaf.kind, Kind::Null | Kind::Exists))
    }
}

/// `DOMAIN\user`, or a name alone.
pub(super) fn is_user(text: &str) -> bool {
    let mut parts = text.split('\\');
    parts.clone().count() < 3 && parts.all(|part| !part.is_empty())
}

/// Letters beyond ASCII in small form only. Those whose other form is of ASCII are gone.
pub(super) fn one_case(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{212a}' | '\u{17f}'))
        .flat_map(|c| if c.is_ascii() { vec![c] } else { c.to_lowercase().collect() })
        .collect()
}

/// An address of IPv4 as such: Splunk's `cidrmatch` and its search for a network take one written as IPv6 for IPv6.
fn plain_address(text: &str) -> String {
    let mapped = text.parse::<Ipv6Addr>().ok().and_then(|address| address.to_ipv4_mapped());
    mapped.map_or_else(|| text.to_owned(), |address| address.to_string())
}

/// A number in its plain form, and no text that some engine takes for a number.
fn as_mapped(text: &str) -> String {
    match Scalar::Text(text.to_owned()).number() {
        Some(number) => number.to_string(),
        None if text.trim() == "0x5" || text == "5 " => "none".to_owned(),
        None => text.to_owned(),
    }
}
