//! Short words for the values of the IR. Spans count up within an item, so that a refusal shows which part it is about.

use rulecast_diagnostics::{FileId, Span};
use rulecast_ir::regex::{Regex, RegexNode};
use rulecast_ir::{
    Arm, Atom, Body, Branch, Case, Classification, Column, ColumnType, Comparison, Event, Key, LogSource, Logic,
    Mapped, Metadata, Name, Notes, Number, Pattern, Predicate, Reads, Rule, Sequence, Source, Step, Subject, Test,
};
use rulecast_rule::ast;
use std::sync::Arc;

pub(super) type P = Predicate<Mapped>;

/// A place, told by a number.
pub(super) fn at(start: usize) -> Span {
    Span::new(FileId(0), start, start + 1)
}

pub(super) fn column(name: &str, ty: ColumnType) -> Column {
    Column::named(name, ty)
}

pub(super) fn test(column: Column, test: Test<Mapped>) -> P {
    Logic::Test(Atom { subject: Subject::Field(Arc::new(column)), test, span: at(1), notes: Notes::default() })
}

/// A text test of a text column; the pattern as Sigma writes it.
pub(super) fn text(name: &str, pattern: &str) -> P {
    typed(name, ColumnType::Text, pattern)
}

pub(super) fn typed(name: &str, ty: ColumnType, pattern: &str) -> P {
    test(column(name, ty), Test::Text { pattern: Pattern::parse(pattern), case: Case::Insensitive })
}

pub(super) fn cased(name: &str, pattern: &str) -> P {
    let pattern = Pattern::parse(pattern);
    test(Column::text(name), Test::Text { pattern, case: Case::Sensitive })
}

pub(super) fn number(name: &str, ty: ColumnType, comparison: Comparison, number: Number) -> P {
    test(column(name, ty), Test::Number { comparison, number })
}

pub(super) fn equals(name: &str, ty: ColumnType, value: i64) -> P {
    number(name, ty, Comparison::Equal, Number::Integer(value))
}

pub(super) fn cidr(name: &str, ty: ColumnType, network: &str) -> P {
    test(column(name, ty), Test::Cidr(network.parse().expect("a network")))
}

pub(super) fn exists(name: &str, exists: bool) -> P {
    test(Column::text(name), Test::Exists(exists))
}

pub(super) fn regex(name: &str, ty: ColumnType, node: RegexNode) -> P {
    test(column(name, ty), Test::Regex(Arc::new(Regex::of_node(node))))
}

/// A regex of literal text.
pub(super) fn literal(text: &str, fold: bool) -> RegexNode {
    let node = |c: char| RegexNode::Char { c, fold: fold && c.is_ascii_alphabetic() };
    RegexNode::Concat(text.chars().map(node).collect())
}

pub(super) fn keyword(word: &str) -> P {
    let pattern = Pattern::literal(word).any_before().any_after();
    let test = Test::Text { pattern, case: Case::Insensitive };
    Logic::Test(Atom { subject: Subject::Keyword, test, span: at(7), notes: Notes::default() })
}

pub(super) fn not(inner: P) -> P {
    inner.negate()
}

/// Changes what the one leaf of `predicate` notes, or where it stands.
pub(super) fn with(mut predicate: P, change: impl FnOnce(&mut Atom<Mapped>)) -> P {
    if let Logic::Test(atom) = &mut predicate {
        change(atom);
    }
    predicate
}

pub(super) fn source(reads: Reads, scope: P) -> Arc<Source> {
    let log_source = LogSource {
        category: Some("process_creation".into()),
        product: Some("windows".into()),
        service: None,
        scopes: Vec::new(),
        span: at(2),
    };
    Arc::new(Source {
        log_source,
        reads,
        scope,
        time: Arc::new(column("@timestamp", ColumnType::DateTime)),
        id: Vec::new(),
        scan: false,
    })
}

pub(super) fn any() -> Arc<Source> {
    source(Reads::Category(None), Logic::True)
}

/// Events of a category, without more.
pub(super) fn category(name: &str) -> Arc<Source> {
    source(Reads::Category(Some(name.into())), Logic::True)
}

/// Events of a category that start something.
pub(super) fn starts(name: &str) -> Arc<Source> {
    source(Reads::Category(Some(name.into())), cased("event.type", "start"))
}

pub(super) fn arm(source: &Arc<Source>, predicate: P) -> Arm<Mapped> {
    Arm { source: source.clone(), predicate }
}

pub(super) fn metadata(level: Option<ast::Level>) -> Arc<Metadata> {
    let spanned = |node| rulecast_diagnostics::Spanned::new(node, at(0));
    Arc::new(Metadata(Arc::new(ast::Metadata { level: level.map(spanned), ..ast::Metadata::default() })))
}

pub(super) fn rule(body: Body<Mapped>) -> Rule<Mapped> {
    Rule { metadata: metadata(None), body, output: None, span: at(0) }
}

pub(super) fn event(arms: Vec<Arm<Mapped>>) -> Rule<Mapped> {
    rule(Body::Event(Event { arms, classification: None }))
}

pub(super) fn branch(name: &str, arms: Vec<Arm<Mapped>>, level: Option<ast::Level>) -> Branch<Mapped> {
    Branch { name: name.into(), arms, level, span: at(3) }
}

pub(super) fn classified(
    arms: Vec<Arm<Mapped>>,
    branches: Vec<Branch<Mapped>>,
    otherwise: Option<&str>,
) -> Rule<Mapped> {
    let classification = Classification { branches, otherwise: otherwise.map(Name::from), span: at(4) };
    rule(Body::Event(Event { arms, classification: Some(classification) }))
}

/// A step over one arm, with a key of one field each.
pub(super) fn step(name: &str, arms: Vec<Arm<Mapped>>, keys: &[&str]) -> Step<Mapped> {
    let keys = keys.iter().map(|name| key(vec![Column::text(*name)])).collect();
    Step { name: name.into(), body: Body::Event(Event { arms, classification: None }), keys, span: at(5) }
}

pub(super) fn key(columns: Vec<Column>) -> Key<Mapped> {
    Key { fields: columns.into_iter().map(Arc::new).collect(), span: at(6) }
}

pub(super) fn sequence(steps: Vec<Step<Mapped>>, timespan: u64, until: Option<Step<Mapped>>) -> Rule<Mapped> {
    let keys = steps[0].keys.iter().map(|key| key.fields[0].name().into()).collect();
    rule(Body::Sequence(Sequence { steps, keys, timespan, until: until.map(Box::new), span: at(4) }))
}
