//! What was compared: kinds of tests, where they stood in their rule, and what was odd about the events.

use super::counting::Correlations;
use super::wish::{Form, Kind, Leaf, Polarity, Wish};
use rulecast_ir::{Record, Scalar};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What is odd about the field that a test is about, in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// It is not there.
    Missing,
    /// It holds the empty text.
    Empty,
    /// It holds what the rule writes, in another case; where the rule writes no text, a capital letter.
    Case,
    /// It holds several values.
    List,
    /// It holds `*`, `?`, `%` or `_`.
    Wildcard,
    /// It holds a quotation mark or a backslash.
    Quote,
    /// It holds a character beyond ASCII.
    NonAscii,
    /// It holds a line feed.
    Newline,
    /// It holds an address of IPv4.
    Ipv4,
    /// It holds an address of IPv6.
    Ipv6,
    /// It holds what looks like an address and is none; where a network is asked for, any text that is none.
    JunkIp,
}

impl Oddity {
    /// Every one.
    pub const ALL: [Oddity; 11] = [
        Oddity::Missing,
        Oddity::Empty,
        Oddity::Case,
        Oddity::List,
        Oddity::Wildcard,
        Oddity::Quote,
        Oddity::NonAscii,
        Oddity::Newline,
        Oddity::Ipv4,
        Oddity::Ipv6,
        Oddity::JunkIp,
    ];
}

/// Cases of one kind of test in one place: all, and by what was odd.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell {
    /// All.
    pub cases: usize,
    odd: [usize; Oddity::ALL.len()],
}

impl Cell {
    /// Those of an oddity.
    pub fn of(&self, oddity: Oddity) -> usize {
        self.odd[oddity as usize]
    }

    fn add(&mut self, other: &Cell) {
        self.cases += other.cases;
        self.odd.iter_mut().zip(other.odd).for_each(|(own, other)| *own += other);
    }
}

/// Cases by the kind of test and by its place, and by the type of correlation.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    tests: BTreeMap<(Kind, Polarity), Cell>,
    /// Of correlations that count.
    pub correlations: Correlations,
    /// Cases of rules with placeholders.
    pub expanded: usize,
    /// Cases of rules whose fields a pipeline renames.
    pub renamed: usize,
}

impl Coverage {
    /// What was compared of one kind of test in one place.
    pub fn cell(&self, kind: Kind, polarity: Polarity) -> Cell {
        self.tests.get(&(kind, polarity)).copied().unwrap_or_default()
    }

    /// Adds what was compared elsewhere.
    pub fn add(&mut self, other: &Coverage) {
        other.tests.iter().for_each(|(place, cell)| self.tests.entry(*place).or_default().add(cell));
        self.correlations.add(&other.correlations);
        self.expanded += other.expanded;
        self.renamed += other.renamed;
    }

    /// Counts the tests of a rule in these events.
    pub(super) fn count(&mut self, wish: &Wish, events: &[Record]) {
        let leaves = wish.leaves();
        let has = |form: fn(Form) -> bool| leaves.iter().any(|leaf| form(leaf.form));
        self.expanded += if has(|form| matches!(form, Form::Expanded(_))) { events.len() } else { 0 };
        self.renamed += if has(|form| form == Form::Renamed) { events.len() } else { 0 };
        for (leaf, places) in wish.places() {
            let mut cell = Cell { cases: events.len(), ..Cell::default() };
            for oddity in events.iter().flat_map(|event| oddities(leaf, event)) {
                cell.odd[oddity as usize] += 1;
            }
            places.into_iter().for_each(|place| self.tests.entry((leaf.kind, place)).or_default().add(&cell));
        }
    }
}

/// Whether a text is odd, to a test.
type Odd = fn(&Leaf, &str) -> bool;

/// What is odd about what a test reads of an event.
fn oddities(leaf: &Leaf, event: &Record) -> Vec<Oddity> {
    let keyword = leaf.is_keyword();
    let values: Vec<&Scalar> = event
        .fields
        .iter()
        .filter(|(field, _)| keyword || *field == leaf.field)
        .flat_map(|(_, values)| values)
        .collect();
    let list = if keyword { event.fields.values().any(|values| values.len() > 1) } else { values.len() > 1 };
    let mut found = Vec::new();
    found.extend(values.is_empty().then_some(Oddity::Missing));
    found.extend(list.then_some(Oddity::List));
    let texts: Vec<String> = values.into_iter().map(Scalar::text).collect();
    let is = |holds: Odd| texts.iter().any(|text| holds(leaf, text));
    let all: [(Oddity, Odd); 9] = [
        (Oddity::Empty, |_, text| text.is_empty()),
        (Oddity::Case, other_case),
        (Oddity::Wildcard, |_, text| text.contains(['*', '?', '%', '_'])),
        (Oddity::Quote, |_, text| text.contains(['"', '\'', '`', '\\'])),
        (Oddity::NonAscii, |_, text| !text.is_ascii()),
        (Oddity::Newline, |_, text| text.contains('\n')),
        (Oddity::Ipv4, |_, text| matches!(text.parse(), Ok(IpAddr::V4(_)))),
        (Oddity::Ipv6, |_, text| matches!(text.parse(), Ok(IpAddr::V6(_)))),
        (Oddity::JunkIp, junk),
    ];
    found.extend(all.into_iter().filter(|(_, holds)| is(*holds)).map(|(oddity, _)| oddity));
    found
}

fn other_case(leaf: &Leaf, text: &str) -> bool {
    let mut literals = leaf.literals().filter(|literal| literal.bytes().any(|byte| byte.is_ascii_alphabetic()));
    let Some(first) = literals.next() else { return text.bytes().any(|byte| byte.is_ascii_uppercase()) };
    let folded = text.to_ascii_lowercase();
    std::iter::once(first)
        .chain(literals)
        .any(|literal| !text.contains(literal) && folded.contains(&literal.to_ascii_lowercase()))
}

fn junk(leaf: &Leaf, text: &str) -> bool {
    let like = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'/' | b'%');
        text.bytes().all(allowed) && text.matches(['.', ':']).count() > 1
    };
    let asked = matches!(leaf.kind, Kind::CidrV4 | Kind::CidrV6);
    text.parse::<IpAddr>().is_err() && (like(text) || (asked && !text.is_empty()))
}
