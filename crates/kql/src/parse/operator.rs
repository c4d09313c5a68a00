//! Operators of a pipeline.

use super::error::fail;
use super::grammar::Rule;
use super::{Result, aggregate, child, children, expr, literal, pipeline, scan};
use crate::ast::{Expr, Function, JoinKind, Named, Operator, Pipeline, SortKey, Source};
use pest::iterators::Pair;
use rulecast_ir::Name;

pub(super) fn operator(pair: Pair<'_, Rule>) -> Result<Operator> {
    Ok(match pair.as_rule() {
        Rule::where_op => Operator::Where(expr::condition(child(pair, Rule::expr))?),
        Rule::extend_op => Operator::Extend(columns(child(pair, Rule::columns))?),
        Rule::project_op => Operator::Project(columns(child(pair, Rule::columns))?),
        Rule::project_away => Operator::ProjectAway(literal::names(child(pair, Rule::names))?),
        Rule::project_rename => Operator::ProjectRename(
            children(pair, Rule::rename)
                .map(|rename| {
                    let mut names = children(rename, Rule::name).map(literal::name);
                    let mut next = || names.next().expect("a renaming has two names");
                    Ok((next()?, next()?))
                })
                .collect::<Result<_>>()?,
        ),
        Rule::distinct_op => Operator::Distinct(literal::names(child(pair, Rule::names))?),
        Rule::take_op => Operator::Take(count(&child(pair, Rule::integer))?),
        Rule::count_op => Operator::Count,
        Rule::serialize_op => Operator::Serialize(match children(pair, Rule::columns).next() {
            Some(list) => columns(list)?,
            None => Vec::new(),
        }),
        Rule::union_op => Operator::Union(pipeline::many_rows(pair)?),
        Rule::sort_op => Operator::Sort(children(pair, Rule::sort_key).map(sort_key).collect::<Result<_>>()?),
        Rule::top_op => {
            let rows = count(&child(pair.clone(), Rule::integer))?;
            Operator::Top(rows, sort_key(child(pair, Rule::sort_key))?)
        }
        Rule::summarize_op => aggregate::summarize(pair)?,
        Rule::join_op => join(pair)?,
        Rule::mv_expand => Operator::MvExpand(
            children(pair, Rule::expanded)
                .map(|expanded| {
                    let ty = children(expanded.clone(), Rule::type_name).next();
                    let ty = ty.map(|ty| literal::scalar_type(&ty)).transpose()?;
                    Ok((column(child(expanded, Rule::column), None)?, ty))
                })
                .collect::<Result<_>>()?,
        ),
        Rule::scan_op => Operator::Scan(scan::scan(pair)?),
        _ => return fail(&pair, "not an operator that is read"),
    })
}

fn count(pair: &Pair<'_, Rule>) -> Result<u64> {
    pair.as_str().parse().or_else(|_| fail(pair, "too large a number of rows"))
}

/// A list of columns.
pub(super) fn columns(pair: Pair<'_, Rule>) -> Result<Vec<Named>> {
    children(pair, Rule::column).map(|one| column(one, None)).collect()
}

/// A column: named, or named after what it holds as the language does, or `otherwise`.
pub(super) fn column(pair: Pair<'_, Rule>, otherwise: Option<&str>) -> Result<Named> {
    let value = expr::value(child(pair.clone(), Rule::expr))?;
    if let Some(name) = children(pair.clone(), Rule::name).next() {
        return Ok(Named { name: literal::name(name)?, value });
    }
    match own_name(&value).or(otherwise.map(Name::from)) {
        Some(name) => Ok(Named { name, value }),
        None => fail(&pair, "a computed column needs a name: `name = …`"),
    }
}

/// The name that Microsoft's parser gives to a column: its own; the names of a path joined by `_`; of `bin(x, …)` and
/// `tostring(x)`, that of x.
fn own_name(value: &Expr) -> Option<Name> {
    match value {
        Expr::Column(name) => Some(name.clone()),
        Expr::Path { of, names } => {
            let first = own_name(of)?;
            Some(std::iter::once(&first).chain(names).map(|name| &**name).collect::<Vec<_>>().join("_").into())
        }
        Expr::Call(Function::Bin | Function::ToString, arguments) => own_name(arguments.first()?),
        _ => None,
    }
}

/// Without a direction the largest comes first; nulls come where the language puts them.
fn sort_key(pair: Pair<'_, Rule>) -> Result<SortKey> {
    let descending = children(pair.clone(), Rule::asc).next().is_none();
    let wrong = if descending { Rule::first } else { Rule::last };
    if let Some(nulls) = children(pair.clone(), wrong).next() {
        return fail(&nulls, "nulls stand last in a descending order and first in an ascending one: no other is read");
    }
    Ok(SortKey { by: expr::value(child(pair, Rule::expr))?, descending })
}

fn join(pair: Pair<'_, Rule>) -> Result<Operator> {
    let kind = match children(pair.clone(), Rule::join_kind).next() {
        None => JoinKind::InnerUnique,
        Some(written) => {
            let word = child(written, Rule::word);
            match JoinKind::ALL.into_iter().find(|kind| kind.text() == word.as_str()) {
                Some(kind) => kind,
                None => return fail(&word, format!("the join kind `{}` is not read", word.as_str())),
            }
        }
    };
    let rows = child(pair.clone(), Rule::join_rows).into_inner().next().expect("a join has rows");
    let right = pipeline::rows(rows)?;
    let on = children(pair, Rule::join_key).map(join_key).collect::<Result<Vec<_>>>()?;
    let same = on.iter().all(|(left, right)| left == right);
    match right {
        Pipeline { source: Source::Table(right), operators } if same && operators.is_empty() => {
            Ok(Operator::Join { kind, right, on: on.into_iter().map(|(name, _)| name).collect() })
        }
        right => Ok(Operator::JoinOn { kind, right, on }),
    }
}

fn join_key(pair: Pair<'_, Rule>) -> Result<(Name, Name)> {
    if let Some(name) = children(pair.clone(), Rule::name).next() {
        let name = literal::name(name)?;
        return Ok((name.clone(), name));
    }
    let (mut left, mut right) = (None, None);
    for side in children(pair.clone(), Rule::side) {
        let name = literal::name(child(side.clone(), Rule::name))?;
        let slot = if children(side, Rule::left_side).next().is_some() { &mut left } else { &mut right };
        *slot = Some(name);
    }
    match (left, right) {
        (Some(left), Some(right)) => Ok((left, right)),
        _ => fail(&pair, "a condition of a join is a name, or `$left.name == $right.name`"),
    }
}
