//! What targets read where a repository or a rule says so, in place of what their data model says or beside it.
//!
//! Promises: the same model, so changed, is read of rules and of events; what cannot be as it is said is told, all of it, and
//! nothing of it is passed over. What a rule says takes the place of what the repository says; tests of columns add up.
//! Lacks: any knowledge of whether what is read in place of a macro or table finds the events of the log source. As with the
//! macro itself, that is the word of the one who says so.

use super::{Model, SourceEntry};
use crate::Dialect;
use crate::convert::Place;
use rulecast_diagnostics::{Span, Spanned};
use rulecast_ir::{
    Atom, Body, Case, Column, ColumnType, Comparison, LogSource, Logic, Mapped, Name, Notes, Number, Pattern,
    Predicate, Reads, Refusal, RefusalReason, Rule, Sigma, Subject, TargetScope, Test,
};
use rulecast_rule::ast::{Scope, ScopeTest, ScopeValue};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What cannot be as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where it is said.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it, where something is known.
    pub help: Option<String>,
}

impl Misfit {
    fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The model as a rule reads it; refused, where what the rule says of the target cannot be.
pub fn scoped<'m>(rule: &Rule<Sigma>, model: &'m Model, language: Dialect) -> Result<Cow<'m, Model>, Vec<Refusal>> {
    let mut read: Vec<&LogSource> = Vec::new();
    log_sources(&rule.body, &mut read);
    let is_of = |said: &TargetScope| is_target(&said.target, model, language);
    if !read.iter().any(|source| source.scopes.iter().any(is_of)) {
        return Ok(Cow::Borrowed(model));
    }
    let mut misfits = Vec::new();
    // What each document says, of all that its rules read.
    let mut documents: Vec<(&Arc<Scope>, Vec<usize>)> = Vec::new();
    let mut said_of: BTreeMap<usize, (&LogSource, Vec<&TargetScope>)> = BTreeMap::new();
    for source in read {
        let said: Vec<&TargetScope> = source.scopes.iter().filter(|said| is_of(said)).collect();
        for entry in model.serving(source, language) {
            let at = model.sources.iter().position(|one| std::ptr::eq(one, entry)).expect("it is one of the model's");
            match said_of.get(&at) {
                Some((other, before)) if *before != said => misfits.push(differ(other, source, model, language)),
                _ => {
                    said_of.insert(at, (source, said.clone()));
                }
            }
            for one in &said {
                match documents.iter_mut().find(|(known, _)| Arc::ptr_eq(known, &one.scope)) {
                    Some((_, entries)) if entries.contains(&at) => {}
                    Some((_, entries)) => entries.push(at),
                    None => documents.push((&one.scope, vec![at])),
                }
            }
        }
    }
    let mut changed = model.clone();
    for (scope, entries) in &documents {
        let name = target_name(model, language);
        fits(model, &format!("`{name}` for this rule"), entries, scope, language, &mut misfits);
    }
    for (at, (_, said)) in &said_of {
        let entry = &model.sources[*at];
        let replacing: Vec<&Scope> = said.iter().filter_map(|one| replacing(&one.scope, entry)).collect();
        if let [first, others @ ..] = replacing.as_slice()
            && let Some(other) = others.iter().find(|other| !first.says_the_same(other))
        {
            let message =
                format!("a rule and its correlation say differently what `{}` reads", target_name(model, language));
            misfits.push(Misfit::new(other.span, message).help("say it once, in the rule"));
        }
        // Said by a rule and again by its correlation, it is said once.
        let once = said.iter().enumerate().filter(|(number, one)| !said[..*number].contains(one));
        once.for_each(|(_, one)| changed.sources[*at].apply(&one.scope, model, language));
    }
    if misfits.is_empty() {
        return Ok(Cow::Owned(changed));
    }
    misfits.sort_by_key(|misfit| misfit.span);
    misfits.dedup_by(|one, other| (one.span, &one.message) == (other.span, &other.message));
    let refusal = |misfit: Misfit| Refusal {
        help: misfit.help,
        ..Refusal::new(RefusalReason::Scope, misfit.span, misfit.message)
    };
    Err(misfits.into_iter().map(refusal).collect())
}

fn differ(one: &LogSource, other: &LogSource, model: &Model, language: Dialect) -> Misfit {
    let name = target_name(model, language);
    let message = format!("the rules of this correlation say differently what `{name}` reads of `{one}`");
    let of_this = |source: &LogSource| {
        let said = source.scopes.iter().find(|said| is_target(&said.target, model, language));
        said.map(|said| said.scope.span)
    };
    Misfit::new(of_this(one).or(of_this(other)).unwrap_or(other.span), message)
        .help("say the same in each, or say it in the correlation")
}

impl Model {
    /// The model as one repository reads it in a language, and what cannot be as it is said.
    pub(super) fn read_by(&self, scope: &Scope, language: Dialect) -> (Model, Vec<Misfit>) {
        let mut misfits = Vec::new();
        let of_language = |at: &usize| self.sources[*at].serves(language);
        let entries: Vec<usize> = (0..self.sources.len()).filter(of_language).collect();
        fits(self, &format!("`{}`", target_name(self, language)), &entries, scope, language, &mut misfits);
        let mut changed = self.clone();
        entries.iter().for_each(|at| changed.sources[*at].apply(scope, self, language));
        (changed, misfits)
    }
}

fn target_name(model: &Model, language: Dialect) -> String {
    format!("{}.{}", language.name(), model.name())
}

fn is_target(target: &str, model: &Model, language: Dialect) -> bool {
    target.split_once('.').is_some_and(|(of, name)| of == language.name() && name == model.name())
}

/// Tells what of a scope cannot be, of these entries of the model. `who` reads them, in messages.
fn fits(model: &Model, who: &str, entries: &[usize], scope: &Scope, language: Dialect, misfits: &mut Vec<Misfit>) {
    let mut names: Vec<&str> = Vec::new();
    for at in entries {
        if let Some(name) = model.sources[*at].named.as_deref().filter(|name| !names.contains(name)) {
            names.push(name);
        }
    }
    replaceable(model, who, entries, scope, language, misfits);
    if let Some(span) = replaced(scope).filter(|_| language != Dialect::Eql && names.len() > 1) {
        let message = format!("{who} reads {}", listed(&names));
        let help = format!("say in place of which: `{}: {{…}}`", names[0]);
        misfits.push(Misfit::new(span, message).help(help));
    }
    for (name, part) in &scope.parts {
        let of_name = |at: &&usize| model.sources[**at].named.as_deref() == Some(name.as_str());
        let own: Vec<usize> = entries.iter().filter(of_name).copied().collect();
        if own.is_empty() {
            let misfit = Misfit::new(name.span, format!("{who} reads no `{}`", name.node));
            misfits.push(match rulecast_rule::closest(name, names.iter().copied()) {
                Some(near) => misfit.help(format!("did you mean `{near}`?")),
                None => misfit.help(format!("it reads {}", listed(&names))),
            });
        }
        replaceable(model, who, &own, part, language, misfits);
        part.tests.iter().for_each(|test| typed(model, test, misfits));
    }
    scope.tests.iter().for_each(|test| typed(model, test, misfits));
}

/// Tells of a replacement for what nothing can stand in place of.
fn replaceable(
    model: &Model,
    who: &str,
    entries: &[usize],
    scope: &Scope,
    language: Dialect,
    misfits: &mut Vec<Misfit>,
) {
    let summaries = entries.iter().find_map(|at| match &model.sources[*at].reads {
        Reads::Dataset(dataset) => Some(&dataset.name),
        _ => None,
    });
    if let (Some(span), Some(name), Dialect::Spl) = (replaced(scope), summaries, language) {
        let message = format!("{who} reads the summaries of `{name}`, which no macro or index can stand in place of");
        misfits.push(Misfit::new(span, message).help("narrow them with `where`"));
    }
}

/// Where a scope says what to read.
fn replaced(scope: &Scope) -> Option<Span> {
    let first = scope.macro_name.as_ref().or(scope.table.as_ref());
    first.or(scope.index.first()).or(scope.sourcetype.first()).map(|word| word.span)
}

/// The names that an entry reads, in words.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 6;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match (shown.as_slice(), names.len()) {
        ([], _) => "nothing by name".to_owned(),
        (_, all) if all > MOST => format!("{} and {} others", shown.join(", "), all - MOST),
        ([one], _) => one.clone(),
        ([others @ .., last], _) => format!("{} and {last}", others.join(", ")),
    }
}

/// Tells of values that a column cannot hold.
fn typed(model: &Model, test: &ScopeTest, misfits: &mut Vec<Misfit>) {
    match test {
        ScopeTest::Any(tests) => tests.iter().for_each(|test| typed(model, test, misfits)),
        ScopeTest::Exists(..) => {}
        ScopeTest::In(column, values) => {
            let Some(ty) = model.columns.get(column.as_str()).map(|place| place.column.ty) else { return };
            for value in values {
                let (wrong, help) = match (&value.node, ty) {
                    (ScopeValue::Number(_), ColumnType::Text | ColumnType::FullText) => {
                        ("text, and this is a number", Some("put the value in quotes"))
                    }
                    (ScopeValue::Text(_), ColumnType::Long | ColumnType::Real) => {
                        ("numbers, and this is text", Some("write the value without quotes"))
                    }
                    (_, ColumnType::DateTime) => ("times, which no value of a test equals", None),
                    _ => continue,
                };
                let misfit = Misfit::new(value.span, format!("the column `{}` holds {wrong}", column.node));
                misfits.push(Misfit { help: help.map(str::to_owned), ..misfit });
            }
        }
    }
}

/// The part of a scope that says what is read in place of what this entry reads, if any does.
fn replacing<'s>(scope: &'s Scope, entry: &SourceEntry) -> Option<&'s Scope> {
    let named = |(name, _): &&(Spanned<String>, Scope)| Some(name.as_str()) == entry.named.as_deref();
    let part = scope.parts.iter().find(named).map(|(_, part)| part);
    part.into_iter().chain([scope]).find(|scope| scope.replaces())
}

impl SourceEntry {
    /// Reads what a scope says. Whether that can be is known.
    fn apply(&mut self, scope: &Scope, model: &Model, language: Dialect) {
        if let Some(instead) = replacing(scope, self) {
            self.replace(instead, language);
        }
        let named = |(name, _): &&(Spanned<String>, Scope)| Some(name.as_str()) == self.named.as_deref();
        let parts: Vec<&Scope> = scope.parts.iter().filter(named).map(|(_, part)| part).collect();
        let tests = parts.into_iter().chain([scope]).flat_map(|scope| &scope.tests);
        let tests = Logic::all(tests.map(|test| predicate(model, test)).collect::<Vec<_>>());
        self.besides = Logic::all([self.besides.clone(), tests]);
        self.scope = Logic::all([self.within.clone(), self.own.clone(), self.besides.clone()]);
    }

    fn replace(&mut self, instead: &Scope, language: Dialect) {
        let name = |word: &Spanned<String>| Name::from(word.node.as_str());
        if language == Dialect::Eql {
            self.indices = instead.index.iter().map(name).collect();
            return;
        }
        self.within = Logic::True;
        if let Some(table) = &instead.table {
            self.reads = Reads::Table(name(table));
        } else if let Some(found) = &instead.macro_name {
            self.reads = Reads::Macro(name(found));
        } else {
            let any = |column: &str, words: &[Spanned<String>]| match words {
                [] => Logic::True,
                words => Logic::any(words.iter().map(|word| of_pattern(column, word)).collect::<Vec<_>>()),
            };
            self.reads = Reads::Everything;
            self.within = Logic::all([any("index", &instead.index), any("sourcetype", &instead.sourcetype)]);
        }
    }
}

/// A text in which `*` stands for anything.
fn of_pattern(column: &str, word: &str) -> Predicate<Mapped> {
    on(Arc::new(Column::text(column)), Test::Text { pattern: Pattern::parse(word), case: Case::Insensitive })
}

fn predicate(model: &Model, test: &ScopeTest) -> Predicate<Mapped> {
    let known = |name: &str| model.columns.get(name).map(|place: &Place| place.column.clone());
    match test {
        ScopeTest::Any(tests) => Logic::any(tests.iter().map(|test| predicate(model, test)).collect::<Vec<_>>()),
        ScopeTest::Exists(column, wanted) => {
            let column = known(column).unwrap_or_else(|| Arc::new(Column::text(column.as_str())));
            on(column, Test::Exists(*wanted))
        }
        ScopeTest::In(column, values) => {
            let is_number = |value: &Spanned<ScopeValue>| matches!(value.node, ScopeValue::Number(_));
            let ty = if values.iter().all(is_number) { ColumnType::Long } else { ColumnType::Text };
            let column = known(column).unwrap_or_else(|| Arc::new(Column::named(column.as_str(), ty)));
            let each = values.iter().map(|value| {
                let test = match &value.node {
                    ScopeValue::Number(number) if column.ty == ColumnType::Text => {
                        Test::Text { pattern: Pattern::literal(number.to_string()), case: Case::Insensitive }
                    }
                    ScopeValue::Number(number) => {
                        Test::Number { comparison: Comparison::Equal, number: Number::Integer(*number) }
                    }
                    ScopeValue::Text(text) => Test::Text { pattern: Pattern::literal(text), case: Case::Insensitive },
                };
                on(column.clone(), test)
            });
            Logic::any(each.collect::<Vec<_>>())
        }
    }
}

fn on(column: Arc<Column>, test: Test<Mapped>) -> Predicate<Mapped> {
    Logic::Test(Atom { subject: Subject::Field(column), test, span: Span::default(), notes: Notes::default() })
}

/// The log sources that a body reads.
pub(super) fn log_sources<'r>(body: &'r Body<Sigma>, read: &mut Vec<&'r LogSource>) {
    match body {
        Body::Event(event) => {
            let branches = event.classification.iter().flat_map(|classes| &classes.branches);
            read.extend(event.arms.iter().chain(branches.flat_map(|branch| &branch.arms)).map(|arm| &arm.source));
        }
        Body::Sequence(sequence) => {
            sequence.steps.iter().chain(sequence.until.as_deref()).for_each(|step| log_sources(&step.body, read));
        }
        Body::Correlation(correlation) => {
            correlation.members.iter().for_each(|member| log_sources(&member.body, read));
        }
    }
}
