//! What a platform takes of a bundle, and why it does not take the rest.

use crate::elastic::{detection_rules, kibana};
use crate::{BundledRule, Content, OnTarget, defender, navigator, queries, sentinel, splunk};
use rulecast_compile::Outcome;
use rulecast_diagnostics::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

/// Files for one platform, of all rules of a bundle that it can import.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// In the manifest: `queries`, `kibana`, `splunk`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// Makes it.
    pub pack: fn(&Content) -> Packing,
}

/// Every package of a bundle, in the order of the manifest.
pub const PACKAGES: &[Package] = &[
    Package { name: "queries", summary: "a file for the query of each rule on each target", pack: queries::pack },
    Package { name: "kibana", summary: "rules as Kibana imports them", pack: kibana::pack },
    Package {
        name: "detection-rules",
        summary: "rules in the form of Elastic's detection-rules repository",
        pack: detection_rules::pack,
    },
    Package { name: "splunk", summary: "a Splunk app of saved searches for Enterprise Security", pack: splunk::pack },
    Package { name: "sentinel", summary: "analytic rules of Microsoft Sentinel", pack: sentinel::pack },
    Package { name: "defender", summary: "custom detections of Microsoft Defender XDR", pack: defender::pack },
    Package { name: "attack", summary: "a layer of the ATT&CK Navigator", pack: navigator::pack },
];

/// What is in a package, and what is not.
#[derive(Clone, Debug, Default)]
pub struct Packing {
    /// Files by their paths in the bundle.
    pub files: Vec<(String, Vec<u8>)>,
    /// What each rule has in it.
    pub entries: Vec<Entry>,
    /// What it lacks.
    pub left_out: Vec<LeftOut>,
}

/// What a rule has in a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In [`Content::rules`].
    pub rule: usize,
    /// The target whose query it is; empty for what is made of no query.
    pub target: String,
    /// `query`, `rule`, `saved-search`: what the platform calls it.
    pub kind: &'static str,
    /// The file, in the bundle.
    pub path: String,
    /// What the platform calls it, where the file holds several.
    pub name: Option<String>,
}

/// A rule that a package lacks, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// In [`Content::rules`].
    pub rule: usize,
    /// The target whose query it would be; nothing where none of the targets serves the package.
    pub target: Option<String>,
    /// What kind of reason.
    pub reason: Reason,
    /// The reason in a sentence, which names the field, the construct or the limit.
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
    /// The place in the rule.
    pub span: Span,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The target cannot say the rule.
    Refused,
    /// The rule says that it is not for the target.
    Declared,
    /// None of the targets of the bundle serves the package.
    NoTarget,
    /// The platform would not take it: too long, too often, without a column that it wants.
    Platform,
    /// It names no technique of ATT&CK.
    NoTechnique,
}

impl Reason {
    /// Every kind, in the order of the manifest.
    pub const ALL: [Reason; 5] =
        [Reason::Refused, Reason::Declared, Reason::NoTarget, Reason::Platform, Reason::NoTechnique];

    /// In the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Refused => "refused",
            Reason::Declared => "declared",
            Reason::NoTarget => "no-target",
            Reason::Platform => "platform",
            Reason::NoTechnique => "no-technique",
        }
    }
}

impl LeftOut {
    /// What the platform would refuse, at the document of the rule.
    pub fn platform(rule: (usize, &BundledRule), target: &str, message: impl Into<String>) -> Self {
        let (rule, bundled) = rule;
        let (reason, message) = (Reason::Platform, message.into());
        Self { rule, target: Some(target.to_owned()), reason, message, help: None, span: bundled.span }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// At a place in the rule.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// Why a rule has no query on a target: one reason for each that the target gives; none, if it has one.
    pub fn of(rule: usize, bundled: &BundledRule, on: &OnTarget) -> Vec<Self> {
        let left_out = |reason, message: &str, help: Option<&String>, span| Self {
            rule,
            target: Some(on.target.clone()),
            reason,
            message: message.to_owned(),
            help: help.cloned(),
            span,
        };
        match &on.outcome {
            Outcome::Queries(_) => Vec::new(),
            Outcome::Declared { reason } => vec![left_out(Reason::Declared, reason, None, bundled.span)],
            Outcome::Refused(refusals) => refusals
                .iter()
                .map(|one| left_out(Reason::Refused, &one.message, one.help.as_ref(), one.span))
                .collect(),
        }
    }

    /// As a finding on the rule; only what a platform would refuse is one, since `check` tells the rest.
    pub fn finding(&self, package: &str) -> Option<Diagnostic> {
        if self.reason != Reason::Platform {
            return None;
        }
        let message = format!("{package} would refuse the rule: {}", self.message);
        let finding = Diagnostic::warning("platform-limit", self.span, message);
        Some(match &self.help {
            Some(help) => finding.help(help.clone()),
            None => finding,
        })
    }
}

/// Parts the rules of a bundle for a package: those with a query on the first of its targets that can say them, and for
/// all others every reason.
///
/// `serves` tells which targets do, best first by the order in which the bundle names its targets.
pub(crate) fn choose(
    content: &Content,
    serves: impl Fn(&OnTarget) -> bool,
) -> (Vec<(usize, &BundledRule, &OnTarget)>, Vec<LeftOut>) {
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    for (at, rule) in content.rules.iter().enumerate() {
        let mut served = rule.on.iter().filter(|on| serves(on)).peekable();
        if served.peek().is_none() {
            left_out.push(LeftOut {
                rule: at,
                target: None,
                reason: Reason::NoTarget,
                message: "none of the targets of the bundle is one of this platform".to_owned(),
                help: None,
                span: rule.span,
            });
            continue;
        }
        let mut reasons = Vec::new();
        let first = served.find(|on| {
            reasons.extend(LeftOut::of(at, rule, on));
            !on.queries().is_empty()
        });
        match first {
            Some(on) => chosen.push((at, rule, on)),
            None => left_out.append(&mut reasons),
        }
    }
    (chosen, left_out)
}

#[cfg(test)]
mod tests {
    use crate::PACKAGES;
    use crate::testing::{RULE, content};
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The rules of the library, and some that platforms refuse.
    fn files() -> Vec<(String, String)> {
        let mut files = vec![
            ("good.yml".to_owned(), RULE.to_owned()),
            ("no-id.yml".to_owned(), RULE.replace("id: 5b6a3c0e-3a0f-4b53-9d3e-5d9d7cf0a001\n", "")),
            ("seconds.yml".to_owned(), RULE.replace("version: 2", "schedule: {every: 30s, lookback: 5m}")),
            ("keywords.yml".to_owned(), RULE.replace("    sel: {", "    sel: {NoSuchField: 1, ")),
        ];
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "yml") {
                    files.push((path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    #[test]
    fn every_rule_is_in_a_package_or_left_out_of_it() {
        let files = files();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        for targets in [&["eql.ecs", "spl.sysmon", "kql.xdr"][..], &["eql.winlogbeat", "spl.cim"], &["kql.xdr"]] {
            let content = content(&files, targets);
            assert!(content.rules.len() > 25);
            for package in PACKAGES {
                let packing = (package.pack)(&content);
                let within: BTreeSet<usize> = packing.entries.iter().map(|entry| entry.rule).collect();
                let without: BTreeSet<usize> = packing.left_out.iter().map(|left_out| left_out.rule).collect();
                let known: BTreeSet<usize> = (0..content.rules.len()).collect();
                assert_eq!(&within | &without, known, "{}", package.name);
                // A bare query of one target may be there where that of another is refused.
                assert!(package.name == "queries" || within.is_disjoint(&without), "{}", package.name);
                let files: BTreeSet<&str> = packing.files.iter().map(|(path, _)| path.as_str()).collect();
                assert!(packing.entries.iter().all(|entry| files.contains(entry.path.as_str())), "{}", package.name);
                let again = (package.pack)(&content);
                assert_eq!(packing.files, again.files, "{}", package.name);
            }
        }
    }
}
