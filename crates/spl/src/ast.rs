//! The syntax tree of the SPL that we emit: where the events come from, and the commands behind it.
//!
//! Two expression grammars share [`Logic`]: [`SearchTerm`] of the `search` command, and [`WherePredicate`] of `where`
//! and `eval`. Neither holds escapes: `quote` alone adds them.
//!
//! Some nodes are only read, by the parser: those that say so are never emitted.

mod columns;
mod commands;

pub use columns::Columns;
pub(crate) use columns::TIME_MODIFIERS;
pub use commands::{Aggregate, AggregateFunction, BinSpan, Streamstats, Tstats};

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
    /// `tstats`: a row for each combination of the keys, from the summaries of a data model.
    Tstats(Tstats),
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
    /// `field!="value"`: the field is there, and does not hold the value. Only read.
    Differ {
        /// The field.
        field: Name,
        /// What it is not.
        value: SearchValue,
    },
    /// `CASE(text)`: in the raw event, with regard to case. Only read.
    RawCased(String),
}

/// The right-hand side of a search term.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchValue {
    /// In quotes; `*` is a wildcard, and an address with a prefix length is a network.
    Text(String),
    /// Bare.
    Number(Number),
    /// `CASE("value")`: with regard to case. Only read.
    Cased(String),
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
    /// `search`: keeps the events that it finds. Only read.
    Search(Logic<SearchTerm>),
    /// `regex field="pattern"`, `regex field!="pattern"`; of the raw event without a field. Only read.
    Regex {
        /// The field.
        field: Option<Name>,
        /// Whether it keeps the events without a match.
        negated: bool,
        /// The pattern, as in [`Expr::Regex`].
        pattern: String,
    },
    /// `rex field=name "pattern"`: its named groups become fields. Only read.
    Rex {
        /// The field.
        field: Name,
        /// The pattern, as in [`Expr::Regex`].
        pattern: String,
    },
    /// `sort` with a limit; 10,000 where none is written. Only read.
    SortFirst {
        /// How many rows it keeps, of the sorted ones.
        limit: u64,
        /// By what.
        keys: Vec<SortKey>,
    },
    /// `streamstats`, in any form but that of [`Command::LargestBefore`].
    Streamstats(Streamstats),
    /// `stats`: a row for each combination of the keys. Only read.
    Stats {
        /// What it computes.
        aggregates: Vec<Aggregate>,
        /// The keys; none for one row.
        by: Vec<Name>,
    },
    /// `fields`: keeps or removes columns; `*` is a wildcard in their names. Only read.
    Fields {
        /// Whether it keeps them.
        keep: bool,
        /// Which.
        fields: Vec<Name>,
    },
    /// `rename old as new, …`. Only read.
    Rename(Vec<(Name, Name)>),
    /// `bin field span=5m as name`: its values, rounded down. Only read.
    Bin {
        /// The field.
        field: Name,
        /// To multiples of what.
        span: BinSpan,
        /// What the rounded values are called; the field's own name where there is none.
        name: Option<Name>,
    },
    /// `head`: the first rows. Only read.
    Head(u64),
    /// `` `name` ``: commands that a macro stands for, as a filter that people adapt. Not evaluated, and never emitted by the
    /// lowering: [`Query::filtered`] puts it there.
    Macro(Name),
    /// `transaction`: events grouped. Only read, and not evaluated.
    Transaction {
        /// The fields that its events share.
        fields: Vec<Name>,
        /// Its options, as they are written.
        options: Vec<(Name, String)>,
    },
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
    /// `x!=y`. Only read.
    Differ {
        /// Left.
        left: Expr,
        /// Right.
        right: Expr,
    },
    /// A function that is true or false: `match`, `like`, `in`.
    Truth(Expr),
    /// `(a XOR b)`. Only read.
    Xor(Box<Logic<WherePredicate>>, Box<Logic<WherePredicate>>),
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
    /// A PCRE pattern, in quotes and as it stands: it holds no quote, no backtick, no pair of backslashes and
    /// no pipe behind a backslash.
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
    /// `a*b`.
    Product(Box<Expr>, Box<Expr>),
    /// `a/b`.
    Quotient(Box<Expr>, Box<Expr>),
    /// `a%b`.
    Remainder(Box<Expr>, Box<Expr>),
    /// `a.b`: one text behind the other.
    Concat(Box<Expr>, Box<Expr>),
}

/// A function of `eval` that we emit or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `coalesce(value, …)`: the first that is not NULL.
    Coalesce,
    /// `floor(number)`.
    Floor,
    /// `in(value, text, …)`. Only read.
    In,
    /// `len`: the number of characters.
    Len,
    /// `like(text, "pattern")`: `%` is any run, `_` any character. Only read.
    Like,
    /// `lower`.
    Lower,
    /// `match(text, "regex")`.
    Match,
    /// `max(value, …)`. Only read.
    Max,
    /// `min(value, …)`. Only read.
    Min,
    /// `mvappend(value, …)`: all the values, without NULL.
    Mvappend,
    /// `mvcount(values)`: how many, NULL for none. Only read.
    Mvcount,
    /// `mvfind(values, "regex")`: the index of the first value in which the regex matches, else NULL.
    Mvfind,
    /// `null()`.
    Null,
    /// `replace(text, "regex", replacement)`. Only read.
    Replace,
    /// `round(number, digits)`: to that many digits behind the point.
    Round,
    /// `strftime(time, format)`: in the time zone of the user.
    Strftime,
    /// `strptime(text, format)`: in the time zone of the user, unless the text names one.
    Strptime,
    /// `substr(text, start, length)`, from 1.
    Substr,
    /// `tonumber`: NULL unless the text is a number.
    Tonumber,
    /// `tostring`.
    Tostring,
    /// `upper`. Only read.
    Upper,
}

impl Function {
    /// Its name in SPL.
    pub fn name(self) -> &'static str {
        match self {
            Function::Coalesce => "coalesce",
            Function::Floor => "floor",
            Function::In => "in",
            Function::Len => "len",
            Function::Like => "like",
            Function::Lower => "lower",
            Function::Match => "match",
            Function::Max => "max",
            Function::Min => "min",
            Function::Mvappend => "mvappend",
            Function::Mvcount => "mvcount",
            Function::Mvfind => "mvfind",
            Function::Null => "null",
            Function::Replace => "replace",
            Function::Round => "round",
            Function::Strftime => "strftime",
            Function::Strptime => "strptime",
            Function::Substr => "substr",
            Function::Tonumber => "tonumber",
            Function::Tostring => "tostring",
            Function::Upper => "upper",
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
