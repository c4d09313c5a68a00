//! `registry_path`: `HKLM\…\Key\Value`, in the SIEM's own words for hives, and whole or as key and value name.
//!
//! Sysmon abbreviates hives and says `CurrentControlSet`; a SIEM writes hives out and may name the control set that is
//! current (`ControlSet001`). A pattern becomes every form in which the same path may stand. Where key and value name
//! stand apart they are joined for the test, which is exact for any pattern. An event about a key itself has no value
//! name: its path is the key alone.
//! Lacks: control sets other than the first.

use super::{Leaf, Mapping, Place, strip_prefix_caseless, strip_suffix_caseless};
use crate::project::Draft;
use rulecast_ir::{Case, Logic, Mapped, Part, Pattern, Predicate, Refusal, Scalar, Test};

#[derive(Debug)]
pub(crate) struct RegistryPath {
    /// The whole path, or the key alone if it is split.
    pub(crate) key: Place,
    pub(crate) split: Option<Split>,
    pub(crate) hives: Vec<Hive>,
}

/// Where the value name stands apart from the key.
#[derive(Debug)]
pub(crate) struct Split {
    pub(crate) value: Place,
    /// Key and value name with a backslash between them.
    pub(crate) joined: Place,
    /// What tells events about keys themselves.
    pub(crate) key_events: Predicate<Mapped>,
}

/// A hive, as Sysmon abbreviates it and as the SIEM may write it.
#[derive(Debug)]
pub(crate) struct Hive {
    pub(crate) short: String,
    pub(crate) written: Vec<String>,
    /// The first parts of those that are not the short name, in lower case.
    renamed: Vec<String>,
}

impl Hive {
    pub(crate) fn new(short: String, written: Vec<String>) -> Self {
        let renamed = written.iter().filter(|name| !name.eq_ignore_ascii_case(&short));
        let renamed = renamed.map(|name| root(name).to_ascii_lowercase()).collect();
        Self { short, written, renamed }
    }
}

const CURRENT: &str = "CurrentControlSet";
const FIRST: &str = "ControlSet001";
/// How Sysmon writes the value without a name.
const DEFAULT_VALUE: &str = r"\(Default)";

impl RegistryPath {
    pub(super) fn whole(&self) -> &Place {
        self.split.as_ref().map_or(&self.key, |split| &split.joined)
    }

    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        let (pattern, case) = match leaf.test {
            Test::Text { pattern, case } => (pattern, *case),
            Test::Exists(_) => return Ok(leaf.same(&self.key)),
            Test::Regex(regex) => {
                let text = regex.text.to_ascii_lowercase();
                return if ["^", "hk", r"\a", "currentcontrolset"].iter().any(|odd| text.contains(odd)) {
                    Err(leaf.refuse_value("hives and control sets have other names there"))
                } else {
                    Ok(leaf.same(self.whole()))
                };
            }
            _ => return Err(leaf.refuse_value("a registry path is text")),
        };
        let forms = self.hive_forms(leaf, pattern)?.into_iter().flat_map(control_set_forms);
        Ok(Logic::any(forms.map(|form| self.located(leaf, form, case)).collect::<Vec<_>>()))
    }

    /// Of the ways to write a hive, the first.
    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        let written = |value: &Scalar| {
            let path = value.text();
            match self.hive(&path) {
                Some((hive, tail)) => hive.written.first().map_or(path.clone(), |name| format!("{name}{tail}")),
                None => path,
            }
        };
        let paths: Vec<String> = values.iter().map(written).collect();
        let Some(split) = self.split.as_ref().filter(|split| !row.holds(&split.key_events)) else {
            row.put(&self.key, paths.into_iter().map(Scalar::Text));
            return;
        };
        for path in paths {
            let (key, name) = match strip_suffix_caseless(&path, DEFAULT_VALUE) {
                Some(key) => (key, None),
                None => path.rsplit_once('\\').map_or((path.as_str(), None), |(key, name)| (key, Some(name))),
            };
            if row.put_text(&self.key, key)
                && let Some(name) = name
            {
                row.put_text(&split.value, name);
            }
        }
    }

    /// The pattern with the hive at its start as the SIEM writes it.
    fn hive_forms(&self, leaf: &Leaf<'_>, pattern: &Pattern) -> Result<Vec<Pattern>, Refusal> {
        let parts = pattern.parts();
        match parts {
            [Part::Literal(text), rest @ ..] => {
                if let Some((hive, tail)) = self.hive(text) {
                    return Ok(hive.written.iter().map(|name| with_head(name, tail, rest)).collect());
                }
                if text.len() >= 2 && strip_prefix_caseless(text, "HK").is_some() && !is_written_out(text) {
                    let known =
                        self.hives.iter().map(|hive| format!("`{}`", hive.short)).collect::<Vec<_>>().join(", ");
                    return Err(leaf
                        .refuse_value("no event has a registry path that starts so")
                        .help(format!("the hives that Sysmon writes are {known}")));
                }
                Ok(vec![pattern.clone()])
            }
            [Part::AnyRun, Part::Literal(text), rest @ ..] => {
                if self.hive(text).is_none() && !self.cuts_a_hive(text) && self.meets_a_name(text) {
                    return Ok(self.behind_hives(text, rest));
                }
                let mut forms = vec![pattern.clone()];
                if let Some((hive, tail)) = self.hive(text) {
                    let others = hive.written.iter().filter(|name| !name.eq_ignore_ascii_case(&hive.short));
                    forms.extend(others.map(|name| with_head(name, tail, rest)));
                } else if self.cuts_a_hive(text) {
                    return Err(leaf.refuse_value("it starts within the name of a hive, which is another there"));
                }
                Ok(forms)
            }
            _ => Ok(vec![pattern.clone()]),
        }
    }

    /// The hive that a text starts with, and what follows it: nothing, or from the backslash on.
    fn hive<'a>(&self, text: &'a str) -> Option<(&Hive, &'a str)> {
        self.hives.iter().find_map(|hive| {
            let tail = strip_prefix_caseless(text, &hive.short)?;
            (tail.is_empty() || tail.starts_with('\\')).then_some((hive, tail))
        })
    }

    /// Whether a text starts with the last letters of an abbreviated hive (`LM\SOFTWARE`).
    fn cuts_a_hive(&self, text: &str) -> bool {
        let Some((first, _)) = text.split_once('\\') else { return false };
        !first.is_empty() && self.hives.iter().any(|hive| strip_suffix_caseless(&hive.short, first).is_some())
    }

    /// Whether a text could be found in the name of a hive, in one way of writing it and not in the other.
    fn meets_a_name(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        self.hives.iter().any(|hive| {
            let is_in_short = || text.len() <= hive.short.len() && hive.short.to_ascii_lowercase().contains(&text);
            !hive.renamed.is_empty() && is_in_short() || hive.renamed.iter().any(|root| found_within(root, &text))
        })
    }

    /// The forms of a text with anything before it that is found behind the name of a hive, or in its short name.
    fn behind_hives(&self, text: &str, rest: &[Part]) -> Vec<Pattern> {
        let mut forms: Vec<Pattern> = Vec::new();
        for hive in &self.hives {
            let in_short = hive.short.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
            for name in &hive.written {
                // What is below one root is found with the root.
                if in_short {
                    forms.push(Pattern::from_parts(
                        [Part::Literal(name.clone())].into_iter().chain(rest.iter().cloned()),
                    ));
                } else if name == root(name) {
                    let head = if text.starts_with('\\') { name.clone() } else { format!("{name}\\") };
                    let before = [Part::Literal(head), Part::AnyRun, Part::Literal(text.to_owned())];
                    forms.push(Pattern::from_parts(before.into_iter().chain(rest.iter().cloned())));
                }
            }
        }
        forms
    }

    /// The pattern where the path stands.
    fn located(&self, leaf: &Leaf<'_>, pattern: Pattern, case: Case) -> Predicate<Mapped> {
        let Some(split) = &self.split else { return leaf.text(&self.key, pattern, case) };
        let key_event = || leaf.placed(&split.key_events);
        let on_key = || leaf.text(&self.key, pattern.clone(), case);
        let joined = leaf.text(&split.joined, pattern.clone(), case);
        // Of a key alone, and of the value without a name, the join ends in a backslash that the path lacks.
        let found = match pattern.parts() {
            [.., Part::Literal(text), Part::AnyRun] if !text.ends_with('\\') => joined,
            [.., Part::AnyRun] if split.key_events == Logic::False => joined,
            [.., Part::AnyRun] => Logic::any([Logic::all([key_event().negate(), joined]), on_key()]),
            [.., Part::Literal(text)] if !text.ends_with('\\') => {
                Logic::any([joined, Logic::all([key_event(), on_key()])])
            }
            _ => {
                let named = leaf.on(&split.value, Test::Exists(true));
                Logic::any([Logic::all([key_event().negate(), named, joined]), Logic::all([key_event(), on_key()])])
            }
        };
        let default = without_default(&pattern).map(|key| {
            let value = [key_event().negate(), leaf.missing(&split.value)];
            Logic::all([leaf.text(&self.key, key, case)].into_iter().chain(value))
        });
        Logic::any([found].into_iter().chain(default))
    }
}

/// The first name of a path; of the kernel's paths, all of it.
fn root(path: &str) -> &str {
    match path.split_once('\\') {
        Some((root, _)) if !root.is_empty() => root,
        _ => path,
    }
}

/// Whether a text could begin within the name of a root, and end there or go on behind it.
fn found_within(root: &str, text: &str) -> bool {
    let mut tails = root.char_indices().map(|(at, _)| &root[at..]);
    tails.any(|tail| tail.starts_with(text) || text.strip_prefix(tail).is_some_and(|after| after.starts_with('\\')))
}

/// `HKEY_…`, which Sysmon does not write, but other sources of the same field do.
fn is_written_out(text: &str) -> bool {
    strip_prefix_caseless(text, "HKEY_").is_some()
}

fn with_head(head: &str, tail: &str, rest: &[Part]) -> Pattern {
    Pattern::from_parts([Part::Literal(format!("{head}{tail}"))].into_iter().chain(rest.iter().cloned()))
}

/// The pattern, and what it is where the control set goes by its number.
fn control_set_forms(pattern: Pattern) -> Vec<Pattern> {
    let mut floating = false;
    let mut changed = false;
    let parts = pattern.parts().iter().map(|part| match part {
        Part::Literal(text) => {
            let renamed = numbered(text, floating);
            floating = false;
            changed |= renamed.is_some();
            Part::Literal(renamed.unwrap_or_else(|| text.clone()))
        }
        other => {
            floating = true;
            other.clone()
        }
    });
    let numbered = Pattern::from_parts(parts);
    if changed { vec![pattern, numbered] } else { vec![pattern] }
}

/// The text with the number of the control set, if it names the current one. What follows a wildcard may name it by
/// its last letters only (`ControlSet\Services`).
fn numbered(text: &str, floating: bool) -> Option<String> {
    let mut changed = false;
    let mut first = true;
    let last = text.split('\\').count() - 1;
    let names = text.split('\\').enumerate().map(|(at, name)| {
        let cut = first && floating && at < last && name.len() > 2 && strip_suffix_caseless(CURRENT, name).is_some();
        first = false;
        if cut || name.eq_ignore_ascii_case(CURRENT) {
            changed = true;
            FIRST
        } else {
            name
        }
    });
    let text = names.collect::<Vec<_>>().join("\\");
    changed.then_some(text)
}

/// The pattern of the key, if this is one of the value without a name.
fn without_default(pattern: &Pattern) -> Option<Pattern> {
    if let [before @ .., Part::Literal(text), Part::AnyRun] = pattern.parts() {
        let (whole, text_below) = (DEFAULT_VALUE.to_ascii_lowercase(), text.to_ascii_lowercase());
        if before == [Part::AnyRun] && whole.contains(&text_below) {
            return Some(Pattern::from_parts([Part::AnyRun]));
        }
        // It begins in the key and ends in the name that Sysmon gives the value.
        let cut = (2..whole.len()).rev().find(|&length| text_below.ends_with(&whole[..length]));
        if let Some(length) = cut {
            let key = Part::Literal(text[..text.len() - length].to_owned());
            return Some(Pattern::from_parts(before.iter().cloned().chain([key])));
        }
    }
    let mut parts = pattern.parts().to_vec();
    if parts.len() > 1 && parts.last() == Some(&Part::AnyRun) {
        parts.pop();
    }
    match parts.pop() {
        Some(Part::Literal(text)) => {
            if let Some(key) = strip_suffix_caseless(&text, DEFAULT_VALUE) {
                parts.push(Part::Literal(key.to_owned()));
                return Some(Pattern::from_parts(parts));
            }
            // Its last letters, behind a wildcard that covers the others and the key.
            let last = !text.is_empty() && strip_suffix_caseless(DEFAULT_VALUE, &text).is_some();
            (last && parts == [Part::AnyRun]).then(|| Pattern::from_parts(parts))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const SET: &str = "windows/registry_set";
    const EVENT: &str = "windows/registry_event";

    #[test]
    fn a_hive_at_the_start_is_written_out() {
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|startswith", &[r"HKLM\SOFTWARE\Microsoft"])),
            @r"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|startswith", &[r"HKU\\"])),
            @r"join(RegistryKey \ RegistryValueName) = 'HKEY_USERS\*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CURRENT_USER\*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject", &[r"hkcr\CLSID\x"])),
            @r"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SOFTWARE\Classes\CLSID\x' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CLASSES_ROOT\CLSID\x' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|contains", &[r"HKLM\SOFTWARE\Foo"])),
            @r"join(RegistryKey \ RegistryValueName) = '*HKLM\SOFTWARE\Foo*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|contains", &[r"\ClickToRunStore\HKLM\SOFTWARE"])),
            @r"join(RegistryKey \ RegistryValueName) = '*\ClickToRunStore\HKLM\SOFTWARE*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("TargetObject|startswith", &[r"HKLM\SOFTWARE\Microsoft"])),
            @r"registry.path = 'HKLM\SOFTWARE\Microsoft*' {mapping:TargetObject} or registry.path = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE\SOFTWARE\Microsoft*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("TargetObject|contains", &[r"HKLM\SOFTWARE\Foo"])),
            @r"registry.path = '*HKLM\SOFTWARE\Foo*' {mapping:TargetObject} or registry.path = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE\SOFTWARE\Foo*' {mapping:TargetObject}"
        );
    }

    #[test]
    fn the_current_control_set_may_go_by_its_number() {
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|contains", &[r"\System\CurrentControlSet\Services\\"])),
            @r"join(RegistryKey \ RegistryValueName) = '*\System\CurrentControlSet\Services\*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = '*\System\ControlSet001\Services\*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|endswith", &[r"ControlSet\Control\Lsa\NoLMHash"])),
            @r"join(RegistryKey \ RegistryValueName) = '*ControlSet\Control\Lsa\NoLMHash' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = '*ControlSet001\Control\Lsa\NoLMHash' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("TargetObject|contains", &[r"\CurrentControlSet\Control"])),
            @r"registry.path = '*\CurrentControlSet\Control*' {mapping:TargetObject} or registry.path = '*\ControlSet001\Control*' {mapping:TargetObject}"
        );
        assert_snapshot!(
            mapped("ecs", SET, item("TargetObject", &[r"*\CurrentControlSet\Services\\*\ImagePath"])),
            @r"registry.path = '*\CurrentControlSet\Services\*\ImagePath' {mapping:TargetObject} or registry.path = '*\ControlSet001\Services\*\ImagePath' {mapping:TargetObject}"
        );
    }

    #[test]
    fn a_key_alone_has_no_value_name() {
        assert_snapshot!(
            mapped("xdr", EVENT, item("TargetObject|endswith", &[r"\Run\evil"])),
            @r#"join(RegistryKey \ RegistryValueName) = '*\Run\evil' {mapping:TargetObject} or ((ActionType == 'RegistryKeyCreated' {mapping:TargetObject} or ActionType == 'RegistryKeyDeleted' {mapping:TargetObject}) and RegistryKey = '*\Run\evil' {mapping:TargetObject}) | PreviousRegistryKey = '*\Run\evil' {mapping:TargetObject}"#
        );
        assert_snapshot!(
            mapped("xdr", EVENT, item("TargetObject|contains", &[r"\Run"])),
            @r#"join(RegistryKey \ RegistryValueName) = '*\Run*' {mapping:TargetObject} | PreviousRegistryKey = '*\Run*' {mapping:TargetObject}"#
        );
        assert_snapshot!(
            mapped("xdr", EVENT, item("TargetObject|contains", &[r"\Run\\"])),
            @r#"(not (ActionType == 'RegistryKeyCreated' {mapping:TargetObject} or ActionType == 'RegistryKeyDeleted' {mapping:TargetObject}) and join(RegistryKey \ RegistryValueName) = '*\Run\*' {mapping:TargetObject}) or RegistryKey = '*\Run\*' {mapping:TargetObject} | PreviousRegistryKey = '*\Run\*' {mapping:TargetObject}"#
        );
        assert_snapshot!(
            mapped("xdr", EVENT, item("TargetObject", &[r"HKLM\SOFTWARE\Foo"])),
            @r#"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo' {mapping:TargetObject} or ((ActionType == 'RegistryKeyCreated' {mapping:TargetObject} or ActionType == 'RegistryKeyDeleted' {mapping:TargetObject}) and RegistryKey = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo' {mapping:TargetObject}) | PreviousRegistryKey = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo' {mapping:TargetObject}"#
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject", &[r"HKLM\SOFTWARE\Foo\(Default)"])),
            @r"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo\(Default)' {mapping:TargetObject} or (RegistryKey = 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo' {mapping:TargetObject} and RegistryValueName missing {mapping:TargetObject})"
        );
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|exists", &["true"])),
            @"RegistryKey exists {mapping:TargetObject}"
        );
    }

    #[test]
    fn the_value_without_a_name_is_no_key_event() {
        let predicate = item("TargetObject|endswith", &[r"\open\command\(Default)"]);
        assert_snapshot!(
            mapped("xdr", EVENT, predicate),
            @r#"join(RegistryKey \ RegistryValueName) = '*\open\command\(Default)' {mapping:TargetObject} or ((ActionType == 'RegistryKeyCreated' {mapping:TargetObject} or ActionType == 'RegistryKeyDeleted' {mapping:TargetObject}) and RegistryKey = '*\open\command\(Default)' {mapping:TargetObject}) or (RegistryKey = '*\open\command' {mapping:TargetObject} and not (ActionType == 'RegistryKeyCreated' {mapping:TargetObject} or ActionType == 'RegistryKeyDeleted' {mapping:TargetObject}) and RegistryValueName missing {mapping:TargetObject}) | PreviousRegistryKey = '*\open\command\(Default)' {mapping:TargetObject}"#
        );
    }

    #[test]
    fn what_has_another_name_there_is_refused() {
        assert_snapshot!(mapped("xdr", SET, item("TargetObject|startswith", &[r"HKCU\Software", "HK"])), @r#"
        value at 10: the value `HKCU\Software*` of `TargetObject` cannot be mapped: no event has a registry path that starts so (the hives that Sysmon writes are `HKLM`, `HKU`, `HKCR`)
        value at 20: the value `HK*` of `TargetObject` cannot be mapped: no event has a registry path that starts so (the hives that Sysmon writes are `HKLM`, `HKU`, `HKCR`)
        "#);
        assert_snapshot!(
            mapped("xdr", SET, item("TargetObject|contains", &[r"LM\SOFTWARE"])),
            @r"value at 10: the value `*LM\SOFTWARE*` of `TargetObject` cannot be mapped: it starts within the name of a hive, which is another there"
        );
    }

    #[test]
    fn a_text_that_is_in_the_name_of_a_hive_is_looked_for_behind_it() {
        assert_snapshot!(mapped("xdr", SET, item("TargetObject|contains", &["user"])), @r#"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\*user*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_USERS\*user*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CURRENT_USER\*user*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CLASSES_ROOT\*user*' {mapping:TargetObject}"#);
        assert_snapshot!(mapped("xdr", SET, item("TargetObject|endswith", &["e", r"S\Run"])), @r#"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\*e' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_USERS\*e' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CURRENT_USER\*e' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CLASSES_ROOT\*e' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE\*S\Run' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_USERS\*S\Run' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CURRENT_USER\*S\Run' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CLASSES_ROOT\*S\Run' {mapping:TargetObject}"#);
        assert_snapshot!(mapped("xdr", SET, item("TargetObject|contains", &["LM"])), @r#"join(RegistryKey \ RegistryValueName) = 'HKEY_LOCAL_MACHINE*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_USERS\*LM*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CURRENT_USER\*LM*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = 'HKEY_CLASSES_ROOT\*LM*' {mapping:TargetObject}"#);
        assert_snapshot!(mapped("xdr", SET, item("TargetObject|contains", &["software", r"\Local"])), @r#"join(RegistryKey \ RegistryValueName) = '*software*' {mapping:TargetObject} or join(RegistryKey \ RegistryValueName) = '*\Local*' {mapping:TargetObject}"#);
        assert_snapshot!(mapped("ecs", SET, item("TargetObject|contains", &["user", "LM"])), @r#"registry.path = 'HKLM\*user*' {mapping:TargetObject} or registry.path = 'HKEY_LOCAL_MACHINE\*user*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE\*user*' {mapping:TargetObject} or registry.path = 'HKU\*user*' {mapping:TargetObject} or registry.path = 'HKEY_USERS\*user*' {mapping:TargetObject} or registry.path = '\REGISTRY\USER\*user*' {mapping:TargetObject} or registry.path = 'HKCR\*user*' {mapping:TargetObject} or registry.path = 'HKEY_CLASSES_ROOT\*user*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE\SOFTWARE\Classes\*user*' {mapping:TargetObject} or registry.path = 'HKLM*' {mapping:TargetObject} or registry.path = 'HKEY_LOCAL_MACHINE*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE*' {mapping:TargetObject} or registry.path = 'HKU\*LM*' {mapping:TargetObject} or registry.path = 'HKEY_USERS\*LM*' {mapping:TargetObject} or registry.path = '\REGISTRY\USER\*LM*' {mapping:TargetObject} or registry.path = 'HKCR\*LM*' {mapping:TargetObject} or registry.path = 'HKEY_CLASSES_ROOT\*LM*' {mapping:TargetObject} or registry.path = '\REGISTRY\MACHINE\SOFTWARE\Classes\*LM*' {mapping:TargetObject}"#);
        let events: [&[(&str, &str)]; 4] = [
            &[("TargetObject", r"HKLM\SOFTWARE\a\b")],
            &[("TargetObject", r"HKU\S-1\Environment\user")],
            &[("TargetObject", r"HKCR\Local Settings\x\(Default)")],
            &[("TargetObject", r"HKLM\S\Run\LOCAL_M")],
        ];
        let items: [(&str, &[&str]); 6] = [
            ("TargetObject|contains", &["user"]),
            ("TargetObject|contains", &["LM", "K"]),
            ("TargetObject|contains", &["local"]),
            ("TargetObject|contains", &["machine", "_"]),
            ("TargetObject|endswith", &["e", "r"]),
            ("TargetObject|contains", &[r"S\Run"]),
        ];
        agree("xdr", SET, &events, &items);
    }

    #[test]
    fn a_new_name_is_of_renamed_keys() {
        assert_snapshot!(
            mapped("xdr", EVENT, item("NewName|contains", &[r"\AppCertDlls"])),
            @r#"RegistryKey = '*\AppCertDlls*' {mapping:NewName}"#
        );
        assert_snapshot!(
            mapped("xdr", EVENT, item("NewName|exists", &["false"])),
            @"true | RegistryKey missing {mapping:NewName}"
        );
    }

    #[test]
    fn of_an_event_the_hive_is_written_out_and_the_value_name_apart() {
        const RUN: &str = r"HKU\S-1-5-21\Software\Microsoft\Windows\CurrentVersion\Run\evil";
        assert_snapshot!(
            projected("xdr", SET, &[("TargetObject", RUN)]),
            @r"DeviceRegistryEvents {RegistryKey: 'HKEY_USERS\S-1-5-21\Software\Microsoft\Windows\CurrentVersion\Run', RegistryValueName: 'evil'}"
        );
        assert_snapshot!(
            projected("ecs", SET, &[("TargetObject", RUN)]),
            @r"events {registry.path: 'HKU\S-1-5-21\Software\Microsoft\Windows\CurrentVersion\Run\evil'}"
        );
        assert_snapshot!(
            projected("xdr", SET, &[("TargetObject", r"HKCR\x\shell\open\command\(Default)")]),
            @r"DeviceRegistryEvents {RegistryKey: 'HKEY_LOCAL_MACHINE\SOFTWARE\Classes\x\shell\open\command'}"
        );
        assert_snapshot!(
            projected("xdr", EVENT, &[("EventType", "CreateKey"), ("TargetObject", r"HKLM\SOFTWARE\Foo")]),
            @r"DeviceRegistryEvents {RegistryKey: 'HKEY_LOCAL_MACHINE\SOFTWARE\Foo'}"
        );
        assert_snapshot!(
            projected("xdr", EVENT, &[("TargetObject", r"HKLM\a"), ("NewName", r"HKLM\b")]),
            @r#"DeviceRegistryEvents {PreviousRegistryKey: 'HKEY_LOCAL_MACHINE\a', RegistryKey: 'HKEY_LOCAL_MACHINE\b'}"#
        );
        let events: [&[(&str, &str)]; 5] = [
            &[],
            &[("EventType", "SetValue"), ("TargetObject", RUN)],
            &[("EventType", "SetValue"), ("TargetObject", r"HKCR\x\shell\open\command\(Default)")],
            &[("EventType", "CreateKey"), ("TargetObject", r"HKLM\SOFTWARE\Microsoft\Run\evil")],
            &[("EventType", "DeleteKey"), ("TargetObject", r"HKLM\System\CurrentControlSet\Services\x\(Default)")],
        ];
        let items: [(&str, &[&str]); 16] = [
            ("TargetObject|contains", &[r"\Run\\"]),
            ("TargetObject|endswith", &[r"\Run\evil\\", r"\command\\"]),
            ("TargetObject", &[r"HKLM\SOFTWARE\Microsoft\Run\evil?"]),
            ("TargetObject", &[r"HKCR\x\shell\open\command?", r"*\command\?"]),
            ("TargetObject|endswith", &[r"\Run\evil", r"\Run"]),
            ("TargetObject", &[r"HKU\*\Run\evil"]),
            ("TargetObject|startswith", &[r"HKLM\SOFTWARE\Microsoft"]),
            ("TargetObject|endswith", &[r"\command\(Default)"]),
            ("TargetObject|endswith", &["(Default)"]),
            ("TargetObject|contains", &["(Default)", "t)"]),
            ("TargetObject|contains", &["Defau", r"command\(D", r"\("]),
            ("TargetObject|startswith", &[r"HKCR\\"]),
            ("TargetObject|contains", &[r"CurrentControlSet\Services"]),
            ("TargetObject", &[r"HKLM\SOFTWARE\Microsoft\Run\evil"]),
            ("TargetObject|contains", &["evil"]),
            ("TargetObject|exists", &["true"]),
        ];
        agree("xdr", EVENT, &events, &items);
        agree("ecs", EVENT, &events, &items);
        agree("sysmon", EVENT, &events, &items);
    }
}
