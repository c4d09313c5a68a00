//! Custom detections of Microsoft Defender XDR.
//!
//! A rule is made with the id that its body has; one that was made in the portal has another. What this bundle
//! deployed says so in the last line of its description, with the id of the rule in the bundle: by either, a rule that was
//! given another title is found. One without that line, and of the same id or name, is another's: it is refused, unless it
//! is to be adopted. A rule is changed by PATCH without `id` and `status`; automated actions and the scope of a rule are
//! those that stand there.
//!
//! Calls: <https://learn.microsoft.com/graph/api/resources/security-detectionrule?view=graph-rest-1.0>.

use crate::call::segment;
use crate::compare::has;
use crate::{Call, Current, Method, Platform, Wanted};
use serde_json::{Value, json};

const RULES: &str = "/v1.0/security/rules/detectionRules";
/// What people set on the platform, below `detectionAction`.
const OF_PEOPLE: [&str; 2] = ["automatedActions", "organizationalScope"];

pub(crate) struct Defender {
    /// What the last line of a description begins with.
    mark: String,
    adopt: bool,
}

impl Defender {
    pub(crate) fn new(bundle: &str, adopt: bool) -> Self {
        Self { mark: format!("Rulecast: {bundle}"), adopt }
    }

    fn line(&self, wanted: &Wanted) -> String {
        if wanted.id.is_empty() { self.mark.clone() } else { format!("{}, rule {}", self.mark, wanted.id) }
    }

    fn body(&self, wanted: &Wanted) -> Value {
        let mut body = wanted.body.clone();
        if let Some(body) = body.as_object_mut() {
            let description = body.get("description").and_then(Value::as_str).unwrap_or_default();
            let marked = format!("{description}\n\n{}", self.line(wanted)).trim_start().to_owned();
            body.insert("description".to_owned(), Value::String(marked));
        }
        body
    }

    /// The last line of a description, if it is ours.
    fn marked<'c>(&self, current: &'c Current) -> Option<&'c str> {
        let description = current.value["description"].as_str()?;
        let line = description.trim_end().lines().next_back()?;
        let rest = line.strip_prefix(&self.mark)?;
        (rest.is_empty() || rest.starts_with(", rule ")).then_some(line)
    }
}

fn has_id(current: &Current, wanted: &Wanted) -> bool {
    current.value["id"].as_str().is_some_and(|theirs| wanted.body["id"].as_str() == Some(theirs))
}

/// A call of one rule, by the id that it has there.
fn call_of(method: Method, current: &Current) -> Call {
    let id = current.value["id"].as_str().map(str::to_owned);
    let id = id.or_else(|| current.value["id"].as_u64().map(|id| id.to_string())).unwrap_or_default();
    Call::new(method, format!("{RULES}/{}", segment(&id)))
}

impl Platform for Defender {
    fn reads(&self) -> Vec<Call> {
        vec![Call::new(Method::Get, RULES.to_owned())]
    }

    fn next(&self, _: &Call, answer: &Value) -> Option<Call> {
        // Of the address of the next page, only what follows this very list is taken.
        let (_, query) = answer["@odata.nextLink"].as_str()?.split_once('?')?;
        Some(Call::new(Method::Get, format!("{RULES}?{query}")))
    }

    fn items(&self, _: &Call, answer: &Value) -> Result<Vec<Current>, String> {
        let all = answer["value"].as_array().ok_or("expected a list `value` of rules")?;
        let current = |value: &Value| {
            let title = value["displayName"].as_str().ok_or("a rule without `displayName`")?.to_owned();
            Ok(Current { key: title.clone(), title, value: value.clone() })
        };
        all.iter().map(current).collect()
    }

    fn matches<'c>(&self, current: &'c [Current], wanted: &Wanted) -> Vec<&'c Current> {
        let line = self.line(wanted);
        let of_id: Vec<&Current> = if wanted.id.is_empty() {
            Vec::new()
        } else {
            // Made by us, or of the id that it would be made with.
            let is_it = |one: &&Current| self.marked(one) == Some(&line) || has_id(one, wanted);
            current.iter().filter(is_it).collect()
        };
        if of_id.is_empty() { current.iter().filter(|one| one.key == wanted.key).collect() } else { of_id }
    }

    fn refuses(&self, current: &Current) -> Option<String> {
        let is_other = self.marked(current).is_none() && !self.adopt;
        is_other.then(|| {
            "a rule of this id or name stands there that this bundle did not deploy; `--adopt` takes it over".to_owned()
        })
    }

    fn create(&self, wanted: &Wanted, _: &[Current]) -> Vec<Call> {
        let mut body = self.body(wanted);
        if let Some(body) = body.as_object_mut() {
            body.entry("status").or_insert_with(|| "disabled".into());
        }
        // The service would make a second one.
        vec![Call { repeatable: false, ..Call::json(Method::Post, RULES.to_owned(), body) }]
    }

    fn update(&self, wanted: &Wanted, rule: &Current, _: &[Current]) -> Vec<Call> {
        let mut body = self.body(wanted);
        if let Some(body) = body.as_object_mut() {
            body.remove("id");
            body.remove("status");
        }
        if let Some(action) = body.get_mut("detectionAction").and_then(Value::as_object_mut) {
            for key in OF_PEOPLE {
                match rule.value.pointer(&format!("/detectionAction/{key}")) {
                    Some(theirs) => drop(action.insert(key.to_owned(), theirs.clone())),
                    None => drop(action.remove(key)),
                }
            }
        }
        if has(&rule.value, &body) {
            return Vec::new();
        }
        vec![Call { body: crate::Body::Json(body), ..call_of(Method::Patch, rule) }.sorted()]
    }

    fn is_ours(&self, current: &Current) -> bool {
        self.marked(current).is_some()
    }

    fn disable(&self, current: &Current) -> Vec<Call> {
        if current.value["status"] == "disabled" {
            return Vec::new();
        }
        vec![Call { body: crate::Body::Json(json!({ "status": "disabled" })), ..call_of(Method::Patch, current) }]
    }

    fn delete(&self, current: &Current) -> Vec<Call> {
        vec![call_of(Method::Delete, current).accepting(404)]
    }
}
