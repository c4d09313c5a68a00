//! The attributes that every kind of document has.
//!
//! Source: the rules document of the Sigma specification 2.1.0, and its JSON schema.

use super::Decoder;
use crate::ast::{Date, Level, Metadata, Related, Status};
use crate::yaml::{Data, Entry, Key, Yaml};
use rulecast_diagnostics::{Diagnostic, Fix, Spanned};

/// The longest title, name and taxonomy, in characters.
const MAX_TITLE: usize = 256;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 65_535;
/// The kinds of relation between rules; `correlation` is not in the specification, but in use.
const RELATED_TYPES: &[&str] = &["derived", "obsolete", "merged", "renamed", "similar", "correlation"];

impl Decoder<'_> {
    /// Reads an attribute; hands back one that is not known.
    pub(super) fn attribute(&mut self, metadata: &mut Metadata, key: Key, value: Yaml) -> Result<(), (Key, Yaml)> {
        match &*key.text {
            "title" => metadata.title = self.limited("`title`", MAX_TITLE, value),
            "id" => metadata.id = self.uuid("`id`", value),
            "name" => metadata.name = self.limited("`name`", MAX_TITLE, value),
            "related" => metadata.related = self.related(value),
            "taxonomy" => metadata.taxonomy = self.limited("`taxonomy`", MAX_TITLE, value),
            "status" => metadata.status = self.one_of("bad-status", "`status`", value, Status::ALL, Status::name),
            "description" => metadata.description = self.optional_text("`description`", MAX_DESCRIPTION, value),
            "license" => metadata.license = self.optional_text("`license`", MAX_DESCRIPTION, value),
            "author" => metadata.author = self.optional_text("`author`", MAX_DESCRIPTION, value),
            "references" => metadata.references = self.optional_texts("`references`", value),
            "date" => metadata.date = self.date("`date`", value),
            "modified" => metadata.modified = self.date("`modified`", value),
            "fields" => metadata.fields = self.optional_texts("`fields`", value),
            "falsepositives" => {
                metadata.false_positives = match value.data() {
                    // The schema of correlations allows a single text.
                    Data::Scalar(_) if !value.is_null() => self.one_or_more_texts("`falsepositives`", value),
                    _ => self.optional_texts("`falsepositives`", value),
                }
            }
            "level" => metadata.level = self.level(value),
            "tags" => metadata.tags = self.tags(value),
            "scope" => metadata.scope = self.optional_texts("`scope`", value),
            _ => return self.extra(metadata, key, value),
        }
        Ok(())
    }

    pub(super) fn level(&mut self, value: Yaml) -> Option<Spanned<Level>> {
        self.one_of("bad-level", "`level`", value, Level::ALL, Level::name)
    }

    /// Text that is neither empty nor too long.
    fn limited(&mut self, what: &str, limit: usize, value: Yaml) -> Option<Spanned<String>> {
        let text = self.word(what, value)?;
        self.check_length(what, limit, &text);
        Some(text)
    }

    fn check_length(&mut self, what: &str, limit: usize, text: &Spanned<String>) {
        if text.len() > limit {
            let length = text.chars().count();
            if length > limit {
                let message = format!("{what} has {length} characters");
                self.error("too-long", text.span, message, &format!("at most {limit}"), "");
            }
        }
    }

    /// Text that may be left empty, as in `author:`; then it is as if it were absent.
    pub(super) fn optional_text(&mut self, what: &str, limit: usize, value: Yaml) -> Option<Spanned<String>> {
        if self.is_left_empty(what, &value) {
            return None;
        }
        let text = self.text(what, value)?;
        self.check_length(what, limit, &text);
        Some(text)
    }

    fn optional_texts(&mut self, what: &str, value: Yaml) -> Vec<Spanned<String>> {
        if self.is_left_empty(what, &value) { Vec::new() } else { self.texts(what, value) }
    }

    fn is_left_empty(&mut self, what: &str, value: &Yaml) -> bool {
        let is_empty = value.is_null();
        if is_empty {
            let message = format!("{what} is empty");
            self.problems.push(Diagnostic::warning("empty-value", value.span, message).help("fill it in or remove it"));
        }
        is_empty
    }

    pub(super) fn uuid(&mut self, what: &str, value: Yaml) -> Option<Spanned<String>> {
        let text = self.text_or("bad-id", what, || "expected a UUID".into(), value)?;
        if is_uuid(&text) {
            return Some(text);
        }
        let diagnostic = Diagnostic::error("bad-id", text.span, format!("{what} `{}` is not a UUID", text.node))
            .label("expected 8-4-4-4-12 hexadecimal digits");
        let digits: String = text.chars().filter(|c| !matches!(c, '-' | '{' | '}' | ' ')).collect();
        self.refuse(if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]);
            diagnostic.help(format!("write `{a}-{b}-{c}-{d}-{e}`"))
        } else {
            diagnostic.help("generate a random UUID, version 4")
        })
    }

    fn related(&mut self, value: Yaml) -> Vec<Related> {
        if self.is_left_empty("`related`", &value) {
            return Vec::new();
        }
        let items = self.list("`related`", value).unwrap_or_default();
        items.into_iter().filter_map(|item| self.related_rule(item)).collect()
    }

    fn related_rule(&mut self, item: Yaml) -> Option<Related> {
        const WHAT: &str = "entry of `related`";
        let span = item.span;
        let (mut id, mut kind) = ((false, None), (false, None));
        for Entry { key, value } in self.map(WHAT, item)? {
            match &*key.text {
                "id" => id = (true, self.uuid("`id`", value)),
                "type" => kind = (true, self.related_type(value)),
                _ => self.unknown_key(WHAT, &key, &["id", "type"]),
            }
        }
        let id = self.required(WHAT, "id", span, id.0, id.1);
        let kind = self.required(WHAT, "type", span, kind.0, kind.1);
        Some(Related { id: id?, kind: kind? })
    }

    fn related_type(&mut self, value: Yaml) -> Option<Spanned<String>> {
        let found = self.one_of("bad-related-type", "`type` of a relation", value, RELATED_TYPES, |word| word)?;
        Some(Spanned::new(found.node.to_owned(), found.span))
    }

    fn tags(&mut self, value: Yaml) -> Vec<Spanned<String>> {
        let tags = self.optional_texts("`tags`", value);
        for tag in &tags {
            if !is_tag(tag) {
                let message = format!("tag `{}` is not of the form `namespace.tag`", tag.node);
                let diagnostic = Diagnostic::warning("bad-tag", tag.span, message)
                    .label("lower case, and a dot after the namespace");
                let fixed = tag.to_ascii_lowercase().replace(' ', "-");
                self.problems.push(if is_tag(&fixed) {
                    let edits = self.respell(tag.span, &tag.node, &fixed);
                    Diagnostic { fix: edits, ..diagnostic.help(format!("write `{fixed}`")) }
                } else {
                    diagnostic
                });
            }
        }
        tags
    }

    fn date(&mut self, what: &str, value: Yaml) -> Option<Spanned<Date>> {
        let text = self.text_or("bad-date", what, || "expected `YYYY-MM-DD`".into(), value)?;
        let Some((date, style)) = parse_date(&text) else {
            let message = format!("{what} `{}` is not a date", text.node);
            return self.refuse(Diagnostic::error("bad-date", text.span, message).label("expected `YYYY-MM-DD`"));
        };
        if !date.exists() {
            let message = format!("{what} `{}` is not in the calendar", text.node);
            return self.refuse(Diagnostic::error("bad-date", text.span, message).label("no such day"));
        }
        let Date { year, month, day } = date;
        let help = format!("write `{year:04}-{month:02}-{day:02}`");
        match style {
            DateStyle::Standard => {}
            DateStyle::Slashes => {
                let message = format!("{what} `{}` is written with slashes", text.node);
                let fix = self.respell(text.span, &text.node, &format!("{year:04}-{month:02}-{day:02}"));
                let problem =
                    Diagnostic::warning("slash-date", text.span, message).label("removed in Sigma 2").help(help);
                self.problems.push(Diagnostic { fix, ..problem });
            }
            DateStyle::Unpadded => {
                let message = format!("{what} `{}` is not of the form `YYYY-MM-DD`", text.node);
                return self
                    .refuse(Diagnostic::error("bad-date", text.span, message).label("digits missing").help(help));
            }
        }
        Some(Spanned::new(date, text.span))
    }

    /// One part of a log source. Sigma writes them in lower case, and so they are compared.
    pub(super) fn log_source_value(&mut self, what: &str, value: Yaml) -> Option<Spanned<String>> {
        let text = self.word(what, value)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let message = format!("{what} `{}` is not in lower case", text.node);
            let lower = text.to_ascii_lowercase();
            // The rule then reads other events: those that its author meant.
            let fix = self.respell(text.span, &text.node, &lower).map(|fix| Fix { safe: false, ..fix });
            let problem = Diagnostic::warning("log-source-case", text.span, message).help(format!("write `{lower}`"));
            self.problems.push(Diagnostic { fix, ..problem });
        }
        Some(text)
    }
}

/// How a date was written.
enum DateStyle {
    /// `2024-01-02`
    Standard,
    /// `2024/01/02`, `2024/1/2`
    Slashes,
    /// `2024-1-2`
    Unpadded,
}

fn parse_date(text: &str) -> Option<(Date, DateStyle)> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if parts.next().is_some() || year.len() != 4 || !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let date = Date { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    let style = match separator {
        '/' => DateStyle::Slashes,
        _ if month.len() < 2 || day.len() < 2 => DateStyle::Unpadded,
        _ => DateStyle::Standard,
    };
    Some((date, style))
}

impl Date {
    /// Whether the calendar has that day.
    fn exists(self) -> bool {
        let is_leap = self.year.is_multiple_of(4) && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            2 => 28 + u8::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (1..=days).contains(&self.day)
    }
}

/// Whether `text` is a UUID in its usual spelling, in either case.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether a tag follows the schema. D3FEND's own names hold capitals, so there they are let through.
fn is_tag(tag: &str) -> bool {
    let Some((namespace, name)) = tag.split_once('.') else { return false };
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    !namespace.is_empty()
        && namespace.bytes().all(is_lower)
        && !name.is_empty()
        && name
            .bytes()
            .all(|byte| is_lower(byte) || byte == b'.' || (namespace == "d3fend" && byte.is_ascii_uppercase()))
}
