//! The syntax tree of the SPL that we emit: where the events come from, and the commands behind it.
//!
//! Two expression grammars share [`Logic`]: [`SearchTerm`] of the `search` command, and [`WherePredicate`] of `where`
//! and `eval`. Neither holds escapes: `quote` alone adds them.

use rulecast_ir::{Comparison, Logic, Name, Number};

/// A pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where its events come from.
    pub start: Start,
    /// What they go through, in order.
    pub commands: Vec<Command>,
}

/// The first command of a pipeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Start {
    /// The base search, which is the implicit first command.
    Search(Logic<SearchTerm>),
    /// `multisearch`: the events of each subsearch, of which there are at least two. An event that several find stands
    /// in the result once for each.
    Multisearch(Vec<Subsearch>),
}

/// `[search … | …]`, a subsearch of `multisearch`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subsearch {
    /// Its `search`.
    pub search: Logic<SearchTerm>,
    /// What its events go through, in order: [`Command::Where`] and [`Command::Eval`] only, as `multisearch` takes none
    /// but streaming commands.
    pub commands: Vec<Command>,
}

/// A leaf of the `search` command. Values are compared without case, and any value of a field may match.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchTerm {
    /// `` `name` ``.
    Macro(Name),
    /// `field="value"`, `field=5`, `field>=5`.
    Compare {
        /// The field.
        field: Name,
        /// How.
        comparison: Comparison,
        /// To what.
        value: SearchValue,
    },
    /// `field IN ("a", "b*")`; at least two values.
    In {
        /// The field.
        field: Name,
        /// Any of them.
        values: Vec<SearchValue>,
    },
    /// `field=*`.
    Present(Name),
    /// `"*text*"`: anywhere in the raw event; `*` is a wildcard.
    Raw(String),
}

/// The right-hand side of a search term.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchValue {
    /// In quotes; `*` is a wildcard, and an address with a prefix length is a network.
    Text(String),
    /// Bare.
    Number(Number),
}

/// A command behind a pipe.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// `where`: keeps the events for which it holds.
    Where(Logic<WherePredicate>),
    /// `eval`: computes fields, in order.
    Eval(Vec<Assignment>),
    /// `sort 0`: without the limit of 10,000 rows.
    Sort(Vec<SortKey>),
    /// `streamstats current=f window=0 max(field) as name by keys`: the largest value of a field in the events of the
    /// same keys before this one.
    LargestBefore {
        /// Whose largest value.
        field: Name,
        /// What it is called.
        name: Name,
        /// The keys; none for all events together.
        by: Vec<Name>,
    },
    /// `mvexpand`: an event for each value of the field.
    Expand(Name),
    /// `dedup`: the first event of each combination.
    Dedup(Vec<Name>),
    /// `table`: these columns, in order.
    Table(Vec<Name>),
}

/// `name=value` of `eval`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The field.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// One key of `sort`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The field.
    pub field: Name,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// A leaf of `where`, and of the conditions in `eval`. SPL makes it NULL where an operand is; the lowering puts such a
/// leaf inside `if`, so that the whole is never NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum WherePredicate {
    /// `isnotnull(x)`.
    NotNull(Expr),
    /// `isnull(x)`.
    Null(Expr),
    /// `x=y`, `x>=y`.
    Compare {
        /// Left.
        left: Expr,
        /// How.
        comparison: Comparison,
        /// Right.
        right: Expr,
    },
    /// `cidrmatch("network", address)`.
    InNetwork {
        /// An address and a prefix length.
        network: String,
        /// The address.
        address: Expr,
    },
}

/// A value of `eval`.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A field.
    Field(Name),
    /// A number.
    Number(Number),
    /// Text, in quotes.
    Text(String),
    /// A PCRE pattern, in quotes and as it stands: it holds no quote, no backtick and no pair of backslashes.
    Regex(String),
    /// A function of values.
    Call {
        /// Which.
        function: Function,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `if(condition, then, otherwise)`. A NULL condition counts as false.
    If {
        /// The condition.
        condition: Box<Logic<WherePredicate>>,
        /// Where it holds.
        then: Box<Expr>,
        /// Where it does not.
        otherwise: Box<Expr>,
    },
    /// `case(condition, value, …)`: the value of the first condition that holds, else NULL.
    Case(Vec<(Logic<WherePredicate>, Expr)>),
    /// `a+b`.
    Sum(Box<Expr>, Box<Expr>),
    /// `a-b`.
    Difference(Box<Expr>, Box<Expr>),
}

/// A function of `eval` that we emit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `len`: the number of characters.
    Len,
    /// `lower`.
    Lower,
    /// `mvappend(value, …)`: all the values, without NULL.
    Mvappend,
    /// `mvfind(values, "regex")`: the index of the first value in which the regex matches, else NULL.
    Mvfind,
    /// `null()`.
    Null,
    /// `substr(text, start, length)`, from 1.
    Substr,
    /// `tonumber`: NULL unless the text is a number.
    Tonumber,
    /// `tostring`.
    Tostring,
}

impl Function {
    /// Its name in SPL.
    pub fn name(self) -> &'static str {
        match self {
            Function::Len => "len",
            Function::Lower => "lower",
            Function::Mvappend => "mvappend",
            Function::Mvfind => "mvfind",
            Function::Null => "null",
            Function::Substr => "substr",
            Function::Tonumber => "tonumber",
            Function::Tostring => "tostring",
        }
    }
}

impl Expr {
    /// A field by its name.
    pub fn field(name: &str) -> Self {
        Expr::Field(name.into())
    }

    /// A whole number.
    pub fn integer(number: i64) -> Self {
        Expr::Number(Number::Integer(number))
    }

    /// A call.
    pub fn call(function: Function, arguments: impl Into<Vec<Expr>>) -> Self {
        Expr::Call { function, arguments: arguments.into() }
    }

    /// `null()`.
    pub fn null() -> Self {
        Expr::call(Function::Null, [])
    }

    /// `if(condition, then, otherwise)`.
    pub fn if_else(condition: Logic<WherePredicate>, then: Expr, otherwise: Expr) -> Self {
        Expr::If { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) }
    }

    /// `if(condition,1,0)`; the flag itself, where the condition asks for one.
    pub fn flag(condition: Logic<WherePredicate>) -> Self {
        match condition {
            Logic::Test(WherePredicate::Compare {
                left: left @ Expr::If { .. },
                comparison: Comparison::Equal,
                right,
            }) if right == Expr::integer(1) => left,
            condition => Expr::if_else(condition, Expr::integer(1), Expr::integer(0)),
        }
    }
}

impl WherePredicate {
    /// `left=right`.
    pub fn equal(left: Expr, right: Expr) -> Self {
        WherePredicate::Compare { left, comparison: Comparison::Equal, right }
    }

    /// `if(condition,1,0)=1`: the condition, with NULL as false.
    pub fn holds(condition: Logic<WherePredicate>) -> Self {
        Self::equal(Expr::flag(condition), Expr::integer(1))
    }
}
