//! Regex text to its tree.

/// The flags that modifiers give a whole regex.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegexFlags {
    /// `i`: case does not count.
    pub ignore_case: bool,
    /// `m`: `^` and `$` match beside line feeds too.
    pub multi_line: bool,
    /// `s`: `.` matches a line feed too.
    pub dot_all: bool,
}

/// Why a regex was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegexError {
    /// One sentence.
    pub message: String,
    /// The bytes of the regex text that it is about.
    pub range: std::ops::Range<usize>,
}
