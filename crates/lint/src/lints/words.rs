//! Titles, descriptions, and what else is prose.

use crate::lint::{Fixes, Lint};
use crate::scalar::Written;
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Spanned};
use rulecast_rule::ast::Document;

pub(crate) static LINTS: &[&Lint] = &[
    &LONG_TITLE,
    &TITLE_START,
    &TITLE_END,
    &TITLE_CASE,
    &SHORT_DESCRIPTION,
    &UNFINISHED_TEXT,
    &FALSE_POSITIVE_WORD,
    &FALSE_POSITIVE_CASE,
    &FALSE_POSITIVE_TYPO,
];

static LONG_TITLE: Lint = Lint {
    name: "long-title",
    severity: Severity::Note,
    summary: "a title of more than 99 characters",
    reason: "Splunk takes no saved search with a longer name, and lists of alerts cut it off.",
    bad: "title: Whoami Run by a Service Account That Was Created Within the Last Day on a Server That No Person Has Ever \
          Logged On to Before",
    good: "title: Whoami Run by a New Service Account",
    fix: Fixes::None,
};

static TITLE_START: Lint = Lint {
    name: "title-start",
    severity: Severity::Note,
    summary: "a title that starts with `Detects` or `Detection of`",
    reason: "Every rule detects; the first words of a title are those that people see in a list.",
    bad: "title: Detects Whoami Run by a Service",
    good: "title: Whoami Run by a Service",
    fix: Fixes::None,
};

static TITLE_END: Lint = Lint {
    name: "title-end",
    severity: Severity::Note,
    summary: "a title that ends with a full stop",
    reason: "A title is a name, not a sentence.",
    bad: "title: Whoami Run by a Service.",
    good: "title: Whoami Run by a Service",
    fix: Fixes::Safe,
};

static TITLE_CASE: Lint = Lint {
    name: "title-case",
    severity: Severity::Note,
    summary: "a title with a longer word that starts with a small letter",
    reason: "Rules of the field are titled in title case; a list of alerts that mixes both is hard to scan.",
    bad: "title: Whoami started by a Service",
    good: "title: Whoami Started by a Service",
    fix: Fixes::None,
};

static SHORT_DESCRIPTION: Lint = Lint {
    name: "short-description",
    severity: Severity::Note,
    summary: "a description of fewer than 16 characters, or one that only repeats the title",
    reason: "It tells an analyst nothing that the title has not told.",
    bad: "description: Finds whoami",
    good: "description: A service asks which account it runs as, as people do after a break-in.",
    fix: Fixes::None,
};

static UNFINISHED_TEXT: Lint = Lint {
    name: "unfinished-text",
    severity: Severity::Warning,
    summary: "text that still holds a placeholder of a template: `TODO`, `FIXME`, `{{ref}}`, `docs-content://`",
    reason: "It is published with the rule. Pages that were moved from one system to another are full of them.",
    bad: "description: See {{ref}}/whoami.html for what a service should not do.",
    good: "description: See the manual of whoami for what a service should not do.",
    fix: Fixes::None,
};

static FALSE_POSITIVE_WORD: Lint = Lint {
    name: "false-positive-word",
    severity: Severity::Note,
    summary: "a false positive that is none: `none`, `pentest`, `red team`",
    reason: "No rule is without false positives, and a penetration test is what the rule is meant to find.",
    bad: "falsepositives:\n    - None",
    good: "falsepositives:\n    - Unlikely",
    fix: Fixes::None,
};

static FALSE_POSITIVE_CASE: Lint = Lint {
    name: "false-positive-case",
    severity: Severity::Note,
    summary: "a false positive that starts with a small letter",
    reason: "They are shown as a list of sentences.",
    bad: "falsepositives:\n    - administrators who check a service",
    good: "falsepositives:\n    - Administrators who check a service",
    fix: Fixes::Safe,
};

static FALSE_POSITIVE_TYPO: Lint = Lint {
    name: "false-positive-typo",
    severity: Severity::Note,
    summary: "a word that is often misspelt in false positives: `unkown`, `ligitimate`, `adminstrator`",
    reason: "People search for `Unknown` to find the rules that nobody has looked into.",
    bad: "falsepositives:\n    - Unkown",
    good: "falsepositives:\n    - Unknown",
    fix: Fixes::Safe,
};

const SMALL_WORDS: &[&str] = &[
    "from", "into", "onto", "over", "that", "than", "this", "upon", "when", "with", "without", "within", "under",
    "after", "before", "through", "between", "during", "against", "about", "across", "while", "where", "using",
];

const TYPOS: &[(&str, &str)] = &[
    ("unkown", "unknown"),
    ("unknow", "unknown"),
    ("ligitimate", "legitimate"),
    ("legitmate", "legitimate"),
    ("legitimeate", "legitimate"),
    ("legitemate", "legitimate"),
    ("legimate", "legitimate"),
    ("adminstrator", "administrator"),
    ("administator", "administrator"),
    ("unlikey", "unlikely"),
];

const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX:", "{{", "docs-content://", "Lorem ipsum", "<INSERT", "TBD:"];

pub(crate) fn check(document: &Document, text: &str, is_part: bool, to: &mut Vec<Diagnostic>) {
    let metadata = &document.metadata;
    // Nobody sees the title of a part.
    if let Some(title) = metadata.title.as_ref().filter(|_| !is_part) {
        check_title(title, text, to);
    }
    if let Some(description) = &metadata.description {
        let trimmed = description.trim();
        let repeats = metadata.title.as_ref().is_some_and(|title| title.eq_ignore_ascii_case(trimmed));
        if repeats || trimmed.len() < 16 && trimmed.chars().count() < 16 {
            let message =
                if repeats { "description repeats the title" } else { "description is too short to say much" };
            to.push(
                SHORT_DESCRIPTION.at(description.span, message).help("say what the rule detects, and why that matters"),
            );
        }
    }
    let prose = [&metadata.title, &metadata.description, &metadata.setup, &metadata.note, &metadata.response];
    let prose = prose.into_iter().flatten().chain(&metadata.false_positives).chain(&metadata.references);
    for words in prose.filter(|words| may_be_unfinished(words)) {
        if let Some(mark) = UNFINISHED.iter().find(|mark| words.contains(**mark)) {
            let at = Written::at(text, words.span).find(mark);
            to.push(UNFINISHED_TEXT.at(at, format!("`{mark}` was left in the text")).help("write what is meant"));
        }
    }
    metadata.false_positives.iter().for_each(|cause| check_cause(cause, text, to));
}

/// Whether one of [`UNFINISHED`] may be in the text: one look at it, instead of one for each.
fn may_be_unfinished(words: &str) -> bool {
    let starts = |two: &[u8]| matches!(two, b"TO" | b"FI" | b"XX" | b"{{" | b"do" | b"Lo" | b"<I" | b"TB");
    words.as_bytes().windows(2).any(starts)
}

fn check_title(title: &Spanned<String>, text: &str, to: &mut Vec<Diagnostic>) {
    let length = title.chars().count();
    if length > 99 {
        to.push(LONG_TITLE.at(title.span, format!("title has {length} characters")).help("use at most 99"));
    }
    let lower = title.to_lowercase();
    if ["detects ", "detect ", "detection of ", "detecting "].iter().any(|start| lower.starts_with(start)) {
        let first = title.split(' ').next().unwrap_or_default();
        to.push(TITLE_START.at(title.span, format!("title starts with `{first}`")).help("start with what is detected"));
    }
    let trimmed = title.trim_end();
    if trimmed.ends_with('.') && !trimmed.ends_with("..") {
        let finding = TITLE_END.at(title.span, "title ends with a full stop").help("remove it");
        let written = Written::at(text, title.span);
        to.push(if written.is_verbatim(title) {
            finding.fix(vec![Edit::delete(written.part(trimmed.len() - 1, trimmed.len()))])
        } else {
            finding
        });
    }
    let plain = |word: &&str| {
        word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && !SMALL_WORDS.contains(word)
    };
    // The first word may be the name of a program that is written small.
    if let Some(word) = title.split(' ').skip(1).find(plain) {
        let at = Written::at(text, title.span).find(word);
        to.push(TITLE_CASE.at(at, format!("`{word}` starts with a small letter")).help("write titles in title case"));
    }
}

fn check_cause(cause: &Spanned<String>, text: &str, to: &mut Vec<Diagnostic>) {
    let lower = cause.trim().to_lowercase();
    let written = Written::at(text, cause.span);
    if lower == "none"
        || lower == "none."
        || ["pentest", "penetration test", "red team"].iter().any(|one| lower.contains(one))
    {
        to.push(
            FALSE_POSITIVE_WORD
                .at(cause.span, format!("`{}` is no false positive", cause.node.trim()))
                .help("write `Unlikely` or `Unknown`, or name a harmless cause"),
        );
    }
    let first = cause.chars().next().unwrap_or(' ');
    let first_word = cause.split(' ').next().unwrap_or_default();
    // The name of a program may be written small.
    if first.is_ascii_lowercase() && first_word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let finding = FALSE_POSITIVE_CASE.at(cause.span, "false positive starts with a small letter").help(format!(
            "write `{}{}`",
            first.to_ascii_uppercase(),
            &first_word[1..]
        ));
        to.push(if written.is_verbatim(cause) {
            finding.fix(vec![Edit::replace(written.part(0, 1), first.to_ascii_uppercase().to_string())])
        } else {
            finding
        });
    }
    for (typo, right) in TYPOS {
        let Some(at) = lower.find(typo) else { continue };
        let ends = lower[at + typo.len()..].chars().next().is_none_or(|next| !next.is_alphabetic() || next == 's');
        if !ends || lower.len() != cause.node.len() {
            continue;
        }
        let old = &cause.node[at..at + typo.len()];
        let new = if old.starts_with(|c: char| c.is_uppercase()) {
            format!("{}{}", right[..1].to_uppercase(), &right[1..])
        } else {
            (*right).to_owned()
        };
        let place = written.find(old);
        let finding = FALSE_POSITIVE_TYPO.at(place, format!("`{old}` is misspelt")).help(format!("write `{new}`"));
        to.push(if written.is_verbatim(cause) { finding.fix(vec![Edit::replace(place, new)]) } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::{UNFINISHED, may_be_unfinished};

    #[test]
    fn no_mark_is_passed_over() {
        assert!(UNFINISHED.iter().all(|mark| may_be_unfinished(mark)));
        assert!(!may_be_unfinished("Detects a service"));
    }
}
