//! `value_sum`, `value_avg`, `value_percentile` and `value_median`: measures of the numbers in the window.
//!
//! Whether a percentile passes a threshold is a matter of counting: by the nearest rank, it is at least v if fewer numbers
//! than its rank are below v. So no percentile is computed: Splunk's own are approximate, and interpolate by its settings.
//! Sums and averages are compared to a millionth, as a total that goes up and down gathers errors of rounding.

use super::threshold::{self, compare, literal};
use super::window::{Measured, Window, signed};
use crate::ast::{Aggregate, AggregateFunction, Assignment, Expr, Function, WherePredicate};
use rulecast_ir::{Comparison, Logic, Name, Number, Threshold};
use rulecast_rule::ast::Operator;

/// The number of an event.
const NUMBER: &str = "rc_number";
/// How many events with a number are in the window.
const NUMBERS: &str = "rc_numbers";
const SUM: &str = "rc_sum";
/// To how many digits sums are compared.
const DIGITS: i64 = 6;

/// What of the numbers is measured.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Of {
    Sum,
    Average,
    /// From 0 to 100.
    Percentile(f64),
}

pub(super) fn measure(window: &Window, field: &Name, of: Of, thresholds: &[Threshold]) -> Measured {
    let number = Expr::call(Function::Tonumber, [Expr::Field(field.clone())]);
    let known = || Logic::Test(WherePredicate::NotNull(Expr::field(NUMBER)));
    let one = signed(Expr::integer(1));
    let mut fields = vec![
        Assignment { name: NUMBER.into(), value: number },
        Assignment { name: "rc_one".into(), value: Expr::if_else(known(), one, Expr::integer(0)) },
    ];
    let mut totals = vec![Aggregate::of(AggregateFunction::Sum, "rc_one", NUMBERS)];
    let holds = if let Of::Percentile(percentile) = of {
        let mut counted = Counted { percentile, fields: &mut fields, totals: &mut totals };
        Logic::all(thresholds.iter().map(|threshold| counted.holds(*threshold)))
    } else {
        fields.push(Assignment { name: "rc_change".into(), value: signed(Expr::field(NUMBER)) });
        totals.push(Aggregate::of(AggregateFunction::Sum, "rc_change", SUM));
        let value = match of {
            Of::Average => Expr::Quotient(Box::new(Expr::field(SUM)), Box::new(Expr::field(NUMBERS))),
            Of::Sum | Of::Percentile(_) => Expr::field(SUM),
        };
        threshold::of(&Expr::call(Function::Round, [value, Expr::integer(DIGITS)]), thresholds)
    };
    let mut commands = window.moves(fields);
    commands.push(window.totals(totals));
    let some = compare(Expr::field(NUMBERS), Comparison::Greater, 0.0);
    Measured { commands, holds: Logic::all([some, holds]), moves: true }
}

/// Numbers that are counted for a percentile.
struct Counted<'a> {
    percentile: f64,
    fields: &'a mut Vec<Assignment>,
    totals: &'a mut Vec<Aggregate>,
}

impl Counted<'_> {
    fn holds(&mut self, Threshold { operator, value }: Threshold) -> Logic<WherePredicate> {
        // The percentile is at least v if fewer than its rank are less than v; above v, if fewer are at most v.
        match operator {
            Operator::Gte => self.fewer(Comparison::Less, value, true),
            Operator::Gt => self.fewer(Comparison::LessOrEqual, value, true),
            Operator::Lt => self.fewer(Comparison::Less, value, false),
            Operator::Lte => self.fewer(Comparison::LessOrEqual, value, false),
            Operator::Eq => Logic::all([
                self.fewer(Comparison::Less, value, true),
                self.fewer(Comparison::LessOrEqual, value, false),
            ]),
            Operator::Neq => Logic::any([
                self.fewer(Comparison::Less, value, false),
                self.fewer(Comparison::LessOrEqual, value, true),
            ]),
        }
    }

    /// Whether fewer numbers than the rank of the percentile are less than a value, or at most that value. The rank is
    /// percentile / 100 · numbers, rounded up, and at least 1.
    fn fewer(&mut self, comparison: Comparison, value: f64, fewer: bool) -> Logic<WherePredicate> {
        let below = self.below(comparison, value);
        let (of_hundred, hundred) = ratio(self.percentile);
        let scaled = |left: Expr, by: Number| match by {
            Number::Integer(1) => left,
            by => Expr::Product(Box::new(left), Box::new(Expr::Number(by))),
        };
        let ranked = |comparison| {
            Logic::Test(WherePredicate::Compare {
                left: scaled(Expr::Field(below.clone()), hundred),
                comparison,
                right: scaled(Expr::field(NUMBERS), of_hundred),
            })
        };
        let none = |comparison| compare(Expr::Field(below.clone()), comparison, 0.0);
        if of_hundred == Number::Integer(0) {
            // The first.
            return none(if fewer { Comparison::Equal } else { Comparison::Greater });
        }
        if fewer {
            Logic::any([none(Comparison::Equal), ranked(Comparison::Less)])
        } else {
            Logic::all([none(Comparison::Greater), ranked(Comparison::GreaterOrEqual)])
        }
    }

    /// The field that counts the numbers in the window that are less than a value, or at most that value.
    fn below(&mut self, comparison: Comparison, value: f64) -> Name {
        let is = Logic::Test(WherePredicate::Compare {
            left: Expr::field(NUMBER),
            comparison,
            right: Expr::Number(literal(value)),
        });
        let low = Expr::if_else(is, signed(Expr::integer(1)), Expr::integer(0));
        let known = self.fields.iter().position(|field| field.value == low);
        let at = known.unwrap_or_else(|| {
            let at = self.fields.len();
            let (low_name, name) = (format!("rc_low{}", at - 1), format!("rc_below{}", at - 1));
            self.fields.push(Assignment { name: low_name.as_str().into(), value: low });
            self.totals.push(Aggregate::of(AggregateFunction::Sum, low_name.as_str(), name.as_str()));
            at
        });
        format!("rc_below{}", at - 1).into()
    }
}

/// `percentile / 100` as a ratio of the smallest whole numbers, where it is one of thousandths of a hundredth.
fn ratio(percentile: f64) -> (Number, Number) {
    let thousandths = percentile * 1000.0;
    if (thousandths - thousandths.round()).abs() > 1e-9 {
        return (literal(percentile), Number::Integer(100));
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 100,000")]
    let (one, other) = (thousandths.round() as i64, 100_000_i64);
    let (mut a, mut b) = (one.max(1), other);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (Number::Integer(one / a), Number::Integer(other / a))
}
