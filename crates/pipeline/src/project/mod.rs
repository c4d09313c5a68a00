//! From a recorded event to the rows in which a SIEM holds it: the other reading of a data model.
//!
//! [`map`](crate::map) reads a model of predicates, [`project`] reads it of events. A predicate mapped must hold of an
//! event projected exactly where the predicate holds of the event, and that is what the two readings are tested for.
//!
//! Promises: an event has a row in every relation whose sources serve one of its log sources, in which the scope of the
//! source holds and every field of the event stands as the model says, as far as the model holds it. What the model
//! cannot hold is not there. An event that contradicts a scope (an `EventID` that is of another source) has no row.
//! Of a scope or a value that may stand there in several ways, the row has the first that fits the event. Columns
//! that two fields fill have the value of the first by name. In KQL, a column of one value holds the first that its type
//! can hold; Elasticsearch and Splunk hold them all.
//! Lacks: times other than the event's own, and control sets by their number.

mod draft;
mod schema;

pub(crate) use draft::Draft;
pub use schema::{columns_read, schema};

use crate::convert::{Conversion, Entry};
use crate::model::SourceEntry;
use crate::{Dialect, Model};
use rulecast_ir::{
    Column, ColumnType, Logic, Mapped, Name, Predicate, Reads, Record, RecordSource, Row, Scalar, Schema,
};

/// Where the events of Elasticsearch stand, whose queries do not name indices.
const EVENTS: &str = "events";
const CATEGORY: &str = "event.category";

/// The rows that hold an event.
///
/// `schema` tells the types of the columns where the model does not ([`schema`] of the mapped rule); any other is text.
pub fn project(record: &Record, model: &Model, language: Dialect, schema: &Schema) -> Vec<Row> {
    project_with(record, &[], model, language, schema)
}

/// The same, of an event that is told by some columns of the target beside Sigma's fields: those that a rule reads
/// because a pipeline names them. Such a value stands in its column as it is. A name that is a field of the model is one.
pub fn project_with(record: &Record, columns: &[&str], model: &Model, language: Dialect, schema: &Schema) -> Vec<Row> {
    let mut entries: Vec<&SourceEntry> = model.serving_events(language).filter(|entry| serves(entry, record)).collect();
    // The scope that leaves least open comes first, and decides for the others that share its row.
    entries.sort_by_key(|entry| alternatives(&entry.own));
    let mut rows: Vec<(&SourceEntry, Draft)> = Vec::new();
    for entry in entries {
        let filler = Filler { record, columns, entry, model, schema };
        let shared = rows.iter_mut().filter(|(other, _)| other.reads == entry.reads);
        let mut shared = shared.map(|(_, draft)| (filler.fill(draft.clone()), draft));
        if let Some((Some(filled), draft)) = shared.find(|(filled, _)| filled.is_some()) {
            *draft = filled;
            continue;
        }
        drop(shared);
        if let Some(filled) = filler.fill(Draft::new(language, separator(entry, record))) {
            rows.push((entry, filled));
        }
    }
    rows.into_iter().map(|(entry, draft)| row(record, entry, draft, language)).collect()
}

fn row(record: &Record, entry: &SourceEntry, draft: Draft, language: Dialect) -> Row {
    // Splunk keeps the text of every event, whatever fields it finds there.
    let values = || record.fields.values().flatten().map(Scalar::text).collect::<Vec<_>>().join("\n");
    let raw = (language == Dialect::Spl).then(|| record.raw.clone().unwrap_or_else(values));
    Row {
        relation: relation(&entry.reads),
        id: record.id,
        time: record.time,
        time_column: entry.time.name().into(),
        columns: draft.into_columns(),
        raw,
    }
}

/// What holds the events of a source.
fn relation(reads: &Reads) -> Name {
    match reads {
        Reads::Table(name) | Reads::Macro(name) => name.clone(),
        Reads::Dataset(dataset) => dataset.name.clone(),
        Reads::Category(_) | Reads::Everything => EVENTS.into(),
    }
}

/// Whether a rule that reads this source might be about the event.
fn serves(entry: &SourceEntry, record: &Record) -> bool {
    let when = &entry.when;
    let fits = |wanted: &[&str], own: Option<&Name>| {
        wanted.is_empty() || own.is_none_or(|own| wanted.iter().any(|wanted| **wanted == **own))
    };
    let categories: Vec<&str> = when.category.iter().map(String::as_str).collect();
    let of = |source: &RecordSource| {
        let of_service = categories.is_empty() && when.service.is_some();
        if of_service && source.category.is_some() && source.service.is_none() {
            return false;
        }
        fits(when.product.as_deref().as_slice(), source.product.as_ref())
            && fits(&categories, source.category.as_ref())
            && fits(when.service.as_deref().as_slice(), source.service.as_ref())
    };
    record.log_sources.as_ref().is_none_or(|sources| sources.iter().any(of))
}

fn separator(entry: &SourceEntry, record: &Record) -> char {
    let of_record = || record.log_sources.iter().flatten().find_map(|source| source.product.as_deref());
    let product = entry.when.product.as_deref().or_else(of_record);
    if product == Some("windows") { '\\' } else { '/' }
}

/// How many ways there are to satisfy a scope, roughly: its tests.
fn alternatives(scope: &Predicate<Mapped>) -> usize {
    let mut tests = 0;
    scope.for_each(&mut |_| tests += 1);
    tests
}

/// Fills rows with one event as one source holds it.
struct Filler<'a> {
    record: &'a Record,
    /// Columns that the event itself names.
    columns: &'a [&'a str],
    entry: &'a SourceEntry,
    model: &'a Model,
    schema: &'a Schema,
}

impl Filler<'_> {
    /// The row with the event in it; none if the event is not of the source.
    fn fill(&self, mut draft: Draft) -> Option<Draft> {
        if self.model.pass {
            self.pass(&mut draft);
        } else {
            self.named(&mut draft);
        }
        // What tells events apart comes first, as the scope and other fields depend on it; what leaves least open before all.
        let is_plain = |entry: &Entry| entry.only == Logic::True && tells(entry);
        let leaves_open = |entry: &Entry, values: &[Scalar]| match &entry.conversion {
            Conversion::Enumeration(one) => one.leaves_open(values),
            _ => false,
        };
        self.fields(&mut draft, |entry, values| is_plain(entry) && !leaves_open(entry, values));
        self.fields(&mut draft, |entry, _| entry.only != Logic::True);
        self.fields(&mut draft, |entry, values| is_plain(entry) && leaves_open(entry, values));
        if let Reads::Category(Some(category)) = &self.entry.reads {
            draft.put_column(&Column::text(CATEGORY), [Scalar::Text(category.to_string())]);
        }
        if draft.is_of_another || !draft.establish(&self.entry.own) {
            return None;
        }
        self.fields(&mut draft, |entry, _| entry.only == Logic::True && !tells(entry));
        self.keys(&mut draft);
        self.identity(&mut draft);
        // An event that contradicts what is asked besides is not read.
        let asked = draft.establish(&self.entry.within) && draft.establish(&self.entry.besides);
        asked.then_some(draft)
    }

    /// Every field, as a column of its own name.
    fn pass(&self, draft: &mut Draft) {
        self.record.fields.keys().for_each(|field| self.put_as_it_is(field, draft));
    }

    /// The columns that the event names.
    fn named(&self, draft: &mut Draft) {
        let named = self.columns.iter().filter(|name| !self.entry.fields.contains_key(**name));
        named.for_each(|name| self.put_as_it_is(name, draft));
    }

    fn put_as_it_is(&self, name: &str, draft: &mut Draft) {
        let types = self.schema.relations.get(&*relation(&self.entry.reads));
        let ty = types.and_then(|types| types.get(name)).copied().unwrap_or(ColumnType::Text);
        draft.put_column(&Column::named(name, ty), self.record.values(name).iter().cloned());
    }

    fn fields(&self, draft: &mut Draft, wanted: impl Fn(&Entry, &[Scalar]) -> bool) {
        for name in self.entry.names.iter() {
            let values = self.record.values(name);
            if let Some(entry) = self.entry.fields.get(name).filter(|entry| !values.is_empty() && wanted(entry, values))
            {
                entry.project(values, draft);
            }
        }
    }

    /// A key of several columns stands in them together: equal keys, equal columns. Those that the event does not fill
    /// itself are made up from the key.
    fn keys(&self, draft: &mut Draft) {
        for (name, columns) in self.entry.keys.iter().filter(|(_, columns)| columns.len() > 1) {
            if let [value] = self.record.values(name) {
                for place in columns {
                    draft.put(place, [made_up(&value.text(), place.column.ty)]);
                }
            }
        }
    }

    /// The columns that tell the event from every other: the last has the id of the record. A device that the event does
    /// not name is its own.
    fn identity(&self, draft: &mut Draft) {
        if let Some((last, others)) = self.entry.id.split_last() {
            let id = i64::try_from(self.record.id).unwrap_or(i64::MAX);
            draft.put_column(last, [Scalar::Integer(id)]);
            for column in others {
                draft.put_column(column, [Scalar::Text(format!("of-{id}"))]);
            }
        }
    }
}

/// Whether the field may tell of which kind an event is.
fn tells(entry: &Entry) -> bool {
    matches!(entry.conversion, Conversion::Columns(_) | Conversion::Enumeration(_))
}

/// A value of the type that a text stands for, by a hash of it (FNV-1a).
fn made_up(text: &str, ty: ColumnType) -> Scalar {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    match ty {
        ColumnType::Long => Scalar::Integer(i64::try_from(hash % 100_000).unwrap_or_default()),
        // Milliseconds of some day of 2024.
        ColumnType::DateTime => {
            Scalar::Integer(1_704_067_200_000 + i64::try_from(hash % 31_536_000_000).unwrap_or_default())
        }
        _ => Scalar::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests;
