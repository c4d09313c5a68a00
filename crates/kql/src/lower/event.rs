//! Rules about one event: its tables, its scope, its class.

use super::computed::Computed;
use super::output::{CLASS, Shown};
use super::{Lowering, Tree, column};
use crate::ast::{Condition, Expr, Named, Operator, Pipeline, Query, Source};
use rulecast_diagnostics::Span;
use rulecast_ir::{Arm, Classification, Event, Fidelity, Logic, Mapped, Name, Output, Reads, Refusal, RefusalReason};

/// The arms that read one table.
pub(super) struct TableArms<'a> {
    pub(super) table: Name,
    /// At least one.
    pub(super) arms: Vec<&'a Arm<Mapped>>,
}

impl Lowering {
    pub(super) fn event(
        &mut self,
        event: &Event<Mapped>,
        output: Option<&Output<Mapped>>,
        span: Span,
    ) -> (Query, Fidelity) {
        let mut fidelity = Fidelity::default();
        let tables = self.by_table(&event.arms, span);
        let shown = output.map(|output| Shown::new(output, &event.arms, event.classification.is_some()));
        let parts = tables
            .iter()
            .map(|one| {
                let mut part = self.rows(one, span, &mut fidelity);
                let mut columns = Vec::new();
                if let Some(classification) = &event.classification {
                    let value = self.class(classification, one, &mut fidelity);
                    columns.push(Named { name: CLASS.into(), value });
                }
                columns.extend(shown.as_ref().and_then(|shown| shown.align(one)));
                if !columns.is_empty() {
                    part.operators.push(Operator::Extend(columns));
                }
                part
            })
            .collect();
        let mut pipeline = union(parts);
        if let Some(shown) = shown {
            pipeline.operators.extend(shown.operators());
        }
        (Query { lets: Vec::new(), pipeline }, fidelity)
    }

    /// The rows of a table that its arms match.
    pub(super) fn rows(&mut self, one: &TableArms<'_>, span: Span, fidelity: &mut Fidelity) -> Pipeline {
        let mut computed = Computed::default();
        let predicates: Vec<_> = one.arms.iter().map(|arm| computed.name(&arm.predicate)).collect();
        let computed = computed.into_columns();
        let mut operators = Vec::new();
        let tree = if let Some(arm) = one.shared_scope() {
            let scope = self.predicate(&arm.source.scope);
            let any: Vec<_> = predicates.iter().map(|predicate| self.predicate(predicate)).collect();
            if computed.is_empty() {
                Logic::all([scope, Logic::any(any)])
            } else {
                // The scope comes first: what is computed is computed of few rows.
                let scope = self.settle(scope, span, fidelity);
                operators.extend((scope != Condition::True).then_some(Operator::Where(scope)));
                operators.push(Operator::Extend(computed));
                Logic::any(any)
            }
        } else {
            let scoped = one.arms.iter().zip(&predicates).map(|(arm, predicate)| {
                let scope = self.predicate(&arm.source.scope);
                Logic::all([scope, self.predicate(predicate)])
            });
            let any: Vec<_> = scoped.collect();
            operators.extend((!computed.is_empty()).then_some(Operator::Extend(computed)));
            Logic::any(any)
        };
        let condition = self.settle(tree, span, fidelity);
        operators.extend((condition != Condition::True).then_some(Operator::Where(condition)));
        Pipeline { source: Source::Table(one.table.clone()), operators }
    }

    fn scoped(&mut self, arm: &Arm<Mapped>) -> Tree {
        let scope = self.predicate(&arm.source.scope);
        let predicate = self.predicate(&arm.predicate);
        Logic::all([scope, predicate])
    }

    /// The class of a row. Branches over other tables cannot hold of it.
    fn class(
        &mut self,
        classification: &Classification<Mapped>,
        rows: &TableArms<'_>,
        fidelity: &mut Fidelity,
    ) -> Expr {
        let named = |name: &Name| Expr::Text(name.to_string());
        let otherwise = classification.otherwise.as_ref().map_or_else(|| Expr::Text(String::new()), named);
        let mut branches = Vec::with_capacity(classification.branches.len());
        for branch in &classification.branches {
            let any: Vec<_> = branch
                .arms
                .iter()
                .filter(|arm| matches!(&arm.source.reads, Reads::Table(table) if *table == rows.table))
                .map(|arm| match rows.shared_scope() {
                    Some(shared) if shared.source.scope == arm.source.scope => match rows.arms.as_slice() {
                        // The rows satisfy this arm already: the class asks only for what it adds.
                        [only] => self.predicate(&arm.predicate.clone().given(&only.predicate)),
                        _ => self.predicate(&arm.predicate),
                    },
                    _ => self.scoped(arm),
                })
                .collect();
            let mut own = Fidelity::default();
            let condition = self.settle(Logic::any(any), branch.span, &mut own);
            // What a branch takes, the later ones lack.
            fidelity.join(&own);
            fidelity.join(&own.swapped());
            match condition {
                Logic::False => {}
                Logic::True => return case(branches, named(&branch.name)),
                condition => branches.push((condition, named(&branch.name))),
            }
        }
        case(branches, otherwise)
    }

    /// The arms by their tables, in the order of first appearance.
    pub(super) fn by_table<'a>(&mut self, arms: &'a [Arm<Mapped>], span: Span) -> Vec<TableArms<'a>> {
        let mut tables: Vec<TableArms<'a>> = Vec::new();
        for arm in arms {
            let Reads::Table(table) = &arm.source.reads else {
                let message = format!("KQL: the source of `{}` names no table", arm.source.log_source);
                self.refuse(Refusal::new(RefusalReason::LogSource, span, message));
                continue;
            };
            match tables.iter_mut().find(|one| one.table == *table) {
                Some(one) => one.arms.push(arm),
                None => tables.push(TableArms { table: table.clone(), arms: vec![arm] }),
            }
        }
        tables
    }
}

impl<'a> TableArms<'a> {
    /// The first arm, if all have its scope.
    fn shared_scope(&self) -> Option<&'a Arm<Mapped>> {
        let (first, rest) = self.arms.split_first()?;
        rest.iter().all(|arm| arm.source.scope == first.source.scope).then_some(*first)
    }

    /// The value of the time column here.
    pub(super) fn time(&self) -> Option<Expr> {
        self.arms.first().map(|arm| column::value(&arm.source.time))
    }
}

fn case(branches: Vec<(Condition, Expr)>, otherwise: Expr) -> Expr {
    if branches.is_empty() { otherwise } else { Expr::Case { branches, otherwise: Box::new(otherwise) } }
}

/// The rows of all parts.
pub(super) fn union(mut parts: Vec<Pipeline>) -> Pipeline {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => Pipeline { source: Source::Union(parts), operators: Vec::new() },
    }
}
