//! Who may refer into another namespace.

use std::collections::HashMap;

use stack_model::Model;
use stack_model::Value;

use crate::fields::{GROUP, list, text};

/// All `ReferenceGrant`s, by the namespace that they open.
#[derive(Debug)]
pub(crate) struct Grants<'m> {
    by_namespace: HashMap<&'m str, Vec<&'m Value>>,
}

/// One side of a reference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    pub(crate) group: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) namespace: &'a str,
}

impl<'m> Grants<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        let mut by_namespace: HashMap<&str, Vec<&Value>> = HashMap::new();
        for grant in model.objects(GROUP, "ReferenceGrant") {
            if let (Some(namespace), Some(spec)) = (grant.namespace(), grant.at("spec")) {
                by_namespace.entry(namespace).or_default().push(spec);
            }
        }
        Self { by_namespace }
    }

    /// Whether a reference may be followed: inside a namespace always, else by a grant of the target's namespace.
    pub(crate) fn allow(&self, from: Side<'_>, to: Side<'_>, name: &str) -> bool {
        if from.namespace == to.namespace {
            return true;
        }
        let grants = self.by_namespace.get(to.namespace);
        grants.into_iter().flatten().any(|spec| {
            let from_is_listed = list(spec, "from").iter().any(|row| {
                text(row, "group").unwrap_or_default() == from.group
                    && text(row, "kind") == Some(from.kind)
                    && text(row, "namespace") == Some(from.namespace)
            });
            let to_is_listed = list(spec, "to").iter().any(|row| {
                text(row, "group").unwrap_or_default() == to.group
                    && text(row, "kind") == Some(to.kind)
                    && text(row, "name").is_none_or(|only| only.is_empty() || only == name)
            });
            from_is_listed && to_is_listed
        })
    }
}
