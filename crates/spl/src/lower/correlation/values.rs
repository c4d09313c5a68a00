//! `value_count`: how many different values, or combinations of them, are in the window.
//!
//! A value is there from the first event that brings it until the last one has left: where the number of events with it
//! rises to 1, and where it falls to 0.

use super::threshold;
use super::window::{Measured, Window, signed};
use crate::ast::{Aggregate, AggregateFunction, Assignment, Command, Expr, Streamstats, WherePredicate};
use crate::lower::chain::present;
use crate::lower::stage::{not_null, numbered};
use rulecast_ir::{Logic, Name, Threshold};

/// `fields` hold the values; `always` says whether every event has them all.
pub(super) fn count(window: &Window, fields: &[Name], always: bool, thresholds: &[Threshold]) -> Measured {
    // 1 or -1 where an event with a value moves, else 0.
    let mut weight = signed(Expr::integer(1));
    let mut values = fields.to_vec();
    let mut computed = Vec::new();
    if !always {
        let all = Logic::all(fields.iter().map(not_null));
        weight = Expr::if_else(all, weight, Expr::integer(0));
        // A row must have every field that rows are grouped by.
        values = (1..=fields.len()).map(|number| numbered("rc_value", number)).collect();
        computed.extend(
            values.iter().zip(fields).map(|(name, field)| Assignment { name: name.clone(), value: present(field) }),
        );
    }
    computed.push(Assignment { name: "rc_weight".into(), value: weight });
    let mut commands = window.moves(computed);
    let same = vec![Aggregate::of(AggregateFunction::Sum, "rc_weight", "rc_same")];
    let by = window.by.iter().chain(&values).cloned().collect();
    commands.push(Command::Streamstats(Streamstats::running(same, by)));
    let is = |field: &str, value| Logic::Test(WherePredicate::equal(Expr::field(field), Expr::integer(value)));
    let change = Expr::Case(vec![
        (Logic::all([is("rc_weight", 1), is("rc_same", 1)]), Expr::integer(1)),
        (Logic::all([is("rc_weight", -1), is("rc_same", 0)]), Expr::integer(-1)),
        (Logic::True, Expr::integer(0)),
    ]);
    commands.push(Command::Eval(vec![Assignment { name: "rc_change".into(), value: change }]));
    commands.push(window.totals(vec![Aggregate::of(AggregateFunction::Sum, "rc_change", "rc_count")]));
    Measured { commands, holds: threshold::of(&Expr::field("rc_count"), thresholds), moves: true }
}
