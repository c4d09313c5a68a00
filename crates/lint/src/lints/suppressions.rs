//! What is wrong with accepted findings. What finds them is [`suppress`](crate::suppress).

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::Severity;

pub(crate) static LINTS: &[&Lint] =
    &[&BAD_SUPPRESSION, &UNKNOWN_LINT, &SUPPRESSION_WITHOUT_REASON, &UNNEEDED_SUPPRESSION];

pub(crate) static BAD_SUPPRESSION: Lint = Lint {
    name: "bad-suppression",
    severity: Severity::Warning,
    summary: "a key `lint` of another form than a list of names and reasons under `allow`",
    reason: "It has no effect.",
    bad: "lint:\n    allow: no-false-positives",
    good: "# no falsepositives\nlint:\n    allow:\n        - name: no-false-positives\n          reason: The event is the incident.",
    fix: Fixes::None,
};

pub(crate) static UNKNOWN_LINT: Lint = Lint {
    name: "unknown-lint",
    severity: Severity::Warning,
    summary: "a suppression of a lint that does not exist",
    reason: "It has no effect. `rulecast list lints` shows the names.",
    bad: "lint:\n    allow:\n        - name: no-falsepositives\n          reason: The event is the incident.",
    good: "# no falsepositives\nlint:\n    allow:\n        - name: no-false-positives\n          reason: The event is the incident.",
    fix: Fixes::None,
};

pub(crate) static SUPPRESSION_WITHOUT_REASON: Lint = Lint {
    name: "suppression-without-reason",
    severity: Severity::Warning,
    summary: "a suppression that does not say why the rule is right",
    reason: "In a year nobody knows whether it still is. The finding is shown as long as there is no reason.",
    bad: "lint:\n    allow:\n        - name: no-false-positives",
    good: "# no falsepositives\nlint:\n    allow:\n        - name: no-false-positives\n          reason: The event is the incident.",
    fix: Fixes::None,
};

pub(crate) static UNNEEDED_SUPPRESSION: Lint = Lint {
    name: "unneeded-suppression",
    severity: Severity::Warning,
    summary: "a suppression of a finding that the rule does not have",
    reason: "It would hide the finding when it comes back for another reason.",
    bad: "lint:\n    allow:\n        - name: no-false-positives\n          reason: The event is the incident.",
    good: "# no falsepositives\nlint:\n    allow:\n        - name: no-false-positives\n          reason: The event is the incident.",
    fix: Fixes::None,
};
