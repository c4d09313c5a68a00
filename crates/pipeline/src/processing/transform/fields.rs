//! Transformations of field names.

use super::items::{self, Fate};
use super::{Doing, Draftable};
use crate::processing::read::{Map, invalid};
use rulecast_diagnostics::Spanned;
use rulecast_ir::draft::{DraftItem, DraftTree, DraftValue};
use rulecast_ir::{Field, Name, OutputField, Test};
use rulecast_rule::ast::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// A transformation of field names.
#[derive(Debug)]
pub(in crate::processing) enum Fields {
    /// `field_name_mapping`; the keyword's missing name is `None`.
    Mapping(HashMap<Option<String>, Vec<Name>>),
    /// `field_name_prefix_mapping`: the first that fits.
    PrefixMapping(Vec<(String, Vec<String>)>),
    /// `field_name_transform`, with exceptions.
    Function { mapping: HashMap<Option<String>, Vec<Name>>, function: Function },
    /// `field_name_prefix`.
    Prefix(String),
    /// `field_name_suffix`.
    Suffix(String),
}

/// What `transform_func` names.
#[derive(Clone, Copy, Debug)]
pub(in crate::processing) enum Function {
    Lower,
    Upper,
    Title,
    Snake,
}

impl Fields {
    pub(super) fn read(name: &str, map: &mut Map<'_>) -> Option<Self> {
        Some(match name {
            "field_name_mapping" => Fields::Mapping(mapping(map.entries("mapping"), map)),
            "field_name_prefix_mapping" => Fields::PrefixMapping(prefixes(map)),
            "field_name_prefix" => Fields::Prefix(map.required_text("prefix")?.node),
            "field_name_suffix" => Fields::Suffix(map.required_text("suffix")?.node),
            _ => {
                let entries = match map.take("mapping") {
                    Some(Spanned { node: Node::Map(entries), .. }) => entries,
                    Some(other) => {
                        map.problems.push(invalid(other.span, "`mapping` needs a mapping"));
                        Vec::new()
                    }
                    None => Vec::new(),
                };
                let mapping = mapping(entries, map);
                if map.flag("apply_keyword") {
                    let problem = invalid(map.at, "`apply_keyword` gives keywords a field, and no function names one");
                    map.problems.push(problem);
                }
                let function = map.required_text("transform_func")?;
                let functions = [
                    ("lower", Function::Lower),
                    ("upper", Function::Upper),
                    ("title", Function::Title),
                    ("snake_case", Function::Snake),
                ];
                Fields::Function { mapping, function: map.word("transform_func", &function, &functions)? }
            }
        })
    }

    /// What a name becomes, if the transformation is about it.
    fn renamed(&self, name: Option<&str>) -> Option<Vec<Name>> {
        match (self, name) {
            (Fields::Mapping(mapping), name) => mapping.get(&name.map(str::to_owned)).cloned(),
            (_, None) => None,
            (Fields::PrefixMapping(prefixes), Some(name)) => prefixes.iter().find_map(|(prefix, to)| {
                let rest = name.strip_prefix(prefix.as_str())?;
                Some(to.iter().map(|to| format!("{to}{rest}").into()).collect())
            }),
            (Fields::Function { mapping, function }, Some(name)) => {
                let mapped = mapping.get(&Some(name.to_owned())).cloned();
                Some(mapped.unwrap_or_else(|| vec![function.of(name).into()]))
            }
            (Fields::Prefix(prefix), Some(name)) => Some(vec![format!("{prefix}{name}").into()]),
            (Fields::Suffix(suffix), Some(name)) => Some(vec![format!("{name}{suffix}").into()]),
        }
    }

    /// What a name becomes where the step's conditions on names hold.
    fn applied(&self, name: &Name, doing: &mut Doing<'_, '_>) -> Option<Vec<Name>> {
        let to = self.renamed(Some(name))?;
        if !doing.context.field_is(&doing.step.when.field, Some(name)) {
            return None;
        }
        doing.context.rename(Some(name), &to, doing.step.place);
        Some(to)
    }

    pub(super) fn apply(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        self.listed(draft, doing);
        if let Draftable::Correlation(draft) = draft {
            for place in &mut draft.fields {
                place.fields = std::mem::take(&mut place.fields)
                    .into_iter()
                    .flat_map(|field| match self.applied(&field.name(), doing) {
                        Some(to) => to.into_iter().map(Field::Target).collect(),
                        None => vec![field],
                    })
                    .collect();
            }
        }
        items::each(draft, doing, |item, doing| self.item(item, doing));
    }

    /// The fields that the rule shows.
    fn listed(&self, draft: &mut Draftable<'_>, doing: &mut Doing<'_, '_>) {
        let rest = draft.rest();
        if !rest.metadata.fields.is_empty() {
            let renamed =
                rest.metadata.fields.iter().flat_map(|field| match self.applied(&field.node.as_str().into(), doing) {
                    Some(to) => to.iter().map(|to| Spanned::new(to.to_string(), field.span)).collect(),
                    None => vec![field.clone()],
                });
            let renamed = renamed.collect();
            Arc::make_mut(&mut rest.metadata).fields = renamed;
        }
        if let Some(output) = &mut rest.output {
            let mut shown = |field: &OutputField<_>| match field {
                OutputField::Field(Field::Sigma(name) | Field::Target(name)) => match self.applied(name, doing) {
                    Some(to) => to.into_iter().map(|to| OutputField::Field(Field::Target(to))).collect(),
                    None => vec![field.clone()],
                },
                OutputField::Time | OutputField::Class => vec![field.clone()],
            };
            output.fields = output.fields.iter().flat_map(&mut shown).collect();
            let sort = output.sort.iter().flat_map(|(field, down)| shown(field).into_iter().map(|one| (one, *down)));
            output.sort = sort.collect();
        }
    }

    fn item(&self, item: &mut DraftItem, doing: &mut Doing<'_, '_>) -> Fate {
        let mut changed = false;
        for value in &mut item.values {
            value.tests = std::mem::take(&mut value.tests)
                .into_iter()
                .flat_map(|test| match &test {
                    Test::Field { operator, other, case } => match self.applied(&other.name(), doing) {
                        Some(to) => {
                            changed = true;
                            let (operator, case) = (*operator, *case);
                            to.into_iter().map(|to| Test::Field { operator, other: Field::Target(to), case }).collect()
                        }
                        None => vec![test],
                    },
                    _ => vec![test],
                })
                .collect();
        }
        let name = item.field.as_ref().map(Field::name);
        let renamed = self.renamed(name.as_deref());
        let Some(to) = renamed.filter(|_| doing.context.field_is(&doing.step.when.field, name.as_deref())) else {
            return if changed { Fate::Changed } else { Fate::Kept };
        };
        doing.context.rename(name.as_ref(), &to, doing.step.place);
        if name.is_none() {
            // A keyword stands anywhere in the field that is to hold it.
            for value in &mut item.values {
                value.tests = std::mem::take(&mut value.tests).into_iter().map(Test::anywhere).collect();
            }
        }
        match to.as_slice() {
            [one] => {
                item.field = Some(Field::Target(one.clone()));
                Fate::Changed
            }
            several => Fate::Replaced(spread(item, several)),
        }
    }
}

/// The item on several columns, any of which may hold the field: so a value is found if one column has it, it is missing
/// if all lack it, and the negation is of the whole.
fn spread(item: &DraftItem, columns: &[Name]) -> DraftTree {
    let on = |values: &[DraftValue]| -> Vec<DraftTree> {
        let column = |column: &Name| {
            let field = Some(Field::Target(column.clone()));
            DraftTree::Item(DraftItem { field, values: values.to_vec(), neq: false, ..item.clone() })
        };
        columns.iter().map(column).collect()
    };
    let missing = |value: &DraftValue| value.tests == [Test::Exists(false)];
    let (nulls, others): (Vec<_>, Vec<_>) = item.values.iter().cloned().partition(missing);
    let tree = match (nulls.is_empty(), others.is_empty()) {
        (true, _) => DraftTree::Any(on(&others)),
        (false, true) => DraftTree::All(on(&nulls)),
        (false, false) => {
            let both = vec![DraftTree::All(on(&nulls)), DraftTree::Any(on(&others))];
            if item.all { DraftTree::All(both) } else { DraftTree::Any(both) }
        }
    };
    if item.neq { DraftTree::Not(Box::new(tree)) } else { tree }
}

/// Names to one name or several.
fn mapping(entries: Vec<(Spanned<String>, Spanned<Node>)>, map: &mut Map<'_>) -> HashMap<Option<String>, Vec<Name>> {
    let mut mapping = HashMap::new();
    for (from, to) in entries {
        let span = to.span;
        let to: Vec<Name> = map.as_texts("mapping", to).iter().map(|to| to.node.as_str().into()).collect();
        if to.is_empty() {
            map.problems.push(invalid(span, format!("`{}` is mapped to nothing", from.node)));
        }
        let keyword = matches!(from.node.as_str(), "" | "~" | "null" | "Null" | "NULL");
        mapping.insert((!keyword).then_some(from.node), to);
    }
    mapping
}

fn prefixes(map: &mut Map<'_>) -> Vec<(String, Vec<String>)> {
    let entries = map.entries("mapping");
    let read = |(from, to): (Spanned<String>, Spanned<Node>)| {
        let to = map.as_texts("mapping", to).into_iter().map(|to| to.node).collect();
        (from.node, to)
    };
    entries.into_iter().map(read).collect()
}

impl Function {
    fn of(self, name: &str) -> String {
        match self {
            Function::Lower => name.to_lowercase(),
            Function::Upper => name.to_uppercase(),
            Function::Title => {
                let mut before = ' ';
                let titled = |c: char| {
                    let up = !before.is_alphabetic();
                    before = c;
                    if up { c.to_uppercase().collect::<String>() } else { c.to_lowercase().collect() }
                };
                name.chars().map(titled).collect()
            }
            Function::Snake => snake_case(name),
        }
    }
}

/// `ProcessGuid` to `process_guid`.
pub(super) fn snake_case(text: &str) -> String {
    let mut snake = String::with_capacity(text.len() + 4);
    let mut before = '_';
    for c in text.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            snake.push('_');
        }
        before = c;
        snake.extend(c.to_lowercase());
    }
    snake
}
