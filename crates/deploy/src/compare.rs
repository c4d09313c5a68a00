//! Whether a platform has what is wanted.
//!
//! Platforms add keys of their own, leave out what is empty, and keep lists of words in an order of their own: what
//! differs by that alone is the same.

use serde_json::Value;

/// Whether `current` has all that `wanted` says.
pub(crate) fn has(current: &Value, wanted: &Value) -> bool {
    if is_empty(wanted) {
        return is_empty(current);
    }
    match (current, wanted) {
        (Value::Object(current), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| has(current.get(key).unwrap_or(&Value::Null), value))
        }
        (Value::Array(current), Value::Array(wanted)) if current.len() == wanted.len() => {
            match (words(current), words(wanted)) {
                (Some(current), Some(wanted)) => current == wanted,
                _ => current.iter().zip(wanted).all(|(current, wanted)| has(current, wanted)),
            }
        }
        (Value::Number(current), Value::Number(wanted)) => current.as_f64() == wanted.as_f64(),
        (current, wanted) => current == wanted,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn words(all: &[Value]) -> Option<Vec<&str>> {
    let mut words: Vec<&str> = all.iter().map(Value::as_str).collect::<Option<_>>()?;
    words.sort_unstable();
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::has;
    use serde_json::json;

    #[test]
    fn what_platforms_add_or_leave_out_is_no_difference() {
        let wanted = json!({ "a": 1, "tags": ["x", "y"], "note": "", "of": [{ "id": 1 }] });
        assert!(has(&json!({ "a": 1.0, "tags": ["y", "x"], "of": [{ "id": 1, "own": 2 }], "more": 1 }), &wanted));
        for other in [
            json!({ "a": 2, "tags": ["x", "y"], "of": [{ "id": 1 }] }),
            json!({ "a": 1, "tags": ["x", "y", "z"], "of": [{ "id": 1 }] }),
            json!({ "a": 1, "tags": ["x", "y"], "of": [{ "id": 1 }], "note": "theirs" }),
            json!({ "a": 1, "tags": ["x", "y"], "of": [] }),
            json!({ "a": "1", "tags": ["x", "y"], "of": [{ "id": 1 }] }),
        ] {
            assert!(!has(&other, &wanted), "{other}");
        }
    }
}
