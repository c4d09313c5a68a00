//! `classification`: named classes of a match.

use super::Decoder;
use crate::ast::{Branch, Classification};
use crate::condition::Names;
use crate::yaml::{Data, Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Spanned};
use std::collections::HashMap;

const WHAT: &str = "`classification`";

impl Decoder<'_> {
    /// Reads a list of branches whose last may be `otherwise: NAME`, or a mapping of `branches` and `otherwise`.
    pub(super) fn classification(&mut self, yaml: Yaml) -> Option<Classification> {
        let span = yaml.span;
        let mut otherwise = None;
        let items = match yaml.data() {
            Data::Map(_) => {
                let mut items = None;
                for Entry { key, value } in self.map(WHAT, yaml)? {
                    match &*key.text {
                        "branches" => items = self.list("`branches`", value),
                        "otherwise" => otherwise = self.word("`otherwise`", value),
                        _ => self.unknown_key(WHAT, &key, &["branches", "otherwise"]),
                    }
                }
                items.unwrap_or_default()
            }
            _ => self.list(WHAT, yaml)?,
        };
        let mut branches: Vec<Branch> = Vec::with_capacity(items.len());
        let mut has_items = false;
        let last = items.len().saturating_sub(1);
        for (i, item) in items.into_iter().enumerate() {
            if is_otherwise(&item) {
                if i != last || otherwise.is_some() {
                    let label = "not the last entry";
                    let help = "move it to the end: it names what no branch before it does";
                    self.error("misplaced-key", item.span, "`otherwise` is not the last branch".into(), label, help);
                }
                for Entry { value, .. } in self.map(WHAT, item)? {
                    otherwise = self.word("`otherwise`", value);
                }
                continue;
            }
            has_items = true;
            branches.extend(self.branch(item));
        }
        if !has_items {
            return self.refuse(
                Diagnostic::error("empty-list", span, "`classification` has no branch")
                    .label("expected a branch")
                    .help("add a branch: `- {name: NAME, condition: selection}`"),
            );
        }
        self.refuse_repeated_classes(&branches, otherwise.as_ref());
        Some(Classification { branches, otherwise, span })
    }

    fn branch(&mut self, item: Yaml) -> Option<Branch> {
        const WHAT: &str = "branch of `classification`";
        const KNOWN: &[&str] = &["name", "rule", "condition", "level", "description"];
        let span = item.span;
        let (mut name, mut rule, mut condition) = ((false, None), (false, None), (false, None));
        let (mut level, mut description) = (None, None);
        for Entry { key, value } in self.map(WHAT, item)? {
            match &*key.text {
                "name" => name = (true, self.word("`name`", value)),
                "rule" => rule = (true, self.word("`rule`", value)),
                "condition" => condition = (true, self.condition("`condition`", value, Names::Selections, None)),
                "level" => level = self.level(value),
                "description" => description = self.optional_text("`description`", usize::MAX, value),
                _ => self.unknown_key(WHAT, &key, KNOWN),
            }
        }
        let name = self.required(WHAT, "name", span, name.0, name.1);
        if !condition.0 && !rule.0 {
            let help = "add `condition`, or the `rule` whose events are meant";
            let at = self.first_line(span);
            self.error("missing-condition", at, format!("{WHAT} has no `condition`"), "in this branch", help);
        }
        Some(Branch { name: name?, rule: rule.1, condition: condition.1, level, description, span })
    }

    /// Two branches of one name are legal where each is about another rule.
    fn refuse_repeated_classes(&mut self, branches: &[Branch], otherwise: Option<&Spanned<String>>) {
        let mut named: HashMap<&str, &Branch> = HashMap::new();
        let mut named_without_rule: HashMap<&str, &Branch> = HashMap::new();
        for branch in branches {
            let name = &*branch.name.node;
            let earlier = if branch.rule.is_some() { &named_without_rule } else { &named };
            if let Some(earlier) = earlier.get(name) {
                self.repeated_class(&branch.name, &earlier.name);
            }
            named.entry(name).or_insert(branch);
            if branch.rule.is_none() {
                named_without_rule.entry(name).or_insert(branch);
            }
        }
        if let Some(otherwise) = otherwise
            && let Some(branch) = named.get(&*otherwise.node)
        {
            self.repeated_class(otherwise, &branch.name);
        }
    }

    fn repeated_class(&mut self, name: &Spanned<String>, earlier: &Spanned<String>) {
        self.problems.push(
            Diagnostic::error("duplicate-class", name.span, format!("class `{}` stands twice", name.node))
                .label("again here")
                .also(earlier.span, "first here")
                .help("join the two conditions with `or`, or rename one"),
        );
    }
}

/// Whether a list entry is `otherwise: NAME`.
fn is_otherwise(item: &Yaml) -> bool {
    matches!(item.data(), Data::Map(entries) if entries.len() == 1 && entries[0].key.text == "otherwise")
}
