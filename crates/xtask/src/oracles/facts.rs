//! What we know of the oracles, as data: their faults, what they must reject, and fields that their schema lacks.

use super::engines::Fault;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// What `known.yml` says: faults of those who judge queries, and of those who run them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Faults {
    pub(super) judges: Vec<Known>,
    pub(super) engines: Vec<Fault>,
}

/// A query of ours is right, and an oracle says otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Known {
    /// The language.
    pub(super) oracle: String,
    message: String,
    #[serde(default)]
    query: String,
    /// A query that the oracle rejects so.
    pub(super) example: String,
    pub(super) reason: String,
}

impl Known {
    pub(super) fn explains(&self, language: &str, query: &str, message: &str) -> bool {
        self.oracle == language && message.contains(&self.message) && query.contains(&self.query)
    }
}

/// A query that an oracle must reject.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Broken {
    pub(super) target: String,
    pub(super) query: String,
    /// Stands in the oracle's message.
    pub(super) message: String,
}

/// A field that the Elastic Common Schema lacks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extra {
    field: String,
    #[serde(rename = "type")]
    kind: String,
    /// Who has it.
    reason: String,
}

impl Extra {
    /// The field, or `a.*` for all below `a`.
    pub(super) fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.field, self.reason)
    }
}

pub(super) fn known() -> Faults {
    read(include_str!("../../oracles/known.yml"))
}

pub(super) fn broken() -> Vec<Broken> {
    read(include_str!("../../oracles/broken.yml"))
}

/// The fields that the schema lacks.
pub(super) fn extra() -> Vec<Extra> {
    read(include_str!("../../oracles/ecs_extra.yml"))
}

/// Adds the fields that the schema lacks, and names those that it has after all.
pub(super) fn add_to_ecs(types: &mut BTreeMap<String, String>) -> Vec<Extra> {
    extra().into_iter().filter(|extra| types.insert(extra.field.clone(), extra.kind.clone()).is_some()).collect()
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_yaml::from_str(text).expect("the file is read by this crate's tests")
}

#[cfg(test)]
mod tests {
    use super::super::schema::find;
    use super::*;
    use rulecast_compile::Model;
    use std::collections::BTreeSet;

    const XDR: &str = include_str!("../../../pipeline/models/xdr.yml");

    /// Whether a data model names a word outside its comments.
    fn names(model: &str, word: &str) -> bool {
        let of_word = |c: char| c.is_alphanumeric() || "._@".contains(c);
        model
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .any(|line| line.split(|c| !of_word(c)).any(|one| one == word))
    }

    #[test]
    fn the_files_are_well_formed() {
        assert!(known().judges.iter().all(|known| known.reason.len() > 20 && !known.message.is_empty()));
        known().engines.iter().for_each(|fault| assert!(fault.is_well_formed(), "{fault:?}"));
        assert!(broken().iter().all(|broken| !broken.message.is_empty()));
    }

    #[test]
    fn extra_fields_are_of_the_model() {
        let mut types = BTreeMap::new();
        assert!(add_to_ecs(&mut types).is_empty(), "each field once");
        let columns: Vec<_> = ["ecs", "winlogbeat"].map(|name| Model::builtin(name).unwrap().columns()).concat();
        let used: BTreeSet<_> = columns.iter().filter_map(|(column, _)| Some(find(&types, column)?.0)).collect();
        let stale: Vec<_> = types.keys().filter(|field| !used.contains(field.as_str())).collect();
        assert!(stale.is_empty(), "the models have none of {stale:?}");
    }

    #[test]
    fn the_schema_has_what_the_model_uses_and_no_more() {
        let tables: BTreeMap<String, BTreeMap<String, String>> =
            serde_json::from_str(include_str!("../../oracles/schema/xdr.json")).expect("an object of tables");
        for (table, columns) in tables {
            assert!(names(XDR, &table), "the model reads no table {table}");
            let stale: Vec<_> = columns.keys().filter(|column| !names(XDR, column)).collect();
            assert!(stale.is_empty(), "the model has none of {stale:?}");
        }
    }
}
