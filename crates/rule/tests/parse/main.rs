//! Rule text in, documents and diagnostics out.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attributes;
mod conditions;
mod correlations;
mod detections;
mod extras;
mod limits;
mod placeholders;
mod problems;
mod scalars;

use rulecast_diagnostics::{Diagnostic, FileId, SourceMap, Span};
use rulecast_rule::ast::{Body, Condition, Detection, Document, Quantifier, Selection, Value};
use rulecast_rule::{Parsed, parse};
use std::fmt::Write;

/// A rule whose `detection` holds these lines; the first stands on line 4.
fn rule_with(detection: &str) -> String {
    let mut text = String::from("title: T\nlogsource: {product: windows}\ndetection:\n");
    for line in detection.lines() {
        writeln!(text, "    {line}").unwrap();
    }
    text
}

/// A rule with a simple detection, and before it these lines; the first stands on line 1.
fn rule_after(attributes: &str) -> String {
    format!("{}\nlogsource: {{product: windows}}\ndetection: {{s: {{a: b}}, condition: s}}\n", attributes.trim_end())
}

/// The only document of a text that has no problems.
fn sound(text: &str) -> Document {
    let mut parsed = parse(FileId(0), text);
    assert_eq!(show(text, &parsed.diagnostics), "", "problems in:\n{text}");
    assert_eq!(parsed.documents.len(), 1);
    parsed.documents.remove(0)
}

/// The detection of a rule that has no problems.
fn detection(lines: &str) -> Detection {
    match sound(&rule_with(lines)).body {
        Body::Detection(rule) => rule.detection,
        other => panic!("not a detection rule: {other:?}"),
    }
}

/// The problems of a text, with places as people count them.
fn problems(text: &str) -> String {
    show(text, &parse(FileId(0), text).diagnostics)
}

fn show(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut map = SourceMap::new();
    map.add("rule.yml", text);
    let place = |span: Span| {
        let position = map.position(span);
        format!("{}:{} `{}`", position.line, position.column, map.slice(span).escape_debug())
    };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let Diagnostic { name, severity, message, at, also, help, notes, fix } = diagnostic;
        writeln!(out, "{} {}[{name}]: {message}", place(at.span), severity.word()).unwrap();
        if !at.text.is_empty() {
            writeln!(out, "    {}", at.text).unwrap();
        }
        for label in also {
            writeln!(out, "    {} {}", place(label.span), label.text).unwrap();
        }
        if let Some(help) = help {
            writeln!(out, "    help: {help}").unwrap();
        }
        for note in notes {
            writeln!(out, "    note: {note}").unwrap();
        }
        for edit in fix.iter().flat_map(|fix| &fix.edits) {
            writeln!(out, "    fix: {} -> `{}`", place(edit.span), edit.text).unwrap();
        }
    }
    out
}

/// A condition with every parenthesis.
fn dump_condition(condition: &Condition) -> String {
    let join = |operands: &[Condition], word: &str| {
        let operands: Vec<String> = operands.iter().map(dump_condition).collect();
        format!("({})", operands.join(word))
    };
    match condition {
        Condition::Selection(name) => name.node.clone(),
        Condition::Selector(selector) => {
            let quantifier = match selector.quantifier {
                Quantifier::Any => "any",
                Quantifier::All => "all",
            };
            format!("[{quantifier} {}]", selector.pattern.as_deref().unwrap_or("them"))
        }
        Condition::Not(operand) => format!("(not {})", dump_condition(operand)),
        Condition::And(operands) => join(operands, " and "),
        Condition::Or(operands) => join(operands, " or "),
    }
}

/// A selection on one line: `all(…)` of items, `any(…)` of selections, `*` for keywords.
fn dump_selection(selection: &Selection) -> String {
    match selection {
        Selection::AllOf(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    let field = item.field.as_ref().map_or("*", |field| &field.node);
                    let modifiers: Vec<&str> =
                        item.modifiers.iter().flat_map(|modifier| ["|", modifier.name()]).collect();
                    let modifiers = modifiers.concat();
                    let values: Vec<String> = item.values.iter().map(|value| dump_value(value)).collect();
                    let values = values.join(", ");
                    if item.is_list {
                        format!("{field}{modifiers}=[{values}]")
                    } else {
                        format!("{field}{modifiers}={values}")
                    }
                })
                .collect();
            format!("all({})", items.join("; "))
        }
        Selection::AnyOf(selections) => {
            let selections: Vec<String> = selections.iter().map(dump_selection).collect();
            format!("any({})", selections.join("; "))
        }
    }
}

fn dump_value(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{text}'"),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Null => "null".into(),
    }
}

/// The source text of a span.
fn slice(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

fn parsed(text: &str) -> Parsed {
    parse(FileId(0), text)
}
