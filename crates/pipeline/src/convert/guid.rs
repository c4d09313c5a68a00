//! `guid`: a GUID that Windows writes in braces (`{9f32b55f-…}`), and the column holds without them, or with them.
//!
//! Parsers of one platform differ in whether they take the braces away, so both forms are asked for: a GUID is one of the two,
//! and no text is both. What a pattern says of a brace is said of the ends of the value; one that could only match a value
//! without braces is refused, as no event has such a value.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Logic, Part, Pattern, Scalar, Shape, Test};

#[derive(Debug)]
pub(crate) struct Guid(pub(crate) Place);

impl Guid {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let (pattern, case) = match leaf.test {
            Test::Text { pattern, case } => (pattern, *case),
            Test::Exists(_) => return Ok(leaf.same(&self.0)),
            Test::Regex(_) => return Err(leaf.refuse_value("the GUID may stand without its braces")),
            _ => return Err(leaf.refuse_value("it is text")),
        };
        let bare: Vec<Pattern> = without_first(pattern, '{').iter().flat_map(|rest| without_last(rest, '}')).collect();
        let bare: Vec<Pattern> = bare.into_iter().filter(|one| !one.literals().any(has_brace)).collect();
        if bare.is_empty() {
            return Err(leaf.refuse_value("the events have GUIDs in braces: `{…}`"));
        }
        if bare.iter().any(could_be_a_brace) {
            return Err(leaf.refuse_value("the GUID may stand without its braces, for one of which `?` could stand"));
        }
        let mut asked: Vec<Pattern> = Vec::new();
        for one in bare.iter().map(in_braces).chain(bare.iter().cloned()) {
            if !asked.contains(&one) {
                asked.push(one);
            }
        }
        if asked.iter().any(|one| one.shape() == Shape::Anything) {
            return Ok(leaf.on(&self.0, Test::Exists(true)));
        }
        Ok(Logic::any(asked.into_iter().map(|one| leaf.text(&self.0, one, case)).collect::<Vec<_>>()))
    }

    /// Without braces. What is none is no GUID, and not there.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let bare = |value: &Scalar| {
            let text = value.text();
            let bare = text.strip_prefix('{')?.strip_suffix('}')?;
            (!has_brace(bare)).then(|| Scalar::Text(bare.to_owned()))
        };
        row.put(&self.0, values.iter().filter_map(bare));
    }
}

/// The same in braces, where it is bound to an end.
fn in_braces(bare: &Pattern) -> Pattern {
    let parts = bare.parts();
    let brace = |at: Option<&Part>, brace: &str| (at != Some(&Part::AnyRun)).then(|| Part::Literal(brace.to_owned()));
    let (first, last) = (brace(parts.first(), "{"), brace(parts.last(), "}"));
    Pattern::from_parts(first.into_iter().chain(parts.iter().cloned()).chain(last))
}

/// Whether a `?` at an end could stand for a brace of the column.
fn could_be_a_brace(bare: &Pattern) -> bool {
    let solid = || bare.parts().iter().filter(|part| **part != Part::AnyRun);
    [solid().next(), solid().next_back()].contains(&Some(&Part::AnyOne))
}

fn has_brace(text: &str) -> bool {
    text.contains(['{', '}'])
}

/// What a pattern must match of the rest where it matches a text that begins with this: any of them.
fn without_first(pattern: &Pattern, first: char) -> Vec<Pattern> {
    let pattern_of = |parts: &[Part]| Pattern::from_parts(parts.iter().cloned());
    match pattern.parts() {
        [Part::Literal(text), rest @ ..] => text
            .strip_prefix(first)
            .map(|left| {
                let left = (!left.is_empty()).then(|| Part::Literal(left.to_owned()));
                Pattern::from_parts(left.into_iter().chain(rest.iter().cloned()))
            })
            .into_iter()
            .collect(),
        [Part::AnyOne, rest @ ..] => vec![pattern_of(rest)],
        // It stands for this character and more, or for nothing.
        [Part::AnyRun, rest @ ..] => {
            let mut all = vec![pattern.clone()];
            all.extend(without_first(&pattern_of(rest), first));
            all
        }
        [] | [Part::Placeholder(_), ..] => Vec::new(),
    }
}

/// The same of the end.
fn without_last(pattern: &Pattern, last: char) -> Vec<Pattern> {
    let backwards = |pattern: &Pattern| {
        Pattern::from_parts(pattern.parts().iter().rev().map(|part| match part {
            Part::Literal(text) => Part::Literal(text.chars().rev().collect()),
            other => other.clone(),
        }))
    };
    without_first(&backwards(pattern), last).iter().map(backwards).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PROCESS: &str = "windows/process_creation";

    #[test]
    fn both_forms_are_asked_for() {
        assert_snapshot!(mapped("asim", PROCESS, item("ProcessGuid", &["{9f32b55f-01}", "{*}", "?9f*2?"])), @"TargetProcessGuid = '{9f32b55f-01}' {mapping:ProcessGuid} or TargetProcessGuid = '9f32b55f-01' {mapping:ProcessGuid} or TargetProcessGuid exists {mapping:ProcessGuid} or TargetProcessGuid = '{9f*2}' {mapping:ProcessGuid} or TargetProcessGuid = '9f*2' {mapping:ProcessGuid}");
        assert_snapshot!(mapped("asim", PROCESS, item("ProcessGuid|contains", &["b55f"])), @"TargetProcessGuid = '*b55f*' {mapping:ProcessGuid}");
        assert_snapshot!(mapped("asim", PROCESS, item("ProcessGuid|startswith", &["{9f32"])), @"TargetProcessGuid = '{9f32*' {mapping:ProcessGuid} or TargetProcessGuid = '9f32*' {mapping:ProcessGuid}");
        assert_snapshot!(mapped("asim", PROCESS, item("ProcessGuid|endswith", &["01}"])), @"TargetProcessGuid = '*01}' {mapping:ProcessGuid} or TargetProcessGuid = '*01' {mapping:ProcessGuid}");
        assert_snapshot!(mapped("asim", PROCESS, item("ProcessGuid|exists", &["false"])), @"TargetProcessGuid missing {mapping:ProcessGuid}");
        assert_snapshot!(mapped("securityevent", "windows//security", item("SubcategoryGuid", &["{0CCE9217-69AE}"])), @"SubcategoryGuid = '{0CCE9217-69AE}' or SubcategoryGuid = '0CCE9217-69AE'");
    }

    #[test]
    fn a_value_without_braces_is_refused() {
        for (key, value) in [
            ("ProcessGuid", "9f32b55f"),
            ("ProcessGuid|startswith", "9f"),
            ("ProcessGuid|endswith", "01"),
            ("ProcessGuid", "{9f{32}"),
            ("ProcessGuid|number", "1"),
            ("ProcessGuid", ""),
            ("ProcessGuid", "{?f32b55f-01}"),
        ] {
            let shown = mapped("asim", PROCESS, item(key, &[value]));
            assert!(shown.contains("cannot be mapped"), "{key}: {value}: {shown}");
        }
    }

    #[test]
    fn of_an_event_the_guid_stands_there_without_braces() {
        assert_snapshot!(projected("asim", PROCESS, &[("ProcessGuid", "{9f32b55f-01}"), ("ParentProcessGuid", "-")]), @"_Im_ProcessEvent {TargetProcessGuid: '9f32b55f-01'}");
        let events: [&[(&str, &str)]; 4] = [
            &[],
            &[("ProcessGuid", "{9f32b55f-01}")],
            &[("ProcessGuid", "{9F32B55F-02}")],
            &[("ProcessGuid", "{a932b55f-01}")],
        ];
        let items: [(&str, &[&str]); 8] = [
            ("ProcessGuid", &["{9F32b55f-01}"]),
            ("ProcessGuid", &["{*}", "*"]),
            ("ProcessGuid", &["*{9f*", "?a9*01?", "{9f?2b*"]),
            ("ProcessGuid|startswith", &["{9f32"]),
            ("ProcessGuid|endswith", &["01}"]),
            ("ProcessGuid|contains", &["b55f", "32*-0"]),
            ("ProcessGuid|contains", &["{a9", "2}"]),
            ("ProcessGuid|exists", &["true"]),
        ];
        agree("asim", PROCESS, &events, &items);
    }
}
