//! The syntax tree of the queries that we emit: a subset of KQL.
//!
//! Canonical: boolean structure is [`Logic`], flat; names are unquoted; texts are unescaped.

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
}

/// Which rows a join keeps. The default of the language, `innerunique`, drops rows and is never used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// All pairs.
    Inner,
    /// All pairs, and rows of the left without one.
    LeftOuter,
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
}

/// An operator of two values that gives a truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Comparison::text` says how each is written")]
pub enum Comparison {
    Equal,
    EqualFold,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    StartsWith,
    StartsWithCased,
    EndsWith,
    EndsWithCased,
    Contains,
    ContainsCased,
    MatchesRegex,
}

impl Comparison {
    /// As the language writes it.
    pub fn text(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::EqualFold => "=~",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::StartsWith => "startswith",
            Comparison::StartsWithCased => "startswith_cs",
            Comparison::EndsWith => "endswith",
            Comparison::EndsWithCased => "endswith_cs",
            Comparison::Contains => "contains",
            Comparison::ContainsCased => "contains_cs",
            Comparison::MatchesRegex => "matches regex",
        }
    }
}

/// A scalar function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`Function::name` says how each is written")]
pub enum Function {
    Coalesce,
    Ipv6IsMatch,
    IsEmpty,
    IsNotEmpty,
    IsNotNull,
    IsNull,
    ParseJson,
    StrCat,
    StrLen,
    ToBool,
    ToDateTime,
    ToLong,
    ToReal,
    ToString,
}

impl Function {
    /// As the language writes it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Coalesce => "coalesce",
            Function::Ipv6IsMatch => "ipv6_is_match",
            Function::IsEmpty => "isempty",
            Function::IsNotEmpty => "isnotempty",
            Function::IsNotNull => "isnotnull",
            Function::IsNull => "isnull",
            Function::ParseJson => "parse_json",
            Function::StrCat => "strcat",
            Function::StrLen => "strlen",
            Function::ToBool => "tobool",
            Function::ToDateTime => "todatetime",
            Function::ToLong => "tolong",
            Function::ToReal => "toreal",
            Function::ToString => "tostring",
        }
    }
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
}

impl Expr {
    /// A function of some values.
    pub(crate) fn call(function: Function, arguments: impl Into<Vec<Expr>>) -> Self {
        Expr::Call(function, arguments.into())
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
