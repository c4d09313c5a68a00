//! Where a mapped field stands in a SIEM's events.

use crate::Name;

/// A column of a source, with what a query must know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// How to read it.
    pub expr: ColumnExpr,
    /// What it holds.
    pub ty: ColumnType,
    /// Whether one event may hold several values in it.
    pub many: bool,
    /// Whether every event of the source has a value in it.
    pub always: bool,
}

/// How to read a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnExpr {
    /// A column by its name, unquoted.
    Name(Name),
    /// A property of a column that holds an object (KQL).
    Property {
        /// The column.
        column: Name,
        /// The names down to the value.
        path: Vec<Name>,
        /// Whether the column holds the object as JSON text, which must be parsed first.
        parse: bool,
    },
    /// The text of a named element of a column that holds the data of an event as XML, as Windows writes it:
    /// `<Data Name="name">text</Data>` (KQL).
    XmlData {
        /// The column.
        column: Name,
        /// What the attribute `Name` of the element holds.
        name: Name,
    },
    /// Columns joined with a separator between them (KQL `strcat`).
    Join {
        /// The columns, in order.
        columns: Vec<Name>,
        /// What stands between them.
        separator: Name,
    },
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Text compared as a whole (Elasticsearch `keyword` and `wildcard`, KQL `string`).
    Text,
    /// Analysed text, which EQL cannot query.
    FullText,
    /// A whole number.
    Long,
    /// A decimal number.
    Real,
    /// True or false.
    Bool,
    /// An IP address (Elasticsearch `ip`). KQL and SPL hold addresses as text: use [`ColumnType::Text`] there.
    Ip,
    /// A point in time.
    DateTime,
    /// A value of any shape (KQL `dynamic`).
    Dynamic,
}

impl Column {
    /// A text column of that name, with at most one value.
    pub fn text(name: impl Into<Name>) -> Self {
        Self::named(name, ColumnType::Text)
    }

    /// A column of that name and type, with at most one value.
    pub fn named(name: impl Into<Name>, ty: ColumnType) -> Self {
        Self { expr: ColumnExpr::Name(name.into()), ty, many: false, always: false }
    }

    /// The name of the column, or of the first one it is read from.
    pub fn name(&self) -> &str {
        match &self.expr {
            ColumnExpr::Name(name) => name,
            ColumnExpr::Property { column, .. } | ColumnExpr::XmlData { column, .. } => column,
            ColumnExpr::Join { columns, .. } => columns.first().map_or("", |name| name),
        }
    }
}
