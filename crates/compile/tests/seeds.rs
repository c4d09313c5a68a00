//! The queries that the library began with, as published, beside the rules that replace them: over the events of the
//! rules' own tests they agree, except where `docs/seeds.md` says that we differ, and there they do differ.

use rulecast_compile::{Target, Unit, held};
use rulecast_diagnostics::FileId;
use rulecast_ir::{Record, ResultRow, Row, Rule, Scalar, Schema, Sigma};
use rulecast_rule::ast::{Expectation, RuleTest};
use std::collections::BTreeMap;
use std::fmt::Write;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const PACKAGES: &str = "cross_platform/correlation/correlation_installer_package_activity.yml";
const MACOS: &str = "macos/correlation/correlation_macos_pkg_script_then_network.yml";
/// No test of the rule itself: Defender's tables do not name the platform, so the query for them differs here too, which it
/// says by `mapping:product`.
const ON_LINUX: &str = include_str!("seeds/on_linux.yml");

/// A rule of the library, with further tests.
fn rule(file: &str, tests: &str) -> Rule<Sigma> {
    let text = std::fs::read_to_string(format!("{ROOT}/rules/{file}")).expect("the rule is part of the repository");
    let text = text + tests;
    let resolved = Unit::new(rulecast_rule::parse(FileId(0), &text).documents).resolve();
    resolved.rules.into_iter().next().expect("the file holds a rule")
}

/// What is said of a match without a class.
const MATCH: &str = "match";

fn said_at_all(class: &str) -> String {
    if class == "-" { class.to_owned() } else { MATCH.to_owned() }
}

/// What a test of the rule expects: nothing, a match, or a class.
fn expected(test: &RuleTest) -> String {
    match (&test.expect.node, &test.classification) {
        (Expectation::NoMatch, _) => "-".to_owned(),
        (Expectation::Match, None) => MATCH.to_owned(),
        (Expectation::Match, Some(class)) => class.node.clone(),
    }
}

/// What a query says: nothing, a match, or a class.
fn said(found: &[ResultRow], class: &str) -> String {
    match found {
        [] => "-".to_owned(),
        [row] => row.columns.get(class).map_or(MATCH.to_owned(), |values| values.iter().map(Scalar::text).collect()),
        rows => panic!("{} rows for one detection", rows.len()),
    }
}

/// A test of the rule, what the query says of it instead, and why.
type Difference = (&'static str, &'static str, &'static [&'static str]);

/// Runs a published query on the events of each test. `differences` holds, for each test in which it says something else than
/// the rule, what it says, and the paragraphs of `docs/seeds.md` that give the reason.
fn check(rule: &Rule<Sigma>, target: &str, differences: &[Difference], run: impl Fn(Vec<Row>, &Schema) -> String) {
    let page = std::fs::read_to_string(format!("{ROOT}/docs/seeds.md")).expect("the page is part of the repository");
    let target = Target::parse(target).expect("a target of the registry");
    let known: BTreeMap<&str, (&str, &[&str])> =
        differences.iter().map(|(test, says, reasons)| (*test, (*says, *reasons))).collect();
    assert_eq!(known.len(), differences.len(), "each test stands once");
    let (mut wrong, mut seen) = (String::new(), 0);
    for test in &rule.metadata.0.tests {
        let records: Vec<Record> = test.events.iter().zip(0..).map(|(event, id)| Record::of_test(event, id)).collect();
        let (rows, schema) = held(rule, target, &records);
        let says = run(rows, &schema);
        // EQL has no classes.
        let expected = if says == MATCH { said_at_all(&expected(test)) } else { expected(test) };
        let name = test.name.as_str();
        let agreed = match known.get(name) {
            None => expected.clone(),
            Some((says, reasons)) => {
                seen += 1;
                assert_ne!(*says, expected, "{name}: no difference");
                for reason in *reasons {
                    let has = |end: &str| page.contains(&format!("{reason}{end}"));
                    assert!(has(".**") || has(" ("), "{name}: docs/seeds.md has no {reason}");
                }
                (*says).to_owned()
            }
        };
        if says != agreed {
            let _ = writeln!(wrong, "{name}: the rule {expected}, the query {says}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(seen, differences.len(), "a test of the list is none of the rule");
}

fn eql(query: &'static str) -> impl Fn(Vec<Row>, &Schema) -> String {
    let parsed = rulecast_eql::parse(query).expect("the query is EQL");
    move |rows, schema| said(&rulecast_eql::evaluate(&parsed, &rows, schema).expect("it can be evaluated"), "")
}

#[test]
fn the_sequence_of_macos() {
    let differences: &[Difference] = &[("the same names on Linux", MATCH, &["M1"])];
    check(&rule(MACOS, ON_LINUX), "eql.ecs", differences, eql(include_str!("seeds/macos_installer.eql")));
}

#[test]
fn installer_packages_in_elastic() {
    let differences: &[Difference] = &[
        ("Chocolatey starts a command prompt", "-", &["E2"]),
        ("winget runs a downloader", "-", &["E2"]),
        ("Windows Installer calls a public address", "-", &["E7"]),
        ("a public address that begins like a private one", "-", &["E7"]),
        ("a connection that only has a host name", "-", &["E7"]),
        ("a postinstall script of a package opened in the Finder", "-", &["E1"]),
        ("a maintainer script in Python", "-", &["E4"]),
        ("a scriptlet below dnf, which is Python", "-", &["E3"]),
        ("rpm fetches a package from the internet", "-", &["E7"]),
    ];
    check(&rule(PACKAGES, ""), "eql.ecs", differences, eql(include_str!("seeds/installer_packages.eql")));
}

/// The query reads what old add-ons wrote: an index, and the channel in the source type.
fn as_old_add_ons(mut row: Row) -> Row {
    let channel = if &*row.relation == "sysmon_windows" {
        "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
    } else {
        "sysmon:linux"
    };
    for (column, value) in [("index", "wineventlog"), ("sourcetype", channel)] {
        row.columns.insert(column.to_owned(), vec![Scalar::Text(value.into())]);
    }
    row
}

#[test]
fn installer_packages_in_splunk() {
    let query = rulecast_spl::parse(include_str!("seeds/installer_packages.spl")).expect("the query is SPL");
    let differences: &[Difference] = &[
        ("an encoded command, abbreviated", "INSTALLER_SCRIPT_CHILD", &["S11"]),
        ("an encoded command with a slash, behind cmd.exe", "INSTALLER_SCRIPT_CHILD", &["S11"]),
        ("winget runs a downloader", "-", &["S10"]),
        ("a public address that begins like a private one", "-", &["S4"]),
        ("a connection that only has a host name", "-", &["S5"]),
        ("a postinstall script of a package opened in the Finder", "-", &["S10"]),
        ("a macOS installer that runs curl itself", "-", &["S10"]),
        ("a maintainer script in Python", "-", &["S10"]),
        ("an apt hook that downloads", "-", &["S10"]),
        ("a scriptlet below dnf, which is Python", "-", &["S10"]),
        ("rpm fetches a package from the internet", "-", &["S10"]),
        ("the servicing process is not an installer", "INSTALLER_SCRIPT_CHILD", &["S6"]),
        ("a program below the installer cache", "INSTALLER_SCRIPT_CHILD", &["S6"]),
        ("a distribution point in the whole of 172.16.0.0/12", "INSTALLER_NETWORK_CALLBACK", &["S4"]),
        ("a link-local address of IPv6", "INSTALLER_NETWORK_CALLBACK", &["S4"]),
        ("an inbound connection", "INSTALLER_NETWORK_CALLBACK", &["S7"]),
    ];
    check(&rule(PACKAGES, ""), "spl.sysmon", differences, |rows, _| {
        let rows: Vec<Row> = rows.into_iter().map(as_old_add_ons).collect();
        said(
            &rulecast_spl::evaluate(&query, &rows, &rulecast_spl::Macros::default()).expect("it can be evaluated"),
            "DetectionType",
        )
    });
}

/// One event as Splunk holds it, under the query on installer packages.
fn in_splunk(sourcetype: &str, columns: &[(&str, &str)]) -> String {
    let query = rulecast_spl::parse(include_str!("seeds/installer_packages.spl")).expect("the query is SPL");
    let all = [("index", "wineventlog"), ("sourcetype", sourcetype)];
    let columns = all.iter().chain(columns);
    let columns = columns.map(|(column, value)| ((*column).to_owned(), vec![Scalar::Text((*value).into())])).collect();
    let row = Row { relation: "main".into(), id: 1, time: 0, time_column: "_time".into(), columns, raw: None };
    said(
        &rulecast_spl::evaluate(&query, &[row], &rulecast_spl::Macros::default()).expect("it can be evaluated"),
        "DetectionType",
    )
}

/// `docs/seeds.md`, S1 to S3.
#[test]
fn what_the_query_in_splunk_never_reads() {
    let parent = r"C:\Windows\System32\msiexec.exe";
    let image = r"C:\Windows\System32\cmd.exe";
    let sysmon = [("EventCode", "1"), ("ParentImage", parent), ("Image", image)];
    assert_eq!(in_splunk("XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", &sysmon), "INSTALLER_SCRIPT_CHILD");
    assert_eq!(in_splunk("XmlWinEventLog", &sysmon), "-");
    let security = [("EventCode", "4688"), ("ParentProcessName", parent), ("NewProcessName", image)];
    assert_eq!(in_splunk("WinEventLog:Security", &security), "-");
}
