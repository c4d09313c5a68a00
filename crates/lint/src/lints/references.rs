//! Links.

use crate::lint::{Fixes, Lint};
use crate::scalar::{Written, delete_entry};
use rulecast_diagnostics::{Diagnostic, Severity};
use rulecast_rule::ast::Document;

pub(crate) static LINTS: &[&Lint] =
    &[&DUPLICATE_REFERENCE, &BRANCH_LINK, &ATTACK_LINK, &LINK_IN_DESCRIPTION, &RELATED_TO_ITSELF];

static DUPLICATE_REFERENCE: Lint = Lint {
    name: "duplicate-reference",
    severity: Severity::Note,
    summary: "a reference that stands there twice",
    reason: "Nobody wants to read it twice.",
    bad: "references:\n    - https://example.com/whoami\n    - https://example.com/whoami",
    good: "references:\n    - https://example.com/whoami",
    fix: Fixes::Safe,
};

static BRANCH_LINK: Lint = Lint {
    name: "branch-link",
    severity: Severity::Note,
    summary: "a link to a file on a branch of a GitHub repository",
    reason: "The file changes or goes away, and with it what the rule refers to. A link with the commit stays.",
    bad: "references:\n    - https://github.com/example/tools/blob/master/whoami.c",
    good: "references:\n    - https://github.com/example/tools/blob/0123456789abcdef0123456789abcdef01234567/whoami.c",
    fix: Fixes::None,
};

static ATTACK_LINK: Lint = Lint {
    name: "attack-link",
    severity: Severity::Note,
    summary: "a link to a technique of ATT&CK that no tag names",
    reason: "Coverage is counted by tags.",
    bad: "references:\n    - https://attack.mitre.org/techniques/T1082/",
    good: "references:\n    - https://attack.mitre.org/techniques/T1033/\ntags:\n    - attack.discovery\n    - attack.t1033",
    fix: Fixes::None,
};

static LINK_IN_DESCRIPTION: Lint = Lint {
    name: "link-in-description",
    severity: Severity::Note,
    summary: "a link in the description that is not among the references",
    reason: "Pages and tools show `references` as links, and the description as text.",
    bad: "description: As described in https://example.com/whoami by its author.\n# no references",
    good: "description: As described by its author.\nreferences:\n    - https://example.com/whoami",
    fix: Fixes::None,
};

static RELATED_TO_ITSELF: Lint = Lint {
    name: "related-to-itself",
    severity: Severity::Warning,
    summary: "a rule whose `related` names its own id",
    reason: "The id of the other rule was meant, or this rule still has the id of the one that it was copied from.",
    bad: "id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11\nrelated:\n    - id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11\n      type: derived",
    good: "id: 5f1d7e9a-3d0c-4c1b-9a51-0d8a6f2f4d11\nrelated:\n    - id: 0d8a6f2f-4d11-4c1b-9a51-5f1d7e9a3d0c\n      type: derived",
    fix: Fixes::None,
};

pub(crate) fn check(document: &Document, text: &str, to: &mut Vec<Diagnostic>) {
    let metadata = &document.metadata;
    for (at, reference) in metadata.references.iter().enumerate() {
        if let Some(first) = metadata.references[..at].iter().find(|first| first.node == reference.node) {
            let finding = DUPLICATE_REFERENCE
                .at(reference.span, "reference stands here twice")
                .also(first.span, "first here")
                .help("remove it");
            to.push(match delete_entry(text, reference.span) {
                Some(edit) => finding.fix(vec![edit]),
                None => finding,
            });
        }
        if is_branch(reference) {
            to.push(
                BRANCH_LINK
                    .at(reference.span, "link to a branch: the file may change or go away")
                    .help("link to a commit: press `y` on GitHub's page of the file"),
            );
        }
        if let Some(technique) = linked_technique(reference)
            && !metadata.tags.iter().any(|tag| {
                let name = tag.strip_prefix("attack.t").unwrap_or_default();
                name == technique || name.strip_prefix(&technique).is_some_and(|rest| rest.starts_with('.'))
            })
        {
            to.push(
                ATTACK_LINK
                    .at(reference.span, format!("link to T{technique}, which no tag names"))
                    .help(format!("add the tag `attack.t{technique}`")),
            );
        }
    }
    if let Some(description) = &metadata.description {
        // To the end of the word, but for the marks of the sentence that it stands in.
        let links =
            description.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '[' | ']'));
        let links = links.filter(|word| word.starts_with("https://") || word.starts_with("http://"));
        for link in links.map(|link| link.trim_end_matches(['.', ',', ';', ':'])) {
            if !metadata.references.iter().any(|reference| reference.starts_with(link)) {
                to.push(
                    LINK_IN_DESCRIPTION
                        .at(
                            Written::at(text, description.span).find(link),
                            format!("`{link}` is not among the references"),
                        )
                        .help("move it to `references`"),
                );
            }
        }
    }
    if let Some(id) = &metadata.id {
        for related in metadata.related.iter().filter(|related| related.id.eq_ignore_ascii_case(id)) {
            to.push(
                RELATED_TO_ITSELF
                    .at(related.id.span, "the rule is related to itself")
                    .also(id.span, "its own id")
                    .help("name the other rule's id, or give this rule one of its own"),
            );
        }
    }
}

fn is_branch(link: &str) -> bool {
    let Some(path) = link.strip_prefix("https://github.com/") else { return false };
    let mut parts = path.split('/').skip(2);
    matches!((parts.next(), parts.next()), (Some("blob" | "tree"), Some("master" | "main" | "develop" | "HEAD")))
}

/// `1546.016` of `https://attack.mitre.org/techniques/T1546/016/`.
fn linked_technique(link: &str) -> Option<String> {
    let path = link.strip_prefix("https://attack.mitre.org/techniques/T")?;
    let mut parts = path.trim_end_matches('/').split('/');
    let (number, sub) = (parts.next()?, parts.next());
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match sub {
        None if digits(number, 4) => Some(number.to_owned()),
        Some(sub) if digits(number, 4) && digits(sub, 3) => Some(format!("{number}.{sub}")),
        _ => None,
    }
}
