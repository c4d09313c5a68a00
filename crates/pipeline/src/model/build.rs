//! From the parts of a file to a model that is ready for use.
//!
//! Promises: parts that contradict each other are problems at their places, all of them at once.

mod conversion;

use super::file::{
    ColumnFile, ConvertFile, FieldFile, File, OfFile, ReadsFile, Scalar, SourceFile, TestFile, WhatFile, Word,
};
use super::read::{Problems, invalid};
use super::{ByCategory, INVALID, Model, SourceEntry, When};
use crate::convert::{Columns, Conversion, Entry, Enumeration, Place};
use crate::map::near::Letters;
use crate::read::unknown_in;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_ir::{
    Assumption, Atom, Case, Column, ColumnExpr, ColumnType, Comparison, Dataset, Logic, Mapped, Name, Notes, Number,
    Pattern, Predicate, Reads, Subject, Test,
};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The model; sound only if no problem was found. Where not all of the file could be read, nothing is said to be missing.
pub(super) fn build(file: &File, all_read: bool, problems: &mut Problems) -> Model {
    if all_read && file.languages.is_empty() {
        problems.push(invalid(file.name.span, "the data model serves no language").help("add `languages: [eql]`"));
    }
    if all_read && file.sources.is_empty() {
        problems.push(invalid(file.name.span, "the data model lacks `sources`"));
    }
    let builder = Builder::new(file, all_read);
    let sources: Vec<SourceEntry> = file.sources.iter().filter_map(|source| builder.source(source)).collect();
    if all_read {
        builder.idle_groups();
    }
    problems.append(&mut builder.problems.into_inner());
    Model {
        name: file.name.node.clone(),
        title: file.title.clone(),
        languages: file.languages.clone(),
        references: file.references.clone(),
        pass: file.pass,
        scan: file.scan,
        by_category: ByCategory::new(&sources),
        sources,
        columns: builder.columns.into_inner(),
    }
}

struct Builder<'a> {
    file: &'a File,
    /// Whether nothing of the file is left out.
    all_read: bool,
    known: HashMap<&'a str, &'a ColumnFile>,
    /// Every column so far, so that all sources share one.
    columns: RefCell<HashMap<String, Place>>,
    problems: RefCell<Problems>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a File, all_read: bool) -> Self {
        let columns = file.columns.iter().map(|(name, column)| {
            let ColumnFile { ty, many, always, unchecked, digits, ref of, ref xml_data, cased: _ } = *column;
            let expr = match (of, xml_data) {
                (Some(of), _) => property(of),
                (None, Some(column)) => element(column, name),
                (None, None) => ColumnExpr::Name(name.as_str().into()),
            };
            let column = Column { expr, ty, many, always };
            (name.node.clone(), Place { column: Arc::new(column), unchecked, digits })
        });
        let columns = RefCell::new(columns.collect());
        let known = file.columns.iter().map(|(name, column)| (name.as_str(), column)).collect();
        Self { file, all_read, known, columns, problems: RefCell::default() }
    }

    fn problem(&self, span: Span, message: impl Into<String>) {
        self.problems.borrow_mut().push(invalid(span, message));
    }

    fn unknown<'n>(&self, what: &str, word: &Word, known: impl IntoIterator<Item = &'n str> + Clone) {
        self.problems.borrow_mut().push(unknown_in(INVALID, what, word, known));
    }

    fn place(&self, name: &str) -> Place {
        let mut columns = self.columns.borrow_mut();
        if let Some(place) = columns.get(name) {
            return place.clone();
        }
        let place = Place { column: Arc::new(Column::text(name)), unchecked: false, digits: false };
        columns.insert(name.to_owned(), place.clone());
        place
    }

    fn places(&self, names: &[Word]) -> Vec<Place> {
        names.iter().map(|name| self.place(name)).collect()
    }

    fn columns(&self, names: &[Word]) -> Vec<Arc<Column>> {
        names.iter().map(|name| self.place(name).column).collect()
    }

    fn source(&self, source: &SourceFile) -> Option<SourceEntry> {
        let when = When {
            product: source.when.product.clone(),
            category: source.when.category.clone(),
            service: source.when.service.clone(),
            or_service: source.when.or_service.clone(),
        };
        let reads = match &source.reads.node {
            ReadsFile::Any => Reads::Category(None),
            ReadsFile::Everything => Reads::Everything,
            ReadsFile::Category(name) => Reads::Category(Some(name.as_str().into())),
            ReadsFile::Dataset(name) => {
                let shown = self.columns(&source.by).iter().map(|column| column.name().into()).collect();
                Reads::Dataset(Arc::new(Dataset { name: name.as_str().into(), shown }))
            }
            ReadsFile::Macro(name) => Reads::Macro(name.as_str().into()),
            ReadsFile::Table(name) => Reads::Table(name.as_str().into()),
        };
        self.readable(source, &reads);
        let time = source.time.as_ref().or(self.file.time.as_ref());
        if time.is_none() && self.all_read {
            self.problem(source.span, "the source has no `time`, and neither has the data model");
        }
        let id = if source.id.is_empty() { &self.file.id } else { &source.id };
        let (written, keys) = self.fields(source);
        let mut fields = HashMap::with_capacity(written.len());
        for (name, field) in &written {
            if let Some(mut entry) = self.entry(field, &written, source) {
                entry.unchecked |= source.unchecked;
                if let Conversion::Enumeration(Enumeration { other, never, .. }) = &mut entry.conversion
                    && other.is_empty()
                {
                    *never = self.values_elsewhere(name, source);
                }
                fields.insert(Name::from(*name), entry);
            }
        }
        // A key of one column is a field like any other.
        for (name, columns) in &keys {
            if let ([place], false) = (columns.as_slice(), fields.contains_key(name)) {
                let conversion = Conversion::Columns(Columns(vec![place.clone()]));
                fields.insert(name.clone(), Entry { conversion, only: Logic::True, unchecked: false });
            }
        }
        let mut names = fields.keys().cloned().collect::<Vec<_>>();
        names.sort();
        Some(SourceEntry {
            serving: when.names(),
            when,
            language: source.language.as_ref().map(|language| language.node),
            reads,
            scope: Logic::all([self.tests(&self.file.scope), self.tests(&source.scope)]),
            time: self.time(time?),
            id: self.columns(id),
            letters: names.iter().map(|name| Letters::of(name)).collect(),
            names,
            lacks: self.lacks(source),
            direction: direction(&written),
            fields,
            keys: keys.into_iter().collect(),
        })
    }

    /// That what a source reads is a thing of every language it serves.
    fn readable(&self, source: &SourceFile, reads: &Reads) {
        let language = source.language();
        let served = match &source.language {
            Some(only) if !self.file.languages.contains(only) => {
                let message = format!("the data model does not serve `{}`", only.name());
                return self.problem(only.span, message);
            }
            Some(only) => std::slice::from_ref(&only.node),
            None => self.file.languages.as_slice(),
        };
        if let Some(other) = served.iter().find(|served| **served != language) {
            let message = format!("`{}` cannot read {}", other.name(), describe(reads));
            let problem = invalid(source.reads.span, message);
            let problem = if served.len() > 1 {
                problem.help(format!("say `language: {}` in this source", language.name()))
            } else {
                problem
            };
            self.problems.borrow_mut().push(problem);
        }
    }

    /// The column of the time, which is a point in time unless the model says otherwise.
    fn time(&self, name: &str) -> Arc<Column> {
        if self.known.contains_key(name) {
            return self.place(name).column;
        }
        Arc::new(Column { always: true, ..Column::named(name, ColumnType::DateTime) })
    }

    /// The fields and keys of a source: of its groups in order, then its own.
    #[expect(clippy::type_complexity, reason = "two lists, used once")]
    fn fields<'s>(&'s self, source: &'s SourceFile) -> (Vec<(&'s str, Written<'s>)>, Vec<(Name, Vec<Place>)>) {
        let mut fields = Vec::new();
        let mut keys = Vec::new();
        let groups = source.groups.iter().filter_map(|name| {
            let found = self.file.groups.iter().find(|(known, _)| known.node == name.node).map(|(_, group)| group);
            if found.is_none() && self.all_read {
                self.unknown("group", name, self.file.groups.iter().map(|(known, _)| known.as_str()));
            }
            found
        });
        for group in groups.chain([&source.own]) {
            group.same.iter().for_each(|name| put(&mut fields, name.as_str(), Written::Same(name)));
            for (prefix, names) in &group.under {
                names.iter().for_each(|name| put(&mut fields, name.as_str(), Written::Under(prefix, name)));
            }
            for (column, names) in &group.xml_data {
                names.iter().for_each(|name| put(&mut fields, name.as_str(), Written::XmlData(column, name)));
            }
            group.fields.iter().for_each(|(name, field)| put(&mut fields, name.as_str(), Written::Field(field)));
            for (name, columns) in &group.keys {
                put(&mut keys, name.as_str(), self.places(columns));
            }
        }
        (fields, keys)
    }

    /// What a source and its groups say that the events do not hold.
    fn lacks(&self, source: &SourceFile) -> Vec<Name> {
        let named = |(name, _): &&(Word, super::file::Group)| source.groups.iter().any(|one| one.node == name.node);
        let groups = self.file.groups.iter().filter(named).map(|(_, group)| group);
        groups.chain([&source.own]).flat_map(|group| &group.lacks).map(|name| name.as_str().into()).collect()
    }

    /// Groups of the file itself that no source names: likely a slip.
    fn idle_groups(&self) {
        let used: BTreeSet<&str> =
            self.file.sources.iter().flat_map(|source| &source.groups).map(|name| name.as_str()).collect();
        for (name, _) in &self.file.groups {
            if name.span.file == self.file.name.span.file && !used.contains(name.as_str()) {
                let message = format!("no source names the group `{}`", name.node);
                self.problems.borrow_mut().push(Diagnostic::warning("idle-group", name.span, message));
            }
        }
    }

    /// What the other sources of the same log source know as values of a field.
    fn values_elsewhere(&self, field: &str, source: &SourceFile) -> Vec<String> {
        let mut values = Vec::new();
        for other in self.file.sources.iter().filter(|other| other.when == source.when && !std::ptr::eq(*other, source))
        {
            let (written, _) = self.fields(other);
            if let Some((_, Written::Field(FieldFile { convert: ConvertFile::Enum(known), .. }))) =
                written.iter().find(|(name, _)| *name == field)
            {
                values.extend(known.values.iter().map(|(value, _)| value.node.clone()));
            }
        }
        values
    }

    fn entry(&self, field: &Written<'_>, all: &[(&str, Written<'_>)], source: &SourceFile) -> Option<Entry> {
        let plain = |place| Entry {
            conversion: Conversion::Columns(Columns(vec![place])),
            only: Logic::True,
            unchecked: false,
        };
        Some(match field {
            Written::Same(name) => plain(self.place(name)),
            Written::Under(prefix, name) => plain(self.place(&format!("{prefix}.{name}"))),
            Written::XmlData(column, name) => plain(self.xml_data(column, name, source)),
            Written::Field(FieldFile { convert: ConvertFile::Never, .. }) => {
                Entry { conversion: Conversion::Columns(Columns(Vec::new())), only: Logic::False, unchecked: false }
            }
            Written::Field(FieldFile { unchecked, only, convert }) => Entry {
                conversion: self.conversion(convert, all, source)?,
                only: self.tests(only),
                unchecked: *unchecked,
            },
        })
    }

    fn tests(&self, tests: &[TestFile]) -> Predicate<Mapped> {
        Logic::all(tests.iter().map(|test| self.test(test)))
    }

    fn test(&self, file: &TestFile) -> Predicate<Mapped> {
        let on = |column: &str, test| {
            let mut notes = Notes::default();
            if let Some(field) = &file.unchecked {
                notes.assume(Assumption::Mapping(field.as_str().into()));
            }
            let subject = Subject::Field(self.place(column).column);
            Logic::Test(Atom { subject, test, span: Span::default(), notes })
        };
        match &file.what {
            WhatFile::Equals(column, value) => on(column, self.scalar(column, value)),
            WhatFile::In(column, values) => {
                Logic::any(values.iter().map(|value| on(column, self.scalar(column, value))))
            }
            WhatFile::Exists(column, wanted) => on(column, Test::Exists(*wanted)),
            WhatFile::Any(tests) => Logic::any(tests.iter().map(|test| self.test(test))),
        }
    }

    /// A value of a column. Model values are compared without regard to case, as a rule's are, unless the column's values
    /// are spelled in one way.
    fn scalar(&self, column: &str, value: &Spanned<Scalar>) -> Test<Mapped> {
        let declared = self.known.get(column).copied();
        let ty = declared.map_or(ColumnType::Text, |column| column.ty);
        match &value.node {
            Scalar::Number(number) => {
                if matches!(ty, ColumnType::Text | ColumnType::FullText) {
                    let problem =
                        invalid(value.span, format!("the column `{column}` holds text, and this is a number"));
                    let help =
                        format!("put the value in quotes, or declare `{column}: {{type: long}}` under `columns`");
                    self.problems.borrow_mut().push(problem.help(help));
                }
                Test::Number { comparison: Comparison::Equal, number: Number::Integer(*number) }
            }
            Scalar::Text(text) => {
                if matches!(ty, ColumnType::Long | ColumnType::Real) {
                    let problem = invalid(value.span, format!("the column `{column}` holds numbers, and this is text"));
                    self.problems.borrow_mut().push(problem.help("write the value without quotes"));
                }
                let cased = declared.is_some_and(|column| column.cased);
                let case = if cased { Case::Sensitive } else { Case::Insensitive };
                Test::Text { pattern: Pattern::literal(text), case }
            }
        }
    }
}

/// A field as the file has it.
enum Written<'a> {
    /// A column of the same name.
    Same(&'a str),
    /// A column of the same name, after this prefix and a dot.
    Under(&'a str, &'a str),
    /// An element of this column, of this name.
    XmlData(&'a Word, &'a str),
    Field(&'a FieldFile),
}

fn element(column: &str, name: &str) -> ColumnExpr {
    ColumnExpr::XmlData { column: column.into(), name: name.into() }
}

/// Puts an entry in its place, or over the one of the same name.
fn put<K: PartialEq, V>(into: &mut Vec<(K, V)>, name: impl Into<K>, value: V) {
    let name = name.into();
    match into.iter_mut().find(|(known, _)| *known == name) {
        Some((_, before)) => *before = value,
        None => into.push((name, value)),
    }
}

fn property(of: &OfFile) -> ColumnExpr {
    let path = of.path.iter().map(|name| name.as_str().into()).collect();
    ColumnExpr::Property { column: of.column.as_str().into(), path, parse: of.parse }
}

pub(super) fn describe(reads: &Reads) -> String {
    match reads {
        Reads::Category(None) => "events of any category".to_owned(),
        Reads::Category(Some(name)) => format!("the category `{name}`"),
        Reads::Dataset(dataset) => format!("the dataset `{}`", dataset.name),
        Reads::Macro(name) => format!("the macro `{name}`"),
        Reads::Everything => "everything".to_owned(),
        Reads::Table(name) => format!("the table `{name}`"),
    }
}

fn direction(fields: &[(&str, Written<'_>)]) -> Option<Name> {
    fields.iter().find_map(|(_, field)| match field {
        Written::Field(FieldFile { convert: ConvertFile::Orientation(sides), .. }) => Some(sides.by.as_str().into()),
        _ => None,
    })
}
