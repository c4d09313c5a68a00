//! What becomes of a text: the passes in order, as the command runs them over one file.

use crate::{Question, known_targets};
use rulecast_compile::{Outcome, Query, Role, Unit, compile, point_at_fields, read, refusal};
use rulecast_diagnostics::{Diagnostic, Severity, SourceMap, render};
use rulecast_ir::{Refusal, Rule, Sigma};
use rulecast_lint::Suppressions;
use serde::Serialize;

/// The name of a text that has none.
const UNNAMED: &str = "rule.yml";

/// The most problems that are shown, each with lines of the text.
const MOST: usize = 100;

/// All that a page shows.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The version of the compiler.
    pub version: &'static str,
    /// Every target that can be asked for.
    pub known_targets: Vec<String>,
    /// In the order asked for.
    pub targets: Vec<OnTarget>,
    /// In the order of the text.
    pub diagnostics: Vec<Problem>,
    /// How many further problems there are.
    pub further: usize,
    /// What is wrong with the targets that were asked for.
    pub unknown_targets: Vec<String>,
}

/// What became of the rules on one target.
#[derive(Clone, Debug, Serialize)]
pub struct OnTarget {
    /// `eql.ecs`.
    pub target: String,
    /// `EQL`.
    pub language: &'static str,
    /// In the order of the text.
    pub rules: Vec<OnRule>,
}

/// What became of one rule on one target.
#[derive(Clone, Debug, Serialize)]
pub struct OnRule {
    /// Its title.
    pub title: String,
    /// The line that it starts at, from 1.
    pub line: usize,
    /// `exact`, `over`, `under`, `both`, `refused` or `declared`.
    pub status: &'static str,
    /// Empty if the target cannot say the rule.
    pub queries: Vec<QueryText>,
    /// Why it cannot.
    pub refusals: Vec<RefusalText>,
    /// Why the rule says that it shall not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
}

/// A query.
#[derive(Clone, Debug, Serialize)]
pub struct QueryText {
    /// `rule`, or `class` and its name.
    pub role: String,
    /// The query.
    pub text: String,
    /// `exact`, `over`, `under` or `both`.
    pub fidelity: &'static str,
    /// What must be true of the events for that to hold.
    pub assumptions: Vec<String>,
    /// Tests of the rule that it lacks, and why.
    pub left_out: Vec<RefusalText>,
}

/// Why a target cannot say something.
#[derive(Clone, Debug, Serialize)]
pub struct RefusalText {
    /// Which of the closed list of reasons: `unmapped-field`.
    pub reason: &'static str,
    /// One sentence.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What to do.
    pub help: Option<String>,
}

/// A problem, as data and as people read it.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The problem.
    #[serde(flatten)]
    pub record: render::Record,
    /// The same with the lines it is about and carets under them.
    pub text: String,
}

/// Runs the passes over a text.
pub fn answer(question: &Question) -> Answer {
    let (targets, unknown_targets) = question.targets();
    let mut sources = SourceMap::new();
    let file = sources.add(question.name.as_deref().unwrap_or(UNNAMED), question.text.as_str());
    let parsed = read(file, &question.text);
    let mut diagnostics = parsed.diagnostics;
    let unit = Unit::new(parsed.documents);
    let resolved = unit.resolve();
    diagnostics.extend(resolved.diagnostics);
    let rules = resolved.rules;

    let named = rulecast_lint::File {
        name: question.name.as_deref().unwrap_or(UNNAMED),
        text: &question.text,
        documents: &unit.documents,
        rules: &rules,
    };
    let linted = rulecast_lint::check(&named);
    diagnostics.extend(linted.findings);
    linted.facts.suppress(&Suppressions::default(), &mut diagnostics);
    // Nothing was said of a name.
    diagnostics.retain(|one| one.is_error() || one.name != "file-name" || question.name.is_some());

    let mut on_targets = Vec::with_capacity(targets.len());
    for target in targets {
        let mut on_rules = Vec::with_capacity(rules.len());
        for rule in &rules {
            let mut outcome = compile(rule, target, question.allow());
            if let Some(refusals) = outcome.refusals_mut() {
                point_at_fields(refusals, &unit.documents);
                diagnostics.extend(refusals.iter().map(|one| refusal(one, target, Severity::Error)));
            }
            on_rules.push(on_rule(rule, outcome, &sources));
        }
        on_targets.push(OnTarget { target: target.to_string(), language: target.language.title(), rules: on_rules });
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.at.span);
    Answer {
        version: env!("CARGO_PKG_VERSION"),
        known_targets: known_targets(),
        targets: on_targets,
        further: diagnostics.len().saturating_sub(MOST),
        diagnostics: problems(&diagnostics[..diagnostics.len().min(MOST)], &sources),
        unknown_targets,
    }
}

fn problems(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<Problem> {
    let records = render::json(diagnostics, sources);
    let text = |diagnostic: &Diagnostic| render::text(std::slice::from_ref(diagnostic), sources, false);
    records
        .into_iter()
        .zip(diagnostics)
        .map(|(record, diagnostic)| Problem { record, text: text(diagnostic).trim_end().to_owned() })
        .collect()
}

fn on_rule(rule: &Rule<Sigma>, outcome: Outcome, sources: &SourceMap) -> OnRule {
    let (title, line) = (rule.metadata.title().to_owned(), sources.position(rule.span).line);
    let status = outcome.status();
    let (mut queries, mut refusals, mut declared) = (Vec::new(), Vec::new(), None);
    match outcome {
        Outcome::Queries(texts) => queries.extend(texts.into_iter().map(|query| query_text(query, sources))),
        Outcome::Refused(reasons) => refusals.extend(reasons.iter().map(|one| refusal_text(one, sources))),
        Outcome::Declared { reason } => declared = Some(reason),
    }
    OnRule { title, line, status, queries, refusals, declared }
}

fn query_text(query: Query, sources: &SourceMap) -> QueryText {
    QueryText {
        role: match &query.role {
            Role::Rule => "rule".to_owned(),
            Role::Branch { name, .. } => format!("class {name}"),
        },
        fidelity: query.fidelity.word(),
        assumptions: query.fidelity.assumptions.iter().map(ToString::to_string).collect(),
        left_out: query.fidelity.left_out.iter().map(|one| refusal_text(one, sources)).collect(),
        text: query.text,
    }
}

fn refusal_text(refusal: &Refusal, sources: &SourceMap) -> RefusalText {
    let at = sources.position(refusal.span);
    RefusalText {
        reason: refusal.reason.name(),
        message: refusal.message.clone(),
        line: at.line,
        column: at.column,
        help: refusal.help.clone(),
    }
}
