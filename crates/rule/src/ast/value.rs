//! Scalars, and nodes of free shape.

use rulecast_diagnostics::Spanned;

/// A scalar, resolved by our own rule from its text and quoting.
///
/// Quoted and block scalars are text. Plain scalars are `null` (`null` in the three usual spellings, `~`, or nothing),
/// booleans (`true`, `false` in the three usual spellings), integers (decimal without leading zeros, `0x…`), decimal
/// numbers, else text. So `00000429`, `yes`, `12:30`, `1_000`, `1e3` and dates are text: the YAML versions disagree on
/// them, and rules mean the text. So is an integer past 64 bits: no number of ours can hold it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, decoded.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite decimal number.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`, `~` or an empty value.
    Null,
}

/// YAML of any shape, for keys whose content is the user's own.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A scalar.
    Scalar(Value),
    /// A sequence.
    List(Vec<Spanned<Node>>),
    /// A mapping, in the order written; keys as text.
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
}
