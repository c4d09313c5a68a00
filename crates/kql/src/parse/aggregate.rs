//! `summarize`.

use super::error::fail;
use super::grammar::Rule;
use super::{Result, child, children, expr, literal, operator};
use crate::ast::{Aggregate, AggregateCall, AggregateFunction, Expr, Operator, Test};
use pest::iterators::Pair;
use rulecast_ir::{Logic, Name};

pub(super) fn summarize(pair: Pair<'_, Rule>) -> Result<Operator> {
    let aggregates = children(pair.clone(), Rule::aggregate).map(aggregate).collect::<Result<Vec<_>>>()?;
    let by = match children(pair.clone(), Rule::columns).next() {
        Some(columns) => operator::columns(columns)?,
        None => Vec::new(),
    };
    if aggregates.is_empty() && by.is_empty() {
        return fail(&pair, "nothing to summarize");
    }
    let names: Option<Vec<Name>> = by
        .iter()
        .map(|column| matches!(&column.value, Expr::Column(name) if *name == column.name).then(|| column.name.clone()))
        .collect();
    Ok(match names {
        Some(by) if !by.is_empty() && !aggregates.is_empty() => Operator::Summarize { aggregates, by },
        _ => Operator::Group { aggregates, by },
    })
}

fn aggregate(pair: Pair<'_, Rule>) -> Result<Aggregate> {
    let written = child(pair.clone(), Rule::function);
    let name = children(pair.clone(), Rule::name).next().map(literal::name).transpose()?;
    let everything = children(pair.clone(), Rule::everything).count();
    let mut arguments: Vec<_> = children(pair.clone(), Rule::expr).collect();
    let function = written.as_str();
    match function {
        "countif" if arguments.len() == 1 && everything == 0 => {
            let condition = expr::condition(arguments.swap_remove(0))?;
            let name = name.unwrap_or_else(|| match &condition {
                Logic::Test(Test::Value(Expr::Column(column))) => format!("countif_{column}").into(),
                _ => "countif_".into(),
            });
            return Ok(Aggregate::CountIf { name, condition });
        }
        "arg_max" | "arg_min" => {
            let mut columns = arguments
                .into_iter()
                .map(|argument| match expr::value(argument.clone())? {
                    Expr::Column(column) => Ok(column),
                    _ => fail(&argument, "only a column is read here"),
                })
                .collect::<Result<Vec<_>>>()?;
            let all = everything == 1 && columns.len() == 1;
            if name.is_some() || !(all || everything == 0 && columns.len() > 1) {
                return fail(&pair, format!("`{function}` is read with a column first, then columns or `*`, unnamed"));
            }
            let of = columns.remove(0);
            return Ok(match (function, all) {
                ("arg_max", true) => Aggregate::ArgMaxAll(of),
                ("arg_min", true) => Aggregate::ArgMinAll(of),
                ("arg_max", false) => Aggregate::ArgMax(of, columns),
                _ => Aggregate::ArgMin(of, columns),
            });
        }
        _ => {}
    }
    let Some(known) = AggregateFunction::ALL.into_iter().find(|known| known.name() == function) else {
        return fail(&written, format!("the aggregate `{function}` is not read"));
    };
    let arguments = arguments.into_iter().map(expr::value).collect::<Result<Vec<_>>>()?;
    let expected = match known {
        AggregateFunction::Count => 0,
        AggregateFunction::Percentile => 2,
        _ => 1,
    };
    if arguments.len() != expected || everything > 0 {
        return fail(&pair, format!("`{function}` is read with {expected} arguments"));
    }
    let Some(name) = name.or_else(|| default_name(known, &arguments)) else {
        return fail(&pair, "an aggregate of a computed value needs a name: `name = …`");
    };
    Ok(match (known, arguments.as_slice()) {
        (AggregateFunction::Max, [Expr::Column(column)]) if *column == name => Aggregate::Max(name),
        (AggregateFunction::Min, [Expr::Column(column)]) if *column == name => Aggregate::Min(name),
        _ => Aggregate::Call(AggregateCall { name, function: known, arguments }),
    })
}

/// The name that Microsoft's parser gives: `count_`, `max_x`, `set_x`, `percentile_x_95`.
fn default_name(function: AggregateFunction, arguments: &[Expr]) -> Option<Name> {
    let prefix = match function {
        AggregateFunction::Count => return Some("count_".into()),
        AggregateFunction::MakeSet => "set_",
        AggregateFunction::MakeList => "list_",
        AggregateFunction::TakeAny => "",
        function => &format!("{}_", function.name()),
    };
    match arguments {
        [Expr::Column(column)] => Some(format!("{prefix}{column}").into()),
        [Expr::Column(column), Expr::Long(number)] => Some(format!("{prefix}{column}_{number}").into()),
        _ => None,
    }
}
