//! `hex`: a number that Sysmon writes in hexadecimal (`0x3e7`) and the column holds as a number (999).

use super::{Leaf, Mapping, Place};
use rulecast_ir::{Comparison, Number, Test};

#[derive(Debug)]
pub(crate) struct Hex(pub(crate) Place);

impl Hex {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let pattern = match leaf.test {
            Test::Text { pattern, .. } => pattern,
            Test::Number { .. } | Test::Exists(_) => return Ok(leaf.same(&self.0)),
            _ => return Err(leaf.refuse_value("the column holds a number")),
        };
        let number = pattern.as_literal().and_then(|text| match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        });
        match number {
            Some(number) => {
                let test = Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) };
                Ok(leaf.on(&self.0, test))
            }
            None => Err(leaf.refuse_value("the column holds a number, and this is none")),
        }
    }
}
