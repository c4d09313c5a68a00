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

#[cfg(test)]
mod tests {
    use crate::testing::{item, mapped};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";

    #[test]
    fn hexadecimal_text_is_a_number() {
        assert_snapshot!(mapped("xdr", PROCESS, item("LogonId", &["0x3e7"])), @"LogonId = 999");
        assert_snapshot!(mapped("xdr", PROCESS, item("LogonId|number", &["999"])), @"LogonId = 999");
        assert_snapshot!(mapped("xdr", PROCESS, item("LogonId|exists", &["false"])), @"LogonId missing");
        assert_snapshot!(
            mapped("xdr", PROCESS, item("LogonId", &["null"])),
            @"value at 10: the value `null` of `LogonId` cannot be mapped: the column holds a number, and this is none"
        );
        assert_snapshot!(
            mapped("ecs", PROCESS, item("LogonId", &["0x3e7"])),
            @"process.Ext.authentication_id = '0x3e7' {mapping:LogonId} or winlog.logon.id = '0x3e7' {mapping:LogonId}"
        );
    }
}
