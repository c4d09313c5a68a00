//! One predicate over the columns of one source.

use super::list::List;
use super::near::nearest;
use super::{Mapper, leave_out};
use crate::Dialect;
use crate::convert::{Conversion, Entry, Leaf, Place};
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Assumption, Atom, Case, Column, Field, FieldOperator, Logic, Mapped, Name, Predicate, Refusal, RefusalReason,
    Sigma, Subject, Test, Verdict, placeholder,
};
use std::sync::Arc;

/// Where a part of a predicate stands.
struct Context {
    /// The source.
    at: usize,
    /// Which side began the connection, where the whole rule fixes it.
    initiated: Option<bool>,
    /// Whether it stands under an odd number of negations.
    is_negated: bool,
}

/// Where a field stands.
pub(super) enum Found<'m> {
    /// In the model.
    Entry(&'m Entry),
    /// In a column of its own name.
    Column(Arc<Column>),
}

impl<'m> Mapper<'m> {
    pub(super) fn predicate(&mut self, predicate: &Predicate<Sigma>, at: usize) -> Predicate<Mapped> {
        let initiated = self.direction(predicate, at);
        // Nothing of it can be said.
        self.tree(predicate, &Context { at, initiated, is_negated: false }).unwrap_or_else(|| {
            self.is_refused = true;
            Logic::False
        })
    }

    /// Which side began the connection in every event that the predicate matches, if it says.
    pub(super) fn direction(&self, predicate: &Predicate<Sigma>, at: usize) -> Option<bool> {
        let by = self.found[at].entry.direction.as_deref();
        by.and_then(|by| fixed_direction(predicate, by))
    }

    /// None if it cannot be said, and what of it can is not of an allowed direction.
    fn tree(&mut self, predicate: &Predicate<Sigma>, context: &Context) -> Option<Predicate<Mapped>> {
        match predicate {
            Logic::True => Some(Logic::True),
            Logic::False => Some(Logic::False),
            Logic::Test(atom) => match self.atom(atom, context.at, context.initiated) {
                Ok(mapped) => Some(mapped),
                // Values that are to be given are no lack of the data model.
                Err(refusal) if refusal.reason == RefusalReason::Placeholder => {
                    self.refuse(refusal);
                    None
                }
                Err(refusal) => {
                    self.note(refusal);
                    None
                }
            },
            Logic::Not(inner) => {
                let context = Context { is_negated: !context.is_negated, ..*context };
                self.tree(inner, &context).map(Logic::negate)
            }
            Logic::And(parts) => {
                let (before, mut lacking) = (self.refusals.len(), false);
                let mut known = Vec::with_capacity(parts.len());
                for part in parts {
                    match self.tree(part, context) {
                        Some(mapped) => known.push(mapped),
                        None => lacking = true,
                    }
                }
                let rest = Logic::all(known);
                if lacking { self.without(rest, Verdict::Over, before, context) } else { Some(rest) }
            }
            Logic::Or(parts) => {
                let (before, mut lacking) = (self.refusals.len(), false);
                let mut list = List::default();
                for part in parts {
                    match (part, self.tree(part, context)) {
                        (_, None) => lacking = true,
                        // The rule's own structure stays as it is; only what a value became is made shorter.
                        (Logic::Test(_), Some(mapped)) => list.push(mapped),
                        (_, Some(mapped)) => list.push_whole(mapped),
                    }
                }
                let rest = list.into_predicate();
                if lacking { self.without(rest, Verdict::Under, before, context) } else { Some(rest) }
            }
        }
    }

    /// What is left of an AND (which then is over) or OR (under) that lacks parts; none if nothing may be left. What was
    /// refused of it stands from `before` on.
    fn without(
        &mut self,
        rest: Predicate<Mapped>,
        verdict: Verdict,
        before: usize,
        context: &Context,
    ) -> Option<Predicate<Mapped>> {
        // False and anything, true or anything: what it lacks is no matter.
        if matches!((&rest, verdict), (Logic::False, Verdict::Over) | (Logic::True, Verdict::Under)) {
            for refusal in self.refusals.drain(before..) {
                self.seen.remove(&(refusal.reason, refusal.message));
            }
            return Some(rest);
        }
        let direction = if context.is_negated { verdict.swapped() } else { verdict };
        if matches!(rest, Logic::True | Logic::False) || !self.allow.allows(direction) {
            return None;
        }
        Some(leave_out::marked(rest, verdict))
    }

    fn atom(&self, atom: &Atom<Sigma>, at: usize, initiated: Option<bool>) -> Result<Predicate<Mapped>, Refusal> {
        if let Some(refusal) = placeholder::unfilled(&atom.test, atom.span) {
            return Err(refusal);
        }
        let field = match &atom.subject {
            Subject::Keyword => return self.pass(atom, Subject::Keyword, at),
            Subject::Field(field) => field,
        };
        if let Test::Field { operator, other, case } = &atom.test {
            return self.compare(atom, field, (*operator, *case), other, at);
        }
        let (Field::Sigma(name) | Field::Target(name)) = field;
        match self.find(field, at) {
            Some(Found::Column(column)) => {
                let passed = self.pass(atom, Subject::Field(column), at)?;
                Ok(if self.language == Dialect::Spl { spelled(name, passed) } else { passed })
            }
            Some(Found::Entry(entry)) => entry.predicate(Leaf {
                field: name,
                test: &atom.test,
                span: atom.span,
                notes: atom.notes.clone(),
                separator: self.found[at].separator,
                initiated,
            }),
            None => Err(self.unmapped(name, at, atom.span)),
        }
    }

    /// The test as it is, of this subject.
    fn pass(&self, atom: &Atom<Sigma>, subject: Subject<Arc<Column>>, at: usize) -> Result<Predicate<Mapped>, Refusal> {
        let test = match &atom.test {
            Test::Text { pattern, case } => Test::Text { pattern: pattern.clone(), case: *case },
            Test::Regex(regex) => Test::Regex(regex.clone()),
            Test::Number { comparison, number } => Test::Number { comparison: *comparison, number: *number },
            Test::Time { part, comparison, number } => {
                Test::Time { part: *part, comparison: *comparison, number: *number }
            }
            Test::Cidr(net) => Test::Cidr(*net),
            Test::Exists(wanted) => Test::Exists(*wanted),
            Test::Field { operator, other, case } => {
                let name = other.name();
                let other = match self.sides(other, at, atom.span)?.pop() {
                    Some(mut one) if one.len() == 1 => one.swap_remove(0).column,
                    _ => return Err(incomparable(&name, atom.span)),
                };
                Test::Field { operator: *operator, other, case: *case }
            }
        };
        Ok(Logic::Test(Atom { subject, test, span: atom.span, notes: atom.notes.clone() }))
    }

    /// One field against another: by their columns, where equal fields mean equal columns.
    fn compare(
        &self,
        atom: &Atom<Sigma>,
        field: &Field,
        (operator, case): (FieldOperator, Case),
        other: &Field,
        at: usize,
    ) -> Result<Predicate<Mapped>, Refusal> {
        if self.is_hex(field, at) != self.is_hex(other, at) {
            return Err(incomparable(&field.name(), atom.span));
        }
        let ours = self.sides(field, at, atom.span)?;
        let theirs = self.sides(other, at, atom.span)?;
        let mut ways = Vec::new();
        for left in &ours {
            for right in &theirs {
                if left.len() != right.len() || left.len() > 1 && operator != FieldOperator::Equals {
                    return Err(incomparable(&field.name(), atom.span));
                }
                let pairs = left.iter().zip(right).map(|(left, right)| {
                    let mut notes = atom.notes.clone();
                    for (place, name) in [(left, field), (right, other)] {
                        if place.unchecked {
                            notes.assume(rulecast_ir::Assumption::Mapping(name.name()));
                        }
                    }
                    let test = Test::Field { operator, other: right.column.clone(), case };
                    Logic::Test(Atom { subject: Subject::Field(left.column.clone()), test, span: atom.span, notes })
                });
                ways.push(Logic::all(pairs.collect::<Vec<_>>()));
            }
        }
        Ok(Logic::any(ways))
    }

    /// The ways in which a field may stand there: any of them, each in columns that hold it together.
    fn sides(&self, field: &Field, at: usize, span: Span) -> Result<Vec<Vec<Place>>, Refusal> {
        let alone = |column: Arc<Column>| vec![vec![Place { column, unchecked: false, digits: false }]];
        let (Field::Sigma(name) | Field::Target(name)) = field;
        match self.find(field, at) {
            None => Err(self.unmapped(name, at, span)),
            Some(Found::Column(column)) => Ok(alone(column)),
            Some(Found::Entry(Entry { conversion: Conversion::Columns(columns), only: Logic::True, .. })) => {
                Ok(columns.0.iter().map(|place| vec![place.clone()]).collect())
            }
            Some(Found::Entry(entry)) => match entry.equal_columns(None) {
                Some(places) => Ok(vec![places.into_iter().cloned().collect()]),
                None => Err(incomparable(name, span)),
            },
        }
    }

    fn is_hex(&self, field: &Field, at: usize) -> bool {
        matches!(self.find(field, at), Some(Found::Entry(Entry { conversion: Conversion::Hex(_), .. })))
    }

    /// Where a field stands. One that a pipeline named is a column of that name; only if the model knows none, and
    /// has a field so called, it is that field.
    /// Where the source has a field. The values of a list ask the same in a row.
    fn entry(&self, name: &Name, at: usize) -> Option<&'m Entry> {
        let mut last = self.last.borrow_mut();
        if let Some((known, place, entry)) = &*last
            && *place == at
            && known == name
        {
            return *entry;
        }
        let entry = self.found[at].entry.fields.get(name);
        *last = Some((name.clone(), at, entry));
        entry
    }

    pub(super) fn find(&self, field: &Field, at: usize) -> Option<Found<'m>> {
        let (Field::Sigma(name) | Field::Target(name)) = field;
        if self.model.pass {
            return Some(Found::Column(self.inferred().column(name)));
        }
        let entry = || self.entry(name, at).map(Found::Entry);
        match field {
            Field::Sigma(_) => entry(),
            Field::Target(_) => match self.model.column(name) {
                Some(column) => Some(Found::Column(column)),
                None => entry().or_else(|| Some(Found::Column(self.inferred().column(name)))),
            },
        }
    }

    /// That the source has no such field, with the nearest that it has.
    pub(super) fn unmapped(&self, name: &Name, at: usize, span: Span) -> Refusal {
        let found = &self.found[at];
        let log_source = &found.source.log_source;
        let message = format!("the data model `{}` has no column for `{name}` in `{log_source}`", self.model.name());
        let near = nearest(name, &found.entry.names, &found.entry.letters, 0.9);
        let refusal = Refusal::new(RefusalReason::UnmappedField, span, message).field(name.clone());
        match near {
            _ if found.entry.lacks(name) => refusal.help("its events do not hold this"),
            Some(known) => refusal.help(format!("did you mean `{known}`?")),
            None => refusal.help("map it to a column with a processing pipeline"),
        }
    }
}

fn incomparable(name: &Name, span: Span) -> Refusal {
    let message = format!("`{name}` cannot be compared with another field: no one column holds it as it is");
    Refusal::new(RefusalReason::FieldComparison, span, message)
}

/// Which side began the connection in every event that the predicate matches, if it says.
fn fixed_direction(predicate: &Predicate<Sigma>, by: &str) -> Option<bool> {
    match predicate {
        Logic::Test(Atom { subject: Subject::Field(Field::Sigma(name)), test: Test::Text { pattern, .. }, .. })
            if &**name == by =>
        {
            let text = pattern.as_literal()?;
            if text.eq_ignore_ascii_case("true") {
                Some(true)
            } else if text.eq_ignore_ascii_case("false") {
                Some(false)
            } else {
                None
            }
        }
        Logic::And(parts) => parts.iter().find_map(|part| fixed_direction(part, by)),
        Logic::Or(parts) => {
            let mut sides = parts.iter().map(|part| fixed_direction(part, by));
            let first = sides.next()??;
            sides.all(|side| side == Some(first)).then_some(first)
        }
        Logic::True | Logic::False | Logic::Test(_) | Logic::Not(_) => None,
    }
}

/// Splunk's search compares a number as it is spelled, and nobody has said how this field spells its numbers.
fn spelled(field: &Name, passed: Predicate<Mapped>) -> Predicate<Mapped> {
    passed.map(&mut |mut atom: Atom<Mapped>| {
        if matches!(atom.test, Test::Number { .. }) {
            atom.notes.assume(Assumption::Mapping(field.clone()));
        }
        Logic::Test(atom)
    })
}
