//! Rows on their way through a pipeline.

use rulecast_ir::{Name, Row, Scalar};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A row behind the base search.
#[derive(Clone, Debug, Default)]
pub(super) struct Event {
    /// The records that it stands for.
    pub(super) ids: Vec<u64>,
    /// Where it was read from; none for a row that a command made.
    pub(super) relation: Option<Name>,
    /// Its fields, `_time` and `_raw` among them. One without values is not here.
    pub(super) fields: BTreeMap<String, Vec<Scalar>>,
}

/// A row that is only looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum View<'a> {
    /// As the SIEM holds it.
    Row(&'a Row),
    /// On its way.
    Event(&'a Event),
}

impl Event {
    pub(super) fn of(row: &Row) -> Self {
        let mut fields = row.columns.clone();
        fields.retain(|_, values| !values.is_empty());
        fields.insert("_time".into(), vec![time(row)]);
        if let Some(raw) = &row.raw {
            fields.insert("_raw".into(), vec![Scalar::Text(raw.clone())]);
        }
        Self { ids: vec![row.id], relation: Some(row.relation.clone()), fields }
    }

    pub(super) fn values(&self, field: &str) -> &[Scalar] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// Sets a field; no values remove it.
    pub(super) fn set(&mut self, field: &str, values: Vec<Scalar>) {
        if values.is_empty() {
            self.fields.remove(field);
        } else {
            self.fields.insert(field.to_owned(), values);
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn values(self, field: &str) -> Cow<'a, [Scalar]> {
        match self {
            View::Event(event) => Cow::Borrowed(event.values(field)),
            View::Row(row) if field == "_time" => Cow::Owned(vec![time(row)]),
            View::Row(row) => match (&row.raw, field) {
                (Some(raw), "_raw") => Cow::Owned(vec![Scalar::Text(raw.clone())]),
                _ => Cow::Borrowed(row.values(field)),
            },
        }
    }

    pub(super) fn relation(self) -> Option<&'a str> {
        match self {
            View::Row(row) => Some(&row.relation),
            View::Event(event) => event.relation.as_deref(),
        }
    }
}

/// `_time`: seconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of any real time are exact")]
fn time(row: &Row) -> Scalar {
    if row.time % 1000 == 0 { Scalar::Integer(row.time / 1000) } else { Scalar::Float(row.time as f64 / 1000.0) }
}
