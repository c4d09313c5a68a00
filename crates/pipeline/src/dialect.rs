//! The languages that a data model serves.

use serde::Deserialize;

/// A query language, as far as a data model must tell one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Elastic EQL: addresses have a type of their own.
    Eql,
    /// Splunk SPL.
    Spl,
    /// Kusto KQL.
    Kql,
}

impl Dialect {
    /// `eql`, `spl`, `kql`.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Eql => "eql",
            Dialect::Spl => "spl",
            Dialect::Kql => "kql",
        }
    }
}
