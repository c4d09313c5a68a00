//! `prefixed`: a value before which the column always has the same text: `\pipe` is `\Device\NamedPipe\pipe` there.
//!
//! A pattern that is bound to the start starts with that text; one that is not is bound to it only if it could be found
//! within. A regex that is bound to the start is refused.

use super::{Leaf, Mapping, Place};
use crate::project::Draft;
use rulecast_ir::{Part, Pattern, Scalar, Test};

#[derive(Debug)]
pub(crate) struct Prefixed {
    pub(crate) place: Place,
    pub(crate) prefix: String,
}

impl Prefixed {
    pub(super) fn predicate(&self, leaf: &Leaf<'_>) -> Mapping {
        match leaf.test {
            Test::Text { pattern, case } => Ok(leaf.text(&self.place, self.after_prefix(pattern), *case)),
            Test::Exists(_) => Ok(leaf.same(&self.place)),
            Test::Regex(regex) if regex.text.contains('^') || regex.text.contains(r"\A") => {
                Err(leaf.refuse_value(format_args!("before it stands `{}`", self.prefix)))
            }
            // It may be found in what stands before the value.
            Test::Regex(_) => Ok(leaf.unchecked().same(&self.place)),
            _ => Err(leaf.refuse_value("it is text")),
        }
    }

    pub(super) fn project(&self, values: &[Scalar], row: &mut Draft) {
        row.put(&self.place, values.iter().map(|value| Scalar::Text(format!("{}{}", self.prefix, value.text()))));
    }

    fn after_prefix(&self, pattern: &Pattern) -> Pattern {
        if let [Part::AnyRun, Part::Literal(text), ..] = pattern.parts()
            && !self.overlaps(text)
        {
            return pattern.clone();
        }
        let head = [Part::Literal(self.prefix.clone())];
        Pattern::from_parts(head.into_iter().chain(pattern.parts().iter().cloned()))
    }

    /// Whether a text can begin within the prefix.
    fn overlaps(&self, text: &str) -> bool {
        let (prefix, text) = (self.prefix.to_ascii_lowercase(), text.to_ascii_lowercase());
        let mut tails = prefix.char_indices().map(|(at, _)| &prefix[at..]);
        tails.any(|tail| tail.starts_with(&text) || text.starts_with(tail))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{agree, item, mapped, projected};
    use insta::assert_snapshot;

    const PIPE: &str = "windows/pipe_created";

    #[test]
    fn a_pattern_bound_to_the_start_starts_with_the_prefix() {
        assert_snapshot!(mapped("xdr", PIPE, item("PipeName", &[r"\lsass", r"\a*", "*"])), @r#"json(AdditionalFields).PipeName = '\Device\NamedPipe\lsass' {mapping:PipeName} or json(AdditionalFields).PipeName = '\Device\NamedPipe\a*' {mapping:PipeName} or json(AdditionalFields).PipeName exists {mapping:PipeName}"#);
        assert_snapshot!(mapped("xdr", PIPE, item("PipeName|startswith", &[r"\msse-"])), @r#"json(AdditionalFields).PipeName = '\Device\NamedPipe\msse-*' {mapping:PipeName}"#);
    }

    #[test]
    fn any_other_is_bound_only_if_it_could_be_found_in_the_prefix() {
        assert_snapshot!(mapped("xdr", PIPE, item("PipeName|contains", &["lsass", r"\demo"])), @r#"json(AdditionalFields).PipeName = '*lsass*' {mapping:PipeName} or json(AdditionalFields).PipeName = '*\demo*' {mapping:PipeName}"#);
        assert_snapshot!(mapped("xdr", PIPE, item("PipeName|contains", &["pipe", r"PE\x", "dev", r"\"])), @r#"json(AdditionalFields).PipeName = '\Device\NamedPipe*pipe*' {mapping:PipeName} or json(AdditionalFields).PipeName = '\Device\NamedPipe*PE\x*' {mapping:PipeName} or json(AdditionalFields).PipeName = '\Device\NamedPipe*dev*' {mapping:PipeName} or json(AdditionalFields).PipeName = '\Device\NamedPipe*\*' {mapping:PipeName}"#);
        assert_snapshot!(mapped("xdr", PIPE, item("PipeName|endswith", &["-svc", "e"])), @r#"json(AdditionalFields).PipeName = '*-svc' {mapping:PipeName} or json(AdditionalFields).PipeName = '\Device\NamedPipe*e' {mapping:PipeName}"#);
    }

    #[test]
    fn of_an_event_the_prefix_stands_before_the_value() {
        assert_snapshot!(projected("xdr", PIPE, &[("PipeName", r"\lsass")]), @r#"DeviceEvents {AdditionalFields: '{"PipeName":"\\Device\\NamedPipe\\lsass"}'}"#);
        let events: [&[(&str, &str)]; 4] =
            [&[], &[("PipeName", r"\lsass")], &[("PipeName", r"\pipe\dev")], &[("PipeName", r"\MSSE-1-server")]];
        let items: [(&str, &[&str]); 5] = [
            ("PipeName", &[r"\lsass"]),
            ("PipeName|startswith", &[r"\msse-", r"\pipe"]),
            ("PipeName|contains", &["pipe", "dev", r"\ls", "e"]),
            ("PipeName|endswith", &["ass", "e"]),
            ("PipeName|exists", &["true"]),
        ];
        agree("xdr", PIPE, &events, &items);
    }
}
