//! Faults that a compiler might have. The random square must find each.

use crate::Target;
use rulecast_ir::{
    Atom, Body, Case, Comparison, Logic, Number, Part, Pattern, Predicate, Rule, Shape, Sigma, Subject, Test,
};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Fault {
    ConjunctDropped,
    DisjunctDropped,
    CaseIgnored,
    PrefixForContains,
    LiteralStarUnescaped,
    NotDropped,
    NullInverted,
    ComparisonOffByOne,
    AndForOr,
    AnyOneForAnyRun,
    FieldTakenForMissing,
    TimespanOffByOne,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 12] = [
        Fault::ConjunctDropped,
        Fault::DisjunctDropped,
        Fault::CaseIgnored,
        Fault::PrefixForContains,
        Fault::LiteralStarUnescaped,
        Fault::NotDropped,
        Fault::NullInverted,
        Fault::ComparisonOffByOne,
        Fault::AndForOr,
        Fault::AnyOneForAnyRun,
        Fault::FieldTakenForMissing,
        Fault::TimespanOffByOne,
    ];

    /// Whether rules over the target's data model are generated that the fault touches.
    pub fn shows_on(self, target: Target) -> bool {
        target.model == "none" || self != Fault::TimespanOffByOne
    }

    /// The rule with the fault; none if it does not touch the rule.
    pub(super) fn put_into(self, rule: &Rule<Sigma>) -> Option<Rule<Sigma>> {
        let mut said = rule.clone();
        match &mut said.body {
            Body::Event(event) => {
                event.arms.iter_mut().for_each(|arm| arm.predicate = self.predicate(&arm.predicate));
            }
            Body::Sequence(sequence) if self == Fault::TimespanOffByOne => sequence.timespan -= 1,
            Body::Sequence(_) | Body::Correlation(_) => {}
        }
        (said != *rule).then_some(said)
    }

    fn predicate(self, predicate: &Predicate<Sigma>) -> Predicate<Sigma> {
        let parts = |parts: &[Predicate<Sigma>]| parts.iter().map(|part| self.predicate(part)).collect::<Vec<_>>();
        match predicate {
            Logic::And(all) if self == Fault::ConjunctDropped => Logic::all(parts(&all[1..])),
            Logic::Or(any) if self == Fault::DisjunctDropped => Logic::any(parts(&any[1..])),
            Logic::Or(any) if self == Fault::AndForOr => Logic::all(parts(any)),
            Logic::Not(inner) if self == Fault::NotDropped => self.predicate(inner),
            Logic::Not(inner) => self.predicate(inner).negate(),
            Logic::And(all) => Logic::all(parts(all)),
            Logic::Or(any) => Logic::any(parts(any)),
            Logic::Test(atom) => self.atom(atom),
            constant => constant.clone(),
        }
    }

    fn atom(self, atom: &Atom<Sigma>) -> Predicate<Sigma> {
        let with = |test: Test<Sigma>| Atom { test, ..atom.clone() };
        let said = match (self, &atom.test) {
            (Fault::CaseIgnored, Test::Text { pattern, .. }) => {
                with(Test::Text { pattern: pattern.clone(), case: Case::Insensitive })
            }
            (_, Test::Text { pattern, case }) => {
                self.pattern(pattern).map_or_else(|| atom.clone(), |pattern| with(Test::Text { pattern, case: *case }))
            }
            (Fault::NullInverted, Test::Exists(present)) => with(Test::Exists(!present)),
            (Fault::ComparisonOffByOne, Test::Number { comparison, number }) => {
                let (comparison, number) = match (comparison, number) {
                    (Comparison::Less, number) => (Comparison::LessOrEqual, *number),
                    (Comparison::Greater, number) => (Comparison::GreaterOrEqual, *number),
                    (other, Number::Integer(number)) => (*other, Number::Integer(number + 1)),
                    (other, number) => (*other, *number),
                };
                with(Test::Number { comparison, number })
            }
            _ => atom.clone(),
        };
        // Behind NOT, a query that asks for the field first misses the events without it.
        if self == Fault::FieldTakenForMissing
            && matches!(atom.subject, Subject::Field(_))
            && !matches!(atom.test, Test::Exists(_))
        {
            return Logic::any([Logic::Test(said), Logic::Test(with(Test::Exists(false)))]);
        }
        Logic::Test(said)
    }

    fn pattern(self, pattern: &Pattern) -> Option<Pattern> {
        match (self, pattern.shape()) {
            (Fault::PrefixForContains, Shape::Contains(text)) => {
                Some(Pattern::from_parts([Part::Literal(text.to_owned()), Part::AnyRun]))
            }
            (Fault::LiteralStarUnescaped, _) => {
                let parts = pattern.parts().iter().flat_map(|part| match part {
                    Part::Literal(text) => {
                        let mut parts = Vec::new();
                        for (index, piece) in text.split('*').enumerate() {
                            parts.extend((index > 0).then_some(Part::AnyRun));
                            parts.push(Part::Literal(piece.to_owned()));
                        }
                        parts
                    }
                    other => vec![other.clone()],
                });
                Some(Pattern::from_parts(parts))
            }
            (Fault::AnyOneForAnyRun, _) => {
                let one = |part: &Part| if *part == Part::AnyOne { Part::AnyRun } else { part.clone() };
                Some(Pattern::from_parts(pattern.parts().iter().map(one)))
            }
            _ => None,
        }
    }
}
