//! From the file of a model to one that is ready for use.

use super::file::{
    ColumnFile, ConvertFile, FieldFile, File, OneOrMore, ReadsFile, ReadsName, Scalar, SourceFile, TestFile, Type,
};
use super::{Model, ModelError, SourceEntry, When};
use crate::convert::{
    Algorithm, Basename, Columns, Conversion, DevicePath, Dword, Entry, Enumeration, HashColumns, Hex, HexText, Hive, Orientation,
    Place, RegistryPath, Split, SplitUser, Types, XmlElement,
};
use rulecast_diagnostics::Span;
use rulecast_ir::{
    Assumption, Atom, Case, Column, ColumnExpr, ColumnType, Comparison, Logic, Mapped, Name, Notes, Number, Pattern,
    Predicate, Reads, Subject, Test,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn build(file: &File) -> Result<Model, ModelError> {
    if file.languages.is_empty() {
        return Err(ModelError::inconsistent(file, "it serves no language"));
    }
    if file.sources.is_empty() {
        return Err(ModelError::inconsistent(file, "it has no `sources`"));
    }
    let builder = Builder::new(file);
    let sources = file.sources.iter().map(|source| builder.source(source)).collect::<Result<Vec<_>, _>>();
    match sources {
        Ok(sources) => {
            let columns = builder.columns.into_inner();
            let (name, title, languages) = (file.name.clone(), file.title.clone(), file.languages.clone());
            Ok(Model { name, title, languages, pass: file.pass, sources, columns })
        }
        Err(message) => Err(ModelError::inconsistent(file, message)),
    }
}

impl ModelError {
    pub(super) fn inconsistent(file: &File, message: impl Into<String>) -> Self {
        ModelError::Inconsistent { model: file.name.clone(), message: message.into() }
    }
}

struct Builder<'a> {
    file: &'a File,
    /// Every column so far, so that all sources share one.
    columns: RefCell<HashMap<String, Place>>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a File) -> Self {
        let columns = file.columns.0.iter().map(|(name, column)| {
            let ColumnFile { ty, many, always, unchecked, cased: _ } = *column;
            let column = Column { expr: ColumnExpr::Name(name.as_str().into()), ty: ty.into(), many, always };
            (name.clone(), Place { column: Arc::new(column), unchecked })
        });
        Self { file, columns: RefCell::new(columns.collect()) }
    }

    fn place(&self, name: &str) -> Place {
        let mut columns = self.columns.borrow_mut();
        if let Some(place) = columns.get(name) {
            return place.clone();
        }
        let place = Place { column: Arc::new(Column::text(name)), unchecked: false };
        columns.insert(name.to_owned(), place.clone());
        place
    }

    fn places(&self, names: &[String]) -> Vec<Place> {
        names.iter().map(|name| self.place(name)).collect()
    }

    fn columns(&self, names: &[String]) -> Vec<Arc<Column>> {
        names.iter().map(|name| self.place(name).column).collect()
    }

    fn source(&self, source: &SourceFile) -> Result<SourceEntry, String> {
        let when = When {
            product: source.when.product.clone(),
            category: source.when.category.0.clone(),
            service: source.when.service.clone(),
        };
        let reads = match &source.reads {
            ReadsFile::Any => Reads::Category(None),
            ReadsFile::Everything => Reads::Everything,
            ReadsFile::Named(ReadsName::Category, name) => Reads::Category(Some(name.as_str().into())),
            ReadsFile::Named(ReadsName::Macro, name) => Reads::Macro(name.as_str().into()),
            ReadsFile::Named(ReadsName::Table, name) => Reads::Table(name.as_str().into()),
        };
        self.readable(source, &reads)?;
        let time = source.time.as_ref().or(self.file.time.as_ref());
        let time = time.ok_or_else(|| format!("{} has no `time`", when.names().join(", ")))?;
        let id = if source.id.is_empty() { &self.file.id } else { &source.id };
        let (written, keys) = self.fields(source)?;
        let mut fields = HashMap::new();
        for (name, field) in &written {
            let entry = self.entry(field, &written).map_err(|message| format!("`{name}`: {message}"))?;
            fields.insert(Name::from(*name), entry);
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
        Ok(SourceEntry {
            serving: when.names(),
            when,
            language: source.language,
            reads,
            scope: self.tests(&source.scope)?,
            time: self.time(time),
            id: self.columns(id),
            names,
            direction: direction(&written),
            fields,
            keys: keys.into_iter().collect(),
        })
    }

    /// That what a source reads is a thing of every language it serves.
    fn readable(&self, source: &SourceFile, reads: &Reads) -> Result<(), String> {
        let language = source.language();
        let served = source.language.as_ref().map_or(self.file.languages.as_slice(), std::slice::from_ref);
        match served.iter().find(|served| **served != language) {
            Some(other) => Err(format!("`{}` cannot read {}", other.name(), describe(reads))),
            None => Ok(()),
        }
    }

    /// The column of the time, which is a point in time unless the model says otherwise.
    fn time(&self, name: &str) -> Arc<Column> {
        if self.file.columns.0.iter().any(|(known, _)| known == name) {
            return self.place(name).column;
        }
        Arc::new(Column { always: true, ..Column::named(name, ColumnType::DateTime) })
    }

    /// The fields and keys of a source: of its groups in order, then its own.
    #[expect(clippy::type_complexity, reason = "two lists, used once")]
    fn fields(&self, source: &'a SourceFile) -> Result<(Vec<(&'a str, Written<'a>)>, Vec<(Name, Vec<Place>)>), String> {
        let mut fields = Vec::new();
        let mut keys = Vec::new();
        for name in &source.groups {
            let group = self.file.groups.0.iter().find(|(known, _)| known == name).map(|(_, group)| group);
            let group = group.ok_or_else(|| format!("there is no group `{name}`"))?;
            group.same.iter().for_each(|name| put(&mut fields, name.as_str(), Written::Same(name)));
            for (prefix, names) in &group.under.0 {
                names.iter().for_each(|name| put(&mut fields, name.as_str(), Written::Under(prefix, name)));
            }
            group.fields.0.iter().for_each(|(name, field)| put(&mut fields, name.as_str(), Written::Field(field)));
            for (name, OneOrMore(columns)) in &group.keys.0 {
                put(&mut keys, name.as_str(), self.places(columns));
            }
        }
        source.fields.0.iter().for_each(|(name, field)| put(&mut fields, name.as_str(), Written::Field(field)));
        for (name, OneOrMore(columns)) in &source.keys.0 {
            put(&mut keys, name.as_str(), self.places(columns));
        }
        Ok((fields, keys))
    }

    fn entry(&self, field: &Written<'_>, all: &[(&str, Written<'_>)]) -> Result<Entry, String> {
        let plain =
            |places| Entry { conversion: Conversion::Columns(Columns(places)), only: Logic::True, unchecked: false };
        match field {
            Written::Same(name) => Ok(plain(vec![self.place(name)])),
            Written::Under(prefix, name) => Ok(plain(vec![self.place(&format!("{prefix}.{name}"))])),
            Written::Field(FieldFile::Columns(names)) if names.is_empty() => Err("it names no column".to_owned()),
            Written::Field(FieldFile::Columns(names)) => Ok(plain(self.places(names))),
            Written::Field(FieldFile::Convert(file)) => Ok(Entry {
                conversion: self.conversion(file, all)?,
                only: self.tests(&file.only)?,
                unchecked: file.unchecked,
            }),
        }
    }

    fn conversion(&self, file: &ConvertFile, all: &[(&str, Written<'_>)]) -> Result<Conversion, String> {
        let mut found = Vec::new();
        if let Some(OneOrMore(names)) = &file.columns {
            found.push(Conversion::Columns(Columns(self.places(names))));
        }
        if let Some(column) = &file.device_path {
            found.push(Conversion::DevicePath(DevicePath(self.place(column))));
        }
        if let Some(property) = &file.property {
            let expr = ColumnExpr::Property {
                column: property.column.as_str().into(),
                path: property.path.iter().map(|name| name.as_str().into()).collect(),
                parse: property.parse,
            };
            let column = Column { expr, ty: property.ty.into(), many: false, always: false };
            let place = Place { column: Arc::new(column), unchecked: false };
            found.push(Conversion::Columns(Columns(vec![place])));
        }
        if let Some(basename) = &file.basename {
            let path = basename.path.as_ref().map(|path| self.place(path));
            found.push(Conversion::Basename(Basename { path, name: self.place(&basename.name) }));
        }
        if let Some(user) = &file.split_user {
            let (domain, name) = (self.place(&user.domain), self.place(&user.name));
            found.push(Conversion::SplitUser(SplitUser { domain, name }));
        }
        if let Some(hashes) = &file.hash_columns {
            let columns = hashes.0.iter().map(|(name, column)| {
                let algorithm = Algorithm::from_name(name).ok_or_else(|| format!("no hash is called `{name}`"))?;
                Ok((algorithm, self.place(column)))
            });
            found.push(Conversion::HashColumns(HashColumns(columns.collect::<Result<_, String>>()?)));
        }
        if let Some(registry) = &file.registry_path {
            let key_events = match self.tests(&registry.key_events)? {
                Logic::True => Logic::False,
                told => told,
            };
            let split = registry.value.as_ref().map(|value| {
                let columns = [&registry.key, value].map(|name| name.as_str().into()).to_vec();
                let expr = ColumnExpr::Join { columns, separator: "\\".into() };
                let joined = Column { expr, ty: ColumnType::Text, many: false, always: false };
                let unchecked = self.place(&registry.key).unchecked;
                let joined = Place { column: Arc::new(joined), unchecked };
                Split { value: self.place(value), joined, key_events }
            });
            let hives = registry.hives.0.iter();
            let hives =
                hives.map(|(short, OneOrMore(written))| Hive { short: short.clone(), written: written.clone() });
            let key = self.place(&registry.key);
            found.push(Conversion::RegistryPath(RegistryPath { key, split, hives: hives.collect() }));
        }
        if let Some(dword) = &file.dword {
            let types = dword.types.as_ref().map(|types| Types {
                column: self.place(&types.column),
                dword: types.dword.0.clone(),
                qword: types.qword.0.clone(),
                binary: types.binary.0.clone(),
            });
            found.push(Conversion::Dword(Dword { data: self.place(&dword.data), hex: dword.hex, types }));
        }
        if let Some(values) = &file.one_of {
            found.push(Conversion::Enumeration(self.enumeration(values)?));
        }
        if let Some(column) = &file.hex {
            found.push(Conversion::Hex(Hex(self.place(column))));
        }
        if let Some(column) = &file.hex_text {
            found.push(Conversion::HexText(HexText(self.place(column))));
        }
        if let Some(element) = &file.xml_element {
            let (column, name) = (self.place(&element.column), element.name.clone());
            found.push(Conversion::XmlElement(XmlElement { column, name }));
        }
        if let Some(sides) = &file.orientation {
            let by = all.iter().find(|(name, _)| *name == sides.by).map(|(_, field)| field);
            let Some(Written::Field(FieldFile::Convert(by))) = by else {
                return Err(format!("`by: {}` names no enum", sides.by));
            };
            let by = by.one_of.as_ref().ok_or_else(|| format!("`by: {}` names no enum", sides.by))?;
            let by = self.enumeration(by)?;
            let when = |value: &str| by.value(value).cloned().ok_or_else(|| format!("`{}` lacks `{value}`", sides.by));
            found.push(Conversion::Orientation(Orientation {
                initiated: self.place(&sides.initiated),
                when_initiated: when("true")?,
                accepted: self.place(&sides.accepted),
                when_accepted: when("false")?,
            }));
        }
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err("it names more than one conversion".to_owned()),
            (None, _) => Err("it names no column and no conversion".to_owned()),
        }
    }

    fn enumeration(&self, file: &super::file::EnumFile) -> Result<Enumeration, String> {
        let values = file.values.0.iter().map(|(value, tests)| Ok((value.clone(), self.tests(tests)?)));
        let values = values.collect::<Result<Vec<_>, String>>()?;
        let mut asked: Vec<Place> = Vec::new();
        for (_, predicate) in &values {
            predicate.for_each(&mut |atom| {
                if let Subject::Field(column) = &atom.subject
                    && !asked.iter().any(|place| place.column == *column)
                {
                    asked.push(self.place(column.name()));
                }
            });
        }
        let other = file.other.as_ref().map_or_else(Vec::new, |OneOrMore(names)| self.places(names));
        Ok(Enumeration { values, other, asked })
    }

    fn tests(&self, tests: &[TestFile]) -> Result<Predicate<Mapped>, String> {
        tests.iter().map(|test| self.test(test)).collect::<Result<Vec<_>, _>>().map(Logic::all)
    }

    /// Whether the values of a column are spelled in one way.
    fn case(&self, column: &str) -> Case {
        let declared = self.file.columns.0.iter().find(|(name, _)| name == column);
        if declared.is_some_and(|(_, column)| column.cased) { Case::Sensitive } else { Case::Insensitive }
    }

    fn test(&self, file: &TestFile) -> Result<Predicate<Mapped>, String> {
        let on = |column: &str, test| {
            let mut notes = Notes::default();
            if let Some(field) = &file.unchecked {
                notes.assume(Assumption::Mapping(field.as_str().into()));
            }
            let subject = Subject::Field(self.place(column).column);
            Logic::Test(Atom { subject, test, span: Span::default(), notes })
        };
        match file {
            TestFile { column: Some(column), equals: Some(value), one_of: None, exists: None, any: None, .. } => {
                Ok(on(column, scalar(value, self.case(column))))
            }
            TestFile { column: Some(column), one_of: Some(values), equals: None, exists: None, any: None, .. } => {
                Ok(Logic::any(values.iter().map(|value| on(column, scalar(value, self.case(column))))))
            }
            TestFile { column: Some(column), exists: Some(wanted), equals: None, one_of: None, any: None, .. } => {
                Ok(on(column, Test::Exists(*wanted)))
            }
            TestFile { any: Some(tests), column: None, equals: None, one_of: None, exists: None, .. } => {
                tests.iter().map(|test| self.test(test)).collect::<Result<Vec<_>, _>>().map(Logic::any)
            }
            _ => Err("a test is `column` with one of `equals`, `in` and `exists`, or `any`".to_owned()),
        }
    }
}

/// A field as the file has it.
enum Written<'a> {
    /// A column of the same name.
    Same(&'a str),
    /// A column of the same name, after this prefix and a dot.
    Under(&'a str, &'a str),
    Field(&'a FieldFile),
}

/// Puts an entry in its place, or over the one of the same name.
fn put<K: PartialEq, V>(into: &mut Vec<(K, V)>, name: impl Into<K>, value: V) {
    let name = name.into();
    match into.iter_mut().find(|(known, _)| *known == name) {
        Some((_, before)) => *before = value,
        None => into.push((name, value)),
    }
}

fn describe(reads: &Reads) -> String {
    match reads {
        Reads::Category(None) => "events of any category".to_owned(),
        Reads::Category(Some(name)) => format!("the category `{name}`"),
        Reads::Macro(name) => format!("the macro `{name}`"),
        Reads::Everything => "everything".to_owned(),
        Reads::Table(name) => format!("the table `{name}`"),
    }
}

fn direction(fields: &[(&str, Written<'_>)]) -> Option<Name> {
    fields.iter().find_map(|(_, field)| match field {
        Written::Field(FieldFile::Convert(file)) => file.orientation.as_ref().map(|sides| sides.by.as_str().into()),
        _ => None,
    })
}

/// Model values are compared without regard to case, as a rule's are.
fn scalar(value: &Scalar, case: Case) -> Test<Mapped> {
    match value {
        Scalar::Number(number) => Test::Number { comparison: Comparison::Equal, number: Number::Integer(*number) },
        Scalar::Text(text) => Test::Text { pattern: Pattern::literal(text), case },
    }
}

impl From<Type> for ColumnType {
    fn from(ty: Type) -> Self {
        match ty {
            Type::Text => ColumnType::Text,
            Type::FullText => ColumnType::FullText,
            Type::Long => ColumnType::Long,
            Type::Real => ColumnType::Real,
            Type::Bool => ColumnType::Bool,
            Type::Ip => ColumnType::Ip,
            Type::DateTime => ColumnType::DateTime,
            Type::Dynamic => ColumnType::Dynamic,
        }
    }
}
