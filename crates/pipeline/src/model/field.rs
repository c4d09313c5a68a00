//! From the YAML of one field to its conversion.

use super::file::{
    ConvertFile, DwordFile, EnumFile, FieldFile, OrientationFile, PropertyFile, RegistryFile, TypesFile, Word,
};
use super::read::{Problems, column_type, invalid, named, plain, tests, tests_of, words};
use crate::read::Map;
use rulecast_diagnostics::Spanned;
use rulecast_rule::ast::{Node, Value};

/// The conversions, by the names they have in a file. A field names one.
pub(super) const CONVERSIONS: [&str; 17] = [
    "columns",
    "property",
    "xml_data",
    "basename",
    "split_user",
    "hash_columns",
    "hash_list",
    "registry_path",
    "dword",
    "enum",
    "hex",
    "guid",
    "prefixed",
    "orientation",
    "device_path",
    "xml_element",
    "map_entry",
];

pub(super) fn field(node: Spanned<Node>, problems: &mut Problems) -> Option<FieldFile> {
    if !matches!(node.node, Node::Map(_)) {
        let span = node.span;
        let columns = words(node, problems)?;
        if columns.is_empty() {
            problems.push(invalid(span, "it names no column"));
            return None;
        }
        return Some(FieldFile { unchecked: false, only: Vec::new(), convert: ConvertFile::Columns(columns) });
    }
    let mut map = Map::of_model(node, "field", problems)?;
    let (unchecked, only) = (map.flag("unchecked"), tests(&mut map, "only"));
    let named = map.has(&CONVERSIONS);
    let before = map.problems.len();
    let never = map.flag("never");
    if let (true, [(first, at), ..]) = (never, named.as_slice()) {
        map.problems.push(invalid(*at, format!("a field that is never there stands in no column of `{first}`")));
    }
    let convert = match named.as_slice() {
        [] if never => Some(ConvertFile::Never),
        [(name, _)] => conversion(name, &mut map),
        [] => None,
        [(first, _), (second, at), ..] => {
            let message = format!("the field names two conversions, `{first}` and `{second}`");
            map.problems.push(invalid(*at, message));
            None
        }
    };
    for name in CONVERSIONS {
        let _ = map.take_even_null(name);
    }
    let at = map.at;
    if named.is_empty() && !never && map.is_done() {
        map.problems.push(invalid(at, "the field names no column and no conversion"));
    }
    let failed = map.problems.len() > before;
    map.finish();
    convert.filter(|_| !failed).map(|convert| FieldFile { unchecked, only, convert })
}

fn conversion(name: &'static str, map: &mut Map<'_>) -> Option<ConvertFile> {
    if matches!(name, "columns" | "hash_list" | "hex" | "guid" | "device_path") {
        let words = words(map.required(name)?, map.problems)?;
        return match (name, words.as_slice()) {
            (_, []) => {
                map.problems.push(invalid(map.at, format!("`{name}` names no column")));
                None
            }
            ("hash_list", [one]) => Some(ConvertFile::HashList(one.clone())),
            ("hex", [one]) => Some(ConvertFile::Hex(one.clone())),
            ("guid", [one]) => Some(ConvertFile::Guid(one.clone())),
            ("device_path", [one]) => Some(ConvertFile::DevicePath(one.clone())),
            ("hash_list" | "hex" | "guid" | "device_path", [_, second, ..]) => {
                map.problems.push(invalid(second.span, format!("`{name}` is of one column")));
                None
            }
            _ => Some(ConvertFile::Columns(words)),
        };
    }
    if name == "hash_columns" {
        let columns = map.entries(name);
        let column = |(hash, node): (Word, Spanned<Node>), problems: &mut Problems| {
            Some((hash, one(&node, "a column", problems)?))
        };
        return Some(ConvertFile::HashColumns(
            columns.into_iter().filter_map(|entry| column(entry, map.problems)).collect(),
        ));
    }
    let node = map.required(name)?;
    let mut map = Map::of_model(node, name, map.problems)?;
    let made = parts(name, &mut map);
    map.finish();
    made
}

/// A conversion that is a mapping, of its parts.
fn parts(name: &str, map: &mut Map<'_>) -> Option<ConvertFile> {
    Some(match name {
        "property" => {
            let column = map.required_text("column");
            let path = plain(map.texts("path"));
            if path.is_empty() {
                map.problems.push(invalid(map.at, "the property lacks its `path`"));
            }
            let property = PropertyFile { path, parse: map.flag("parse"), ty: column_type(map) };
            ConvertFile::Property(column?, property)
        }
        "xml_data" => {
            let (column, name) = (map.required_text("column"), map.required_text("name"));
            ConvertFile::XmlData { column: column?, name: name? }
        }
        "xml_element" => {
            let (column, name) = (map.required_text("column"), map.required_text("name"));
            ConvertFile::XmlElement { column: column?, name: name? }
        }
        "map_entry" => {
            let (column, key) = (map.required_text("column"), map.required_text("key"));
            ConvertFile::MapEntry { column: column?, key: key? }
        }
        "basename" => {
            let (path, folder, name) = (map.text("path"), map.text("folder"), map.required_text("name"));
            if let (Some(_), Some(folder)) = (&path, &folder) {
                map.problems.push(invalid(folder.span, "`folder` stands in place of `path`"));
            }
            ConvertFile::Basename { path, folder, name: name? }
        }
        "split_user" => {
            let (domain, name) = (map.text("domain"), map.required_text("name"));
            ConvertFile::SplitUser { domain, name: name? }
        }
        "prefixed" => {
            let (column, prefix) = (map.required_text("column"), map.required_text("prefix"));
            ConvertFile::Prefixed { column: column?, prefix: prefix?.node }
        }
        "registry_path" => {
            let (key, value) = (map.required_text("key"), map.text("value"));
            let key_events = tests(map, "key_events");
            let hives = named(map, "hives", words);
            ConvertFile::RegistryPath(RegistryFile { key: key?, value, key_events, hives })
        }
        "dword" => {
            let data = map.required_text("data");
            let (hex, words, written) = (map.flag("hex"), map.flag("words"), map.flag("written"));
            let types = map.take("types").and_then(|node| types(node, map.problems));
            ConvertFile::Dword(DwordFile { data: data?, hex, words, written, types })
        }
        "enum" => {
            let values = map.entries("values");
            let values = values.into_iter().filter_map(|(name, node)| Some((name, tests_of(node, map.problems)?)));
            let values = values.collect();
            ConvertFile::Enum(EnumFile { values, other: map.texts("other") })
        }
        _ => {
            let (initiated, accepted) = (map.required_text("initiated"), map.required_text("accepted"));
            let by = map.required_text("by");
            ConvertFile::Orientation(OrientationFile { initiated: initiated?, accepted: accepted?, by: by? })
        }
    })
}

fn types(node: Spanned<Node>, problems: &mut Problems) -> Option<TypesFile> {
    let mut map = Map::of_model(node, "column of types", problems)?;
    let column = map.required_text("column");
    let (dword, qword) = (plain(map.texts("dword")), plain(map.texts("qword")));
    let binary = plain(map.texts("binary"));
    map.finish();
    Some(TypesFile { column: column?, dword, qword, binary })
}

/// One name.
pub(super) fn one(node: &Spanned<Node>, what: &str, problems: &mut Problems) -> Option<Word> {
    if let Node::Scalar(Value::Text(text)) = &node.node {
        return Some(Spanned::new(text.clone(), node.span));
    }
    problems.push(invalid(node.span, format!("expected the name of {what}")));
    None
}
