//! What a rule says of itself before its search.

use crate::lint::{Fixes, Lint};
use crate::{File, scalar};
use rulecast_diagnostics::{Diagnostic, Severity, Span};
use rulecast_rule::ast::{Body, Document};

pub(crate) static LINTS: &[&Lint] = &[
    &NO_ID,
    &PLACEHOLDER_ID,
    &NO_DESCRIPTION,
    &NO_FALSE_POSITIVES,
    &MISSING_ATTRIBUTES,
    &MODIFIED_BEFORE_DATE,
    &MODIFIED_WITHOUT_DATE,
    &REDUNDANT_MODIFIED,
    &FILE_NAME,
];

static NO_ID: Lint = Lint {
    name: "no-id",
    severity: Severity::Warning,
    summary: "a rule without an id",
    reason: "Nothing can refer to the rule once its title changes: no suppression, no relation, no alert already raised.",
    bad: "# no id",
    good: "id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11",
    fix: Fixes::None,
};

static PLACEHOLDER_ID: Lint = Lint {
    name: "placeholder-id",
    severity: Severity::Warning,
    summary: "an id that is no random UUID but stands for one",
    reason: "Ids of zeros or of one repeated digit are typed by hand, and the next rule gets the same one.",
    bad: "id: 00000000-0000-0000-0000-000000000000",
    good: "id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11",
    fix: Fixes::None,
};

static NO_DESCRIPTION: Lint = Lint {
    name: "no-description",
    severity: Severity::Note,
    summary: "a rule that does not say what it detects",
    reason: "An analyst who is woken by the alert sees the title and the description, and the search last.",
    bad: "# no description",
    good: "description: A service asks which account it runs as, as people do after a break-in.",
    fix: Fixes::None,
};

static NO_FALSE_POSITIVES: Lint = Lint {
    name: "no-false-positives",
    severity: Severity::Note,
    summary: "a rule that names no harmless cause of a match",
    reason: "Whoever triages a match needs to know what else looks like this. `Unknown` is an honest answer.",
    bad: "# no falsepositives",
    good: "falsepositives:\n    - Administrators who check a service",
    fix: Fixes::None,
};

static MISSING_ATTRIBUTES: Lint = Lint {
    name: "missing-attributes",
    severity: Severity::Note,
    summary: "a rule without `status`, `author`, `date` or `level`",
    reason: "They decide whether a rule is deployed, whom to ask about it, how old it is and how loud its alerts are.",
    bad: "# no author\n# no date",
    good: "author: A. Nonymous\ndate: 2024-01-02",
    fix: Fixes::None,
};

static MODIFIED_BEFORE_DATE: Lint = Lint {
    name: "modified-before-date",
    severity: Severity::Warning,
    summary: "a rule that was changed before it was written",
    reason: "One of the two dates is wrong. Tools that ask for rules newer than some day pass over this one.",
    bad: "date: 2024-01-02\nmodified: 2023-12-01",
    good: "date: 2024-01-02\nmodified: 2024-12-01",
    fix: Fixes::None,
};

static MODIFIED_WITHOUT_DATE: Lint = Lint {
    name: "modified-without-date",
    severity: Severity::Note,
    summary: "a rule that says when it was changed, but not when it was written",
    reason: "`modified` counts changes from `date` on.",
    bad: "# no date\nmodified: 2024-12-01",
    good: "date: 2024-01-02\nmodified: 2024-12-01",
    fix: Fixes::None,
};

static REDUNDANT_MODIFIED: Lint = Lint {
    name: "redundant-modified",
    severity: Severity::Note,
    summary: "a rule that was changed on the day it was written",
    reason: "`modified` says that a published rule has changed. A rule of one day has not.",
    bad: "date: 2024-01-02\nmodified: 2024-01-02",
    good: "date: 2024-01-02",
    fix: Fixes::Safe,
};

static FILE_NAME: Lint = Lint {
    name: "file-name",
    severity: Severity::Note,
    summary: "a file name with other characters than lower-case letters, digits, `_`, `-` and `.`, or of more than 90",
    reason: "The queries and reports of a rule are named for its file, and not every system takes blanks, capitals that \
             differ in nothing else, or long names.",
    bad: "# file: Whoami by Service.yml",
    good: "# file: proc_creation_win_whoami_by_service.yml",
    fix: Fixes::None,
};

/// What the document is called, to point at.
pub(super) fn head(document: &Document) -> Span {
    let start = Span { end: document.span.start, ..document.span };
    document.metadata.title.as_ref().map_or(start, |title| title.span)
}

pub(crate) fn check(document: &Document, text: &str, is_part: bool, to: &mut Vec<Diagnostic>) {
    let metadata = &document.metadata;
    match &metadata.id {
        None => to.push(
            NO_ID
                .at(head(document), "rule has no `id`")
                .help("add a random UUID, and keep it for as long as the rule lives"),
        ),
        Some(id) => {
            let mut digits = id.bytes().filter(|byte| *byte != b'-');
            let first = digits.next();
            if digits.all(|digit| Some(digit) == first) || id.node == "12345678-1234-1234-1234-123456789012" {
                to.push(
                    PLACEHOLDER_ID
                        .at(id.span, format!("`{}` is not a random UUID", id.node))
                        .help("generate one, version 4"),
                );
            }
        }
    }
    let is_silent = is_part || matches!(document.body, Body::Filter(_));
    if metadata.description.is_none() && !is_part {
        to.push(
            NO_DESCRIPTION
                .at(head(document), "rule has no `description`")
                .help("say what it detects, and why that matters"),
        );
    }
    if metadata.false_positives.is_empty() && !is_silent {
        to.push(
            NO_FALSE_POSITIVES
                .at(head(document), "rule has no `falsepositives`")
                .help("name the harmless causes that you know of, or write `- Unknown`"),
        );
    }
    let attributes = [
        ("status", metadata.status.is_none() && !is_silent),
        ("author", metadata.author.is_none() && !is_silent),
        // Without a date, a date of change says more.
        ("date", metadata.date.is_none() && metadata.modified.is_none() && !is_silent),
        ("level", metadata.level.is_none() && !is_silent),
    ];
    if attributes.iter().any(|(_, missing)| *missing) {
        let missing: Vec<String> =
            attributes.iter().filter(|(_, missing)| *missing).map(|(name, _)| format!("`{name}`")).collect();
        to.push(MISSING_ATTRIBUTES.at(head(document), format!("rule has no {}", missing.join(", no "))));
    }
    if let Some(modified) = &metadata.modified {
        match &metadata.date {
            None => to.push(
                MODIFIED_WITHOUT_DATE
                    .at(modified.span, "rule has `modified`, but no `date`")
                    .help("add the day on which it was written"),
            ),
            Some(date) if modified.node < date.node => to.push(
                MODIFIED_BEFORE_DATE
                    .at(modified.span, "`modified` is before `date`")
                    .also(date.span, "written on this day")
                    .help("correct one of them"),
            ),
            Some(date) if modified.node == date.node => {
                let finding = REDUNDANT_MODIFIED
                    .at(modified.span, "`modified` is the day of `date`")
                    .also(date.span, "written on this day")
                    .help("remove `modified` until the rule changes");
                to.push(match scalar::delete_key(text, "modified", modified.span) {
                    Some(edit) => finding.fix(vec![edit]),
                    None => finding,
                });
            }
            Some(_) => {}
        }
    }
}

/// The name of the file, which is a finding of its first document.
pub(crate) fn check_name(file: &File<'_>, to: &mut Vec<Diagnostic>) {
    let name = file.name.rsplit('/').next().unwrap_or(file.name);
    let Some(first) = file.documents.first().filter(|_| !name.starts_with('<')) else { return };
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.');
    let message = if !name.bytes().all(is_plain) {
        format!("file name `{name}` has other characters than lower-case letters, digits, `_`, `-` and `.`")
    } else if name.len() > 90 {
        format!("file name has {} characters", name.len())
    } else {
        return;
    };
    to.push(FILE_NAME.at(head(first), message).help("rename the file"));
}
