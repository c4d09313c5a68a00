//! `scan`.
//!
//! Source: the reference's page on the scan operator, "Matching logic": steps are tried from the last to the first; a row
//! that meets a step's condition with the state of the step before promotes that state, which is then empty; else one that
//! meets it with the step's own state replaces what the step holds. A match gives the row with what the step assigns.
//! Match ids count from 0, one for each row that the first step matches while it holds none: the page's words say one for
//! each row that it matches, its example of sessions does not. Rows must be in order. `output = last` is not
//! evaluated.

use super::bind::{Binder, Bound, Context, Predicate};
use super::scope::{Column, Record, Scope, Table};
use super::value::{Ty, Value};
use super::{EvalError, Result, Run};
use crate::ast::{Scan, StepOutput};
use std::sync::Arc;

/// A sequence under way: the row that each step matched.
#[derive(Clone)]
struct State {
    rows: Vec<Option<Arc<Record>>>,
    match_id: i64,
}

struct BoundStep {
    condition: Predicate,
    assigned: Vec<(usize, Bound)>,
    gives: bool,
}

impl Run<'_> {
    pub(super) fn scan(&self, table: &Table, scan: &Scan) -> Result<Table> {
        if !table.ordered {
            return Err(EvalError::new("`scan` needs rows in order"));
        }
        let mut scope = table.scope.clone();
        let mut defaults = Vec::with_capacity(scan.declare.len());
        for declared in &scan.declare {
            let ty = Ty::from(declared.ty);
            let default = match &declared.default {
                None => ty.missing(),
                Some(value) => {
                    let bound = self.binder(&Scope::default()).bind(value)?;
                    let value = bound.constant.filter(|_| bound.ty == ty);
                    value.ok_or_else(|| EvalError::new("a default is a constant of the type declared"))?
                }
            };
            if scope.find(&declared.name).is_some() {
                return Err(EvalError::new(format!("two columns are named `{}`", declared.name)));
            }
            scope.columns.push(Column { name: declared.name.clone(), ty, slots: 1 });
            defaults.push(default);
        }
        let declared = scope.clone();
        let unmatched = Arc::new(Record {
            values: table
                .scope
                .columns
                .iter()
                .map(|column| column.ty.missing())
                .chain(defaults.iter().cloned())
                .collect(),
            ids: Vec::new(),
        });
        let names: Vec<_> =
            scan.steps.iter().map(|step| (step.name.clone(), &declared, Arc::clone(&unmatched))).collect();
        let binder = Binder { steps: &names, ordered: true, ..self.binder(&declared) };
        let mut steps = Vec::with_capacity(scan.steps.len());
        for step in &scan.steps {
            let mut assigned = Vec::with_capacity(step.assignments.len());
            for assignment in &step.assignments {
                let at = declared.column(&assignment.name)?;
                let value = binder.bind(&assignment.value)?;
                if at < table.scope.columns.len() || declared.columns[at].ty != value.ty {
                    return Err(EvalError::new(format!(
                        "`{}` is assigned another type, or not declared",
                        assignment.name
                    )));
                }
                assigned.push((at, value));
            }
            if step.output == StepOutput::Last {
                return Err(EvalError::new("`output = last` is not evaluated"));
            }
            let condition = binder.condition(&step.condition)?;
            steps.push(BoundStep { condition, assigned, gives: step.output == StepOutput::All });
        }
        let input: Vec<Arc<Record>> = table
            .rows
            .iter()
            .map(|row| {
                let values = row.values.iter().chain(&defaults).cloned().collect();
                Arc::new(Record { values, ids: row.ids.clone() })
            })
            .collect();
        let mut rows = Vec::new();
        if let Some(name) = &scan.match_id {
            scope.columns.push(Column { name: name.clone(), ty: Ty::Long, slots: 0 });
        }
        let mut states: Vec<Option<State>> = vec![None; steps.len()];
        let mut next_id = 0;
        for at in 0..input.len() {
            for (number, step) in steps.iter().enumerate().rev() {
                let before = number.checked_sub(1).and_then(|before| states[before].clone());
                let promoted = match before {
                    Some(state) if step.holds(&input, at, &state.rows)? => Some(state),
                    _ => None,
                };
                let mut state = if let Some(state) = promoted {
                    states[number - 1] = None;
                    state
                } else {
                    let own = states[number].clone();
                    let fresh = own.is_none();
                    if fresh && number > 0 {
                        continue;
                    }
                    let state = own.unwrap_or(State { rows: vec![None; steps.len()], match_id: next_id });
                    if !step.holds(&input, at, &state.rows)? {
                        continue;
                    }
                    next_id += i64::from(fresh);
                    state
                };
                let extended = step.extend(&input, at, &state.rows)?;
                state.rows[number] = Some(Arc::clone(&extended));
                if step.gives {
                    rows.push(give(&extended, &state, scan.match_id.is_some()));
                }
                states[number] = Some(state);
            }
        }
        Ok(Table { scope, rows, ordered: true })
    }
}

impl BoundStep {
    fn holds(&self, rows: &[Arc<Record>], at: usize, state: &[Option<Arc<Record>>]) -> Result<bool> {
        Ok(self.condition.decide(&Context { rows, at, state })? == Some(true))
    }

    fn extend(&self, rows: &[Arc<Record>], at: usize, state: &[Option<Arc<Record>>]) -> Result<Arc<Record>> {
        let mut record = Record::clone(&rows[at]);
        for (place, value) in &self.assigned {
            record.values[*place] = value.eval(&Context { rows, at, state })?;
        }
        Ok(Arc::new(record))
    }
}

/// The row that a match gives: it stands for what its sequence has matched.
fn give(extended: &Record, state: &State, with_id: bool) -> Arc<Record> {
    let mut record = Record { values: extended.values.clone(), ids: vec![Vec::new(); extended.ids.len()] };
    for matched in state.rows.iter().flatten() {
        super::scope::merge_ids(&mut record.ids, &matched.ids);
    }
    if with_id {
        record.values.push(Value::Long(state.match_id));
    }
    Arc::new(record)
}
