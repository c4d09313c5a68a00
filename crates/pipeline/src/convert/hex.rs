//! `hex`: a number that Sysmon writes in hexadecimal (`0x3e7`) and the column holds as a number (999).

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Comparison, Number, Scalar, Test};

#[derive(Debug)]
pub(crate) struct Hex(pub(crate) Place);

impl Hex {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let pattern = match leaf.test {
            Test::Text { pattern, .. } => pattern,
            Test::Number { .. } | Test::Exists(_) => return Ok(leaf.same(&self.0)),
            _ => return Err(leaf.refuse_value("the column holds a number")),
        };
        match pattern.as_literal().and_then(number) {
            Some(number) => {
                let test = Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) };
                Ok(leaf.on(&self.0, test))
            }
            None => Err(leaf.refuse_value("the column holds a number, and this is none")),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        row.put(&self.0, values.iter().filter_map(|value| number(&value.text())).map(Scalar::Integer));
    }
}

/// `0x3e7`, `999`.
fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
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

    #[test]
    fn of_an_event_the_number_stands_there() {
        assert_snapshot!(projected("xdr", PROCESS, &[("LogonId", "0x3e7")]), @"DeviceProcessEvents {LogonId: 999}");
        assert_snapshot!(projected("xdr", PROCESS, &[("LogonId", "none")]), @"DeviceProcessEvents {}");
        let events: [&[(&str, &str)]; 3] = [&[], &[("LogonId", "0x3e7")], &[("LogonId", "0x3e8")]];
        agree("xdr", PROCESS, &events, &[("LogonId", &["0x3e7"]), ("LogonId|exists", &["true"])]);
    }
}
