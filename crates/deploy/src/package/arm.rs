//! Rules of a template for Azure's Resource Manager, as a call of its own takes each.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>

use super::{PackageError, Wanted, shape};
use serde_json::{Value, json};

/// The first template of a bundle.
pub(super) const PATH: &str = "microsoft/sentinel/azuredeploy.json";

/// The rules of one template.
pub(super) fn rules(path: &str, text: &str) -> Result<Vec<Wanted>, PackageError> {
    let template: Value =
        serde_json::from_str(text).map_err(|error| shape(path, Some(error.line()), "expected a JSON template"))?;
    let resources = template["resources"].as_array().ok_or_else(|| shape(path, None, "expected a list `resources`"))?;
    let wrong = |at: usize, reason: String| shape(path, None, format!("resource {}: {reason}", at + 1));
    resources.iter().enumerate().map(|(at, resource)| rule(resource).map_err(|reason| wrong(at, reason))).collect()
}

fn rule(resource: &Value) -> Result<Wanted, String> {
    let is_rule = resource["type"].as_str().is_some_and(|of| of.ends_with("/alertRules"));
    let kind = resource["kind"].as_str().filter(|_| is_rule).ok_or("expected an alert rule with `kind`")?;
    let name = resource["name"].as_str().unwrap_or_default();
    let id = guid(name).ok_or_else(|| format!("expected a name that ends in a GUID, found {name:?}"))?;
    let mut properties = resource["properties"].clone();
    // A parameter of the template. Whether a rule is enabled is for people: a new one is not.
    if let Some(properties) = properties.as_object_mut() {
        properties.remove("enabled");
    }
    let properties = evaluated(&properties)?;
    let title = properties["displayName"].as_str().ok_or("expected `displayName`")?.to_owned();
    let body = json!({ "kind": kind, "properties": properties });
    Ok(Wanted { key: id.clone(), id, title, body, macros: Vec::new() })
}

/// The last GUID in the expression that makes a name.
fn guid(name: &str) -> Option<String> {
    let mut words = name.split(|c: char| !c.is_ascii_hexdigit() && c != '-');
    let groups = |word: &str| word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    words.rfind(|word| groups(word)).map(str::to_lowercase)
}

/// What a template makes of its values: a text that begins with `[[` begins with one bracket; one in brackets would be an
/// expression, of which a rule has none.
fn evaluated(value: &Value) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) if text.starts_with("[[") && text.ends_with(']') => Value::String(text[1..].to_owned()),
        Value::String(text) if text.starts_with('[') && text.ends_with(']') => {
            return Err("its properties hold an expression".to_owned());
        }
        Value::Array(all) => Value::Array(all.iter().map(evaluated).collect::<Result<_, _>>()?),
        Value::Object(map) => {
            let all = map.iter().map(|(key, value)| Ok((key.clone(), evaluated(value)?)));
            Value::Object(all.collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{PATH, rules};

    #[test]
    fn brackets_of_texts_are_no_expressions() {
        let template = |name: &str, title: &str| {
            serde_json::json!({ "resources": [{
                "type": "Microsoft.OperationalInsights/workspaces/providers/alertRules",
                "kind": "Scheduled",
                "name": name,
                "properties": { "displayName": title },
            }] })
            .to_string()
        };
        let name =
            "[concat(parameters('workspace'),'/Microsoft.SecurityInsights/9D2C4D9E-4f0a-4c7e-8a45-6a1b0c8e5f11')]";
        let found = rules(PATH, &template(name, "[[a] b]")).unwrap();
        assert_eq!(
            (found[0].key.as_str(), found[0].title.as_str()),
            ("9d2c4d9e-4f0a-4c7e-8a45-6a1b0c8e5f11", "[a] b]")
        );
        assert_eq!(rules(PATH, &template(name, "[a] b")).unwrap()[0].title, "[a] b");
        assert!(rules(PATH, &template(name, "[concat('a')]")).is_err());
        assert!(rules(PATH, &template("[parameters('name')]", "a")).is_err());
    }
}
