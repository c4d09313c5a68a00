//! The modifiers of Sigma, by name.

/// A modifier after a field: `CommandLine|contains|all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the Sigma modifier of that name; `summary` says what it does")]
pub enum Modifier {
    All,
    Base64,
    Base64Offset,
    Cased,
    Cidr,
    Contains,
    Day,
    EndsWith,
    Exists,
    Expand,
    FieldRef,
    Gt,
    Gte,
    Hour,
    /// `i`, after `re`.
    IgnoreCase,
    Lt,
    Lte,
    Minute,
    Month,
    /// `m`, after `re`.
    MultiLine,
    Neq,
    Re,
    /// `s`, after `re`.
    DotAll,
    StartsWith,
    Utf16,
    Utf16Be,
    Utf16Le,
    Week,
    Wide,
    WinDash,
    Year,
}
