//! Rules over the summaries of a data model.

use super::build::{
    Tree, and, arm, c, classified, column, compared, exists, finds, in_network, is, is_cased, keyword, not, number, on,
    or, regex, related, rule, sequence, showing, source, step, union, word,
};
use super::{evaluate::row, lowered};
use crate::{Macros, Spl, Start, evaluate, parse};
use insta::assert_snapshot;
use rulecast_backend::Backend;
use rulecast_ir::{
    Body, Case, ColumnType, Comparison, Dataset, FieldOperator, Logic, Mapped, Output, OutputField, Reads, Row, Scalar,
    Source,
};
use std::sync::Arc;

fn dataset(name: &str, shown: &[&str], scope: Tree) -> Arc<Source> {
    let shown = shown.iter().map(|name| (*name).into()).collect();
    source(Reads::Dataset(Arc::new(Dataset { name: name.into(), shown })), scope)
}

/// New processes.
fn processes() -> Arc<Source> {
    dataset("Endpoint.Processes", &["dest"], is("action", "allowed"))
}

fn body(tree: Tree) -> Body<Mapped> {
    union(vec![arm(&processes(), tree)])
}

fn of(tree: Tree) -> String {
    lowered(&rule(body(tree)))
}

fn ordered(field: &str, comparison: Comparison, number: i64) -> Tree {
    on(&column(field, ColumnType::Long), compared(comparison, number))
}

#[test]
fn what_search_can_say_stands_before_by_alone() {
    assert_snapshot!(of(and([is("process_name", "cmd.exe"), not(is("process", "*-enc*"))])), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
        AND Processes.process_name="cmd.exe"
        AND NOT Processes.process="*-enc*"
      by Processes.dest, Processes.process_name, Processes.process
    | rename Processes.dest as dest, Processes.process_name as process_name, Processes.process as process
    "#);
    // Nothing that is `unknown` is 5.
    assert_snapshot!(of(or([number("process_id", 5), is("user", "ab")])), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND (Processes.process_id=5 OR Processes.user="ab")
      by Processes.dest, Processes.process_id, Processes.user
    | rename Processes.dest as dest, Processes.process_id as process_id, Processes.user as user
    "#);
}

#[test]
fn what_it_cannot_say_is_decided_behind_by() {
    assert_snapshot!(of(not(and([regex("process", word("-enc")), is("user", "ab")]))), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
      by Processes.dest, Processes.process, Processes.user
    | rename Processes.dest as dest, Processes.process as process, Processes.user as user
    | where NOT (isnotnull(mvfind(process, "-enc")) AND isnotnull(mvfind(user, "(?i)\Aab\z")))
    -- assuming single-valued
    "#);
    assert_snapshot!(of(and([in_network("src", "fe80::/10"), is_cased("user", "Ab")])), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND Processes.user="Ab"
      by Processes.dest, Processes.src, Processes.user
    | rename Processes.dest as dest, Processes.src as src, Processes.user as user
    | where if(cidrmatch("fe80::/10", src), 1, 0)=1 AND isnotnull(mvfind(user, "\AAb\z"))
    -- assuming mapping:src
    "#);
    // By its letters, `unknown` is greater than 1024.
    assert_snapshot!(of(not(ordered("dest_port", Comparison::GreaterOrEqual, 1024))), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
      by Processes.dest, Processes.dest_port
    | rename Processes.dest as dest, Processes.dest_port as dest_port
    | where if(tonumber(dest_port)>=1024, 1, 0)=0
    -- assuming single-valued
    "#);
    assert_snapshot!(of(ordered("dest_port", Comparison::Less, 1024)), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND Processes.dest_port<1024
      by Processes.dest, Processes.dest_port
    | rename Processes.dest as dest, Processes.dest_port as dest_port
    | where if(tonumber(dest_port)<1024, 1, 0)=1
    -- assuming mapping:dest_port
    "#);
}

#[test]
fn what_is_missing_is_made_null_again() {
    assert_snapshot!(of(and([is("process_name", "cmd.exe"), exists("parent_process_path", false)])), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND Processes.process_name="cmd.exe"
      by Processes.dest, Processes.process_name, Processes.parent_process_path
    | rename Processes.dest as dest, Processes.process_name as process_name, Processes.parent_process_path as parent_process_path
    | eval parent_process_path=if(parent_process_path="unknown", null(), parent_process_path)
    | where isnotnull(mvfind(process_name, "(?i)\Acmd\.exe\z")) AND isnull(parent_process_path)
    -- assuming empty-is-missing, unknown-is-missing
    "#);
    assert_snapshot!(of(exists("user", true)), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND Processes.user=*
      by Processes.dest, Processes.user
    | rename Processes.dest as dest, Processes.user as user
    | eval user=if(user="unknown", null(), user)
    | where isnotnull(user)
    -- assuming empty-is-missing, unknown-is-missing
    "#);
    assert_snapshot!(of(not(is("user", "*know*"))), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
      by Processes.dest, Processes.user
    | rename Processes.dest as dest, Processes.user as user
    | eval user=if(user="unknown", null(), user)
    | where NOT isnotnull(mvfind(user, "(?i)know"))
    -- assuming single-valued, unknown-is-missing
    "#);
    assert_snapshot!(of(related("user", FieldOperator::Equals, "parent_user", Case::Insensitive)), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
      by Processes.dest, Processes.user, Processes.parent_user
    | rename Processes.dest as dest, Processes.user as user, Processes.parent_user as parent_user
    | eval user=if(user="unknown", null(), user),
        parent_user=if(parent_user="unknown", null(), parent_user)
    | where if(lower(user)=lower(parent_user), 1, 0)=1
    -- assuming ascii, single-valued, unknown-is-missing
    "#);
    assert_snapshot!(of(regex("user", c('k'))), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed"
      by Processes.dest, Processes.user
    | rename Processes.dest as dest, Processes.user as user
    | eval user=if(user="unknown", null(), user)
    | where isnotnull(mvfind(user, "k"))
    -- assuming unknown-is-missing
    "#);
}

#[test]
fn what_summaries_cannot_tell_is_refused() {
    assert_snapshot!(of(is("user", "Unknown")), @"refused, value: SPL: a data model holds `unknown` in `user` where the value is missing (ask for what is missing with `null`)");
    assert_snapshot!(of(keyword(finds(word("mimikatz")))), @"refused, keyword: SPL: the summaries of a data model hold no raw event, so that no keyword is found there (name the field that the keyword is in)");
    let steps = || {
        let one = step("one", body(is("user", "ab")), &[&["dest"]]);
        vec![one, step("two", body(is("user", "cd")), &[&["dest"]])]
    };
    assert_snapshot!(lowered(&rule(sequence(&["k"], steps(), None))), @"refused, sequence: SPL: `tstats` counts events that agree, and keeps no order of them for a sequence (take a data model that reads the events themselves)");
    let files = dataset("Endpoint.Filesystem", &["dest"], Logic::True);
    let several = union(vec![arm(&processes(), is("user", "ab")), arm(&files, is("user", "ab"))]);
    assert_snapshot!(lowered(&rule(several)), @"refused, log-source: SPL: `tstats` reads one dataset, and this rule is of others than `Endpoint.Processes` too (write a rule for each log source, or take a data model that reads the events themselves)");
    let odd = dataset("Endpoint", &[], Logic::True);
    assert_snapshot!(lowered(&rule(union(vec![arm(&odd, is("user", "ab"))]))), @"refused, log-source: SPL: `Endpoint` names no dataset of a data model");
}

#[test]
fn classes_and_columns_that_are_shown_are_keys() {
    let arms = |value: &str| vec![arm(&processes(), is("process", value))];
    let classes = classified(arms("*x*"), vec![("a", arms("*xa*")), ("b", arms("*xb*"))], Some("other"));
    let output = Output {
        fields: vec![OutputField::Time, OutputField::Field(column("user", ColumnType::Text)), OutputField::Class],
        sort: vec![(OutputField::Time, true)],
    };
    assert_snapshot!(lowered(&showing(classes, output)), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where Processes.action="allowed" AND Processes.process="*x*"
      by Processes.dest, Processes.user, Processes.process
    | rename Processes.dest as dest, Processes.user as user, Processes.process as process
    | eval class=case(
          isnotnull(mvfind(process, "(?i)xa")), "a",
          isnotnull(mvfind(process, "(?i)xb")), "b",
          true(), "other")
    | sort 0 -_time
    | table _time, user, class
    -- assuming single-valued
    "#);
}

#[test]
fn a_union_of_one_dataset_is_one_search() {
    let one = dataset("Endpoint.Processes", &["dest"], is("action", "allowed"));
    let other = dataset("Endpoint.Processes", &["dest"], is("action", "blocked"));
    let arms = vec![arm(&one, is("user", "ab")), arm(&other, regex("process", word("abc")))];
    assert_snapshot!(lowered(&rule(union(arms))), @r#"
    | tstats summariesonly=false allow_old_summaries=true fillnull_value="unknown" count min(_time) as _time
      from datamodel=Endpoint.Processes
      where (Processes.action="allowed" AND Processes.user="ab")
        OR (Processes.action="blocked" AND Processes.process="*abc*")
      by Processes.dest, Processes.user, Processes.process, Processes.action
    | rename Processes.dest as dest, Processes.user as user, Processes.process as process, Processes.action as action
    | where (isnotnull(mvfind(action, "(?i)\Aallowed\z")) AND isnotnull(mvfind(user, "(?i)\Aab\z")))
        OR (isnotnull(mvfind(action, "(?i)\Ablocked\z")) AND isnotnull(mvfind(process, "abc")))
    "#);
}

/// Fields of processes: with what is missing left out, or `unknown`.
fn rows(filled: bool) -> Vec<Row> {
    let all: [&[(&str, &str)]; 7] = [
        &[],
        &[("user", "ab")],
        &[("user", "ab"), ("process", "cmd -enc abc")],
        &[("process", "abc")],
        &[("user", "AB"), ("process", "x"), ("dest_port", "80")],
        &[("user", "AB"), ("process", "x"), ("dest_port", "8080")],
        &[("user", "cd"), ("process", "-ENC"), ("dest_port", "1024"), ("dest", "host")],
    ];
    let row = |(id, fields): (u64, &&[(&str, &str)])| {
        let mut row = row(id, fields);
        row.relation = "Endpoint.Processes".into();
        row.columns.insert("action".into(), vec![Scalar::Text("allowed".into())]);
        if filled {
            for name in ["user", "process", "dest_port", "dest"] {
                row.columns.entry(name.into()).or_insert_with(|| vec![Scalar::Text("unknown".into())]);
            }
        }
        row
    };
    (0..).zip(&all).map(row).collect()
}

/// The rows that a predicate finds.
fn found(tree: &Tree, filled: bool) -> Vec<u64> {
    let emitted = Spl.lower(&rule(body(tree.clone()))).unwrap();
    let text = emitted[0].query.to_string();
    let query = parse(&text).unwrap();
    assert!(matches!(query.start, Start::Tstats(_)));
    let rows = evaluate(&query, &rows(filled), &Macros::new()).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut ids: Vec<u64> = rows.into_iter().flat_map(|row| row.ids).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_missing_field_is_one_whether_the_model_fills_it_or_the_query() {
    let leaves = [
        (is("user", "ab"), vec![1, 2, 4, 5]),
        (is_cased("user", "ab"), vec![1, 2]),
        (is("user", "*"), vec![1, 2, 4, 5, 6]),
        (is("user", "?*"), vec![1, 2, 4, 5, 6]),
        (is("user", "*n*"), vec![]),
        (exists("user", true), vec![1, 2, 4, 5, 6]),
        (exists("process", false), vec![0, 1]),
        (regex("process", word("abc")), vec![2, 3]),
        (regex("process", c('n')), vec![2]),
        (ordered("dest_port", Comparison::Greater, 1024), vec![5]),
        (ordered("dest_port", Comparison::LessOrEqual, 1024), vec![4, 6]),
        (ordered("dest_port", Comparison::Equal, 80), vec![4]),
    ];
    for filled in [false, true] {
        for (leaf, expected) in &leaves {
            assert_eq!(found(leaf, filled), *expected, "{leaf:?} {filled}");
            let others: Vec<u64> = (0..7).filter(|id| !expected.contains(id)).collect();
            assert_eq!(found(&not(leaf.clone()), filled), others, "not {leaf:?} {filled}");
            for (second, also) in &leaves {
                let both = and([leaf.clone(), not(second.clone())]);
                let wanted: Vec<u64> = expected.iter().copied().filter(|id| !also.contains(id)).collect();
                assert_eq!(found(&both, filled), wanted, "{both:?} {filled}");
                let either = or([not(leaf.clone()), second.clone()]);
                let wanted: Vec<u64> = (0..7).filter(|id| !expected.contains(id) || also.contains(id)).collect();
                assert_eq!(found(&either, filled), wanted, "{either:?} {filled}");
            }
        }
    }
}

/// As other tools write it.
#[test]
fn a_query_without_fill_loses_events() {
    let found = |query: &str, filled| {
        let found = evaluate(&parse(query).unwrap(), &rows(filled), &Macros::new()).unwrap();
        found.into_iter().flat_map(|row| row.ids).collect::<Vec<_>>()
    };
    let count = "| tstats count from datamodel=Endpoint.Processes where NOT Processes.user=ab by Processes.process";
    assert_eq!(found(count, false), [6, 3]);
    assert_eq!(found(count, true), [6, 3, 0]);
    let null = "| tstats fillnull_value=\"null\" count from datamodel=Endpoint.Processes where NOT Processes.process=* by Processes.user";
    assert_eq!(found(null, false), [1, 0]);
    assert_eq!(found(null, true), Vec::<u64>::new());
}

#[test]
fn tstats_counts_events_by_every_value() {
    let mut many = row(9, &[("user", "a"), ("user", "b"), ("@time", "2500")]);
    many.relation = "Endpoint.Processes".into();
    let query =
        "| tstats count, min(_time) AS first FROM datamodel=Endpoint.Processes BY Processes.user | sort Processes.user";
    let mut all = rows(false);
    all.push(many);
    let found = evaluate(&parse(query).unwrap(), &all, &Macros::new()).unwrap();
    let text =
        |row: &rulecast_ir::ResultRow, name: &str| row.columns[name].iter().map(Scalar::text).collect::<String>();
    let shown = found
        .iter()
        .map(|row| format!("{} {} {}", text(row, "Processes.user"), text(row, "count"), text(row, "first")));
    assert_eq!(shown.collect::<Vec<_>>(), ["AB 2 0", "a 1 2.5", "ab 2 0", "b 1 2.5", "cd 1 0"]);
}

#[test]
fn what_is_no_tstats_is_an_error_at_its_place() {
    let error = |query: &str| parse(query).unwrap_err().to_string();
    assert_snapshot!(error("| tstats from datamodel=A.B"), @"1:10: expected an aggregate or an option, found `f`");
    assert_snapshot!(error("| tstats count from A.B"), @"1:16: expected `as`, found `f`");
    assert_snapshot!(error("| tstats prestats=t count from datamodel=A.B"), @"1:10: the option `prestats` is not read");
    assert_snapshot!(error("| tstats summariesonly=x count from datamodel=A.B"), @"1:10: the option is true or false");
    assert_snapshot!(error("| tstats count from datamodel=A.B\n  where B.x=1 )\n  by B.x"), @"2:15: expected the end of the query, a search, AND or OR, found `)`");
    assert_snapshot!(error("index=a | tstats count from datamodel=A.B"), @"1:11: `tstats` must be the first command");
    // Text that looks like what ends the search.
    let query = parse("| tstats count from datamodel=A.B where B.x=\"1 by 2\" OR \"a | b\" by B.x | head 1").unwrap();
    assert_snapshot!(query, @r#"
    | tstats summariesonly=false allow_old_summaries=false count
      from datamodel=A.B
      where B.x="1 by 2" OR "a | b"
      by B.x
    | head 1
    "#);
}
