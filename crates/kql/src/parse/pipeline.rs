//! Statements and where rows come from.

use super::error::fail;
use super::grammar::Rule;
use super::{Result, child, children, expr, literal, operator};
use crate::ast::{Let, Pipeline, Query, Source};
use pest::iterators::Pair;

/// The whole text.
pub(super) fn query(pair: Pair<'_, Rule>) -> Result<Query> {
    let mut lets = Vec::new();
    let mut result = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::let_statement => lets.push(let_statement(part)?),
            Rule::pipeline => result = Some(pipeline(part)?),
            _ => {}
        }
    }
    Ok(Query { lets, pipeline: result.expect("the grammar demands a pipeline") })
}

fn let_statement(pair: Pair<'_, Rule>) -> Result<Let> {
    let name = literal::name(child(pair.clone(), Rule::name))?;
    if let Some(once) = children(pair.clone(), Rule::materialize).next() {
        let rows = pipeline(child(once, Rule::pipeline))?;
        return Ok(Let { name, pipeline: plain(Source::Materialize(Box::new(rows))) });
    }
    let pipeline = match children(pair.clone(), Rule::pipeline).next() {
        Some(rows) => pipeline(rows)?,
        None => Pipeline { source: Source::Scalar(expr::value(child(pair, Rule::expr))?), operators: Vec::new() },
    };
    Ok(Let { name, pipeline })
}

/// Rows and what is done to them. Parentheses around a source leave no trace: its operators come first.
pub(super) fn pipeline(pair: Pair<'_, Rule>) -> Result<Pipeline> {
    let mut inner = pair.into_inner();
    let source = inner.next().expect("a pipeline has a source").into_inner().next().expect("a source is of some kind");
    let mut pipeline = match source.as_rule() {
        Rule::pipeline | Rule::name => rows(source)?,
        Rule::union_source => plain(Source::Union(many_rows(source)?)),
        Rule::print_source => {
            let mut columns = child(source, Rule::columns).into_inner().enumerate();
            plain(Source::Print(columns.try_fold(Vec::new(), |mut all, (i, column)| -> Result<_> {
                all.push(operator::column(column, Some(&format!("print_{i}")))?);
                Ok(all)
            })?))
        }
        _ => plain(datatable(source)?),
    };
    for one in inner {
        pipeline.operators.push(operator::operator(one)?);
    }
    Ok(pipeline)
}

fn plain(source: Source) -> Pipeline {
    Pipeline { source, operators: Vec::new() }
}

/// A table by its name, or a pipeline in parentheses.
pub(super) fn rows(pair: Pair<'_, Rule>) -> Result<Pipeline> {
    match pair.as_rule() {
        Rule::name => Ok(plain(Source::Table(literal::name(pair)?))),
        _ => pipeline(pair),
    }
}

/// The operands of a union.
pub(super) fn many_rows(pair: Pair<'_, Rule>) -> Result<Vec<Pipeline>> {
    pair.into_inner().filter(|child| matches!(child.as_rule(), Rule::name | Rule::pipeline)).map(rows).collect()
}

fn datatable(pair: Pair<'_, Rule>) -> Result<Source> {
    let columns = children(pair.clone(), Rule::column_type)
        .map(|column| {
            let name = literal::name(child(column.clone(), Rule::name))?;
            Ok((name, literal::scalar_type(&child(column, Rule::type_name))?))
        })
        .collect::<Result<Vec<_>>>()?;
    let values = children(pair.clone(), Rule::expr).map(expr::value).collect::<Result<Vec<_>>>()?;
    if !values.len().is_multiple_of(columns.len()) {
        return fail(&pair, format!("{} values do not fill rows of {} columns", values.len(), columns.len()));
    }
    Ok(Source::DataTable { columns, values })
}
