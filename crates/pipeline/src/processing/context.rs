//! What steps know of a rule beside the rule: the states set, the steps applied, the fields renamed.

use super::condition::{FieldCondition, Group, ItemCondition, RuleCondition};
use rulecast_ir::draft::{CorrelationDraft, Draft, DraftItem, DraftValue};
use rulecast_ir::{LogSource, Name, Test};
use rulecast_rule::ast::{Level, Metadata, Modifier, Status};
use serde_json::Value as Data;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The states by name.
pub(super) type State = BTreeMap<String, Data>;

/// What is known while the steps go over one rule.
#[derive(Debug)]
pub(super) struct Context<'p> {
    /// The ids of the steps by their place.
    ids: &'p [Option<String>],
    /// The pipelines' `vars`.
    pub(super) vars: &'p State,
    pub(super) state: State,
    /// The places of the steps that were applied to the rule.
    pub(super) applied: BTreeSet<u32>,
    /// The steps that led to a field name.
    renamed: BTreeMap<Name, BTreeSet<u32>>,
    /// The names that the rule had before a mapping, and those that mappings gave.
    pub(super) mapped: BTreeSet<Name>,
}

/// The rule or correlation that a condition is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Rule(&'a Draft),
    Correlation(&'a CorrelationDraft),
}

/// An attribute of a rule by its type.
#[derive(Debug)]
pub(super) enum Attribute<'a> {
    None,
    Text(Cow<'a, str>),
    Number(f64),
    List(Vec<String>),
    Level(Level),
    Status(Status),
}

impl<'a> Subject<'a> {
    pub(super) fn metadata(self) -> &'a Metadata {
        match self {
            Subject::Rule(draft) => &draft.rest.metadata,
            Subject::Correlation(draft) => &draft.rest.metadata,
        }
    }

    fn sources(self) -> &'a [LogSource] {
        match self {
            Subject::Rule(draft) => std::slice::from_ref(&draft.source),
            Subject::Correlation(draft) => &draft.sources,
        }
    }

    /// Whether any item is so. A correlation has none.
    fn has_item(self, mut is: impl FnMut(&DraftItem) -> bool) -> bool {
        let Subject::Rule(draft) = self else { return false };
        let mut found = false;
        for selection in draft.detections.iter().flat_map(|detection| &detection.selections) {
            selection.tree.for_each(&mut |item| found = found || is(item));
        }
        found
    }

    /// An attribute by its name in pySigma, or a custom one.
    pub(super) fn attribute(self, name: &str) -> Attribute<'a> {
        let metadata = self.metadata();
        let text = |text: &'a Option<rulecast_diagnostics::Spanned<String>>| {
            text.as_ref().map_or(Attribute::None, |text| Attribute::Text(Cow::Borrowed(&text.node)))
        };
        let list = |list: &[rulecast_diagnostics::Spanned<String>]| {
            Attribute::List(list.iter().map(|one| one.node.clone()).collect())
        };
        let date = |date: &Option<rulecast_diagnostics::Spanned<rulecast_rule::ast::Date>>| {
            date.as_ref().map_or(Attribute::None, |date| Attribute::Text(Cow::Owned(super::template::date(date.node))))
        };
        match name {
            "title" => text(&metadata.title),
            "id" => text(&metadata.id),
            "name" => text(&metadata.name),
            "taxonomy" => text(&metadata.taxonomy),
            "description" => text(&metadata.description),
            "license" => text(&metadata.license),
            "author" => text(&metadata.author),
            "date" => date(&metadata.date),
            "modified" => date(&metadata.modified),
            "references" => list(&metadata.references),
            "tags" => list(&metadata.tags),
            "fields" => list(&metadata.fields),
            "falsepositives" => list(&metadata.false_positives),
            "scope" => list(&metadata.scope),
            "level" => metadata.level.as_ref().map_or(Attribute::None, |level| Attribute::Level(level.node)),
            "status" => metadata.status.as_ref().map_or(Attribute::None, |status| Attribute::Status(status.node)),
            custom => {
                let found = metadata.custom.iter().rev().find(|(name, _)| name.node == custom);
                found.map_or(Attribute::None, |(_, node)| match super::read::data(node) {
                    Data::String(text) => Attribute::Text(Cow::Owned(text)),
                    Data::Bool(flag) => Attribute::Text(Cow::Owned(flag.to_string())),
                    Data::Number(number) => number.as_f64().map_or(Attribute::None, Attribute::Number),
                    Data::Array(items) => {
                        let shown = |item: &Data| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                        Attribute::List(items.iter().map(shown).collect())
                    }
                    Data::Null | Data::Object(_) => Attribute::None,
                })
            }
        }
    }
}

/// Whether a value is a null, not an `exists: false`.
pub(super) fn is_null(item: &DraftItem, value: &DraftValue) -> bool {
    value.tests == [Test::Exists(false)] && !item.modifiers.contains(&Modifier::Exists)
}

impl<'p> Context<'p> {
    pub(super) fn new(ids: &'p [Option<String>], vars: &'p State) -> Self {
        Self {
            ids,
            vars,
            state: State::new(),
            applied: BTreeSet::new(),
            renamed: BTreeMap::new(),
            mapped: BTreeSet::new(),
        }
    }

    /// Whether any of these steps has that id.
    fn among<'a>(&self, mut steps: impl Iterator<Item = &'a u32>, id: &str) -> bool {
        steps.any(|step| self.ids.get(*step as usize).is_some_and(|known| known.as_deref() == Some(id)))
    }

    /// Remembers that a step renamed a field.
    pub(super) fn rename(&mut self, from: Option<&Name>, to: &[Name], step: u32) {
        let before = from.and_then(|from| self.renamed.get(from)).cloned().unwrap_or_default();
        self.mapped.extend(from.cloned());
        for name in to {
            let steps = self.renamed.entry(name.clone()).or_default();
            steps.extend(before.iter().copied().chain([step]));
            self.mapped.insert(name.clone());
        }
    }

    pub(super) fn rule_is(&self, group: &Group<RuleCondition>, subject: Subject<'_>) -> bool {
        group.holds(|condition| match condition {
            RuleCondition::LogSource { .. } => subject.sources().iter().any(|source| condition.serves(source)),
            RuleCondition::Item { field, value } => {
                subject.has_item(|item| RuleCondition::has_item(item, field, value))
            }
            RuleCondition::Field(name) => {
                subject.has_item(|item| item.field.as_ref().is_some_and(|field| *field.name() == **name))
            }
            RuleCondition::Applied(id) => self.among(self.applied.iter(), id),
            RuleCondition::State(test) => test.holds(&self.state),
            RuleCondition::IsRule => matches!(subject, Subject::Rule(_)),
            RuleCondition::IsCorrelation => matches!(subject, Subject::Correlation(_)),
            RuleCondition::Attribute { name, value, op } => RuleCondition::attribute(&subject, name, value, *op),
            RuleCondition::Tag(tag) => subject.metadata().tags.iter().any(|one| one.node.eq_ignore_ascii_case(tag)),
        })
    }

    /// Whether an item is one that a step applies to: its values, and its field or a field that it is compared with.
    pub(super) fn item_is(
        &self,
        items: &Group<ItemCondition>,
        fields: &Group<FieldCondition>,
        item: &DraftItem,
    ) -> bool {
        let by_values = items.holds(|condition| match condition {
            ItemCondition::Values { .. } => condition.of_values(item).is_some_and(|held| held),
            ItemCondition::Applied(id) => self.among(item.applied.iter(), id),
            ItemCondition::State(test) => test.holds(&self.state),
        });
        by_values
            && fields.holds(|condition| {
                let name = item.field.as_ref().map(rulecast_ir::Field::name);
                match condition {
                    FieldCondition::Applied(id) => self.among(item.applied.iter(), id),
                    other => {
                        self.one_field_is(other, name.as_deref())
                            || others(item).any(|name| self.one_field_is(other, Some(&name)))
                    }
                }
            })
    }

    pub(super) fn field_is(&self, fields: &Group<FieldCondition>, name: Option<&str>) -> bool {
        fields.holds(|condition| self.one_field_is(condition, name))
    }

    fn one_field_is(&self, condition: &FieldCondition, name: Option<&str>) -> bool {
        match condition {
            FieldCondition::Include(names) => names.hold(name),
            FieldCondition::Exclude(names) => !names.hold(name),
            FieldCondition::Applied(id) => {
                let steps = name.and_then(|name| self.renamed.get(name));
                steps.is_some_and(|steps| self.among(steps.iter(), id))
            }
            FieldCondition::State(test) => test.holds(&self.state),
        }
    }
}

/// The fields that an item compares its own with.
fn others(item: &DraftItem) -> impl Iterator<Item = Name> {
    item.values.iter().flat_map(|value| &value.tests).filter_map(|test| match test {
        Test::Field { other, .. } => Some(other.name()),
        _ => None,
    })
}
