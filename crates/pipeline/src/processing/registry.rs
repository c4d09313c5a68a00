//! Every feature of a pipeline, and whether it is honoured: the page `docs/reference/pipelines.md` is made of it.

use super::condition::{Condition, FieldCondition, ItemCondition, RuleCondition};
use super::finalizer::Finalizer;
use super::names::NAMES;
use super::post::Post;
use super::transform::Transformation;
use std::fmt::Write;

/// The part of a pipeline that a feature belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// `transformations`.
    Transformation,
    /// `rule_conditions`.
    RuleCondition,
    /// `detection_item_conditions`.
    ItemCondition,
    /// `field_name_conditions`.
    FieldCondition,
    /// `postprocessing`.
    PostProcessing,
    /// `finalizers`.
    Finalizer,
}

/// A type of step, condition, post-processing or finalizer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The part of a pipeline that it belongs to.
    pub part: Part,
    /// Its name in a pipeline.
    pub name: &'static str,
    /// What it does here.
    pub summary: &'static str,
}

impl Feature {
    /// Why it is refused, if it is: a pipeline with it is then an error.
    pub fn refusal(&self) -> Option<&'static str> {
        if self.part == Part::Transformation { Transformation::refusal(self.name) } else { None }
    }
}

impl Part {
    const ALL: [Part; 6] = [
        Part::Transformation,
        Part::RuleCondition,
        Part::ItemCondition,
        Part::FieldCondition,
        Part::PostProcessing,
        Part::Finalizer,
    ];

    fn names(self) -> &'static [&'static str] {
        match self {
            Part::Transformation => Transformation::NAMES,
            Part::RuleCondition => RuleCondition::NAMES,
            Part::ItemCondition => ItemCondition::NAMES,
            Part::FieldCondition => FieldCondition::NAMES,
            Part::PostProcessing => Post::NAMES,
            Part::Finalizer => Finalizer::NAMES,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Part::Transformation => "Transformations",
            Part::RuleCondition => "Conditions on a rule",
            Part::ItemCondition => "Conditions on an item",
            Part::FieldCondition => "Conditions on a field name",
            Part::PostProcessing => "Post-processing",
            Part::Finalizer => "Finalizers",
        }
    }
}

/// Every feature, in the order of the parts and their names.
pub fn features() -> impl Iterator<Item = Feature> {
    Part::ALL.into_iter().flat_map(|part| {
        part.names().iter().map(move |name| Feature { part, name, summary: summary(part, name).unwrap_or_default() })
    })
}

/// What a feature does.
fn summary(part: Part, name: &str) -> Option<&'static str> {
    Some(match (part, name) {
        (Part::Transformation, "field_name_mapping") => {
            "renames fields, also in `fieldref`, `fields`, `output` and the keys of correlations; of several names any \
             may hold the field; `null` names keywords"
        }
        (Part::Transformation, "field_name_prefix_mapping") => "renames the start of field names, the first that fits",
        (Part::Transformation, "field_name_transform") => {
            "renames fields by a function, with exceptions in `mapping`; `transform_func` is `lower`, `upper`, `title` or \
             `snake_case`"
        }
        (Part::Transformation, "field_name_prefix") => "puts text before field names",
        (Part::Transformation, "field_name_suffix") => "puts text after field names",
        (Part::Transformation, "drop_detection_item") => {
            "takes items out of the rule, with a note for each; a selection of which nothing is left goes with them"
        }
        (Part::Transformation, "hashes_fields") => {
            "gives each hash of `Hashes` the field of its algorithm; other algorithms are dropped with a note, and if none \
             is left, it is an error"
        }
        (Part::Transformation, "extract_fields") => {
            "gives the named groups of a regex in a value fields of their own; values that do not match are dropped with a \
             note, or kept by `preserve_unmatched`"
        }
        (Part::Transformation, "wildcard_placeholders") => "puts `*` for placeholders",
        (Part::Transformation, "value_placeholders") => "puts the values of `vars` for placeholders",
        (Part::Transformation, "file_placeholders") => {
            "puts the values of a file for placeholders: lines, CSV, JSON or YAML; of `jq_expression`, names, `[0]` and \
             `[]`"
        }
        (Part::Transformation, "query_expression_placeholders") => "puts query text for placeholders",
        (Part::Transformation, "http_placeholders") => "puts values from the network for placeholders",
        (Part::Transformation, "command_placeholders") => "puts the output of a command for placeholders",
        (Part::Transformation, "add_condition") => {
            "adds a selection to the condition, `negated` or not; `template` fills in `$category`, `$product` and \
             `$service`, and fails where the rule lacks one"
        }
        (Part::Transformation, "change_logsource") => "replaces the log source",
        (Part::Transformation, "add_field") => "adds to `fields`, and to `output` where the rule has it",
        (Part::Transformation, "remove_field") => "takes from `fields` and `output`",
        (Part::Transformation, "set_field") => "replaces `fields` and the fields of `output`",
        (Part::Transformation, "replace_string") => {
            "replaces what a regex matches in values; `skip_special` in their literal parts alone; what it does not match \
             stays as it is, wildcards and backslashes too"
        }
        (Part::Transformation, "map_string") => "replaces whole values, by one or by several of which any may match",
        (Part::Transformation, "regex") => {
            "makes regexes of strings that match the same values; `plain` in the case written, as the pipeline wishes"
        }
        (Part::Transformation, "set_value") => "replaces values by one",
        (Part::Transformation, "convert_type") => "makes strings of numbers, or numbers of strings",
        (Part::Transformation, "case") => "changes the case of strings: `lower`, `upper`, `snake_case`",
        (Part::Transformation, "set_state") => "sets a state, which conditions and templates read; no target reads any",
        (Part::Transformation, "set_custom_attribute") => "sets an attribute of the rule for conditions and templates",
        (Part::Transformation, "rule_failure") => "makes the rule an error with that message",
        (Part::Transformation, "detection_item_failure") => "makes an item an error with that message",
        (Part::Transformation, "strict_field_mapping_failure") => "makes every field an error that no step renamed",
        (Part::Transformation, "nest") => "applies steps under the conditions of one",
        (Part::RuleCondition, "logsource") => {
            "the parts named are those of the rule; of a correlation, those of the member whose keys are renamed"
        }
        (Part::RuleCondition, "contains_detection_item") => "an item has that field and, among others, that value",
        (Part::RuleCondition, "contains_field") => "an item has that field",
        (Part::RuleCondition, "is_sigma_rule") => "the document is no correlation",
        (Part::RuleCondition, "is_sigma_correlation_rule") => "the document is a correlation",
        (Part::RuleCondition, "rule_attribute") => {
            "an attribute relates so to a value; levels, statuses, dates and numbers by their order"
        }
        (Part::RuleCondition, "tag") => "the rule has the tag",
        (Part::ItemCondition, "match_string") => {
            "a regex matches values from their start, with their wildcards as `*` and `?`"
        }
        (Part::ItemCondition, "match_value") => "values are exactly that one",
        (Part::ItemCondition, "contains_wildcard") => "values have wildcards",
        (Part::ItemCondition, "is_null") => "values are null",
        (Part::FieldCondition, "include_fields") => "the field is listed, or with `mode: re` a regex matches its start",
        (Part::FieldCondition, "exclude_fields") => "the field is not listed",
        (_, "processing_item_applied") => "a step of that id applied; a warning where no step has the id",
        (_, "processing_state") => "a state relates so to a value",
        (Part::PostProcessing, "embed") => "puts text before and after the query",
        (Part::PostProcessing, "simple_template") => {
            "fills `{query}`, `{rule.…}` and `{pipeline.…}` into a text; format specifications and conversions are errors"
        }
        (Part::PostProcessing, "template") => {
            "a Jinja template over `query`, `rule` and `pipeline`; what it prints must be there; `vars`, a Python file, is \
             refused"
        }
        (Part::PostProcessing, "json") => "puts the query for `%QUERY%` in JSON",
        (Part::PostProcessing, "replace") => "replaces what a regex matches in the query",
        (Part::PostProcessing, "nest") => "applies steps under the conditions of one",
        (Part::Finalizer, "concat") => "joins the queries with a separator, between a prefix and a suffix",
        (Part::Finalizer, "json") => "a JSON list of the queries",
        (Part::Finalizer, "yaml") => "a YAML list of the queries: the same data as pySigma's, in our layout",
        (Part::Finalizer, "template") => {
            "a Jinja template over `queries` and `pipeline`, whose states are empty by then"
        }
        (Part::Finalizer, "nested") => "applies finalizers in order",
        _ => return None,
    })
}

const HEAD: &str = "\
# Processing pipelines

Generated by `cargo xtask docs`. `-p FILE` reads pySigma's pipelines as they are; several apply by their `priority`, the lowest first.
Each feature is honoured, or a pipeline with it is an error at its line: none is passed over in silence. Keys, types and words that are
not known are errors too. How pipelines and data models work together: [decision 9](../decisions/0012-pipelines-and-data-models.md).

A query whose text post-processing changed is `unchecked`: it was exact, over or under before, and what the pipeline made of it nobody
knows. Regexes have Python's syntax without lookarounds and backreferences.
";

/// The page on pipelines.
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    for part in Part::ALL {
        let _ = write!(out, "\n## {}\n\n| type | here | what it does |\n|---|---|---|\n", part.heading());
        for feature in features().filter(|feature| feature.part == part) {
            let state = feature.refusal().map_or_else(|| "honoured".to_owned(), |why| format!("refused: {why}"));
            let _ = writeln!(out, "| `{}` | {state} | {} |", feature.name, feature.summary);
        }
    }
    out.push_str(
        "\n## Names\n\nPipelines that come with pySigma and its backends. As `-p NAME`, one selects the target whose data model does its \
         work,\nor says what to use instead.\n\n| name | target | until that exists |\n|---|---|---|\n",
    );
    for named in NAMES {
        let _ = writeln!(out, "| `{}` | `{}` | {} |", named.name, named.target, named.instead);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Part, features};
    use crate::processing::{Files, Pipelines};
    use rulecast_diagnostics::FileId;

    struct NoFiles;

    impl Files for NoFiles {
        fn read(&self, _: &str) -> Result<String, String> {
            Err("none".to_owned())
        }
    }

    #[test]
    fn every_feature_is_described_and_known_and_refused_only_if_it_says_so() {
        let mut counts = [0; 6];
        for feature in features() {
            assert_ne!(feature.summary, "", "{feature:?}");
            counts[feature.part as usize] += 1;
            let name = feature.name;
            let text = match feature.part {
                Part::Transformation => format!("transformations:\n- type: {name}"),
                Part::RuleCondition => format!("transformations:\n- type: case\n  rule_conditions:\n  - type: {name}"),
                Part::ItemCondition => {
                    format!("transformations:\n- type: case\n  detection_item_conditions:\n  - type: {name}")
                }
                Part::FieldCondition => {
                    format!("transformations:\n- type: case\n  field_name_conditions:\n  - type: {name}")
                }
                Part::PostProcessing => format!("postprocessing:\n- type: {name}"),
                Part::Finalizer => format!("finalizers:\n- type: {name}"),
            };
            let (_, problems) = Pipelines::read(&[(FileId(0), &text)], &NoFiles);
            // Keys may be missing, but the type is known.
            assert!(
                problems.iter().all(|problem| !problem.message.starts_with("unknown")),
                "{feature:?}: {problems:?}"
            );
            let refused = problems.iter().any(|problem| problem.name == "refused-in-pipeline");
            assert_eq!(refused, feature.refusal().is_some(), "{feature:?}");
        }
        // As many as pySigma has.
        assert_eq!(counts, [31, 9, 6, 4, 6, 5]);
    }
}
