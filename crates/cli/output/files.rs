//! Queries as files: `<directory>/<target>/<path of the rule>.<language>`.
//!
//! A file of several rules adds the name of the rule, a branch of a classification the name of its class. A rule that is
//! refused has no file; a file that it had before stays.

use crate::exit::Failure;
use rulecast_compile::{Query, Role, Target};
use rulecast_ir::Metadata;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

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

/// The files of a rule's queries.
pub(crate) fn queries(stem: &str, target: Target, queries: &[Query]) -> Vec<Output> {
    let mut taken = Vec::new();
    let extension = target.language.name();
    queries
        .iter()
        .map(|query| {
            let path = match &query.role {
                Role::Rule => unused(&format!("{target}/{stem}"), &mut taken),
                Role::Branch { name, .. } => unused(&format!("{target}/{stem}.{}", slug(name)), &mut taken),
            };
            Output { path: format!("{path}.{extension}"), text: format!("{}\n", query.text) }
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

/// All files of a run.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// By path in lower case: file systems that ignore case would make one file of two. With the rule file it is from.
    files: BTreeMap<String, (String, Output)>,
}

impl Tree {
    pub(crate) fn add(&mut self, from: &str, output: Output) -> Result<(), Failure> {
        match self.files.entry(output.path.to_lowercase()) {
            Entry::Occupied(known) => {
                let first = known.get().0.clone();
                Err(Failure::SamePath { first, second: from.to_owned(), path: output.path })
            }
            Entry::Vacant(free) => {
                free.insert((from.to_owned(), output));
                Ok(())
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Writes every file that is not yet as it should be.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), Failure> {
        for (_, output) in self.files.values() {
            let path = directory.join(&output.path);
            if std::fs::read(&path).is_ok_and(|present| present == output.text.as_bytes()) {
                continue;
            }
            let parent = path.parent().unwrap_or(directory);
            std::fs::create_dir_all(parent)
                .and_then(|()| std::fs::write(&path, &output.text))
                .map_err(|error| Failure::Write { path: path.clone(), reason: error.kind() })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Output, Tree, slug, unused};

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

    #[test]
    fn two_rules_never_share_a_file() {
        let mut tree = Tree::default();
        let output = |path: &str| Output { path: path.to_owned(), text: String::new() };
        tree.add("a/x.yml", output("eql.ecs/x.eql")).unwrap();
        let clash = tree.add("b/X.yml", output("eql.ecs/X.eql")).unwrap_err();
        assert!(clash.to_string().starts_with("`a/x.yml` and `b/X.yml` would both be written to"), "{clash}");
    }
}
