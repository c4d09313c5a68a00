//! Log source, selections and condition, as written.

use super::{Condition, Modifier, Value};
use rulecast_diagnostics::{Span, Spanned};

/// `logsource`: which events a rule reads.
#[derive(Clone, Debug, PartialEq)]
pub struct LogSource {
    /// `process_creation`, `network_connection`, …
    pub category: Option<Spanned<String>>,
    /// `windows`, `macos`, `linux`, …
    pub product: Option<Spanned<String>>,
    /// `sysmon`, `security`, `auditd`, …
    pub service: Option<Spanned<String>>,
    /// Free text about how to get the events; no meaning to us.
    pub definition: Option<Spanned<String>>,
    /// The whole mapping.
    pub span: Span,
}

/// `detection`: selections by name, and the condition over them.
#[derive(Clone, Debug)]
pub struct Detection {
    /// In the order written.
    pub selections: Vec<NamedSelection>,
    /// The condition; several are alternatives (OR).
    pub conditions: Vec<Spanned<Condition>>,
    /// The whole mapping.
    pub span: Span,
}

/// A search identifier and its selection.
#[derive(Clone, Debug)]
pub struct NamedSelection {
    /// The search identifier. Any text: only conditions restrict what they can name.
    pub name: Spanned<String>,
    /// What it looks for.
    pub selection: Selection,
}

/// What one search identifier looks for.
#[derive(Clone, Debug)]
pub enum Selection {
    /// A mapping: all items must hold.
    AllOf(Vec<Item>),
    /// A list: any element may hold.
    AnyOf(Vec<Selection>),
}

/// One line of a selection: `field|modifiers: values`. Keywords have no field.
#[derive(Clone, Debug)]
pub struct Item {
    /// The field, or `None` for keywords, which may match anywhere in the event.
    pub field: Option<Spanned<String>>,
    /// In the order written, which is the order they apply in.
    pub modifiers: Vec<Spanned<Modifier>>,
    /// At least one. A list links its values with OR, or with AND under `all`.
    pub values: Vec<Spanned<Value>>,
    /// Whether the values were written as a list.
    pub is_list: bool,
    /// From the key to the last value.
    pub span: Span,
}
