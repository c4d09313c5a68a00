//! What a model says, in words: for lists and pages.

use super::{Model, SourceEntry, describe};
use crate::Dialect;
use crate::convert::{Conversion, Entry, Place};
use rulecast_ir::{
    Assumption, Atom, Column, ColumnExpr, ColumnType, Logic, Mapped, Part, Pattern, Predicate, Reads, Rule, Sigma,
    Subject, Test,
};

/// A source of a model, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    /// The log sources that it serves, as `windows/process_creation`; `*` for any.
    pub log_sources: Vec<String>,
    /// The macro, table or category, in words.
    pub reads: String,
    /// What must hold of an event, in words; empty if it is all.
    pub scope: String,
    /// The column of the time.
    pub time: String,
    /// Its fields, by name.
    pub fields: Vec<FieldView>,
    /// What sequences join on, each with the columns that hold it together.
    pub keys: Vec<(String, Vec<String>)>,
}

/// What serves a log source of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRead {
    /// The log source, as `windows/process_creation`.
    pub log_source: String,
    /// `macro`, `dataset`, `table`, `category`, or `any` where the query names nothing.
    pub kind: &'static str,
    /// Its name; empty for `any`.
    pub name: String,
    /// The indices that the query is to be run on, where someone says so (EQL).
    pub index: Vec<String>,
    /// What must hold of an event, in words; empty if it is all.
    pub scope: String,
}

/// What serves the log sources of a rule by a model, as the rule reads it ([`scoped`](super::scoped)).
pub fn sources_read(rule: &Rule<Sigma>, model: &Model, language: Dialect) -> Vec<SourceRead> {
    let mut log_sources = Vec::new();
    super::scope::log_sources(&rule.body, &mut log_sources);
    let mut all: Vec<SourceRead> = Vec::new();
    for log_source in log_sources {
        for entry in model.serving(log_source, language) {
            let (kind, name) = match &entry.reads {
                Reads::Macro(name) => ("macro", name.to_string()),
                Reads::Dataset(dataset) => ("dataset", dataset.name.to_string()),
                Reads::Table(name) => ("table", name.to_string()),
                Reads::Category(Some(name)) => ("category", name.to_string()),
                Reads::Category(None) | Reads::Everything => ("any", String::new()),
            };
            let index = entry.indices.iter().map(ToString::to_string).collect();
            let one =
                SourceRead { log_source: log_source.to_string(), kind, name, index, scope: predicate(&entry.scope) };
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// A field of a source, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// The field of Sigma.
    pub name: String,
    /// The columns that hold it, each with its type.
    pub columns: Vec<(String, &'static str)>,
    /// How they hold it; empty if one column does as it is.
    pub conversion: String,
    /// The assumption under which they do; empty if it is a fact.
    pub assumes: String,
}

impl Model {
    /// Its sources in a language, in the order of the model.
    pub fn view(&self, language: Dialect) -> Vec<SourceView> {
        self.serving_events(language).map(source).collect()
    }

    /// Every column that it names, in order, with the word for its type. What is a part of a column is none.
    pub fn columns(&self) -> Vec<(&str, &'static str)> {
        let whole = self.columns.iter().filter(|(_, place)| matches!(place.column.expr, ColumnExpr::Name(_)));
        let mut columns: Vec<_> = whole.map(|(name, place)| (name.as_str(), type_name(place.column.ty))).collect();
        columns.sort_unstable();
        columns
    }
}

/// The word for a type in a model's file.
pub(crate) fn type_name(ty: ColumnType) -> &'static str {
    let found = super::read::TYPES.iter().find(|(_, one)| *one == ty);
    found.expect("every type has a word").0
}

fn source(entry: &SourceEntry) -> SourceView {
    let named = |name: &String| if name.is_empty() { "*".to_owned() } else { name.clone() };
    let mut keys: Vec<(String, Vec<String>)> = entry
        .keys
        .iter()
        .map(|(name, places)| (name.to_string(), places.iter().map(|place| column(&place.column)).collect()))
        .collect();
    keys.sort();
    SourceView {
        log_sources: entry.serving.iter().map(named).collect(),
        reads: reads(entry),
        scope: predicate(&entry.scope),
        time: column(&entry.time),
        fields: entry.names.iter().filter_map(|name| Some(field(name, entry.fields.get(name)?))).collect(),
        keys,
    }
}

/// The vendor's integrations by which the events must come.
fn integrations(scope: &Predicate<Mapped>) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    scope.for_each(&mut |atom| {
        names.extend(atom.notes.assumptions.iter().filter_map(|one| match one {
            Assumption::Integration(name) => Some(&**name),
            _ => None,
        }));
    });
    names.dedup();
    names
}

fn reads(entry: &SourceEntry) -> String {
    let described = describe(&entry.reads);
    let by = |reads: String, name: &str| format!("{reads}, by the integration `{name}`");
    let reads = integrations(&entry.scope).into_iter().fold(described, by);
    if entry.indices.is_empty() {
        return reads;
    }
    let names: Vec<String> = entry.indices.iter().map(|name| format!("`{name}`")).collect();
    format!("{reads} in {}", names.join(", "))
}

fn field(name: &str, entry: &Entry) -> FieldView {
    let places = entry.shown();
    let mut columns: Vec<(String, &'static str)> = Vec::new();
    for place in &places {
        let one = (column(&place.column), type_name(place.column.ty));
        if !columns.contains(&one) {
            columns.push(one);
        }
    }
    let mut words = conversion(&entry.conversion);
    if entry.only != Logic::True {
        let only = predicate(&entry.only);
        words = if words.is_empty() { format!("where {only}") } else { format!("{words}; where {only}") };
    }
    let mut assumed = entry.unchecked || places.iter().any(|place| place.unchecked);
    if let Conversion::Enumeration(values) = &entry.conversion {
        values.values.iter().for_each(|(_, tests)| {
            tests.for_each(&mut |atom| {
                assumed |= atom.notes.assumptions.iter().any(|one| matches!(one, Assumption::Mapping(_)));
            });
        });
    }
    let assumes = if assumed { Assumption::Mapping(name.into()).to_string() } else { String::new() };
    FieldView { name: name.to_owned(), columns, conversion: words, assumes }
}

/// How columns hold a field.
fn conversion(conversion: &Conversion) -> String {
    let name = |place: &Place| column(&place.column);
    match conversion {
        Conversion::Columns(one) if one.0.len() > 1 => "any of the columns".to_owned(),
        Conversion::Columns(one) => match one.0.first().map(|place| &place.column.expr) {
            Some(ColumnExpr::Property { parse: true, .. }) => "a property of an object in JSON text".to_owned(),
            Some(ColumnExpr::Property { parse: false, .. }) => "a property of an object".to_owned(),
            Some(ColumnExpr::XmlData { .. }) => "an element of XML".to_owned(),
            None => "never there".to_owned(),
            _ => String::new(),
        },
        Conversion::Basename(one) => match &one.path {
            Some(_) => format!("the path; the name after its last separator is in `{}`", name(&one.name)),
            None => "the name after the last separator, and no path".to_owned(),
        },
        Conversion::SplitUser(_) => "`DOMAIN\\name`, parted".to_owned(),
        Conversion::HashColumns(_) => "a column for each algorithm".to_owned(),
        Conversion::DevicePath(_) => "the path, with the device in place of the drive".to_owned(),
        Conversion::XmlElement(one) => format!("the element `{}` of XML", one.name),
        Conversion::MapEntry(one) => format!("the entry `{}` in the text of a map", one.key),
        Conversion::HashList(_) => "every hash in one column".to_owned(),
        Conversion::Prefixed(one) => format!("after `{}`", one.prefix),
        Conversion::RegistryPath(one) => match &one.split {
            Some(_) => "key and value name, parted; other names of hives".to_owned(),
            None => "other names of hives".to_owned(),
        },
        Conversion::Dword(one) if one.hex => "numbers as digits, and in hexadecimal".to_owned(),
        Conversion::Dword(_) => "numbers as digits".to_owned(),
        Conversion::Enumeration(one) => {
            let values: Vec<String> =
                one.values.iter().map(|(value, tests)| format!("`{value}`: {}", predicate(tests))).collect();
            let other = if one.other.is_empty() { "" } else { "; any other value as it is" };
            format!("{}{other}", values.join("; "))
        }
        Conversion::Hex(one) if one.0.column.ty == ColumnType::Text => "a number in hexadecimal".to_owned(),
        Conversion::Guid(_) => "a GUID in braces, with them or without".to_owned(),
        Conversion::Hex(_) => "a hexadecimal number as a number".to_owned(),
        Conversion::Orientation(one) => format!(
            "`{}` where {}; `{}` where {}",
            name(&one.initiated),
            predicate(&one.when_initiated),
            name(&one.accepted),
            predicate(&one.when_accepted)
        ),
    }
}

/// A column, as a person would write it.
fn column(column: &Column) -> String {
    match &column.expr {
        ColumnExpr::Name(name) => name.to_string(),
        ColumnExpr::Property { column, path, .. } => {
            path.iter().fold(column.to_string(), |text, part| format!("{text}.{part}"))
        }
        ColumnExpr::XmlData { column, name } => format!("{column}.{name}"),
        ColumnExpr::Join { columns, separator } => columns.join(separator),
    }
}

/// A predicate of a model's file, in words.
fn predicate(tree: &Predicate<Mapped>) -> String {
    match tree {
        Logic::True => String::new(),
        Logic::False => "never".to_owned(),
        Logic::Not(inner) => format!("not ({})", predicate(inner)),
        Logic::And(parts) => parts.iter().map(grouped).collect::<Vec<_>>().join(" and "),
        Logic::Or(parts) => alternatives(parts),
        Logic::Test(one) => atom(one),
    }
}

fn grouped(tree: &Predicate<Mapped>) -> String {
    match tree {
        Logic::Or(parts) if same_column(parts).is_none() => format!("({})", alternatives(parts)),
        other => predicate(other),
    }
}

fn alternatives(parts: &[Predicate<Mapped>]) -> String {
    match same_column(parts) {
        Some((column, values)) => format!("{column} in ({})", values.join(", ")),
        None => parts.iter().map(grouped).collect::<Vec<_>>().join(" or "),
    }
}

/// The column that all parts compare with a value, and the values.
fn same_column(parts: &[Predicate<Mapped>]) -> Option<(String, Vec<String>)> {
    let mut all: Option<(String, Vec<String>)> = None;
    for part in parts {
        let Logic::Test(one) = part else { return None };
        let (name, value) = compared(one)?;
        match &mut all {
            None => all = Some((name, vec![value])),
            Some((known, values)) if *known == name => values.push(value),
            Some(_) => return None,
        }
    }
    all.filter(|(_, values)| values.len() > 1)
}

fn compared(atom: &Atom<Mapped>) -> Option<(String, String)> {
    let Subject::Field(field) = &atom.subject else { return None };
    let value = match &atom.test {
        Test::Text { pattern, .. } => format!("\"{}\"", written(pattern)),
        Test::Number { number, .. } => number.to_string(),
        _ => return None,
    };
    Some((column(field), value))
}

/// A pattern, with `*` for anything.
fn written(pattern: &Pattern) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::AnyRun => "*".to_owned(),
        Part::AnyOne => "?".to_owned(),
        Part::Placeholder(name) => format!("%{name}%"),
    };
    pattern.parts().iter().map(part).collect()
}

fn atom(atom: &Atom<Mapped>) -> String {
    match (compared(atom), &atom.subject, &atom.test) {
        (Some((name, value)), ..) => format!("{name} = {value}"),
        (None, Subject::Field(field), Test::Exists(true)) => format!("{} is there", column(field)),
        (None, Subject::Field(field), _) => format!("{} is not there", column(field)),
        (None, ..) => "a test of the whole event".to_owned(),
    }
}
