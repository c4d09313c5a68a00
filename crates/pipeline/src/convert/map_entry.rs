//! `map_entry`: a field that stands as an entry in the text of a map, as Java writes one: `{attribute=userData, value=a}`.
//!
//! Nothing is quoted there, so what a value or another map inside holds may look like an entry: every test is an assumption.
//! A value is known by what stands before and after it, or by its beginning; tests of its end or of anything within are refused.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, Comparison, Logic, Number, Part, Pattern, Scalar, Test};

/// What stands before an entry, and what after.
const AROUND: ([&str; 2], [&str; 2]) = (["{", ", "], [", ", "}"]);

#[derive(Debug)]
pub(crate) struct MapEntry {
    pub(crate) column: Place,
    pub(crate) key: String,
}

impl MapEntry {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let leaf = leaf.unchecked();
        let number;
        let (parts, case) = match leaf.test {
            Test::Exists(wanted) => {
                let there = self.found(&leaf, &[Part::AnyRun], Case::Insensitive);
                return Ok(if *wanted { there } else { there.negate() });
            }
            Test::Text { pattern, case } => (pattern.parts(), *case),
            Test::Number { comparison: Comparison::Equal, number: Number::Integer(value) } => {
                number = Pattern::literal(value.to_string());
                (number.parts(), Case::Sensitive)
            }
            _ => return Err(leaf.refuse_value("it stands in the text of a map")),
        };
        match parts {
            [Part::Literal(_)] | [Part::Literal(_), Part::AnyRun] => Ok(self.found(&leaf, parts, case)),
            [] => Err(leaf.refuse_value("the text of a map does not tell what is empty from what is missing")),
            _ => Err(leaf.refuse_value("where it ends in the text of a map is known of whole values alone")),
        }
    }

    /// That such a value stands after the key, to its end if the parts are open at none.
    fn found(&self, leaf: &Leaf<'_>, value: &[Part], case: Case) -> rulecast_ir::Predicate<rulecast_ir::Mapped> {
        let (before, after) = AROUND;
        let open = value.last() == Some(&Part::AnyRun);
        let ends: &[&str] = if open { &[""] } else { &after };
        Logic::any(before.iter().flat_map(|before| {
            ends.iter().map(move |end| {
                let start = [Part::AnyRun, Part::Literal(format!("{before}{}=", self.key))];
                let end = [Part::Literal((*end).to_owned()), Part::AnyRun];
                let parts =
                    start.into_iter().chain(value.iter().cloned()).chain(end.into_iter().skip(usize::from(open)));
                leaf.text(&self.column, Pattern::from_parts(parts), case)
            })
        }))
    }

    /// Of several values the first: there is one entry of a key.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if let Some(value) = values.first().map(Scalar::text).filter(|text| !text.is_empty()) {
            row.put_map_entry(&self.column, &self.key, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const TRAIL: &str = "aws//cloudtrail";

    #[test]
    fn a_value_stands_between_what_parts_entries() {
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.enable", &["false"])), @"aws.cloudtrail.request_parameters = '*{enable=false, *' {mapping:requestParameters.enable} or aws.cloudtrail.request_parameters = '*{enable=false}*' {mapping:requestParameters.enable} or aws.cloudtrail.request_parameters = '*, enable=false, *' {mapping:requestParameters.enable} or aws.cloudtrail.request_parameters = '*, enable=false}*' {mapping:requestParameters.enable}");
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.attribute|startswith", &["user"])), @"aws.cloudtrail.request_parameters = '*{attribute=user*' {mapping:requestParameters.attribute} or aws.cloudtrail.request_parameters = '*, attribute=user*' {mapping:requestParameters.attribute}");
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.layers|contains", &["*"])), @"aws.cloudtrail.request_parameters = '*{layers=*' {mapping:requestParameters.layers} or aws.cloudtrail.request_parameters = '*, layers=*' {mapping:requestParameters.layers}");
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.layers|exists", &["false"])), @"not (aws.cloudtrail.request_parameters = '*{layers=*' {mapping:requestParameters.layers} or aws.cloudtrail.request_parameters = '*, layers=*' {mapping:requestParameters.layers})");
    }

    #[test]
    fn what_the_text_does_not_tell_is_refused() {
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.attribute|contains", &["Data"])), @"value at 10: the value `*Data*` of `requestParameters.attribute` cannot be mapped: where it ends in the text of a map is known of whole values alone");
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.attribute", &[""])), @"value at 10: the value `` of `requestParameters.attribute` cannot be mapped: the text of a map does not tell what is empty from what is missing");
        assert_snapshot!(mapped("ecs", TRAIL, item("requestParameters.attribute|cidr", &["10.0.0.0/8"])), @"value at 10: the network `10.0.0.0/8` of `requestParameters.attribute` cannot be mapped: it stands in the text of a map");
    }

    #[test]
    fn of_an_event_the_entries_stand_in_one_text() {
        let both = [("requestParameters.attribute", "userData"), ("requestParameters.enable", "true")];
        // The other rows are those of sources that ask for a category alone.
        let rows = projected("ecs", TRAIL, &both);
        let first = rows.lines().next().unwrap_or_default();
        assert_snapshot!(first, @"events {aws.cloudtrail.request_parameters: '{attribute=userData, enable=true}'}");
        let events: [&[(&str, &str)]; 5] = [
            &[],
            &both,
            &[("requestParameters.attribute", "userData2")],
            &[("requestParameters.enable", "FALSE")],
            &[("requestParameters.layers", "[a, b]")],
        ];
        let items: [(&str, &[&str]); 6] = [
            ("requestParameters.attribute", &["userdata", "x"]),
            ("requestParameters.attribute|cased", &["userdata"]),
            ("requestParameters.attribute|startswith", &["user"]),
            ("requestParameters.enable", &["false"]),
            ("requestParameters.layers", &["*"]),
            ("requestParameters.layers|exists", &["false"]),
        ];
        agree("ecs", TRAIL, &events, &items);
    }
}
