//! Queries as files: `<directory>/<target>/<path of the rule>.<language>`.
//!
//! A file of several rules adds the name of the rule, a branch of a classification the name of its class. A rule that is
//! refused has no file.

use rulecast_compile::{Query, Role, Target};
use rulecast_ir::Metadata;

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    /// Below the output directory, with `/`.
    pub(crate) path: String,
    /// With LF line ends, and one at the end.
    pub(crate) text: String,
}

/// The path of a rule without target and extension, and different from those in `taken`, the rules before it.
pub(crate) fn rule_stem(stem: &str, metadata: &Metadata, alone: bool, taken: &mut Vec<String>) -> String {
    if alone {
        return stem.to_owned();
    }
    let names = [metadata.name(), metadata.id(), Some(metadata.title())];
    let name = names.into_iter().flatten().map(slug).find(|slug| !slug.is_empty()).unwrap_or_else(|| "rule".to_owned());
    unused(&format!("{stem}.{name}"), taken)
}

/// The files of a rule's queries, each with the text that `text` makes of its query.
pub(crate) fn queries(stem: &str, target: Target, queries: &[Query], text: impl Fn(&Query) -> String) -> Vec<Output> {
    let mut taken = Vec::new();
    let extension = target.language.name();
    queries
        .iter()
        .map(|query| {
            let path = match &query.role {
                Role::Rule => unused(&format!("{target}/{stem}"), &mut taken),
                Role::Branch { name, .. } => unused(&format!("{target}/{stem}.{}", slug(name)), &mut taken),
            };
            Output { path: format!("{path}.{extension}"), text: text(query) }
        })
        .collect()
}

fn unused(path: &str, taken: &mut Vec<String>) -> String {
    let mut free = path.to_owned();
    let mut number = 1;
    while taken.contains(&free) {
        number += 1;
        free = format!("{path}-{number}");
    }
    taken.push(free.clone());
    free
}

/// Lower-case letters, digits and single hyphens.
pub(crate) fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::{slug, unused};

    #[test]
    fn slugs_are_safe_file_names() {
        assert_eq!(slug("Shell: `curl` | ../../etc/passwd"), "shell-curl-etc-passwd");
        assert_eq!(slug("snake_case stays"), "snake_case-stays");
        assert_eq!(slug("../.."), "");
    }

    #[test]
    fn names_in_use_get_a_number() {
        let mut taken = Vec::new();
        let given = ["a", "a", "b", "a"].map(|name| unused(name, &mut taken));
        assert_eq!(given, ["a", "a-2", "b", "a-3"]);
    }
}
