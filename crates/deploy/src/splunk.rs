//! Saved searches of an app of Splunk.
//!
//! They are told apart by their names. An update sends what the bundle says of a search, and nothing of whether it is
//! disabled and scheduled, so that what people set stays: other alert actions, throttling, permissions. A macro that the
//! searches use for tuning is made where it is missing, and never changed. What this bundle deployed has the setting
//! `action.rulecast.param.bundle`.
//!
//! Calls: <https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTsearch#saved.2Fsearches>.

use crate::call::segment;
use crate::{Call, Current, Method, Platform, Wanted};
use serde_json::Value;

/// How many entries a page has.
const PAGE: u64 = 100;
const BUNDLE: &str = "action.rulecast.param.bundle";
/// What people set on the platform, which is only said of a search that is created.
const OF_PEOPLE: [&str; 2] = ["disabled", "is_scheduled"];
const MACRO: &str = "macro:";

pub(crate) struct Splunk {
    bundle: String,
    app: String,
}

impl Splunk {
    pub(crate) fn new(bundle: &str, app: String) -> Self {
        Self { bundle: bundle.to_owned(), app }
    }

    fn searches(&self) -> String {
        format!("/servicesNS/nobody/{}/saved/searches", segment(&self.app))
    }

    fn macros(&self) -> String {
        format!("/servicesNS/nobody/{}/configs/conf-macros", segment(&self.app))
    }

    fn page(&self, list: &str, offset: u64) -> Call {
        // Those of other apps that are shared with this one are not of this list.
        let search = segment(&format!("eai:acl.app={}", self.app));
        Call::new(Method::Get, format!("{list}?output_mode=json&count={PAGE}&offset={offset}&search={search}"))
    }

    /// What the bundle says of a search, as the interface calls it, in order.
    fn fields(&self, wanted: &Wanted) -> Vec<(String, String)> {
        let of_bundle = wanted.body.as_object().into_iter().flatten();
        let mut fields: Vec<(String, String)> = of_bundle
            .filter_map(|(key, value)| Some((of_interface(key).to_owned(), value.as_str()?.to_owned())))
            .collect();
        fields.push((BUNDLE.to_owned(), self.bundle.clone()));
        fields.sort();
        fields
    }

    fn missing_macros(&self, wanted: &Wanted, current: &[Current]) -> Vec<Call> {
        let missing = wanted.macros.iter().filter(|(name, _)| {
            let key = format!("{MACRO}{name}");
            !current.iter().any(|one| one.key == key)
        });
        missing
            .map(|(name, fields)| {
                let mut all = vec![("name".to_owned(), name.clone()), ("output_mode".to_owned(), "json".to_owned())];
                all.extend(fields.iter().cloned());
                Call::form(self.macros(), all).accepting(409)
            })
            .collect()
    }

    fn change(&self, key: &str, mut fields: Vec<(String, String)>) -> Vec<Call> {
        fields.push(("output_mode".to_owned(), "json".to_owned()));
        vec![Call::form(format!("{}/{}", self.searches(), segment(key)), fields)]
    }
}

/// The file calls some settings otherwise than the interface.
fn of_interface(key: &str) -> &str {
    match key {
        "enableSched" => "is_scheduled",
        "counttype" => "alert_type",
        "relation" => "alert_comparator",
        "quantity" => "alert_threshold",
        key => key,
    }
}

impl Platform for Splunk {
    fn reads(&self) -> Vec<Call> {
        vec![self.page(&self.searches(), 0), self.page(&self.macros(), 0)]
    }

    fn next(&self, call: &Call, answer: &Value) -> Option<Call> {
        let (total, offset) = (answer["paging"]["total"].as_u64()?, answer["paging"]["offset"].as_u64()?);
        let entries = answer["entry"].as_array()?.len() as u64;
        let list = call.path.split('?').next()?;
        (entries > 0 && offset.checked_add(entries)? < total).then(|| self.page(list, offset + entries))
    }

    fn items(&self, call: &Call, answer: &Value) -> Result<Vec<Current>, String> {
        let all = answer["entry"].as_array().ok_or("expected a list `entry`")?;
        let is_macro = call.path.contains("/configs/conf-macros?");
        let here = all.iter().filter(|entry| entry["acl"]["app"].as_str().is_none_or(|app| app == self.app));
        let current = |entry: &Value| {
            let name = entry["name"].as_str().ok_or("an entry without `name`")?;
            let key = if is_macro { format!("{MACRO}{name}") } else { name.to_owned() };
            Ok(Current { key, title: name.to_owned(), value: entry["content"].clone() })
        };
        here.map(current).collect()
    }

    fn create(&self, wanted: &Wanted, current: &[Current]) -> Vec<Call> {
        let mut fields = self.fields(wanted);
        if !fields.iter().any(|(key, _)| key == "disabled") {
            fields.push(("disabled".to_owned(), "1".to_owned()));
        }
        fields.splice(0..0, [("name".to_owned(), wanted.key.clone()), ("output_mode".to_owned(), "json".to_owned())]);
        let mut calls = self.missing_macros(wanted, current);
        calls.push(Call::form(self.searches(), fields));
        calls
    }

    fn update(&self, wanted: &Wanted, rule: &Current, current: &[Current]) -> Vec<Call> {
        let mut calls = self.missing_macros(wanted, current);
        let mut fields = self.fields(wanted);
        fields.retain(|(key, _)| !OF_PEOPLE.contains(&key.as_str()));
        if !fields.iter().all(|(key, value)| is_same(&rule.value[key.as_str()], value)) {
            calls.extend(self.change(&wanted.key, fields));
        }
        calls
    }

    fn is_ours(&self, current: &Current) -> bool {
        !current.key.starts_with(MACRO) && current.value[BUNDLE] == self.bundle.as_str()
    }

    fn disable(&self, current: &Current) -> Vec<Call> {
        if is_same(&current.value["disabled"], "1") {
            return Vec::new();
        }
        self.change(&current.key, vec![("disabled".to_owned(), "1".to_owned())])
    }

    fn delete(&self, current: &Current) -> Vec<Call> {
        let path = format!("{}/{}?output_mode=json", self.searches(), segment(&current.key));
        vec![Call::new(Method::Delete, path).accepting(404)]
    }
}

/// Whether the interface's value is that of the file: it gives truths and numbers as such.
fn is_same(current: &Value, wanted: &str) -> bool {
    let truth = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" => Some(true),
        "0" | "false" | "f" | "no" | "n" => Some(false),
        _ => None,
    };
    match current {
        Value::Null => wanted.trim().is_empty(),
        Value::Bool(current) => truth(wanted) == Some(*current),
        Value::Number(current) => {
            let wanted = wanted.trim().parse::<f64>().ok().or_else(|| truth(wanted).map(|is| f64::from(u8::from(is))));
            wanted.is_some() && wanted == current.as_f64()
        }
        Value::String(current) => {
            current.trim() == wanted.trim() || (truth(current).is_some() && truth(current) == truth(wanted))
        }
        Value::Array(_) | Value::Object(_) => false,
    }
}
