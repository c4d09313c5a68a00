//! What was compared of correlations: their types, and what they have.

use super::{Counting, KINDS, Key, Member};
use rulecast_rule::ast::{CorrelationKind, Operator};

/// Something that a correlation may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "an operator is the operator of that name")]
pub enum Facet {
    /// All events are one group.
    Global,
    /// Fields of the same name group the events.
    Grouped,
    /// Fields that differ from rule to rule do.
    Aliased,
    Gte,
    Gt,
    Lt,
    Lte,
    Eq,
    Neq,
    /// Two bounds.
    Range,
    /// Neither bounds nor a condition: all rules.
    AllRules,
    /// A condition over the rules.
    Condition,
    /// Another correlation in the place of a rule.
    Chained,
}

impl Facet {
    /// Every one.
    pub const ALL: [Facet; 13] = [
        Facet::Global,
        Facet::Grouped,
        Facet::Aliased,
        Facet::Gte,
        Facet::Gt,
        Facet::Lt,
        Facet::Lte,
        Facet::Eq,
        Facet::Neq,
        Facet::Range,
        Facet::AllRules,
        Facet::Condition,
        Facet::Chained,
    ];

    /// Whether correlations of a type may have it.
    pub fn stands(self, kind: CorrelationKind) -> bool {
        !matches!(self, Facet::AllRules | Facet::Condition) || kind.is_temporal()
    }
}

/// Cases of one type of correlation: all, those that fire, and by what it has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Correlated {
    /// Pairs of a correlation and an event.
    pub cases: usize,
    /// Those of which the rule and the queries agree that it fires.
    pub fired: usize,
    having: [usize; Facet::ALL.len()],
}

impl Correlated {
    /// Those of correlations that have it.
    pub fn of(&self, facet: Facet) -> usize {
        self.having[facet as usize]
    }
}

/// Cases by type.
#[derive(Clone, Debug, Default)]
pub struct Correlations([Correlated; KINDS.len()]);

impl Correlations {
    /// Every type, with its cases.
    pub fn each(&self) -> impl Iterator<Item = (CorrelationKind, &Correlated)> {
        KINDS.into_iter().zip(&self.0)
    }

    /// Adds what was compared elsewhere.
    pub fn add(&mut self, other: &Correlations) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            own.cases += other.cases;
            own.fired += other.fired;
            own.having.iter_mut().zip(other.having).for_each(|(own, other)| *own += other);
        }
    }

    /// Counts a correlation over so many events.
    pub(in crate::random) fn count(&mut self, counting: &Counting, events: usize, fired: usize) {
        let place = KINDS.iter().position(|kind| *kind == counting.kind).expect("it is one of all");
        let cell = &mut self.0[place];
        cell.cases += events;
        cell.fired += fired;
        counting.facets().into_iter().for_each(|facet| cell.having[facet as usize] += events);
    }
}

impl Counting {
    fn facets(&self) -> Vec<Facet> {
        let mut found = vec![match self.keys.as_slice() {
            [] => Facet::Global,
            keys if keys.iter().any(|key| matches!(key, Key::Alias(_))) => Facet::Aliased,
            _ => Facet::Grouped,
        }];
        found.extend(self.bounds.iter().map(|(operator, _)| match operator {
            Operator::Gte => Facet::Gte,
            Operator::Gt => Facet::Gt,
            Operator::Lt => Facet::Lt,
            Operator::Lte => Facet::Lte,
            Operator::Eq => Facet::Eq,
            Operator::Neq => Facet::Neq,
        }));
        found.extend((self.bounds.len() > 1).then_some(Facet::Range));
        found.extend(self.condition.is_some().then_some(Facet::Condition));
        found.extend((self.bounds.is_empty() && self.condition.is_none()).then_some(Facet::AllRules));
        let is_inner = |member: &Member| matches!(member, Member::Inner(_));
        found.extend(self.members.iter().any(is_inner).then_some(Facet::Chained));
        found.dedup();
        found
    }
}
