//! Whether the columns of the data models of EQL have the types that the Elastic Common Schema gives them.
//!
//! A column that the schema has is held against its type there. Any other must be named in `ecs_extra.yml`, and is held
//! against what that file says: our own word.

use rulecast_compile::Model;
use std::collections::BTreeMap;

/// What became of a model's columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// How many have the type that the schema gives them.
    checked: usize,
    /// Those that the schema lacks: how many, by the entry that names them.
    extra: BTreeMap<String, usize>,
    pub(super) wrong: Vec<String>,
}

impl Columns {
    /// Of the types of the schema, with the extra fields among them.
    pub(super) fn of(model: &Model, types: &BTreeMap<String, String>, is_extra: impl Fn(&str) -> bool) -> Self {
        let mut found = Self::default();
        for (column, ours) in model.columns() {
            let Some((entry, kind)) = find(types, column) else {
                found.wrong.push(format!("{}: neither the schema nor ecs_extra.yml has `{column}`", model.name()));
                continue;
            };
            match word(kind) {
                Some(word) if word == ours => {}
                _ => found.wrong.push(format!("{}: `{column}` is of the type {kind}, and not {ours}", model.name())),
            }
            if is_extra(entry) {
                *found.extra.entry(entry.to_owned()).or_default() += 1;
            } else {
                found.checked += 1;
            }
        }
        found
    }

    /// In words.
    pub(super) fn summary(&self) -> String {
        let extra: Vec<_> = self.extra.iter().map(|(entry, count)| format!("{entry} ({count})")).collect();
        let all: usize = self.extra.values().sum();
        format!("{} columns are of the schema; {all} are of ecs_extra.yml alone: {}", self.checked, extra.join(", "))
    }
}

/// The entry that names a field, itself or by what it stands below, and its type.
pub(super) fn find<'a>(types: &'a BTreeMap<String, String>, field: &str) -> Option<(&'a str, &'a str)> {
    let entry = |name: &str| types.get_key_value(name).map(|(name, kind)| (name.as_str(), kind.as_str()));
    let ends = field.match_indices('.').rev().map(|(end, _)| format!("{}.*", &field[..end]));
    entry(field).or_else(|| ends.into_iter().find_map(|name| entry(&name)))
}

/// The word of a data model for a type of Elasticsearch; none for one that no query can ask.
fn word(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "keyword" | "wildcard" | "constant_keyword" | "version" => "text",
        "long" | "integer" | "short" | "byte" | "unsigned_long" => "long",
        "float" | "double" | "half_float" | "scaled_float" => "real",
        "ip" => "ip",
        "boolean" => "bool",
        "date" => "datetime",
        "text" | "match_only_text" | "flattened" | "nested" => "fulltext",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_held_against_its_type() {
        let mut types = BTreeMap::new();
        for (column, ours) in Model::builtin("winlogbeat").unwrap().columns() {
            let kind = match ours {
                "text" => "wildcard",
                "bool" => "boolean",
                "datetime" => "date",
                "fulltext" => "match_only_text",
                other => other,
            };
            types.insert(column.to_owned(), kind.to_owned());
        }
        let of = |types: &_| Columns::of(Model::builtin("winlogbeat").unwrap(), types, |entry| entry.ends_with('*'));
        assert!(of(&types).wrong.is_empty());
        types.insert("source.ip".into(), "keyword".into());
        types.remove("winlog.channel");
        types.remove("winlog.event_data.LogonType");
        types.insert("winlog.event_data.*".into(), "keyword".into());
        let found = of(&types);
        assert_eq!(
            found.wrong,
            [
                "winlogbeat: `source.ip` is of the type keyword, and not ip",
                "winlogbeat: neither the schema nor ecs_extra.yml has `winlog.channel`",
            ]
        );
        assert!(
            found.summary().ends_with("1 are of ecs_extra.yml alone: winlog.event_data.* (1)"),
            "{}",
            found.summary()
        );
    }
}
