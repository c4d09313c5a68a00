//! One field compared with another.

use super::atom::mistyped;
use super::column::{self, Kind};
use crate::ast::{Comparison, Condition, Test};
use rulecast_ir::{Assumption, Atom, Case, Column, FieldOperator, Logic, Mapped, Notes, Refusal, RefusalReason};

/// Both have a value, and the values relate so.
pub(super) fn condition(
    column: &Column,
    atom: &Atom<Mapped>,
    operator: FieldOperator,
    other: &Column,
    case: Case,
    notes: &mut Notes,
) -> Result<Condition, Refusal> {
    if other.many {
        let message = format!("KQL: `{}` may hold several values, which are not tested one by one yet", other.name());
        return Err(Refusal::new(RefusalReason::Type, atom.span, message));
    }
    let (one, two) = (column::kind(column), column::kind(other));
    let as_text = |kind: Kind| matches!(kind, Kind::Text | Kind::Dynamic | Kind::Long | Kind::Bool);
    if one == two && operator == FieldOperator::Equals && !matches!(one, Kind::Text | Kind::Dynamic) {
        // What null equals is not for sure: the reference says both.
        let equal = Test::compare(column::value(column), Comparison::Equal, column::value(other));
        return Ok(Logic::all([column::present(column), column::present(other), Logic::Test(equal)]));
    }
    for (column, kind) in [(column, one), (other, two)] {
        if !as_text(kind) {
            return Err(mistyped(atom, column, kind, "whose text KQL may write in another form than the rule"));
        }
    }
    if matches!(one, Kind::Text | Kind::Dynamic) && matches!(two, Kind::Text | Kind::Dynamic) {
        notes.assume(Assumption::EmptyIsMissing);
    }
    // Texts beyond ASCII fold in neither or in some engines; which letters the columns hold cannot be seen.
    if case == Case::Insensitive && (one, two) != (Kind::Long, Kind::Long) {
        notes.assume(Assumption::Ascii);
    }
    let folds = case == Case::Insensitive;
    let (operator, guards) = match operator {
        FieldOperator::Equals => (if folds { Comparison::EqualFold } else { Comparison::Equal }, column),
        FieldOperator::StartsWith => (if folds { Comparison::StartsWith } else { Comparison::StartsWithCased }, other),
        FieldOperator::EndsWith => (if folds { Comparison::EndsWith } else { Comparison::EndsWithCased }, other),
        FieldOperator::Contains => (if folds { Comparison::Contains } else { Comparison::ContainsCased }, other),
    };
    // Every text contains the empty one; equal texts are present together.
    let test = Test::compare(column::text(column), operator, column::text(other));
    Ok(Logic::all([column::present(guards), Logic::Test(test)]))
}
