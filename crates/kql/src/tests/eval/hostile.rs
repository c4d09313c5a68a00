//! Nothing panics, and the same input gives the same output.

use super::{rows, run};
use serde_json::json;

const QUERIES: [&str; 6] = [
    "T | where Name =~ 'a' and not(Number > 3) or coalesce(ipv6_is_match(Name, '10.0.0.0/8'), false) | take 5",
    "let A = T | project k = Name, t = Time; A | join kind=leftouter (A) on k | summarize max(t), count() by k",
    "T | extend x = case(Number > 3, 'a', 'b'), y = strcat(Name, Bag.k[0], tolong(Name)) | sort by x, Time asc",
    "T | union (T | where Share / Number * 2 - 1 >= 0.5) | summarize arg_max(Time, *) by bin(Number, 10)",
    "T | sort by Time | scan with_match_id=m declare (n: long = 0) with (step a: true => n = a.n + 1; step b: n > a.n;)",
    "T | where When - Time between (-1d .. 5m) and Name matches regex @'(?i)\\w+' and Flag != true and * has 'x'",
];

#[test]
fn changed_queries_over_odd_rows() {
    let (rows, schema) = rows(&[
        (
            1,
            0,
            json!({"Name": "a", "Number": 9_223_372_036_854_775_807_i64, "Share": -0.0, "Flag": true, "Bag": {"k": ["v"]}}),
        ),
        (2, i64::MAX / 1000, json!({"Name": "é\u{0}💥", "Number": -1, "Share": 1e308, "When": "2026-01-01T00:00:00Z"})),
        (3, i64::MIN / 1000, json!({"Name": ["a", "b"], "Number": "x", "Flag": "no", "When": 5, "Bag": "{not json"})),
        (3, 1, json!({"Name": "", "Number": 1.5, "Share": "NaN", "Bag": [1, "x"]})),
    ]);
    let pieces: Vec<&str> = QUERIES.iter().flat_map(|query| query.split(' ')).collect();
    let mut run_at_all = 0;
    for (i, query) in QUERIES.iter().enumerate() {
        let words: Vec<&str> = query.split(' ').collect();
        for at in 0..words.len() {
            for step in [1, 7, 31] {
                let mut changed = words.clone();
                changed[at] = pieces[(i * 13 + at * step) % pieces.len()];
                let changed = changed.join(" ");
                for rows in [&rows[..], &rows[..1], &[]] {
                    let result = run(&changed, rows, &schema);
                    assert_eq!(result, run(&changed, rows, &schema), "{changed}");
                    run_at_all += usize::from(result.is_ok());
                }
            }
        }
    }
    assert!(run_at_all > 50, "{run_at_all}");
}
