//! Rules against each other. What finds them is [`across`](crate::across).

use crate::lint::{Fixes, Lint};
use rulecast_diagnostics::Severity;

pub(crate) static LINTS: &[&Lint] = &[&DUPLICATE_TITLE, &DUPLICATE_FILE_NAME, &UNKNOWN_RELATION];

pub(crate) static DUPLICATE_TITLE: Lint = Lint {
    name: "duplicate-title",
    severity: Severity::Warning,
    summary: "two rules of one title",
    reason: "An analyst cannot tell their alerts apart, and Splunk keeps only one saved search of a name.",
    bad: "title: Whoami Run by a Service\n---\ntitle: Whoami Run by a Service",
    good: "title: Whoami Run by a Service\n---\ntitle: Whoami Run by a Web Server",
    fix: Fixes::None,
};

pub(crate) static DUPLICATE_FILE_NAME: Lint = Lint {
    name: "duplicate-file-name",
    severity: Severity::Note,
    summary: "two files of one name in different folders",
    reason: "Queries are named for the rule's file; who copies them into one folder loses one.",
    bad: "# file: a/whoami.yml\n---\n# file: b/whoami.yml",
    good: "# file: a/whoami.yml\n---\n# file: b/whoami_web_server.yml",
    fix: Fixes::None,
};

pub(crate) static UNKNOWN_RELATION: Lint = Lint {
    name: "unknown-relation",
    severity: Severity::Note,
    summary: "a `related` rule that is not among those that were read",
    reason: "The id is misspelt, or the rule is gone. Relations to obsolete, merged and renamed rules may well be of such; \
             a run over a single file has nowhere to look.",
    bad: "related:\n    - id: 0d8a6f2f-4d11-4c1b-9a51-5f1d7e9a3d0c\n      type: derived\n---\ntitle: Another Rule",
    good: "related:\n    - id: 0d8a6f2f-4d11-4c1b-9a51-5f1d7e9a3d0c\n      type: derived\n---\nid: 0d8a6f2f-4d11-4c1b-9a51-5f1d7e9a3d0c",
    fix: Fixes::None,
};
