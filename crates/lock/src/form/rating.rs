//! How a rule is called, rated, run and shown.

use super::Part;
use super::body::all_of;
use super::predicate::field;
use super::text::Expression;
use rulecast_diagnostics::Spanned;
use rulecast_ir::{Metadata, Output, OutputField, Sigma};
use rulecast_rule::ast::{self, Scope, ScopeTest, ScopeValue};
use std::collections::BTreeMap;

/// The parts that the metadata of a rule has. Each of its keys is taken, or left out for a reason.
pub(super) fn texts(rule: &Metadata) -> BTreeMap<Part, String> {
    let ast::Metadata {
        title: _, // By the functions of `Metadata`, with its defaults, as `level` and `risk_score`.
        level: _,
        risk_score: _,
        confidence,
        tags,
        schedule,
        targets,
        // What rules are known by.
        id: _,
        name: _,
        version: _,
        // In the body and the output of the rule.
        classification: _,
        output: _,
        // Who wrote it, when, from what, and how far it has come.
        related: _,
        taxonomy: _,
        status: _,
        license: _,
        author: _,
        date: _,
        modified: _,
        // For people to read.
        description: _,
        references: _,
        fields: _,
        false_positives: _,
        scope: _,
        setup: _,
        note: _,
        response: _,
        // What shows that it works.
        tests: _,
        // Of tools that we do not know.
        custom: _,
    } = &*rule.0;
    let mut texts = BTreeMap::new();
    texts.insert(Part::Title, Expression::list("title").with(rule.title()).end());
    texts.insert(Part::Level, Expression::list("level").with(rule.level().name()).end());
    let risk = Expression::list("risk").with_number(rule.risk_score());
    let sure = confidence.as_ref().map(|one| Expression::list("confidence").with(one.node.name()).end());
    texts.insert(Part::Risk, risk.with_all(sure).end());
    let tags = all_of("tags", tags.iter().map(|tag| Expression::atom(&tag.node)));
    texts.extend(tags.map(|tags| (Part::Tags, tags)));
    texts.extend(schedule.as_ref().map(|one| (Part::Schedule, planned(one))));
    let targets = all_of("targets", targets.iter().map(target));
    texts.extend(targets.map(|targets| (Part::Targets, targets)));
    texts
}

fn planned(schedule: &ast::Schedule) -> String {
    let ast::Schedule { every, lookback, max_alerts } = schedule;
    let most = max_alerts.as_ref().map(|most| Expression::list("max-alerts").with_number(most.node).end());
    Expression::list("schedule").with_number(every.node).with_number(lookback.node).with_all(most).end()
}

fn target(options: &ast::TargetOptions) -> String {
    let ast::TargetOptions { target, refuse, scope } = options;
    // Why it is refused is prose.
    let refused = refuse.as_ref().map(|_| Expression::list("refused").end());
    let scope = scope.as_ref().map(|scope| Expression::list("reads").with_set(reads(scope)).end());
    Expression::list("target").with(&target.node).with_all(refused).with_all(scope).end()
}

/// What a target reads, as a set.
fn reads(scope: &Scope) -> Vec<String> {
    let Scope { macro_name, table, index, sourcetype, tests, parts, span: _ } = scope;
    let named = |kind, names: &[Spanned<String>]| {
        let names = names.iter().map(|name| Expression::atom(&name.node)).collect::<Vec<_>>();
        all_of(kind, names)
    };
    let of_part = |(name, scope): &(Spanned<String>, Scope)| {
        Expression::list("part").with(&name.node).with_set(reads(scope)).end()
    };
    [
        named("macro", macro_name.as_slice()),
        named("table", table.as_slice()),
        named("index", index),
        named("sourcetype", sourcetype),
        all_of("tests", tests.iter().map(test)),
        all_of("parts", parts.iter().map(of_part)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn test(test: &ScopeTest) -> String {
    match test {
        ScopeTest::In(column, values) => {
            let values = values.iter().map(|value| match &value.node {
                ScopeValue::Text(text) => Expression::list("text").with(text).end(),
                ScopeValue::Number(number) => Expression::list("integer").with_number(number).end(),
            });
            Expression::list("in").with(&column.node).with_set(values).end()
        }
        ScopeTest::Exists(column, wanted) => Expression::list("exists").with(&column.node).with_number(wanted).end(),
        ScopeTest::Any(tests) => Expression::list("any").with_set(tests.iter().map(self::test)).end(),
    }
}

/// What the analyst sees.
pub(super) fn output(output: &Output<Sigma>) -> String {
    let Output { fields, sort } = output;
    let sort = sort.iter().map(|(by, descending)| {
        Expression::list(if *descending { "descending" } else { "ascending" }).with_all([shown(by)]).end()
    });
    let fields = Expression::list("fields").with_all(fields.iter().map(shown)).end();
    Expression::list("output").with_all([fields]).with_all(sort).end()
}

fn shown(column: &OutputField<Sigma>) -> String {
    match column {
        OutputField::Time => Expression::list("time").end(),
        OutputField::Class => Expression::list("class").end(),
        OutputField::Field(name) => field(name),
    }
}
