//! From the parts of one field to its conversion.

use super::{Builder, Written, element};
use crate::Dialect;
use crate::convert::{
    Algorithm, Basename, Columns, Conversion, DevicePath, Dword, Enumeration, HashColumns, HashList, Hex, Hive,
    Orientation, Place, Prefixed, RegistryPath, Split, SplitUser, Types, XmlElement,
};
use crate::model::file::{
    ConvertFile, DwordFile, EnumFile, FieldFile, OrientationFile, RegistryFile, SourceFile, Word,
};
use rulecast_ir::{Column, ColumnExpr, ColumnType, Logic, Subject};
use std::sync::Arc;

impl Builder<'_> {
    pub(super) fn conversion(
        &self,
        convert: &ConvertFile,
        all: &[(&str, Written<'_>)],
        source: &SourceFile,
    ) -> Option<Conversion> {
        Some(match convert {
            ConvertFile::Never => return None,
            ConvertFile::Columns(names) => Conversion::Columns(Columns(self.places(names))),
            ConvertFile::Property(column, property) => {
                if source.language() != Dialect::Kql {
                    let message = format!("`{}` cannot read properties of a column", source.language().name());
                    self.problem(column.span, message);
                }
                let expr = ColumnExpr::Property {
                    column: column.as_str().into(),
                    path: property.path.iter().map(|name| name.as_str().into()).collect(),
                    parse: property.parse,
                };
                let column = Column { expr, ty: property.ty, many: false, always: false };
                Conversion::Columns(Columns(vec![Place { column: Arc::new(column), unchecked: false, digits: false }]))
            }
            ConvertFile::XmlData { column, name } => {
                Conversion::Columns(Columns(vec![self.xml_data(column, name, source)]))
            }
            ConvertFile::Basename { path, folder, name } => {
                let joined = folder.as_ref().map(|folder| self.joined(folder, name));
                let path = path.as_ref().map(|path| self.place(path)).or(joined);
                let folder = folder.as_ref().map(|folder| self.place(folder));
                Conversion::Basename(Basename { path, folder, name: self.place(name) })
            }
            ConvertFile::SplitUser { domain, name } => {
                let domain = domain.as_ref().map(|domain| self.place(domain));
                Conversion::SplitUser(SplitUser { domain, name: self.place(name) })
            }
            ConvertFile::HashColumns(hashes) => {
                let columns = hashes.iter().filter_map(|(name, column)| {
                    let algorithm = Algorithm::from_name(name);
                    if algorithm.is_none() {
                        self.problem(name.span, format!("no hash is called `{}`", name.node));
                    }
                    Some((algorithm?, self.place(column)))
                });
                Conversion::HashColumns(HashColumns(columns.collect()))
            }
            ConvertFile::HashList(column) => Conversion::HashList(HashList(self.place(column))),
            ConvertFile::RegistryPath(registry) => Conversion::RegistryPath(self.registry_path(registry)),
            ConvertFile::Dword(dword) => Conversion::Dword(self.dword(dword)),
            ConvertFile::Enum(values) => Conversion::Enumeration(self.enumeration(values)),
            ConvertFile::DevicePath(column) => Conversion::DevicePath(DevicePath(self.place(column))),
            ConvertFile::XmlElement { column, name } => {
                Conversion::XmlElement(XmlElement { column: self.place(column), name: name.node.clone() })
            }
            ConvertFile::Hex(column) => Conversion::Hex(Hex(self.place(column))),
            ConvertFile::Prefixed { column, prefix } => {
                Conversion::Prefixed(Prefixed { place: self.place(column), prefix: prefix.clone() })
            }
            ConvertFile::Orientation(sides) => Conversion::Orientation(self.orientation(sides, all)?),
        })
    }

    /// A named element of the XML in a column.
    pub(super) fn xml_data(&self, column: &Word, name: &str, source: &SourceFile) -> Place {
        if source.language() != Dialect::Kql {
            self.problem(column.span, format!("`{}` cannot read elements of XML", source.language().name()));
        }
        let column = Arc::new(Column { expr: element(column, name), ..Column::text("") });
        Place { column, unchecked: false, digits: false }
    }

    fn registry_path(&self, registry: &RegistryFile) -> RegistryPath {
        let key_events = match self.tests(&registry.key_events) {
            Logic::True => Logic::False,
            told => told,
        };
        let split = registry.value.as_ref().map(|value| Split {
            value: self.place(value),
            joined: self.joined(&registry.key, value),
            key_events,
        });
        let texts = |words: &[Word]| words.iter().map(|word| word.node.clone()).collect();
        let hives = registry.hives.iter();
        let hives = hives.map(|(short, written)| Hive::new(short.node.clone(), texts(written)));
        RegistryPath { key: self.place(&registry.key), split, hives: hives.collect() }
    }

    fn dword(&self, dword: &DwordFile) -> Dword {
        let types = dword.types.as_ref().map(|types| Types {
            column: self.place(&types.column),
            dword: types.dword.clone(),
            qword: types.qword.clone(),
            binary: types.binary.clone(),
        });
        Dword { data: self.place(&dword.data), hex: dword.hex, words: dword.words, written: dword.written, types }
    }

    fn orientation(&self, sides: &OrientationFile, all: &[(&str, Written<'_>)]) -> Option<Orientation> {
        let by = all.iter().find(|(name, _)| *name == sides.by.as_str()).map(|(_, field)| field);
        let Some(Written::Field(FieldFile { convert: ConvertFile::Enum(by), .. })) = by else {
            if self.all_read {
                self.problem(sides.by.span, format!("the field `{}` is no `enum` of this source", sides.by.node));
            }
            return None;
        };
        let by = self.enumeration(by);
        let when = |value: &str| {
            let found = by.value(value).cloned();
            if found.is_none() {
                self.problem(sides.by.span, format!("the field `{}` lacks the value `{value}`", sides.by.node));
            }
            found
        };
        let (when_initiated, when_accepted) = (when("true"), when("false"));
        Some(Orientation {
            initiated: self.place(&sides.initiated),
            when_initiated: when_initiated?,
            accepted: self.place(&sides.accepted),
            when_accepted: when_accepted?,
        })
    }

    /// Two columns with a backslash between them.
    fn joined(&self, head: &str, tail: &str) -> Place {
        let expr = ColumnExpr::Join { columns: vec![head.into(), tail.into()], separator: "\\".into() };
        let joined = Column { expr, ty: ColumnType::Text, many: false, always: false };
        Place { column: Arc::new(joined), unchecked: self.place(head).unchecked, digits: false }
    }

    fn enumeration(&self, file: &EnumFile) -> Enumeration {
        let values: Vec<_> = file.values.iter().map(|(value, tests)| (value.node.clone(), self.tests(tests))).collect();
        let mut asked: Vec<Place> = Vec::new();
        for (_, predicate) in &values {
            predicate.for_each(&mut |atom| {
                if let Subject::Field(column) = &atom.subject
                    && !asked.iter().any(|place| place.column == *column)
                {
                    asked.push(Place { column: column.clone(), ..self.place(column.name()) });
                }
            });
        }
        Enumeration { values, never: Vec::new(), other: self.places(&file.other), asked }
    }
}
