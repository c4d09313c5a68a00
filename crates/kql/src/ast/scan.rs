//! The operator that matches rows in order.

use super::{Condition, Expr, Named, ScalarType};
use rulecast_ir::Name;

/// `scan with_match_id = … declare (…) with (step …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The column that numbers matches.
    pub match_id: Option<Name>,
    /// The columns that steps assign.
    pub declare: Vec<Declaration>,
    /// In order; at least one.
    pub steps: Vec<Step>,
}

/// A column that steps assign.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The column.
    pub name: Name,
    /// What it holds.
    pub ty: ScalarType,
    /// Its value where no step has assigned one; else it is null.
    pub default: Option<Expr>,
}

/// `step name output = …: condition => column = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What other steps call its state.
    pub name: Name,
    /// Which rows it gives.
    pub output: StepOutput,
    /// Which rows match.
    pub condition: Condition,
    /// What a row that matches assigns.
    pub assignments: Vec<Named>,
}

/// Which of the rows that match a step are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutput {
    /// All: the default.
    All,
    /// The last of those that match one after another.
    Last,
    /// None.
    None,
}
