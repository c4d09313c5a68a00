//! Columns as expressions: how each is read, as text and as what it is.

use crate::ast::{Condition, Expr, Function, Test};
use crate::regex::literal;
use rulecast_ir::{Column, ColumnExpr, ColumnType, Logic, Name};

/// What a column gives once it is read; of [`ColumnType`], what KQL tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string. Never null: a missing value is empty.
    Text,
    /// A value of any shape, tested as the text of it.
    Dynamic,
    Long,
    Real,
    Bool,
    DateTime,
}

impl Kind {
    /// What such a column holds, in a message.
    pub(super) fn words(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Dynamic => "values of any shape",
            Kind::Long => "whole numbers",
            Kind::Real => "numbers",
            Kind::Bool => "true or false",
            Kind::DateTime => "points in time",
        }
    }
}

/// What `column` gives.
pub(super) fn kind(column: &Column) -> Kind {
    if matches!(column.expr, ColumnExpr::Join { .. } | ColumnExpr::XmlData { .. }) {
        return Kind::Text;
    }
    match column.ty {
        // KQL holds addresses as text, and has no analysed text.
        ColumnType::Text | ColumnType::FullText | ColumnType::Ip => Kind::Text,
        ColumnType::Dynamic => Kind::Dynamic,
        ColumnType::Long => Kind::Long,
        ColumnType::Real => Kind::Real,
        ColumnType::Bool => Kind::Bool,
        ColumnType::DateTime => Kind::DateTime,
    }
}

/// The column's value, of its own type.
pub(super) fn value(column: &Column) -> Expr {
    match &column.expr {
        ColumnExpr::Name(name) => Expr::Column(name.clone()),
        ColumnExpr::Property { column: name, path, parse } => {
            let object = Expr::Column(name.clone());
            let object = if *parse { Expr::call(Function::ParseJson, [object]) } else { object };
            let value = if path.is_empty() { object } else { Expr::Path { of: Box::new(object), names: path.clone() } };
            let convert = match kind(column) {
                Kind::Text => Function::ToString,
                Kind::Long => Function::ToLong,
                Kind::Real => Function::ToReal,
                Kind::Bool => Function::ToBool,
                Kind::DateTime => Function::ToDateTime,
                Kind::Dynamic => return value,
            };
            Expr::call(convert, [value])
        }
        ColumnExpr::XmlData { column, name } => xml_data(column, name),
        ColumnExpr::Join { columns, separator } => {
            let mut parts = Vec::with_capacity(columns.len() * 2);
            for name in columns {
                if !parts.is_empty() {
                    parts.push(Expr::Text(separator.to_string()));
                }
                parts.push(Expr::Column(name.clone()));
            }
            Expr::Call(Function::StrCat, parts)
        }
    }
}

/// The text of an element `Data`, whose entities stand for what XML cannot hold as it is. Its end is any tag: text has no
/// `<` of its own, and no element that Windows writes so has others in it.
fn xml_data(column: &Name, name: &str) -> Expr {
    const ENTITIES: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let mut pattern = "<Data Name=\"".to_owned();
    name.chars().for_each(|c| literal(&mut pattern, c));
    pattern.push_str("\">([^<]*)<");
    let element = [Expr::Text(pattern), Expr::Long(1), Expr::Column(column.clone())];
    let list = |of: fn(&(&'static str, &'static str)) -> &'static str| {
        Expr::Dynamic(Box::new(ENTITIES.iter().map(of).collect()))
    };
    // In one pass, so that what an entity stands for is not taken for a part of another.
    let replaced = [Expr::call(Function::Extract, element), list(|(entity, _)| entity), list(|(_, text)| text)];
    Expr::call(Function::ReplaceStrings, replaced)
}

/// The column's value as text: empty where there is none. Only for kinds whose text Kusto writes as the rule means it.
pub(super) fn text(column: &Column) -> Expr {
    match kind(column) {
        Kind::Text => value(column),
        _ => Expr::call(Function::ToString, [value(column)]),
    }
}

/// What a missing value reads as.
pub(super) fn blank(column: &Column) -> String {
    match &column.expr {
        ColumnExpr::Join { columns, separator } => separator.repeat(columns.len().saturating_sub(1)),
        ColumnExpr::Name(_) | ColumnExpr::Property { .. } | ColumnExpr::XmlData { .. } => String::new(),
    }
}

/// The column has a value (an empty text is none).
pub(super) fn present(column: &Column) -> Condition {
    presence(column, Function::IsNotEmpty, Function::IsNotNull, Logic::any)
}

/// The column has no value, or an empty text.
pub(super) fn missing(column: &Column) -> Condition {
    presence(column, Function::IsEmpty, Function::IsNull, Logic::all)
}

fn presence(
    column: &Column,
    of_text: Function,
    of_value: Function,
    of_parts: fn(Vec<Condition>) -> Condition,
) -> Condition {
    if let ColumnExpr::Join { columns, .. } = &column.expr {
        let part = |name: &Name| Logic::Test(Test::Call(of_text, vec![Expr::Column(name.clone())]));
        return of_parts(columns.iter().map(part).collect());
    }
    Logic::Test(match kind(column) {
        Kind::Text | Kind::Dynamic => Test::Call(of_text, vec![text(column)]),
        Kind::Long | Kind::Real | Kind::Bool | Kind::DateTime => Test::Call(of_value, vec![value(column)]),
    })
}

/// What a column is called in a result.
pub(super) fn result_name(column: &Column) -> Name {
    match &column.expr {
        ColumnExpr::Name(name) => name.clone(),
        ColumnExpr::Property { column, path, .. } => path.last().unwrap_or(column).clone(),
        ColumnExpr::XmlData { name, .. } => name.clone(),
        ColumnExpr::Join { columns, .. } => columns.join("_").into(),
    }
}
