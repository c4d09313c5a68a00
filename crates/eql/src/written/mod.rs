//! What people write in EQL and Rulecast does not: functions, arithmetic, optional fields, sequences with runs or
//! missing events, samples.
//!
//! Promises: the parser reads these, the printer writes them, and what the rest of the syntax tree can hold never stands
//! here. Source: Elasticsearch's EQL syntax reference.

mod print;

use crate::ast::{EventQuery, TextOperator};
use rulecast_ir::{Name, Number};

/// A test of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum Wide {
    /// A function that is true or false, or a boolean field.
    Holds(Expression),
    /// `length(f) > 3`
    Compare {
        /// What is compared.
        left: Expression,
        /// How.
        comparator: Comparator,
        /// With what.
        right: Expression,
    },
    /// `?f : ("v", "w")`; never [`TextOperator::In`] nor [`TextOperator::InCaseless`].
    Text {
        /// What is tested.
        left: Expression,
        /// How it compares.
        operator: TextOperator,
        /// At least one; any may match.
        values: Vec<String>,
    },
    /// `length(f) in (1, 2)`
    Among {
        /// What is tested.
        left: Expression,
        /// Whether it is `in~`.
        caseless: bool,
        /// At least one; any may equal it.
        values: Vec<Expression>,
    },
}

/// How expressions compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Something with a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// A field.
    Field(Key),
    /// `substring~(f, 1)`
    Call {
        /// The name of the function, without `~`.
        function: Name,
        /// Whether `~` follows the name.
        caseless: bool,
        /// What it is called with.
        arguments: Vec<Expression>,
    },
    /// `-f`
    Minus(Box<Expression>),
    /// `f + 1`
    Arithmetic {
        /// What is on the left.
        left: Box<Expression>,
        /// What is done.
        operator: Arithmetic,
        /// What is on the right.
        right: Box<Expression>,
    },
}

/// An operator on numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// A field that may be optional: `f`, `?f`.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The field.
    pub field: Name,
    /// Whether it need not be mapped, and, as part of a key, may be missing.
    pub optional: bool,
}

/// Events in order, some repeated or missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The fields whose values all steps share.
    pub by: Vec<Key>,
    /// Milliseconds from the first event to the last.
    pub maxspan: Option<u64>,
    /// In order; at least one.
    pub steps: Vec<SeriesStep>,
    /// What ends a sequence begun before it.
    pub until: Option<SeriesStep>,
}

/// One step of a [`Series`].
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesStep {
    /// `![…]`: no such event.
    pub missing: bool,
    /// Which events.
    pub query: EventQuery,
    /// The fields that hold the rest of the key in this step; each step has as many.
    pub by: Vec<Key>,
    /// How many such events in a row, 1 to 100.
    pub runs: u8,
}

/// Events that share a key, in any order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The fields whose values all steps share.
    pub by: Vec<Key>,
    /// At least two.
    pub steps: Vec<SampleStep>,
}

/// One step of a [`Sample`].
#[derive(Clone, Debug, PartialEq)]
pub struct SampleStep {
    /// Which events.
    pub query: EventQuery,
    /// The fields that hold the rest of the key in this step; each step has as many.
    pub by: Vec<Key>,
}
