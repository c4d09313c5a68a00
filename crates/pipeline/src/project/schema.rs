//! The types of the columns that a rule's queries run over.

use super::{CATEGORY, relation};
use crate::convert::Entry;
use crate::model::{SourceEntry, type_name};
use crate::{Dialect, Model};
use rulecast_ir::{
    Arm, Body, Column, ColumnExpr, ColumnType, Key, Mapped, OutputField, Predicate, Reads, Rule, Schema, Step, Subject,
    Test,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The columns of every relation of a data model, with those that a mapped rule asks for.
pub fn schema(rule: &Rule<Mapped>, model: &Model, language: Dialect) -> Schema {
    let mut types = Types(Schema::default());
    for entry in model.serving_events(language) {
        types.source(entry);
    }
    let mut asked = Vec::new();
    columns(&rule.body, &mut asked);
    if let Some(output) = &rule.output {
        let shown = output.fields.iter().chain(output.sort.iter().map(|(field, _)| field));
        asked.extend(shown.filter_map(|field| match field {
            OutputField::Field(column) => Some(column.clone()),
            OutputField::Time | OutputField::Class => None,
        }));
    }
    if !model.pass {
        // The model has said what it knows; what it does not, a pipeline has named.
        let is_known = |column: &Column| types.0.relations.values().any(|columns| columns.contains_key(column.name()));
        let named: Vec<Arc<Column>> = asked.into_iter().filter(|column| !is_known(column)).collect();
        asked = named;
    }
    let relations: Vec<String> = types.0.relations.keys().cloned().collect();
    for relation in relations {
        asked.iter().for_each(|column| types.add(&relation, column));
    }
    types.0
}

/// The columns that make a mapped rule fire, those of scopes and keys too, each with the word for its type as in the file
/// of a model.
pub fn columns_read(rule: &Rule<Mapped>) -> BTreeMap<String, &'static str> {
    let (mut asked, mut types) = (Vec::new(), Types(Schema::default()));
    columns(&rule.body, &mut asked);
    for_each_arm(&rule.body, &mut |arm| {
        of_predicate(&arm.source.scope, &mut asked);
        if matches!(arm.source.reads, Reads::Category(Some(_))) {
            types.add("", &Column::text(CATEGORY));
        }
    });
    asked.iter().for_each(|column| types.add("", column));
    let all = types.0.relations.into_values().flatten();
    all.map(|(name, ty)| (name, type_name(ty))).collect()
}

struct Types(Schema);

impl Types {
    fn source(&mut self, entry: &SourceEntry) {
        let relation = relation(&entry.reads);
        let places = entry.fields.values().flat_map(Entry::places).chain(entry.keys.values().flatten());
        let columns = places.map(|place| &place.column).chain(&entry.id).chain([&entry.time]);
        columns.for_each(|column| self.add(&relation, column));
        let only = entry.fields.values().map(|entry| &entry.only);
        for predicate in only.chain([&entry.scope]) {
            let mut asked = Vec::new();
            of_predicate(predicate, &mut asked);
            asked.iter().for_each(|column| self.add(&relation, column));
        }
        if matches!(entry.reads, Reads::Category(_)) {
            self.add(&relation, &Column::text(CATEGORY));
        }
    }

    fn add(&mut self, relation: &str, column: &Column) {
        let columns = self.0.relations.entry(relation.to_owned()).or_default();
        match &column.expr {
            ColumnExpr::Name(name) => drop(columns.entry(name.to_string()).or_insert(column.ty)),
            ColumnExpr::Property { column, parse, .. } => {
                let ty = if *parse { ColumnType::Text } else { ColumnType::Dynamic };
                columns.entry(column.to_string()).or_insert(ty);
            }
            ColumnExpr::XmlData { column, .. } => {
                columns.entry(column.to_string()).or_insert(ColumnType::Text);
            }
            ColumnExpr::Join { columns: joined, .. } => {
                for name in joined {
                    columns.entry(name.to_string()).or_insert(ColumnType::Text);
                }
            }
        }
    }
}

/// Every column that makes a rule fire.
fn columns(body: &Body<Mapped>, asked: &mut Vec<Arc<Column>>) {
    match body {
        Body::Event(event) => {
            let classes = event.classification.iter().flat_map(|classes| &classes.branches);
            event.arms.iter().chain(classes.flat_map(|branch| &branch.arms)).for_each(|arm| of_arm(arm, asked));
        }
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|step| of_step(step, asked));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|step| of_step(step, asked));
            asked.extend(correlation.measure.fields.iter().flatten().cloned());
        }
    }
}

fn for_each_arm(body: &Body<Mapped>, each: &mut dyn FnMut(&Arm<Mapped>)) {
    match body {
        Body::Event(event) => event.arms.iter().for_each(each),
        Body::Sequence(sequence) => {
            let steps = sequence.steps.iter().chain(sequence.until.as_deref());
            steps.for_each(|step| for_each_arm(&step.body, each));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|step| for_each_arm(&step.body, each));
        }
    }
}

fn of_step(step: &Step<Mapped>, asked: &mut Vec<Arc<Column>>) {
    columns(&step.body, asked);
    asked.extend(step.keys.iter().flat_map(|Key { fields, .. }| fields.iter().cloned()));
}

fn of_arm(arm: &Arm<Mapped>, asked: &mut Vec<Arc<Column>>) {
    of_predicate(&arm.predicate, asked);
}

fn of_predicate(predicate: &Predicate<Mapped>, asked: &mut Vec<Arc<Column>>) {
    predicate.for_each(&mut |atom| {
        if let Subject::Field(column) = &atom.subject {
            asked.push(column.clone());
        }
        if let Test::Field { other, .. } = &atom.test {
            asked.push(other.clone());
        }
    });
}
