//! Another name for a column.

use crate::ast::{Aggregate, Condition, Expr, Named, Operator, Pipeline, Query, Scan, SortKey, Source, Test};
use rulecast_ir::{Logic, Name};

impl Query {
    /// The same query where a column of its tables has another name, and so have all columns that are called after it.
    ///
    /// Nothing if the query has a column of the new name already: the two would become one.
    #[must_use]
    pub fn with_column_renamed(&self, from: &str, to: &Name) -> Option<Query> {
        let (mut renamed, mut clash) = (self.clone(), false);
        let mut rename = Rename {
            name: &mut |name| {
                clash |= *name == *to;
                if **name == *from {
                    *name = to.clone();
                }
            },
            steps: Vec::new(),
        };
        for one in &mut renamed.lets {
            rename.pipeline(&mut one.pipeline);
        }
        rename.pipeline(&mut renamed.pipeline);
        (!clash).then_some(renamed)
    }
}

/// Comes by every name of a column.
struct Rename<'a> {
    name: &'a mut dyn FnMut(&mut Name),
    /// The steps of the `scan` that it is in: what looks like an object with a property is a column of a row that one holds.
    steps: Vec<Name>,
}

impl Rename<'_> {
    fn names(&mut self, names: &mut [Name]) {
        names.iter_mut().for_each(|name| (self.name)(name));
    }

    fn named(&mut self, named: &mut [Named]) {
        for one in named {
            (self.name)(&mut one.name);
            self.expr(&mut one.value);
        }
    }

    fn pipeline(&mut self, pipeline: &mut Pipeline) {
        match &mut pipeline.source {
            Source::Table(_) => {}
            Source::Union(parts) => parts.iter_mut().for_each(|part| self.pipeline(part)),
            Source::Print(named) => self.named(named),
            Source::DataTable { columns, values } => {
                columns.iter_mut().for_each(|(name, _)| (self.name)(name));
                self.exprs(values);
            }
            Source::Scalar(value) => self.expr(value),
            Source::Materialize(rows) => self.pipeline(rows),
        }
        pipeline.operators.iter_mut().for_each(|operator| self.operator(operator));
    }

    fn operator(&mut self, operator: &mut Operator) {
        match operator {
            Operator::Where(condition) => self.condition(condition),
            Operator::Extend(named) | Operator::Project(named) | Operator::Serialize(named) => self.named(named),
            Operator::Summarize { aggregates, by } => {
                self.aggregates(aggregates);
                self.names(by);
            }
            Operator::Group { aggregates, by } => {
                self.aggregates(aggregates);
                self.named(by);
            }
            Operator::Join { on, .. } => self.names(on),
            Operator::JoinOn { right, on, .. } => {
                self.pipeline(right);
                for (left, right) in on {
                    (self.name)(left);
                    (self.name)(right);
                }
            }
            Operator::Sort(keys) => keys.iter_mut().for_each(|SortKey { by, .. }| self.expr(by)),
            Operator::Top(_, SortKey { by, .. }) => self.expr(by),
            Operator::Union(parts) => parts.iter_mut().for_each(|part| self.pipeline(part)),
            Operator::ProjectAway(names) | Operator::Distinct(names) => self.names(names),
            Operator::ProjectRename(renamed) => {
                for (new, old) in renamed {
                    (self.name)(new);
                    (self.name)(old);
                }
            }
            Operator::Take(_) | Operator::Count => {}
            Operator::MvExpand(named) => {
                for (one, _) in named {
                    (self.name)(&mut one.name);
                    self.expr(&mut one.value);
                }
            }
            Operator::Scan(scan) => self.scan(scan),
        }
    }

    fn scan(&mut self, scan: &mut Scan) {
        scan.match_id.iter_mut().for_each(|name| (self.name)(name));
        for one in &mut scan.declare {
            (self.name)(&mut one.name);
            one.default.iter_mut().for_each(|value| self.expr(value));
        }
        self.steps = scan.steps.iter().map(|step| step.name.clone()).collect();
        for step in &mut scan.steps {
            self.condition(&mut step.condition);
            self.named(&mut step.assignments);
        }
        self.steps.clear();
    }

    fn aggregates(&mut self, aggregates: &mut [Aggregate]) {
        for aggregate in aggregates {
            match aggregate {
                Aggregate::Max(name)
                | Aggregate::Min(name)
                | Aggregate::ArgMaxAll(name)
                | Aggregate::ArgMinAll(name) => (self.name)(name),
                Aggregate::ArgMax(name, others) | Aggregate::ArgMin(name, others) => {
                    (self.name)(name);
                    self.names(others);
                }
                Aggregate::CountIf { name, condition } => {
                    (self.name)(name);
                    self.condition(condition);
                }
                Aggregate::Call(call) => {
                    (self.name)(&mut call.name);
                    self.exprs(&mut call.arguments);
                }
            }
        }
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Logic::True | Logic::False => {}
            Logic::Test(test) => self.test(test),
            Logic::Not(inner) => self.condition(inner),
            Logic::And(parts) | Logic::Or(parts) => parts.iter_mut().for_each(|part| self.condition(part)),
        }
    }

    fn test(&mut self, test: &mut Test) {
        match test {
            Test::Compare { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Test::In { left, values, .. } | Test::NotIn { left, values, .. } | Test::HasTerms { left, values, .. } => {
                self.expr(left);
                self.exprs(values);
            }
            Test::Call(_, arguments) => self.exprs(arguments),
            Test::Between { left, low, high, .. } => {
                self.expr(left);
                self.expr(low);
                self.expr(high);
            }
            Test::Value(value) => self.expr(value),
        }
    }

    fn exprs(&mut self, exprs: &mut [Expr]) {
        exprs.iter_mut().for_each(|one| self.expr(one));
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Column(name) => (self.name)(name),
            Expr::Path { of, names } => match &**of {
                Expr::Column(step) if self.steps.contains(step) => {
                    names.first_mut().into_iter().for_each(|name| (self.name)(name));
                }
                _ => self.expr(of),
            },
            Expr::Call(_, arguments) => self.exprs(arguments),
            Expr::Minus(left, right) | Expr::Index(left, right) | Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Test(test) => self.test(test),
            Expr::Case { branches, otherwise } => {
                for (condition, value) in branches {
                    self.condition(condition);
                    self.expr(value);
                }
                self.expr(otherwise);
            }
            Expr::Logic(condition) => self.condition(condition),
            Expr::Negative(value) => self.expr(value),
            Expr::AnyColumn
            | Expr::Text(_)
            | Expr::Long(_)
            | Expr::Real(_)
            | Expr::Bool(_)
            | Expr::Timespan(_)
            | Expr::Ticks(_)
            | Expr::DateTime(_)
            | Expr::Null(_)
            | Expr::Dynamic(_) => {}
        }
    }
}
