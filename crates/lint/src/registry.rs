//! All lints.

use crate::lint::{Family, Lint};
use crate::lints;
use std::sync::LazyLock;

/// The lints by subject, in the order of the reference.
pub static FAMILIES: &[Family] = &[
    Family { title: "Rule header", lints: lints::header::LINTS },
    Family { title: "Words", lints: lints::words::LINTS },
    Family { title: "References", lints: lints::references::LINTS },
    Family { title: "Schedule and risk", lints: lints::schedule::LINTS },
    Family { title: "Tags", lints: lints::tags::LINTS },
    Family { title: "ATT&CK", lints: lints::techniques::LINTS },
    Family { title: "Log source", lints: lints::log_source::LINTS },
    Family { title: "Fields", lints: lints::fields::LINTS },
    Family { title: "Wildcards", lints: lints::wildcards::LINTS },
    Family { title: "Values", lints: lints::values::LINTS },
    Family { title: "Lists", lints: lints::lists::LINTS },
    Family { title: "Regexes and networks", lints: lints::regexes::LINTS },
    Family { title: "Condition", lints: lints::condition::LINTS },
    Family { title: "Meaning", lints: lints::meaning::LINTS },
    Family { title: "Classes", lints: lints::classes::LINTS },
    Family { title: "Correlations and filters", lints: lints::correlation::LINTS },
    Family { title: "Tests", lints: lints::tests::LINTS },
    Family { title: "Several rules", lints: lints::across::LINTS },
    Family { title: "Suppressions", lints: lints::suppressions::LINTS },
    Family { title: "Spelling", lints: lints::reading::LINTS },
];

/// All lints, by name.
pub static LINTS: LazyLock<Vec<&'static Lint>> = LazyLock::new(|| {
    let mut all: Vec<&'static Lint> = FAMILIES.iter().flat_map(|family| family.lints).copied().collect();
    all.sort_by_key(|lint| lint.name);
    all
});

/// The lint of that name.
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.binary_search_by(|lint| lint.name.cmp(name)).ok().map(|at| LINTS[at])
}

/// The name most like an unknown one.
pub(crate) fn nearest(unknown: &str) -> Option<&'static str> {
    rulecast_rule::closest(unknown, LINTS.iter().map(|lint| lint.name))
}
