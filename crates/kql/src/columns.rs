//! What a query reads and returns, without running it.
//!
//! Source: the reference's pages of the operators. Lacks: types, and so the columns that `union` parts where they have one
//! name and several types.

use crate::ast::{Aggregate, JoinKind, Named, Operator, Pipeline, Query, Scan, Source};
use rulecast_ir::Name;
use std::collections::BTreeMap;

/// The columns of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// In order, each once.
    pub names: Vec<Name>,
    /// Whether there are others: all columns of a table stay, and not all of them are known.
    pub open: bool,
}

impl Columns {
    /// Whether there is surely a column of that name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|one| **one == *name)
    }

    fn of(names: impl IntoIterator<Item = Name>) -> Self {
        let mut columns = Self::default();
        columns.add(names);
        columns
    }

    fn add(&mut self, names: impl IntoIterator<Item = Name>) {
        for name in names {
            if !self.has(&name) {
                self.names.push(name);
            }
        }
    }

    /// The same with those of another, of which any row may be.
    fn or(mut self, other: Self) -> Self {
        self.open |= other.open;
        self.add(other.names);
        self
    }

    /// The same beside those of a joined row, which take a number where their name is taken.
    fn beside(mut self, right: &Self) -> Self {
        self.open |= right.open;
        for name in &right.names {
            let mut free = name.clone();
            let mut number = 1;
            while self.has(&free) || number > 1 && right.has(&free) {
                free = format!("{name}{number}").into();
                number += 1;
            }
            self.names.push(free);
        }
        self
    }
}

/// The columns that `let` statements have given so far.
type Lets<'q> = BTreeMap<&'q str, Columns>;

/// What is known of tables.
type Tables<'t> = &'t dyn Fn(&str) -> Vec<Name>;

impl Query {
    /// The columns of its result. `tables` tells what is known of the columns of a table; others may be there, so that a
    /// result is [`Columns::open`] where no operator chooses columns.
    pub fn result_columns(&self, tables: Tables<'_>) -> Columns {
        let mut lets = Lets::new();
        for one in &self.lets {
            let columns = pipeline(&one.pipeline, &lets, tables);
            lets.insert(&one.name, columns);
        }
        pipeline(&self.pipeline, &lets, tables)
    }

    /// The tables that it reads, each once, in the order of the text.
    pub fn tables(&self) -> Vec<&Name> {
        let mut found = Vec::new();
        for one in self.lets.iter().map(|one| &one.pipeline).chain([&self.pipeline]) {
            read(one, &mut found);
        }
        let own = |name: &Name| self.lets.iter().any(|one| one.name == *name);
        let mut tables: Vec<&Name> = Vec::new();
        for name in found {
            if !own(name) && !tables.contains(&name) {
                tables.push(name);
            }
        }
        tables
    }
}

fn read<'q>(pipeline: &'q Pipeline, found: &mut Vec<&'q Name>) {
    match &pipeline.source {
        Source::Table(name) => found.push(name),
        Source::Union(parts) => parts.iter().for_each(|part| read(part, found)),
        Source::Materialize(rows) => read(rows, found),
        Source::Print(_) | Source::DataTable { .. } | Source::Scalar(_) => {}
    }
    for operator in &pipeline.operators {
        match operator {
            Operator::Join { right, .. } => found.push(right),
            Operator::JoinOn { right, .. } => read(right, found),
            Operator::Union(parts) => parts.iter().for_each(|part| read(part, found)),
            _ => {}
        }
    }
}

fn pipeline(rows: &Pipeline, lets: &Lets<'_>, tables: Tables<'_>) -> Columns {
    let mut columns = match &rows.source {
        Source::Table(name) => table(name, lets, tables),
        Source::Union(parts) => union(parts, lets, tables),
        Source::Print(named) => names(named),
        Source::DataTable { columns, .. } => Columns::of(columns.iter().map(|(name, _)| name.clone())),
        Source::Scalar(_) => Columns::default(),
        Source::Materialize(rows) => pipeline(rows, lets, tables),
    };
    for one in &rows.operators {
        columns = operator(columns, one, lets, tables);
    }
    columns
}

fn table(name: &Name, lets: &Lets<'_>, tables: Tables<'_>) -> Columns {
    match lets.get(&**name) {
        Some(columns) => columns.clone(),
        None => Columns { open: true, ..Columns::of(tables(name)) },
    }
}

fn union(parts: &[Pipeline], lets: &Lets<'_>, tables: Tables<'_>) -> Columns {
    parts.iter().map(|part| pipeline(part, lets, tables)).fold(Columns::default(), Columns::or)
}

fn names(named: &[Named]) -> Columns {
    Columns::of(named.iter().map(|one| one.name.clone()))
}

fn operator(mut columns: Columns, operator: &Operator, lets: &Lets<'_>, tables: Tables<'_>) -> Columns {
    match operator {
        Operator::Where(_) | Operator::Sort(_) | Operator::Take(_) | Operator::Top(..) => columns,
        Operator::Extend(named) | Operator::Serialize(named) => {
            columns.add(named.iter().map(|one| one.name.clone()));
            columns
        }
        Operator::MvExpand(named) => {
            columns.add(named.iter().map(|(one, _)| one.name.clone()));
            columns
        }
        Operator::Project(named) => names(named),
        Operator::Distinct(names) => Columns::of(names.iter().cloned()),
        Operator::Summarize { aggregates, by } => summary(by.iter().cloned(), aggregates, &columns),
        Operator::Group { aggregates, by } => summary(by.iter().map(|one| one.name.clone()), aggregates, &columns),
        Operator::Join { kind, right, .. } => joined(columns, *kind, &table(right, lets, tables)),
        Operator::JoinOn { kind, right, .. } => joined(columns, *kind, &pipeline(right, lets, tables)),
        Operator::Union(parts) => columns.or(union(parts, lets, tables)),
        Operator::ProjectAway(gone) => {
            columns.names.retain(|name| !gone.contains(name));
            columns
        }
        Operator::ProjectRename(renamed) => {
            columns.names.retain(|name| !renamed.iter().any(|(_, old)| old == name));
            columns.add(renamed.iter().map(|(new, _)| new.clone()));
            columns
        }
        Operator::Count => Columns::of([Name::from("Count")]),
        Operator::Scan(Scan { match_id, declare, .. }) => {
            columns.add(declare.iter().map(|one| one.name.clone()).chain(match_id.clone()));
            columns
        }
    }
}

fn joined(left: Columns, kind: JoinKind, right: &Columns) -> Columns {
    match kind {
        JoinKind::LeftSemi | JoinKind::LeftAnti => left,
        JoinKind::Inner | JoinKind::LeftOuter | JoinKind::InnerUnique => left.beside(right),
    }
}

fn summary(by: impl Iterator<Item = Name>, aggregates: &[Aggregate], rows: &Columns) -> Columns {
    let mut columns = Columns::of(by);
    for aggregate in aggregates {
        match aggregate {
            Aggregate::Max(name) | Aggregate::Min(name) => columns.add([name.clone()]),
            Aggregate::ArgMax(name, others) | Aggregate::ArgMin(name, others) => {
                columns.add([name.clone()].into_iter().chain(others.iter().cloned()));
            }
            Aggregate::CountIf { name, .. } => columns.add([name.clone()]),
            Aggregate::ArgMaxAll(name) | Aggregate::ArgMinAll(name) => {
                columns.open |= rows.open;
                columns.add([name.clone()].into_iter().chain(rows.names.iter().cloned()));
            }
            Aggregate::Call(call) => columns.add([call.name.clone()]),
        }
    }
    columns
}
