//! P2: where a search has a `where` behind it, the search finds at least what the `where` does, and deciding is left to
//! the latter: without the former, the answer is the same.

use super::samples;
use rulecast_compile::{Allow, Outcome, Target, compile};
use rulecast_ir::{Body, Logic, Row, Schema};
use rulecast_pipeline::{Dialect, Model, map, project, schema};
use rulecast_spl::{Command, Macros, Query, SearchTerm, Start, Tstats, evaluate, parse};
use std::collections::BTreeSet;

fn ids(query: &Query, rows: &[Row]) -> Option<BTreeSet<u64>> {
    let found = evaluate(query, rows, &Macros::default()).ok()?;
    Some(found.iter().flat_map(|row| row.ids.iter().copied()).collect())
}

/// What a search of summaries says of its source: nothing behind it asks for that again.
fn scope(search: &Logic<SearchTerm>) -> Logic<SearchTerm> {
    let parts = if let Logic::And(parts) = search { parts.as_slice() } else { std::slice::from_ref(search) };
    let of_source = |part: &&Logic<SearchTerm>| {
        let mut all = true;
        part.for_each(&mut |term| {
            all &= matches!(
                term,
                SearchTerm::Compare { field, .. } | SearchTerm::In { field, .. } if field.ends_with(".action")
            );
        });
        all
    };
    Logic::all(parts.iter().filter(of_source).cloned().collect::<Vec<_>>())
}

/// The query without what its search asks for; none where nothing behind it decides.
fn without_search(query: &Query) -> Option<Query> {
    if !query.commands.iter().any(|command| matches!(command, Command::Where(_))) {
        return None;
    }
    let start = match &query.start {
        Start::Search(_) => Start::Search(Logic::True),
        Start::Tstats(tstats) => Start::Tstats(Tstats { search: scope(&tstats.search), ..tstats.clone() }),
        Start::Multisearch(_) => return None,
    };
    Some(Query { start, commands: query.commands.clone() })
}

#[test]
fn p2_the_search_before_a_where_narrows_and_decides_nothing() {
    for (name, model) in [("spl.none", "none"), ("spl.tstats", "tstats")] {
        let target = Target::parse(name).unwrap();
        let model = Model::builtin(model).unwrap();
        let (mut narrowed, mut asked) = (0, 0);
        for sample in samples(target, 2, 400) {
            // What comes first in a correlation is no part of a test.
            let Body::Event(_) = &sample.rule.body else { continue };
            let Outcome::Queries(queries) = compile(&sample.rule, target, Allow::default()) else { unreachable!() };
            let query = parse(&queries[0].text).expect("a query is read back");
            let Some(open) = without_search(&query) else { continue };
            let schema: Schema = schema(&map(&sample.rule, model, Dialect::Spl).unwrap(), model, Dialect::Spl);
            let rows: Vec<Row> =
                sample.events.iter().flat_map(|event| project(event, model, Dialect::Spl, &schema)).collect();
            let undecided = Query { start: query.start.clone(), commands: Vec::new() };
            let (Some(whole), Some(without), Some(before)) =
                (ids(&query, &rows), ids(&open, &rows), ids(&undecided, &rows))
            else {
                continue;
            };
            asked += 1;
            narrowed += usize::from(before.len() < rows.len());
            assert!(before.is_superset(&whole), "{}", queries[0].text);
            assert_eq!(whole, without, "{}", queries[0].text);
        }
        assert!(asked > 100 && narrowed > 50, "{name}: {asked}, {narrowed}");
    }
}
