//! Rules written otherwise than they are meant: with placeholders for values, and with names of fields that a pipeline
//! takes back.
//!
//! Promises: values and pipelines make of such a rule the one that is meant, which is evaluated in its place.
//! Lacks: the other steps of pipelines.

use super::dice::Dice;
use super::run::resolved_with;
use super::wish::{Form, Kind, Leaf, Wish};
use super::yaml::quoted;
use crate::processing::{Files, Pipelines};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Placeholders, Rule, Sigma};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Pipelines that name no file.
struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("no files".to_owned())
    }
}

impl Wish {
    /// Writes some of its tests otherwise. A name that a pipeline gives a field may be that of a column of a data model, which is
    /// then meant; so fields are renamed where there is none.
    pub(super) fn disguise(&mut self, dice: &mut Dice, renames: bool) {
        let mut number = 0;
        self.for_each_leaf(&mut |leaf| {
            let is_text = matches!(leaf.kind, Kind::Exact | Kind::Prefix | Kind::Suffix | Kind::Contains);
            leaf.form = match dice.below(3) {
                0 if is_text && !leaf.all => Form::Expanded(number),
                1 if renames && !leaf.is_keyword() => Form::Renamed,
                _ => Form::Plain,
            };
            number += 1;
        });
    }

    /// The same as it is meant; none if it is written so.
    pub(super) fn plain(&self) -> Option<Wish> {
        self.leaves().iter().any(|leaf| leaf.form != Form::Plain).then(|| {
            let mut plain = self.clone();
            plain.for_each_leaf(&mut |leaf| leaf.form = Form::Plain);
            plain
        })
    }

    /// The pipeline that makes it so. Without a field to name, the values may as well come from a file.
    pub(super) fn pipeline(&self) -> String {
        let leaves = self.leaves();
        let mut out = "vars:\n".to_owned();
        for (name, values) in leaves.iter().filter_map(|leaf| leaf.expanded()) {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let _ = writeln!(out, "  {name}: [{}]", values.join(", "));
        }
        out += "transformations:\n";
        if out.lines().count() > 2 {
            out += "- type: value_placeholders\n";
        }
        let renamed = leaves.iter().filter(|leaf| leaf.form == Form::Renamed);
        let mapping: BTreeSet<String> = renamed.map(|leaf| format!("{}: {}", leaf.name(), leaf.field)).collect();
        if !mapping.is_empty() {
            let mapping: Vec<String> = mapping.into_iter().collect();
            let _ = writeln!(out, "- type: field_name_mapping\n  mapping: {{{}}}", mapping.join(", "));
        }
        out
    }

    /// What values or a pipeline make of the rule.
    pub(super) fn rewritten(&self, yaml: &str) -> Result<Rule<Sigma>, String> {
        let leaves = self.leaves();
        if leaves.iter().all(|leaf| leaf.form != Form::Renamed) {
            let mut rule = resolved_with(yaml, &Pipelines::default())?;
            let mut placeholders = Placeholders::default();
            for (name, values) in leaves.iter().filter_map(|leaf| leaf.expanded()) {
                placeholders.insert(name, values);
            }
            let problems = rule.fill(&placeholders);
            return problems.first().map_or(Ok(rule), |problem| Err(problem.message.clone()));
        }
        let text = self.pipeline();
        let (pipelines, problems) = Pipelines::read(&[(FileId(1), &text)], &NoFiles);
        match problems.first() {
            Some(problem) => Err(format!("{}\n{text}", problem.message)),
            None => resolved_with(yaml, &pipelines),
        }
    }
}

impl Leaf {
    /// What the rule calls the field.
    pub(super) fn name(&self) -> String {
        if self.form == Form::Renamed { format!("old_{}", self.field) } else { self.field.to_owned() }
    }
}
