//! How a data model is written down.
//!
//! Every part refuses keys it does not know, and a key written twice.

use crate::Dialect;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor, value};
use std::fmt;
use std::marker::PhantomData;

/// A file `models/<name>.yml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) title: String,
    /// The model whose columns, groups and sources it takes over.
    #[serde(default)]
    pub(super) extends: Option<String>,
    /// Those of the model that it extends, if it says none.
    #[serde(default)]
    pub(super) languages: Vec<Dialect>,
    /// Every field is a column of its own name, typed by the rule's own tests.
    #[serde(default)]
    pub(super) pass: bool,
    /// Of a source that names none itself.
    #[serde(default)]
    pub(super) time: Option<String>,
    #[serde(default)]
    pub(super) id: Vec<String>,
    /// What is known of columns; any other is text with one value.
    #[serde(default)]
    pub(super) columns: Pairs<ColumnFile>,
    /// Sets of fields that sources share.
    #[serde(default)]
    pub(super) groups: Pairs<Group>,
    #[serde(default)]
    pub(super) sources: Vec<SourceFile>,
}

/// What is known of a column.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the file, and none depends on another")]
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFile {
    #[serde(rename = "type", default)]
    pub(super) ty: Type,
    #[serde(default)]
    pub(super) many: bool,
    #[serde(default)]
    pub(super) always: bool,
    /// Its values are a closed set, each spelled in one way: the model's own tests of it are with case.
    #[serde(default)]
    pub(super) cased: bool,
    /// What it holds is told by the vendor's words alone, or by custom: nobody has checked it.
    #[serde(default)]
    pub(super) unchecked: bool,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Type {
    #[default]
    Text,
    FullText,
    Long,
    Real,
    Bool,
    Ip,
    DateTime,
    Dynamic,
}

/// Fields and keys under one name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// Fields that are columns of the same name.
    #[serde(default)]
    pub(super) same: Vec<String>,
    /// Fields that are columns of the same name after a prefix and a dot, by prefix.
    #[serde(default)]
    pub(super) under: Pairs<Vec<String>>,
    #[serde(default)]
    pub(super) fields: Pairs<FieldFile>,
    /// Names that sequences join on, each with the columns that hold it together.
    #[serde(default)]
    pub(super) keys: Pairs<OneOrMore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceFile {
    pub(super) when: WhenFile,
    /// Only in this language.
    #[serde(default)]
    pub(super) language: Option<Dialect>,
    pub(super) reads: ReadsFile,
    /// All must hold of an event.
    #[serde(default)]
    pub(super) scope: Vec<TestFile>,
    #[serde(default)]
    pub(super) time: Option<String>,
    #[serde(default)]
    pub(super) id: Vec<String>,
    /// Names of groups; a later one wins.
    #[serde(default)]
    pub(super) groups: Vec<String>,
    /// Fields of this source alone; they win over groups.
    #[serde(default)]
    pub(super) fields: Pairs<FieldFile>,
    #[serde(default)]
    pub(super) keys: Pairs<OneOrMore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenFile {
    pub(super) product: Option<String>,
    /// Several where one entry serves several.
    #[serde(default)]
    pub(super) category: OneOrMore,
    pub(super) service: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(super) enum ReadsName {
    Category,
    Macro,
    Table,
}

/// `any` (EQL), `everything` (SPL), or one of `category`, `macro`, `table` with its name.
#[derive(Debug)]
pub(super) enum ReadsFile {
    Any,
    Everything,
    Named(ReadsName, String),
}

/// A closed form of test. Exactly one of `equals`, `in`, `exists` with a column, or `any` without one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestFile {
    pub(super) column: Option<String>,
    pub(super) equals: Option<Scalar>,
    #[serde(rename = "in")]
    pub(super) one_of: Option<Vec<Scalar>>,
    pub(super) exists: Option<bool>,
    pub(super) any: Option<Vec<TestFile>>,
    /// The field in whose name the claim is an assumption.
    pub(super) unchecked: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Number(i64),
    Text(String),
}

/// A column, columns any of which may hold the field, or a conversion.
#[derive(Debug)]
pub(super) enum FieldFile {
    Columns(Vec<String>),
    Convert(Box<ConvertFile>),
}

/// Exactly one of the conversions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConvertFile {
    #[serde(default)]
    pub(super) unchecked: bool,
    /// What else must hold of the event for it to have the field.
    #[serde(default)]
    pub(super) only: Vec<TestFile>,
    pub(super) columns: Option<OneOrMore>,
    pub(super) device_path: Option<String>,
    pub(super) property: Option<PropertyFile>,
    pub(super) basename: Option<BasenameFile>,
    pub(super) split_user: Option<SplitUserFile>,
    pub(super) hash_columns: Option<Pairs<String>>,
    pub(super) registry_path: Option<RegistryFile>,
    pub(super) dword: Option<DwordFile>,
    #[serde(rename = "enum")]
    pub(super) one_of: Option<EnumFile>,
    pub(super) hex: Option<String>,
    pub(super) hex_text: Option<String>,
    pub(super) xml_element: Option<XmlElementFile>,
    pub(super) orientation: Option<OrientationFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PropertyFile {
    pub(super) column: String,
    pub(super) path: Vec<String>,
    #[serde(default)]
    pub(super) parse: bool,
    #[serde(rename = "type", default)]
    pub(super) ty: Type,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BasenameFile {
    pub(super) path: Option<String>,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SplitUserFile {
    pub(super) domain: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegistryFile {
    /// The column of the whole path, or of the key alone if `value` is given.
    pub(super) key: String,
    pub(super) value: Option<String>,
    /// What tells events about keys themselves, which have no value name; none if the source has no such events.
    #[serde(default)]
    pub(super) key_events: Vec<TestFile>,
    /// How Sysmon writes a hive, and how the SIEM does.
    pub(super) hives: Pairs<OneOrMore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DwordFile {
    pub(super) data: String,
    /// Whether numbers also stand there as `0x00000001`.
    #[serde(default)]
    pub(super) hex: bool,
    pub(super) types: Option<TypesFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypesFile {
    pub(super) column: String,
    #[serde(default)]
    pub(super) dword: OneOrMore,
    #[serde(default)]
    pub(super) qword: OneOrMore,
    #[serde(default)]
    pub(super) binary: OneOrMore,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnumFile {
    /// Each value of the field, and what then holds of the event.
    pub(super) values: Pairs<Vec<TestFile>>,
    /// Where values that are not listed stand as they are; without it they are refused.
    pub(super) other: Option<OneOrMore>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct XmlElementFile {
    pub(super) column: String,
    /// Of the element.
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrientationFile {
    /// The column in events that the host began, and what tells them.
    pub(super) initiated: String,
    /// The column in events that the host accepted.
    pub(super) accepted: String,
    /// The field whose `true` and `false` tell which is which: an `enum`.
    pub(super) by: String,
}

/// One text, or a list of them.
#[derive(Debug, Default)]
pub(super) struct OneOrMore(pub(super) Vec<String>);

/// A mapping in the order written, without repeated keys.
#[derive(Debug)]
pub(super) struct Pairs<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ordered<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Ordered<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs: Vec<(String, T)> = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if pairs.iter().any(|(before, _)| *before == key) {
                        return Err(A::Error::custom(format!("`{key}` is written twice")));
                    }
                    pairs.push((key, map.next_value()?));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Ordered(PhantomData))
    }
}

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMore;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(OneOrMore(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(OneOrMore)
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

impl<'de> Deserialize<'de> for FieldFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Field;
        impl<'de> Visitor<'de> for Field {
            type Value = FieldFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column, a list of columns, or a conversion")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(FieldFile::Columns(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(value::SeqAccessDeserializer::new(seq)).map(FieldFile::Columns)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                ConvertFile::deserialize(value::MapAccessDeserializer::new(map)).map(Box::new).map(FieldFile::Convert)
            }
        }
        deserializer.deserialize_any(Field)
    }
}

impl<'de> Deserialize<'de> for ReadsFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = ReadsFile;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`any`, `everything`, or one of `category`, `macro` and `table` with a name")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                match text {
                    "any" => Ok(ReadsFile::Any),
                    "everything" => Ok(ReadsFile::Everything),
                    other => Err(E::unknown_variant(other, &["any", "everything"])),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let Some((kind, name)) = map.next_entry::<String, String>()? else {
                    return Err(A::Error::invalid_length(0, &self));
                };
                if map.next_key::<String>()?.is_some() {
                    return Err(A::Error::invalid_length(2, &self));
                }
                ReadsName::deserialize(kind.as_str().into_deserializer()).map(|kind| ReadsFile::Named(kind, name))
            }
        }
        deserializer.deserialize_any(Reads)
    }
}
