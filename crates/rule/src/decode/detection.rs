//! Log source, selections, items and conditions.
//!
//! Source: the rules document of the Sigma specification 2.1.0, its sections on log sources and detections.

use super::Decoder;
use super::expect::kind;
use crate::ast::{Condition, Detection, Item, LogSource, Modifier, NamedSelection, Selection, Value};
use crate::condition::{self, Names};
use crate::scalar::resolve;
use crate::suggest::closest;
use crate::yaml::{Data, Entry, Key, Places, Scalar, Yaml};
use rulecast_diagnostics::{Diagnostic, Span, Spanned};

/// The key of an item, taken apart.
struct Head {
    field: Option<Spanned<String>>,
    modifiers: Vec<Spanned<Modifier>>,
}

impl Decoder<'_> {
    pub(super) fn log_source(&mut self, yaml: Yaml) -> LogSource {
        const KNOWN: [&str; 4] = ["category", "product", "service", "definition"];
        let span = yaml.span;
        let mut source = LogSource { category: None, product: None, service: None, definition: None, span };
        let Some(entries) = self.map("`logsource`", yaml) else { return source };
        let mut others = Vec::new();
        let mut is_named = false;
        for Entry { key, value } in entries {
            is_named |= matches!(&*key.text, "category" | "product" | "service");
            match &*key.text {
                "category" => source.category = self.log_source_value("`category`", value),
                "product" => source.product = self.log_source_value("`product`", value),
                "service" => source.service = self.log_source_value("`service`", value),
                "definition" => source.definition = self.optional_text("`definition`", usize::MAX, value),
                _ => others.push(key),
            }
        }
        for key in others {
            if let Some(suggestion) = closest(&key.text, KNOWN) {
                self.problems.push(
                    Diagnostic::warning(
                        "unknown-attribute",
                        key.span,
                        format!("unknown key `{}` in `logsource`", key.text),
                    )
                    .label("has no effect")
                    .help(format!("did you mean `{suggestion}`?")),
                );
            }
        }
        if !is_named {
            self.error(
                "empty-logsource",
                span,
                "`logsource` names no events".into(),
                "expected `category`, `product` or `service`",
                "",
            );
        }
        source
    }

    /// Reads `detection`, which stands at `key`.
    pub(super) fn detection(&mut self, what: &str, yaml: Yaml, key: Span) -> Option<Detection> {
        let span = yaml.span;
        let entries = self.map(what, yaml)?;
        Some(self.selections(what, entries, key, key.to(span)))
    }

    /// Reads the selections and the condition among `entries`.
    pub(super) fn selections(&mut self, what: &str, entries: Vec<Entry>, key: Span, span: Span) -> Detection {
        let mut selections = Vec::with_capacity(entries.len().saturating_sub(1));
        let mut condition = None;
        let mut window = None;
        let mut has_selections = false;
        for Entry { key, value } in entries {
            match &*key.text {
                "condition" => condition = Some(value),
                "timeframe" if matches!(value.data(), Data::Scalar(_)) => window = self.refuse_timeframe(&key, value),
                _ => {
                    has_selections = true;
                    // A selection that cannot be read keeps its name, so that the condition's names can be checked.
                    let selection = self.selection(&key, value).unwrap_or(Selection::AnyOf(Vec::new()));
                    selections.push(NamedSelection { name: Spanned::new(key.text, key.span), selection });
                }
            }
        }
        if !has_selections {
            let message = format!("{what} has no selection");
            self.error(
                "missing-selection",
                key,
                message,
                "in this mapping",
                "add a selection: `selection: {Field: value}`",
            );
        }
        let conditions = match condition {
            Some(value) if value.is_null() => {
                let label = "expected the name of a selection";
                self.error("missing-condition", value.span, "`condition` is empty".into(), label, "");
                Vec::new()
            }
            Some(value) => self.conditions(value, window.as_deref()),
            None => {
                let help = match selections.as_slice() {
                    [only] => format!("add `condition: {}`", only.name.node),
                    _ => "add `condition`, which joins the selections by name".to_owned(),
                };
                self.error("missing-condition", key, format!("{what} has no `condition`"), "in this mapping", &help);
                Vec::new()
            }
        };
        Detection { selections, conditions, span }
    }

    fn refuse_timeframe(&mut self, key: &Key, value: Yaml) -> Option<String> {
        let window = match value.into_data() {
            Data::Scalar(scalar) if !scalar.is_null() => Some(scalar.text),
            _ => None,
        };
        let timespan = window.as_deref().unwrap_or("5m");
        let help = format!("remove it, and give the time to a correlation document: `timespan: {timespan}`");
        self.error("timeframe", key.span, "`timeframe` is not part of a detection".into(), "removed in Sigma 2", &help);
        window
    }

    fn conditions(&mut self, yaml: Yaml, window: Option<&str>) -> Vec<Spanned<Condition>> {
        let Data::List(_) = yaml.data() else {
            return self.condition("`condition`", yaml, Names::Selections, window).into_iter().collect();
        };
        let span = yaml.span;
        let Data::List(items) = yaml.into_data() else { unreachable!("seen to be a list") };
        if items.is_empty() {
            let label = "expected the name of a selection";
            self.error("missing-condition", span, "`condition` is empty".into(), label, "");
        }
        let what = "entry of `condition`";
        items.into_iter().filter_map(|item| self.condition(what, item, Names::Selections, window)).collect()
    }

    /// Reads a condition.
    pub(super) fn condition(
        &mut self,
        what: &str,
        yaml: Yaml,
        names: Names,
        window: Option<&str>,
    ) -> Option<Spanned<Condition>> {
        let span = yaml.span;
        // A selection may be called `1`, so any scalar will do, as it was written.
        let Data::Scalar(Scalar { text, style }) = yaml.data() else {
            self.text(what, yaml)?;
            return None;
        };
        let places = Places::new(self.text, text, *style, span);
        let condition = condition::parse(text, names, &places, window, self.problems)?;
        Some(Spanned::new(condition, span))
    }

    fn selection(&mut self, name: &Key, yaml: Yaml) -> Option<Selection> {
        let span = yaml.span;
        match yaml.into_data() {
            Data::Map(entries) if entries.is_empty() => self.refuse_empty_selection(name, span),
            Data::Map(entries) => Some(self.all_of(entries)),
            Data::List(items) if items.is_empty() => self.refuse_empty_selection(name, span),
            Data::List(items) => Some(self.any_of(name, items)),
            Data::Scalar(scalar) if scalar.is_null() => self.refuse_empty_selection(name, span),
            Data::Scalar(scalar) => {
                let values = vec![Spanned::new(resolve(scalar), span)];
                Some(Selection::AllOf(vec![keywords(values, false, span)]))
            }
            Data::Shared(_) => unreachable!("`into_data` looks through anchors"),
        }
    }

    fn refuse_empty_selection(&mut self, name: &Key, span: Span) -> Option<Selection> {
        let message = format!("selection `{}` is empty", name.text);
        self.refuse(
            Diagnostic::error("empty-selection", span, message)
                .label("expected fields or keywords")
                .help("to ask for a field without a value, write `Field: null`"),
        )
    }

    /// A mapping: all of its items that can be read. One that cannot is a problem, and the document is not compiled; the
    /// others are kept so that theirs are found too.
    fn all_of(&mut self, entries: Vec<Entry>) -> Selection {
        Selection::AllOf(entries.into_iter().filter_map(|entry| self.item(entry)).collect())
    }

    /// A list: scalars are one item of keywords, which stands where the first of them does.
    fn any_of(&mut self, name: &Key, elements: Vec<Yaml>) -> Selection {
        let mut alternatives = Vec::new();
        let mut values: Vec<Spanned<Value>> = Vec::new();
        let mut keywords_at = 0;
        for element in elements {
            let span = element.span;
            match element.into_data() {
                Data::Scalar(scalar) if scalar.is_null() => {
                    let label = "expected text or a number";
                    self.error("empty-keyword", span, "keyword is empty".into(), label, "only a field can be `null`");
                }
                Data::Scalar(scalar) => {
                    if values.is_empty() {
                        keywords_at = alternatives.len();
                    }
                    values.push(Spanned::new(resolve(scalar), span));
                }
                data => alternatives.extend(self.selection(name, Yaml { span, data })),
            }
        }
        if let (Some(first), Some(last)) = (values.first(), values.last()) {
            let span = first.span.to(last.span);
            let item = Selection::AllOf(vec![keywords(values, true, span)]);
            if alternatives.is_empty() {
                return item;
            }
            alternatives.insert(keywords_at, item);
        }
        Selection::AnyOf(alternatives)
    }

    fn item(&mut self, Entry { key, value }: Entry) -> Option<Item> {
        let span = key.span.to(value.span);
        let values = self.values(&key, value);
        let Head { field, modifiers } = self.item_head(key)?;
        let (values, is_list) = values?;
        if field.is_none()
            && let Some(null) = values.iter().find(|value| value.node == Value::Null)
        {
            let label = "expected text or a number";
            self.error("empty-keyword", null.span, "keyword is empty".into(), label, "only a field can be `null`");
            return None;
        }
        Some(Item { field, modifiers, values, is_list, span })
    }

    /// Splits `field|modifier|…`.
    fn item_head(&mut self, key: Key) -> Option<Head> {
        let Some(bar) = key.text.find('|') else {
            if key.text.is_empty() {
                let diagnostic = Diagnostic::error("empty-field", key.span, "field has no name");
                return self.refuse(diagnostic.label("expected a field"));
            }
            return Some(Head { field: Some(Spanned::new(key.text, key.span)), modifiers: Vec::new() });
        };
        let places = Places::new(self.text, &key.text, key.style, key.span);
        let field = (bar > 0).then(|| Spanned::new(key.text[..bar].to_owned(), places.span(0, bar)));
        let mut modifiers = Vec::new();
        let mut is_whole = true;
        let mut start = bar + 1;
        for name in key.text[start..].split('|') {
            let span = places.span(start, start + name.len());
            start += name.len() + 1;
            if let Some(modifier) = Modifier::from_name(name) {
                modifiers.push(Spanned::new(modifier, span));
            } else {
                is_whole = false;
                self.problems.push(unknown_modifier(name, span));
            }
        }
        is_whole.then_some(Head { field, modifiers })
    }

    fn values(&mut self, key: &Key, yaml: Yaml) -> Option<(Vec<Spanned<Value>>, bool)> {
        let span = yaml.span;
        let elements = match yaml.into_data() {
            Data::Scalar(scalar) => return Some((vec![Spanned::new(resolve(scalar), span)], false)),
            Data::List(elements) => elements,
            data => return self.refuse(nested(key, &data, span)),
        };
        if elements.is_empty() {
            let message = format!("`{}` has an empty list", key.text);
            return self.refuse(
                Diagnostic::error("empty-list", span, message)
                    .label("expected a value")
                    .help("to ask for a field without a value, write `null`"),
            );
        }
        let count = elements.len();
        let mut values = Vec::with_capacity(count);
        for element in elements {
            let span = element.span;
            match element.into_data() {
                Data::Scalar(scalar) => values.push(Spanned::new(resolve(scalar), span)),
                data => self.problems.push(nested(key, &data, span)),
            }
        }
        (values.len() == count).then_some((values, true))
    }
}

fn keywords(values: Vec<Spanned<Value>>, is_list: bool, span: Span) -> Item {
    Item { field: None, modifiers: Vec::new(), values, is_list, span }
}

fn nested(key: &Key, data: &Data, span: Span) -> Diagnostic {
    let message = format!("value of `{}` is {}", key.text, kind(data));
    let help = match data {
        Data::Map(_) => "write nested fields with a dot: `outer.inner: value`",
        _ => "write all values in one list",
    };
    Diagnostic::error("nested-value", span, message).label("expected a single value").help(help)
}

fn unknown_modifier(name: &str, span: Span) -> Diagnostic {
    if name.is_empty() {
        return Diagnostic::error("unknown-modifier", span, "modifier has no name")
            .label("expected a modifier")
            .help("remove the `|`");
    }
    let diagnostic = Diagnostic::error("unknown-modifier", span, format!("unknown modifier `{name}`"))
        .label("not a modifier of Sigma");
    let exact = name.trim().to_ascii_lowercase();
    if let Some(modifier) = Modifier::from_name(&exact) {
        return diagnostic.help(format!("write `{}`, in lower case and without spaces", modifier.name()));
    }
    let suggestion = match &*exact {
        "regex" | "regexp" => Some("re"),
        "ne" => Some("neq"),
        _ => closest(name, Modifier::ALL.iter().map(|modifier| modifier.name())),
    };
    match suggestion {
        Some(suggestion) => diagnostic.help(format!("did you mean `{suggestion}`?")),
        None => diagnostic,
    }
}
