//! Operators over tables, with the examples of their pages.

use super::{rows, run, shown};
use insta::assert_snapshot;
use serde_json::json;

const JOINED: &str = "let X = datatable (Key: string, Value1: long) ['a', 1, 'b', 2, 'b', 3, 'c', 4];
    let Y = datatable (Key: string, Value2: long) ['b', 10, 'c', 20, 'c', 30, 'd', 40];\n";

/// "innerunique join", and the same tables in the other kinds.
#[test]
fn joins() {
    let join = |kind: &str| shown(&format!("{JOINED} X | join {kind} Y on Key"));
    assert_snapshot!(join(""), @r"
    Key=b, Key1=b, Value1=2, Value2=10
    Key=c, Key1=c, Value1=4, Value2=20
    Key=c, Key1=c, Value1=4, Value2=30
    ");
    assert_eq!(join(""), join("kind=innerunique"));
    assert_snapshot!(join("kind=inner"), @r"
    Key=b, Key1=b, Value1=2, Value2=10
    Key=b, Key1=b, Value1=3, Value2=10
    Key=c, Key1=c, Value1=4, Value2=20
    Key=c, Key1=c, Value1=4, Value2=30
    ");
    assert_snapshot!(join("kind=leftouter"), @r"
    Key=a, Value1=1
    Key=b, Key1=b, Value1=2, Value2=10
    Key=b, Key1=b, Value1=3, Value2=10
    Key=c, Key1=c, Value1=4, Value2=20
    Key=c, Key1=c, Value1=4, Value2=30
    ");
    assert_snapshot!(join("kind=leftanti"), @"Key=a, Value1=1");
    assert_snapshot!(join("kind=leftsemi"), @r"
    Key=b, Value1=2
    Key=b, Value1=3
    Key=c, Value1=4
    ");
    assert_snapshot!(
        shown(&format!("{JOINED} X | where Value1 > 2 | join kind=inner (Y | project K = Key, Value1 = Value2) on $left.Key == $right.K")),
        @r"
    K=b, Key=b, Value1=3, Value11=10
    K=c, Key=c, Value1=4, Value11=20
    K=c, Key=c, Value1=4, Value11=30
    "
    );
}

/// "arg_max() (aggregation function)": its example of nulls.
#[test]
fn the_row_of_the_most() {
    let table =
        "datatable (Fruit: string, Color: string, Version: int) ['Apple', 'Red', 1, 'Apple', 'Green', int(null),
        'Banana', 'Yellow', int(null), 'Banana', 'Green', int(null), 'Pear', 'Brown', 1, 'Pear', 'Green', 2]";
    assert_snapshot!(shown(&format!("{table} | summarize arg_max(Version, *) by Fruit")), @r"
    Color=Red, Fruit=Apple, Version=1
    Color=Yellow, Fruit=Banana
    Color=Green, Fruit=Pear, Version=2
    ");
    assert_snapshot!(shown(&format!("{table} | summarize arg_min(Version, Color) by Fruit")), @r"
    Color=Red, Fruit=Apple, Version=1
    Color=Yellow, Fruit=Banana
    Color=Brown, Fruit=Pear, Version=1
    ");
}

#[test]
fn aggregates() {
    let table = "let X = datatable (k: string, n: long, t: timespan) ['a', 1, 1s, 'a', 2, 2s, 'a', 2, 3s, 'b', long(null), 4s];\n";
    let of = |aggregates: &str| shown(&format!("{table} X | summarize {aggregates}"));
    assert_snapshot!(
        of("count(), dcount(n), count_distinct(n), sum(n), avg(n), max(n), min(t), countif(n > 1), make_set(n) by k"),
        @r"
    avg_n=1.6666666666666667, count_=3, count_distinct_n=2, countif_=2, dcount_n=2, k=a, max_n=2, min_t=00:00:01, set_n=1+2, sum_n=5
    count_=1, count_distinct_n=0, countif_=0, dcount_n=0, k=b, min_t=00:00:04, sum_n=0
    "
    );
    assert_snapshot!(of("c = count() by b = bin(t, 2s)"), @r"
    b=00:00:00, c=1
    b=00:00:02, c=2
    b=00:00:04, c=1
    ");
    assert_snapshot!(of("make_list(k)"), @"list_k=a+a+a+b");
    assert_snapshot!(shown(&format!("{table} X | where k == 'x' | summarize count(), max(n)")), @"count_=0");
    assert_snapshot!(shown(&format!("{table} X | where k == 'x' | summarize count() by k")), @"");
    assert_snapshot!(shown(&format!("{table} X | distinct k")), @r"
    k=a
    k=b
    ");
    assert_eq!(of("percentile(n, 50) by k"), "`percentile` of (long, long) is not evaluated");
}

#[test]
fn order() {
    let table = "let X = datatable (s: string, n: long) ['b', 2, 'B', long(null), 'a', 1, '', 3];\n";
    let shown = |rest: &str| {
        shown(&format!("{table} X | {rest} | project x = strcat(s, n)")).replace("x=", "").replace('\n', " ")
    };
    assert_eq!(shown("sort by n"), "3 b2 a1 B ");
    assert_eq!(shown("sort by n asc"), "B a1 b2 3 ");
    assert_eq!(shown("order by s asc"), "3 B a1 b2 ");
    assert_eq!(shown("top 2 by n"), "3 b2 ");
    assert_eq!(shown("sort by n asc | take 1"), "B ");
    assert_eq!(shown("sort by n asc | where prev(n) == 1 or next(n) == 1 | extend n = row_number()"), "B1 b2 ");
}

#[test]
fn columns_come_and_go() {
    let shown = |rest: &str| shown(&format!("datatable (a: string, b: long) ['x', 1] | {rest}"));
    assert_snapshot!(shown("extend b = b + 1, c = b"), @"a=x, b=2, c=1");
    assert_snapshot!(shown("project c = a, b"), @"b=1, c=x");
    assert_snapshot!(shown("project-away a"), @"b=1");
    assert_snapshot!(shown("project-rename z = a"), @"b=1, z=x");
    assert_snapshot!(shown("union (datatable (a: string, c: bool) ['y', true]) | where a != ''"), @r"
    a=x, b=1
    a=y, c=true
    ");
    assert_snapshot!(shown("where b == 2 | count"), @"Count=0");
    assert_snapshot!(super::shown("let n = 2; let list = dynamic([1, 2]); print x = n | where x in (list) and x == n"), @"x=2");
}

/// A table that nothing was recorded in, and that no schema names, has the time of the others.
#[test]
fn a_table_without_rows() {
    let (rows, schema) = rows(&[(1, 0, json!({"k": "a"}))]);
    for (query, expected) in [
        ("Empty | where k == 'a' and Time > ago(1d)", vec![]),
        ("union (Empty | project k, Time), (T | project k, Time)", vec![vec![1]]),
        ("T | join kind=inner (Empty | project k, t2 = Time) on k | where t2 > Time", vec![]),
        ("T | join kind=leftouter (Empty | project k, t2 = Time) on k | where isnull(t2)", vec![vec![1]]),
    ] {
        let ids = run(query, &rows, &schema).map(|rows| rows.into_iter().map(|row| row.ids).collect::<Vec<_>>());
        assert_eq!(ids, Ok(expected), "{query}");
    }
}

/// Which records a result row stands for.
#[test]
fn rows_keep_the_ids_of_their_records() {
    let (rows, schema) = rows(&[
        (1, 0, json!({"k": "a", "n": "1"})),
        (2, 5, json!({"k": "a", "n": "2"})),
        (3, 9, json!({"k": "b", "n": "3"})),
    ]);
    for (query, expected) in [
        ("T | where n != '2' | extend x = 1 | project n | sort by n desc", vec![vec![3], vec![1]]),
        ("T | where n == '1' | union (T | where n == '3')", vec![vec![1], vec![3]]),
        ("T | join kind=inner (T | project k, m = n) on k | where n == '1'", vec![vec![1, 1], vec![1, 2]]),
        ("T | join kind=leftouter (T | where n == '2' | project k, m = n) on k", vec![vec![1, 2], vec![2, 2], vec![3]]),
        ("T | join kind=leftanti (T | where n == '2') on k", vec![vec![3]]),
        ("T | summarize count() by k", vec![vec![1, 2], vec![3]]),
        ("T | summarize Time = max(Time) by k", vec![vec![2], vec![3]]),
        ("T | summarize arg_min(Time, *) by k", vec![vec![1], vec![3]]),
        ("T | summarize min(Time), max(Time)", vec![vec![1, 3]]),
        ("T | summarize min(Time), count()", vec![vec![1, 2, 3]]),
        ("T | count", vec![vec![1, 2, 3]]),
        ("T | distinct k", vec![vec![1, 2], vec![3]]),
        // What is only counted is not what the result stands for.
        (
            "T | join kind=inner (T | project k, m = n) on k | summarize c = countif(m == '2') by k, n",
            vec![vec![1], vec![2], vec![3]],
        ),
    ] {
        let ids = run(query, &rows, &schema).map(|rows| rows.into_iter().map(|row| row.ids).collect::<Vec<_>>());
        assert_eq!(ids, Ok(expected), "{query}");
    }
}
