//! Windows: rows in order, joins by time, and what is computed once.

use super::shown;
use insta::assert_snapshot;

/// The table of the page "Time window join".
const SESSIONS: &str = "let T = datatable (SessionId: string, EventType: string, Timestamp: datetime) [
        '0', 'A', datetime(2017-10-01 00:00:00),
        '0', 'B', datetime(2017-10-01 00:01:00),
        '1', 'B', datetime(2017-10-01 00:02:00),
        '1', 'A', datetime(2017-10-01 00:03:00),
        '3', 'A', datetime(2017-10-01 00:04:00),
        '3', 'B', datetime(2017-10-01 00:10:00),
    ];
    let A = T | where EventType == 'A' | project SessionId, Start = Timestamp;
    let B = T | where EventType == 'B' | project SessionId, End = Timestamp;\n";

/// The answer of that page, by a join on sessions alone and by one on slots of time.
#[test]
fn a_window_may_be_joined_by_slots() {
    let within = "| where End >= Start and End - Start <= 1m | project SessionId, Start, End";
    let plain = shown(&format!("{SESSIONS} A | join kind=inner (B) on SessionId {within}"));
    assert_snapshot!(plain, @"End=2017-10-01T00:01:00.0000000Z, SessionId=0, Start=2017-10-01T00:00:00.0000000Z");
    let by_slots = "let C = union (A | extend slot = bin(Start, 1m)), (A | extend slot = bin(Start, 1m) + 1m);
        B | extend slot = bin(End, 1m) | join kind=inner (C) on SessionId, slot";
    assert_eq!(shown(&format!("{SESSIONS} {by_slots} {within}")), plain);
}

/// "prev()": the row so many before, or null, which in a string is empty; and the rows must be in order.
#[test]
fn rows_look_back() {
    let rows = "datatable (k: string, n: long) ['a', 1, 'a', 2, 'b', 4]";
    assert_snapshot!(
        shown(&format!("{rows} | sort by k asc, n asc | extend p = prev(k, 1), d = n - prev(n, 2) | project n, p, d")),
        @r#"
    n=1
    n=2, p=a
    d=3, n=4, p=a
    "#
    );
    assert_snapshot!(
        shown(&format!("{rows} | sort by n asc | extend far = coalesce(prev(k, 1) == k and n - prev(n, 1) < 5, false)")),
        @r#"
    far=false, k=a, n=1
    far=true, k=a, n=2
    far=false, k=b, n=4
    "#
    );
    assert_snapshot!(shown("let T = datatable (n: long) [1, 2]; T | summarize by n | extend p = prev(n)"), @"`prev` needs rows in order");
}

/// "materialize()": the same rows for all that read them.
#[test]
fn what_is_computed_once_is_read_more_than_once() {
    let once = "let T = materialize(datatable (n: long) [1, 2, 2] | where n > 1); union T, (T | distinct n)";
    assert_snapshot!(shown(once), @r#"
    n=2
    n=2
    n=2
    "#);
}
