//! What templates see of a rule.

use rulecast_rule::ast::Date;

/// `2024-01-31`.
pub(super) fn date(date: &Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}
