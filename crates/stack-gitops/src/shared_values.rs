//! What the values of one release have in common over all environments, and what is left for each.
//!
//! Helm merges files of values: maps key by key, everything else replaces what was there. So the common part and the rest of
//! one environment, merged in this order, are that environment's values again.

use serde_json::{Map, Value};

/// The largest tree that every environment's values begin with; an empty map where they share nothing.
pub(crate) fn common(values: &[&Value]) -> Value {
    let Some((first, others)) = values.split_first() else {
        return Value::Object(Map::new());
    };
    shared(first, others).unwrap_or_else(|| Value::Object(Map::new()))
}

fn shared(first: &Value, others: &[&Value]) -> Option<Value> {
    if others.iter().all(|other| *other == first) {
        return Some(first.clone());
    }
    let maps: Option<Vec<&Map<String, Value>>> =
        others.iter().map(|other| other.as_object()).collect();
    let (first, maps) = (first.as_object()?, maps?);
    let both: Map<String, Value> = first
        .iter()
        .filter_map(|(key, value)| {
            let others: Option<Vec<&Value>> = maps.iter().map(|map| map.get(key)).collect();
            Some((key.clone(), shared(value, &others?)?))
        })
        .collect();
    (!both.is_empty()).then_some(Value::Object(both))
}

/// What has to be merged over the common part to get the values again; `None` where that is nothing.
pub(crate) fn rest(values: &Value, common: &Value) -> Option<Value> {
    let (Value::Object(values), Value::Object(common)) = (values, common) else {
        return (values != common).then(|| values.clone());
    };
    let left: Map<String, Value> = values
        .iter()
        .filter_map(|(key, value)| match common.get(key) {
            None => Some((key.clone(), value.clone())),
            Some(known) => Some((key.clone(), rest(value, known)?)),
        })
        .collect();
    (!left.is_empty()).then_some(Value::Object(left))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// As Helm merges a later file of values over an earlier one.
    fn merged(mut base: Value, over: &Value) -> Value {
        match (&mut base, over) {
            (Value::Object(base), Value::Object(over)) => {
                for (key, value) in over {
                    let old = base.remove(key).unwrap_or_default();
                    base.insert(key.clone(), merged(old, value));
                }
            }
            (base, over) => *base = over.clone(),
        }
        base
    }

    #[test]
    fn environments_keep_what_only_they_have() {
        let dev = json!({"replicas": 1, "image": {"tag": "1", "pull": "Always"}, "list": [1]});
        let prod = json!({"replicas": 3, "image": {"tag": "1"}, "list": [1, 2]});
        let both = common(&[&dev, &prod]);
        assert_eq!(both, json!({"image": {"tag": "1"}}));
        assert_eq!(
            rest(&dev, &both),
            Some(json!({"replicas": 1, "image": {"pull": "Always"}, "list": [1]}))
        );
        assert_eq!(
            rest(&prod, &both),
            Some(json!({"replicas": 3, "list": [1, 2]}))
        );
        assert_eq!(rest(&dev, &common(&[&dev])), None);
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3).prop_map(Value::from),
            Just(json!({})),
            Just(json!([1])),
        ];
        let tree = leaf.prop_recursive(3, 20, 4, |inner| {
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect()))
        });
        prop::collection::btree_map("[a-d]", tree, 0..4)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn the_common_part_and_the_rest_are_the_values(all in prop::collection::vec(values(), 1..4)) {
            let base = common(&all.iter().collect::<Vec<_>>());
            for values in &all {
                let again = match rest(values, &base) {
                    None => base.clone(),
                    Some(rest) => merged(base.clone(), &rest),
                };
                prop_assert_eq!(&again, values);
            }
        }
    }
}
