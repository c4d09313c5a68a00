//! Puts a value in parentheses where what it stands in binds tighter.

use crate::ast::{Arithmetic, Comparison, Expr, Test};
use rulecast_ir::Logic;
use std::fmt::{self, Display, Formatter};

/// What a value may be where it stands, from the least binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// An operand of an equality or a list: `<` and what binds tighter.
    Relation,
    /// An operand of `<`, the left one of `+`.
    Sum,
    /// The right operand of `+`, the left one of `*`.
    Product,
    /// The right operand of `*`.
    Text,
    /// An operand of a text operator.
    Signed,
    /// What a property is taken of, or a sign stands before.
    Path,
}

/// Where the operands of a comparison stand.
pub(super) fn of_comparison(operator: Comparison) -> Place {
    match operator {
        Comparison::Equal | Comparison::NotEqual => Place::Relation,
        operator if is_relation(operator) => Place::Sum,
        _ => Place::Signed,
    }
}

fn is_relation(operator: Comparison) -> bool {
    use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
    matches!(operator, Less | LessOrEqual | Greater | GreaterOrEqual)
}

impl Place {
    /// Shows a value here.
    pub(super) fn show(self, value: &Expr) -> impl Display {
        Placed { value, grouped: tightest(value).is_none_or(|tightest| tightest < self) }
    }
}

/// The tightest place where a value needs no parentheses; none where it always does.
fn tightest(value: &Expr) -> Option<Place> {
    Some(match value {
        Expr::Test(test) => return of_test(test),
        Expr::Logic(logic) => match &**logic {
            Logic::Test(test) => return of_test(test),
            Logic::And(_) | Logic::Or(_) => return None,
            Logic::True | Logic::False | Logic::Not(_) => Place::Path,
        },
        Expr::Minus(..) | Expr::Arithmetic { operator: Arithmetic::Plus, .. } => Place::Sum,
        Expr::Arithmetic { .. } => Place::Product,
        Expr::Negative(_) => Place::Signed,
        Expr::Long(number) if *number < 0 && *number != i64::MIN => Place::Signed,
        Expr::Real(number) if number.is_sign_negative() => Place::Signed,
        _ => Place::Path,
    })
}

fn of_test(test: &Test) -> Option<Place> {
    match test {
        Test::Call(..) => Some(Place::Path),
        Test::Compare { operator, .. } if is_relation(*operator) => Some(Place::Relation),
        Test::Compare { operator, .. } if of_comparison(*operator) == Place::Signed => Some(Place::Text),
        Test::Value(value) => tightest(value),
        _ => None,
    }
}

struct Placed<'a> {
    value: &'a Expr,
    grouped: bool,
}

impl Display for Placed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.grouped { write!(f, "({})", self.value) } else { write!(f, "{}", self.value) }
    }
}
