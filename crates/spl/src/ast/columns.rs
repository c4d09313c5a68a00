//! Which fields of events a query reads.
//!
//! The commands are walked in order, with what is there behind each: a field that the query makes is its own from there
//! on, and one that was read before that is the event's. What a field is called is all that counts; whether an event has
//! it does not.
//!
//! Promises: every node of the tree that names a field is visited, the ones that are only read too.
//!
//! Lacks: what a macro reads or makes, which its definition tells; keywords, which search the raw event and no field; names with a
//! wildcard, which stand for whatever is there. A field that one subsearch of `multisearch` makes counts as made by all.

use super::{Aggregate, Assignment, Command, Expr, Query, SearchTerm, Start, Streamstats, Tstats, WherePredicate};
use rulecast_ir::{Logic, Name};
use std::collections::BTreeSet;

/// What narrows the time of a search, and is no field (Search Reference, "Time modifiers").
pub(crate) const TIME_MODIFIERS: [&str; 6] =
    ["earliest", "latest", "_index_earliest", "_index_latest", "starttime", "endtime"];

/// What the summaries of every dataset hold, without its name before it.
const INDEXED: [&str; 5] = ["_time", "host", "index", "source", "sourcetype"];

/// The fields that a query reads and does not make itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those of the events. `tstats` names a field with its dataset before it, which is left out here.
    pub read: BTreeSet<Name>,
    /// Those that are read behind a command that left no such field (`tstats`, `stats`, `table`, `fields`, `rename`), or
    /// by `tstats` without the dataset. They are always missing.
    pub lost: BTreeSet<Name>,
}

impl Query {
    /// The fields that it reads and does not make itself.
    pub fn columns(&self) -> Columns {
        let mut walk = Walk::default();
        match &self.start {
            Start::Search(search) => walk.search(search),
            Start::Multisearch(searches) => {
                for one in searches {
                    let mut own = Walk::default();
                    own.search(&one.search);
                    own.commands(&one.commands);
                    walk.columns.read.append(&mut own.columns.read);
                    walk.columns.lost.append(&mut own.columns.lost);
                    walk.made.append(&mut own.made);
                }
            }
            Start::Tstats(tstats) => walk.tstats(tstats),
        }
        walk.commands(&self.commands);
        walk.columns
    }
}

/// Which fields of the events are left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Left {
    /// Those that were not renamed or removed.
    #[default]
    All,
    /// Of these, the ones whose names begin with `_`: `fields` keeps them.
    Internal,
    /// None: rows are of what the query made.
    Nothing,
}

/// Where a walk along the commands stands.
#[derive(Debug, Default)]
struct Walk {
    columns: Columns,
    left: Left,
    /// What the query made, and what it named in making rows of its own.
    made: BTreeSet<Name>,
    /// What it renamed or removed.
    gone: BTreeSet<Name>,
}

impl Walk {
    fn read(&mut self, name: &Name) {
        if self.made.contains(name) || name.contains('*') {
            return;
        }
        let is_left = match self.left {
            Left::All => true,
            Left::Internal => name.starts_with('_'),
            Left::Nothing => false,
        };
        let columns = &mut self.columns;
        let found = if is_left && !self.gone.contains(name) { &mut columns.read } else { &mut columns.lost };
        found.insert(name.clone());
    }

    fn read_all<'n>(&mut self, names: impl IntoIterator<Item = &'n Name>) {
        names.into_iter().for_each(|name| self.read(name));
    }

    fn make(&mut self, name: &Name) {
        self.gone.remove(name);
        self.made.insert(name.clone());
    }

    fn remove(&mut self, name: &Name) {
        self.made.remove(name);
        self.gone.insert(name.clone());
    }

    /// The rows hold these from here on, and of the rest what `left` says.
    fn only(&mut self, names: impl IntoIterator<Item = Name>, left: Left) {
        let internal = std::mem::take(&mut self.made).into_iter().filter(|name| name.starts_with('_'));
        if left == Left::Internal {
            self.made.extend(internal);
        }
        self.made.extend(names);
        self.left = if self.left == Left::Nothing { Left::Nothing } else { left };
    }

    fn tstats(&mut self, tstats: &Tstats) {
        let dataset = tstats.dataset.rsplit('.').next().unwrap_or_default();
        let mut named = Walk::default();
        named.search(&tstats.search);
        named.aggregated(&tstats.aggregates, &tstats.by);
        for name in named.columns.read {
            match name.strip_prefix(dataset).and_then(|rest| rest.strip_prefix('.')) {
                Some(field) => self.columns.read.insert(field.into()),
                None if INDEXED.contains(&&*name) => self.columns.read.insert(name),
                None => self.columns.lost.insert(name),
            };
        }
        self.only(outputs(&tstats.aggregates, &tstats.by), Left::Nothing);
    }

    fn commands(&mut self, commands: &[Command]) {
        commands.iter().for_each(|command| self.command(command));
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Where(condition) => self.condition(condition),
            Command::Search(search) => self.search(search),
            Command::Eval(assignments) => {
                for Assignment { name, value } in assignments {
                    self.expression(value);
                    self.make(name);
                }
            }
            Command::Sort(keys) | Command::SortFirst { keys, .. } => {
                self.read_all(keys.iter().map(|key| &key.field));
            }
            Command::LargestBefore { field, name, by } => {
                self.read(field);
                self.read_all(by);
                self.make(name);
            }
            Command::Streamstats(Streamstats { aggregates, by, .. }) => {
                self.aggregated(aggregates, by);
                outputs(aggregates, &[]).for_each(|name| self.make(&name));
            }
            Command::Stats { aggregates, by } => {
                self.aggregated(aggregates, by);
                self.only(outputs(aggregates, by), Left::Nothing);
            }
            Command::Expand(field) => self.read(field),
            Command::Dedup(fields) => self.read_all(fields),
            Command::Table(fields) => self.kept(fields, Left::Nothing),
            Command::Fields { keep: true, fields } => self.kept(fields, Left::Internal),
            Command::Fields { keep: false, fields } => fields.iter().for_each(|field| self.remove(field)),
            Command::Regex { field, .. } => match field {
                Some(field) => self.read(field),
                None => self.read(&"_raw".into()),
            },
            Command::Rex { field, pattern } => {
                self.read(field);
                groups(pattern).for_each(|name| self.make(&name.into()));
            }
            Command::Rename(renamed) => {
                for (old, new) in renamed.iter().filter(|(old, _)| !old.contains('*')) {
                    self.read(old);
                    self.remove(old);
                    self.make(new);
                }
            }
            Command::Bin { field, name, .. } => {
                self.read(field);
                self.make(name.as_ref().unwrap_or(field));
            }
            Command::Head(_) | Command::Macro(_) => {}
            Command::Transaction { fields, .. } => {
                self.read_all(fields);
                ["duration", "eventcount"].into_iter().for_each(|name| self.make(&name.into()));
            }
        }
    }

    /// Columns that are kept, by `table` or `fields`.
    fn kept(&mut self, fields: &[Name], left: Left) {
        self.read_all(fields);
        if !fields.iter().any(|field| field.contains('*')) {
            self.only(fields.iter().cloned(), left);
        }
    }

    fn aggregated(&mut self, aggregates: &[Aggregate], by: &[Name]) {
        aggregates.iter().filter_map(|one| one.argument.as_ref()).for_each(|value| self.expression(value));
        self.read_all(by);
    }

    fn search(&mut self, search: &Logic<SearchTerm>) {
        search.for_each(&mut |term| match term {
            SearchTerm::Macro(_) | SearchTerm::Raw(_) | SearchTerm::RawCased(_) => {}
            SearchTerm::Compare { field, .. }
            | SearchTerm::In { field, .. }
            | SearchTerm::Present(field)
            | SearchTerm::Differ { field, .. } => {
                if !TIME_MODIFIERS.contains(&&**field) {
                    self.read(field);
                }
            }
        });
    }

    fn condition(&mut self, condition: &Logic<WherePredicate>) {
        condition.for_each(&mut |test| match test {
            WherePredicate::NotNull(value)
            | WherePredicate::Null(value)
            | WherePredicate::Truth(value)
            | WherePredicate::InNetwork { address: value, network: _ } => self.expression(value),
            WherePredicate::Compare { left, right, comparison: _ } | WherePredicate::Differ { left, right } => {
                self.expression(left);
                self.expression(right);
            }
            WherePredicate::Xor(one, other) => {
                self.condition(one);
                self.condition(other);
            }
        });
    }

    fn expression(&mut self, value: &Expr) {
        match value {
            Expr::Field(name) => self.read(name),
            Expr::Number(_) | Expr::Text(_) | Expr::Regex(_) => {}
            Expr::Call { arguments, function: _ } => arguments.iter().for_each(|one| self.expression(one)),
            Expr::If { condition, then, otherwise } => {
                self.condition(condition);
                self.expression(then);
                self.expression(otherwise);
            }
            Expr::Case(cases) => {
                for (condition, value) in cases {
                    self.condition(condition);
                    self.expression(value);
                }
            }
            Expr::Sum(one, other)
            | Expr::Difference(one, other)
            | Expr::Product(one, other)
            | Expr::Quotient(one, other)
            | Expr::Remainder(one, other)
            | Expr::Concat(one, other) => {
                self.expression(one);
                self.expression(other);
            }
        }
    }
}

/// What rows hold behind aggregates.
fn outputs(aggregates: &[Aggregate], by: &[Name]) -> impl Iterator<Item = Name> {
    aggregates.iter().map(|one| Name::from(one.output())).chain(by.iter().cloned())
}

/// The names of the groups in a pattern.
fn groups(pattern: &str) -> impl Iterator<Item = &str> {
    let opened = pattern.match_indices("(?").map(|(at, _)| &pattern[at + 2..]);
    opened.filter_map(|rest| {
        let (name, _) = rest.strip_prefix('P').unwrap_or(rest).strip_prefix('<')?.split_once('>')?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_name.then_some(name)
    })
}
