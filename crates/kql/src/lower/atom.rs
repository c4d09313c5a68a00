//! Tests of one field, or of any.

use super::column::{self, Kind};
use super::list::{Equality, Left, Question, QuestionKind};
use super::time::{self, Part};
use super::{Lowering, Tree, cidr, compare, noted, pattern};
use crate::ast::{Comparison, Condition, Expr, Function, Test};
use crate::regex;
use rulecast_ir::regex::Regex;
use rulecast_ir::{
    Assumption, Atom, Case, Column, Comparison as Relation, Logic, Mapped, Notes, Number, Pattern, Refusal,
    RefusalReason, Shape, Subject, Test as Asked, TimePart, placeholder,
};
use std::sync::Arc;

/// Whole numbers up to here are exact as a `real`.
const EXACT_REAL: u64 = 1 << 53;

impl Lowering {
    /// Any of the tests, all of the subject of the first; at least one.
    pub(super) fn atoms(&mut self, atoms: &[&Atom<Mapped>]) -> Tree {
        let Some(first) = atoms.first() else { return Logic::False };
        let unfilled: Vec<Refusal> =
            atoms.iter().filter_map(|atom| placeholder::unfilled(&atom.test, atom.span)).collect();
        if !unfilled.is_empty() {
            unfilled.into_iter().for_each(|refusal| drop(self.refuse(refusal)));
            return Logic::True;
        }
        match &first.subject {
            Subject::Keyword => self.keywords(atoms),
            Subject::Field(column) if column.many => self.refuse(
                Refusal::new(
                    RefusalReason::Type,
                    first.span,
                    format!("KQL: `{}` may hold several values, which are not tested one by one yet", column.name()),
                )
                .help("test a column with one value"),
            ),
            Subject::Field(column)
                if let [_, _, ..] = atoms
                    && let Some((part, numbers)) = time::equal_parts(atoms) =>
            {
                self.parts(column, atoms, part, &numbers)
            }
            Subject::Field(column) => {
                let questions: Vec<_> = atoms
                    .iter()
                    .map(|atom| {
                        let mut notes = atom.notes.clone();
                        let kind = self.question(column, atom, &mut notes);
                        Question { kind, notes, span: atom.span }
                    })
                    .collect();
                let text = column::text(column);
                let other = match column::kind(column) {
                    Kind::Text | Kind::Dynamic => Expr::call(Function::ToReal, [text.clone()]),
                    _ => column::value(column),
                };
                Self::gather(&Left { text, other }, questions)
            }
        }
    }

    fn question<'a>(&mut self, column: &Column, atom: &'a Atom<Mapped>, notes: &mut Notes) -> QuestionKind<'a> {
        let condition = match &atom.test {
            Asked::Text { pattern, case } => return self.text(column, atom, pattern, *case, notes),
            Asked::Regex(regex) => Self::regex(column, atom, regex, notes),
            Asked::Number { comparison, number } => {
                return self.number(column, atom, *comparison, *number, notes);
            }
            Asked::Time { part, comparison, number } => {
                let asked = Part { part: *part, comparison: *comparison };
                time::condition(column, atom, asked, &[*number], notes)
            }
            Asked::Cidr(network) => match column::kind(column) {
                Kind::Text | Kind::Dynamic => {
                    // Text with a prefix of its own (`10.0.0.0/4`) is no address, but Kusto would read it as one.
                    notes.assume(Assumption::Mapping(column.name().into()));
                    Ok(cidr::condition(&column::text(column), *network))
                }
                kind => Err(mistyped(atom, column, kind, "never an address")),
            },
            Asked::Field { operator, other, case } => compare::condition(column, atom, *operator, other, *case, notes),
            Asked::Exists(exists) => Ok(exists_condition(column, *exists, notes)),
        };
        match condition {
            Ok(condition) => QuestionKind::Other(noted(condition, notes, atom.span)),
            Err(refusal) => QuestionKind::Other(self.refuse(refusal)),
        }
    }

    /// Any of these numbers as one part of a time.
    fn parts(&mut self, column: &Column, atoms: &[&Atom<Mapped>], part: TimePart, numbers: &[Number]) -> Tree {
        let mut notes = Notes::default();
        atoms.iter().for_each(|atom| notes.join(&atom.notes));
        let asked = Part { part, comparison: Relation::Equal };
        match time::condition(column, atoms[0], asked, numbers, &mut notes) {
            Ok(condition) => noted(condition, &notes, atoms[0].span),
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn text<'a>(
        &mut self,
        column: &Column,
        atom: &'a Atom<Mapped>,
        pattern: &'a Pattern,
        case: Case,
        notes: &mut Notes,
    ) -> QuestionKind<'a> {
        if case == Case::Insensitive && pattern.has_foreign_letter() {
            notes.assume(Assumption::Ascii);
        }
        let other = |condition, notes: &Notes| QuestionKind::Other(noted(condition, notes, atom.span));
        let kind = column::kind(column);
        match pattern.shape() {
            Shape::Anything => {
                let condition = exists_condition(column, true, notes);
                return other(condition, notes);
            }
            // A column of another type has no empty text, but its source may have had.
            Shape::Exact("") => {
                notes.assume(Assumption::EmptyIsMissing);
                return other(column::missing(column), notes);
            }
            // What two missing columns joined read as is no plain value: see below.
            Shape::Exact(text) if kind != Kind::DateTime && text != column::blank(column) => {
                return match value_of(text, kind, case) {
                    Ok((equality, value)) => QuestionKind::Value(equality, value),
                    Err(why) => {
                        let refusal = mistyped(atom, column, kind, &why);
                        QuestionKind::Other(self.refuse(match decimal_of(text) {
                            Some(number) if kind == Kind::Long => refusal.help(format!("write `{number}`")),
                            _ => refusal,
                        }))
                    }
                };
            }
            Shape::Exact(_) => {}
            Shape::Prefix(_) | Shape::Suffix(_) | Shape::Contains(_) | Shape::Glob(_) => {}
        }
        if matches!(kind, Kind::Real | Kind::DateTime) {
            let refusal = mistyped(atom, column, kind, "whose text KQL may write in another form than the rule");
            return QuestionKind::Other(self.refuse(refusal));
        }
        // Where a missing value reads as a text that the pattern matches, there must be a value.
        if !column.always && pattern::matches(pattern, &column::blank(column)) {
            notes.assume(Assumption::EmptyIsMissing);
            let condition = pattern::condition(&column::text(column), pattern, case);
            return other(Logic::all([column::present(column), condition]), notes);
        }
        QuestionKind::Pattern(case, pattern)
    }

    fn regex(
        column: &Column,
        atom: &Atom<Mapped>,
        regex: &Arc<Regex>,
        notes: &mut Notes,
    ) -> Result<Condition, Refusal> {
        let kind = column::kind(column);
        if matches!(kind, Kind::Real | Kind::DateTime) {
            return Err(mistyped(atom, column, kind, "whose text KQL may write in another form than the rule"));
        }
        let condition = Logic::Test(matches(column::text(column), regex, notes));
        let blank_may_match = regex::matches_empty(&regex.node) || !column::blank(column).is_empty();
        if column.always || !blank_may_match {
            return Ok(condition);
        }
        if matches!(kind, Kind::Text | Kind::Dynamic) {
            notes.assume(Assumption::EmptyIsMissing);
        }
        Ok(Logic::all([column::present(column), condition]))
    }

    fn number(
        &mut self,
        column: &Column,
        atom: &Atom<Mapped>,
        relation: Relation,
        number: Number,
        notes: &mut Notes,
    ) -> QuestionKind<'static> {
        let kind = column::kind(column);
        let (left, right) = match (kind, number) {
            (Kind::Bool | Kind::DateTime, _) => {
                let refusal = mistyped(atom, column, kind, "which no number compares with");
                return QuestionKind::Other(self.refuse(refusal));
            }
            (Kind::Long | Kind::Real, _) => (column::value(column), literal(number)),
            (Kind::Text | Kind::Dynamic, Number::Integer(number)) if number.unsigned_abs() > EXACT_REAL => {
                (Expr::call(Function::ToLong, [column::text(column)]), Expr::Long(number))
            }
            (Kind::Text | Kind::Dynamic, _) => (Expr::call(Function::ToReal, [column::text(column)]), literal(number)),
        };
        if matches!(kind, Kind::Text | Kind::Dynamic) {
            // What else than decimal text Kusto reads as a number (hexadecimals, spaces) is not documented.
            notes.assume(Assumption::Mapping(column.name().into()));
        }
        if relation == Relation::Equal && !matches!(&left, Expr::Call(Function::ToLong, _)) {
            return QuestionKind::Value(Equality::Other, right);
        }
        let operator = operator(relation);
        let test = Test::compare(left, operator, right);
        let test = if operator == Comparison::Equal { test } else { test.or_false() };
        QuestionKind::Other(noted(Logic::Test(test), notes, atom.span))
    }

    /// Tests of every column. Text columns hold what the raw message does, if it was taken apart well.
    fn keywords(&mut self, atoms: &[&Atom<Mapped>]) -> Tree {
        let anywhere: Vec<Option<Pattern>> = atoms
            .iter()
            .map(|atom| match &atom.test {
                Asked::Text { pattern, .. } => Some(pattern.clone().any_before().any_after()),
                _ => None,
            })
            .collect();
        let mut questions = Vec::with_capacity(atoms.len());
        for (atom, pattern) in atoms.iter().zip(&anywhere) {
            let mut notes = atom.notes.clone().assuming(Assumption::RawText);
            let kind = match (&atom.test, pattern) {
                // Every event has some value.
                (Asked::Text { .. }, Some(pattern)) if pattern.shape() == Shape::Anything => {
                    QuestionKind::Other(Logic::True)
                }
                (Asked::Text { case, .. }, Some(pattern)) => {
                    if *case == Case::Insensitive && pattern.has_foreign_letter() {
                        notes.assume(Assumption::Ascii);
                    }
                    QuestionKind::Pattern(*case, pattern)
                }
                (Asked::Regex(regex), _) => {
                    let test = matches(Expr::AnyColumn, regex, &mut notes);
                    QuestionKind::Other(noted(Logic::Test(test), &notes, atom.span))
                }
                _ => QuestionKind::Other(
                    self.refuse(
                        Refusal::new(RefusalReason::Keyword, atom.span, "KQL: a keyword can be text or a regex only")
                            .help("name the field"),
                    ),
                ),
            };
            questions.push(Question { kind, notes, span: atom.span });
        }
        Self::gather(&Left { text: Expr::AnyColumn, other: Expr::AnyColumn }, questions)
    }
}

/// The column has a value, or none.
fn exists_condition(column: &Column, exists: bool, notes: &mut Notes) -> Condition {
    if column.always {
        return if exists { Logic::True } else { Logic::False };
    }
    if matches!(column::kind(column), Kind::Text | Kind::Dynamic) {
        notes.assume(Assumption::EmptyIsMissing);
    }
    if exists { column::present(column) } else { column::missing(column) }
}

fn matches(left: Expr, regex: &Regex, notes: &mut Notes) -> Test {
    let printed = regex::print(&regex.node);
    if printed.assumes_ascii {
        notes.assume(Assumption::Ascii);
    }
    Test::compare(left, Comparison::MatchesRegex, Expr::Text(printed.text))
}

/// The value of a column of that kind whose text is `text`, or why there is none.
fn value_of(text: &str, kind: Kind, case: Case) -> Result<(Equality, Expr), String> {
    match kind {
        Kind::Long | Kind::Real => match number_of(text, kind) {
            Some(number) => Ok((Equality::Other, number)),
            None => Err(format!("and `{text}` is not written as one")),
        },
        Kind::Bool => match truth_of(text, case) {
            Some(truth) => Ok((Equality::Other, Expr::Bool(truth))),
            None => Err(format!("so never `{text}`")),
        },
        Kind::Text | Kind::Dynamic | Kind::DateTime => {
            let equality = if case == Case::Insensitive { Equality::Folded } else { Equality::Cased };
            Ok((equality, Expr::Text(text.to_owned())))
        }
    }
}

/// The number that `text` is, if the column would write it so too.
fn number_of(text: &str, kind: Kind) -> Option<Expr> {
    if let Ok(number) = text.parse::<i64>() {
        return (number.to_string() == text).then_some(Expr::Long(number));
    }
    let number = text.parse::<f64>().ok().filter(|number| kind == Kind::Real && number.is_finite())?;
    (number.to_string() == text).then_some(Expr::Real(number))
}

/// What a hexadecimal number (`0x3e7`) is.
fn decimal_of(text: &str) -> Option<i64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    i64::from_str_radix(digits, 16).ok()
}

fn truth_of(text: &str, case: Case) -> Option<bool> {
    let is = |word: &str| match case {
        Case::Sensitive => text == word,
        Case::Insensitive => text.eq_ignore_ascii_case(word),
    };
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

pub(super) fn operator(relation: Relation) -> Comparison {
    match relation {
        Relation::Equal => Comparison::Equal,
        Relation::Less => Comparison::Less,
        Relation::LessOrEqual => Comparison::LessOrEqual,
        Relation::Greater => Comparison::Greater,
        Relation::GreaterOrEqual => Comparison::GreaterOrEqual,
    }
}

pub(super) fn literal(number: Number) -> Expr {
    match number {
        Number::Integer(number) => Expr::Long(number),
        Number::Decimal(number) => Expr::Real(number),
    }
}

pub(super) fn mistyped(atom: &Atom<Mapped>, column: &Column, kind: Kind, why: &str) -> Refusal {
    let message = format!("KQL: `{}` holds {}, {why}", column.name(), kind.words());
    Refusal::new(RefusalReason::Type, atom.span, message)
}
