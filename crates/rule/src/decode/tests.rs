//! `tests`: events that a rule must and must not match.

use super::Decoder;
use super::duration::seconds;
use crate::ast::{Expectation, RuleTest, TestEvent, Value};
use crate::scalar::into_node;
use crate::yaml::{Entry, Yaml};
use rulecast_diagnostics::{Diagnostic, Spanned};

impl Decoder<'_> {
    pub(super) fn rule_tests(&mut self, yaml: Yaml) -> Vec<RuleTest> {
        let items = self.list("`tests`", yaml).unwrap_or_default();
        items.into_iter().filter_map(|item| self.rule_test(item)).collect()
    }

    fn rule_test(&mut self, item: Yaml) -> Option<RuleTest> {
        const WHAT: &str = "entry of `tests`";
        const KNOWN: &[&str] = &["name", "expect", "why", "classification", "events"];
        let span = item.span;
        let (mut name, mut expect, mut events) = ((false, None), (false, None), (false, None));
        let (mut why, mut classification) = (None, None);
        for Entry { key, value } in self.map(WHAT, item)? {
            match &*key.text {
                "name" => name = (true, self.word("`name`", value)),
                "expect" => {
                    let all = Expectation::ALL;
                    expect = (true, self.one_of("bad-expectation", "`expect`", value, all, Expectation::name));
                }
                "why" => why = self.optional_text("`why`", usize::MAX, value),
                "classification" => classification = self.word("`classification`", value),
                "events" => events = (true, self.test_events(value)),
                _ => self.unknown_key(WHAT, &key, KNOWN),
            }
        }
        let name = self.required(WHAT, "name", span, name.0, name.1);
        let expect = self.required(WHAT, "expect", span, expect.0, expect.1);
        let events = self.required(WHAT, "events", span, events.0, events.1);
        Some(RuleTest { name: name?, expect: expect?, why, classification, events: events?, span })
    }

    fn test_events(&mut self, value: Yaml) -> Option<Vec<TestEvent>> {
        let span = value.span;
        let items = self.list("`events`", value)?;
        if items.is_empty() {
            let message = "`events` is an empty list";
            return self.refuse(Diagnostic::error("empty-list", span, message).label("expected an event"));
        }
        Some(items.into_iter().filter_map(|item| self.test_event(item)).collect())
    }

    fn test_event(&mut self, item: Yaml) -> Option<TestEvent> {
        let span = item.span;
        let mut event = TestEvent { offset: 0, category: None, product: None, fields: Vec::new(), span };
        for Entry { key, value } in self.map("entry of `events`", item)? {
            match &*key.text {
                "offset" => event.offset = self.offset(value).unwrap_or(0),
                "category" => event.category = self.log_source_value("`category`", value),
                "product" => event.product = self.log_source_value("`product`", value),
                _ => event.fields.push((Spanned::new(key.text, key.span), into_node(value))),
            }
        }
        Some(event)
    }

    /// Milliseconds in `1500ms` or `10s`; a plain number is seconds.
    fn offset(&mut self, value: Yaml) -> Option<u64> {
        let value = self.value("`offset`", "a length of time", value)?;
        let milliseconds = match &value.node {
            Value::Integer(number) => u64::try_from(*number).ok().and_then(|number| number.checked_mul(1000)),
            Value::Text(text) => match text.strip_suffix("ms") {
                Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
                Some(_) => None,
                None if text == "0s" => Some(0),
                None => seconds(text).and_then(|seconds| seconds.checked_mul(1000)),
            },
            _ => None,
        };
        if milliseconds.is_none() {
            let label = "expected `10s`, `1500ms` or a number of seconds";
            self.error("bad-duration", value.span, "`offset` is not a length of time".into(), label, "");
        }
        milliseconds
    }
}
