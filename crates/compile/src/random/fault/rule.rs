//! Faults of lowerings, in the rule that is lowered.

use super::Fault;
use ipnet::IpNet;
use rulecast_ir::regex::RegexNode;
use rulecast_ir::{
    Arm, Atom, Body, Case, Comparison, Logic, Number, Part, Pattern, Predicate, Rule, Shape, Sigma, Step, Subject, Test,
};
use std::sync::Arc;

/// The rule with the fault, or as it was.
pub(super) fn with(fault: Fault, rule: &Rule<Sigma>) -> Rule<Sigma> {
    let mut said = rule.clone();
    fault.body(&mut said.body);
    said
}

impl Fault {
    fn body(self, body: &mut Body<Sigma>) {
        match body {
            Body::Event(event) => {
                event.arms.iter_mut().for_each(|arm| self.arm(arm));
                let branches = event.classification.iter_mut().flat_map(|classes| &mut classes.branches);
                branches.flat_map(|branch| &mut branch.arms).for_each(|arm| self.arm(arm));
            }
            Body::Sequence(sequence) => {
                let until = sequence.until.as_deref_mut();
                sequence.steps.iter_mut().chain(until).for_each(|step: &mut Step<Sigma>| self.body(&mut step.body));
                if let Some(other) = self.sequence(sequence) {
                    *body = other;
                }
            }
            Body::Correlation(correlation) => {
                correlation.members.iter_mut().for_each(|member| self.body(&mut member.body));
                self.correlation(correlation);
            }
        }
    }

    fn arm(self, arm: &mut Arm<Sigma>) {
        arm.predicate = self.predicate(&arm.predicate);
    }

    fn predicate(self, predicate: &Predicate<Sigma>) -> Predicate<Sigma> {
        let parts = |parts: &[Predicate<Sigma>]| parts.iter().map(|part| self.predicate(part)).collect::<Vec<_>>();
        match predicate {
            Logic::And(all) if self == Fault::ConjunctDropped => Logic::all(parts(&all[1..])),
            Logic::And(all) if self == Fault::LastConjunctDropped => Logic::all(parts(&all[..all.len() - 1])),
            Logic::Or(any) if self == Fault::DisjunctDropped => Logic::any(parts(&any[1..])),
            Logic::Or(any) if self == Fault::LastDisjunctDropped => Logic::any(parts(&any[..any.len() - 1])),
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
        let text = |pattern: Pattern, case| Logic::Test(with(Test::Text { pattern, case }));
        match (self, &atom.test) {
            (Fault::CaseIgnored, Test::Text { pattern, .. }) => text(pattern.clone(), Case::Insensitive),
            (Fault::CaseKept, Test::Text { pattern, .. }) => text(pattern.clone(), Case::Sensitive),
            (_, Test::Text { pattern, case }) if let Some(pattern) = self.pattern(pattern) => text(pattern, *case),
            (Fault::RegexCaseIgnored | Fault::RegexCaseKept | Fault::RegexWhole, Test::Regex(regex)) => {
                let mut said = (**regex).clone();
                said.node = match self {
                    Fault::RegexWhole => {
                        RegexNode::Concat(vec![RegexNode::TextStart, regex.node.clone(), RegexNode::TextEnd])
                    }
                    _ => folded(&regex.node, self == Fault::RegexCaseIgnored),
                };
                Logic::Test(with(Test::Regex(Arc::new(said))))
            }
            (Fault::NullInverted, Test::Exists(present)) => Logic::Test(with(Test::Exists(!present))),
            (Fault::NullNever, Test::Exists(false)) => Logic::False,
            (Fault::EmptyForNull, Test::Exists(false)) => {
                let empty = with(Test::Text { pattern: Pattern::literal(""), case: Case::Insensitive });
                Logic::any([Logic::Test(atom.clone()), Logic::Test(empty)])
            }
            // Behind NOT, a query that asks for the field first misses the events without it.
            (Fault::FieldTakenForMissing, test)
                if matches!(atom.subject, Subject::Field(_)) && !matches!(test, Test::Exists(_)) =>
            {
                Logic::any([Logic::Test(atom.clone()), Logic::Test(with(Test::Exists(false)))])
            }
            (Fault::ComparisonOffByOne, Test::Number { comparison, number }) => {
                let (comparison, number) = match (comparison, number) {
                    (Comparison::Less, number) => (Comparison::LessOrEqual, *number),
                    (Comparison::Greater, number) => (Comparison::GreaterOrEqual, *number),
                    (other, Number::Integer(number)) => (*other, Number::Integer(number + 1)),
                    (other, number) => (*other, *number),
                };
                Logic::Test(with(Test::Number { comparison, number }))
            }
            (Fault::NetworkOffByOne, Test::Cidr(network)) => Logic::Test(with(Test::Cidr(larger(*network)))),
            _ => Logic::Test(atom.clone()),
        }
    }

    fn pattern(self, pattern: &Pattern) -> Option<Pattern> {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let mapped = |map: &dyn Fn(&Part) -> Vec<Part>| Some(Pattern::from_parts(pattern.parts().iter().flat_map(map)));
        match (self, pattern.shape()) {
            (Fault::PrefixForContains, Shape::Contains(text)) => {
                Some(Pattern::from_parts([literal(text), Part::AnyRun]))
            }
            (Fault::ContainsForExact, Shape::Exact(text)) if !text.is_empty() => {
                Some(Pattern::from_parts([Part::AnyRun, literal(text), Part::AnyRun]))
            }
            (Fault::ContainsForSuffix, Shape::Suffix(_)) => Some(pattern.clone().any_after()),
            (Fault::LiteralStarUnescaped, _) => mapped(&|part| unescaped(part, '*', &Part::AnyRun)),
            (Fault::LiteralQuestionUnescaped, _) => mapped(&|part| unescaped(part, '?', &Part::AnyOne)),
            (Fault::WildcardEscaped, _) if pattern.parts().len() > 1 => {
                // Those at the ends are of modifiers.
                let last = pattern.parts().len() - 1;
                let part = |(index, part): (usize, &Part)| match part {
                    Part::AnyRun if index > 0 && index < last => literal("*"),
                    other => other.clone(),
                };
                Some(Pattern::from_parts(pattern.parts().iter().enumerate().map(part)))
            }
            (Fault::BackslashDoubled, _) => mapped(&|part| match part {
                Part::Literal(text) => vec![Part::Literal(text.replace('\\', "\\\\"))],
                other => vec![other.clone()],
            }),
            (Fault::AnyOneForAnyRun, _) => {
                mapped(&|part| vec![if *part == Part::AnyOne { Part::AnyRun } else { part.clone() }])
            }
            _ => None,
        }
    }
}

/// The part with a character of its text taken for a wildcard.
fn unescaped(part: &Part, wild: char, is: &Part) -> Vec<Part> {
    let Part::Literal(text) = part else { return vec![part.clone()] };
    let mut parts = Vec::new();
    for (index, piece) in text.split(wild).enumerate() {
        parts.extend((index > 0).then(|| is.clone()));
        parts.push(Part::Literal(piece.to_owned()));
    }
    parts
}

/// The regex with the case of each letter ignored, or kept. Classes stay.
fn folded(node: &RegexNode, ignore: bool) -> RegexNode {
    let all = |nodes: &[RegexNode]| nodes.iter().map(|node| folded(node, ignore)).collect();
    match node {
        RegexNode::Char { c, .. } => RegexNode::Char { c: *c, fold: ignore && c.is_ascii_alphabetic() },
        RegexNode::Concat(nodes) => RegexNode::Concat(all(nodes)),
        RegexNode::Alternation(nodes) => RegexNode::Alternation(all(nodes)),
        RegexNode::Repeat { node, min, max } => {
            RegexNode::Repeat { node: Box::new(folded(node, ignore)), min: *min, max: *max }
        }
        other => other.clone(),
    }
}

fn larger(network: IpNet) -> IpNet {
    network.supernet().unwrap_or(network)
}
