//! Short ways to make rules.

use rulecast_diagnostics::Span;
use rulecast_ir::regex::{Regex, RegexNode};
use rulecast_ir::{
    Arm, Atom, Body, Case, Classification, Column, ColumnExpr, ColumnType, Comparison, Correlation, Event,
    FieldOperator, Key, LogSource, Logic, Mapped, Measure, Metadata, Name, Notes, Number, Output, OutputField, Part,
    Pattern, Predicate, Reads, Rule, Sequence, Source, Step, Subject, Test, Threshold, Verdict,
};
use rulecast_rule::ast::{CorrelationKind, Operator};
use std::sync::Arc;

pub(super) type Tree = Predicate<Mapped>;

/// `n` is a `long`, `r` a `real`, `b` a `bool`, `t` a `datetime`, `o` is `dynamic`; any other name is a string.
pub(super) fn column(name: &str) -> Column {
    let ty = match name {
        "n" | "m" => ColumnType::Long,
        "r" => ColumnType::Real,
        "b" => ColumnType::Bool,
        "t" => ColumnType::DateTime,
        "o" => ColumnType::Dynamic,
        _ => ColumnType::Text,
    };
    Column::named(name, ty)
}

pub(super) fn property(name: &str, path: &[&str], parse: bool, ty: ColumnType) -> Column {
    let path = path.iter().map(|part| Name::from(*part)).collect();
    Column { expr: ColumnExpr::Property { column: name.into(), path, parse }, ..Column::named("", ty) }
}

pub(super) fn xml_data(name: &str) -> Column {
    let expr = ColumnExpr::XmlData { column: "EventData".into(), name: name.into() };
    Column { expr, ..Column::text("") }
}

pub(super) fn join(columns: &[&str]) -> Column {
    let columns = columns.iter().map(|part| Name::from(*part)).collect();
    Column { expr: ColumnExpr::Join { columns, separator: r"\".into() }, ..Column::text("") }
}

pub(super) fn on(column: impl Into<Arc<Column>>, test: Test<Mapped>) -> Tree {
    let subject = Subject::Field(column.into());
    Logic::Test(Atom { subject, test, span: Span::default(), notes: Notes::default() })
}

pub(super) fn text(value: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::parse(value), case: Case::Insensitive }
}

pub(super) fn cased(value: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::parse(value), case: Case::Sensitive }
}

pub(super) fn exactly(value: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::literal(value), case: Case::Insensitive }
}

pub(super) fn placeholder(name: &str) -> Test<Mapped> {
    Test::Text { pattern: Pattern::from_parts([Part::Placeholder(name.into())]), case: Case::Insensitive }
}

pub(super) fn number(comparison: Comparison, number: Number) -> Test<Mapped> {
    Test::Number { comparison, number }
}

pub(super) fn whole(number: i64) -> Test<Mapped> {
    self::number(Comparison::Equal, Number::Integer(number))
}

pub(super) fn regex(node: RegexNode) -> Test<Mapped> {
    Test::Regex(Arc::new(Regex::of_node(node)))
}

/// The letters of `text` as a regex.
pub(super) fn letters(text: &str, fold: bool) -> RegexNode {
    RegexNode::Concat(text.chars().map(|c| RegexNode::Char { c, fold: fold && c.is_ascii_alphabetic() }).collect())
}

pub(super) fn cidr(network: &str) -> Test<Mapped> {
    Test::Cidr(network.parse().unwrap())
}

pub(super) fn compared(operator: FieldOperator, other: &str, case: Case) -> Test<Mapped> {
    Test::Field { operator, other: Arc::new(column(other)), case }
}

pub(super) fn keyword(test: Test<Mapped>) -> Tree {
    Logic::Test(Atom { subject: Subject::Keyword, test, span: Span::default(), notes: Notes::default() })
}

/// `name: value`, as in a rule.
pub(super) fn is(name: &str, value: &str) -> Tree {
    on(column(name), text(value))
}

/// `name: [values]`.
pub(super) fn any_of(name: &str, values: &[&str]) -> Tree {
    let column = Arc::new(column(name));
    Logic::any(values.iter().map(|value| on(column.clone(), text(value))).collect::<Vec<_>>())
}

/// A test that the mapping already changed.
pub(super) fn inexact(tree: Tree, verdict: Verdict) -> Tree {
    tree.map(&mut |mut atom| {
        atom.notes.verdict = verdict;
        Logic::Test(atom)
    })
}

pub(super) fn not(tree: Tree) -> Tree {
    tree.negate()
}

/// A source of the table, scoped, with time and id.
pub(super) fn source(table: &str, scope: Tree) -> Arc<Source> {
    let log_source = LogSource {
        category: Some(table.into()),
        product: None,
        service: None,
        scopes: Vec::new(),
        span: Span::default(),
    };
    let id = ["DeviceId", "ReportId"].map(|name| {
        let ty = if name == "ReportId" { ColumnType::Long } else { ColumnType::Text };
        Arc::new(Column { always: true, ..Column::named(name, ty) })
    });
    let time = Arc::new(Column::named("Timestamp", ColumnType::DateTime));
    Arc::new(Source { log_source, reads: Reads::Table(table.into()), scope, time, id: id.to_vec(), scan: false })
}

/// The same source in an engine that has `scan`.
pub(super) fn scanning(source: &Source) -> Arc<Source> {
    Arc::new(Source { scan: true, ..source.clone() })
}

pub(super) fn arm(source: &Arc<Source>, predicate: Tree) -> Arm<Mapped> {
    Arm { source: source.clone(), predicate }
}

pub(super) fn arms(arms: Vec<Arm<Mapped>>) -> Body<Mapped> {
    Body::Event(Event { arms, classification: None })
}

pub(super) fn event(predicate: Tree) -> Body<Mapped> {
    arms(vec![arm(&source("Events", Logic::True), predicate)])
}

pub(super) fn classified(
    arms: Vec<Arm<Mapped>>,
    branches: Vec<(&str, Vec<Arm<Mapped>>)>,
    otherwise: Option<&str>,
) -> Body<Mapped> {
    let branches = branches
        .into_iter()
        .map(|(name, arms)| rulecast_ir::Branch { name: name.into(), arms, level: None, span: Span::default() })
        .collect();
    let classification = Classification { branches, otherwise: otherwise.map(Into::into), span: Span::default() };
    Body::Event(Event { arms, classification: Some(classification) })
}

pub(super) fn step(body: Body<Mapped>, keys: &[&[&str]]) -> Step<Mapped> {
    let key = |fields: &&[&str]| Key {
        fields: fields.iter().map(|name| Arc::new(column(name))).collect(),
        span: Span::default(),
    };
    Step { name: "step".into(), body, keys: keys.iter().map(key).collect(), span: Span::default() }
}

pub(super) fn sequence(
    keys: &[&str],
    timespan: u64,
    steps: Vec<Step<Mapped>>,
    until: Option<Step<Mapped>>,
) -> Body<Mapped> {
    let keys = keys.iter().map(|key| Name::from(*key)).collect();
    Body::Sequence(Sequence { steps, keys, timespan, until: until.map(Box::new), span: Span::default() })
}

/// A correlation of these members, with thresholds such as `(Operator::Gte, 3.0)`; `fields` are measured.
pub(super) fn correlation(
    kind: CorrelationKind,
    keys: &[&str],
    members: Vec<Step<Mapped>>,
    thresholds: &[(Operator, f64)],
    fields: &[&str],
) -> Correlation<Mapped> {
    let fields: Vec<_> = fields.iter().map(|name| Arc::new(column(name))).collect();
    let fields = if fields.is_empty() { Vec::new() } else { vec![fields; members.len()] };
    let keys = keys.iter().map(|key| Name::from(*key)).collect();
    let thresholds = thresholds.iter().map(|(operator, value)| Threshold { operator: *operator, value: *value });
    Correlation {
        measure: Measure { kind, fields, percentile: (kind == CorrelationKind::ValuePercentile).then_some(95.0) },
        members,
        keys,
        timespan: 30,
        thresholds: thresholds.collect(),
        condition: None,
        span: Span::default(),
    }
}

pub(super) fn rule(body: Body<Mapped>) -> Rule<Mapped> {
    Rule { metadata: Arc::new(Metadata(Arc::default())), body, output: None, span: Span::default() }
}

pub(super) fn with_output(body: Body<Mapped>, fields: &[&str], sort: &[(&str, bool)]) -> Rule<Mapped> {
    let field = |name: &str| match name {
        "@time" => OutputField::Time,
        "@class" => OutputField::Class,
        name => OutputField::Field(Arc::new(column(name))),
    };
    let fields = fields.iter().map(|name| field(name)).collect();
    let sort = sort.iter().map(|(name, descending)| (field(name), *descending)).collect();
    Rule { output: Some(Output { fields, sort }), ..rule(body) }
}
