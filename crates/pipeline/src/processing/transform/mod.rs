//! What a step of `transformations` does to a rule.

mod external;
mod extract;
mod fields;
mod hashes;
mod items;
mod placeholders;
mod rule;
mod values;

use super::context::{Context, Subject};
use super::read::{Map, refused};
use super::step::Step;
use super::{Files, Reading};
use rulecast_diagnostics::Diagnostic;
use rulecast_ir::draft::{CorrelationDraft, Draft};

/// A transformation.
#[derive(Debug)]
pub(super) enum Transformation {
    /// Those of field names.
    Fields(fields::Fields),
    /// Those of values.
    Values(values::Values),
    /// Those that put values for placeholders.
    Placeholders(placeholders::Placeholders),
    /// `hashes_fields`.
    Hashes(hashes::Hashes),
    /// `extract_fields`.
    Extract(extract::Extract),
    /// Those of the whole rule, and failures.
    Rule(rule::OfRule),
    /// `drop_detection_item`.
    DropItem,
    /// `nest`.
    Nest(Vec<Step<Transformation>>),
}

/// The rule that steps go over, or the part of a correlation.
#[derive(Debug)]
pub(super) enum Draftable<'a> {
    Rule(&'a mut Draft),
    Correlation(&'a mut CorrelationDraft),
}

impl Draftable<'_> {
    pub(super) fn subject(&self) -> Subject<'_> {
        match self {
            Draftable::Rule(draft) => Subject::Rule(draft),
            Draftable::Correlation(draft) => Subject::Correlation(draft),
        }
    }

    fn rest(&mut self) -> &mut rulecast_ir::draft::Rest {
        match self {
            Draftable::Rule(draft) => &mut draft.rest,
            Draftable::Correlation(draft) => &mut draft.rest,
        }
    }
}

/// What a step needs beside the rule.
pub(super) struct Doing<'a, 'p> {
    pub(super) step: &'p Step<Transformation>,
    pub(super) context: &'a mut Context<'p>,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

impl Transformation {
    /// The names of its types, as pySigma has them.
    pub(super) const NAMES: &'static [&'static str] = &[
        "field_name_mapping",
        "field_name_prefix_mapping",
        "field_name_transform",
        "field_name_prefix",
        "field_name_suffix",
        "drop_detection_item",
        "hashes_fields",
        "extract_fields",
        "wildcard_placeholders",
        "value_placeholders",
        "file_placeholders",
        "query_expression_placeholders",
        "http_placeholders",
        "command_placeholders",
        "add_condition",
        "change_logsource",
        "add_field",
        "remove_field",
        "set_field",
        "replace_string",
        "map_string",
        "regex",
        "set_value",
        "convert_type",
        "case",
        "set_state",
        "set_custom_attribute",
        "rule_failure",
        "detection_item_failure",
        "strict_field_mapping_failure",
        "nest",
    ];

    /// Why a type is refused, if it is.
    pub(super) fn refusal(name: &str) -> Option<&'static str> {
        match name {
            "query_expression_placeholders" => Some(
                "it puts query text of one platform into the rule, which no target can check or negate; \
                 `value_placeholders` and `file_placeholders` put values",
            ),
            "http_placeholders" => Some(
                "a conversion reads no network: the same input gives the same queries; fetch the list before, and read \
                 it with `file_placeholders`",
            ),
            "command_placeholders" => Some(
                "a conversion runs no command: the same input gives the same queries; run it before, and read its \
                 output with `file_placeholders`",
            ),
            _ => None,
        }
    }

    /// Whether it looks at items or field names, so that conditions on those count.
    pub(super) fn has_items(&self) -> bool {
        match self {
            Transformation::Fields(_)
            | Transformation::Values(_)
            | Transformation::Placeholders(_)
            | Transformation::Hashes(_)
            | Transformation::Extract(_)
            | Transformation::DropItem => true,
            Transformation::Rule(of_rule) => of_rule.has_items(),
            Transformation::Nest(_) => false,
        }
    }

    /// Reads one of a type among [`Self::NAMES`].
    pub(super) fn read(name: &str, map: &mut Map<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        Some(match name {
            "drop_detection_item" => Transformation::DropItem,
            "hashes_fields" => Transformation::Hashes(hashes::Hashes::read(map)?),
            "extract_fields" => Transformation::Extract(extract::Extract::read(map)?),
            "wildcard_placeholders" | "value_placeholders" | "file_placeholders" => {
                Transformation::Placeholders(placeholders::Placeholders::read(name, map, reading.files)?)
            }
            "replace_string" | "map_string" | "regex" | "set_value" | "convert_type" | "case" => {
                Transformation::Values(values::Values::read(name, map)?)
            }
            "nest" => Transformation::Nest(reading.transformations(map, "items", true)),
            "field_name_mapping"
            | "field_name_prefix_mapping"
            | "field_name_transform"
            | "field_name_prefix"
            | "field_name_suffix" => Transformation::Fields(fields::Fields::read(name, map)?),
            _ => match Self::refusal(name) {
                Some(why) => {
                    map.problems.push(refused(map.at, name, why));
                    return None;
                }
                None => Transformation::Rule(rule::OfRule::read(name, map)?),
            },
        })
    }
}

/// Applies a step to a rule, if its conditions hold. Whether they did.
pub(super) fn apply<'p>(
    step: &'p Step<Transformation>,
    draft: &mut Draftable<'_>,
    context: &mut Context<'p>,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    if !context.rule_is(&step.when.rule, draft.subject()) {
        return false;
    }
    context.applied.insert(step.place);
    let mut doing = Doing { step, context, problems };
    match &step.what {
        Transformation::Fields(fields) => fields.apply(draft, &mut doing),
        Transformation::Values(values) => values.apply(draft, &mut doing),
        Transformation::Placeholders(placeholders) => placeholders.apply(draft, &mut doing),
        Transformation::Hashes(hashes) => hashes.apply(draft, &mut doing),
        Transformation::Extract(extract) => extract.apply(draft, &mut doing),
        Transformation::Rule(of_rule) => of_rule.apply(draft, &mut doing),
        Transformation::DropItem => items::drop(draft, &mut doing),
        Transformation::Nest(steps) => {
            steps.iter().for_each(|step| {
                apply(step, draft, context, problems);
            });
        }
    }
    true
}

/// The text of a file that a pipeline names.
pub(super) fn read_file(
    files: &dyn Files,
    path: &rulecast_diagnostics::Spanned<String>,
) -> Result<String, Box<Diagnostic>> {
    files.read(path).map_err(|reason| {
        let problem = super::read::invalid(path.span, format!("cannot read `{}`: {reason}", path.node));
        Box::new(problem.help("paths in a pipeline are relative to the working directory"))
    })
}
