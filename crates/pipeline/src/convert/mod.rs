//! The closed set of ways in which a column holds a field.
//!
//! Each conversion stands in a file of its own, with its two readings. Of tests: a test of the Sigma field becomes a
//! predicate over columns that holds of the same events; what it cannot say exactly it refuses. Of events: the values of
//! the field are put into columns; what they cannot hold is not there.

mod basename;
mod columns;
mod device_path;
mod dword;
mod enumeration;
mod guid;
mod hash_columns;
mod hash_list;
mod hex;
mod map_entry;
mod orientation;
mod prefixed;
mod registry_path;
mod split_user;
mod xml_element;

pub(crate) use basename::Basename;
pub(crate) use columns::Columns;
pub(crate) use device_path::DevicePath;
pub(crate) use dword::{Dword, Types};
pub(crate) use enumeration::Enumeration;
pub(crate) use guid::Guid;
pub(crate) use hash_columns::{Algorithm, HashColumns};
pub(crate) use hash_list::HashList;
pub(crate) use hex::Hex;
pub(crate) use map_entry::MapEntry;
pub(crate) use orientation::Orientation;
pub(crate) use prefixed::Prefixed;
pub(crate) use registry_path::{Hive, RegistryPath, Split};
pub(crate) use split_user::SplitUser;
pub(crate) use xml_element::XmlElement;

use crate::project::Draft;
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Assumption, Atom, Case, Column, Comparison, Logic, Mapped, Name, Notes, Number, Pattern, Predicate, Refusal,
    RefusalReason, Scalar, Shape, Sigma, Subject, Test,
};
use std::sync::Arc;

/// A column, and whether what it holds is only said to be so.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) column: Arc<Column>,
    pub(crate) unchecked: bool,
    /// It holds text, and whole numbers in plain decimal digits.
    pub(crate) digits: bool,
}

/// Where a field stands.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) conversion: Conversion,
    /// What else must hold of an event for it to have the field: nothing does, if no event of the source has it.
    pub(crate) only: Predicate<Mapped>,
    /// Nobody has checked the claim against events.
    pub(crate) unchecked: bool,
}

/// How columns hold a field.
#[derive(Debug)]
pub(crate) enum Conversion {
    Columns(Columns),
    Basename(Basename),
    SplitUser(SplitUser),
    HashColumns(HashColumns),
    HashList(HashList),
    RegistryPath(RegistryPath),
    Dword(Dword),
    Enumeration(Enumeration),
    Hex(Hex),
    Guid(Guid),
    Orientation(Orientation),
    Prefixed(Prefixed),
    DevicePath(DevicePath),
    XmlElement(XmlElement),
    MapEntry(MapEntry),
}

/// One test of a mapped field, and where it stands.
pub(crate) struct Leaf<'a> {
    pub(crate) field: &'a Name,
    /// Never [`Test::Field`]: two fields are compared by their columns.
    pub(crate) test: &'a Test<Sigma>,
    pub(crate) span: Span,
    pub(crate) notes: Notes,
    /// What parts the names of a path on the platform of the log source.
    pub(crate) separator: char,
    /// Which side began the connection, where the whole rule fixes it.
    pub(crate) initiated: Option<bool>,
}

type Mapping = Result<Predicate<Mapped>, Refusal>;

impl Entry {
    /// The test as a predicate over columns.
    pub(crate) fn predicate(&self, mut leaf: Leaf<'_>) -> Mapping {
        if self.only != Logic::True {
            let absent = *leaf.test == Test::Exists(false);
            if absent {
                leaf.test = &Test::Exists(true);
            }
            let only = leaf.placed(&self.only);
            let held = Logic::all([only, self.converted(leaf)?]);
            return Ok(if absent { held.negate() } else { held });
        }
        self.converted(leaf)
    }

    fn converted(&self, mut leaf: Leaf<'_>) -> Mapping {
        if self.unchecked {
            leaf.notes.assume(Assumption::Mapping(leaf.field.clone()));
        }
        if let Conversion::Columns(columns) = &self.conversion {
            return Ok(columns.predicate(&leaf));
        }
        if matches!(leaf.test, Test::Text { pattern, .. } if pattern.shape() == Shape::Anything) {
            leaf.test = &Test::Exists(true);
        }
        match &self.conversion {
            Conversion::Columns(one) => Ok(one.predicate(&leaf)),
            Conversion::Basename(one) => one.predicate(&leaf),
            Conversion::SplitUser(one) => one.predicate(&leaf),
            Conversion::HashColumns(one) => one.predicate(&leaf),
            Conversion::HashList(one) => one.predicate(&leaf),
            Conversion::RegistryPath(one) => one.predicate(&leaf),
            Conversion::Dword(one) => one.predicate(&leaf),
            Conversion::Enumeration(one) => one.predicate(&leaf),
            Conversion::Hex(one) => one.predicate(&leaf),
            Conversion::Guid(one) => one.predicate(&leaf),
            Conversion::Orientation(one) => one.predicate(&leaf),
            Conversion::Prefixed(one) => one.predicate(&leaf),
            Conversion::DevicePath(one) => one.predicate(&leaf),
            Conversion::XmlElement(one) => one.predicate(&leaf),
            Conversion::MapEntry(one) => one.predicate(&leaf),
        }
    }

    /// Puts the field's values where the columns hold them.
    pub(crate) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if self.only == Logic::False {
            return row.contradict();
        }
        if !row.establish(&self.only) {
            return;
        }
        match &self.conversion {
            Conversion::Columns(one) => one.project(values, row),
            Conversion::Basename(one) => one.project(values, row),
            Conversion::SplitUser(one) => one.project(values, row),
            Conversion::HashColumns(one) => one.project(values, row),
            Conversion::HashList(one) => one.project(values, row),
            Conversion::RegistryPath(one) => one.project(values, row),
            Conversion::Dword(one) => one.project(values, row),
            Conversion::Enumeration(one) => one.project(values, row),
            Conversion::Hex(one) => one.project(values, row),
            Conversion::Guid(one) => one.project(values, row),
            Conversion::Orientation(one) => one.project(values, row),
            Conversion::Prefixed(one) => one.project(values, row),
            Conversion::DevicePath(one) => one.project(values, row),
            Conversion::XmlElement(one) => one.project(values, row),
            Conversion::MapEntry(one) => one.project(values, row),
        }
    }

    /// Every column that the field may fill.
    pub(crate) fn places(&self) -> Vec<&Place> {
        match &self.conversion {
            Conversion::Columns(one) => one.0.iter().collect(),
            Conversion::Basename(one) => one.folder.iter().chain(&one.path).chain([&one.name]).collect(),
            Conversion::SplitUser(one) => one.columns(),
            Conversion::HashColumns(one) => one.columns().collect(),
            Conversion::HashList(one) => vec![&one.0],
            Conversion::RegistryPath(one) => {
                [&one.key].into_iter().chain(one.split.iter().map(|split| &split.value)).collect()
            }
            Conversion::Dword(one) => {
                [&one.data].into_iter().chain(one.types.iter().map(|types| &types.column)).collect()
            }
            Conversion::Enumeration(one) => one.other.iter().chain(&one.asked).collect(),
            Conversion::Hex(one) => vec![&one.0],
            Conversion::Guid(one) => vec![&one.0],
            Conversion::Orientation(one) => vec![&one.initiated, &one.accepted],
            Conversion::Prefixed(one) => vec![&one.place],
            Conversion::DevicePath(one) => vec![&one.0],
            Conversion::XmlElement(one) => vec![&one.column],
            Conversion::MapEntry(one) => vec![&one.column],
        }
    }

    /// The columns to show for the field.
    pub(crate) fn shown(&self) -> Vec<&Place> {
        match &self.conversion {
            Conversion::Columns(one) => one.0.iter().collect(),
            Conversion::Basename(one) => vec![one.path.as_ref().unwrap_or(&one.name)],
            Conversion::SplitUser(one) => one.columns(),
            Conversion::HashColumns(one) => one.columns().collect(),
            Conversion::HashList(one) => vec![&one.0],
            Conversion::RegistryPath(one) => vec![one.whole()],
            Conversion::Dword(one) => vec![&one.data],
            Conversion::Enumeration(one) => one.shown(),
            Conversion::Hex(one) => vec![&one.0],
            Conversion::Guid(one) => vec![&one.0],
            Conversion::Orientation(one) => vec![&one.initiated, &one.accepted],
            Conversion::Prefixed(one) => vec![&one.place],
            Conversion::DevicePath(one) => vec![&one.0],
            Conversion::XmlElement(one) => vec![&one.column],
            Conversion::MapEntry(one) => vec![&one.column],
        }
    }

    /// Whether it is one end of a connection, whose column depends on who began that.
    pub(crate) fn is_an_end(&self) -> bool {
        matches!(self.conversion, Conversion::Orientation(_))
    }

    /// The columns that together equal the field, where equal fields mean equal columns; else none. Of a connection, if it
    /// is known who began it.
    pub(crate) fn equal_columns(&self, initiated: Option<bool>) -> Option<Vec<&Place>> {
        match &self.conversion {
            Conversion::Columns(one) => match one.0.as_slice() {
                [place] => Some(vec![place]),
                _ => None,
            },
            Conversion::Basename(one) => one.path.as_ref().filter(|_| one.folder.is_none()).map(|path| vec![path]),
            Conversion::SplitUser(one) => one.domain.is_some().then(|| one.columns()),
            Conversion::Hex(one) => Some(vec![&one.0]),
            Conversion::Guid(one) => Some(vec![&one.0]),
            Conversion::Prefixed(one) => Some(vec![&one.place]),
            Conversion::Orientation(one) => {
                initiated.map(|initiated| vec![if initiated { &one.initiated } else { &one.accepted }])
            }
            Conversion::DevicePath(_)
            | Conversion::XmlElement(_)
            | Conversion::MapEntry(_)
            | Conversion::HashColumns(_)
            | Conversion::HashList(_)
            | Conversion::RegistryPath(_)
            | Conversion::Dword(_)
            | Conversion::Enumeration(_) => None,
        }
    }
}

impl Leaf<'_> {
    /// `test` of a column, in the place of this leaf.
    pub(crate) fn on(&self, place: &Place, test: Test<Mapped>) -> Predicate<Mapped> {
        let mut notes = self.notes.clone();
        if place.unchecked {
            notes.assume(Assumption::Mapping(self.field.clone()));
        }
        Logic::Test(Atom { subject: Subject::Field(place.column.clone()), test, span: self.span, notes })
    }

    /// This leaf, resting on a claim that nobody has checked.
    fn unchecked(&self) -> Self {
        let notes = self.notes.clone().assuming(Assumption::Mapping(self.field.clone()));
        Self { notes, ..*self }
    }

    /// This leaf's own test of a column.
    fn same(&self, place: &Place) -> Predicate<Mapped> {
        let test = match self.test {
            Test::Text { pattern, case } => Test::Text { pattern: pattern.clone(), case: *case },
            Test::Regex(regex) => Test::Regex(regex.clone()),
            Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) } if place.digits => {
                Test::Text { pattern: Pattern::literal(number.to_string()), case: Case::Sensitive }
            }
            Test::Number { comparison, number } => Test::Number { comparison: *comparison, number: *number },
            Test::Time { part, comparison, number } => {
                Test::Time { part: *part, comparison: *comparison, number: *number }
            }
            Test::Cidr(net) => Test::Cidr(*net),
            Test::Exists(wanted) => Test::Exists(*wanted),
            Test::Field { .. } => unreachable!("two fields are compared by their columns"),
        };
        self.on(place, test)
    }

    fn text(&self, place: &Place, pattern: Pattern, case: Case) -> Predicate<Mapped> {
        if pattern.shape() == Shape::Anything {
            return self.on(place, Test::Exists(true));
        }
        self.on(place, Test::Text { pattern, case })
    }

    fn equals(&self, place: &Place, text: &str) -> Predicate<Mapped> {
        self.text(place, Pattern::literal(text), Case::Insensitive)
    }

    fn missing(&self, place: &Place) -> Predicate<Mapped> {
        self.on(place, Test::Exists(false))
    }

    /// That any of the columns has a value, or that none has.
    fn exists<'p>(&self, places: impl Iterator<Item = &'p Place>, wanted: bool) -> Predicate<Mapped> {
        let parts = places.map(|place| self.on(place, Test::Exists(wanted))).collect::<Vec<_>>();
        if wanted { Logic::any(parts) } else { Logic::all(parts) }
    }

    /// A predicate of the model itself, in the place of this leaf.
    fn placed(&self, predicate: &Predicate<Mapped>) -> Predicate<Mapped> {
        predicate.map_ref(&mut |atom| {
            let mut atom = Atom { span: self.span, ..atom.clone() };
            atom.notes.join(&self.notes);
            Logic::Test(atom)
        })
    }

    fn refuse(&self, reason: RefusalReason, message: impl Into<String>) -> Refusal {
        Refusal::new(reason, self.span, message)
    }

    /// That the columns cannot hold this test, and why.
    fn refuse_value(&self, why: impl std::fmt::Display) -> Refusal {
        self.refuse(RefusalReason::Value, format!("{} of `{}` cannot be mapped: {why}", self.shown(), self.field))
    }

    /// The test, as a message names it.
    fn shown(&self) -> String {
        match self.test {
            Test::Text { pattern, .. } => format!("the value `{}`", show_pattern(pattern)),
            Test::Regex(regex) => format!("the regex `{}`", regex.text),
            Test::Number { number, .. } => format!("the number `{number}`"),
            Test::Time { .. } => "the test of a time".to_owned(),
            Test::Cidr(net) => format!("the network `{net}`"),
            Test::Field { .. } => "the comparison".to_owned(),
            Test::Exists(_) => "the test of presence".to_owned(),
        }
    }
}

pub(crate) fn show_pattern(pattern: &Pattern) -> String {
    use rulecast_ir::Part;
    let show = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::AnyRun => "*".to_owned(),
        Part::AnyOne => "?".to_owned(),
        Part::Placeholder(name) => format!("%{name}%"),
    };
    pattern.parts().iter().map(show).collect()
}

/// What is left of `text` after `prefix`, which may differ in the case of ASCII letters.
fn strip_prefix_caseless<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// What is left of `text` before `suffix`, which may differ in the case of ASCII letters.
fn strip_suffix_caseless<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let start = text.len().checked_sub(suffix.len())?;
    text.get(start..)?.eq_ignore_ascii_case(suffix).then(|| &text[..start])
}
