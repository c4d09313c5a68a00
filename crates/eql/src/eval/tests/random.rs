//! Random queries over random rows: none does harm, and of two opposites exactly one holds.

use super::schema;
use crate::Query;
use crate::ast::EventQuery;
use crate::eval::{EvalError, evaluate};
use crate::parse::tests::random::Dice;
use rulecast_ir::{ColumnType, Logic, Number, Row, Scalar, Schema};

fn rows(dice: &mut Dice) -> Vec<Row> {
    let scalar = |dice: &mut Dice| match dice.below(8) {
        0 => Scalar::Integer(dice.of(&[0, -5, i64::MIN, i64::MAX])),
        1 => Scalar::Float(dice.of(&[0.5, -1e-7, 1e300, -0.0])),
        2 => Scalar::Boolean(dice.below(2) == 0),
        3 => Scalar::Text(dice.of(&["10.1.2.3", "fe80::1", "::ffff:10.0.0.1"]).to_owned()),
        _ => Scalar::Text(dice.text()),
    };
    let row = |dice: &mut Dice, id: u64| {
        let columns = (0..dice.below(12)).map(|_| {
            let count = dice.of(&[1, 1, 1, 2]);
            (dice.name().to_string(), (0..count).map(|_| scalar(dice)).collect())
        });
        let columns = columns.collect();
        let time = dice.of(&[i64::MIN, -1, 0, 1, 2, 1_000, i64::MAX]);
        Row { relation: "logs-*".into(), id, time, time_column: "@timestamp".into(), columns, raw: None }
    };
    (0..6).map(|id| row(dice, id)).collect()
}

fn schemas() -> Vec<Schema> {
    vec![
        Schema::default(),
        schema(&[("f", ColumnType::Text), ("process.name", ColumnType::Long), ("a b.c", ColumnType::Ip)]),
        schema(&[("f", ColumnType::Real), ("9x", ColumnType::Dynamic), ("where", ColumnType::Bool)]),
    ]
}

#[test]
fn hostile_queries_over_hostile_rows_are_answered_or_refused() {
    let mut dice = Dice(0xdead_beef);
    let schemas = schemas();
    let (mut answered, mut refused) = (0, 0);
    for _ in 0..3_000 {
        let (query, rows) = (dice.query(), rows(&mut dice));
        for schema in &schemas {
            match evaluate(&query, &rows, schema) {
                Ok(_) => answered += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(answered > 300 && refused > 300, "{answered} {refused}");
}

/// "`not` returns `true` if the condition to the right is `false`"; and the same by De Morgan.
#[test]
fn of_two_opposites_exactly_one_holds() {
    let mut dice = Dice(42);
    let mut asked = 0;
    for _ in 0..6_000 {
        let (left, right) = (Logic::Test(dice.condition()), Logic::Test(dice.condition()));
        let rows = rows(&mut dice);
        let run = |condition: &Logic<_>| -> Result<Vec<u64>, EvalError> {
            let query = Query::Event(EventQuery { category: None, condition: condition.clone() });
            let mut ids =
                evaluate(&query, &rows, &Schema::default())?.into_iter().flat_map(|row| row.ids).collect::<Vec<_>>();
            ids.sort_unstable();
            Ok(ids)
        };
        let both = Logic::And(vec![left.clone(), right.clone()]);
        let neither = Logic::Or(vec![left.clone().negate(), right.clone().negate()]);
        // A condition that some value cannot be asked may be passed over by `and` and `or`.
        if run(&left).is_err() || run(&right).is_err() {
            continue;
        }
        let (Ok(both), Ok(neither)) = (run(&both), run(&neither)) else { continue };
        let mut all = [both, neither].concat();
        all.sort_unstable();
        assert_eq!(all, (0..6).collect::<Vec<_>>(), "{left:?} {right:?}");
        asked += 1;
    }
    assert!(asked > 500, "{asked}");
}

/// Integers and decimals compare by what they are, not by what a conversion makes of them.
#[test]
fn numbers_compare_exactly() {
    use crate::eval::mapping::compare;
    use std::cmp::Ordering::{Equal, Greater, Less};
    let (whole, decimal) = (Number::Integer, Number::Decimal);
    for (left, right, ordering) in [
        (whole(5), decimal(5.0), Equal),
        (whole(5), decimal(5.5), Less),
        (whole(-5), decimal(-5.5), Greater),
        (whole(0), decimal(-0.0), Equal),
        (whole(0), decimal(-0.5), Greater),
        (whole(i64::MAX), decimal(9_223_372_036_854_775_808.0), Less),
        (whole(i64::MIN), decimal(-9_223_372_036_854_775_808.0), Equal),
        (whole(i64::MIN), decimal(-1e300), Greater),
        (whole(9_007_199_254_740_993), decimal(9_007_199_254_740_992.0), Greater),
        (decimal(0.1), decimal(0.2), Less),
        (decimal(0.0), decimal(-0.0), Equal),
    ] {
        assert_eq!(compare(left, right), ordering, "{left:?} {right:?}");
        assert_eq!(compare(right, left), ordering.reverse(), "{right:?} {left:?}");
    }
}
