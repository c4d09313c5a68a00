//! Every lint by its own examples, and what people accept.

mod examples;
mod suppressed;

use crate::{FAMILIES, LINTS};

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
