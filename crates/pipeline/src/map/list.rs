//! What a list of values becomes: short where the columns of its values share a condition.
//!
//! A conversion may make a conjunction of each value: `data = '0' and type = 'Dword'`. In a list they share a part, which
//! is taken out: `data in ('0', '1') and type = 'Dword'`. Values that the rule tells apart may be one to the model
//! (`High`, `S-1-16-12288`): they are asked for once. Both leave the meaning as it is.

use rulecast_ir::{Logic, Mapped, Predicate, Subject};
use std::sync::Arc;

/// How far back a like part is looked for: long lists stay linear.
const REACH: usize = 8;

/// The disjunction of the mapped values of a list.
#[derive(Default)]
pub(super) struct List(Vec<Item>);

enum Item {
    One(Predicate<Mapped>),
    /// A conjunction of two.
    Pair(Predicate<Mapped>, Predicate<Mapped>),
    /// Conjunctions that share their first or their second part.
    Shared {
        part: Predicate<Mapped>,
        first: bool,
        others: Vec<Predicate<Mapped>>,
    },
}

impl List {
    /// Adds an operand that is no value, as it is.
    pub(super) fn push_whole(&mut self, mapped: Predicate<Mapped>) {
        self.0.push(Item::One(mapped));
    }

    /// Adds what a value became.
    pub(super) fn push(&mut self, mapped: Predicate<Mapped>) {
        match mapped {
            Logic::Or(parts) => parts.into_iter().for_each(|part| self.push(part)),
            Logic::And(mut parts) if parts.len() == 2 => {
                if let (Some(second), Some(first)) = (parts.pop(), parts.pop()) {
                    self.push_pair(first, second);
                }
            }
            one => {
                let again = |item: &Item| matches!(item, Item::One(before) if same(before, &one));
                if !self.0.iter().rev().take(REACH).any(again) {
                    self.0.push(Item::One(one));
                }
            }
        }
    }

    fn push_pair(&mut self, first: Predicate<Mapped>, second: Predicate<Mapped>) {
        for item in self.0.iter_mut().rev().take(REACH) {
            match item {
                Item::Shared { part, first: true, others } if same(part, &first) => return others.push(second),
                Item::Shared { part, first: false, others } if same(part, &second) => return others.push(first),
                Item::Pair(before, _) if same(before, &first) => {
                    let Item::Pair(part, other) = std::mem::replace(item, Item::One(Logic::False)) else {
                        unreachable!("the item is a pair");
                    };
                    *item = Item::Shared { part, first: true, others: vec![other, second] };
                    return;
                }
                Item::Pair(_, before) if same(before, &second) => {
                    let Item::Pair(other, part) = std::mem::replace(item, Item::One(Logic::False)) else {
                        unreachable!("the item is a pair");
                    };
                    *item = Item::Shared { part, first: false, others: vec![other, first] };
                    return;
                }
                _ => {}
            }
        }
        self.0.push(Item::Pair(first, second));
    }

    pub(super) fn into_predicate(self) -> Predicate<Mapped> {
        Logic::any(self.0.into_iter().map(|item| match item {
            Item::One(one) => one,
            Item::Pair(first, second) => Logic::all([first, second]),
            Item::Shared { part, first, others } => {
                let mut list = List::default();
                others.into_iter().for_each(|other| list.push(other));
                let others = list.into_predicate();
                Logic::all(if first { [part, others] } else { [others, part] })
            }
        }))
    }
}

/// Whether two predicates ask the same, wherever they stand in the rule. A model shares its columns.
fn same(one: &Predicate<Mapped>, other: &Predicate<Mapped>) -> bool {
    match (one, other) {
        (Logic::Test(one), Logic::Test(other)) => {
            let subject = match (&one.subject, &other.subject) {
                (Subject::Field(one), Subject::Field(other)) => Arc::ptr_eq(one, other),
                (one, other) => one == other,
            };
            subject && one.test == other.test && one.notes == other.notes
        }
        (Logic::Not(one), Logic::Not(other)) => same(one, other),
        (Logic::And(ones), Logic::And(others)) | (Logic::Or(ones), Logic::Or(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        _ => false,
    }
}
