//! From the YAML of a model to its parts.
//!
//! Promises: a key that nobody asked for, a value of another type and a part that is missing are problems at their places,
//! all of them at once. What cannot be read is left out, or read as nothing.

use super::field;
use super::file::{
    ColumnFile, File, Group, Named, OfFile, ReadsFile, Scalar, SourceFile, TestFile, WhatFile, WhenFile, Word,
};
use crate::Dialect;
use crate::read::Map;
use rulecast_diagnostics::{Diagnostic, FileId, Span, Spanned};
use rulecast_ir::ColumnType;
use rulecast_rule::ast::{Node, Value};

/// The name under which a data model's mistakes are reported.
pub(crate) const INVALID: &str = "invalid-model";

pub(super) type Problems = Vec<Diagnostic>;

/// A mistake in a model.
pub(super) fn invalid(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(INVALID, span, message)
}

pub(super) const LANGUAGES: [(&str, Dialect); 3] =
    [("eql", Dialect::Eql), ("spl", Dialect::Spl), ("kql", Dialect::Kql)];

/// The types of columns, by their names.
pub(super) const TYPES: [(&str, ColumnType); 8] = [
    ("text", ColumnType::Text),
    ("fulltext", ColumnType::FullText),
    ("long", ColumnType::Long),
    ("real", ColumnType::Real),
    ("bool", ColumnType::Bool),
    ("ip", ColumnType::Ip),
    ("datetime", ColumnType::DateTime),
    ("dynamic", ColumnType::Dynamic),
];

/// Reads the text of a model.
pub(super) fn file(id: FileId, text: &str, problems: &mut Problems) -> Option<File> {
    let (mut documents, found) = rulecast_rule::nodes(id, text);
    problems.extend(found);
    if documents.len() > 1 {
        problems.push(invalid(documents[1].span, "a data model is one YAML document").help("pass several files"));
    }
    if documents.is_empty() {
        if problems.is_empty() {
            problems.push(invalid(Span::new(id, 0, 0), "the file holds no data model"));
        }
        return None;
    }
    let mut map = Map::of_model(documents.remove(0), "data model", problems)?;
    let name = map.required_text("name");
    let title = map.required_text("title");
    let file = File {
        name: name.unwrap_or_else(|| Spanned::new(String::new(), map.at)),
        title: title.map_or_else(String::new, |title| title.node),
        extends: map.text("extends"),
        languages: languages(&mut map),
        pass: map.flag("pass"),
        scan: map.flag("scan"),
        time: map.text("time"),
        id: map.texts("id"),
        columns: named(&mut map, "columns", column),
        groups: named(&mut map, "groups", |node, problems| {
            let mut map = Map::of_model(node, "group", problems)?;
            let group = group(&mut map);
            map.finish();
            Some(group)
        }),
        sources: listed(&mut map, "sources", source),
        renamed: named(&mut map, "renamed", |node, problems| field::one(&node, "what is read in its place", problems)),
        scope: tests(&mut map, "scope"),
        references: plain(map.texts("references")),
    };
    map.finish();
    Some(file)
}

/// A mapping that may be there, its values read by `of`.
pub(super) fn named<T>(
    map: &mut Map<'_>,
    key: &'static str,
    mut of: impl FnMut(Spanned<Node>, &mut Problems) -> Option<T>,
) -> Named<T> {
    let entries = map.optional_entries(key);
    entries.into_iter().filter_map(|(name, node)| Some((name, of(node, map.problems)?))).collect()
}

/// A list that may be there, its items read by `of`.
pub(super) fn listed<T>(
    map: &mut Map<'_>,
    key: &'static str,
    mut of: impl FnMut(Spanned<Node>, &mut Problems) -> Option<T>,
) -> Vec<T> {
    let items = map.list(key);
    items.into_iter().filter_map(|node| of(node, map.problems)).collect()
}

/// A text, or a list of texts.
pub(super) fn words(node: Spanned<Node>, problems: &mut Problems) -> Option<Vec<Word>> {
    let mut word = |node: Spanned<Node>| match node.node {
        Node::Scalar(Value::Text(text)) => Some(Spanned::new(text, node.span)),
        Node::Scalar(Value::Integer(number)) => Some(Spanned::new(number.to_string(), node.span)),
        _ => {
            problems.push(invalid(node.span, "expected a name, or a list of names"));
            None
        }
    };
    match node.node {
        Node::List(items) => Some(items.into_iter().filter_map(word).collect()),
        _ => word(node).map(|one| vec![one]),
    }
}

pub(super) fn plain(words: Vec<Word>) -> Vec<String> {
    words.into_iter().map(|word| word.node).collect()
}

fn languages(map: &mut Map<'_>) -> Vec<Dialect> {
    let words = map.texts("languages");
    words.iter().filter_map(|word| map.word("languages", word, &LANGUAGES)).collect()
}

pub(super) fn column_type(map: &mut Map<'_>) -> ColumnType {
    map.one_of("type", &TYPES)
}

fn column(node: Spanned<Node>, problems: &mut Problems) -> Option<ColumnFile> {
    let mut map = Map::of_model(node, "column", problems)?;
    let column = ColumnFile {
        xml_data: map.text("xml_data"),
        ty: column_type(&mut map),
        many: map.flag("many"),
        always: map.flag("always"),
        cased: map.flag("cased"),
        unchecked: map.flag("unchecked"),
        digits: map.flag("digits"),
        of: map.take("of").and_then(|node| of(node, map.problems)),
    };
    map.finish();
    Some(column)
}

fn of(node: Spanned<Node>, problems: &mut Problems) -> Option<OfFile> {
    let mut map = Map::of_model(node, "way to a property", problems)?;
    let (column, path) = (map.required_text("column"), plain(map.texts("path")));
    let parse = map.flag("parse");
    map.finish();
    Some(OfFile { column: column?, path, parse })
}

fn group(map: &mut Map<'_>) -> Group {
    Group {
        same: map.texts("same"),
        under: named(map, "under", words),
        xml_data: named(map, "xml_data", words),
        fields: named(map, "fields", field::field),
        lacks: map.texts("lacks"),
        keys: named(map, "keys", words),
    }
}

fn source(node: Spanned<Node>, problems: &mut Problems) -> Option<SourceFile> {
    let mut map = Map::of_model(node, "source", problems)?;
    let span = map.at;
    let when = map.required("when").and_then(|node| when(node, map.problems));
    let reads = map.required("reads").and_then(|node| reads(&node, map.problems));
    let language = map
        .text("language")
        .and_then(|word| map.word("language", &word, &LANGUAGES).map(|language| Spanned::new(language, word.span)));
    let (by, unchecked) = (map.texts("by"), map.flag("unchecked"));
    let scope = tests(&mut map, "scope");
    let (time, id, groups) = (map.text("time"), map.texts("id"), map.texts("groups"));
    let own = group(&mut map);
    map.finish();
    Some(SourceFile { when: when?, language, reads: reads?, by, unchecked, scope, time, id, groups, own, span })
}

fn when(node: Spanned<Node>, problems: &mut Problems) -> Option<WhenFile> {
    let mut map = Map::of_model(node, "condition of a source", problems)?;
    let product = map.text("product").map(|word| word.node);
    let category = plain(map.texts("category"));
    let service = map.text("service").map(|word| word.node);
    let or_service = map.text("or_service").map(|word| word.node);
    map.finish();
    Some(WhenFile { product, category, service, or_service })
}

fn reads(node: &Spanned<Node>, problems: &mut Problems) -> Option<Spanned<ReadsFile>> {
    let wrong = |span| {
        invalid(span, "expected `any`, `everything`, or one of `category`, `dataset`, `macro` and `table` with a name")
    };
    let read = match &node.node {
        Node::Scalar(Value::Text(word)) if word == "any" => ReadsFile::Any,
        Node::Scalar(Value::Text(word)) if word == "everything" => ReadsFile::Everything,
        Node::Map(entries) => match entries.as_slice() {
            [(key, Spanned { node: Node::Scalar(Value::Text(name)), .. })] => match key.node.as_str() {
                "category" => ReadsFile::Category(name.clone()),
                "dataset" => ReadsFile::Dataset(name.clone()),
                "macro" => ReadsFile::Macro(name.clone()),
                "table" => ReadsFile::Table(name.clone()),
                _ => {
                    problems.push(wrong(key.span));
                    return None;
                }
            },
            entries => {
                problems.push(wrong(entries.get(1).map_or(node.span, |(key, _)| key.span)));
                return None;
            }
        },
        Node::Scalar(_) | Node::List(_) => {
            problems.push(wrong(node.span));
            return None;
        }
    };
    Some(Spanned::new(read, node.span))
}

/// Tests that may be there.
pub(super) fn tests(map: &mut Map<'_>, key: &'static str) -> Vec<TestFile> {
    listed(map, key, test)
}

/// A list of tests.
pub(super) fn tests_of(node: Spanned<Node>, problems: &mut Problems) -> Option<Vec<TestFile>> {
    match node.node {
        Node::List(items) => Some(items.into_iter().filter_map(|item| test(item, problems)).collect()),
        Node::Scalar(_) | Node::Map(_) => {
            problems.push(invalid(node.span, "expected a list of tests").help("start each test with `- `"));
            None
        }
    }
}

fn test(node: Spanned<Node>, problems: &mut Problems) -> Option<TestFile> {
    const FORMS: [&str; 4] = ["equals", "in", "exists", "any"];
    let mut map = Map::of_model(node, "test", problems)?;
    let column = map.text("column");
    let unchecked = map.text("unchecked").map(|word| word.node);
    let integration = map.text("integration").map(|word| word.node);
    let forms = map.has(&FORMS);
    let form = match (forms.as_slice(), &column) {
        ([(form @ "any", _)], None) => Some(*form),
        ([(form, _)], Some(_)) if *form != "any" => Some(*form),
        _ => None,
    };
    let what = match (form, column) {
        (Some("equals"), Some(column)) => {
            let node = map.required("equals");
            node.and_then(|node| scalar(&node, map.problems)).map(|value| WhatFile::Equals(column, value))
        }
        (Some("in"), Some(column)) => {
            let values = listed(&mut map, "in", |node, problems| scalar(&node, problems));
            Some(WhatFile::In(column, values))
        }
        (Some("exists"), Some(column)) => Some(WhatFile::Exists(column, map.flag("exists"))),
        (Some(_), _) => Some(WhatFile::Any(tests(&mut map, "any"))),
        (None, _) => {
            let message = "a test is `column` with one of `equals`, `in` and `exists`, or `any` with a list of tests";
            map.problems.push(invalid(map.at, message));
            None
        }
    };
    // Known, if out of place.
    for form in FORMS {
        let _ = map.take_even_null(form);
    }
    map.finish();
    Some(TestFile { what: what?, unchecked, integration })
}

fn scalar(node: &Spanned<Node>, problems: &mut Problems) -> Option<Spanned<Scalar>> {
    let value = match &node.node {
        Node::Scalar(Value::Integer(number)) => Scalar::Number(*number),
        Node::Scalar(Value::Text(text)) => Scalar::Text(text.clone()),
        Node::Scalar(_) => {
            problems.push(invalid(node.span, "expected text or a whole number").help("put it in quotes"));
            return None;
        }
        Node::List(_) | Node::Map(_) => {
            problems.push(invalid(node.span, "expected text or a whole number"));
            return None;
        }
    };
    Some(Spanned::new(value, node.span))
}
