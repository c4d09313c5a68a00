//! Joins the tests of one field that an OR holds into one list.
//!
//! Elasticsearch makes one regex of a list of regexes, with `|` between them, so that its limit is of them together: a
//! list that would be longer is begun anew.

use super::Tree;
use crate::ast::{Condition, TextOperator};
use crate::regex;
use rulecast_ir::fidelity::Noted;
use rulecast_ir::{Logic, Name};
use std::collections::BTreeMap;

/// Which leaves may share a list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Text(TextOperator),
    Numbers,
    Cidr,
}

/// The disjunction of `parts`. A list stands where its first test stood, its values in the order they came in.
pub(super) fn any(parts: impl IntoIterator<Item = Tree>) -> Tree {
    let mut slots: Vec<Tree> = Vec::new();
    let mut lists: BTreeMap<(Name, Kind), usize> = BTreeMap::new();
    let mut add = |part: Tree| {
        let Logic::Test(noted) = part else {
            slots.push(part);
            return;
        };
        let Some(key) = key(&noted.leaf) else {
            slots.push(Logic::Test(noted));
            return;
        };
        match lists.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(slots.len());
                slots.push(Logic::Test(noted));
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                if let Logic::Test(into) = &mut slots[*entry.get()]
                    && fits(&into.leaf, &noted.leaf)
                {
                    merge(into, noted);
                } else {
                    entry.insert(slots.len());
                    slots.push(Logic::Test(noted));
                }
            }
        }
    };
    for part in parts {
        match part {
            Logic::True => return Logic::True,
            Logic::False => {}
            Logic::Or(inner) => inner.into_iter().for_each(&mut add),
            other => add(other),
        }
    }
    Logic::any(slots)
}

fn key(leaf: &Condition) -> Option<(Name, Kind)> {
    match leaf {
        Condition::Text { field, operator, .. } => Some((field.clone(), Kind::Text(*operator))),
        Condition::Numbers { field, .. } => Some((field.clone(), Kind::Numbers)),
        Condition::Cidr { field, .. } => Some((field.clone(), Kind::Cidr)),
        Condition::StartsWith { .. }
        | Condition::Order { .. }
        | Condition::Bool { .. }
        | Condition::Exists { .. }
        | Condition::Wide(_) => None,
    }
}

/// Whether the values of both may share a list.
fn fits(list: &Condition, more: &Condition) -> bool {
    use TextOperator::{Regex, RegexCaseless};
    match (list, more) {
        (Condition::Text { operator: Regex | RegexCaseless, values, .. }, Condition::Text { values: more, .. }) => {
            let length = |value: &String| regex::length(value) + "|".len();
            values.iter().chain(more).map(length).sum::<usize>() <= regex::MAX_LENGTH + "|".len()
        }
        _ => true,
    }
}

fn merge(into: &mut Noted<Condition>, from: Noted<Condition>) {
    match (&mut into.leaf, from.leaf) {
        (Condition::Text { values, .. }, Condition::Text { values: more, .. }) => values.extend(more),
        (Condition::Numbers { numbers, .. }, Condition::Numbers { numbers: more, .. }) => numbers.extend(more),
        (Condition::Cidr { networks, .. }, Condition::Cidr { networks: more, .. }) => networks.extend(more),
        _ => unreachable!("leaves of one key are of one kind"),
    }
    into.notes.join(&from.notes);
    into.span = into.span.to(from.span);
}
