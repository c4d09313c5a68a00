//! Elastic Security's detection engine.
//!
//! Rules are told apart by `rule_id`. A rule is changed by PATCH, which leaves what it does not name: whether the rule is
//! enabled, its exceptions, its actions and response actions are never named. What this bundle deployed carries the tag
//! `Rulecast: <bundle>`; tags that people add to a rule go with its next update.
//!
//! Calls: <https://www.elastic.co/docs/api/doc/kibana/group/endpoint-security-detections-api>.

use crate::call::segment;
use crate::compare::has;
use crate::{Access, Call, Current, Method, Platform, Wanted};
use serde_json::{Map, Value, json};

const RULES: &str = "/api/detection_engine/rules";
/// How many rules a page has.
const PAGE: u64 = 100;
/// What people set on the platform, which is only said of a rule that is created.
const OF_PEOPLE: [&str; 5] = ["enabled", "actions", "exceptions_list", "response_actions", "throttle"];
/// What a rule that no longer says it is to lose, and what that means.
const CLEARED: [(&str, Empty); 7] = [
    ("false_positives", Empty::List),
    ("license", Empty::Text),
    ("note", Empty::Text),
    ("references", Empty::List),
    ("required_fields", Empty::List),
    ("setup", Empty::Text),
    ("threat", Empty::List),
];

/// What a field holds that says nothing.
#[derive(Clone, Copy)]
enum Empty {
    List,
    Text,
}

pub(crate) struct Kibana {
    /// Marks the rules of this bundle.
    tag: String,
    /// `/s/<space>`, or nothing for the default space.
    space: String,
}

impl Kibana {
    pub(crate) fn new(bundle: &str, access: &Access) -> Self {
        let space = access.value("KIBANA_SPACE").filter(|space| *space != "default");
        Self {
            tag: format!("Rulecast: {bundle}"),
            space: space.map(|s| format!("/s/{}", segment(s))).unwrap_or_default(),
        }
    }

    fn path(&self, below: &str) -> String {
        format!("{}{RULES}{below}", self.space)
    }

    fn page(&self, page: u64) -> Call {
        let query = format!("/_find?page={page}&per_page={PAGE}&sort_field=created_at&sort_order=asc");
        headed(Call::new(Method::Get, self.path(&query)))
    }

    /// What the bundle says of a rule, with our tag.
    fn body(&self, wanted: &Wanted) -> Map<String, Value> {
        let mut body = wanted.body.as_object().cloned().unwrap_or_default();
        let tags = body.entry("tags").or_insert_with(|| json!([]));
        if let Some(tags) = tags.as_array_mut() {
            tags.push(Value::String(self.tag.clone()));
        }
        // Kibana tells it itself, and takes it of nobody.
        for field in body.get_mut("required_fields").and_then(Value::as_array_mut).into_iter().flatten() {
            field.as_object_mut().map(|field| field.remove("ecs"));
        }
        body
    }
}

/// Kibana takes no write without the first.
fn headed(call: Call) -> Call {
    call.header("kbn-xsrf", "rulecast").header("elastic-api-version", "2023-10-31")
}

impl Platform for Kibana {
    fn reads(&self) -> Vec<Call> {
        vec![self.page(1)]
    }

    fn next(&self, _: &Call, answer: &Value) -> Option<Call> {
        let (page, total) = (answer["page"].as_u64()?, answer["total"].as_u64()?);
        let per_page = answer["perPage"].as_u64().filter(|number| *number > 0)?;
        let is_empty = answer["data"].as_array().is_none_or(Vec::is_empty);
        (!is_empty && page.checked_mul(per_page)? < total).then(|| self.page(page + 1))
    }

    fn items(&self, _: &Call, answer: &Value) -> Result<Vec<Current>, String> {
        let data = answer["data"].as_array().ok_or("expected a page of rules with a list `data`")?;
        let current = |value: &Value| {
            let text = |key: &str| value[key].as_str().map(str::to_owned);
            let key = text("rule_id").ok_or("a rule without `rule_id`")?;
            Ok(Current { title: text("name").unwrap_or_default(), key, value: value.clone() })
        };
        data.iter().map(current).collect()
    }

    fn create(&self, wanted: &Wanted, _: &[Current]) -> Vec<Call> {
        let mut body = self.body(wanted);
        body.entry("enabled").or_insert(Value::Bool(false));
        vec![headed(Call::json(Method::Post, self.path(""), Value::Object(body)))]
    }

    fn update(&self, wanted: &Wanted, rule: &Current, _: &[Current]) -> Vec<Call> {
        let mut body = self.body(wanted);
        OF_PEOPLE.iter().for_each(|key| drop(body.remove(*key)));
        for (key, empty) in CLEARED {
            body.entry(key).or_insert_with(|| match empty {
                Empty::List => json!([]),
                Empty::Text => json!(""),
            });
        }
        if has(&rule.value, &Value::Object(body.clone())) {
            return Vec::new();
        }
        vec![headed(Call::json(Method::Patch, self.path(""), Value::Object(body)))]
    }

    fn is_ours(&self, current: &Current) -> bool {
        current.value["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| *tag == self.tag.as_str()))
    }

    fn disable(&self, current: &Current) -> Vec<Call> {
        if current.value["enabled"] == false {
            return Vec::new();
        }
        let body = json!({ "rule_id": current.key, "enabled": false });
        vec![headed(Call::json(Method::Patch, self.path(""), body))]
    }

    fn delete(&self, current: &Current) -> Vec<Call> {
        let query = format!("?rule_id={}", segment(&current.key));
        vec![headed(Call::new(Method::Delete, self.path(&query)).accepting(404))]
    }
}
