//! Events that may belong to several groups: of two members that hold a key in different fields.
//!
//! Such an event stands in the result once for each of its groups, and is there of the members that have it in that one.

use crate::ast::{Assignment, Command, Expr, Function, WherePredicate};
use crate::lower::keys::Keys;
use crate::lower::stage::{Mark, ROLE, Stage, not_null};
use rulecast_ir::{Logic, Name};

/// The commands that leave the events of any stage, marked, once for each group; see [`marked`](super::marked).
pub(super) fn regrouped(
    mut flags: Vec<Assignment>,
    any: Logic<WherePredicate>,
    stages: &[&Stage<'_>],
    keys: &Keys,
) -> Vec<Command> {
    // The first member that has the event in a group stands for the group.
    let role = |at: usize| {
        let earlier = (0..at).map(|before| {
            let fields = keys.computed_of(before).zip(keys.computed_of(at)).map(|((_, one), (_, other))| (one, other));
            let shared = Logic::all([stages[before].is(Mark::Flag), same(fields)]);
            Logic::Test(WherePredicate::equal(Expr::flag(shared), Expr::integer(0)))
        });
        let first = Logic::all([stages[at].is(Mark::Flag)].into_iter().chain(earlier));
        Expr::if_else(first, stages[at].role(), Expr::null())
    };
    let roles = Expr::call(Function::Mvappend, (0..stages.len()).map(role).collect::<Vec<_>>());
    flags.push(Assignment { name: ROLE.into(), value: roles });
    let mut fields = keys.computed_by(stages, Mark::Role);
    fields.extend(stages.iter().enumerate().map(|(at, stage)| {
        let of_group = Logic::all([stage.is(Mark::Flag), same(keys.computed_of(at))]);
        Assignment { name: stage.flag.clone(), value: Expr::flag(of_group) }
    }));
    vec![
        Command::Eval(flags),
        Command::Where(any),
        Command::Expand(ROLE.into()),
        Command::Eval(fields),
        Command::Where(Logic::all(keys.by.iter().map(not_null))),
    ]
}

/// Whether each two fields hold the same text; NULL where one is missing.
fn same<'n>(pairs: impl Iterator<Item = (&'n Name, &'n Name)>) -> Logic<WherePredicate> {
    let text = |field: &Name| Expr::call(Function::Tostring, [Expr::Field(field.clone())]);
    Logic::all(pairs.map(|(one, other)| Logic::Test(WherePredicate::equal(text(one), text(other)))))
}
