//! How a data model is written down: the parts of a file `models/<name>.yml`, as they are read.

use crate::Dialect;
use rulecast_diagnostics::{Span, Spanned};

/// A word of the file, and where it stands.
pub(super) type Word = Spanned<String>;

/// Entries by name, in the order of the file, each name once.
pub(super) type Named<T> = Vec<(Word, T)>;

/// A file.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) name: Word,
    pub(super) title: String,
    /// The model whose columns, groups and sources it takes over.
    pub(super) extends: Option<Word>,
    /// Those of the model that it extends, if it says none.
    pub(super) languages: Vec<Dialect>,
    /// Every field is a column of its own name, typed by the rule's own tests.
    pub(super) pass: bool,
    /// The vendor documents KQL's `scan` for the engine that holds the events.
    pub(super) scan: bool,
    /// Of a source that names none itself.
    pub(super) time: Option<Word>,
    pub(super) id: Vec<Word>,
    /// What is known of columns; any other is text with one value.
    pub(super) columns: Named<ColumnFile>,
    /// Sets of fields that sources share.
    pub(super) groups: Named<Group>,
    pub(super) sources: Vec<SourceFile>,
    /// Categories, macros and tables of the model that it extends, and what is read in their place.
    pub(super) renamed: Named<Word>,
    /// What must hold of every event of every source.
    pub(super) scope: Vec<TestFile>,
    /// Pages that tell what the columns hold.
    pub(super) references: Vec<String>,
}

/// What is known of a column.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the file, and none depends on another")]
#[derive(Clone, Debug)]
pub(super) struct ColumnFile {
    /// It is no column of its own, but an element of its name in the XML of this one.
    pub(super) xml_data: Option<Word>,
    pub(super) ty: rulecast_ir::ColumnType,
    pub(super) many: bool,
    pub(super) always: bool,
    /// Its values are a closed set, each spelled in one way: the model's own tests of it are with case.
    pub(super) cased: bool,
    /// What it holds is told by the vendor's words alone, or by custom: nobody has checked it.
    pub(super) unchecked: bool,
    /// Its texts may be whole numbers, in plain decimal digits.
    pub(super) digits: bool,
    /// It is a name of the model alone, for a property of the objects in another column.
    pub(super) of: Option<OfFile>,
}

/// The objects that have a property, and the way to it.
#[derive(Clone, Debug)]
pub(super) struct OfFile {
    pub(super) column: Word,
    pub(super) path: Vec<String>,
    /// Whether they stand there as JSON text.
    pub(super) parse: bool,
}

/// Fields and keys under one name.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    /// Fields that are columns of the same name.
    pub(super) same: Vec<Word>,
    /// Fields that are columns of the same name after a prefix and a dot, by prefix.
    pub(super) under: Named<Vec<Word>>,
    /// Fields that are elements of the same name in the XML of a column, by column.
    pub(super) xml_data: Named<Vec<Word>>,
    pub(super) fields: Named<FieldFile>,
    /// Fields, and hashes in fields of hashes, that the events are known not to hold.
    pub(super) lacks: Vec<Word>,
    /// Names that sequences join on, each with the columns that hold it together.
    pub(super) keys: Named<Vec<Word>>,
}

#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    pub(super) when: WhenFile,
    /// Only in this language.
    pub(super) language: Option<Spanned<Dialect>>,
    pub(super) reads: Spanned<ReadsFile>,
    /// Of a dataset, the columns to show of every result.
    pub(super) by: Vec<Word>,
    /// What it reads may be of other log sources too: every field rests on the assumption that it is not.
    pub(super) unchecked: bool,
    /// All must hold of an event.
    pub(super) scope: Vec<TestFile>,
    pub(super) time: Option<Word>,
    pub(super) id: Vec<Word>,
    /// Names of groups; a later one wins.
    pub(super) groups: Vec<Word>,
    /// Fields of this source alone, and keys; they win over groups.
    pub(super) own: Group,
    /// Its first key.
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct WhenFile {
    pub(super) product: Option<String>,
    /// Several where one entry serves several.
    pub(super) category: Vec<String>,
    pub(super) service: Option<String>,
    /// A service that a rule may name or not: all events of the category are its.
    pub(super) or_service: Option<String>,
}

/// `any` (EQL), `everything` (SPL), or one of `category`, `dataset`, `macro`, `table` with its name.
#[derive(Clone, Debug)]
pub(super) enum ReadsFile {
    Any,
    Everything,
    Category(String),
    Dataset(String),
    Macro(String),
    Table(String),
}

/// A closed form of test.
#[derive(Clone, Debug)]
pub(super) struct TestFile {
    pub(super) what: WhatFile,
    /// The field in whose name the claim is an assumption.
    pub(super) unchecked: Option<String>,
    /// The vendor's integration by which events come that are so.
    pub(super) integration: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum WhatFile {
    Equals(Word, Spanned<Scalar>),
    In(Word, Vec<Spanned<Scalar>>),
    Exists(Word, bool),
    Any(Vec<TestFile>),
}

#[derive(Clone, Debug)]
pub(super) enum Scalar {
    Number(i64),
    Text(String),
}

/// A column, columns any of which may hold the field, or a conversion.
#[derive(Clone, Debug)]
pub(super) struct FieldFile {
    pub(super) unchecked: bool,
    /// What else must hold of the event for it to have the field.
    pub(super) only: Vec<TestFile>,
    pub(super) convert: ConvertFile,
}

#[derive(Clone, Debug)]
pub(super) enum ConvertFile {
    /// Events of the source do not have the field, which is no reason to refuse a rule.
    Never,
    Columns(Vec<Word>),
    Property(Word, PropertyFile),
    /// An element in the XML of a column.
    XmlData {
        column: Word,
        name: Word,
    },
    Basename {
        path: Option<Word>,
        /// In place of the path: what stands before the name, without the separator.
        folder: Option<Word>,
        name: Word,
    },
    /// Without a domain where the SIEM keeps the name alone.
    SplitUser {
        domain: Option<Word>,
        name: Word,
    },
    HashColumns(Named<Word>),
    HashList(Word),
    RegistryPath(RegistryFile),
    Dword(DwordFile),
    Enum(EnumFile),
    Hex(Word),
    /// A GUID in braces, which the column holds without them or with them.
    Guid(Word),
    /// A path whose column names the device in place of the drive.
    DevicePath(Word),
    /// Elements of this name, without attributes, in the XML of a column.
    XmlElement {
        column: Word,
        name: Word,
    },
    /// An entry of this key in the text of a map.
    MapEntry {
        column: Word,
        key: Word,
    },
    /// What stands in the column before every value.
    Prefixed {
        column: Word,
        prefix: String,
    },
    Orientation(OrientationFile),
}

#[derive(Clone, Debug)]
pub(super) struct PropertyFile {
    pub(super) path: Vec<String>,
    pub(super) parse: bool,
    pub(super) ty: rulecast_ir::ColumnType,
}

#[derive(Clone, Debug)]
pub(super) struct RegistryFile {
    /// The column of the whole path, or of the key alone if `value` is given.
    pub(super) key: Word,
    pub(super) value: Option<Word>,
    /// What tells events about keys themselves, which have no value name; none if the source has no such events.
    pub(super) key_events: Vec<TestFile>,
    /// How Sysmon writes a hive, and how the SIEM does.
    pub(super) hives: Named<Vec<Word>>,
}

#[derive(Clone, Debug)]
pub(super) struct DwordFile {
    pub(super) data: Word,
    /// Whether numbers also stand there as `0x00000001`.
    pub(super) hex: bool,
    /// Whether the words `Binary Data` and `(Empty)` also stand there.
    pub(super) words: bool,
    /// Whether any of it may also stand there as Sysmon writes it.
    pub(super) written: bool,
    pub(super) types: Option<TypesFile>,
}

#[derive(Clone, Debug)]
pub(super) struct TypesFile {
    pub(super) column: Word,
    pub(super) dword: Vec<String>,
    pub(super) qword: Vec<String>,
    pub(super) binary: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct EnumFile {
    /// Each value of the field, and what then holds of the event.
    pub(super) values: Named<Vec<TestFile>>,
    /// Where values that are not listed stand as they are; without it they are refused.
    pub(super) other: Vec<Word>,
}

#[derive(Clone, Debug)]
pub(super) struct OrientationFile {
    /// The column in events that the host began, and what tells them.
    pub(super) initiated: Word,
    /// The column in events that the host accepted.
    pub(super) accepted: Word,
    /// The field whose `true` and `false` tell which is which: an `enum`.
    pub(super) by: Word,
}
