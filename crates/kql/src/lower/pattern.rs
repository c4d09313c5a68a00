//! Text patterns as operators and regexes.

use crate::ast::{Comparison, Condition, Expr, Function, Test};
use crate::regex::{folds_beyond_ascii, literal, push_flags};
use rulecast_ir::{Case, Logic, Part, Pattern, Shape};

/// `left` matches the pattern as a whole. Never used for the pattern of one text, nor for `*` alone.
pub(super) fn condition(left: &Expr, pattern: &Pattern, case: Case) -> Condition {
    let test = |operator: Comparison, text: &str| {
        Logic::Test(Test::compare(left.clone(), operator, Expr::Text(text.to_owned())))
    };
    let fold = case == Case::Insensitive;
    let starts = if fold { Comparison::StartsWith } else { Comparison::StartsWithCased };
    let ends = if fold { Comparison::EndsWith } else { Comparison::EndsWithCased };
    match pattern.shape() {
        Shape::Exact(text) => test(if fold { Comparison::EqualFold } else { Comparison::Equal }, text),
        Shape::Anything => Logic::True,
        Shape::Prefix(text) => test(starts, text),
        Shape::Suffix(text) => test(ends, text),
        Shape::Contains(text) => test(contains(case), text),
        // The length keeps the two from overlapping. Beyond U+FFFF it is not certain how Kusto counts.
        Shape::Glob([Part::Literal(start), Part::AnyRun, Part::Literal(end)])
            if start.chars().chain(end.chars()).all(|c| c <= '\u{ffff}') =>
        {
            let length = start.chars().count() + end.chars().count();
            let long_enough = Test::compare(
                Expr::call(Function::StrLen, [left.clone()]),
                Comparison::GreaterOrEqual,
                Expr::Long(i64::try_from(length).unwrap_or(i64::MAX)),
            );
            Logic::all([test(starts, start), test(ends, end), Logic::Test(long_enough)])
        }
        Shape::Glob(_) => Logic::Test(matches_any(left.clone(), [pattern], case)),
    }
}

/// `contains`, or `contains_cs`.
pub(super) fn contains(case: Case) -> Comparison {
    match case {
        Case::Insensitive => Comparison::Contains,
        Case::Sensitive => Comparison::ContainsCased,
    }
}

/// `left` matches one of the patterns as a whole, as one regex.
pub(super) fn matches_any<'a>(left: Expr, patterns: impl IntoIterator<Item = &'a Pattern> + Clone, case: Case) -> Test {
    let parts = || patterns.clone().into_iter().flat_map(|pattern| inner(pattern).1);
    let fold = case == Case::Insensitive && parts().any(|part| matches!(part, Part::Literal(text) if has_letter(text)));
    let dots = parts().any(|part| !matches!(part, Part::Literal(_)));
    let mut text = String::new();
    push_flags(&mut text, &[(fold, 'i'), (dots, 's')]);
    let several = patterns.clone().into_iter().nth(1).is_some();
    text.push_str(if several { "(?:" } else { "" });
    for (i, pattern) in patterns.into_iter().enumerate() {
        let (from_start, parts, to_end) = inner(pattern);
        text.push_str(if i > 0 { "|" } else { "" });
        text.push_str(if from_start { "\\A" } else { "" });
        for part in parts {
            match part {
                Part::Literal(characters) => characters.chars().for_each(|c| literal(&mut text, c)),
                Part::AnyRun => text.push_str(".*"),
                Part::AnyOne => text.push('.'),
                Part::Placeholder(_) => {}
            }
        }
        text.push_str(if to_end { "\\z" } else { "" });
    }
    text.push_str(if several { ")" } else { "" });
    Test::compare(left, Comparison::MatchesRegex, Expr::Text(text))
}

/// Whether the regex of the pattern would fold more than the rule does.
pub(super) fn folds_too_much(pattern: &Pattern, case: Case) -> bool {
    case == Case::Insensitive
        && pattern.literals().any(has_letter)
        && pattern.literals().any(|text| text.chars().any(folds_beyond_ascii))
}

fn has_letter(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The pattern without the `*` at its ends, and whether each end is the end of the text.
fn inner(pattern: &Pattern) -> (bool, &[Part], bool) {
    let parts = pattern.parts();
    let (from_start, parts) = match parts {
        [Part::AnyRun, rest @ ..] => (false, rest),
        parts => (true, parts),
    };
    match parts {
        [rest @ .., Part::AnyRun] => (from_start, rest, false),
        parts => (from_start, parts, true),
    }
}

/// Whether the pattern matches `text`, case apart. For the texts that stand for a missing value.
pub(super) fn matches(pattern: &Pattern, text: &str) -> bool {
    fn from(parts: &[Part], text: &str) -> bool {
        match parts {
            [] => text.is_empty(),
            [Part::Literal(start), rest @ ..] => text
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start) && from(rest, &text[start.len()..])),
            [Part::AnyOne, rest @ ..] => {
                let mut chars = text.chars();
                chars.next().is_some() && from(rest, chars.as_str())
            }
            [Part::AnyRun, rest @ ..] => {
                text.char_indices().map(|(i, _)| i).chain([text.len()]).any(|i| from(rest, &text[i..]))
            }
            [Part::Placeholder(_), ..] => false,
        }
    }
    from(pattern.parts(), text)
}
