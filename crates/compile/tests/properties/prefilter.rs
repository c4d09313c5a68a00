//! P2: where a search has a `where` behind it, the search finds at least what the `where` does, and deciding is left to
//! the latter: without the former, the answer is the same.

use super::samples;
use rulecast_compile::{Allow, Outcome, Target, compile};
use rulecast_ir::{Body, Logic, Row, Schema};
use rulecast_pipeline::{Dialect, Model, map, project, schema};
use rulecast_spl::{Command, Macros, Query, Start, evaluate, parse};
use std::collections::BTreeSet;

fn ids(query: &Query, rows: &[Row]) -> Option<BTreeSet<u64>> {
    let found = evaluate(query, rows, &Macros::default()).ok()?;
    Some(found.iter().filter_map(|row| row.ids.last().copied()).collect())
}

#[test]
fn p2_the_search_before_a_where_narrows_and_decides_nothing() {
    let target = Target::parse("spl.none").unwrap();
    let model = Model::builtin("none").unwrap();
    let (mut narrowed, mut asked) = (0, 0);
    for sample in samples(target, 2, 400) {
        // What comes first in a correlation is no part of a test.
        let Body::Event(_) = &sample.rule.body else { continue };
        let Outcome::Queries(queries) = compile(&sample.rule, target, Allow::default()) else { unreachable!() };
        let query = parse(&queries[0].text).expect("a query is read back");
        let (Start::Search(base), Some(Command::Where(condition))) = (&query.start, query.commands.first()) else {
            continue;
        };
        let schema: Schema = schema(&map(&sample.rule, model, Dialect::Spl).unwrap(), model, Dialect::Spl);
        let rows: Vec<Row> =
            sample.events.iter().flat_map(|event| project(event, model, Dialect::Spl, &schema)).collect();
        let only = |start, commands| ids(&Query { start, commands }, &rows);
        let decide = vec![Command::Where(condition.clone())];
        let (Some(whole), Some(without), Some(before)) = (
            only(query.start.clone(), decide.clone()),
            only(Start::Search(Logic::True), decide),
            only(query.start.clone(), Vec::new()),
        ) else {
            continue;
        };
        asked += 1;
        narrowed += usize::from(*base != Logic::True && before.len() < rows.len());
        assert!(before.is_superset(&whole), "{}", queries[0].text);
        assert_eq!(whole, without, "{}", queries[0].text);
    }
    assert!(asked > 100 && narrowed > 50, "{asked}, {narrowed}");
}
