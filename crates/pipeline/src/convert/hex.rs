//! `hex`: a number that Sysmon writes in hexadecimal (`0x3e7`) and the column holds as a number (999), or that Sysmon writes
//! as a number (420) and a column of text holds in hexadecimal (`0x1a4`). A column of text holds the other form of the two.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{ColumnType, Comparison, Number, Scalar, Test};

#[derive(Debug)]
pub(crate) struct Hex(pub(crate) Place);

impl Hex {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let hexadecimal =
            matches!(leaf.test, Test::Text { pattern, .. } if pattern.as_literal().is_some_and(is_hexadecimal));
        if self.is_text() && !hexadecimal {
            return self.as_text(leaf);
        }
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

    fn is_text(&self) -> bool {
        self.0.column.ty == ColumnType::Text
    }

    fn as_text(&self, leaf: &Leaf<'_>) -> Mapping {
        let written = match leaf.test {
            Test::Text { pattern, .. } => pattern.as_literal().and_then(|text| text.parse().ok()),
            Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) } => Some(*number),
            Test::Exists(_) => return Ok(leaf.same(&self.0)),
            _ => None,
        };
        match written.filter(|number| *number >= 0) {
            Some(number) => Ok(leaf.equals(&self.0, &format!("{number:#x}"))),
            None => Err(leaf.refuse_value("the column holds a number in hexadecimal, and this is no whole number")),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        if self.is_text() {
            let written = values.iter().filter_map(|value| {
                let text = value.text();
                let number = number(&text).filter(|number| *number >= 0)?;
                Some(Scalar::Text(if is_hexadecimal(&text) { number.to_string() } else { format!("{number:#x}") }))
            });
            row.put(&self.0, written);
            return;
        }
        row.put(&self.0, values.iter().filter_map(|value| number(&value.text())).map(Scalar::Integer));
    }
}

fn is_hexadecimal(text: &str) -> bool {
    text.starts_with("0x") || text.starts_with("0X")
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
