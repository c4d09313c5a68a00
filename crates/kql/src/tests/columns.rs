//! What queries return, told without running them.

use crate::parse::parse;
use rulecast_ir::Name;

/// The columns of a result, `…` at the end where there are others; after a colon the tables.
fn check(query: &str) -> String {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let tables = |table: &str| -> Vec<Name> {
        let names: &[&str] = match table {
            "Device" => &["Timestamp", "DeviceId", "ReportId"],
            "Sign" => &["Timestamp", "User"],
            _ => &[],
        };
        names.iter().map(|name| (*name).into()).collect()
    };
    let columns = query.result_columns(&tables);
    let names = columns.names.iter().map(|name| &**name).chain(columns.open.then_some("…"));
    format!(
        "{}: {}",
        names.collect::<Vec<_>>().join(" "),
        query.tables().iter().map(|one| &***one).collect::<Vec<_>>().join(" ")
    )
}

#[test]
fn rows_keep_the_columns_of_their_table() {
    assert_eq!(check("Device | where A == 1 | sort by A desc | take 3"), "Timestamp DeviceId ReportId …: Device");
    assert_eq!(check("Device | extend B = 1, DeviceId = 2"), "Timestamp DeviceId ReportId B …: Device");
    assert_eq!(check("Unknown | extend B = 1"), "B …: Unknown");
    assert_eq!(check("Device | project-away ReportId | project-rename Id = DeviceId"), "Timestamp Id …: Device");
    assert_eq!(check("union (Device), (Sign)"), "Timestamp DeviceId ReportId User …: Device Sign");
}

#[test]
fn operators_that_choose_columns_leave_no_others() {
    assert_eq!(check("Device | project A = DeviceId, B"), "A B: Device");
    assert_eq!(check("Device | distinct A, B"), "A B: Device");
    assert_eq!(check("Device | count"), "Count: Device");
    assert_eq!(check("Device | summarize N = count(), T = max(Timestamp) by DeviceId"), "DeviceId N T: Device");
    assert_eq!(
        check("Device | summarize arg_max(Timestamp, ReportId) by DeviceId"),
        "DeviceId Timestamp ReportId: Device"
    );
    assert_eq!(check("Device | summarize arg_max(Timestamp, *) by DeviceId"), "DeviceId Timestamp ReportId …: Device");
    assert_eq!(check("print A = 1, B = 2"), "A B: ");
    assert_eq!(check("datatable (A: string, B: long) [\"a\", 1]"), "A B: ");
}

#[test]
fn joined_rows_have_both_sides() {
    let step = "let step = Device | project k1 = DeviceId, t1 = Timestamp;\n";
    let joined =
        |kind: &str| check(&format!("{step}Device | project k1 = DeviceId, t2 = 1 | join kind={kind} step on k1"));
    assert_eq!(joined("inner"), "k1 t2 k11 t1: Device");
    assert_eq!(joined("leftouter"), "k1 t2 k11 t1: Device");
    assert_eq!(joined("leftsemi"), "k1 t2: Device");
    assert_eq!(joined("leftanti"), "k1 t2: Device");
}

#[test]
fn a_name_stands_for_what_it_was_given() {
    let query = "let members = materialize(union (Device | project A), (Sign | project B));\nmembers | where A == 1";
    assert_eq!(check(query), "A B: Device Sign");
}

/// The query where `Timestamp` is called `TimeGenerated`; nothing where that name is taken.
fn renamed(query: &str) -> Option<String> {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let renamed = query.with_column_renamed("Timestamp", &"TimeGenerated".into())?;
    assert_eq!(parse(&renamed.to_string()).as_ref(), Ok(&renamed));
    assert_eq!(renamed.with_column_renamed("TimeGenerated", &"Timestamp".into()).as_ref(), Some(&query));
    Some(renamed.to_string().replace('\n', " "))
}

#[test]
fn a_column_is_renamed_wherever_it_stands() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        renamed("Device | where Timestamp > ago(1h) | sort by Timestamp desc | project Timestamp, At = Timestamp, B"),
        some(
            "Device | where TimeGenerated > ago(1h) | sort by TimeGenerated desc | project TimeGenerated, At = TimeGenerated, B"
        )
    );
    assert_eq!(
        renamed(
            "let s = Device | project k1 = A, t1 = Timestamp;\nDevice | join kind=inner s on k1 | summarize arg_max(Timestamp, B) by k1"
        ),
        some(
            "let s =   Device   | project k1 = A, t1 = TimeGenerated; Device | join kind=inner (s) on k1 | summarize arg_max(TimeGenerated, B) by k1"
        )
    );
    // Texts, tables and properties of objects are no columns.
    assert_eq!(
        renamed("Timestamp | where A == \"Timestamp\" and tostring(parse_json(B).Timestamp) == \"x\""),
        some("Timestamp | where A == \"Timestamp\" and tostring(parse_json(B).Timestamp) == \"x\"")
    );
    // What a step of a scan holds is.
    let scan = "Device | sort by Timestamp asc | scan with (step s1: A == 1; step s2: Timestamp > s1.Timestamp;)";
    let scanned = renamed(scan).unwrap();
    assert!(scanned.contains("TimeGenerated > s1.TimeGenerated"), "{scanned}");
}

#[test]
fn two_columns_never_become_one() {
    assert_eq!(renamed("Device | where TimeGenerated > ago(1h) | project Timestamp"), None);
}
