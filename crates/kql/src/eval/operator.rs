//! The operators that take rows one by one, and those that order and combine tables.
//!
//! Source: the reference's page of each operator. `take` of unordered rows is an error where there are more: which ones
//! are given is not documented. Nulls sort first in an ascending order and last in a descending one.

use super::bind::{Bound, Context};
use super::scope::{Column, Record, Scope, Table, merge_ids};
use super::value::{Key, Ty, Value};
use super::{EvalError, Result, Run};
use crate::ast::{Expr, Named, Operator, ScalarType, SortKey};
use rulecast_ir::Name;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

impl Run<'_> {
    pub(super) fn operator(&self, table: Table, operator: &Operator) -> Result<Table> {
        match operator {
            Operator::Where(condition) => {
                let predicate = self.binder_of(&table).condition(condition)?;
                let mut rows = Vec::new();
                for (at, row) in table.rows.iter().enumerate() {
                    if predicate.decide(&Context::row(&table.rows, at))? == Some(true) {
                        rows.push(Arc::clone(row));
                    }
                }
                Ok(Table { rows, ..table })
            }
            Operator::Extend(columns) => self.extend(table, columns),
            Operator::Project(columns) => self.project(&table, columns),
            Operator::ProjectAway(dropped) => {
                for name in dropped {
                    if !table.scope.open {
                        table.scope.column(name)?;
                    }
                }
                let kept = table.scope.columns.iter().filter(|column| !dropped.contains(&column.name));
                let kept: Vec<Named> = kept.map(|column| itself(&column.name)).collect();
                let open = table.scope.open;
                let mut table = self.project(&table, &kept)?;
                table.scope.open = open;
                Ok(table)
            }
            Operator::ProjectRename(renamed) => rename(table, renamed),
            Operator::Summarize { aggregates, by } => {
                self.summarize(table, aggregates, &by.iter().map(itself).collect::<Vec<_>>())
            }
            Operator::Group { aggregates, by } => self.summarize(table, aggregates, by),
            Operator::Distinct(by) => self.summarize(table, &[], &by.iter().map(itself).collect::<Vec<_>>()),
            Operator::Join { kind, right, on } => {
                let right = self.source(&crate::ast::Source::Table(right.clone()))?;
                let on: Vec<_> = on.iter().map(|name| (name.clone(), name.clone())).collect();
                super::join::join(table, *kind, right, &on)
            }
            Operator::JoinOn { kind, right, on } => super::join::join(table, *kind, self.pipeline(right)?, on),
            Operator::Union(parts) => {
                let mut tables = vec![table];
                for part in parts {
                    tables.push(self.pipeline(part)?);
                }
                union(tables)
            }
            Operator::Sort(keys) => self.sort(table, keys),
            Operator::Top(rows, key) => {
                let mut table = self.sort(table, std::slice::from_ref(key))?;
                table.rows.truncate(usize::try_from(*rows).unwrap_or(usize::MAX));
                Ok(table)
            }
            Operator::Take(rows) => {
                let rows = usize::try_from(*rows).unwrap_or(usize::MAX);
                if !table.ordered && table.rows.len() > rows {
                    return Err(EvalError::new("which of the unordered rows are taken is not documented"));
                }
                let mut table = table;
                table.rows.truncate(rows);
                Ok(table)
            }
            Operator::Count => {
                let mut record = Record { values: vec![Value::Null], ids: vec![Vec::new(); table.scope.slots] };
                record.values[0] = Value::Long(i64::try_from(table.rows.len()).unwrap_or(i64::MAX));
                table.rows.iter().for_each(|row| merge_ids(&mut record.ids, &row.ids));
                let column = Column { name: "Count".into(), ty: Ty::Long, slots: 0 };
                let scope = Scope { columns: vec![column], open: false, slots: table.scope.slots };
                Ok(Table { scope, rows: vec![Arc::new(record)], ordered: false })
            }
            Operator::Serialize(columns) => self.extend(Table { ordered: true, ..table }, columns),
            Operator::MvExpand(_) => Err(EvalError::new("`mv-expand` is not evaluated")),
            Operator::Scan(scan) => self.scan(&table, scan),
        }
    }

    pub(super) fn binder_of<'b>(&'b self, table: &'b Table) -> super::bind::Binder<'b> {
        super::bind::Binder { ordered: table.ordered, ..self.binder(&table.scope) }
    }

    /// Adds columns, or replaces those of the same name. All read the row as it was.
    fn extend(&self, mut table: Table, columns: &[Named]) -> Result<Table> {
        let mut scope = table.scope.clone();
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let bound = self.binder_of(&table).bind(&column.value)?;
            let new = Column { name: column.name.clone(), ty: bound.ty, slots: bound.slots };
            let at = scope.find(&column.name).unwrap_or(scope.columns.len());
            if at == scope.columns.len() {
                scope.columns.push(new);
            } else {
                scope.columns[at] = new;
            }
            places.push((at, bound));
        }
        let mut rows = Vec::with_capacity(table.rows.len());
        for (at, row) in table.rows.iter().enumerate() {
            let mut record = Record::clone(row);
            record.values.resize(scope.columns.len(), Value::Null);
            for (place, bound) in &places {
                record.values[*place] = bound.eval(&Context::row(&table.rows, at))?;
            }
            rows.push(Arc::new(record));
        }
        table.rows = rows;
        table.scope = scope;
        Ok(table)
    }

    pub(super) fn project(&self, table: &Table, columns: &[Named]) -> Result<Table> {
        let mut scope = Scope { columns: Vec::with_capacity(columns.len()), open: false, slots: table.scope.slots };
        let mut bound = Vec::with_capacity(columns.len());
        for Named { name, value } in columns {
            if scope.find(name).is_some() {
                return Err(EvalError::new(format!("two columns are named `{name}`")));
            }
            let value = self.binder_of(table).bind(value)?;
            scope.columns.push(Column { name: name.clone(), ty: value.ty, slots: value.slots });
            bound.push(value);
        }
        let rows = records(table, &bound)?;
        Ok(Table { scope, rows, ordered: table.ordered })
    }

    fn sort(&self, mut table: Table, keys: &[SortKey]) -> Result<Table> {
        let bound = keys.iter().map(|key| self.binder_of(&table).bind(&key.by)).collect::<Result<Vec<_>>>()?;
        if let Some(dynamic) = bound.iter().find(|key| key.ty == Ty::Dynamic) {
            return Err(EvalError::new(format!("rows are sorted by a {}", dynamic.ty.name())));
        }
        let mut sorted = Vec::with_capacity(table.rows.len());
        for (at, row) in table.rows.iter().enumerate() {
            let context = Context::row(&table.rows, at);
            let values = bound.iter().map(|key| key.eval(&context)).collect::<Result<Vec<_>>>()?;
            sorted.push((values, Arc::clone(row)));
        }
        sorted.sort_by(|(left, _), (right, _)| {
            keys.iter()
                .zip(left.iter().zip(right))
                .map(|(key, (left, right))| {
                    let order = match (left.is_null(), right.is_null()) {
                        (false, false) => left.order(right).unwrap_or(Ordering::Equal),
                        (left, right) => right.cmp(&left),
                    };
                    if key.descending { order.reverse() } else { order }
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        table.rows = sorted.into_iter().map(|(_, row)| row).collect();
        table.ordered = true;
        Ok(table)
    }

    pub(super) fn data_table(&self, columns: &[(Name, ScalarType)], values: &[Expr]) -> Result<Table> {
        let scope = Scope::default();
        let binder = self.binder(&scope);
        let columns: Vec<Column> =
            columns.iter().map(|(name, ty)| Column { name: name.clone(), ty: (*ty).into(), slots: 1 }).collect();
        let mut rows = Vec::new();
        for row in values.chunks(columns.len().max(1)) {
            let mut record = Record { values: Vec::with_capacity(row.len()), ids: vec![Vec::new()] };
            for (column, value) in columns.iter().zip(row) {
                let bound = binder.bind(value)?;
                let value = bound.constant.ok_or_else(|| EvalError::new("a table in place holds constants"))?;
                record.values.push(match (column.ty, value) {
                    (Ty::Real, value @ Value::Long(_)) => value.as_real().map_or(Value::Null, Value::Real),
                    (ty, value) if ty == bound.ty => value,
                    (ty, _) => {
                        return Err(EvalError::new(format!("a {} in a column of {}", bound.ty.name(), ty.name())));
                    }
                });
            }
            rows.push(Arc::new(record));
        }
        Ok(Table { scope: Scope { columns, open: false, slots: 1 }, rows, ordered: true })
    }
}

fn rename(mut table: Table, renamed: &[(Name, Name)]) -> Result<Table> {
    for (new, old) in renamed {
        let at = table.ensure(old)?;
        if table.scope.find(new).is_some() {
            return Err(EvalError::new(format!("two columns are named `{new}`")));
        }
        table.scope.columns[at].name = new.clone();
    }
    Ok(table)
}

fn itself(name: &Name) -> Named {
    Named { name: name.clone(), value: Expr::Column(name.clone()) }
}

fn records(table: &Table, columns: &[Bound]) -> Result<Vec<Arc<Record>>> {
    let record = |(at, row): (usize, &Arc<Record>)| {
        let context = Context::row(&table.rows, at);
        let values = columns.iter().map(|column| column.eval(&context)).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(Record { values, ids: row.ids.clone() }))
    };
    table.rows.iter().enumerate().map(record).collect()
}

/// The rows of all tables, with the columns of all.
pub(super) fn union(tables: Vec<Table>) -> Result<Table> {
    let mut scope = Scope::default();
    let mut places: HashMap<Name, usize> = HashMap::new();
    for table in &tables {
        scope.open |= table.scope.open;
        scope.slots = scope.slots.max(table.scope.slots);
        for column in &table.scope.columns {
            match places.get(&column.name) {
                Some(at) if scope.columns[*at].ty == column.ty => scope.columns[*at].slots |= column.slots,
                Some(_) => {
                    return Err(EvalError::new(format!("tables of a union hold `{}` in unlike types", column.name)));
                }
                None => {
                    places.insert(column.name.clone(), scope.columns.len());
                    scope.columns.push(column.clone());
                }
            }
        }
    }
    let mut rows = Vec::new();
    let missing: Vec<Value> = scope.columns.iter().map(|column| column.ty.missing()).collect();
    for table in tables {
        let own: Vec<usize> = table.scope.columns.iter().map(|column| places[&column.name]).collect();
        for row in &table.rows {
            let mut values = missing.clone();
            for (at, value) in own.iter().zip(&row.values) {
                values[*at] = value.clone();
            }
            let mut ids = row.ids.clone();
            ids.resize(scope.slots, Vec::new());
            rows.push(Arc::new(Record { values, ids }));
        }
    }
    Ok(Table { scope, rows, ordered: false })
}

/// What tells a row from others by some of its values.
pub(super) fn key(values: &[Value]) -> Result<Vec<Key>> {
    values.iter().map(Value::key).collect()
}
