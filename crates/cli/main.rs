//! The `rulecast` command.
fn main() {}
