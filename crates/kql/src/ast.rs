//! The syntax tree of the queries that we emit and read: a subset of KQL.
//!
//! What only the parser makes stands after what the lowering makes; where both could say a thing, the parser makes what the
//! lowering does.
//!
//! Canonical: boolean structure is [`Logic`], flat; names are unquoted; texts are unescaped.

mod aggregate;
mod comparison;
mod function;
mod scan;

pub use aggregate::{AggregateCall, AggregateFunction};
pub use comparison::Comparison;
pub use function::Function;
pub use scan::{Declaration, Scan, Step, StepOutput};

use rulecast_ir::{Logic, Name};

/// A query: named pipelines, then the one that gives the result.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// `let` statements, in order.
    pub lets: Vec<Let>,
    /// What the query returns.
    pub pipeline: Pipeline,
}

/// `let name = pipeline;`
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// What later pipelines call it.
    pub name: Name,
    /// What it stands for.
    pub pipeline: Pipeline,
}

/// Rows, and what is done to them in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// Where the rows come from.
    pub source: Source,
    /// The operators, in order.
    pub operators: Vec<Operator>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A table, or a pipeline by its `let` name.
    Table(Name),
    /// The rows of all of these.
    Union(Vec<Pipeline>),
    /// `print name = value`: one row.
    Print(Vec<Named>),
    /// `datatable (column: type) [values]`.
    DataTable {
        /// Its columns.
        columns: Vec<(Name, ScalarType)>,
        /// Its values, row by row.
        values: Vec<Expr>,
    },
    /// A value, not rows: only in a [`Let`], and without operators.
    Scalar(Expr),
    /// `materialize(pipeline)`: these rows, computed once for all that read them. Only in a [`Let`], and without operators.
    Materialize(Box<Pipeline>),
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`ScalarType::text` says how each is written")]
pub enum ScalarType {
    Bool,
    DateTime,
    Dynamic,
    Int,
    Long,
    Real,
    String,
    Timespan,
}

impl ScalarType {
    /// All types.
    pub const ALL: [ScalarType; 8] = [
        ScalarType::Bool,
        ScalarType::DateTime,
        ScalarType::Dynamic,
        ScalarType::Int,
        ScalarType::Long,
        ScalarType::Real,
        ScalarType::String,
        ScalarType::Timespan,
    ];

    /// As the language writes it.
    pub fn text(self) -> &'static str {
        match self {
            ScalarType::Bool => "bool",
            ScalarType::DateTime => "datetime",
            ScalarType::Dynamic => "dynamic",
            ScalarType::Int => "int",
            ScalarType::Long => "long",
            ScalarType::Real => "real",
            ScalarType::String => "string",
            ScalarType::Timespan => "timespan",
        }
    }
}

/// One step of a pipeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// Keeps rows.
    Where(Condition),
    /// Adds or replaces columns.
    Extend(Vec<Named>),
    /// Keeps and computes columns.
    Project(Vec<Named>),
    /// One row for each group.
    Summarize {
        /// What is computed.
        aggregates: Vec<Aggregate>,
        /// The columns that make a group.
        by: Vec<Name>,
    },
    /// Pairs rows with equal columns.
    Join {
        /// Which rows stay.
        kind: JoinKind,
        /// The `let` name of the other rows.
        right: Name,
        /// The columns that must be equal, on both sides.
        on: Vec<Name>,
    },
    /// Orders rows.
    Sort(Vec<SortKey>),
    /// Like [`Operator::Summarize`], by computed columns, or by none.
    Group {
        /// What is computed.
        aggregates: Vec<Aggregate>,
        /// What makes a group; none where all rows are one.
        by: Vec<Named>,
    },
    /// Like [`Operator::Join`], with a pipeline in place, or with columns of unlike names.
    JoinOn {
        /// Which rows stay.
        kind: JoinKind,
        /// The other rows.
        right: Pipeline,
        /// The columns that must be equal, left and right.
        on: Vec<(Name, Name)>,
    },
    /// Adds the rows of these.
    Union(Vec<Pipeline>),
    /// Drops columns.
    ProjectAway(Vec<Name>),
    /// Renames columns: the new name, the old one.
    ProjectRename(Vec<(Name, Name)>),
    /// One row for each combination of the values of these columns.
    Distinct(Vec<Name>),
    /// Some rows, at most that many.
    Take(u64),
    /// The first rows of an order.
    Top(u64, SortKey),
    /// The number of rows.
    Count,
    /// Fixes the order of rows, and adds columns.
    Serialize(Vec<Named>),
    /// One row for each element of a list: columns, and the type that each element becomes.
    MvExpand(Vec<(Named, Option<ScalarType>)>),
    /// Matches rows in order.
    Scan(Scan),
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// The column.
    pub name: Name,
    /// What it holds.
    pub value: Expr,
}

/// What a `summarize` computes for a group.
#[derive(Clone, Debug, PartialEq)]
pub enum Aggregate {
    /// `column = max(column)`.
    Max(Name),
    /// `column = min(column)`.
    Min(Name),
    /// The largest value of a column, and other columns of its row; at least one.
    ArgMax(Name, Vec<Name>),
    /// The smallest value of a column, and other columns of its row; at least one.
    ArgMin(Name, Vec<Name>),
    /// `name = countif(condition)`.
    CountIf {
        /// The column.
        name: Name,
        /// Which rows count.
        condition: Condition,
    },
    /// The largest value of a column, and the others of its row.
    ArgMaxAll(Name),
    /// The smallest value of a column, and the others of its row.
    ArgMinAll(Name),
    /// Any other.
    Call(AggregateCall),
}

/// Which rows a join keeps. The default of the language, `innerunique`, drops rows and is never used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// All pairs.
    Inner,
    /// All pairs, and rows of the left without one.
    LeftOuter,
    /// All pairs of one row of the left for each key: the default.
    InnerUnique,
    /// Rows of the left with a pair.
    LeftSemi,
    /// Rows of the left without a pair.
    LeftAnti,
}

impl JoinKind {
    /// All kinds.
    pub const ALL: [JoinKind; 5] =
        [JoinKind::Inner, JoinKind::LeftOuter, JoinKind::InnerUnique, JoinKind::LeftSemi, JoinKind::LeftAnti];

    /// As the language writes it.
    pub fn text(self) -> &'static str {
        match self {
            JoinKind::Inner => "inner",
            JoinKind::LeftOuter => "leftouter",
            JoinKind::InnerUnique => "innerunique",
            JoinKind::LeftSemi => "leftsemi",
            JoinKind::LeftAnti => "leftanti",
        }
    }
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// By what.
    pub by: Expr,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// What a row must satisfy.
pub type Condition = Logic<Test>;

/// A predicate without connectives.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `left operator right`.
    Compare {
        /// What is compared.
        left: Expr,
        /// How.
        operator: Comparison,
        /// To what.
        right: Expr,
    },
    /// `left in (values)`, `left in~ (values)`.
    In {
        /// What is compared.
        left: Expr,
        /// Whether case does not count.
        fold: bool,
        /// To any of what; at least two.
        values: Vec<Expr>,
    },
    /// A function of a truth value.
    Call(Function, Vec<Expr>),
    /// `left !in (values)`, `left !in~ (values)`.
    NotIn {
        /// What is compared.
        left: Expr,
        /// Whether case does not count.
        fold: bool,
        /// To any of what.
        values: Vec<Expr>,
    },
    /// `left has_any (values)`, `left has_all (values)`.
    HasTerms {
        /// What is searched.
        left: Expr,
        /// Whether it must have all.
        all: bool,
        /// What it must have.
        values: Vec<Expr>,
    },
    /// `left between (low .. high)`, `left !between (low .. high)`.
    Between {
        /// What is compared.
        left: Expr,
        /// Whether it must be outside.
        negated: bool,
        /// The smallest value inside.
        low: Expr,
        /// The largest value inside.
        high: Expr,
    },
    /// A truth value.
    Value(Expr),
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column.
    Column(Name),
    /// `*`: any column; only on the left of a text operator.
    AnyColumn,
    /// A string.
    Text(String),
    /// A whole number.
    Long(i64),
    /// A finite decimal number.
    Real(f64),
    /// True or false.
    Bool(bool),
    /// A length of time, in seconds.
    Timespan(u64),
    /// A property of an object.
    Path {
        /// The object.
        of: Box<Expr>,
        /// The names down to the value; at least one.
        names: Vec<Name>,
    },
    /// A function's value.
    Call(Function, Vec<Expr>),
    /// `left - right`.
    Minus(Box<Expr>, Box<Expr>),
    /// A truth value.
    Test(Box<Test>),
    /// `case(condition, value, …, otherwise)`.
    Case {
        /// In order; the first that holds gives the value. At least one.
        branches: Vec<(Condition, Expr)>,
        /// Where none holds.
        otherwise: Box<Expr>,
    },
    /// Truth values, connected.
    Logic(Box<Condition>),
    /// `-value`.
    Negative(Box<Expr>),
    /// `left + right`, and so on; a difference is [`Expr::Minus`].
    Arithmetic {
        /// The left operand.
        left: Box<Expr>,
        /// What is done.
        operator: Arithmetic,
        /// The right operand.
        right: Box<Expr>,
    },
    /// An element of a list.
    Index(Box<Expr>, Box<Expr>),
    /// A length of time that is no whole number of seconds, in units of 100 ns.
    Ticks(i64),
    /// A point in time, in units of 100 ns since 1970.
    DateTime(i64),
    /// No value, of a type.
    Null(ScalarType),
    /// A value of any shape.
    Dynamic(Box<serde_json::Value>),
}

/// An operator of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Arithmetic::text` says how each is written")]
pub enum Arithmetic {
    Plus,
    Times,
    Over,
    Remainder,
}

impl Arithmetic {
    /// As the language writes it.
    pub fn text(self) -> &'static str {
        match self {
            Arithmetic::Plus => "+",
            Arithmetic::Times => "*",
            Arithmetic::Over => "/",
            Arithmetic::Remainder => "%",
        }
    }
}

impl Named {
    /// A column as it is.
    pub(crate) fn itself(name: Name) -> Self {
        Self { value: Expr::Column(name.clone()), name }
    }
}

impl Expr {
    /// A function of some values.
    pub(crate) fn call(function: Function, arguments: impl Into<Vec<Expr>>) -> Self {
        Expr::Call(function, arguments.into())
    }

    /// A condition as a truth value, in the form that the parser gives it.
    pub(crate) fn truth(condition: Condition) -> Self {
        match condition {
            Logic::True => Expr::Bool(true),
            Logic::False => Expr::Bool(false),
            Logic::Test(Test::Value(value)) => value,
            Logic::Test(Test::Call(function, arguments)) => Expr::Call(function, arguments),
            Logic::Test(test) => Expr::Test(Box::new(test)),
            logic => Expr::Logic(Box::new(logic)),
        }
    }
}

impl Test {
    /// `left operator right`.
    pub(crate) fn compare(left: Expr, operator: Comparison, right: Expr) -> Self {
        Test::Compare { left, operator, right }
    }

    /// This test, and false where it is null.
    pub(crate) fn or_false(self) -> Self {
        Test::Call(Function::Coalesce, vec![Expr::Test(Box::new(self)), Expr::Bool(false)])
    }
}
