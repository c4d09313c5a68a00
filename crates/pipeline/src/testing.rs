//! Rules built by hand, and mapped predicates and projected rows as short text.

use crate::{Dialect, Model, map, project, schema};
use rulecast_diagnostics::{FileId, Span};
use rulecast_ir::{
    Arm, Atom, Body, Case, Column, ColumnExpr, Comparison, Event, Field, FieldOperator, LogSource, Logic, Mapped,
    Metadata, Number, Pattern, Predicate, Record, RecordSource, Row, Rule, Scalar, Sigma, Stage, Subject, Test,
    TimePart, eval,
};
use std::sync::Arc;

/// `windows/process_creation`, `windows//security`.
pub(crate) fn log_source(text: &str) -> LogSource {
    let mut parts = text.split('/').map(|part| (!part.is_empty()).then(|| part.into()));
    let mut next = || parts.next().flatten();
    LogSource {
        product: next(),
        category: next(),
        service: next(),
        scopes: Vec::new(),
        span: Span::new(FileId(0), 1, 2),
    }
}

/// Any of the values, as `Field|modifier: [values]` has them: `contains`, `startswith`, `endswith`, `cased`, `exists`,
/// `cidr`, `fieldref`, `hour`; numbers with `number`.
pub(crate) fn item(key: &str, values: &[&str]) -> Predicate<Sigma> {
    let mut parts = key.split('|');
    let field = Field::Sigma(parts.next().unwrap().into());
    let modifiers = parts.collect::<Vec<_>>();
    let has = |name| modifiers.contains(&name);
    let case = if has("cased") { Case::Sensitive } else { Case::Insensitive };
    let test = |value: &str| {
        if has("exists") {
            return Test::Exists(value == "true");
        } else if has("cidr") {
            return Test::Cidr(value.parse().unwrap());
        } else if has("number") {
            return Test::Number { comparison: Comparison::Equal, number: number(value) };
        } else if has("hour") {
            return Test::Time { part: TimePart::Hour, comparison: Comparison::Less, number: number(value) };
        } else if has("fieldref") {
            return Test::Field { operator: FieldOperator::Equals, other: Field::Sigma(value.into()), case };
        }
        let mut pattern = Pattern::parse(value);
        if has("contains") || has("endswith") {
            pattern = pattern.any_before();
        }
        if has("contains") || has("startswith") {
            pattern = pattern.any_after();
        }
        Test::Text { pattern, case }
    };
    Logic::any(values.iter().enumerate().map(|(at, value)| {
        let span = Span::new(FileId(0), 10 * (at + 1), 10 * (at + 1) + 5);
        Logic::Test(Atom { subject: Subject::Field(field.clone()), test: test(value), span, notes: <_>::default() })
    }))
}

fn number(text: &str) -> Number {
    text.parse().map_or_else(|_| Number::Decimal(text.parse().unwrap()), Number::Integer)
}

pub(crate) fn event(log_source: LogSource, predicate: Predicate<Sigma>) -> Body<Sigma> {
    Body::Event(Event { arms: vec![Arm { source: log_source, predicate }], classification: None })
}

pub(crate) fn rule(body: Body<Sigma>) -> Rule<Sigma> {
    Rule { metadata: Arc::new(Metadata(<_>::default())), body, output: None, span: Span::default() }
}

/// The rule of one arm, mapped.
pub(crate) fn mapped_rule(
    model: &str,
    language: Dialect,
    source: &str,
    predicate: Predicate<Sigma>,
) -> Result<Rule<Mapped>, Vec<rulecast_ir::Refusal>> {
    map(&rule(event(log_source(source), predicate)), Model::builtin(model).unwrap(), language)
}

/// The predicate of one arm, mapped, or what is refused, one a line.
pub(crate) fn mapped(model: &str, source: &str, predicate: Predicate<Sigma>) -> String {
    let model_data = Model::builtin(model).unwrap();
    let shown = |rule: Rule<Mapped>| match rule.body {
        Body::Event(event) => event.arms.iter().map(|arm| show(&arm.predicate)).collect::<Vec<_>>().join(" | "),
        _ => unreachable!("the rule is of one event"),
    };
    match mapped_rule(model, model_data.languages()[0], source, predicate) {
        Ok(rule) => shown(rule),
        Err(refusals) => refusals.iter().map(show_refusal).collect::<Vec<_>>().join("\n"),
    }
}

pub(crate) fn show_refusal(refusal: &rulecast_ir::Refusal) -> String {
    let help = refusal.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
    format!("{} at {}: {}{help}", refusal.reason.name(), refusal.span.start, refusal.message)
}

/// `FileName = 'x.exe'`; caseless unless `==`; what is assumed stands in braces.
pub(crate) fn show(predicate: &Predicate<Mapped>) -> String {
    let joined = |parts: &[Predicate<Mapped>], word: &str| {
        let parts = parts.iter().map(|part| match part {
            Logic::And(_) | Logic::Or(_) => format!("({})", show(part)),
            part => show(part),
        });
        parts.collect::<Vec<_>>().join(word)
    };
    match predicate {
        Logic::True => "true".to_owned(),
        Logic::False => "false".to_owned(),
        Logic::Test(atom) => show_atom(atom),
        Logic::Not(inner) => format!("not ({})", show(inner)),
        Logic::And(parts) => joined(parts, " and "),
        Logic::Or(parts) => joined(parts, " or "),
    }
}

fn show_atom(atom: &Atom<Mapped>) -> String {
    let column = match &atom.subject {
        Subject::Field(column) => show_column(column),
        Subject::Keyword => "*".to_owned(),
    };
    let equals = |case: &Case| if *case == Case::Sensitive { "==" } else { "=" };
    let test = match &atom.test {
        Test::Text { pattern, case } => format!("{} '{}'", equals(case), crate::convert::show_pattern(pattern)),
        Test::Regex(regex) => format!("~ /{}/", regex.text),
        Test::Number { comparison: Comparison::Equal, number } => format!("= {number}"),
        Test::Number { comparison, number } => format!("{comparison:?} {number}"),
        Test::Time { part, comparison, number } => format!("{part:?} {comparison:?} {number}"),
        Test::Cidr(net) => format!("in {net}"),
        Test::Field { other, case, .. } => format!("{} {}", equals(case), show_column(other)),
        Test::Exists(true) => "exists".to_owned(),
        Test::Exists(false) => "missing".to_owned(),
    };
    let assumptions = atom.notes.assumptions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let notes = if assumptions.is_empty() { String::new() } else { format!(" {{{assumptions}}}") };
    format!("{column} {test}{notes}")
}

pub(crate) fn show_column(column: &Column) -> String {
    match &column.expr {
        ColumnExpr::Name(name) => name.to_string(),
        ColumnExpr::Property { column, path, parse } => {
            let column = if *parse { format!("json({column})") } else { column.to_string() };
            format!("{column}.{}", path.join("."))
        }
        ColumnExpr::XmlData { column, name } => format!("xml({column}).{name}"),
        ColumnExpr::Join { columns, separator } => format!("join({})", columns.join(&format!(" {separator} "))),
    }
}

/// The field of a mapped stage, for tests that look at the column itself.
pub(crate) fn columns(predicate: &Predicate<Mapped>) -> Vec<<Mapped as Stage>::Field> {
    let mut columns = Vec::new();
    predicate.for_each(&mut |atom| {
        if let Subject::Field(column) = &atom.subject {
            columns.push(column.clone());
        }
    });
    columns
}

/// An event of one log source, as rows.
pub(crate) fn rows(model: &str, source: &str, fields: &[(&str, &str)]) -> Vec<Row> {
    let model = Model::builtin(model).unwrap();
    let language = model.languages()[0];
    let rule = map(&rule(event(log_source(source), Logic::True)), model, language).unwrap();
    project(&record(source, fields), model, language, &schema(&rule, model, language))
}

/// Fields with text values; one that is named twice has two. What is of a category alone is of no service, as recorded
/// events say it.
pub(crate) fn record(source: &str, fields: &[(&str, &str)]) -> Record {
    let LogSource { product, category, service, .. } = log_source(source);
    let service = service.or_else(|| category.is_some().then(|| "-".into()));
    let sources = vec![RecordSource { product, category, service }];
    let mut record = Record { id: 7, log_sources: Some(sources), ..Record::default() };
    for (field, value) in fields {
        record.fields.entry((*field).to_owned()).or_default().push(Scalar::Text((*value).to_owned()));
    }
    record
}

/// The rows, one a line, without what every row of the log source has.
pub(crate) fn projected(model: &str, source: &str, fields: &[(&str, &str)]) -> String {
    let bare = rows(model, source, &[]);
    let shown = rows(model, source, fields).into_iter().map(|row| {
        let common = |name: &String, values: &Vec<Scalar>| {
            bare.iter().any(|bare| bare.relation == row.relation && bare.columns.get(name) == Some(values))
        };
        let columns = row.columns.iter().filter(|(name, values)| !common(name, values));
        let value = |value: &Scalar| match value {
            Scalar::Text(text) => format!("'{text}'"),
            other => other.text(),
        };
        let values = |values: &[Scalar]| values.iter().map(value).collect::<Vec<_>>().join(" and ");
        let columns = columns.map(|(name, held)| format!("{name}: {}", values(held)));
        format!("{} {{{}}}", row.relation, columns.collect::<Vec<_>>().join(", "))
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// Sees that both readings of a model agree: each item holds of each event as its predicate holds of the event's rows.
/// What is refused of predicates is no disagreement.
pub(crate) fn agree(model: &str, source: &str, events: &[&[(&str, &str)]], items: &[(&str, &[&str])]) {
    let data = Model::builtin(model).unwrap();
    for (key, values) in items {
        for negated in [false, true] {
            let one = item(key, values);
            let predicate = if negated { one.negate() } else { one };
            let Ok(mapped) = mapped_rule(model, data.languages()[0], source, predicate.clone()) else { continue };
            let Body::Event(mapped) = mapped.body else { unreachable!("the rule is of one event") };
            for fields in events {
                let meant = eval::satisfies(&predicate, &record(source, fields));
                let found = rows(model, source, fields).iter().any(|row| {
                    mapped.arms.iter().any(|arm| holds(&arm.source.scope, row) && holds(&arm.predicate, row))
                });
                let shown = mapped.arms.iter().map(|arm| show(&arm.predicate)).collect::<Vec<_>>();
                assert_eq!(meant, found, "{key}: {values:?} (negated: {negated}) of {fields:?}: {shown:?}");
            }
        }
    }
}

/// Whether a mapped predicate holds of a row, by what it would mean of an event with those fields.
fn holds(predicate: &Predicate<Mapped>, row: &Row) -> bool {
    let mut record = Record { fields: row.columns.clone(), ..Record::default() };
    for column in columns(predicate) {
        if let ColumnExpr::Join { columns, separator } = &column.expr {
            let text = |name: &rulecast_ir::Name| row.values(name).first().map_or_else(String::new, Scalar::text);
            let joined = columns.iter().map(text).collect::<Vec<_>>().join(separator);
            record.fields.insert(show_column(&column), vec![Scalar::Text(joined)]);
        }
        if let ColumnExpr::XmlData { column: xml, name } = &column.expr
            && let [Scalar::Text(text)] = row.values(xml)
            && let Some(value) = element(text, name)
        {
            record.fields.insert(show_column(&column), vec![Scalar::Text(value)]);
        }
        if let ColumnExpr::Property { column: object, parse, .. } = &column.expr
            && let [Scalar::Text(text)] = row.values(object)
        {
            let mut inner = Record::default();
            let shown = if *parse { format!("json({object})") } else { object.to_string() };
            inner.add_json(&shown, &serde_json::from_str(text).unwrap());
            record.fields.extend(inner.fields);
        }
    }
    let plain = predicate.map_ref(&mut |atom| {
        let field = |column: &Column| Field::Sigma(show_column(column).into());
        let test = match &atom.test {
            Test::Text { pattern, case } => Test::Text { pattern: pattern.clone(), case: *case },
            Test::Regex(regex) => Test::Regex(regex.clone()),
            Test::Number { comparison, number } => Test::Number { comparison: *comparison, number: *number },
            Test::Time { part, comparison, number } => {
                Test::Time { part: *part, comparison: *comparison, number: *number }
            }
            Test::Cidr(net) => Test::Cidr(*net),
            Test::Field { operator, other, case } => {
                Test::Field { operator: *operator, other: field(other), case: *case }
            }
            Test::Exists(wanted) => Test::Exists(*wanted),
        };
        let subject = match &atom.subject {
            Subject::Field(column) => Subject::Field(field(column)),
            Subject::Keyword => Subject::Keyword,
        };
        Logic::Test(Atom { subject, test, span: atom.span, notes: atom.notes.clone() })
    });
    eval::satisfies(&plain, &record)
}

/// The text of an element of an event's XML.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, after) = xml.split_once(&format!("<Data Name=\"{name}\">"))?;
    let (text, _) = after.split_once('<')?;
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(text.to_owned(), |text, (entity, stands_for)| text.replace(entity, stands_for));
    (!text.is_empty()).then_some(text)
}
