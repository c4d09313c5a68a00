//! Findings of reading and resolving rules, which tell them as they meet them. They are here for their reasons.

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::Severity;

pub(crate) static LINTS: &[&Lint] = &[
    &BAD_TAG,
    &BAD_LEVEL,
    &BAD_STATUS,
    &SLASH_DATE,
    &EMPTY_VALUE,
    &LOG_SOURCE_CASE,
    &UNKNOWN_ATTRIBUTE,
    &UNUSED_SELECTION,
    &NULL_IN_LIST,
    &FILTER_WITHOUT_NOT,
];

static BAD_TAG: Lint = Lint {
    name: "bad-tag",
    severity: Severity::Warning,
    summary: "a tag with capitals or blanks, or without a namespace",
    reason: "Tags are compared as they are written: `attack.T1033` is not `attack.t1033`.",
    bad: "tags:\n    - attack.discovery\n    - attack.T1033",
    good: "tags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::Safe,
};

static BAD_LEVEL: Lint = Lint {
    name: "bad-level",
    severity: Severity::Warning,
    summary: "a level with capitals",
    reason: "Other readers of the rule do not know it. A level that no spelling makes right is an error.",
    bad: "level: Low",
    good: "level: low",
    fix: Fixes::Safe,
};

static BAD_STATUS: Lint = Lint {
    name: "bad-status",
    severity: Severity::Warning,
    summary: "a status with capitals",
    reason: "Other readers of the rule do not know it. A status that no spelling makes right is an error.",
    bad: "status: Test",
    good: "status: test",
    fix: Fixes::Safe,
};

static SLASH_DATE: Lint = Lint {
    name: "slash-date",
    severity: Severity::Warning,
    summary: "a date with slashes",
    reason: "Sigma 2 writes dates with hyphens.",
    bad: "date: 2024/01/02",
    good: "date: 2024-01-02",
    fix: Fixes::Safe,
};

static EMPTY_VALUE: Lint = Lint {
    name: "empty-value",
    severity: Severity::Warning,
    summary: "an attribute without a value",
    reason: "It was left open in a template, or its list is indented wrongly.",
    bad: "author: A. Nonymous\nreferences:",
    good: "author: A. Nonymous\nreferences:\n    - https://example.com/whoami",
    fix: Fixes::None,
};

static LOG_SOURCE_CASE: Lint = Lint {
    name: "log-source-case",
    severity: Severity::Warning,
    summary: "a category, product or service with capitals",
    reason: "Log sources are compared as they are written; data models have them in lower case.",
    bad: "logsource:\n    category: process_creation\n    product: Windows",
    good: "logsource:\n    category: process_creation\n    product: windows",
    fix: Fixes::Suggested,
};

static UNKNOWN_ATTRIBUTE: Lint = Lint {
    name: "unknown-attribute",
    severity: Severity::Warning,
    summary: "a key that is nearly one of Sigma's",
    reason: "Any key is allowed, and one that nobody knows has no effect.",
    bad: "# no references\nreference:\n    - https://example.com/whoami",
    good: "references:\n    - https://example.com/whoami",
    fix: Fixes::None,
};

static UNUSED_SELECTION: Lint = Lint {
    name: "unused-selection",
    severity: Severity::Warning,
    summary: "a selection that the condition does not use",
    reason: "It is no part of what the rule matches. If it is a filter, the rule is noisier than its author thinks.",
    bad: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    filter_service:\n        ParentImage|endswith: '\\services.exe'\n    condition: selection",
    good: "detection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    filter_service:\n        ParentImage|endswith: '\\services.exe'\n    condition: selection and not filter_service",
    fix: Fixes::None,
};

static NULL_IN_LIST: Lint = Lint {
    name: "null-in-list",
    severity: Severity::Warning,
    summary: "null among other values of a list",
    reason: "Rulecast reads it as: or the field has no value. The specification wants null in a selection of its own, and \
             other readers drop it or look for the text `null`.",
    bad: "detection:\n    selection:\n        CommandLine:\n            - whoami\n            - null\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine: whoami\n    selection_none:\n        CommandLine: null\n    condition: selection or selection_none",
    fix: Fixes::None,
};

static FILTER_WITHOUT_NOT: Lint = Lint {
    name: "filter-without-not",
    severity: Severity::Warning,
    summary: "a filter whose condition is a bare selection",
    reason: "A filter's condition is added to the rule's as it is: without `not` it keeps what it should exclude.",
    bad: "filter:\n    rules: [base_rule]\n    selection:\n        User|startswith: 'adm_'\n    condition: selection",
    good: "filter:\n    rules: [base_rule]\n    selection:\n        User|startswith: 'adm_'\n    condition: not selection",
    fix: Fixes::None,
};
