//! `dword`: the data of a registry value, which Sysmon writes by its type.
//!
//! Numbers are `DWORD (0x00000001)` and `QWORD (0x…)` there, and `1` in a SIEM; bytes are `Binary Data`, an empty text
//! is `(Empty)`. Any other text stands as it is, and is then not of a number.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Case, Logic, Mapped, Pattern, Predicate, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct Dword {
    pub(crate) data: Place,
    /// Whether numbers stand there as `0x00000001` too.
    pub(crate) hex: bool,
    /// Whether `Binary Data` and `(Empty)` stand there too, as Sysmon writes them.
    pub(crate) words: bool,
    /// Whether any of it may stand there as Sysmon writes it, too.
    pub(crate) written: bool,
    pub(crate) types: Option<Types>,
}

/// The column of the value's type, and what it holds for the types that matter.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) column: Place,
    pub(crate) dword: Vec<String>,
    pub(crate) qword: Vec<String>,
    pub(crate) binary: Vec<String>,
}

impl Types {
    fn any(&self, leaf: &Leaf<'_>, of: &[&[String]]) -> Option<Predicate<Mapped>> {
        let names = of.iter().copied().flatten();
        let tests = names.map(|name| leaf.equals(&self.column, name)).collect::<Vec<_>>();
        (!tests.is_empty()).then(|| Logic::any(tests))
    }
}

/// A number as Sysmon writes it. The word before it may be cut off: only a QWORD is written in two halves.
struct Number {
    word: Word,
    digits: String,
    value: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Dword,
    Qword,
}

impl Dword {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let (pattern, case) = match leaf.test {
            Test::Text { pattern, case } => (pattern, *case),
            Test::Regex(regex) if regex.text.contains("WORD") || regex.text.contains("0x") => {
                return Err(leaf.refuse_value("numbers stand in decimal, without `DWORD`"));
            }
            Test::Exists(wanted) => return Ok(self.exists(leaf, *wanted)),
            _ => return Ok(leaf.same(&self.data)),
        };
        let shape = pattern.shape();
        if let Shape::Exact(text) | Shape::Prefix(text) | Shape::Suffix(text) | Shape::Contains(text) = shape {
            if let Some(number) = number(text) {
                return Ok(self.or_written(leaf, self.number(leaf, &number)));
            }
            let word = |word: &str| self.words.then(|| leaf.equals(&self.data, word));
            if text.eq_ignore_ascii_case("(Empty)") {
                let empty = Logic::any([leaf.unchecked().equals(&self.data, "")].into_iter().chain(word("(Empty)")));
                return Ok(self.or_written(leaf, empty));
            }
            if text.eq_ignore_ascii_case("Binary Data") {
                if let Some(word) = word("Binary Data") {
                    let typed = self.types.as_ref().and_then(|types| types.any(&leaf.unchecked(), &[&types.binary]));
                    return Ok(Logic::any([word].into_iter().chain(typed)));
                }
                let binary = self.types.as_ref().and_then(|types| types.any(&leaf.unchecked(), &[&types.binary]));
                let binary = binary.map(|binary| self.or_written(leaf, binary));
                return binary.ok_or_else(|| leaf.refuse_value("the data model does not tell binary data"));
            }
        }
        if let Shape::Prefix(text) = shape
            && let Some(word) = word_alone(text)
        {
            let typed = self.typed(leaf, Some(word)).map(|typed| self.or_written(leaf, typed));
            return typed.ok_or_else(|| leaf.refuse_value("the data model does not tell a number from a text"));
        }
        let part = |text: &str| text.contains("WORD (") || text.contains("(0x");
        if pattern.as_literal().is_none() && pattern.literals().any(part) {
            return Err(leaf.refuse_value("numbers stand in decimal, without `DWORD`, and this is a part of one"));
        }
        Ok(self.text(leaf, pattern, case))
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        for text in values.iter().map(Scalar::text) {
            let (data, ty) = self.held(&text);
            if let Some(data) = data {
                row.put_text(&self.data, data);
            }
            if let (Some(types), Some(name)) = (&self.types, ty.first()) {
                row.put_text(&types.column, name.as_str());
            }
        }
    }

    /// What the SIEM holds of the data, and the names of its type, as far as they matter.
    fn held(&self, text: &str) -> (Option<String>, &[String]) {
        let names = |of: fn(&Types) -> &Vec<String>| self.types.as_ref().map_or(&[][..], |types| of(types));
        match number(text) {
            Some(Number { word: Word::Dword, value, .. }) => (Some(value.to_string()), names(|types| &types.dword)),
            Some(Number { word: Word::Qword, value, .. }) => (Some(value.to_string()), names(|types| &types.qword)),
            None if self.words => (Some(text.to_owned()), &[]),
            None if text.eq_ignore_ascii_case("Binary Data") => (None, names(|types| &types.binary)),
            None if text.eq_ignore_ascii_case("(Empty)") => (Some(String::new()), &[]),
            None => (Some(text.to_owned()), &[]),
        }
    }

    fn number(&self, leaf: &Leaf<'_>, number: &Number) -> Predicate<Mapped> {
        let typed = self.typed(leaf, Some(number.word));
        // Where the type is not told, a text of the same digits is taken for the number.
        let leaf = if typed.is_none() { &leaf.unchecked() } else { leaf };
        let mut data = vec![leaf.equals(&self.data, &number.value.to_string())];
        if self.hex {
            data.push(leaf.equals(&self.data, &format!("0x{}", number.digits)));
        }
        Logic::all([Logic::any(data), typed.unwrap_or(Logic::True)])
    }

    /// This, or the test of what Sysmon writes.
    fn or_written(&self, leaf: &Leaf<'_>, held: Predicate<Mapped>) -> Predicate<Mapped> {
        if self.written { Logic::any([held, leaf.same(&self.data)]) } else { held }
    }

    /// Bytes are no text, and there all the same.
    fn exists(&self, leaf: &Leaf<'_>, wanted: bool) -> Predicate<Mapped> {
        let binary = self.types.as_ref().and_then(|types| types.any(&leaf.unchecked(), &[&types.binary]));
        let data = leaf.on(&self.data, Test::Exists(wanted));
        match (binary, wanted) {
            (None, _) => data,
            (Some(binary), true) => Logic::any([data, binary]),
            (Some(binary), false) => Logic::all([data, binary.negate()]),
        }
    }

    /// That the value has the type of this word, or of either; none if the model does not tell.
    fn typed(&self, leaf: &Leaf<'_>, word: Option<Word>) -> Option<Predicate<Mapped>> {
        let types = self.types.as_ref()?;
        match word {
            Some(Word::Dword) => types.any(leaf, &[&types.dword]),
            Some(Word::Qword) => types.any(leaf, &[&types.qword]),
            None => types.any(leaf, &[&types.dword, &types.qword]),
        }
    }

    /// A text, which the decimal digits of a number must not meet.
    fn text(&self, leaf: &Leaf<'_>, pattern: &Pattern, case: Case) -> Predicate<Mapped> {
        let test = |leaf: &Leaf<'_>| leaf.text(&self.data, pattern.clone(), case);
        if !pattern.literals().all(|text| text.bytes().all(|byte| byte.is_ascii_digit())) {
            return test(leaf);
        }
        match self.typed(leaf, None) {
            Some(number) => Logic::all([test(leaf), number.negate()]),
            None => test(&leaf.unchecked()),
        }
    }
}

/// `DWORD (0x00000001)`, `(0x00000001)`.
fn number(text: &str) -> Option<Number> {
    let (word, rest) = word(text);
    let digits = super::strip_prefix_caseless(rest.trim_start(), "(0x")?.strip_suffix(')')?;
    let halves = digits.contains("-0x");
    let word = word.unwrap_or(if halves { Word::Qword } else { Word::Dword });
    let value = u64::from_str_radix(&digits.replace("-0x", ""), 16).ok()?;
    Some(Number { word, digits: digits.to_owned(), value })
}

/// `DWORD`, `DWORD (`, `DWORD (0x`: any number of the type.
fn word_alone(text: &str) -> Option<Word> {
    let (word, rest) = word(text);
    word.filter(|_| " (0x".starts_with(rest))
}

fn word(text: &str) -> (Option<Word>, &str) {
    for (name, word) in [("DWORD", Word::Dword), ("QWORD", Word::Qword)] {
        if let Some(rest) = super::strip_prefix_caseless(text, name) {
            return (Some(word), rest);
        }
    }
    (None, text)
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const SET: &str = "windows/registry_set";

    #[test]
    fn a_number_stands_in_decimal() {
        assert_snapshot!(
            mapped("xdr", SET, item("Details", &["DWORD (0x00000001)"])),
            @"RegistryValueData = '1' and RegistryValueType = 'Dword'"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("Details", &["QWORD (0x00000000-0x0000000a)"])),
            @"RegistryValueData = '10' and RegistryValueType = 'Qword'"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("Details|endswith", &["(0x00000010)"])),
            @"RegistryValueData = '16' and RegistryValueType = 'Dword'"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("Details", &["DWORD (0x0000000a)"])),
            @"(registry.data.strings = '10' or registry.data.strings = '0x0000000a') and (registry.data.type = 'REG_DWORD' or registry.data.type = 'SZ_DWORD')"
        );
        assert_snapshot!(mapped("xdr", SET, item("Details|startswith", &["DWORD"])), @"RegistryValueType = 'Dword'");
        assert_snapshot!(
            mapped("xdr", SET, item("Details|contains", &["Binary Data"])),
            @"RegistryValueType = 'Binary' {mapping:Details}"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("Details", &["Binary Data"])),
            @"registry.data.type = 'REG_BINARY' {mapping:Details}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("Details", &["(Empty)"])),
            @"RegistryValueData = '' {mapping:Details}"
        );
    }

    #[test]
    fn a_text_is_not_of_a_number() {
        assert_snapshot!(mapped("xdr", SET, item("Details|contains", &[".exe"])), @"RegistryValueData = '*.exe*'");
        assert_snapshot!(
            mapped("xdr", SET, item("Details", &["1", "DWORD (00000001)"])),
            @"(RegistryValueData = '1' and not (RegistryValueType = 'Dword' or RegistryValueType = 'Qword')) or RegistryValueData = 'DWORD (00000001)'"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("Details|startswith", &["4"])),
            @"registry.data.strings = '4*' and not (registry.data.type = 'REG_DWORD' or registry.data.type = 'SZ_DWORD' or registry.data.type = 'REG_QWORD' or registry.data.type = 'SZ_QWORD')"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("Details|exists", &["true"])),
            @"RegistryValueData exists or RegistryValueType = 'Binary' {mapping:Details}"
        );
    }

    #[test]
    fn a_part_of_a_number_is_refused() {
        assert_snapshot!(
            mapped("xdr", SET, item("Details|startswith", &["DWORD (0x0000"])),
            @"value at 10: the value `DWORD (0x0000*` of `Details` cannot be mapped: numbers stand in decimal, without `DWORD`, and this is a part of one"
        );
        assert_snapshot!(
            mapped("asim", SET, item("Details|startswith", &["DWORD (0x0"])),
            @"value at 10: the value `DWORD (0x0*` of `Details` cannot be mapped: numbers stand in decimal, without `DWORD`, and this is a part of one"
        );
    }

    #[test]
    fn of_an_event_a_number_stands_in_decimal_with_its_type() {
        assert_snapshot!(
            projected("xdr", SET, &[("Details", "DWORD (0x0000000a)")]),
            @"DeviceRegistryEvents {RegistryValueData: '10', RegistryValueType: 'Dword'}"
        );
        assert_snapshot!(
            projected("xdr", SET, &[("Details", "QWORD (0x00000001-0x00000000)")]),
            @"DeviceRegistryEvents {RegistryValueData: '4294967296', RegistryValueType: 'Qword'}"
        );
        assert_snapshot!(
            projected("ecs", SET, &[("Details", "Binary Data")]),
            @"events {registry.data.type: 'REG_BINARY'}"
        );
        assert_snapshot!(
            projected("xdr", SET, &[("Details", "(Empty)")]),
            @"DeviceRegistryEvents {RegistryValueData: ''}"
        );
        assert_snapshot!(
            projected("xdr", SET, &[("Details", r"C:\x.exe")]),
            @r"DeviceRegistryEvents {RegistryValueData: 'C:\x.exe'}"
        );
        let events: [&[(&str, &str)]; 8] = [
            &[],
            &[("Details", "DWORD (0x00000001)")],
            &[("Details", "DWORD (0x00000010)")],
            &[("Details", "QWORD (0x00000000-0x00000001)")],
            &[("Details", "Binary Data")],
            &[("Details", "(Empty)")],
            &[("Details", "1")],
            &[("Details", r"C:\x.exe")],
        ];
        let items: [(&str, &[&str]); 7] = [
            ("Details", &["DWORD (0x00000001)"]),
            ("Details|endswith", &["(0x00000001)"]),
            ("Details", &["1"]),
            ("Details|contains", &[".exe", "Binary Data"]),
            ("Details", &["(Empty)"]),
            ("Details|startswith", &["DWORD"]),
            ("Details|exists", &["true"]),
        ];
        agree("xdr", SET, &events, &items);
        // What stands in text there may be of a number; that rests on an assumption.
        let told = [events[0], events[1], events[2], events[4], events[5]];
        agree("ecs", SET, &told, &[items[0], items[3], items[4], items[6]]);
    }
}
