//! `scan`.

use super::error::fail;
use super::grammar::Rule;
use super::{Result, child, children, expr, literal, operator};
use crate::ast::{Declaration, Scan, Step, StepOutput};
use pest::iterators::Pair;

pub(super) fn scan(pair: Pair<'_, Rule>) -> Result<Scan> {
    let match_id = children(pair.clone(), Rule::match_id).next();
    let match_id = match_id.map(|id| literal::name(child(id, Rule::name))).transpose()?;
    let declare = match children(pair.clone(), Rule::declare).next() {
        Some(list) => children(list, Rule::declaration).map(declaration).collect::<Result<_>>()?,
        None => Vec::new(),
    };
    let steps = children(pair, Rule::step).map(step).collect::<Result<_>>()?;
    Ok(Scan { match_id, declare, steps })
}

fn declaration(pair: Pair<'_, Rule>) -> Result<Declaration> {
    Ok(Declaration {
        name: literal::name(child(pair.clone(), Rule::name))?,
        ty: literal::scalar_type(&child(pair.clone(), Rule::type_name))?,
        default: children(pair, Rule::expr).next().map(expr::value).transpose()?,
    })
}

fn step(pair: Pair<'_, Rule>) -> Result<Step> {
    let output = match children(pair.clone(), Rule::word).next() {
        None => StepOutput::All,
        Some(word) => match word.as_str() {
            "all" => StepOutput::All,
            "last" => StepOutput::Last,
            "none" => StepOutput::None,
            _ => return fail(&word, "a step's output is all, last or none"),
        },
    };
    Ok(Step {
        name: literal::name(child(pair.clone(), Rule::name))?,
        output,
        condition: expr::condition(child(pair.clone(), Rule::expr))?,
        assignments: match children(pair, Rule::columns).next() {
            Some(columns) => operator::columns(columns)?,
            None => Vec::new(),
        },
    })
}
