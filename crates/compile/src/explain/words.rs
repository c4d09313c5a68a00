//! Tests in words.

use rulecast_ir::{
    Atom, Case, Column, ColumnExpr, Comparison, Field, FieldOperator, Part, Pattern, Shape, Stage, Subject, Test,
};
use std::sync::Arc;

/// A field or a column, as a person knows it.
pub(super) trait Named {
    /// Its name.
    fn named(&self) -> String;
}

impl Named for Field {
    fn named(&self) -> String {
        self.name().to_string()
    }
}

impl Named for Arc<Column> {
    fn named(&self) -> String {
        match &self.expr {
            ColumnExpr::Name(name) => name.to_string(),
            ColumnExpr::Property { column, path, .. } => {
                let path: Vec<&str> = path.iter().map(|name| &**name).collect();
                format!("{column}.{}", path.join("."))
            }
            ColumnExpr::XmlData { column, name } => format!("{column}.{name}"),
            ColumnExpr::Join { columns, separator } => {
                let columns: Vec<&str> = columns.iter().map(|name| &**name).collect();
                columns.join(&format!(" + \"{separator}\" + "))
            }
        }
    }
}

/// `CommandLine contains "whoami"`.
pub(super) fn words<S: Stage<Field: Named>>(atom: &Atom<S>) -> String {
    match &atom.subject {
        Subject::Field(field) => format!("{} {}", field.named(), test(&atom.test)),
        Subject::Keyword => format!("any field or the raw event {}", test(&atom.test)),
    }
}

fn test<S: Stage<Field: Named>>(test: &Test<S>) -> String {
    match test {
        Test::Text { pattern: text, case } => format!("{}{}", pattern(text), cased(*case)),
        Test::Regex(regex) => format!("matches the regex {}", regex.text),
        Test::Number { comparison, number } => format!("{} the number {number}", compares(*comparison)),
        Test::Time { part, comparison, number } => {
            format!("has a {} that {} {number}", part.name(), compares(*comparison))
        }
        Test::Cidr(network) => format!("is an address in {network}"),
        Test::Field { operator, other, case } => {
            let relation = match operator {
                FieldOperator::Equals => "equals",
                FieldOperator::StartsWith => "starts with",
                FieldOperator::EndsWith => "ends with",
                FieldOperator::Contains => "contains",
            };
            format!("{relation} the field {}{}", other.named(), cased(*case))
        }
        Test::Exists(true) => "has a value".to_owned(),
        Test::Exists(false) => "is missing".to_owned(),
    }
}

fn pattern(pattern: &Pattern) -> String {
    match pattern.shape() {
        Shape::Exact("") => "is the empty text".to_owned(),
        Shape::Exact(text) => format!("is \"{text}\""),
        Shape::Prefix(text) => format!("starts with \"{text}\""),
        Shape::Suffix(text) => format!("ends with \"{text}\""),
        Shape::Contains(text) => format!("contains \"{text}\""),
        Shape::Anything => "has any value".to_owned(),
        Shape::Glob(parts) => {
            let text: String = parts.iter().fold(String::new(), |mut text, part| {
                match part {
                    Part::Literal(literal) => text.push_str(literal),
                    Part::AnyRun => text.push('*'),
                    Part::AnyOne => text.push('?'),
                    Part::Placeholder(name) => text.extend(["%", name, "%"]),
                }
                text
            });
            format!("is like \"{text}\"")
        }
    }
}

fn cased(case: Case) -> &'static str {
    match case {
        Case::Sensitive => ", in this case",
        Case::Insensitive => "",
    }
}

fn compares(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "is",
        Comparison::Less => "is less than",
        Comparison::LessOrEqual => "is at most",
        Comparison::Greater => "is greater than",
        Comparison::GreaterOrEqual => "is at least",
    }
}
