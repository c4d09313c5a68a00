//! Every lint by its own examples, and the page that is made of them.

mod examples;
mod suppressed;

use crate::{FAMILIES, LINTS, reference};

#[test]
fn the_page_of_the_reference_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/lints.md");
    let page = reference();
    if std::env::var_os("RULECAST_WRITE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/reference/lints.md is stale: run this test with RULECAST_WRITE_DOCS=1");
}

#[test]
fn every_lint_has_one_name_and_says_what_it_is_about() {
    assert_eq!(LINTS.len(), FAMILIES.iter().map(|family| family.lints.len()).sum::<usize>());
    assert!(LINTS.windows(2).all(|pair| pair[0].name < pair[1].name), "a name is there twice");
    for lint in LINTS.iter() {
        let is_kebab = lint.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(is_kebab && !lint.name.starts_with('-'), "{}", lint.name);
        assert!(!lint.summary.ends_with('.') && lint.summary.len() < 130, "{}: {}", lint.name, lint.summary);
        assert!(lint.reason.ends_with('.'), "{}: {}", lint.name, lint.reason);
        assert_ne!(lint.bad, lint.good);
    }
}
