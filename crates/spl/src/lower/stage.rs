//! The members of a sequence or of a correlation, and the search for the events that are of any of them.
//!
//! Behind that search, a field of each member says whether an event is of it.

use super::arms::{Reading, Ready, by_relation, exclusive, read, ready};
use super::event::{bare, stripped};
use super::keys::Keys;
use super::leaf::column_name;
use crate::ast::{Assignment, Command, Expr, Function, SortKey, Start, Subsearch, WherePredicate};
use rulecast_diagnostics::Span;
use rulecast_ir::fidelity::compose;
use rulecast_ir::{Body, Column, Fidelity, Logic, Mapped, Name, Polarity, Refusal, Step};
use std::sync::Arc;

/// The field that says of which member an event is, where it stands in the result once for each.
pub(super) const ROLE: &str = "rc_role";

/// How to tell which member an event is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// A field of each member is 1.
    Flag,
    /// The one field [`ROLE`] holds its number.
    Role,
}

/// A member that SPL can say.
pub(super) struct Stage<'a> {
    pub(super) step: &'a Step<Mapped>,
    /// From 1; 0 for what ends a sequence.
    pub(super) number: usize,
    /// The field that is 1 where an event is of it.
    pub(super) flag: Name,
    pub(super) polarity: Polarity,
    /// None where it is a correlation or a sequence itself.
    pub(super) arms: Vec<Ready<'a>>,
    /// The fields of each key.
    pub(super) keys: Vec<Vec<&'a Name>>,
}

impl<'a> Stage<'a> {
    /// What cannot be said is added to `refusals`.
    pub(super) fn new(
        step: &'a Step<Mapped>,
        number: usize,
        flag: Name,
        polarity: Polarity,
        refusals: &mut Vec<Refusal>,
    ) -> Self {
        let arms = match &step.body {
            Body::Event(event) => ready(&event.arms, refusals),
            Body::Sequence(_) | Body::Correlation(_) => Vec::new(),
        };
        let keys = step.keys.iter().map(|key| names(&key.fields, step.span, refusals)).collect();
        Self { step, number, flag, polarity, arms, keys }
    }

    /// Its number, as a value of [`ROLE`].
    pub(super) fn role(&self) -> Expr {
        Expr::integer(i64::try_from(self.number).unwrap_or(i64::MAX))
    }

    /// Its arms that read what `group` does.
    fn arms_in(&self, group: &[&Ready<'a>]) -> Vec<&Ready<'a>> {
        self.arms.iter().filter(|ready| ready.reads_as(group[0])).collect()
    }

    /// The condition that an event is of this member.
    pub(super) fn is(&self, mark: Mark) -> Logic<WherePredicate> {
        Logic::Test(match mark {
            Mark::Flag => WherePredicate::equal(Expr::Field(self.flag.clone()), Expr::integer(1)),
            Mark::Role => WherePredicate::equal(Expr::field(ROLE), self.role()),
        })
    }

    /// Takes in the fidelity of its events.
    pub(super) fn join(&self, own: &Fidelity, into: &mut Fidelity) {
        into.join(&own.clone().through(self.polarity));
    }
}

/// The fields that columns stand in. What SPL cannot say is added to `refusals`.
pub(super) fn names<'a>(columns: &'a [Arc<Column>], span: Span, refusals: &mut Vec<Refusal>) -> Vec<&'a Name> {
    let named = columns.iter().map(|column| column_name(column, span));
    named.filter_map(|name| name.map_err(|refusal| refusals.push(refusal)).ok()).collect()
}

/// The search for the events of any of `stages`, which are events. What marks them, and whether they are of any, is left
/// to do where it is not done.
pub(super) fn search(
    stages: &[&Stage<'_>],
    fidelity: &mut Fidelity,
) -> (Start, Vec<Assignment>, Logic<WherePredicate>) {
    let arms: Vec<&Ready<'_>> = stages.iter().flat_map(|stage| &stage.arms).collect();
    let groups = by_relation(&arms);
    if let [group] = groups.as_slice() {
        let reading = read(group, &[]);
        let flags = flags(&reading, group, stages, fidelity);
        let any = Logic::any(stages.iter().map(|stage| stage.is(Mark::Flag)));
        return (Start::Search(bare(reading.base)), flags, any);
    }
    let searches = groups.iter().map(|group| subsearch(group, stages, fidelity)).collect();
    (Start::Multisearch(searches), Vec::new(), Logic::True)
}

/// The fields that say of which steps an event of `group` is.
fn flags(reading: &Reading, group: &[&Ready<'_>], stages: &[&Stage<'_>], fidelity: &mut Fidelity) -> Vec<Assignment> {
    let flag = |stage: &&Stage<'_>| {
        let arms = stage.arms_in(group);
        if arms.is_empty() {
            return Assignment { name: stage.flag.clone(), value: Expr::integer(0) };
        }
        let conditions = reading.conditions(&arms);
        let mut own = compose(&conditions);
        own.join(&reading.base_fidelity(group));
        stage.join(&own, fidelity);
        Assignment { name: stage.flag.clone(), value: Expr::flag(stripped(conditions)) }
    };
    stages.iter().map(flag).collect()
}

/// The search for the events of `group`, which are of some step, marked.
fn subsearch(group: &[&Ready<'_>], stages: &[&Stage<'_>], fidelity: &mut Fidelity) -> Subsearch {
    let reading = read(group, &[]);
    let here: Vec<&Stage<'_>> = stages.iter().copied().filter(|stage| !stage.arms_in(group).is_empty()).collect();
    let commands = if let [only] = here.as_slice() {
        let mut commands = Vec::new();
        let mut own = if reading.whole {
            compose(&reading.base)
        } else {
            let conditions = reading.conditions(group);
            let own = compose(&conditions);
            commands.push(Command::Where(stripped(conditions)));
            own
        };
        own.join(&reading.base_fidelity(group));
        only.join(&own, fidelity);
        let value = |stage: &Stage<'_>| Expr::integer(i64::from(stage.flag == only.flag));
        let flags = stages.iter().map(|stage| Assignment { name: stage.flag.clone(), value: value(stage) });
        commands.push(Command::Eval(flags.collect()));
        commands
    } else {
        let flags = flags(&reading, group, stages, fidelity);
        let any = Logic::any(here.iter().map(|stage| stage.is(Mark::Flag)));
        vec![Command::Eval(flags), Command::Where(any)]
    };
    Subsearch { search: bare(reading.base), commands }
}

/// Whether an event that two macros hold, and so stands in the result twice, may be of different steps there. Then it
/// must stand there once for each step, in an order in which no event comes before itself.
pub(super) fn copied(stages: &[&Stage<'_>]) -> bool {
    let mut pairs = stages.iter().enumerate().flat_map(|(i, later)| stages[..i].iter().map(move |one| (one, later)));
    pairs.any(|(one, later)| {
        one.arms.iter().any(|a| later.arms.iter().any(|b| !a.reads_as(b) && !exclusive(a.arm, b.arm)))
    })
}

/// The commands that leave the events of any stage, marked, with their keys, and the order in which they are to stand.
/// `flags` and `any` are left to do: what marks the events, and whether they are of any stage. `fields` are computed of
/// marked events with keys.
pub(super) fn marked(
    mut flags: Vec<Assignment>,
    any: Logic<WherePredicate>,
    stages: &[&Stage<'_>],
    keys: &Keys,
    fields: Vec<Assignment>,
    time: &Name,
) -> (Vec<Command>, Vec<SortKey>) {
    let mut order = vec![SortKey { field: time.clone(), descending: false }];
    let mut computed = keys.computed(stages);
    computed.extend(fields);
    let present = || keys.by.iter().map(not_null);
    let mut commands = match keys.mark {
        Mark::Flag => {
            flags.extend(computed);
            vec![Command::Eval(flags), Command::Where(Logic::all(present().chain([any])))]
        }
        Mark::Role => {
            // An event must not come before itself: of its roles, the later member stands first, and the end last.
            order.push(SortKey { field: ROLE.into(), descending: true });
            let roles = stages.iter().map(|stage| Expr::if_else(stage.is(Mark::Flag), stage.role(), Expr::null()));
            let roles = Expr::call(Function::Mvappend, roles.collect::<Vec<_>>());
            flags.push(Assignment { name: ROLE.into(), value: roles });
            vec![
                Command::Eval(flags),
                Command::Where(any),
                Command::Expand(ROLE.into()),
                Command::Eval(computed),
                Command::Where(Logic::all(present())),
            ]
        }
    };
    commands.retain(|command| *command != Command::Where(Logic::True));
    (commands, order)
}

/// The commands, with one `eval` in the place of several in a row, and without one that computes nothing.
pub(super) fn joined(commands: Vec<Command>) -> Vec<Command> {
    let mut out: Vec<Command> = Vec::with_capacity(commands.len());
    for command in commands {
        match (out.last_mut(), command) {
            (_, Command::Eval(assignments)) if assignments.is_empty() => {}
            (Some(Command::Eval(before)), Command::Eval(assignments)) => before.extend(assignments),
            (_, command) => out.push(command),
        }
    }
    out
}

/// `isnotnull(field)`.
pub(super) fn not_null(field: &Name) -> Logic<WherePredicate> {
    Logic::Test(WherePredicate::NotNull(Expr::Field(field.clone())))
}

/// A field of ours, by its number.
pub(super) fn numbered(stem: &str, number: usize) -> Name {
    format!("{stem}{number}").into()
}
