//! `hex_text`: a number that Sysmon writes in decimal (`420`) and the column holds as hexadecimal text (`0x1a4`).
//!
//! Both are written in one way: without leading zeros, with the `0x` in front. So a number is one text. Order and parts of
//! the digits are lost, and refused.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Comparison, Number, Scalar, Test};

#[derive(Debug)]
pub(crate) struct HexText(pub(crate) Place);

impl HexText {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let number = match leaf.test {
            Test::Exists(_) => return Ok(leaf.same(&self.0)),
            Test::Number { comparison: Comparison::Equal, number: Number::Integer(number) } => {
                u64::try_from(*number).ok()
            }
            Test::Text { pattern, .. } => pattern.as_literal().and_then(decimal),
            _ => return Err(leaf.refuse_value("the column holds the number as hexadecimal text, such as `0x1a4`")),
        };
        match number {
            Some(number) => Ok(leaf.equals(&self.0, &format!("{number:#x}"))),
            None => Err(leaf.refuse_value(
                "the column holds a number as hexadecimal text, such as `0x1a4`, and this is no number in decimal",
            )),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let numbers = values.iter().filter_map(|value| decimal(&value.text()));
        row.put(&self.0, numbers.map(|number| Scalar::Text(format!("{number:#x}"))));
    }
}

/// The number, if the text is how it is written in decimal.
fn decimal(text: &str) -> Option<u64> {
    let is_short = !text.starts_with('0') || text == "0";
    (is_short && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";

    #[test]
    fn a_decimal_number_is_hexadecimal_text() {
        assert_snapshot!(mapped("winlog", PROCESS, item("ProcessId", &["420"])), @"NewProcessId = '0x1a4'");
        assert_snapshot!(mapped("winlog", PROCESS, item("ProcessId|number", &["4"])), @"NewProcessId = '0x4'");
        assert_snapshot!(mapped("winlog", PROCESS, item("ProcessId", &["0"])), @"NewProcessId = '0x0'");
        assert_snapshot!(mapped("winlog", PROCESS, item("ParentProcessId|exists", &["false"])), @"ProcessId missing");
        for value in ["0x1a4", "04", "-4", "4*", "", "99999999999999999999"] {
            assert_eq!(
                mapped("winlog", PROCESS, item("ProcessId", &[value])),
                format!(
                    "value at 10: the value `{value}` of `ProcessId` cannot be mapped: the column holds a number as \
                     hexadecimal text, such as `0x1a4`, and this is no number in decimal"
                )
            );
        }
        assert_snapshot!(
            mapped("winlog", PROCESS, item("ProcessId|fieldref", &["CommandLine"])),
            @"field-comparison at 10: `ProcessId` cannot be compared with another field: no one column holds it as it is"
        );
        assert_snapshot!(
            mapped("winlog", PROCESS, item("ProcessId|fieldref", &["ParentProcessId"])),
            @"NewProcessId = ProcessId"
        );
    }

    #[test]
    fn of_an_event_the_hexadecimal_text_stands_there() {
        assert_snapshot!(
            projected("winlog", PROCESS, &[("ProcessId", "420"), ("ParentProcessId", "none")]),
            @"windows_eventlog {NewProcessId: '0x1a4'}"
        );
        let events: [&[(&str, &str)]; 3] = [&[], &[("ProcessId", "420")], &[("ProcessId", "4")]];
        let items: [(&str, &[&str]); 3] =
            [("ProcessId", &["420", "4711"]), ("ProcessId|number", &["4"]), ("ProcessId|exists", &["true"])];
        agree("winlog", PROCESS, &events, &items);
    }
}
