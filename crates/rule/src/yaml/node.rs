//! The nodes of a YAML document.

use rulecast_diagnostics::Span;
use std::rc::Rc;

/// A node and its place.
#[derive(Clone, Debug)]
pub(crate) struct Yaml {
    pub(crate) span: Span,
    pub(crate) data: Data,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Scalar(Scalar),
    List(Vec<Yaml>),
    /// In the order written; no key twice.
    Map(Vec<Entry>),
    /// A node that an anchor names, and every alias of it.
    Shared(Rc<Yaml>),
}

/// A scalar, decoded but not resolved.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Block,
    /// Plain, but declared text by the tag `!!str`.
    Tagged,
}

/// A key of a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) text: String,
    pub(crate) style: Style,
    pub(crate) span: Span,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) value: Yaml,
}

impl Yaml {
    /// The content, with anchors and aliases looked through.
    pub(crate) fn into_data(self) -> Data {
        let mut data = self.data;
        while let Data::Shared(shared) = data {
            data = Rc::unwrap_or_clone(shared).data;
        }
        data
    }

    /// The content, with anchors and aliases looked through.
    pub(crate) fn data(&self) -> &Data {
        let mut data = &self.data;
        while let Data::Shared(shared) = data {
            data = &shared.data;
        }
        data
    }

    /// Whether nothing, `null` or `~` is written here.
    pub(crate) fn is_null(&self) -> bool {
        matches!(self.data(), Data::Scalar(scalar) if scalar.is_null())
    }
}

impl Scalar {
    /// Whether it is nothing, `null` or `~`.
    pub(crate) fn is_null(&self) -> bool {
        self.style == Style::Plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}
