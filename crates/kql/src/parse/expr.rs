//! Values and conditions. The grammar does not tell them apart; the tree does.

use super::error::fail;
use super::grammar::Rule;
use super::{MAX_QUERY_DEPTH, Result, child, literal};
use crate::ast::{Arithmetic, Comparison, Condition, Expr, Function, Test};
use pest::iterators::Pair;
use rulecast_ir::Logic;

/// What a row must satisfy.
pub(super) fn condition(pair: Pair<'_, Rule>) -> Result<Condition> {
    value(pair).map(as_condition)
}

fn as_condition(value: Expr) -> Condition {
    match value {
        Expr::Bool(true) => Logic::True,
        Expr::Bool(false) => Logic::False,
        Expr::Test(test) => Logic::Test(*test),
        Expr::Logic(logic) => *logic,
        Expr::Call(function, arguments) => Logic::Test(Test::Call(function, arguments)),
        value => Logic::Test(Test::Value(value)),
    }
}

/// A value of any kind.
pub(super) fn value(pair: Pair<'_, Rule>) -> Result<Expr> {
    match pair.as_rule() {
        Rule::expr => joined(pair, Rule::conjunction, Logic::Or),
        Rule::conjunction => joined(pair, Rule::equality, Logic::And),
        Rule::equality => equality(pair),
        Rule::relation | Rule::text_test => compared(pair),
        Rule::sum | Rule::product => arithmetic(pair),
        Rule::signed => signed(pair),
        Rule::path => path(pair),
        Rule::any_column => Ok(Expr::AnyColumn),
        Rule::name => literal::name(pair).map(Expr::Column),
        Rule::text => literal::text(pair).map(Expr::Text),
        Rule::boolean => Ok(Expr::Bool(pair.as_str() == "true")),
        Rule::timespan => literal::timespan(&pair),
        Rule::real => match pair.as_str().parse() {
            Ok(number) if f64::is_finite(number) => Ok(Expr::Real(number)),
            _ => fail(&pair, "not a number that a real can hold"),
        },
        Rule::integer => whole(&pair, pair.as_str().parse().ok()),
        Rule::hexadecimal => whole(&pair, i64::from_str_radix(&pair.as_str()[2..], 16).ok()),
        Rule::typed => literal::typed(pair),
        Rule::dynamic => literal::json(child(pair, Rule::json)).map(|json| Expr::Dynamic(Box::new(json))),
        Rule::call => call(pair),
        _ => fail(&pair, "not a value that is read"),
    }
}

fn whole(pair: &Pair<'_, Rule>, number: Option<i64>) -> Result<Expr> {
    number.map_or_else(|| fail(pair, "not a number that a long can hold"), |number| Ok(Expr::Long(number)))
}

/// Operands with `and` or `or` between them; those in parentheses of their own are of the same list.
fn joined(pair: Pair<'_, Rule>, operand: Rule, join: fn(Vec<Condition>) -> Condition) -> Result<Expr> {
    let mut operands = super::children(pair, operand);
    let first = value(operands.next().expect("there is at least one operand"))?;
    let mut all = vec![first];
    for next in operands {
        all.push(value(next)?);
    }
    if all.len() == 1 {
        return Ok(all.swap_remove(0));
    }
    let mut flat = Vec::with_capacity(all.len());
    for part in all.into_iter().map(as_condition) {
        match (part, operand) {
            (Logic::Or(parts), Rule::conjunction) | (Logic::And(parts), Rule::equality) => flat.extend(parts),
            (part, _) => flat.push(part),
        }
    }
    Ok(Expr::Logic(Box::new(join(flat))))
}

fn equality(pair: Pair<'_, Rule>) -> Result<Expr> {
    let mut inner = pair.into_inner();
    let left = value(inner.next().expect("an equality has a left side"))?;
    let Some(operator) = inner.next() else { return Ok(left) };
    let mut next = || inner.next().expect("an operator has a right side");
    let test = match operator.as_rule() {
        Rule::list_op => {
            let values = next().into_inner().map(value).collect::<Result<Vec<_>>>()?;
            match operator.as_str() {
                "in" => Test::In { left, fold: false, values },
                "in~" => Test::In { left, fold: true, values },
                "!in" => Test::NotIn { left, fold: false, values },
                "!in~" => Test::NotIn { left, fold: true, values },
                word => Test::HasTerms { left, all: word == "has_all", values },
            }
        }
        Rule::between_op => {
            let negated = operator.as_str().starts_with('!');
            Test::Between { left, negated, low: value(next())?, high: value(next())? }
        }
        _ => Test::Compare { left, operator: comparison(&operator), right: value(next())? },
    };
    Ok(Expr::Test(Box::new(test)))
}

fn compared(pair: Pair<'_, Rule>) -> Result<Expr> {
    let mut inner = pair.clone().into_inner();
    let left = value(inner.next().expect("a comparison has a left side"))?;
    let Some(operator) = inner.next() else {
        return if left == Expr::AnyColumn { fail(&pair, "`*` stands before a text operator") } else { Ok(left) };
    };
    let right = value(inner.next().expect("an operator has a right side"))?;
    Ok(Expr::Test(Box::new(Test::Compare { left, operator: comparison(&operator), right })))
}

fn comparison(operator: &Pair<'_, Rule>) -> Comparison {
    match operator.as_str() {
        "<>" => Comparison::NotEqual,
        text if text.starts_with("matches") => Comparison::MatchesRegex,
        text => Comparison::ALL
            .into_iter()
            .find(|comparison| comparison.text() == text)
            .expect("the grammar knows these operators alone"),
    }
}

fn arithmetic(pair: Pair<'_, Rule>) -> Result<Expr> {
    short_chain(&pair)?;
    let mut inner = pair.into_inner();
    let mut left = value(inner.next().expect("there is at least one operand"))?;
    while let Some(operator) = inner.next() {
        let right = Box::new(value(inner.next().expect("an operator has a right side"))?);
        let operator = match operator.as_str() {
            "-" => {
                left = Expr::Minus(Box::new(left), right);
                continue;
            }
            "+" => Arithmetic::Plus,
            "*" => Arithmetic::Times,
            "/" => Arithmetic::Over,
            _ => Arithmetic::Remainder,
        };
        left = Expr::Arithmetic { left: Box::new(left), operator, right };
    }
    Ok(left)
}

/// The tree of a chain leans to the left: it is as deep as the chain is long.
fn short_chain(pair: &Pair<'_, Rule>) -> Result<()> {
    match pair.clone().into_inner().nth(2 * MAX_QUERY_DEPTH) {
        Some(link) => fail(&link, format!("a chain of more than {MAX_QUERY_DEPTH} links")),
        None => Ok(()),
    }
}

/// A literal takes its sign.
fn signed(pair: Pair<'_, Rule>) -> Result<Expr> {
    let mut inner = pair.into_inner();
    let first = inner.next().expect("a signed value has a value");
    if first.as_rule() != Rule::minus {
        return value(first);
    }
    Ok(match value(inner.next().expect("a sign stands before a value"))? {
        Expr::Long(number) if number >= 0 => Expr::Long(-number),
        Expr::Real(number) if number.is_sign_positive() => Expr::Real(-number),
        other => Expr::Negative(Box::new(other)),
    })
}

fn path(pair: Pair<'_, Rule>) -> Result<Expr> {
    short_chain(&pair)?;
    let mut inner = pair.into_inner();
    let mut of = value(inner.next().expect("a path begins with a value"))?;
    for part in inner {
        let name = match part.as_rule() {
            Rule::property => literal::name(child(part, Rule::name))?,
            _ => match value(child(part, Rule::expr))? {
                Expr::Text(name) => name.into(),
                index => {
                    of = Expr::Index(Box::new(of), Box::new(index));
                    continue;
                }
            },
        };
        match &mut of {
            Expr::Path { names, .. } => names.push(name),
            _ => of = Expr::Path { of: Box::new(of), names: vec![name] },
        }
    }
    Ok(of)
}

fn call(pair: Pair<'_, Rule>) -> Result<Expr> {
    let mut inner = pair.clone().into_inner();
    let name = inner.next().expect("a call has a name");
    let mut arguments = inner.map(value).collect::<Result<Vec<_>>>()?;
    let function = match name.as_str() {
        "not" if arguments.len() == 1 => {
            let inner = as_condition(arguments.swap_remove(0));
            return Ok(Expr::truth(Logic::Not(Box::new(inner))));
        }
        "case" if arguments.len() >= 3 && arguments.len() % 2 == 1 => {
            let otherwise = Box::new(arguments.pop().expect("there are at least three"));
            let mut branches = Vec::with_capacity(arguments.len() / 2);
            let mut arguments = arguments.into_iter();
            while let (Some(when), Some(then)) = (arguments.next(), arguments.next()) {
                branches.push((as_condition(when), then));
            }
            return Ok(Expr::Case { branches, otherwise });
        }
        "not" | "case" => return fail(&pair, format!("wrong number of arguments to `{}`", name.as_str())),
        "iif" => Function::Iff,
        "toboolean" => Function::ToBool,
        other => match Function::ALL.into_iter().find(|function| function.name() == other) {
            Some(function) => function,
            None => return fail(&name, format!("the function `{other}` is not read")),
        },
    };
    Ok(Expr::Call(function, arguments))
}
