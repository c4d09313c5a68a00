//! What a bundle is made of.

use crate::classes::covered;
use crate::select::is_retired;
use crate::{DataSource, NotSelected, Selection, TestResult, data_sources};
use rulecast_attack::{Named, Tactic, Technique, named};
use rulecast_compile::{Language, Outcome, Query, SourceRead, Target, columns, reads};
use rulecast_diagnostics::Span;
use rulecast_ir::{Body, Metadata, Rule, Sigma};
use rulecast_lock::Form;
use rulecast_rule::ast::CorrelationKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rules with their queries, and what they are published as.
#[derive(Clone, Debug)]
pub struct Content {
    /// What the bundle calls itself.
    pub identity: Identity,
    /// The targets, in the order in which they were asked for.
    pub targets: Vec<String>,
    /// In the order of their files.
    pub rules: Vec<BundledRule>,
    /// Rules that were read and not chosen, and why.
    pub not_selected: Vec<NotSelected>,
    /// Their texts, and those of files that they refer to, by path.
    pub sources: Vec<SourceFile>,
}

/// What a bundle calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Letters, digits, `-` and `_`: part of file names.
    pub name: String,
    /// Of the bundle, `1.4.0`.
    pub version: String,
    /// Who publishes it.
    pub author: String,
    /// Of the rules, where they say none themselves: an SPDX identifier.
    pub license: Option<String>,
    /// The commit that it was made of, where someone says so.
    pub commit: Option<String>,
    /// Of Rulecast.
    pub tool_version: String,
}

/// The text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Below the directory of the rules, with `/`.
    pub path: String,
    /// As it was read.
    pub text: Arc<str>,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct BundledRule {
    /// Names its files and its page: no other rule of the bundle has it.
    pub slug: String,
    /// The file, as in [`Content::sources`].
    pub path: String,
    /// The line of the document in it, from 1.
    pub line: usize,
    /// The document.
    pub span: Span,
    /// What it says of itself.
    pub metadata: Arc<Metadata>,
    /// What it means and how it is rated.
    pub form: Form,
    /// What makes it fire.
    pub kind: Kind,
    /// Whether each match is known to have a class.
    pub classed: bool,
    /// What it reads, in Sigma's words.
    pub data: Vec<DataSource>,
    /// By target, in the order of [`Content::targets`].
    pub on: Vec<OnTarget>,
    /// Of its own tests, in their order; empty where they were not run.
    pub tests: Vec<TestResult>,
}

/// What makes a rule fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One event.
    Event,
    /// Events in order.
    Sequence {
        /// Seconds.
        timespan: u64,
    },
    /// A number of events, or of values in them.
    Correlation {
        /// Which number.
        kind: CorrelationKind,
        /// Seconds.
        timespan: u64,
    },
}

impl Content {
    /// Takes of some rules those that are selected, and names each.
    ///
    /// `sources` are the texts of all files; those that no rule of the bundle needs are left away: `needs` tells which
    /// files a rule refers to, beside its own.
    pub fn new(
        identity: Identity,
        targets: Vec<String>,
        rules: impl IntoIterator<Item = (BundledRule, Vec<String>)>,
        sources: Vec<SourceFile>,
        selection: &Selection,
    ) -> Self {
        let (mut taken, mut not_selected, mut needed) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (rule, needs) in rules {
            match selection.rejects(&rule.metadata) {
                None => {
                    needed.insert(rule.path.clone());
                    needed.extend(needs);
                    taken.push(rule);
                }
                Some(reason) => not_selected.push(NotSelected {
                    id: rule.id().to_owned(),
                    title: rule.metadata.title().to_owned(),
                    path: format!("rules/{}", rule.path),
                    reason,
                    retired: is_retired(&rule.metadata),
                }),
            }
        }
        name(&mut taken);
        let sources = sources.into_iter().filter(|source| needed.contains(&source.path)).collect();
        Self { identity, targets, rules: taken, not_selected, sources }
    }
}

/// Directories of the site that are no rule's.
pub(crate) const RESERVED: [&str; 3] = ["attack", "playground", "targets"];

/// Gives each rule a slug: the name of its file, if no other rule has it, else with its directories, and with the name of
/// the rule where the file has several.
fn name(rules: &mut [BundledRule]) {
    let stem = |path: &str| path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_owned();
    let mut in_file: BTreeMap<String, usize> = BTreeMap::new();
    for rule in rules.iter() {
        *in_file.entry(rule.path.clone()).or_default() += 1;
    }
    let own = |rule: &BundledRule, path: &str| {
        let stem = stem(path);
        if in_file[&rule.path] == 1 {
            return slug(&stem);
        }
        let names = [rule.metadata.name(), rule.metadata.id(), Some(rule.metadata.title())];
        let name = names.into_iter().flatten().map(slug).find(|slug| !slug.is_empty());
        slug(&format!("{stem} {}", name.unwrap_or_else(|| "rule".to_owned())))
    };
    let file = |path: &str| path.rsplit_once('/').map_or(path, |(_, file)| file).to_owned();
    let short: Vec<String> = rules.iter().map(|rule| own(rule, &file(&rule.path))).collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for slug in &short {
        *uses.entry(slug).or_default() += 1;
    }
    let mut taken: BTreeSet<String> = RESERVED.map(str::to_owned).into();
    for (rule, short) in rules.iter_mut().zip(&short) {
        let wanted = if uses[short.as_str()] == 1 { short.clone() } else { own(rule, &rule.path) };
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|slug| taken.insert(slug.clone()));
        rule.slug = free.expect("there are numbers enough");
    }
}

/// Lower-case letters, digits, `_` and single hyphens; at least one.
pub(crate) fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "rule".to_owned() } else { words.join("-") }
}

impl Kind {
    /// What makes `rule` fire.
    pub fn of(rule: &Rule<Sigma>) -> Self {
        match &rule.body {
            Body::Event(_) => Kind::Event,
            Body::Sequence(sequence) => Kind::Sequence { timespan: sequence.timespan },
            Body::Correlation(correlation) => {
                Kind::Correlation { kind: correlation.measure.kind, timespan: correlation.timespan }
            }
        }
    }

    /// Seconds between the first and the last event; nothing for one event.
    pub fn timespan(self) -> Option<u64> {
        match self {
            Kind::Event => None,
            Kind::Sequence { timespan } | Kind::Correlation { timespan, .. } => Some(timespan),
        }
    }
}

/// What became of a rule on one target.
#[derive(Clone, Debug)]
pub struct OnTarget {
    /// Its name: `kql.xdr`.
    pub target: String,
    /// Its language.
    pub language: Language,
    /// The name of its data model.
    pub model: String,
    /// What the rule reads there; nothing where it is refused.
    pub reads: Vec<SourceRead>,
    /// The columns that it asks there, each with the word for its type; nothing where it is refused, or where a test was
    /// let go.
    pub columns: BTreeMap<String, &'static str>,
    /// Its queries, or why it has none.
    pub outcome: Outcome,
}

impl OnTarget {
    /// What became of `rule` on `target`.
    pub fn new(rule: &Rule<Sigma>, target: Target<'_>, outcome: Outcome) -> Self {
        let (reads, columns) = match &outcome {
            Outcome::Queries(_) => (reads(rule, target).unwrap_or_default(), columns(rule, target).unwrap_or_default()),
            Outcome::Refused(_) | Outcome::Declared { .. } => Default::default(),
        };
        Self {
            target: target.to_string(),
            language: target.language,
            model: target.model.name().to_owned(),
            reads,
            columns,
            outcome,
        }
    }

    /// Its queries; none where it is refused.
    pub fn queries(&self) -> &[Query] {
        match &self.outcome {
            Outcome::Queries(queries) => queries,
            Outcome::Refused(_) | Outcome::Declared { .. } => &[],
        }
    }
}

impl BundledRule {
    /// A rule of a file, before it is known which other rules there are.
    pub fn new(rule: &Rule<Sigma>, (path, line): (String, usize), form: Form, on: Vec<OnTarget>) -> Self {
        let (metadata, data) = (Arc::clone(&rule.metadata), data_sources(rule));
        let (slug, kind, tests) = (String::new(), Kind::of(rule), Vec::new());
        let classed = if let Body::Event(event) = &rule.body { covered(event) } else { false };
        Self { slug, path, line, span: rule.span, metadata, form, kind, classed, data, on, tests }
    }

    /// Its id as the rule writes it; empty where it has none.
    pub fn id(&self) -> &str {
        self.metadata.id().unwrap_or_default()
    }

    /// Its version; 1 unless said.
    pub fn version(&self) -> u32 {
        self.metadata.0.version.as_ref().map_or(1, |version| version.node)
    }

    /// What its tags name of ATT&CK, in their order, each once.
    pub fn attack(&self) -> Vec<Named> {
        let mut all: Vec<Named> = Vec::new();
        for one in self.metadata.0.tags.iter().filter_map(|tag| named(&tag.node)) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    /// The tactics that its tags name.
    pub fn tactics(&self) -> Vec<&'static Tactic> {
        let tactic = |one| if let Named::Tactic(tactic) = one { Some(tactic) } else { None };
        self.attack().into_iter().filter_map(tactic).collect()
    }

    /// The techniques and sub-techniques that its tags name, as far as ATT&CK has them.
    pub fn techniques(&self) -> Vec<&'static Technique> {
        let technique = |one| if let Named::Technique { known, .. } = one { known } else { None };
        self.attack().into_iter().filter_map(technique).collect()
    }

    /// The products that its log sources name: `linux`, `macos`, `windows`, `aws`; in order.
    pub fn products(&self) -> BTreeSet<&str> {
        self.data.iter().filter_map(|data| data.product.as_deref()).collect()
    }

    /// What became of it on a target.
    pub fn on(&self, target: &str) -> Option<&OnTarget> {
        self.on.iter().find(|on| on.target == target)
    }
}
