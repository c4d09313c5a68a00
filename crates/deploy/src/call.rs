//! A call of a platform's interface.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is unreserved in a URL stays as it is: RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A call, without what says who calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Below the address of the platform, with its query: made of literals and [`segment`]s.
    pub path: String,
    /// Beside those of the client.
    pub headers: Vec<(&'static str, String)>,
    /// What it sends.
    pub body: Body,
    /// Whether to repeat it does no harm where its answer was lost.
    pub repeatable: bool,
    /// A failure that means that all is as it should be: what is deleted is gone, what is made is there.
    pub accepts: Option<u16>,
}

/// Methods of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

/// What a call sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON, with sorted keys.
    Json(Value),
    /// Fields of a form, in this order.
    Form(Vec<(String, String)>),
}

impl Method {
    /// As HTTP writes it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

impl Call {
    /// A call without a body.
    pub(crate) fn new(method: Method, path: String) -> Self {
        Self { method, path, headers: Vec::new(), body: Body::None, repeatable: true, accepts: None }
    }

    pub(crate) fn json(method: Method, path: String, body: Value) -> Self {
        Self { body: Body::Json(sorted(body)), ..Self::new(method, path) }
    }

    pub(crate) fn form(path: String, fields: Vec<(String, String)>) -> Self {
        Self { body: Body::Form(fields), ..Self::new(Method::Post, path) }
    }

    /// Where this failure is none.
    pub(crate) fn accepting(self, status: u16) -> Self {
        Self { accepts: Some(status), ..self }
    }

    /// With the keys of its body in order.
    pub(crate) fn sorted(self) -> Self {
        let body = if let Body::Json(body) = self.body { Body::Json(sorted(body)) } else { self.body };
        Self { body, ..self }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Body {
    /// The bytes that are sent, and what they are.
    pub fn bytes(&self) -> Option<(&'static str, Vec<u8>)> {
        match self {
            Body::None => None,
            Body::Json(value) => Some(("application/json", serde_json::to_vec(value).expect("a value is JSON"))),
            Body::Form(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{}={}", segment(name), segment(value))).collect();
                Some(("application/x-www-form-urlencoded", fields.join("&").into_bytes()))
            }
        }
    }

    /// SHA-256 of the bytes, in hexadecimal.
    pub fn digest(&self) -> Option<String> {
        let (_, bytes) = self.bytes()?;
        Some(rulecast_lock::digest(bytes))
    }

    /// For people, with a line end.
    pub fn text(&self) -> String {
        match self {
            Body::None => String::new(),
            Body::Json(value) => format!("{}\n", serde_json::to_string_pretty(value).expect("a value is JSON")),
            Body::Form(fields) => {
                let quoted = |text: &String| Value::String(text.clone()).to_string();
                fields.iter().map(|(name, value)| format!("{name} = {}\n", quoted(value))).collect()
            }
        }
    }
}

/// A part of a path, or a value in a query: nothing in it means anything.
pub(crate) fn segment(text: &str) -> String {
    // A path of dots leads elsewhere, however it is written.
    if matches!(text, "." | "..") { text.replace('.', "%2E") } else { utf8_percent_encode(text, RESERVED).to_string() }
}

/// With the keys of all objects in order: builds of the same sources may keep keys as they come, or sort them.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        Value::Object(map) => {
            let in_order: BTreeMap<String, Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(in_order.into_iter().collect::<Map<_, _>>())
        }
        other => other,
    }
}
