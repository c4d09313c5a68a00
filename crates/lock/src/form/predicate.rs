//! What an event must satisfy.

use super::text::{Expression, sorted};
use rulecast_ir::regex::{Regex, RegexEnds, RegexNode};
use rulecast_ir::{
    Atom, Case, Comparison, Field, FieldOperator, Logic, Number, Part, Pattern, Predicate, Sigma, Subject, Test,
};

/// A predicate. AND and OR are sets: in which order a rule lists fields and values means nothing.
pub(super) fn predicate(tree: &Predicate<Sigma>) -> String {
    logic(tree, &mut |test| atom(test))
}

/// A boolean expression with leaves of any kind.
pub(super) fn logic<L>(tree: &Logic<L>, leaf: &mut impl FnMut(&L) -> String) -> String {
    match tree {
        Logic::True => Expression::list("true").end(),
        Logic::False => Expression::list("false").end(),
        Logic::Test(test) => leaf(test),
        Logic::Not(inner) => Expression::list("not").with_all([logic(inner, leaf)]).end(),
        Logic::And(parts) => set("and", parts.iter().map(|part| logic(part, leaf)).collect()),
        Logic::Or(parts) => set("or", parts.iter().map(|part| logic(part, leaf)).collect()),
    }
}

fn set(name: &str, parts: Vec<String>) -> String {
    let mut parts = sorted(parts);
    if parts.len() == 1 { parts.swap_remove(0) } else { Expression::list(name).with_all(parts).end() }
}

fn atom(atom: &Atom<Sigma>) -> String {
    // Notes are what a mapping gives up; there was none.
    let Atom { subject, test, span: _, notes: _ } = atom;
    let subject = match subject {
        Subject::Field(name) => field(name),
        Subject::Keyword => Expression::list("keyword").end(),
    };
    let test = match test {
        Test::Text { pattern, case } => text(pattern, *case),
        Test::Regex(one) => regex(one),
        Test::Number { comparison, number: to } => {
            Expression::list("number").with(compared(*comparison)).with_all([number(*to)]).end()
        }
        Test::Time { part, comparison, number: to } => {
            Expression::list("time").with(part.name()).with(compared(*comparison)).with_all([number(*to)]).end()
        }
        Test::Cidr(network) => Expression::list("cidr").with_number(network.trunc()).end(),
        Test::Field { operator, other, case } => {
            Expression::list(related(*operator)).with(cased(*case)).with_all([field(other)]).end()
        }
        Test::Exists(present) => Expression::list(if *present { "present" } else { "missing" }).end(),
    };
    Expression::list("test").with_all([subject, test]).end()
}

pub(super) fn field(field: &Field) -> String {
    match field {
        Field::Sigma(name) => Expression::list("field").with(name).end(),
        Field::Target(name) => Expression::list("column").with(name).end(),
    }
}

/// The letters are kept as they are written, also where case does not count: the query has them so.
fn text(pattern: &Pattern, case: Case) -> String {
    let parts = pattern.parts().iter().map(|part| match part {
        Part::Literal(text) => Expression::atom(text),
        Part::AnyRun => Expression::list("any-run").end(),
        Part::AnyOne => Expression::list("any-one").end(),
        Part::Placeholder(name) => Expression::list("placeholder").with(name).end(),
    });
    Expression::list("text").with(cased(case)).with_all(parts).end()
}

fn regex(regex: &Regex) -> String {
    let Some((flags, ends)) = regex.unread() else {
        return Expression::list("regex").with_all([node(&regex.node)]).end();
    };
    // What it matches is known once the placeholders have values; until then it is its text.
    let mut list = Expression::list("unread-regex").with(&regex.text);
    let flags = [(flags.ignore_case, "i"), (flags.multi_line, "m"), (flags.dot_all, "s")];
    flags.iter().filter(|(is_set, _)| *is_set).for_each(|(_, flag)| list.word(flag));
    list.with(match ends {
        RegexEnds::Neither => "anywhere",
        RegexEnds::Start => "at-start",
        RegexEnds::End => "at-end",
    })
    .end()
}

fn node(tree: &RegexNode) -> String {
    let plain = |name: &str| Expression::list(name).end();
    match tree {
        RegexNode::Empty => plain("empty"),
        RegexNode::Char { c, fold } => {
            Expression::list(if *fold { "folded-char" } else { "char" }).with_number(c).end()
        }
        RegexNode::Any { newline } => plain(if *newline { "any" } else { "any-but-newline" }),
        RegexNode::Class(class) => {
            let ranges = class.ranges.iter().map(|(from, to)| format!("{from}{to}"));
            let name = if class.negated { "class-not" } else { "class" };
            Expression::list(name).with_all(ranges.map(|range| Expression::atom(&range))).end()
        }
        RegexNode::TextStart => plain("text-start"),
        RegexNode::TextEnd => plain("text-end"),
        RegexNode::LineStart => plain("line-start"),
        RegexNode::LineEnd => plain("line-end"),
        RegexNode::WordBoundary => plain("word-boundary"),
        RegexNode::NotWordBoundary => plain("not-word-boundary"),
        RegexNode::Concat(parts) => Expression::list("concat").with_all(parts.iter().map(node)).end(),
        RegexNode::Alternation(parts) => Expression::list("alternation").with_set(parts.iter().map(node)).end(),
        RegexNode::Repeat { node: inner, min, max } => {
            let list = Expression::list("repeat").with_number(min);
            let list = if let Some(max) = max { list.with_number(max) } else { list.with("any") };
            list.with_all([node(inner)]).end()
        }
    }
}

fn number(number: Number) -> String {
    match number {
        Number::Integer(_) => Expression::list("integer").with_number(number).end(),
        Number::Decimal(_) => Expression::list("decimal").with_number(number).end(),
    }
}

fn cased(case: Case) -> &'static str {
    match case {
        Case::Sensitive => "cased",
        Case::Insensitive => "caseless",
    }
}

fn compared(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "equal",
        Comparison::Less => "less",
        Comparison::LessOrEqual => "less-or-equal",
        Comparison::Greater => "greater",
        Comparison::GreaterOrEqual => "greater-or-equal",
    }
}

fn related(operator: FieldOperator) -> &'static str {
    match operator {
        FieldOperator::Equals => "equals-field",
        FieldOperator::StartsWith => "starts-with-field",
        FieldOperator::EndsWith => "ends-with-field",
        FieldOperator::Contains => "contains-field",
    }
}
