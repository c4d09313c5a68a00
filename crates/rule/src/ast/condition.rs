//! The condition of a detection, parsed.

use rulecast_diagnostics::Spanned;

/// `selection and not 1 of filter_*`.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A selection by its name.
    Selection(Spanned<String>),
    /// `1 of x*`, `all of them`.
    Selector(Spanned<Selector>),
    /// `not c`.
    Not(Box<Condition>),
    /// `a and b and c`; at least two.
    And(Vec<Condition>),
    /// `a or b or c`; at least two.
    Or(Vec<Condition>),
}

/// A quantifier over selections whose names match.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    /// How many of them must hold.
    pub quantifier: Quantifier,
    /// A name pattern with `*`; `None` for `them`.
    pub pattern: Option<String>,
}

/// How many of the selections must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// `1 of`, `any of`.
    Any,
    /// `all of`.
    All,
}
