//! The modifiers of Sigma, by name.
//!
//! Source: the modifier appendix of the Sigma specification; `neq`, the parts of a time and the long names of the regex
//! flags as the reference implementation reads them. Which may follow which is decided where rules get their meaning.

use super::named::named;

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

named!(Modifier {
    All = "all",
    Base64 = "base64",
    Base64Offset = "base64offset",
    Cased = "cased",
    Cidr = "cidr",
    Contains = "contains",
    Day = "day",
    EndsWith = "endswith",
    Exists = "exists",
    Expand = "expand",
    FieldRef = "fieldref",
    Gt = "gt",
    Gte = "gte",
    Hour = "hour",
    IgnoreCase = "i" | "ignorecase",
    Lt = "lt",
    Lte = "lte",
    Minute = "minute",
    Month = "month",
    MultiLine = "m" | "multiline",
    Neq = "neq",
    Re = "re",
    DotAll = "s" | "dotall",
    StartsWith = "startswith",
    Utf16 = "utf16",
    Utf16Be = "utf16be",
    Utf16Le = "utf16le",
    Week = "week",
    Wide = "wide",
    WinDash = "windash",
    Year = "year",
});

impl Modifier {
    /// What it does, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::All => "every value of the list must match, not any one of them",
            Self::Base64 => "matches the Base64 encoding of the value",
            Self::Base64Offset => "matches the Base64 encoding of the value at each of the three byte offsets",
            Self::Cased => "matches upper and lower case as written",
            Self::Cidr => "matches addresses inside the network",
            Self::Contains => "matches the value anywhere in the field",
            Self::Day => "compares the day of the month of a time",
            Self::EndsWith => "matches the value at the end of the field",
            Self::Exists => "`true` if the event has the field, `false` if it does not",
            Self::Expand => "replaces `%name%` by the values configured for that name",
            Self::FieldRef => "compares with the field of that name",
            Self::Gt => "the field is a greater number",
            Self::Gte => "the field is a greater or equal number",
            Self::Hour => "compares the hour of a time",
            Self::IgnoreCase => "the regular expression ignores case",
            Self::Lt => "the field is a smaller number",
            Self::Lte => "the field is a smaller or equal number",
            Self::Minute => "compares the minute of a time",
            Self::Month => "compares the month of a time",
            Self::MultiLine => "`^` and `$` of the regular expression match at each line",
            Self::Neq => "the item holds where its values do not match",
            Self::Re => "the value is a regular expression, found anywhere in the field",
            Self::DotAll => "`.` of the regular expression matches line breaks too",
            Self::StartsWith => "matches the value at the start of the field",
            Self::Utf16 => "encodes the value as UTF-16 with a byte order mark",
            Self::Utf16Be => "encodes the value as big-endian UTF-16",
            Self::Utf16Le => "encodes the value as little-endian UTF-16",
            Self::Week => "compares the week of the year of a time",
            Self::Wide => "encodes the value as little-endian UTF-16, as `utf16le` does",
            Self::WinDash => "a dash that starts an option also stands for a slash and for the other dashes",
            Self::Year => "compares the year of a time",
        }
    }
}
