//! Comments: from two slashes to the end of the line.

use rulecast_backend::comment_text;
use std::fmt::{self, Display, Formatter};

/// A line for people, which is no part of a query whatever the text holds.
pub struct Comment<'a>(pub &'a str);

impl Display for Comment<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "// {}", comment_text(self.0))
    }
}
