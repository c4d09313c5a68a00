//! Smaller correlations.

use super::{Counting, Key, Member};
use crate::random::shrink::{each, without};

impl Counting {
    /// Each of them has something less.
    pub(in crate::random) fn smaller(&self) -> Vec<Counting> {
        let inner = |member: &Member| if let Member::Inner(inner) = member { Some((**inner).clone()) } else { None };
        let mut found: Vec<Counting> = self.members.iter().filter_map(inner).collect();
        let members = each(&self.members, |member| match member {
            Member::Rule(_) => Vec::new(),
            Member::Inner(inner) => {
                let rule = inner.rules().first().copied().map(Member::Rule);
                let inner = inner.smaller().into_iter().map(|inner| Member::Inner(Box::new(inner)));
                rule.filter(|rule| !self.members.contains(rule)).into_iter().chain(inner).collect()
            }
        });
        found.extend(members.into_iter().map(|members| Counting { members, ..self.clone() }));
        found.extend(without(&self.keys, 0).into_iter().map(|keys| Counting { keys, ..self.clone() }));
        if self.kind.is_temporal() || self.bounds.len() > 1 {
            found.extend(without(&self.bounds, 0).into_iter().map(|bounds| Counting { bounds, ..self.clone() }));
        }
        found.extend(without(&self.fields, 1).into_iter().map(|fields| Counting { fields, ..self.clone() }));
        match &self.condition {
            Some(_) => found.push(Counting { condition: None, ..self.clone() }),
            // A condition names every member.
            None if self.members.len() > Self::least(self.kind) => {
                found.extend((0..self.members.len()).map(|place| self.without(place)));
            }
            None => {}
        }
        found
    }

    fn without(&self, place: usize) -> Counting {
        let mut less = self.clone();
        less.members.remove(place);
        for key in &mut less.keys {
            if let Key::Alias(fields) = key {
                fields.remove(place);
            }
        }
        less
    }
}
