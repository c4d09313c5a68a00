//! Tests of text: patterns and regexes.
//!
//! `:` and `like` know `*` and `?` and no escape for them. A value that holds one of them literally goes to an operator
//! that takes its text as it is (`in~`, `==`, `startsWith~`), or becomes a regex.

use super::{Tree, atom::Ask, group};
use crate::ast::{Condition, TextOperator};
use crate::regex::{self, Obstacle};
use rulecast_ir::regex::Regex;
use rulecast_ir::{Assumption, Case, ColumnType, Number, Part, Pattern, Refusal, RefusalReason, Shape};

pub(super) fn lower(ask: &Ask<'_>, pattern: &Pattern, case: Case) -> Result<Tree, Refusal> {
    let shape = pattern.shape();
    if shape == Shape::Anything {
        return Ok(ask.exists(true));
    }
    match ask.column.ty {
        ColumnType::Text => in_text(ask, pattern, case),
        ColumnType::Long | ColumnType::Real => in_number(ask, shape),
        ColumnType::Bool => match shape {
            Shape::Exact(text) if equal(text, "true", case) => Ok(ask.bool(true)),
            Shape::Exact(text) if equal(text, "false", case) => Ok(ask.bool(false)),
            _ => Err(ask.mistyped("holds true or false, and no other text")),
        },
        ColumnType::Ip => match shape {
            Shape::Exact(text) => ask.address(text),
            Shape::Prefix(text) => ask.octets(text),
            _ => None,
        }
        .ok_or_else(|| {
            ask.mistyped("holds an IP address, and EQL cannot test the text of one")
                .help("write a whole address, whole octets as in `10.`, or a network under `cidr`")
        }),
        ColumnType::DateTime => Err(ask.mistyped("holds a point in time, and EQL cannot test the text of one")),
        ColumnType::Dynamic | ColumnType::FullText => Err(ask.shapeless()),
    }
}

fn equal(text: &str, word: &str, case: Case) -> bool {
    match case {
        Case::Sensitive => text == word,
        Case::Insensitive => text.eq_ignore_ascii_case(word),
    }
}

fn in_text(ask: &Ask<'_>, pattern: &Pattern, case: Case) -> Result<Tree, Refusal> {
    let caseless = case == Case::Insensitive;
    // U+0001 is what Elasticsearch escapes wildcards with inside, and it is not escaped itself.
    let verbatim = !pattern.literals().any(|text| text.contains(['*', '?', '\u{1}']));
    let leaf = match pattern.shape() {
        Shape::Exact(text) => {
            let operator = match (caseless, verbatim) {
                (true, true) if !text.is_empty() => TextOperator::Matches,
                (true, false) => TextOperator::InCaseless,
                (true, true) | (false, _) => TextOperator::In,
            };
            ask.texts(operator, text)
        }
        _ if verbatim => {
            let operator = if caseless { TextOperator::Matches } else { TextOperator::Like };
            ask.texts(operator, wildcards(pattern.parts()))
        }
        Shape::Prefix(text) => Condition::StartsWith { field: ask.field.clone(), prefix: text.to_owned(), case },
        _ => {
            let text = regex::of_pattern(pattern.parts()).map_err(|obstacle| refusal(ask, &obstacle))?;
            ask.texts(if caseless { TextOperator::RegexCaseless } else { TextOperator::Regex }, text)
        }
    };
    // Folding is of ASCII up to Elasticsearch 8, and of more in the regexes of Lucene 10.
    Ok(if caseless && pattern.has_foreign_letter() { ask.assuming(leaf, Assumption::Ascii) } else { ask.leaf(leaf) })
}

/// A pattern none of whose literals holds a wildcard.
fn wildcards(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::AnyRun => text.push('*'),
            Part::AnyOne => text.push('?'),
            Part::Placeholder(_) => unreachable!("a pattern with placeholders has been refused"),
        }
    }
    text
}

/// Text asked of numbers: the text that a number has is that number.
fn in_number(ask: &Ask<'_>, shape: Shape<'_>) -> Result<Tree, Refusal> {
    let Shape::Exact(text) = shape else {
        return Err(ask
            .mistyped("holds a number, and EQL cannot test the text of one")
            .help("write whole numbers, or compare under `lt`, `lte`, `gt`, `gte`"));
    };
    let number = match text.parse::<i64>() {
        Ok(integer) => Some(Number::Integer(integer)),
        Err(_) if ask.column.ty == ColumnType::Real => {
            text.parse::<f64>().ok().filter(|decimal| decimal.is_finite()).map(Number::Decimal)
        }
        Err(_) => None,
    };
    match number.filter(|number| number.to_string() == text) {
        Some(number) => ask.number(rulecast_ir::Comparison::Equal, number),
        None if text.is_empty() => Err(ask.mistyped("holds a number, which is never the empty text")),
        None => Err(ask.mistyped(format_args!("holds a number, which never reads `{text}`"))),
    }
}

pub(super) fn regex(ask: &Ask<'_>, regex: &Regex) -> Result<Tree, Refusal> {
    if ask.column.ty != ColumnType::Text {
        return Err(ask.mistyped("does not hold text, and EQL matches regexes with text alone"));
    }
    let lucene = regex::of_node(&regex.node).map_err(|obstacle| refusal(ask, &obstacle))?;
    let operator = if lucene.caseless { TextOperator::RegexCaseless } else { TextOperator::Regex };
    Ok(group::any(lucene.patterns.into_iter().map(|pattern| {
        let leaf = ask.texts(operator, pattern);
        if lucene.caseless && lucene.foreign { ask.assuming(leaf, Assumption::Ascii) } else { ask.leaf(leaf) }
    })))
}

fn refusal(ask: &Ask<'_>, obstacle: &Obstacle) -> Refusal {
    match obstacle {
        Obstacle::Inexpressible(what) => Refusal::new(
            RefusalReason::Regex,
            ask.atom.span,
            format!("the regex of `{}` has {what}, which Lucene's regexes cannot say", ask.field),
        ),
        Obstacle::Never => Refusal::new(
            RefusalReason::Regex,
            ask.atom.span,
            format!("the regex of `{}` can match no text: an anchor or word boundary in it never holds", ask.field),
        ),
        Obstacle::TooLong(length) => Refusal::new(
            RefusalReason::Limit,
            ask.atom.span,
            format!(
                "the regex of `{}` is {length} characters long in EQL; Elasticsearch accepts {}",
                ask.field,
                regex::MAX_LENGTH
            ),
        )
        .help("split it into several, or raise `index.max_regex_length`"),
        Obstacle::TooLarge => Refusal::new(
            RefusalReason::Limit,
            ask.atom.span,
            format!("the regex of `{}` repeats more than Elasticsearch can determinise", ask.field),
        )
        .help("lower the bounds of its repetitions"),
    }
}
