//! Binds expressions to the columns in sight: names become places, types are checked, regexes are compiled once.

use super::scope::{Record, Scope};
use super::value::{Ty, Value};
use super::{EvalError, Result, compare, function};
use crate::ast::{Arithmetic, Condition, Expr, ScalarType, Test};
use crate::time;
use rulecast_ir::Logic;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an expression is evaluated for.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) rows: &'a [Arc<Record>],
    pub(super) at: usize,
    /// The rows that the steps of a `scan` matched.
    pub(super) state: &'a [Option<Arc<Record>>],
}

impl<'a> Context<'a> {
    pub(super) fn row(rows: &'a [Arc<Record>], at: usize) -> Self {
        Self { rows, at, state: &[] }
    }
}

type Run = Box<dyn Fn(&Context<'_>) -> Result<Value>>;
type Decide = Box<dyn Fn(&Context<'_>) -> Result<Option<bool>>>;

/// An expression that can be evaluated.
pub(super) struct Bound {
    pub(super) ty: Ty,
    /// Which of the joined rows it reads.
    pub(super) slots: u64,
    /// Its value, where it is the same for all rows.
    pub(super) constant: Option<Value>,
    run: Run,
}

impl Bound {
    pub(super) fn constant(ty: Ty, value: Value) -> Self {
        let own = value.clone();
        Self { ty, slots: 0, constant: Some(value), run: Box::new(move |_| Ok(own.clone())) }
    }

    pub(super) fn eval(&self, context: &Context<'_>) -> Result<Value> {
        (self.run)(context)
    }

    /// A value made of others by a function without memory.
    pub(super) fn of(
        ty: Ty,
        arguments: Vec<Bound>,
        function: impl Fn(&[Value]) -> Result<Value> + 'static,
    ) -> Result<Self> {
        let slots = arguments.iter().fold(0, |slots, argument| slots | argument.slots);
        let constants: Option<Vec<Value>> = arguments.iter().map(|argument| argument.constant.clone()).collect();
        if let Some(constants) = constants {
            return Ok(Self::constant(ty, function(&constants)?));
        }
        let run: Run = Box::new(move |context| {
            let values = arguments.iter().map(|argument| argument.eval(context)).collect::<Result<Vec<_>>>()?;
            function(&values)
        });
        Ok(Self { ty, slots, constant: None, run })
    }

    /// A value that depends on the row in a way of its own.
    pub(super) fn raw(ty: Ty, slots: u64, run: impl Fn(&Context<'_>) -> Result<Value> + 'static) -> Self {
        Self { ty, slots, constant: None, run: Box::new(run) }
    }
}

/// A condition that can be evaluated: true, false or null.
pub(super) struct Predicate {
    pub(super) slots: u64,
    decide: Decide,
}

impl Predicate {
    pub(super) fn new(slots: u64, decide: impl Fn(&Context<'_>) -> Result<Option<bool>> + 'static) -> Self {
        Self { slots, decide: Box::new(decide) }
    }

    pub(super) fn decide(&self, context: &Context<'_>) -> Result<Option<bool>> {
        (self.decide)(context)
    }
}

/// What names stand for where an expression is.
#[derive(Clone, Copy)]
pub(super) struct Binder<'a> {
    pub(super) scope: &'a Scope,
    pub(super) scalars: &'a BTreeMap<String, (Ty, Value)>,
    pub(super) now: Option<i64>,
    /// The steps of the `scan` that it is in, with the columns and the value of each that none has matched.
    pub(super) steps: &'a [(Arc<str>, &'a Scope, Arc<Record>)],
    /// Whether the order of rows means something.
    pub(super) ordered: bool,
}

impl Binder<'_> {
    pub(super) fn condition(&self, condition: &Condition) -> Result<Predicate> {
        match condition {
            Logic::True => Ok(Predicate::new(0, |_| Ok(Some(true)))),
            Logic::False => Ok(Predicate::new(0, |_| Ok(Some(false)))),
            Logic::Test(test) => self.test(test),
            Logic::Not(inner) => {
                let inner = self.condition(inner)?;
                Ok(Predicate::new(inner.slots, move |context| Ok(inner.decide(context)?.map(|truth| !truth))))
            }
            Logic::And(all) => self.connected(all, false),
            Logic::Or(any) => self.connected(any, true),
        }
    }

    /// The first operand that is `decisive` decides; else a null leaves it open.
    fn connected(&self, operands: &[Condition], decisive: bool) -> Result<Predicate> {
        let operands = operands.iter().map(|operand| self.condition(operand)).collect::<Result<Vec<_>>>()?;
        let slots = operands.iter().fold(0, |slots, operand| slots | operand.slots);
        Ok(Predicate::new(slots, move |context| {
            let mut all = Some(!decisive);
            for operand in &operands {
                match operand.decide(context)? {
                    Some(truth) if truth == decisive => return Ok(Some(decisive)),
                    Some(_) => {}
                    None => all = None,
                }
            }
            Ok(all)
        }))
    }

    fn test(&self, test: &Test) -> Result<Predicate> {
        match test {
            Test::Compare { left: Expr::AnyColumn, operator, right } => compare::any_column(self, *operator, right),
            Test::Compare { left, operator, right } => compare::pair(self.bind(left)?, *operator, self.bind(right)?),
            Test::In { left, fold, values } => compare::list(self, left, *fold, values, false),
            Test::NotIn { left, fold, values } => compare::list(self, left, *fold, values, true),
            Test::HasTerms { left, all, values } => compare::terms(self, left, *all, values),
            Test::Between { left, negated, low, high } => {
                compare::between(self.bind(left)?, *negated, self.bind(low)?, self.bind(high)?)
            }
            Test::Call(function, arguments) => truth(function::bind(self, *function, arguments)?),
            Test::Value(value) => truth(self.bind(value)?),
        }
    }

    pub(super) fn bind(&self, expr: &Expr) -> Result<Bound> {
        Ok(match expr {
            Expr::Column(name) => self.name(name)?,
            Expr::AnyColumn => return Err(EvalError::new("`*` stands before a text operator alone")),
            Expr::Text(text) => Bound::constant(Ty::Text, Value::text(text)),
            Expr::Long(number) => Bound::constant(Ty::Long, Value::Long(*number)),
            Expr::Real(number) => Bound::constant(Ty::Real, Value::Real(*number)),
            Expr::Bool(truth) => Bound::constant(Ty::Bool, Value::Bool(*truth)),
            Expr::Timespan(seconds) => {
                let ticks = i64::try_from(*seconds).ok().and_then(|seconds| seconds.checked_mul(time::SECOND));
                let ticks = ticks.ok_or_else(|| EvalError::new("too long a time"))?;
                Bound::constant(Ty::Timespan, Value::Timespan(ticks))
            }
            Expr::Ticks(ticks) => Bound::constant(Ty::Timespan, Value::Timespan(*ticks)),
            Expr::DateTime(ticks) => Bound::constant(Ty::DateTime, Value::DateTime(*ticks)),
            Expr::Null(ScalarType::String) => return Err(EvalError::new("a string is never null")),
            Expr::Null(ty) => Bound::constant((*ty).into(), Value::Null),
            Expr::Dynamic(json) => Bound::constant(Ty::Dynamic, Value::dynamic((**json).clone())),
            Expr::Path { of, names } => self.path(of, names)?,
            Expr::Index(of, index) => function::element(self.bind(of)?, self.bind(index)?)?,
            Expr::Call(function, arguments) => function::bind(self, *function, arguments)?,
            Expr::Negative(value) => {
                function::arithmetic("-", Bound::constant(Ty::Long, Value::Long(0)), self.bind(value)?)?
            }
            Expr::Minus(left, right) => function::arithmetic("-", self.bind(left)?, self.bind(right)?)?,
            Expr::Arithmetic { left, operator, right } => {
                let text = match operator {
                    Arithmetic::Plus => "+",
                    Arithmetic::Times => "*",
                    Arithmetic::Over => "/",
                    Arithmetic::Remainder => "%",
                };
                function::arithmetic(text, self.bind(left)?, self.bind(right)?)?
            }
            Expr::Test(test) => truth_value(self.test(test)?),
            Expr::Logic(logic) => truth_value(self.condition(logic)?),
            Expr::Case { branches, otherwise } => {
                let branches = branches
                    .iter()
                    .map(|(condition, value)| Ok((self.condition(condition)?, self.bind(value)?)))
                    .collect::<Result<Vec<_>>>()?;
                function::case(branches, self.bind(otherwise)?)?
            }
        })
    }

    /// A column, or what a `let` names.
    fn name(&self, name: &str) -> Result<Bound> {
        match (self.scope.find(name), self.scalars.get(name)) {
            (Some(_), Some(_)) => Err(EvalError::new(format!("`{name}` is a column and a value of a `let`"))),
            (Some(at), None) => Ok(self.column(at)),
            (None, Some((ty, value))) => Ok(Bound::constant(*ty, value.clone())),
            (None, None) if self.scope.open => Ok(Bound::raw(Ty::Text, 1, {
                let empty = Value::text("");
                move |_| Ok(empty.clone())
            })),
            (None, None) => self.scope.column(name).map(|at| self.column(at)),
        }
    }

    pub(super) fn column(&self, at: usize) -> Bound {
        let column = &self.scope.columns[at];
        Bound::raw(column.ty, column.slots, move |context| {
            match context.rows.get(context.at).and_then(|row| row.values.get(at)) {
                Some(Value::Several) => Err(EvalError::new("a column that holds one value has several")),
                Some(value) => Ok(value.clone()),
                None => Err(EvalError::new("a row lacks a column")),
            }
        })
    }

    /// A property of an object, or a column as a step of a `scan` matched it.
    fn path(&self, of: &Expr, names: &[rulecast_ir::Name]) -> Result<Bound> {
        let (value, names) = match (of, names) {
            (Expr::Column(step), [column, rest @ ..]) if self.scope.find(step).is_none() => {
                match self.steps.iter().position(|(name, ..)| **name == **step) {
                    Some(at) => (self.step(at, column)?, rest),
                    None => (self.bind(of)?, names),
                }
            }
            _ => (self.bind(of)?, names),
        };
        names
            .iter()
            .try_fold(value, |value, name| function::element(value, Bound::constant(Ty::Text, Value::text(name))))
    }

    fn step(&self, step: usize, column: &str) -> Result<Bound> {
        let (_, scope, unmatched) = &self.steps[step];
        let at = scope.column(column)?;
        let unmatched = Arc::clone(unmatched);
        Ok(Bound::raw(scope.columns[at].ty, 1, move |context| {
            let matched = context.state.get(step).and_then(Option::as_ref).unwrap_or(&unmatched);
            matched.values.get(at).cloned().ok_or_else(|| EvalError::new("a row lacks a column"))
        }))
    }
}

/// A value as a condition.
fn truth(value: Bound) -> Result<Predicate> {
    match value.ty {
        Ty::Bool => Ok(Predicate::new(value.slots, move |context| value.eval(context)?.as_truth())),
        ty => Err(EvalError::new(format!("a condition is a bool, not a {}", ty.name()))),
    }
}

/// A condition as a value.
fn truth_value(predicate: Predicate) -> Bound {
    Bound::raw(Ty::Bool, predicate.slots, move |context| Ok(Value::bool(predicate.decide(context)?)))
}
