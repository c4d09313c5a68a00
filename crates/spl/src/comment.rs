//! Comments: between three backticks and three more.
//!
//! Sources: the Search Manual, "Add comments to searches" (9.4). A comment counts as a space. What it does to an open quote
//! or to the call of a macro is not said, so that a comment here holds neither.

use rulecast_backend::comment_text;
use std::fmt::{self, Display, Formatter};

/// A line for people, which is no part of a query whatever the text holds.
pub struct Comment<'a>(pub &'a str);

impl Display for Comment<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "``` {} ```", comment_text(self.0).replace(['`', '"'], "'"))
    }
}
