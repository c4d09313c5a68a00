//! What a window is summarized to, and when that fires.

use super::rows::{Value, number};
use super::{MEMBER, OCCURRING, numbered};
use crate::ast::{
    Aggregate, AggregateCall, AggregateFunction, Arithmetic, Comparison, Condition, Expr, Function, Named, Test,
};
use rulecast_ir::{Correlation, Logic, Mapped, Name, Threshold};
use rulecast_rule::ast::{CorrelationKind, Operator as Bound};

/// What a window is summarized to.
pub(super) struct Measured {
    /// What a row of the window must satisfy.
    pub(super) rows: Condition,
    /// Columns that tell rows apart; none where every row counts.
    pub(super) distinct: Vec<Name>,
    pub(super) aggregates: Vec<Aggregate>,
    /// What is computed of those.
    pub(super) computed: Vec<Named>,
    /// Where it fires.
    pub(super) condition: Condition,
}

/// Of a correlation that counts no events.
pub(super) fn of(correlation: &Correlation<Mapped>, values: &[Value]) -> Measured {
    let present = || Logic::all(values.iter().map(|value| value.present.clone()));
    let first = || Expr::Column(values.first().map_or_else(|| "v1".into(), |value| value.name.clone()));
    let thresholds = correlation.thresholds.as_slice();
    let mut measured = Measured {
        rows: present(),
        distinct: Vec::new(),
        aggregates: Vec::new(),
        computed: Vec::new(),
        condition: Logic::True,
    };
    let call = |name: &str, function, arguments: Vec<Expr>| {
        Aggregate::Call(AggregateCall { name: name.into(), function, arguments })
    };
    match correlation.measure.kind {
        CorrelationKind::ValueCount => {
            // A window may have no value at all, and counts as 0.
            measured.rows = Logic::True;
            measured.distinct = values.iter().map(|value| value.name.clone()).collect();
            measured.aggregates.push(Aggregate::CountIf { name: "values".into(), condition: present() });
            measured.condition = all(thresholds, &Expr::Column("values".into()));
        }
        CorrelationKind::ValueSum => {
            measured.aggregates.push(call("total", AggregateFunction::Sum, vec![first()]));
            measured.condition = all(thresholds, &Expr::Column("total".into()));
        }
        CorrelationKind::ValueAvg => {
            measured.aggregates.push(call("average", AggregateFunction::Average, vec![first()]));
            measured.condition = all(thresholds, &Expr::Column("average".into()));
        }
        CorrelationKind::ValuePercentile | CorrelationKind::ValueMedian => {
            let percentile = correlation.measure.percentile.unwrap_or(50.0);
            let rank =
                Rank::of(if correlation.measure.kind == CorrelationKind::ValueMedian { 50.0 } else { percentile });
            measured.aggregates.push(call("numbers", AggregateFunction::Count, Vec::new()));
            let parts = thresholds
                .iter()
                .enumerate()
                .map(|(i, threshold)| rank.holds(i + 1, *threshold, &first(), &mut measured.aggregates));
            measured.condition = Logic::all(parts.collect::<Vec<_>>());
        }
        CorrelationKind::EventCount | CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {
            members(correlation, &mut measured);
        }
    }
    measured
}

/// Which members have an event in the window.
fn members(correlation: &Correlation<Mapped>, measured: &mut Measured) {
    let count = correlation.members.len();
    measured.aggregates = (0..count).map(counted).collect();
    if let Some(condition) = &correlation.condition {
        measured.condition = condition.map_ref(&mut |member| occurs(*member));
        return;
    }
    let is_all = |threshold: &Threshold| {
        threshold.operator == Bound::Gte && u32::try_from(count).is_ok_and(|count| same(threshold.value, count.into()))
    };
    if correlation.thresholds.iter().all(is_all) {
        measured.condition = Logic::all((0..count).map(occurs));
        return;
    }
    let members: Vec<usize> = (0..count).collect();
    measured.computed.push(Named { name: OCCURRING.into(), value: sum(&members) });
    measured.condition = all(&correlation.thresholds, &Expr::Column(OCCURRING.into()));
}

/// `m1 = countif(member == 1)`
fn counted(member: usize) -> Aggregate {
    let own = Test::compare(Expr::Column(MEMBER.into()), Comparison::Equal, Expr::Long(number(member)));
    Aggregate::CountIf { name: numbered("m", member + 1), condition: Logic::Test(own) }
}

/// `m1 > 0`
pub(super) fn occurs(member: usize) -> Condition {
    Logic::Test(Test::compare(Expr::Column(numbered("m", member + 1)), Comparison::Greater, Expr::Long(0)))
}

/// How many members occur. The operands are halved: the parser limits the length of a chain.
fn sum(members: &[usize]) -> Expr {
    match members {
        [] => Expr::Long(0),
        [one] => Expr::call(Function::Iff, [Expr::truth(occurs(*one)), Expr::Long(1), Expr::Long(0)]),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            Expr::Arithmetic { left: Box::new(sum(left)), operator: Arithmetic::Plus, right: Box::new(sum(right)) }
        }
    }
}

/// All thresholds hold of a measure.
pub(super) fn all(thresholds: &[Threshold], measure: &Expr) -> Condition {
    Logic::all(thresholds.iter().map(|threshold| {
        let operator = match threshold.operator {
            Bound::Lt => Comparison::Less,
            Bound::Lte => Comparison::LessOrEqual,
            Bound::Gt => Comparison::Greater,
            Bound::Gte => Comparison::GreaterOrEqual,
            Bound::Eq => Comparison::Equal,
            Bound::Neq => Comparison::NotEqual,
        };
        Logic::Test(Test::compare(measure.clone(), operator, literal(threshold.value)))
    }))
}

/// A whole number where it is one.
fn literal(value: f64) -> Expr {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number far below the largest")]
    let whole = value as i64;
    if same(value, value.trunc()) && value.abs() < EXACT { Expr::Long(whole) } else { Expr::Real(value) }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < f64::EPSILON
}

/// The nearest rank of a percentile: of n numbers in order, the one at ⌈n · share⌉, or the first.
///
/// The number at a rank is below a bound exactly where so many numbers are. So it need not be found, only counted around,
/// and nothing is estimated: `percentile()` of the language is.
struct Rank {
    /// Above the line of the share.
    share: i64,
    /// Below it.
    of: i64,
}

impl Rank {
    fn of(percentile: f64) -> Self {
        // The shortest decimal that is this number, as it was written.
        let text = percentile.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits: i64 = format!("{whole}{fraction}").parse().unwrap_or(50);
        let scale = u32::try_from(fraction.len()).ok().and_then(|length| 10_i64.checked_pow(length));
        let of = scale.and_then(|scale| scale.checked_mul(100)).unwrap_or(100);
        let common = gcd(digits, of).max(1);
        Self { share: digits / common, of: of / common }
    }

    /// Whether the number at the rank satisfies a threshold; adds the counts that it asks for.
    fn holds(&self, number: usize, threshold: Threshold, value: &Expr, aggregates: &mut Vec<Aggregate>) -> Condition {
        let mut below = |letter: &str, operator: Comparison| {
            let name = numbered(letter, number);
            let bound = Test::compare(value.clone(), operator, literal(threshold.value));
            aggregates.push(Aggregate::CountIf { name: name.clone(), condition: Logic::Test(bound) });
            self.is_beyond(Expr::Column(name))
        };
        let least = |below: &mut dyn FnMut(&str, Comparison) -> Condition| below("under", Comparison::Less);
        let more = |below: &mut dyn FnMut(&str, Comparison) -> Condition| below("upto", Comparison::LessOrEqual);
        match threshold.operator {
            Bound::Gte => least(&mut below),
            Bound::Lt => least(&mut below).negate(),
            Bound::Gt => more(&mut below),
            Bound::Lte => more(&mut below).negate(),
            Bound::Eq => Logic::all([least(&mut below), more(&mut below).negate()]),
            Bound::Neq => Logic::all([least(&mut below), more(&mut below).negate()]).negate(),
        }
    }

    /// Whether the rank is greater than a count: `count * of < numbers * share`.
    fn is_beyond(&self, count: Expr) -> Condition {
        if self.share == 0 {
            return Logic::Test(Test::compare(count, Comparison::Equal, Expr::Long(0)));
        }
        let times = |value: Expr, factor: i64| match factor {
            1 => value,
            _ => Expr::Arithmetic {
                left: Box::new(value),
                operator: Arithmetic::Times,
                right: Box::new(Expr::Long(factor)),
            },
        };
        let numbers = Expr::Column("numbers".into());
        Logic::Test(Test::compare(times(count, self.of), Comparison::Less, times(numbers, self.share)))
    }
}

fn gcd(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { gcd(other, one % other) }
}
