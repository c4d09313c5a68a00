//! Values whose type or characters are not what they seem.

use crate::file::Items;
use crate::lint::{Fixes, Lint};
use crate::scalar::{Style, Written};
use rulecast_diagnostics::{Diagnostic, Edit, Severity, Spanned};
use rulecast_rule::ast::{Item, Modifier, Value};

pub(crate) static LINTS: &[&Lint] =
    &[&HEX_NUMBER, &NUMBER_AS_TEXT, &AMBIGUOUS_SCALAR, &CONTROL_CHARACTER, &NON_ASCII_LETTER, &EMPTY_TEXT];

static HEX_NUMBER: Lint = Lint {
    name: "hex-number",
    severity: Severity::Warning,
    summary: "a hexadecimal number without quotes",
    reason: "YAML reads `0x1410` as the number 5136. Events hold the text `0x1410`, which is no decimal number, so the test \
             never holds.",
    bad: "detection:\n    selection:\n        GrantedAccess: 0x1410\n    condition: selection",
    good: "detection:\n    selection:\n        GrantedAccess: '0x1410'\n    condition: selection",
    fix: Fixes::Suggested,
};

static NUMBER_AS_TEXT: Lint = Lint {
    name: "number-as-text",
    severity: Severity::Note,
    summary: "an event id or a port in quotes",
    reason: "These fields are numbers on most SIEMs, and a number is compared as one.",
    bad: "logsource:\n    product: windows\n    service: security\ndetection:\n    selection:\n        EventID: '4688'\n    condition: selection",
    good: "logsource:\n    product: windows\n    service: security\ndetection:\n    selection:\n        EventID: 4688\n    condition: selection",
    fix: Fixes::Suggested,
};

static AMBIGUOUS_SCALAR: Lint = Lint {
    name: "ambiguous-scalar",
    severity: Severity::Note,
    summary: "a value without quotes that YAML versions read differently: `yes`, `off`, `012`, `1e3`, `12:30`",
    reason: "Rulecast takes it as text. Other readers take it as a truth value or as a number, and lose the spelling.",
    bad: "detection:\n    selection:\n        CommandLine: no\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine: 'no'\n    condition: selection",
    fix: Fixes::Safe,
};

static CONTROL_CHARACTER: Lint = Lint {
    name: "control-character",
    severity: Severity::Warning,
    summary: "a value with a control character or an invisible one",
    reason: "Most come from an escape in double quotes: in `\"C:\\temp\"`, `\\t` is a tab. Nobody sees the others at all.",
    bad: "detection:\n    selection:\n        CommandLine: \"C:\\temp\"\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine: 'C:\\temp'\n    condition: selection",
    fix: Fixes::None,
};

static NON_ASCII_LETTER: Lint = Lint {
    name: "non-ascii-letter",
    severity: Severity::Note,
    summary: "a letter beyond ASCII in a test that ignores case",
    reason: "SIEMs do not agree on its other case, so queries carry the assumption `ascii`: that it occurs in one case only.",
    bad: "detection:\n    selection:\n        CommandLine|contains: 'müller'\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine|contains: 'mueller'\n    condition: selection",
    fix: Fixes::None,
};

static EMPTY_TEXT: Lint = Lint {
    name: "empty-text",
    severity: Severity::Note,
    summary: "a test for the empty text",
    reason: "It is not a test for a missing field, which `null` is, and not every SIEM can tell the two apart.",
    bad: "detection:\n    selection:\n        CommandLine: ''\n    condition: selection",
    good: "detection:\n    selection:\n        CommandLine: null\n    condition: selection",
    fix: Fixes::None,
};

pub(crate) fn check(item: &Item, items: &Items<'_>, to: &mut Vec<Diagnostic>) {
    use Modifier as M;
    let has = |modifier| item.modifiers.iter().any(|one| one.node == modifier);
    let is_cased = has(M::Cased) || has(M::Re) || has(M::Base64) || has(M::Base64Offset);
    let is_text = !item.modifiers.iter().any(|one| {
        matches!(
            one.node,
            M::Exists
                | M::Gt
                | M::Gte
                | M::Lt
                | M::Lte
                | M::Cidr
                | M::Minute
                | M::Hour
                | M::Day
                | M::Week
                | M::Month
                | M::Year
        )
    });
    let number_field = item.field.as_ref().is_some_and(|field| is_number(field)) && item.modifiers.is_empty();
    // One finding for all letters of a list: they are of one language.
    let mut said_letter = is_cased;
    for value in &item.values {
        match &value.node {
            Value::Integer(number) if is_text => check_hex(*number, value, items.text, to),
            Value::Text(text) => {
                if number_field {
                    check_number(text, value, items.text, to);
                }
                if text.is_empty() && item.modifiers.is_empty() && item.field.is_some() {
                    to.push(
                        EMPTY_TEXT
                            .at(value.span, "the empty text, which is not a missing field")
                            .help("write `null` if the field may be missing, and both if either is meant"),
                    );
                }
                check_characters(text, value, items.text, &mut said_letter, to);
                check_ambiguous(text, value, items.text, to);
            }
            _ => {}
        }
    }
}

fn is_number(field: &str) -> bool {
    matches!(field, "EventID" | "EventCode" | "DestinationPort" | "SourcePort" | "dst_port" | "src_port")
}

fn check_hex(number: i64, value: &Spanned<Value>, file: &str, to: &mut Vec<Diagnostic>) {
    let written = Written::at(file, value.span);
    if written.text.starts_with("0x") {
        let text = written.text;
        to.push(
            HEX_NUMBER
                .at(value.span, format!("`{text}` without quotes is the number {number}"))
                .help(format!("write `'{text}'` if the events hold this text"))
                .suggest(vec![Edit::replace(value.span, format!("'{text}'"))]),
        );
    }
}

fn check_number(text: &str, value: &Spanned<Value>, file: &str, to: &mut Vec<Diagnostic>) {
    let is_plain = !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain && (text == "0" || !text.starts_with('0')) {
        let written = Written::at(file, value.span);
        let finding = NUMBER_AS_TEXT
            .at(value.span, format!("`{text}` is text here"))
            .help(format!("write `{text}` without quotes"));
        to.push(if matches!(written.style, Style::Single | Style::Double) {
            finding.suggest(vec![Edit::replace(value.span, text)])
        } else {
            finding
        });
    }
}

fn check_characters(text: &str, value: &Spanned<Value>, file: &str, said_letter: &mut bool, to: &mut Vec<Diagnostic>) {
    // Nearly every value is printable ASCII.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return;
    }
    // A zero-width joiner joins emoji.
    let joins = text.chars().any(|c| c > '\u{2190}' && c != '\u{FEFF}');
    let hidden = |c: char| match c {
        '\n' => false,
        '\u{200D}' => !joins,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{A0}' | '\u{AD}' => true,
        c => c.is_control(),
    };
    // An escape in double quotes shows what is not seen, but a tab in it may be half of a path.
    let seen = |c: &char| hidden(*c) && (c.is_control() || Written::at(file, value.span).text.contains(*c));
    if let Some(c) = text.chars().find(seen) {
        to.push(
            CONTROL_CHARACTER
                .at(value.span, format!("the value holds the character U+{:04X}, which is not seen", u32::from(c)))
                .help(if c.is_control() {
                    "remove it; backslashes of paths stand in single quotes".to_owned()
                } else {
                    format!("remove it, or show it by an escape in double quotes: `\"\\u{:04X}\"`", u32::from(c))
                }),
        );
    }
    if let Some(c) = text.chars().find(|c| !c.is_ascii() && (has_case(*c))).filter(|_| !*said_letter) {
        *said_letter = true;
        to.push(
            NON_ASCII_LETTER
                .at(value.span, format!("`{c}` is matched in this case only"))
                .help("list both cases, if both occur, or add `cased`"),
        );
    }
}

/// Text that a reader of YAML 1.1 takes for something else.
fn check_ambiguous(text: &str, value: &Spanned<Value>, file: &str, to: &mut Vec<Diagnostic>) {
    let Some(first) = text.bytes().next().filter(|_| text.len() <= 20) else { return };
    let is_word = matches!(first, b'y' | b'Y' | b'n' | b'N' | b'o' | b'O')
        && ["yes", "no", "on", "off", "y", "n"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = first.is_ascii_digit() && {
        let exponent = text.split_once(['e', 'E']);
        let is_exponent = exponent.is_some_and(|(before, after)| {
            before.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && digits(after.trim_start_matches(['+', '-']))
        });
        let is_time =
            text.contains(':') && text.split(':').all(digits) && text.split(':').skip(1).all(|part| part.len() <= 2);
        let has_underscores = text.contains('_') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        let is_octal = first == b'0' && text.len() > 1 && digits(text);
        is_exponent || is_time || has_underscores || is_octal
    };
    if is_word || is_number {
        let written = Written::at(file, value.span);
        if written.style == Style::Plain && written.text == text {
            to.push(
                AMBIGUOUS_SCALAR
                    .at(value.span, format!("`{text}` without quotes is not text to every reader of YAML"))
                    .help(format!("write `'{text}'`"))
                    .fix(vec![Edit::replace(value.span, format!("'{text}'"))]),
            );
        }
    }
}

/// Whether the letter has another one for its other case.
fn has_case(c: char) -> bool {
    !c.to_lowercase().eq([c]) || !c.to_uppercase().eq([c])
}
