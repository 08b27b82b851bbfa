//! Comparing JSON.

use serde_json::Value;

/// Where two values differ first.
pub fn difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let keys = ours.keys().chain(theirs.keys());
            keys.filter(|key| ours.get(*key) != theirs.get(*key))
                .find_map(|key| {
                    let at = format!("{path}.{key}");
                    difference(
                        &at,
                        ours.get(key).unwrap_or(&Value::Null),
                        theirs.get(key).unwrap_or(&Value::Null),
                    )
                })
        }
        _ => (ours != theirs).then(|| format!("{path}: {ours} is not {theirs}")),
    }
}
