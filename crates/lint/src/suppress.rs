//! Findings that someone has looked at and accepts.
//!
//! A rule accepts a finding under its key `lint`, a project for a rule by its id ([`Suppressions`]). Either names the
//! lint and gives a reason; what is no longer needed is a finding itself, so that none outlives its reason.

use crate::Facts;
use crate::lints::{across, suppressions as lints};
use crate::registry::find;
use rulecast_diagnostics::{Diagnostic, Span, Spanned};
use rulecast_rule::ast::{Document, Node, Value};

/// An accepted finding of one rule, as a project's configuration has it.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule's id.
    pub rule: Spanned<String>,
    /// The lint's name.
    pub lint: Spanned<String>,
    /// Why the finding is accepted.
    pub reason: Option<Spanned<String>>,
}

/// The accepted findings of a project.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    entries: Vec<Suppression>,
}

/// What became of a project's suppressions in one file: indices of those for its rules, and whether each was needed.
pub type Used = Vec<(usize, bool)>;

impl Suppressions {
    /// The usable ones of `entries`, and what is wrong with the others: an unknown lint, or no reason. The diagnostics
    /// are of the file that the entries' spans are of.
    pub fn new(entries: Vec<Suppression>) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let usable = |entry: &Suppression| {
            let before = problems.len();
            check(&entry.lint, entry.reason.as_ref(), &mut problems);
            problems.len() == before
        };
        (Self { entries: entries.into_iter().filter(usable).collect() }, problems)
    }

    /// Those that no file needed although their rules were checked. `used` is of all files.
    pub fn unneeded(&self, used: impl IntoIterator<Item = (usize, bool)>) -> Vec<Diagnostic> {
        let mut needed: Vec<Option<bool>> = vec![None; self.entries.len()];
        for (entry, was) in used {
            needed[entry] = Some(was || needed[entry] == Some(true));
        }
        let unneeded = self.entries.iter().zip(needed).filter(|(_, needed)| *needed == Some(false));
        unneeded.map(|(entry, _)| unneeded_at(&entry.lint)).collect()
    }
}

/// A finding that a rule itself accepts.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    lint: Spanned<String>,
}

impl Facts {
    /// Takes from the findings of the file those that its rules or the project accept, and adds what its rules accept
    /// without need.
    pub fn suppress(&self, project: &Suppressions, findings: &mut Vec<Diagnostic>) -> Used {
        let mut used = Vec::new();
        for document in &self.documents {
            for allowed in &document.allowed {
                if !take(&allowed.lint.node, document.span, findings) && !is_about_others(&allowed.lint.node) {
                    findings.push(unneeded_at(&allowed.lint));
                }
            }
            let Some(id) = &document.id else { continue };
            for (index, entry) in project.entries.iter().enumerate() {
                if entry.rule.node.eq_ignore_ascii_case(&id.node) {
                    let needed = take(&entry.lint.node, document.span, findings);
                    used.push((index, needed || is_about_others(&entry.lint.node)));
                }
            }
        }
        used
    }
}

/// Whether the lint compares files: then only a run over all of them can tell that it finds nothing.
fn is_about_others(lint: &str) -> bool {
    across::LINTS.iter().any(|one| one.name == lint)
}

/// Takes out the findings of one lint within a document; an error is never one.
fn take(lint: &str, within: Span, findings: &mut Vec<Diagnostic>) -> bool {
    let before = findings.len();
    let inside = |at: Span| at.file == within.file && (within.start..=within.end).contains(&at.start);
    findings.retain(|finding| finding.name != lint || finding.is_error() || !inside(finding.at.span));
    findings.len() < before
}

fn unneeded_at(lint: &Spanned<String>) -> Diagnostic {
    lints::UNNEEDED_SUPPRESSION
        .at(lint.span, format!("the rule no longer has the finding `{}`", lint.node))
        .help("remove the suppression")
}

/// Adds what is wrong with a suppression.
fn check(lint: &Spanned<String>, reason: Option<&Spanned<String>>, to: &mut Vec<Diagnostic>) {
    if find(&lint.node).is_none() {
        let finding = lints::UNKNOWN_LINT.at(lint.span, format!("no lint is called `{}`", lint.node));
        let nearest = crate::registry::nearest(&lint.node);
        to.push(match nearest {
            _ if lint.node == "cannot-express" => {
                finding.help("a rule that a target cannot express says so: `targets: {eql: {refuse: why}}`")
            }
            Some(name) => finding.help(format!("did you mean `{name}`?")),
            None => finding.help("`rulecast list lints` shows all names"),
        });
    }
    if reason.is_none_or(|reason| reason.node.trim().is_empty()) {
        let message = format!("`{}` is accepted without a reason", lint.node);
        to.push(
            lints::SUPPRESSION_WITHOUT_REASON
                .at(lint.span, message)
                .help("add `reason`: why this rule is right as it is"),
        );
    }
}

/// What a document accepts, and what is wrong with how it says so.
pub(crate) fn allowed(document: &Document, to: &mut Vec<Diagnostic>) -> Vec<Allowed> {
    let written = document.metadata.custom.iter().filter(|(key, _)| key.node == "lint");
    let mut allowed = Vec::new();
    for (key, value) in written {
        let Node::Map(entries) = &value.node else {
            to.push(malformed(key.span, "`lint` is not a mapping"));
            continue;
        };
        for (key, value) in entries {
            match &value.node {
                Node::List(items) if key.node == "allow" => {
                    allowed.extend(items.iter().filter_map(|item| entry(item, to)));
                }
                _ => to.push(malformed(key.span, "`lint` has one key, `allow`, which is a list")),
            }
        }
    }
    allowed
}

fn entry(item: &Spanned<Node>, to: &mut Vec<Diagnostic>) -> Option<Allowed> {
    let Node::Map(entries) = &item.node else {
        to.push(malformed(item.span, "an entry of `allow` is not a mapping"));
        return None;
    };
    let (mut name, mut reason) = (None, None);
    for (key, value) in entries {
        let text = match &value.node {
            Node::Scalar(Value::Text(text)) => Some(Spanned::new(text.clone(), value.span)),
            _ => None,
        };
        match (key.node.as_str(), text) {
            ("name", Some(text)) => name = Some(text),
            ("reason", text) => reason = text,
            _ => to.push(malformed(key.span, "an entry of `allow` has a `name` and a `reason`, both text")),
        }
    }
    let Some(lint) = name else {
        to.push(malformed(item.span, "an entry of `allow` has no `name`"));
        return None;
    };
    let before = to.len();
    check(&lint, reason.as_ref(), to);
    (to.len() == before).then_some(Allowed { lint })
}

fn malformed(span: Span, message: &str) -> Diagnostic {
    lints::BAD_SUPPRESSION
        .at(span, message)
        .help("write `lint: {allow: [{name: NAME-OF-THE-LINT, reason: why the rule is right}]}`")
}
