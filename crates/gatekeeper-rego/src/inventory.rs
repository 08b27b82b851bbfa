//! What policies find in `data.inventory`.

use serde_json::{Map, Value, json};

use crate::error::RegoError;

/// The objects that policies find in `data.inventory`, which Gatekeeper fills with the kinds of its Config and SyncSets.
///
/// Namespaced objects are at `namespace[NAMESPACE][APIVERSION][KIND][NAME]`, others at `cluster[APIVERSION][KIND][NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Inventory {
    tree: Value,
}

impl Default for Inventory {
    fn default() -> Self {
        Self {
            tree: json!({ "cluster": {}, "namespace": {} }),
        }
    }
}

impl Inventory {
    /// Adds an object; one of the same apiVersion, kind, namespace and name is replaced.
    ///
    /// # Errors
    ///
    /// An object without apiVersion, kind or name.
    pub fn insert(&mut self, object: Value) -> Result<(), RegoError> {
        let text = |pointer: &str, missing: &'static str| {
            let found = object
                .pointer(pointer)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty());
            found
                .map(str::to_owned)
                .ok_or(RegoError::InventoryObject { missing })
        };
        let mut path = match text("/metadata/namespace", "") {
            Ok(namespace) => vec!["namespace".to_owned(), namespace],
            Err(_) => vec!["cluster".to_owned()],
        };
        path.push(text("/apiVersion", "apiVersion")?);
        path.push(text("/kind", "kind")?);
        path.push(text("/metadata/name", "metadata.name")?);
        let mut at = &mut self.tree;
        for key in path {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            at = &mut at[key];
        }
        *at = object;
        Ok(())
    }

    /// The tree, as policies see it.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_where_gatekeeper_puts_them() {
        let mut inventory = Inventory::default();
        let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i", "namespace": "n"}});
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}});
        inventory.insert(ingress.clone()).unwrap();
        inventory.insert(namespace.clone()).unwrap();
        assert_eq!(
            inventory.as_value(),
            &json!({
                "cluster": {"v1": {"Namespace": {"n": namespace}}},
                "namespace": {"n": {"networking.k8s.io/v1": {"Ingress": {"i": ingress}}}},
            })
        );
        let nameless = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "n"}});
        assert_eq!(
            inventory.insert(nameless),
            Err(RegoError::InventoryObject {
                missing: "metadata.name"
            })
        );
    }
}
