//! Analytics rules of Microsoft Sentinel.
//!
//! Rules are told apart by their GUID. A rule is replaced by PUT: what stands on the platform is kept where the bundle says
//! nothing of it, and so is `enabled`. Its `etag` goes with it, so that a change made meanwhile is not overwritten.
//! Automation rules, and the playbooks of a rule, are resources of their own, which are not touched. What this bundle
//! deployed ends its description with a line of ours: analytics rules have no tags.
//!
//! Calls: <https://learn.microsoft.com/rest/api/securityinsights/alert-rules?view=rest-securityinsights-2024-09-01>.

use crate::compare::has;
use crate::{Access, Call, Current, Method, Platform, Wanted};
use serde_json::{Map, Value};

const VERSION: &str = "2024-09-01";
/// Of a description, in characters.
const LONGEST: usize = 5000;
/// What only the service writes.
const OF_SERVICE: [&str; 1] = ["lastModifiedUtc"];
/// Durations as ISO 8601 has them, which the service writes in its own way.
const DURATIONS: [&str; 4] = ["queryFrequency", "queryPeriod", "suppressionDuration", "lookbackDuration"];

pub(crate) struct Sentinel {
    /// The last line of descriptions.
    mark: String,
    workspace: String,
}

impl Sentinel {
    pub(crate) fn new(bundle: &str, access: &Access) -> Self {
        let [subscription, group, workspace] =
            ["AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "SENTINEL_WORKSPACE"].map(|name| access.segment(name));
        Self {
            mark: format!("Rulecast: {bundle}"),
            workspace: format!(
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.OperationalInsights/workspaces/\
                 {workspace}/providers/Microsoft.SecurityInsights/alertRules"
            ),
        }
    }

    fn path(&self, id: &str) -> String {
        format!("{}{id}?api-version={VERSION}", self.workspace)
    }

    fn rule(&self, method: Method, key: &str) -> Call {
        Call::new(method, self.path(&format!("/{}", crate::call::segment(key))))
    }

    /// What the bundle says, with our line.
    fn body(&self, wanted: &Wanted) -> (Value, Map<String, Value>) {
        let mut properties = wanted.body["properties"].as_object().cloned().unwrap_or_default();
        let description = properties.get("description").and_then(Value::as_str).unwrap_or_default();
        let marked = format!("{description}\n\n{}", self.mark).trim_start().to_owned();
        if marked.chars().count() <= LONGEST {
            properties.insert("description".to_owned(), Value::String(marked));
        }
        (wanted.body["kind"].clone(), properties)
    }

    fn put(&self, key: &str, kind: Value, properties: Map<String, Value>, etag: Option<&Value>) -> Vec<Call> {
        let mut body = Map::new();
        body.insert("kind".to_owned(), kind);
        body.insert("properties".to_owned(), Value::Object(properties));
        if let Some(etag) = etag.filter(|etag| etag.is_string()) {
            body.insert("etag".to_owned(), etag.clone());
        }
        vec![Call { body: crate::Body::Json(Value::Object(body)), ..self.rule(Method::Put, key) }.sorted()]
    }
}

impl Platform for Sentinel {
    fn reads(&self) -> Vec<Call> {
        vec![Call::new(Method::Get, self.path(""))]
    }

    fn next(&self, _: &Call, answer: &Value) -> Option<Call> {
        // The address of the next page: of it, only what follows the list of this very workspace is taken.
        let next = answer["nextLink"].as_str()?;
        let (_, query) = next.split_once('?')?;
        Some(Call::new(Method::Get, format!("{}?{query}", self.workspace)))
    }

    fn items(&self, _: &Call, answer: &Value) -> Result<Vec<Current>, String> {
        let all = answer["value"].as_array().ok_or("expected a list `value` of rules")?;
        let current = |value: &Value| {
            let key = value["name"].as_str().ok_or("a rule without `name`")?.to_lowercase();
            let title = value["properties"]["displayName"].as_str().unwrap_or_default().to_owned();
            Ok(Current { key, title, value: value.clone() })
        };
        all.iter().map(current).collect()
    }

    fn create(&self, wanted: &Wanted, _: &[Current]) -> Vec<Call> {
        let (kind, mut properties) = self.body(wanted);
        properties.entry("enabled").or_insert(Value::Bool(false));
        self.put(&wanted.key, kind, properties, None)
    }

    fn update(&self, wanted: &Wanted, rule: &Current, _: &[Current]) -> Vec<Call> {
        let (kind, mut properties) = self.body(wanted);
        properties.remove("enabled");
        let theirs = &rule.value["properties"];
        let same = has(&seconds(theirs), &seconds(&Value::Object(properties.clone())));
        if same && rule.value["kind"] == kind {
            return Vec::new();
        }
        for (key, value) in writable(theirs) {
            properties.entry(key).or_insert(value);
        }
        self.put(&wanted.key, kind, properties, rule.value.get("etag"))
    }

    fn refuses(&self, current: &Current) -> Option<String> {
        let kind = current.value["kind"].as_str().unwrap_or_default();
        let known = matches!(kind, "Scheduled" | "NRT");
        (!known).then(|| format!("a rule of kind `{kind}` has its id"))
    }

    fn is_ours(&self, current: &Current) -> bool {
        let description = current.value["properties"]["description"].as_str().unwrap_or_default();
        description.trim_end().lines().next_back() == Some(&self.mark)
    }

    fn disable(&self, current: &Current) -> Vec<Call> {
        let mut properties = writable(&current.value["properties"]);
        if properties.get("enabled") == Some(&Value::Bool(false)) {
            return Vec::new();
        }
        properties.insert("enabled".to_owned(), Value::Bool(false));
        self.put(&current.key, current.value["kind"].clone(), properties, current.value.get("etag"))
    }

    fn delete(&self, current: &Current) -> Vec<Call> {
        vec![self.rule(Method::Delete, &current.key).accepting(404)]
    }
}

/// What stands on the platform, as far as it may be sent back: without what only the service writes, and without what it
/// gives as nothing.
fn writable(properties: &Value) -> Map<String, Value> {
    let mut properties = properties.as_object().cloned().unwrap_or_default();
    properties.retain(|key, value| !value.is_null() && !OF_SERVICE.contains(&key.as_str()));
    properties
}

/// With durations as numbers of seconds, wherever they stand.
fn seconds(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let duration = DURATIONS.contains(&key.as_str()).then(|| value.as_str().and_then(duration)).flatten();
                (key.clone(), duration.map_or_else(|| seconds(value), Value::from))
            };
            Value::Object(map.iter().map(entry).collect())
        }
        other => other.clone(),
    }
}

/// `P1DT2H30M5S` in seconds.
fn duration(text: &str) -> Option<u64> {
    let (mut total, mut number, mut in_time) = (0_u64, String::new(), false);
    for c in text.strip_prefix('P')?.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if c == 'T' {
            in_time = true;
            continue;
        }
        let unit = match (c, in_time) {
            ('W', false) => 604_800,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        total = total.checked_add(std::mem::take(&mut number).parse::<u64>().ok()?.checked_mul(unit)?)?;
    }
    number.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_are_compared_by_what_they_mean() {
        assert_eq!((duration("PT1H"), duration("PT60M"), duration("P1D")), (Some(3600), Some(3600), Some(86_400)));
        assert_eq!((duration("P1DT1H1M1S"), duration("PT24H")), (Some(90_061), duration("P1D")));
        assert_eq!((duration("1h"), duration("P1H"), duration("PT1"), duration("PTH")), (None, None, None, None));
    }
}
