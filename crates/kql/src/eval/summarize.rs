//! `summarize` and `distinct`.
//!
//! Source: the reference's pages on summarize and on each aggregate. Nulls are not counted by any aggregate but `count`;
//! where all values are null the result is null, and `arg_max` gives some row of the group: here the first, as for a tie,
//! which it does not document either. Without `by`, no rows are one group. `dcount` is an estimate; here it is exact, and
//! an error above 1000 values. `percentile` is an estimate too: not evaluated. `make_set` is in no documented order; here
//! in that of the rows.

use super::bind::{Bound, Context, Predicate};
use super::operator::key;
use super::scope::{Column, Record, Scope, Table, merge_ids};
use super::value::{Key, Ty, Value};
use super::{EvalError, Result, Run, function};
use crate::ast::{Aggregate, AggregateCall, AggregateFunction, Expr, Named};
use rulecast_ir::Name;
use serde_json::Value as Json;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Values that `dcount` counts exactly, at most.
const MAX_DISTINCT: usize = 1000;

/// An aggregate, bound to columns.
enum Computed {
    /// The row that has the most or the least of a value, and what is taken of it.
    Pick {
        of: Bound,
        wanted: Ordering,
        columns: Vec<Bound>,
    },
    CountIf(Predicate),
    Call(AggregateFunction, Vec<Bound>),
}

impl Run<'_> {
    pub(super) fn summarize(&self, mut table: Table, aggregates: &[Aggregate], by: &[Named]) -> Result<Table> {
        for named in by {
            if let Expr::Column(name) = &named.value
                && !self.scalars.contains_key(&**name)
            {
                table.ensure(name)?;
            }
        }
        let binder = self.binder_of(&table);
        let mut scope = Scope { columns: Vec::new(), open: false, slots: table.scope.slots };
        let mut add = |name: &Name, ty: Ty, slots: u64| {
            if scope.find(name).is_some() {
                return Err(EvalError::new(format!("two columns are named `{name}`")));
            }
            scope.columns.push(Column { name: name.clone(), ty, slots });
            Ok(())
        };
        let mut keys = Vec::with_capacity(by.len());
        for named in by {
            let bound = binder.bind(&named.value)?;
            add(&named.name, bound.ty, bound.slots)?;
            keys.push(bound);
        }
        let slots = keys.iter().fold(0, |slots, key| slots | key.slots);
        let column = |name: &Name| binder.bind(&Expr::Column(name.clone()));
        let mut computed = Vec::with_capacity(aggregates.len());
        for aggregate in aggregates {
            let (of, others, wanted) = match aggregate {
                Aggregate::Max(name) => (name, Vec::new(), Ordering::Greater),
                Aggregate::Min(name) => (name, Vec::new(), Ordering::Less),
                Aggregate::ArgMax(name, others) => (name, others.clone(), Ordering::Greater),
                Aggregate::ArgMin(name, others) => (name, others.clone(), Ordering::Less),
                Aggregate::ArgMaxAll(name) | Aggregate::ArgMinAll(name) => {
                    let wanted =
                        if matches!(aggregate, Aggregate::ArgMaxAll(_)) { Ordering::Greater } else { Ordering::Less };
                    let is_other = |other: &Name| other != name && by.iter().all(|key| key.name != *other);
                    let all = table.scope.columns.iter().map(|column| column.name.clone());
                    (name, all.filter(is_other).collect(), wanted)
                }
                Aggregate::CountIf { name, condition } => {
                    add(name, Ty::Long, 0)?;
                    computed.push(Computed::CountIf(binder.condition(condition)?));
                    continue;
                }
                Aggregate::Call(AggregateCall { name, function, arguments }) => {
                    let arguments =
                        arguments.iter().map(|argument| binder.bind(argument)).collect::<Result<Vec<_>>>()?;
                    let types: Vec<Ty> = arguments.iter().map(|argument| argument.ty).collect();
                    let slots = arguments.iter().fold(0, |slots, argument| slots | argument.slots);
                    add(name, result_type(*function, &types)?, slots)?;
                    computed.push(match (function, arguments) {
                        (AggregateFunction::Max, mut of) => {
                            Computed::Pick { of: of.swap_remove(0), wanted: Ordering::Greater, columns: Vec::new() }
                        }
                        (AggregateFunction::Min, mut of) => {
                            Computed::Pick { of: of.swap_remove(0), wanted: Ordering::Less, columns: Vec::new() }
                        }
                        (function, arguments) => Computed::Call(*function, arguments),
                    });
                    continue;
                }
            };
            let of_bound = column(of)?;
            if matches!(of_bound.ty, Ty::Dynamic | Ty::Bool) {
                return Err(EvalError::new(format!("the most of a {}", of_bound.ty.name())));
            }
            add(of, of_bound.ty, of_bound.slots)?;
            let mut columns = Vec::with_capacity(others.len());
            for other in &others {
                let bound = column(other)?;
                add(other, bound.ty, bound.slots)?;
                columns.push(bound);
            }
            computed.push(Computed::Pick { of: of_bound, wanted, columns });
        }
        let mut groups: Vec<(Vec<Value>, Vec<usize>)> = Vec::new();
        let mut places: HashMap<Vec<Key>, usize> = HashMap::new();
        for at in 0..table.rows.len() {
            let context = Context::row(&table.rows, at);
            let values = keys.iter().map(|key| key.eval(&context)).collect::<Result<Vec<_>>>()?;
            let place = *places.entry(key(&values)?).or_insert(groups.len());
            if place == groups.len() {
                groups.push((values, Vec::new()));
            }
            groups[place].1.push(at);
        }
        if by.is_empty() && groups.is_empty() {
            groups.push((Vec::new(), Vec::new()));
        }
        let rows = groups
            .into_iter()
            .map(|(values, members)| group(&table, &computed, slots, values, &members).map(Arc::new))
            .collect::<Result<_>>()?;
        Ok(Table { scope, rows, ordered: false })
    }
}

fn result_type(function: AggregateFunction, types: &[Ty]) -> Result<Ty> {
    use AggregateFunction as F;
    let refused = || {
        let types: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
        Err(EvalError::new(format!("`{}` of ({}) is not evaluated", function.name(), types.join(", "))))
    };
    Ok(match (function, types) {
        (F::Count | F::CountDistinct | F::DistinctCount, _) => Ty::Long,
        (F::Max | F::Min, [ty @ (Ty::Long | Ty::Real | Ty::DateTime | Ty::Timespan | Ty::Text)]) => *ty,
        (F::Sum, [ty @ (Ty::Long | Ty::Real | Ty::Timespan)]) => *ty,
        (F::Average, [Ty::Long | Ty::Real]) => Ty::Real,
        (F::MakeSet | F::MakeList, _) => Ty::Dynamic,
        (F::TakeAny, [ty]) => *ty,
        _ => return refused(),
    })
}

/// One row of the result.
fn group(
    table: &Table,
    computed: &[Computed],
    slots: u64,
    mut values: Vec<Value>,
    members: &[usize],
) -> Result<Record> {
    let mut picked = Vec::new();
    for one in computed {
        match one {
            Computed::Pick { of, wanted, columns } => {
                let mut best: Option<(usize, Value)> = None;
                for at in members {
                    let value = of.eval(&Context::row(&table.rows, *at))?;
                    let better = match &best {
                        None => true,
                        Some((_, best)) => best.is_null() && !value.is_null() || value.order(best) == Some(*wanted),
                    };
                    if better {
                        best = Some((*at, value));
                    }
                }
                let (at, value) = match best {
                    Some((at, value)) => (Some(at), value),
                    None => (None, of.ty.missing()),
                };
                values.push(value);
                for column in columns {
                    values.push(match at {
                        Some(at) => column.eval(&Context::row(&table.rows, at))?,
                        None => column.ty.missing(),
                    });
                }
                picked.extend(at);
            }
            Computed::CountIf(condition) => {
                let mut count = 0;
                for at in members {
                    count += i64::from(condition.decide(&Context::row(&table.rows, *at))? == Some(true));
                }
                values.push(Value::Long(count));
            }
            Computed::Call(function, arguments) => values.push(call(table, *function, arguments, members)?),
        }
    }
    let mut ids = vec![Vec::new(); table.scope.slots];
    if !picked.is_empty() && picked.len() == computed.len() {
        for at in picked {
            merge_ids(&mut ids, &table.rows[at].ids);
        }
        return Ok(Record { values, ids });
    }
    for at in members {
        merge_ids(&mut ids, &table.rows[*at].ids);
    }
    if slots != 0 {
        for (slot, ids) in ids.iter_mut().enumerate() {
            if slots >> slot & 1 == 0 {
                ids.clear();
            }
        }
    }
    Ok(Record { values, ids })
}

fn call(table: &Table, function: AggregateFunction, arguments: &[Bound], members: &[usize]) -> Result<Value> {
    use AggregateFunction as F;
    let count = |number: usize| i64::try_from(number).map(Value::Long).map_err(|_| EvalError::new("too many rows"));
    let Some(argument) = arguments.first() else { return count(members.len()) };
    let mut values = Vec::with_capacity(members.len());
    for at in members {
        let value = argument.eval(&Context::row(&table.rows, *at))?;
        if !value.is_null() {
            values.push(value);
        }
    }
    match function {
        F::CountDistinct | F::DistinctCount => {
            let distinct = values.iter().map(Value::key).collect::<Result<HashSet<_>>>()?;
            if function == F::DistinctCount && distinct.len() > MAX_DISTINCT {
                return Err(EvalError::new("`dcount` estimates the number of many values"));
            }
            count(distinct.len())
        }
        F::MakeSet | F::MakeList => {
            let mut seen = HashSet::new();
            let mut all = Vec::new();
            for value in &values {
                if function == F::MakeList || seen.insert(value.key()?) {
                    all.push(function::json_of(value)?);
                }
            }
            Ok(Value::dynamic(Json::Array(all)))
        }
        F::Sum => sum(argument.ty, &values),
        F::Average => {
            let Some(sum) = sum(Ty::Real, &values)?.as_real().filter(|_| !values.is_empty()) else {
                return Ok(Value::Null);
            };
            #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^52")]
            let number = values.len() as f64;
            Ok(Value::Real(sum / number))
        }
        F::TakeAny => match values.as_slice() {
            [] => Ok(argument.ty.missing()),
            [first, rest @ ..] => {
                let key = first.key()?;
                if rest.iter().any(|other| other.key().ok().as_ref() != Some(&key)) {
                    return Err(EvalError::new("`take_any` of unlike values"));
                }
                Ok(first.clone())
            }
        },
        _ => Err(EvalError::new(format!("`{}` is not evaluated", function.name()))),
    }
}

/// The sum of none is zero.
fn sum(ty: Ty, values: &[Value]) -> Result<Value> {
    let overflow = || EvalError::new("a sum overflows");
    if ty == Ty::Real {
        let sum: f64 = values.iter().filter_map(Value::as_real).sum();
        return if sum.is_finite() { Ok(Value::Real(sum)) } else { Err(overflow()) };
    }
    let sum = values.iter().try_fold(0_i64, |sum, value| match value {
        Value::Long(number) | Value::Timespan(number) => sum.checked_add(*number),
        _ => Some(sum),
    });
    let sum = sum.ok_or_else(overflow)?;
    Ok(if ty == Ty::Timespan { Value::Timespan(sum) } else { Value::Long(sum) })
}
