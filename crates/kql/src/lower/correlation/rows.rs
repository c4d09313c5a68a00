//! The events of all members, as rows of one form.
//!
//! A count takes an event once, however many members match it: members over one table with the same keys become one
//! condition. A temporal correlation takes it once for each.

use super::super::Lowering;
use super::super::column::{self, Kind};
use super::super::event::{TableArms, union};
use super::super::key::{KeyColumn, guard, presence};
use super::super::step::{Wanted, completing};
use super::{AT, MEMBER, numbered};
use crate::ast::{Condition, Expr, Function, Named, Operator, Pipeline, Test};
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Arm, Assumption, Body, Column, ColumnExpr, Correlation, Fidelity, Logic, Mapped, Name, Reads, Refusal,
    RefusalReason, Step,
};
use rulecast_rule::ast::CorrelationKind;

/// The events of all members.
pub(super) struct Rows {
    pub(super) pipeline: Pipeline,
    pub(super) keys: Vec<KeyColumn>,
    pub(super) values: Vec<Value>,
    /// Whether one event may be several rows of one key.
    pub(super) repeated: bool,
    /// Whether one event may be several rows.
    pub(super) overlapping: bool,
}

/// A column of what is measured.
pub(super) struct Value {
    /// `v1`, …
    pub(super) name: Name,
    /// That a row has a value in it.
    pub(super) present: Condition,
    /// Its value at each member.
    of: Vec<Expr>,
}

/// Rows that one part of the query gives.
struct Lane<'a> {
    /// The first of its members.
    member: usize,
    /// Where the rows are of several members; else they are those of the one.
    table: Option<TableArms<'a>>,
}

impl Lowering {
    pub(super) fn member_rows(
        &mut self,
        correlation: &Correlation<Mapped>,
        carried: &[Named],
        all: bool,
        fidelity: &mut Fidelity,
    ) -> Option<Rows> {
        let steps: Vec<&Step<Mapped>> = correlation.members.iter().collect();
        let place = (RefusalReason::Correlation, correlation.span);
        let keys = self.key_columns(&correlation.keys, &steps, place, fidelity);
        let values = self.values(correlation, fidelity);
        let wanted =
            |member: usize, marked: bool| Wanted {
                guard: guard(&keys, member),
                keys: (keys.iter().filter_map(|key| key.at(member)))
                    .chain(values.iter().filter_map(|value| {
                        Some(Named { name: value.name.clone(), value: value.of.get(member)?.clone() })
                    }))
                    .chain(marked.then(|| Named { name: MEMBER.into(), value: Expr::Long(number(member)) }))
                    .collect(),
                time: AT.into(),
                carried: if all { Vec::new() } else { carried.to_vec() },
                all,
            };
        let temporal = correlation.measure.kind.is_temporal();
        let lanes = if temporal {
            (0..steps.len()).map(|member| Lane { member, table: None }).collect()
        } else {
            self.lanes(&steps, &wanted)
        };
        let mut parts = Vec::new();
        let mut complete = true;
        for Lane { member, table } in &lanes {
            let wanted = wanted(*member, temporal);
            let mut own = Fidelity::default();
            match table {
                Some(one) => parts.push(self.table_rows(one, correlation.span, &wanted, &mut own)),
                None => match self.step(steps[*member], &wanted, &mut own) {
                    Some(rows) => parts.extend(rows),
                    None => complete = false,
                },
            }
            fidelity.join(&own.through(correlation.polarity(*member)));
        }
        if !complete || parts.is_empty() {
            return None;
        }
        let overlapping = overlap(&lanes, &steps);
        let chained = steps.iter().any(|step| !matches!(step.body, Body::Event(_)));
        if all && (chained || overlapping && !temporal) {
            let why = "KQL: fields of several tables are shown only where each event is one row of its table";
            self.refuse(Refusal::new(RefusalReason::Correlation, correlation.span, why));
        }
        let mut pipeline = union(parts);
        if overlapping && !temporal {
            let names = keys.iter().map(|key| &key.name).chain(values.iter().map(|value| &value.name));
            let mut names: Vec<Name> = names.cloned().collect();
            names.push(AT.into());
            names.extend(carried.iter().map(|named| named.name.clone()));
            pipeline.operators.push(Operator::Distinct(names));
        }
        Some(Rows { pipeline, keys, values, repeated: overlapping && temporal, overlapping })
    }

    /// Members over the same table, read in the same way, are one lane.
    fn lanes<'a>(&mut self, steps: &[&'a Step<Mapped>], wanted: &dyn Fn(usize, bool) -> Wanted) -> Vec<Lane<'a>> {
        let mut lanes: Vec<Lane<'a>> = Vec::new();
        for (member, step) in steps.iter().enumerate() {
            let Body::Event(event) = &step.body else {
                lanes.push(Lane { member, table: None });
                continue;
            };
            let own = wanted(member, false);
            for one in self.by_table(&event.arms, step.span) {
                let same = lanes.iter_mut().find_map(|lane| {
                    let other = wanted(lane.member, false);
                    let alike = other.keys == own.keys && other.guard == own.guard;
                    lane.table.as_mut().filter(|known| alike && known.table == one.table)
                });
                match same {
                    Some(known) => {
                        for arm in one.arms {
                            if !known.arms.contains(&arm) {
                                known.arms.push(arm);
                            }
                        }
                    }
                    None => lanes.push(Lane { member, table: Some(one) }),
                }
            }
        }
        lanes
    }

    /// The columns of what is measured.
    fn values(&mut self, correlation: &Correlation<Mapped>, fidelity: &mut Fidelity) -> Vec<Value> {
        let measure = &correlation.measure;
        let numbers = match measure.kind {
            CorrelationKind::EventCount | CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {
                return Vec::new();
            }
            CorrelationKind::ValueCount => false,
            CorrelationKind::ValueSum
            | CorrelationKind::ValueAvg
            | CorrelationKind::ValuePercentile
            | CorrelationKind::ValueMedian => true,
        };
        let width = measure.fields.first().map_or(0, Vec::len);
        let same = measure.fields.len() == correlation.members.len()
            && measure.fields.iter().all(|fields| fields.len() == width);
        if !same || width == 0 || numbers && width > 1 {
            let message = "KQL: what is measured is not the same number of columns in every member";
            self.refuse(Refusal::new(RefusalReason::Correlation, correlation.span, message));
            return Vec::new();
        }
        (0..width)
            .map(|part| {
                let fields: Vec<(&Column, Span)> = measure
                    .fields
                    .iter()
                    .zip(&correlation.members)
                    .map(|(fields, member)| (&*fields[part], member.span))
                    .collect();
                let (of, is_text) =
                    if numbers { (self.numbers(&fields, fidelity), false) } else { self.texts(&fields, fidelity) };
                let name = numbered("v", part + 1);
                let test = if is_text { Function::IsNotEmpty } else { Function::IsNotNull };
                let present = Logic::Test(Test::Call(test, vec![Expr::Column(name.clone())]));
                Value { name, present, of }
            })
            .collect()
    }

    /// A field whose values are told apart, and whether they are texts.
    fn texts(&mut self, fields: &[(&Column, Span)], fidelity: &mut Fidelity) -> (Vec<Expr>, bool) {
        let read = self.reader(fields, ("field", "each would count"), RefusalReason::Correlation);
        let kind = |field: &Column| column::kind(field);
        let first = fields.first().map(|(field, _)| kind(field));
        let alike = fields.iter().all(|(field, _)| Some(kind(field)) == first);
        let is_text = !alike || matches!(first, Some(Kind::Text | Kind::Dynamic));
        let value = |field: &Column| match &field.expr {
            // Empty where its parts are.
            ColumnExpr::Join { .. } => {
                Expr::call(Function::Iff, [Expr::truth(column::present(field)), read(field), Expr::Text(String::new())])
            }
            _ => read(field),
        };
        for (field, _) in fields {
            presence(field, fidelity);
        }
        (fields.iter().map(|(field, _)| value(field)).collect(), is_text)
    }

    /// A field as numbers; null where it holds something else.
    fn numbers(&mut self, fields: &[(&Column, Span)], fidelity: &mut Fidelity) -> Vec<Expr> {
        let whole = fields.iter().all(|(field, _)| column::kind(field) == Kind::Long);
        let mut values = Vec::with_capacity(fields.len());
        for (field, span) in fields {
            let refused = match column::kind(field) {
                _ if field.many => Some("may hold several values, and a measure takes one of each event".to_owned()),
                kind @ (Kind::Bool | Kind::DateTime) => Some(format!("holds {}, which are no numbers", kind.words())),
                _ => None,
            };
            if let Some(why) = refused {
                let message = format!("KQL: `{}` {why}", field.name());
                self.refuse(Refusal::new(RefusalReason::Type, *span, message));
            }
            values.push(match column::kind(field) {
                Kind::Long if !whole => Expr::call(Function::ToReal, [column::value(field)]),
                Kind::Text | Kind::Dynamic => {
                    // What else than decimal text Kusto reads as a number (hexadecimals, spaces) is not documented.
                    fidelity.assumptions.insert(Assumption::Mapping(field.name().into()));
                    Expr::call(Function::ToReal, [column::text(field)])
                }
                _ => column::value(field),
            });
        }
        values
    }
}

/// Whether two lanes may give rows of the same event.
fn overlap(lanes: &[Lane<'_>], steps: &[&Step<Mapped>]) -> bool {
    let mut seen: Vec<&Name> = Vec::new();
    lanes.iter().any(|lane| {
        let own = match &lane.table {
            Some(one) => vec![&one.table],
            None => tables(&completing(&steps[lane.member].body)),
        };
        let again = own.iter().any(|table| seen.contains(table));
        seen.extend(own);
        again
    })
}

/// How a member is numbered.
pub(super) fn number(member: usize) -> i64 {
    i64::try_from(member + 1).unwrap_or(i64::MAX)
}

fn tables<'a>(arms: &[&'a Arm<Mapped>]) -> Vec<&'a Name> {
    let mut tables = Vec::new();
    for arm in arms {
        if let Reads::Table(table) = &arm.source.reads
            && !tables.contains(&table)
        {
            tables.push(table);
        }
    }
    tables
}
