//! What EQL answers for each feature, and what is reported of a rule before it is lowered.

use super::build::{any, arm, event, keyword, test, text};
use crate::Eql;
use rulecast_backend::{Backend, Feature, Support, check};
use rulecast_ir::{Case, Column, FieldOperator, Logic, Test};
use std::sync::Arc;

#[test]
fn each_feature_has_an_answer() {
    let answer = |feature| match Eql.support(feature) {
        Support::Native => "native".to_owned(),
        Support::Emulated(how) => format!("emulated: {how}"),
        Support::Approximate(how) => format!("approximate: {how}"),
        Support::Unsupported(why) => format!("unsupported: {why}"),
    };
    let shown: Vec<_> = Feature::ALL.iter().map(|feature| format!("{feature:?}: {}", answer(*feature))).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    Text: native
    CasedText: native
    Wildcard: native
    Regex: emulated: rewritten to a Lucene regex of the whole value
    Number: native
    Cidr: native
    Exists: native
    FieldComparison: unsupported: a field cannot be compared with another field
    Keyword: unsupported: a whole event cannot be searched for a keyword
    TimePart: unsupported: there is no function for a part of a time
    Placeholder: unsupported: a placeholder needs values
    Union: emulated: `any where`, each source with its own event category
    Classification: emulated: a query for the rule, and one, disjoint, for each class
    Output: emulated: shown by the platform, not by the query
    Sequence: native
    SequenceUntil: native
    Chain: unsupported: a sequence cannot be a step of another
    Correlation(EventCount): emulated: `with runs`, for at least so many events, up to 100
    Correlation(ValueCount): unsupported: distinct values cannot be counted
    Correlation(Temporal): unsupported: events in any order cannot be asked for: a sequence has one order, and `sample` no time span
    Correlation(TemporalOrdered): unsupported: some of its rules, or the absence of one, cannot be asked for: a sequence needs all its steps
    Correlation(ValueSum): unsupported: values cannot be added up
    Correlation(ValueAvg): unsupported: values cannot be averaged
    Correlation(ValuePercentile): unsupported: percentiles cannot be computed
    Correlation(ValueMedian): unsupported: medians cannot be computed
    "#);
}

#[test]
fn what_is_unsupported_is_reported_before_lowering() {
    let field =
        Test::Field { operator: FieldOperator::Equals, other: Arc::new(Column::text("g")), case: Case::Insensitive };
    let rule = event(vec![arm(&any(), Logic::all([keyword("x"), test(Column::text("f"), field), text("f", "a")]))]);
    let shown: Vec<_> = check(&rule, &Eql).into_iter().map(|refusal| refusal.message).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    EQL: a whole event cannot be searched for a keyword
    EQL: a field cannot be compared with another field
    "#);
}
