//! Builders of mapped rules.

use ipnet::IpNet;
use rulecast_diagnostics::Span;
use rulecast_ir::regex::{Regex, RegexClass, RegexNode};
use rulecast_ir::{
    Arm, Atom, Body, Branch, Case, Classification, Column, ColumnType, Comparison, Correlation, Event, FieldOperator,
    Key, LogSource, Logic, Mapped, Measure, Metadata, Notes, Number, Output, Pattern, Predicate, Reads, Rule, Sequence,
    Source, Step, Subject, Test, Threshold,
};
use rulecast_rule::ast::CorrelationKind;
use std::sync::Arc;

pub(super) type Tree = Predicate<Mapped>;

pub(super) fn column(name: &str, ty: ColumnType) -> Arc<Column> {
    Arc::new(Column::named(name, ty))
}

pub(super) fn many(name: &str, ty: ColumnType) -> Arc<Column> {
    Arc::new(Column { many: true, ..Column::named(name, ty) })
}

pub(super) fn on(column: &Arc<Column>, test: Test<Mapped>) -> Tree {
    atom(Subject::Field(column.clone()), test)
}

pub(super) fn atom(subject: Subject<Arc<Column>>, test: Test<Mapped>) -> Tree {
    Logic::Test(Atom { subject, test, span: Span::default(), notes: Notes::default() })
}

pub(super) fn pattern(text: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::parse(text), case: Case::Insensitive }
}

pub(super) fn cased(text: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::parse(text), case: Case::Sensitive }
}

/// `field: text`, on a text column.
pub(super) fn is(field: &str, text: &str) -> Tree {
    on(&column(field, ColumnType::Text), pattern(text))
}

/// `field: [texts]`.
pub(super) fn is_any(field: &str, texts: &[&str]) -> Tree {
    Logic::any(texts.iter().map(|text| is(field, text)))
}

pub(super) fn is_cased(field: &str, text: &str) -> Tree {
    on(&column(field, ColumnType::Text), cased(text))
}

/// `field: number`, on a column of whole numbers.
pub(super) fn number(field: &str, number: i64) -> Tree {
    on(&column(field, ColumnType::Long), compared(Comparison::Equal, number))
}

pub(super) fn compared(comparison: Comparison, number: i64) -> Test<Mapped> {
    Test::Number { comparison, number: Number::Integer(number) }
}

pub(super) fn in_network(field: &str, network: &str) -> Tree {
    on(&column(field, ColumnType::Text), Test::Cidr(network.parse::<IpNet>().unwrap()))
}

pub(super) fn exists(field: &str, present: bool) -> Tree {
    on(&column(field, ColumnType::Text), Test::Exists(present))
}

pub(super) fn related(field: &str, operator: FieldOperator, other: &str, case: Case) -> Tree {
    let other = column(other, ColumnType::Text);
    on(&column(field, ColumnType::Text), Test::Field { operator, other, case })
}

pub(super) fn keyword(test: Test<Mapped>) -> Tree {
    atom(Subject::Keyword, test)
}

pub(super) fn finds(node: RegexNode) -> Test<Mapped> {
    Test::Regex(Arc::new(Regex::of_node(node)))
}

/// `field|re`, of a node.
pub(super) fn regex(field: &str, node: RegexNode) -> Tree {
    on(&column(field, ColumnType::Text), finds(node))
}

pub(super) fn c(c: char) -> RegexNode {
    RegexNode::Char { c, fold: false }
}

pub(super) fn word(text: &str) -> RegexNode {
    RegexNode::Concat(text.chars().map(c).collect())
}

/// Letters that fold.
pub(super) fn folded(text: &str) -> RegexNode {
    RegexNode::Concat(text.chars().map(|c| RegexNode::Char { c, fold: c.is_ascii_alphabetic() }).collect())
}

pub(super) fn class(negated: bool, ranges: &[(char, char)]) -> RegexNode {
    RegexNode::Class(RegexClass { negated, ranges: ranges.to_vec() })
}

pub(super) fn repeat(node: RegexNode, min: u32, max: Option<u32>) -> RegexNode {
    RegexNode::Repeat { node: Box::new(node), min, max }
}

pub(super) fn source(reads: Reads, scope: Tree) -> Arc<Source> {
    let log_source =
        LogSource { category: None, product: None, service: None, scopes: Vec::new(), span: Span::default() };
    let time = column("_time", ColumnType::DateTime);
    Arc::new(Source { log_source, reads, scope, time, id: Vec::new(), scan: false })
}

pub(super) fn everything() -> Arc<Source> {
    source(Reads::Everything, Logic::True)
}

/// Events of the macro `sysmon` with that id.
pub(super) fn sysmon(id: i64) -> Arc<Source> {
    source(Reads::Macro("sysmon".into()), number("EventCode", id))
}

pub(super) fn arm(source: &Arc<Source>, predicate: Tree) -> Arm<Mapped> {
    Arm { source: source.clone(), predicate }
}

pub(super) fn event(predicate: Tree) -> Body<Mapped> {
    union(vec![arm(&everything(), predicate)])
}

pub(super) fn union(arms: Vec<Arm<Mapped>>) -> Body<Mapped> {
    Body::Event(Event { arms, classification: None })
}

pub(super) fn classified(
    arms: Vec<Arm<Mapped>>,
    branches: Vec<(&str, Vec<Arm<Mapped>>)>,
    otherwise: Option<&str>,
) -> Body<Mapped> {
    let branches = branches
        .into_iter()
        .map(|(name, arms)| Branch { name: name.into(), arms, level: None, span: Span::default() })
        .collect();
    let otherwise = otherwise.map(Into::into);
    Body::Event(Event { arms, classification: Some(Classification { branches, otherwise, span: Span::default() }) })
}

pub(super) fn step(name: &str, body: Body<Mapped>, keys: &[&[&str]]) -> Step<Mapped> {
    let key = |fields: &&[&str]| Key {
        fields: fields.iter().map(|field| column(field, ColumnType::Text)).collect(),
        span: Span::default(),
    };
    Step { name: name.into(), body, keys: keys.iter().map(key).collect(), span: Span::default() }
}

pub(super) fn sequence(keys: &[&str], steps: Vec<Step<Mapped>>, until: Option<Step<Mapped>>) -> Body<Mapped> {
    Body::Sequence(Sequence {
        steps,
        keys: keys.iter().map(|key| (*key).into()).collect(),
        timespan: 30,
        until: until.map(Box::new),
        span: Span::default(),
    })
}

pub(super) fn rule(body: Body<Mapped>) -> Rule<Mapped> {
    let metadata = Arc::new(Metadata(Arc::default()));
    Rule { metadata, body, output: None, span: Span::default() }
}

pub(super) fn showing(body: Body<Mapped>, output: Output<Mapped>) -> Rule<Mapped> {
    Rule { output: Some(output), ..rule(body) }
}

pub(super) fn and(parts: impl IntoIterator<Item = Tree>) -> Tree {
    Logic::all(parts.into_iter().collect::<Vec<_>>())
}

pub(super) fn or(parts: impl IntoIterator<Item = Tree>) -> Tree {
    Logic::any(parts.into_iter().collect::<Vec<_>>())
}

pub(super) fn not(tree: Tree) -> Tree {
    tree.negate()
}

pub(super) fn correlation(
    kind: CorrelationKind,
    keys: &[&str],
    members: Vec<Step<Mapped>>,
    thresholds: &[Threshold],
) -> Correlation<Mapped> {
    Correlation {
        measure: Measure { kind, fields: Vec::new(), percentile: None },
        members,
        keys: keys.iter().map(|key| (*key).into()).collect(),
        timespan: 300,
        thresholds: thresholds.to_vec(),
        condition: None,
        span: Span::default(),
    }
}

/// The same, of fields that every member holds alike.
pub(super) fn measuring(
    kind: CorrelationKind,
    keys: &[&str],
    members: Vec<Step<Mapped>>,
    fields: &[&str],
    thresholds: &[Threshold],
) -> Correlation<Mapped> {
    let fields: Vec<_> = fields.iter().map(|field| column(field, ColumnType::Text)).collect();
    let fields = members.iter().map(|_| fields.clone()).collect();
    let mut correlation = correlation(kind, keys, members, thresholds);
    correlation.measure.fields = fields;
    correlation
}

/// The same, with a condition over the members.
pub(super) fn temporal(
    kind: CorrelationKind,
    keys: &[&str],
    members: Vec<Step<Mapped>>,
    condition: Logic<usize>,
) -> Correlation<Mapped> {
    Correlation { condition: Some(condition), ..correlation(kind, keys, members, &[]) }
}
