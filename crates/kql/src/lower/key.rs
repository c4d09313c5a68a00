//! What events are grouped and joined by.

use super::column::Kind;
use super::{Lowering, column};
use crate::ast::{Condition, Expr, Named};
use rulecast_diagnostics::Span;
use rulecast_ir::{Assumption, Column, Fidelity, Key, Logic, Mapped, Name, Refusal, RefusalReason, Step};

/// One column of a key.
pub(super) struct KeyColumn {
    /// `k1`, …
    pub(super) name: Name,
    /// What the rule calls it.
    pub(super) shown: Option<Name>,
    /// Its value at each step.
    pub(super) values: Vec<Expr>,
    /// What must hold at each step for it to have one; none where nothing must.
    guards: Vec<Condition>,
}

impl KeyColumn {
    /// The column at a step.
    pub(super) fn at(&self, step: usize) -> Option<Named> {
        Some(Named { name: self.name.clone(), value: self.values.get(step)?.clone() })
    }
}

/// What must hold for an event of a step to have all keys.
pub(super) fn guard(keys: &[KeyColumn], step: usize) -> Condition {
    Logic::all(keys.iter().filter_map(|key| key.guards.get(step).cloned()))
}

impl Lowering {
    /// The keys as columns: a key of several fields is as many columns, in all steps alike. What cannot be a key is refused
    /// with this reason.
    pub(super) fn key_columns(
        &mut self,
        names: &[Name],
        steps: &[&Step<Mapped>],
        (reason, span): (RefusalReason, Span),
        fidelity: &mut Fidelity,
    ) -> Vec<KeyColumn> {
        let mut columns: Vec<KeyColumn> = Vec::new();
        for (i, shown) in names.iter().enumerate() {
            let keys: Vec<&Key<Mapped>> = steps.iter().filter_map(|step| step.keys.get(i)).collect();
            let width = keys.first().map_or(0, |key| key.fields.len());
            if keys.len() != steps.len() || keys.iter().any(|key| key.fields.len() != width) {
                let message = format!("KQL: the key `{shown}` is one column in some steps and several in others");
                self.refuse(Refusal::new(reason, span, message));
                continue;
            }
            for part in 0..width {
                let fields: Vec<&Column> = keys.iter().map(|key| &*key.fields[part]).collect();
                let shown = if width == 1 { shown.clone() } else { column::result_name(fields[0]) };
                let places: Vec<(&Column, Span)> =
                    fields.iter().zip(&keys).map(|(field, key)| (*field, key.span)).collect();
                let read = self.reader(&places, ("key", "a key has one"), reason);
                let guards = fields.iter().map(|field| presence(field, fidelity)).collect();
                columns.push(KeyColumn {
                    name: format!("k{}", columns.len() + 1).into(),
                    shown: Some(shown),
                    values: fields.iter().map(|field| read(field)).collect(),
                    guards,
                });
            }
        }
        if columns.is_empty() {
            // Without keys, all events are of one group.
            columns.push(KeyColumn {
                name: "k1".into(),
                shown: None,
                values: vec![Expr::Long(1); steps.len()],
                guards: Vec::new(),
            });
        }
        columns
    }

    /// How to read one field of several steps so that all give the same type.
    pub(super) fn reader(
        &mut self,
        fields: &[(&Column, Span)],
        (what, one): (&str, &str),
        reason: RefusalReason,
    ) -> fn(&Column) -> Expr {
        let first = fields.first().map(|(field, _)| column::kind(field));
        let alike = fields.iter().all(|(field, _)| Some(column::kind(field)) == first);
        for (field, span) in fields {
            let refused = match column::kind(field) {
                _ if field.many => format!("may hold several values, and {one}"),
                Kind::Real | Kind::DateTime if !alike => {
                    format!("is of another type than the same {what} of other steps")
                }
                _ => continue,
            };
            self.refuse(Refusal::new(reason, *span, format!("KQL: `{}` {refused}", field.name())));
        }
        if alike && first != Some(Kind::Dynamic) { column::value } else { column::text }
    }
}

/// Whether a name is one of these letters and a number.
pub(super) fn is_numbered(name: &str, letters: &[&str]) -> bool {
    letters
        .iter()
        .any(|letters| name.strip_prefix(letters).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// What must hold for a column to have a value.
pub(super) fn presence(field: &Column, fidelity: &mut Fidelity) -> Condition {
    if field.always {
        return Logic::True;
    }
    if matches!(column::kind(field), Kind::Text | Kind::Dynamic) {
        fidelity.assumptions.insert(Assumption::EmptyIsMissing);
    }
    column::present(field)
}
