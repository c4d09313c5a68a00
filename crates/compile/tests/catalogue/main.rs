//! The catalogue of wrong translations: 97 that converters have been seen to make, each with a rule, events that it
//! matches and events that it does not. The reference and every query must say so; where a target cannot, it refuses.
//!
//! `docs/reference/catalogue.md` lists them. `INSTA_UPDATE=always cargo test -p rulecast-compile` writes it anew.

mod correlations;
mod fields;
mod logic;
mod regexes;
mod row;
mod strings;

use row::Row;
use std::fmt::Write;

const LAST: u32 = 97;

fn rows() -> Vec<Row> {
    [logic::rows(), strings::rows(), regexes::rows(), fields::rows(), correlations::rows()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn every_row_holds() {
    let mut failures = String::new();
    for row in rows() {
        for finding in row.cases.iter().flat_map(row::Case::findings) {
            let _ = writeln!(failures, "row {} ({}): {finding}", row.number, row.what);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// So that what is mended leaves the list.
#[test]
fn what_is_open_still_parts() {
    for row in rows() {
        if let Some((difference, case)) = &row.open {
            assert!(!case.findings().is_empty(), "row {}: no longer so: {difference}", row.number);
        }
    }
}

#[test]
fn every_number_is_listed_once_and_every_case_can_fail() {
    let mut numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=LAST).collect::<Vec<_>>());
    for row in rows() {
        let vague = row.cases.iter().any(|case| !case.says_something());
        assert!(!vague, "row {} has a case without a hit and a miss", row.number);
        assert!(row.proof() != "**not yet**", "row {}", row.number);
    }
}

#[test]
fn the_tests_named_elsewhere_exist() {
    for row in rows() {
        for (file, name) in &row.elsewhere {
            let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
            let text =
                std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("row {}: {path}: {error}", row.number));
            assert!(text.contains(&format!("fn {name}()")), "row {}: {name} in {file}", row.number);
        }
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn page() -> String {
    let mut rows = rows();
    rows.sort_by_key(|row| row.number);
    let mut out = String::from(
        "# Wrong translations that Rulecast does not make\n\n\
         Converters of Sigma rules, and people who write queries by hand, have been seen to make each of these. A row\n\
         names what goes wrong, and where it is shown that it does not go wrong here. *Evaluated* means that a rule and its\n\
         queries, read back from their text, were run over the same events, and both found those that they must and no\n\
         others. *Refused* means that the target says that it has no query, by the reason of [that name](refusals.md). What\n\
         is *later* is not here yet, and what is *open* still goes wrong. The data models of endpoints are `ecs`, `winlogbeat`,\n\
         `sysmon`, `xdr` and `asim`.\n\n\
         Generated from `crates/compile/tests/catalogue`.\n\n\
         | # | what goes wrong | where it is shown |\n|---|---|---|\n",
    );
    for row in rows {
        let _ = writeln!(out, "| {} | {} | {} |", row.number, cell(row.what), cell(&row.proof()));
    }
    out
}

#[test]
fn the_page_lists_the_catalogue() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/catalogue.md");
    let page = page();
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/reference/catalogue.md is stale: run again with INSTA_UPDATE=always");
}
