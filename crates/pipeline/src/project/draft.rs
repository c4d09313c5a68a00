//! A row in the making.

use crate::Dialect;
use crate::convert::Place;
use rulecast_ir::{Case, Column, ColumnExpr, ColumnType, Comparison, Logic, Mapped, Name, Number, Predicate, Scalar};
use rulecast_ir::{Subject, Test};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// The columns that an event has so far.
///
/// What stands in a column stays: a later value for it is left out, unless the column holds several.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    language: Dialect,
    /// What parts the names of a path on the platform of the event.
    pub(crate) separator: char,
    pub(super) columns: BTreeMap<String, Vec<Scalar>>,
    /// Columns that hold objects, whose properties are fields.
    objects: BTreeMap<String, Map<String, Value>>,
    /// Whether a field tells that the event is not of the source.
    pub(super) is_of_another: bool,
    /// Columns that hold XML, whose elements are fields.
    xml: BTreeMap<String, BTreeMap<String, Vec<Scalar>>>,
}

impl Draft {
    pub(crate) fn new(language: Dialect, separator: char) -> Self {
        Self {
            language,
            separator,
            columns: BTreeMap::new(),
            objects: BTreeMap::new(),
            is_of_another: false,
            xml: BTreeMap::new(),
        }
    }

    /// Puts values into a column, as far as its type can hold them. False: what stands there is something else.
    pub(crate) fn put(&mut self, place: &Place, values: impl IntoIterator<Item = Scalar>) -> bool {
        self.put_column(&place.column, values)
    }

    pub(crate) fn put_text(&mut self, place: &Place, text: impl Into<String>) -> bool {
        self.put(place, [Scalar::Text(text.into())])
    }

    /// As [`Draft::put`]. In KQL a column of one value holds the first; a field of Elasticsearch or Splunk may always
    /// hold several.
    pub(super) fn put_column(&mut self, column: &Column, values: impl IntoIterator<Item = Scalar>) -> bool {
        let mut held: Vec<Scalar> =
            values.into_iter().filter_map(|value| as_held(value, column.ty, self.language)).collect();
        if self.language == Dialect::Kql && !column.many && column.ty != ColumnType::Dynamic {
            held.truncate(1);
        }
        if held.is_empty() {
            return true;
        }
        let name = match &column.expr {
            ColumnExpr::Name(name) => name,
            ColumnExpr::Property { column, path, .. } => return self.put_property(column, path, held),
            ColumnExpr::XmlData { column, name } => return self.put_xml_data(column, name, &held),
            // What is joined stands in the columns.
            ColumnExpr::Join { .. } => return true,
        };
        match self.columns.get_mut(&**name) {
            None => {
                self.columns.insert(name.to_string(), held);
                true
            }
            Some(before) if column.many => {
                held.retain(|value| !before.contains(value));
                before.extend(held);
                true
            }
            Some(before) => *before == held,
        }
    }

    /// Puts an entry into the map that stands as text in a column, `{a=1, b=2}`. False: what stands there is no map.
    pub(crate) fn put_map_entry(&mut self, place: &Place, key: &str, value: &str) -> bool {
        let map = match self.values(&place.column) {
            [] => format!("{{{key}={value}}}"),
            [Scalar::Text(map)] if map.starts_with('{') && map.ends_with('}') => {
                format!("{}, {key}={value}}}", &map[..map.len() - 1])
            }
            _ => return false,
        };
        self.columns.insert(place.column.name().to_owned(), vec![Scalar::Text(map)]);
        true
    }

    /// Takes note that the event is not of the source.
    pub(crate) fn contradict(&mut self) {
        self.is_of_another = true;
    }

    fn put_property(&mut self, column: &Name, path: &[Name], held: Vec<Scalar>) -> bool {
        let Some((last, above)) = path.split_last() else { return false };
        let mut object = self.objects.entry(column.to_string()).or_default();
        for name in above {
            let next = object.entry(name.to_string()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(next) = next else { return false };
            object = next;
        }
        let mut values: Vec<Value> = held.into_iter().map(json).collect();
        let value = if values.len() == 1 { values.swap_remove(0) } else { Value::Array(values) };
        *object.entry(last.to_string()).or_insert_with(|| value.clone()) == value
    }

    fn put_xml_data(&mut self, column: &Name, name: &Name, held: &[Scalar]) -> bool {
        let elements = self.xml.entry(column.to_string()).or_default();
        *elements.entry(name.to_string()).or_insert_with(|| held.to_vec()) == held
    }

    fn values(&self, column: &Column) -> &[Scalar] {
        let held = match &column.expr {
            ColumnExpr::XmlData { column, name } => self.xml.get(&**column).and_then(|elements| elements.get(&**name)),
            _ => self.columns.get(column.name()),
        };
        held.map_or(&[], Vec::as_slice)
    }

    /// Whether something that a model says of events holds of this one.
    pub(crate) fn holds(&self, predicate: &Predicate<Mapped>) -> bool {
        match predicate {
            Logic::True => true,
            Logic::False => false,
            Logic::Not(inner) => !self.holds(inner),
            Logic::And(parts) => parts.iter().all(|part| self.holds(part)),
            Logic::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Logic::Test(atom) => {
                let Subject::Field(column) = &atom.subject else { return false };
                let values = self.values(column);
                match &atom.test {
                    Test::Exists(wanted) => *wanted != values.is_empty(),
                    test => values.iter().any(|value| is(value, test)),
                }
            }
        }
    }

    /// Makes it hold, by filling columns that are empty; of alternatives the first that can. False: it cannot hold of
    /// this event, and nothing has changed.
    pub(crate) fn establish(&mut self, predicate: &Predicate<Mapped>) -> bool {
        let before = (self.columns.clone(), self.xml.clone());
        let done = match predicate {
            _ if self.holds(predicate) => true,
            Logic::True | Logic::False | Logic::Not(_) => false,
            Logic::And(parts) => parts.iter().all(|part| self.establish(part)) && self.holds(predicate),
            Logic::Or(parts) => parts.iter().any(|part| self.establish(part)),
            Logic::Test(atom) => match (&atom.subject, asked(&atom.test)) {
                (Subject::Field(column), Some(value)) => self.put_column(column, [value]) && self.holds(predicate),
                _ => false,
            },
        };
        if !done {
            (self.columns, self.xml) = before;
        }
        done
    }

    /// The columns, with objects as JSON text and data of events as XML.
    pub(super) fn into_columns(mut self) -> BTreeMap<String, Vec<Scalar>> {
        for (name, object) in self.objects {
            self.columns.entry(name).or_insert_with(|| vec![Scalar::Text(Value::Object(object).to_string())]);
        }
        for (name, elements) in self.xml {
            self.columns.entry(name).or_insert_with(|| vec![Scalar::Text(xml(&elements))]);
        }
        self.columns
    }
}

/// As Azure's agents write the data of an event of Windows.
fn xml(elements: &BTreeMap<String, Vec<Scalar>>) -> String {
    let mut text =
        r#"<DataItem type="System.XmlData"><EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">"#
            .to_owned();
    for (name, values) in elements {
        for value in values {
            text.extend(["<Data Name=\"", &escaped(name), "\">", &escaped(&value.text()), "</Data>"]);
        }
    }
    text.push_str("</EventData></DataItem>");
    text
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The value of which a test of a model holds. That a column has one is said without saying which.
fn asked(test: &Test<Mapped>) -> Option<Scalar> {
    match test {
        Test::Text { pattern, .. } => Some(Scalar::Text(pattern.literals().collect())),
        Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) } => {
            Some(Scalar::Integer(*number))
        }
        Test::Exists(true) => Some(Scalar::Text("1".to_owned())),
        _ => None,
    }
}

/// Whether a value passes a test as models write it: of a text, or of a whole number.
fn is(value: &Scalar, test: &Test<Mapped>) -> bool {
    match test {
        Test::Text { pattern, case } => match (pattern.as_literal(), case) {
            (Some(text), Case::Sensitive) => value.text() == text,
            (Some(text), Case::Insensitive) => value.text().eq_ignore_ascii_case(text),
            (None, case) => rulecast_ir::eval::matches(pattern, &value.text(), *case),
        },
        Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) } => {
            whole(value) == Some(*number)
        }
        _ => false,
    }
}

/// The value as a column of this type holds it; none if it cannot. Splunk holds any value as its text, and reads a
/// number out of it where one is asked for.
fn as_held(value: Scalar, ty: ColumnType, language: Dialect) -> Option<Scalar> {
    if language == Dialect::Spl {
        return Some(value);
    }
    match ty {
        ColumnType::Text | ColumnType::FullText => Some(Scalar::Text(value.text())),
        ColumnType::Long => whole(&value).map(Scalar::Integer),
        ColumnType::Real => value.number().map(Scalar::Float),
        ColumnType::Bool => match value.text() {
            text if text.eq_ignore_ascii_case("true") => Some(Scalar::Boolean(true)),
            text if text.eq_ignore_ascii_case("false") => Some(Scalar::Boolean(false)),
            _ => None,
        },
        ColumnType::Ip => value.text().parse::<IpAddr>().is_ok().then_some(value),
        ColumnType::DateTime | ColumnType::Dynamic => Some(value),
    }
}

/// The whole number that a value is.
fn whole(value: &Scalar) -> Option<i64> {
    match value {
        Scalar::Integer(number) => Some(*number),
        Scalar::Text(text) if text.parse::<i64>().is_ok() => text.parse().ok(),
        other => {
            let number = other.number()?;
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and far from the bounds")]
            (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
        }
    }
}

fn json(value: Scalar) -> Value {
    match value {
        Scalar::Text(text) => Value::String(text),
        Scalar::Integer(number) => number.into(),
        Scalar::Float(number) => number.into(),
        Scalar::Boolean(boolean) => boolean.into(),
    }
}
