//! What a fact expects of the value that its locator finds.

use serde::Deserialize;
use serde_json::Value;

/// Exactly one member is set: one way to compare.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Expectation {
    /// Equal, member by member, element by element.
    pub is: Option<Value>,
    /// A list with these elements and no others, in any order.
    pub set: Option<Value>,
    /// Every given member or element is there; more may be.
    pub has: Option<Value>,
    /// Every element of the list found is equal to this, and there is at least one.
    pub each: Option<Value>,
    /// Number of elements, or of members.
    pub count: Option<usize>,
    /// Every one of these texts occurs.
    pub contains: Option<Vec<String>>,
    /// None of these texts occurs.
    pub lacks: Option<Vec<String>>,
    /// Whether anything is there at all.
    pub exists: Option<bool>,
}

impl Expectation {
    /// How many ways to compare are set.
    pub fn ways(&self) -> usize {
        [
            self.is.is_some(),
            self.set.is_some(),
            self.has.is_some(),
            self.each.is_some(),
            self.count.is_some(),
            self.contains.is_some(),
            self.lacks.is_some(),
            self.exists.is_some(),
        ]
        .into_iter()
        .filter(|set| *set)
        .count()
    }

    /// The same expectation with `change` applied to every text in it.
    pub fn map_texts(&self, change: &dyn Fn(&str) -> String) -> Self {
        let value =
            |wanted: &Option<Value>| wanted.as_ref().map(|wanted| map_value(wanted, change));
        let texts = |wanted: &Option<Vec<String>>| {
            wanted
                .as_ref()
                .map(|texts| texts.iter().map(|text| change(text)).collect())
        };
        Self {
            is: value(&self.is),
            set: value(&self.set),
            has: value(&self.has),
            each: value(&self.each),
            count: self.count,
            contains: texts(&self.contains),
            lacks: texts(&self.lacks),
            exists: self.exists,
        }
    }

    /// `Err` says what was expected and what was found.
    pub fn check(&self, found: Option<&Value>) -> Result<(), String> {
        if let Some(wanted) = self.exists {
            return match (wanted, found) {
                (true, None) => Err("nothing is there".to_owned()),
                (false, Some(found)) => Err(format!("expected nothing, found {}", short(found))),
                _ => Ok(()),
            };
        }
        let found = found.ok_or("nothing is there")?;
        if let Some(wanted) = &self.is {
            return expect(same(found, wanted), found, "expected", wanted);
        }
        if let Some(wanted) = &self.set {
            let holds = match (found.as_array(), wanted.as_array()) {
                (Some(found), Some(wanted)) => {
                    found.len() == wanted.len()
                        && wanted
                            .iter()
                            .all(|one| found.iter().any(|other| same(other, one)))
                }
                _ => false,
            };
            return expect(holds, found, "expected in any order", wanted);
        }
        if let Some(wanted) = &self.has {
            return expect(includes(found, wanted), found, "expected at least", wanted);
        }
        if let Some(wanted) = &self.each {
            let holds = found
                .as_array()
                .is_some_and(|list| !list.is_empty() && list.iter().all(|one| same(one, wanted)));
            return expect(holds, found, "expected each to be", wanted);
        }
        if let Some(wanted) = self.count {
            let number = found
                .as_array()
                .map(Vec::len)
                .or_else(|| found.as_object().map(serde_json::Map::len));
            return expect(
                number == Some(wanted),
                found,
                "expected number",
                &Value::from(wanted),
            );
        }
        let text = text_of(found);
        for wanted in self.contains.iter().flatten() {
            if !text.contains(wanted.as_str()) {
                return Err(format!("expected the text {wanted:?} in {}", short(found)));
            }
        }
        for unwanted in self.lacks.iter().flatten() {
            if text.contains(unwanted.as_str()) {
                return Err(format!(
                    "did not expect the text {unwanted:?} in {}",
                    short(found)
                ));
            }
        }
        Ok(())
    }
}

fn expect(holds: bool, found: &Value, what: &str, wanted: &Value) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(format!("{what} {wanted}, found {}", short(found)))
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text
        .char_indices()
        .nth(if value.is_string() { 80 } else { 300 })
    {
        Some((end, _)) => format!("{} ...", &text[..end]),
        None => text,
    }
}

fn map_value(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(list) => list.iter().map(|one| map_value(one, change)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(key, one)| (change(key), map_value(one, change)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// Equality without regard to member order; numbers by their value, never equal to texts.
fn same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Number(found), Value::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found
                    .iter()
                    .zip(wanted)
                    .all(|(found, wanted)| same(found, wanted))
        }
        (Value::Object(found), Value::Object(wanted)) => {
            found.len() == wanted.len()
                && wanted
                    .iter()
                    .all(|(key, wanted)| found.get(key).is_some_and(|found| same(found, wanted)))
        }
        _ => found == wanted,
    }
}

fn includes(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, wanted)| found.get(key).is_some_and(|found| includes(found, wanted))),
        (Value::Array(found), Value::Array(wanted)) => wanted
            .iter()
            .all(|wanted| found.iter().any(|found| includes(found, wanted))),
        _ => same(found, wanted),
    }
}

/// Texts of a list are read one below the other: the arguments of a command, the lines of a script.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(text_of).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Expectation;
    use serde_json::{Value, json};

    #[test]
    fn each_way_to_compare_accepts_and_refuses() {
        let found = json!({"ports": [{"port": 80, "name": "http"}, {"port": 443}], "args": ["curl", "-sf"], "n": 2});
        let cases = [
            ("is", json!({"n": {"is": 2}}), json!({"n": {"is": "2"}})),
            (
                "set",
                json!({"args": {"set": ["-sf", "curl"]}}),
                json!({"args": {"set": ["curl"]}}),
            ),
            (
                "has",
                json!({"ports": {"has": [{"port": 443}, {"name": "http"}]}}),
                json!({"ports": {"has": [{"port": 8443}]}}),
            ),
            (
                "each",
                json!({"args": {"each": "curl"}}),
                json!({"args": {"each": "-sf"}}),
            ),
            (
                "count",
                json!({"ports": {"count": 2}}),
                json!({"ports": {"count": 1}}),
            ),
            (
                "contains",
                json!({"args": {"contains": ["curl\n-sf"]}}),
                json!({"args": {"contains": ["curl", "wget"]}}),
            ),
            (
                "lacks",
                json!({"args": {"lacks": ["wget"]}}),
                json!({"args": {"lacks": ["wget", "curl"]}}),
            ),
            (
                "exists",
                json!({"m": {"exists": false}}),
                json!({"m": {"exists": true}}),
            ),
        ];
        for (name, good, bad) in cases {
            let outcome = |case: &Value| {
                let (member, wanted) = case
                    .as_object()
                    .and_then(|case| case.iter().next())
                    .unwrap();
                let wanted: Expectation = serde_json::from_value(wanted.clone()).unwrap();
                assert_eq!(wanted.ways(), 1);
                wanted.check(found.get(member))
            };
            if name == "each" {
                assert!(
                    outcome(&good).is_err() && outcome(&bad).is_err(),
                    "two different elements"
                );
            } else {
                assert_eq!(outcome(&good), Ok(()), "{name}");
                assert!(outcome(&bad).is_err(), "{name}");
            }
        }
        let each = Expectation {
            each: Some(json!(1)),
            ..Expectation::default()
        };
        assert_eq!(each.check(Some(&json!([1, 1]))), Ok(()));
        assert!(
            each.check(Some(&json!([]))).is_err(),
            "an empty list proves nothing"
        );
        assert!(each.check(None).is_err());
    }
}
