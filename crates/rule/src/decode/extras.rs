//! The attributes that are ours: schedule, risk, guides, output, targets.

use super::Decoder;
use crate::ast::{Confidence, Metadata, Node, Output, Schedule, Scope, SortKey, TargetOptions};
use crate::scalar::into_node;
use crate::scope::{self, SCOPE_LANGUAGES};
use crate::suggest::closest;
use crate::yaml::{Entry, Key, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

impl Decoder<'_> {
    /// Reads an attribute of ours; hands back one that is not.
    pub(super) fn extra(&mut self, metadata: &mut Metadata, key: Key, value: Yaml) -> Result<(), (Key, Yaml)> {
        match &*key.text {
            "classification" => metadata.classification = self.classification(value),
            "tests" => metadata.tests = self.rule_tests(value),
            "schedule" => metadata.schedule = self.schedule(value, key.span),
            "risk_score" => {
                let score = self.integer("`risk_score`", 0..=100, value);
                metadata.risk_score = score.map(|score| {
                    Spanned::new(u8::try_from(score.node).expect("`integer` checked the range"), score.span)
                });
            }
            "confidence" => {
                let all = Confidence::ALL;
                metadata.confidence = self.one_of("bad-confidence", "`confidence`", value, all, Confidence::name);
            }
            "version" => metadata.version = self.count("`version`", value),
            "setup" => metadata.setup = self.optional_text("`setup`", usize::MAX, value),
            "note" => metadata.note = self.optional_text("`note`", usize::MAX, value),
            "response" => metadata.response = self.optional_text("`response`", usize::MAX, value),
            "output" => metadata.output = self.output(value),
            "targets" => metadata.targets = self.targets(value),
            _ => return Err((key, value)),
        }
        Ok(())
    }

    /// A whole number from 1.
    fn count(&mut self, what: &str, value: Yaml) -> Option<Spanned<u32>> {
        let number = self.integer(what, 1..=i64::from(u32::MAX), value)?;
        Some(Spanned::new(u32::try_from(number.node).expect("`integer` checked the range"), number.span))
    }

    fn schedule(&mut self, value: Yaml, at: Span) -> Option<Schedule> {
        const WHAT: &str = "`schedule`";
        let (mut every, mut lookback) = ((false, None), (false, None));
        let mut max_alerts = None;
        for Entry { key, value } in self.map(WHAT, value)? {
            match &*key.text {
                "every" => every = (true, self.duration("`every`", value)),
                "lookback" => lookback = (true, self.duration("`lookback`", value)),
                "max_alerts" => max_alerts = self.count("`max_alerts`", value),
                _ => self.unknown_key(WHAT, &key, &["every", "lookback", "max_alerts"]),
            }
        }
        let every = self.required(WHAT, "every", at, every.0, every.1);
        let lookback = self.required(WHAT, "lookback", at, lookback.0, lookback.1);
        Some(Schedule { every: every?, lookback: lookback?, max_alerts })
    }

    fn output(&mut self, value: Yaml) -> Option<Output> {
        const WHAT: &str = "`output`";
        let mut output = Output { fields: Vec::new(), sort: Vec::new() };
        for Entry { key, value } in self.map(WHAT, value)? {
            match &*key.text {
                "fields" => output.fields = self.texts("`fields`", value),
                "sort" => {
                    let keys = self.one_or_more_texts("`sort`", value);
                    output.sort = keys.into_iter().map(sort_key).collect();
                }
                _ => self.unknown_key(WHAT, &key, &["fields", "sort"]),
            }
        }
        Some(output)
    }

    fn targets(&mut self, value: Yaml) -> Vec<TargetOptions> {
        let Some(entries) = self.map("`targets`", value) else { return Vec::new() };
        let mut targets = Vec::with_capacity(entries.len());
        for Entry { key, value } in entries {
            let what = format!("`{}` of `targets`", key.text);
            let Some(entries) = self.map(&what, value) else { continue };
            let target = Spanned::new(key.text, key.span);
            self.language_of(&target);
            let mut options = TargetOptions { target, refuse: None, scope: None };
            let mut others = Vec::new();
            for Entry { key, value } in entries {
                if key.text == "refuse" {
                    options.refuse = self.word("`refuse`", value);
                } else {
                    others.push((Spanned::new(key.text, key.span), into_node(value)));
                }
            }
            options.scope = self.scope(&options, &others);
            targets.push(options);
        }
        targets
    }
}

impl Decoder<'_> {
    /// That a target is of a language that there is. Its data model may be one of a run.
    fn language_of(&mut self, target: &Spanned<String>) {
        let language = target.split('.').next().unwrap_or_default();
        if !SCOPE_LANGUAGES.contains(&language) {
            let message = format!("there is no target `{}`", target.node);
            let problem = Diagnostic::error("unknown-target", target.span, message);
            self.problems.push(match closest(language, SCOPE_LANGUAGES) {
                Some(near) => problem.help(format!("did you mean `{}`?", target.replacen(language, near, 1))),
                None => problem.help("name one as `spl.sysmon`, or a language: `eql`, `spl` or `kql`"),
            });
        }
    }

    /// What a target reads. A language is several targets, which read different things.
    fn scope(&mut self, options: &TargetOptions, entries: &[(Spanned<String>, Spanned<Node>)]) -> Option<Scope> {
        let (first, _) = entries.first()?;
        let (language, model) = options.target.split_once('.').unwrap_or((&options.target, ""));
        if !SCOPE_LANGUAGES.contains(&language) {
            return None;
        }
        let mut problems = Vec::new();
        let scope = scope::scope(language, entries, &["refuse"], &mut problems);
        if model.is_empty() && problems.is_empty() {
            let message = format!("`{language}` is more than one target, and each reads something else");
            let help = format!("say of which target, as `{language}.MODEL`");
            problems.push(Diagnostic::error("invalid-scope", first.span, message).help(help));
        }
        if let Some(reason) = options.refuse.as_ref().filter(|_| problems.is_empty()) {
            let message = "the rule has no query on this target, so that nothing is read there";
            problems.push(Diagnostic::error("invalid-scope", first.span, message).also(reason.span, "as it says"));
        }
        let sound = problems.is_empty();
        problems.into_iter().for_each(|problem| self.problems.push(problem));
        sound.then_some(scope)
    }
}

/// `-_time` is `_time`, the last first.
fn sort_key(mut key: Spanned<String>) -> SortKey {
    let descending = key.starts_with('-');
    if descending {
        key.node.remove(0);
    }
    SortKey { field: key, descending }
}
