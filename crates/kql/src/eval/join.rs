//! `join`.
//!
//! Source: the reference's pages on the join operator and its kinds. All columns of both sides stand in the result; one of
//! the right whose name the left has takes a number. `innerunique`, the default, keeps one row of the left for each key,
//! any one: here the first. Whether null keys pair is not documented, and an error.

use super::operator::key;
use super::scope::{Column, Record, Scope, Table};
use super::value::{Key, Ty, Value};
use super::{EvalError, Result};
use crate::ast::JoinKind;
use rulecast_ir::Name;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Joined rows, at most: ids are told apart by a bit for each.
const MAX_SLOTS: usize = 64;

pub(super) fn join(mut left: Table, kind: JoinKind, mut right: Table, on: &[(Name, Name)]) -> Result<Table> {
    let mut places = Vec::with_capacity(on.len());
    for (left_name, right_name) in on {
        let (of_left, of_right) = (left.ensure(left_name)?, right.ensure(right_name)?);
        let (left_ty, right_ty) = (left.scope.columns[of_left].ty, right.scope.columns[of_right].ty);
        if left_ty != right_ty {
            let (left_ty, right_ty) = (left_ty.name(), right_ty.name());
            return Err(EvalError::new(format!("a join of `{left_name}`, a {left_ty}, on a {right_ty}")));
        }
        places.push((of_left, of_right));
    }
    let key_of = |row: &Record, place: fn(&(usize, usize)) -> usize| -> Result<Vec<Key>> {
        let values: Vec<Value> = places.iter().map(|pair| row.values[place(pair)].clone()).collect();
        let key = key(&values)?;
        if key.contains(&Key::Null) { Err(EvalError::new("rows are joined on a null")) } else { Ok(key) }
    };
    let mut by_key: HashMap<Vec<Key>, Vec<&Arc<Record>>> = HashMap::new();
    for row in &right.rows {
        by_key.entry(key_of(row, |pair| pair.1)?).or_default().push(row);
    }
    let mut seen = HashSet::new();
    let semi = matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti);
    let scope = if semi { left.scope.clone() } else { scope(&left.scope, &right.scope)? };
    let missing: Vec<Value> = right.scope.columns.iter().map(|column| column.ty.missing()).collect();
    let mut rows = Vec::new();
    for row in &left.rows {
        let key = key_of(row, |pair| pair.0)?;
        let others = by_key.get(&key).map_or(&[][..], Vec::as_slice);
        match kind {
            JoinKind::LeftSemi if !others.is_empty() => rows.push(Arc::clone(row)),
            JoinKind::LeftAnti if others.is_empty() => rows.push(Arc::clone(row)),
            JoinKind::LeftSemi | JoinKind::LeftAnti => {}
            JoinKind::InnerUnique if !seen.insert(key) => {}
            JoinKind::Inner | JoinKind::InnerUnique | JoinKind::LeftOuter => {
                for other in others {
                    rows.push(pair(row, &other.values, &other.ids));
                }
                if others.is_empty() && kind == JoinKind::LeftOuter {
                    rows.push(pair(row, &missing, &vec![Vec::new(); right.scope.slots]));
                }
            }
        }
    }
    Ok(Table { scope, rows, ordered: false })
}

fn pair(left: &Record, values: &[Value], ids: &[Vec<u64>]) -> Arc<Record> {
    Arc::new(Record { values: [&left.values, values].concat(), ids: [&left.ids, ids].concat() })
}

fn scope(left: &Scope, right: &Scope) -> Result<Scope> {
    let mut scope = left.clone();
    scope.open |= right.open;
    scope.slots += right.slots;
    if scope.slots > MAX_SLOTS {
        return Err(EvalError::new("too many joins"));
    }
    for column in &right.columns {
        let mut name = column.name.clone();
        let mut number = 1;
        while scope.find(&name).is_some() || number > 1 && right.find(&name).is_some() {
            name = format!("{}{number}", column.name).into();
            number += 1;
        }
        let ty: Ty = column.ty;
        scope.columns.push(Column { name, ty, slots: column.slots << left.slots });
    }
    Ok(scope)
}
