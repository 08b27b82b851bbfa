//! Namespaces: what their pods ask for, and what quotas allow.

use std::collections::BTreeMap;

use kube_vocab::Quantity;
use stack_model::{Model, Selector};

use super::quota::{QuotaUse, pods_of, pods_use};

/// A resource of a namespace.
#[derive(Clone, Debug)]
pub struct NamespaceUse<'m> {
    /// The namespace whose workloads are added up.
    pub namespace: &'m str,
    /// `requests.cpu`, `requests.memory`, `limits.cpu`, `limits.memory` or `pods`.
    pub resource: &'static str,
    /// What its workloads ask for at rest.
    pub asked: Quantity,
    /// What they ask for during the greediest rolling update of one of them.
    pub at_rollout: Quantity,
    /// What they ask for with all replicas that autoscalers may run.
    pub at_most: Quantity,
    /// What the tightest quota without a scope allows; `None` where no quota says anything.
    pub allowed: Option<Quantity>,
}

const RESOURCES: [&str; 5] = [
    "pods",
    "requests.cpu",
    "requests.memory",
    "limits.cpu",
    "limits.memory",
];

/// Each resource of each namespace in which workloads run, by namespace.
pub fn namespaces<'m>(model: &'m Model, quotas: &[QuotaUse<'m>]) -> Vec<NamespaceUse<'m>> {
    let mut allowed: BTreeMap<(&str, &str), Quantity> = BTreeMap::new();
    for row in quotas {
        // A quota with a scope is for some of the pods.
        if row.entry.at("spec.scopes").is_some() || row.entry.at("spec.scopeSelector").is_some() {
            continue;
        }
        let resource = match row.resource {
            "cpu" => "requests.cpu",
            "memory" => "requests.memory",
            "count/pods" => "pods",
            other => other,
        };
        let place = (row.entry.namespace().unwrap_or_default(), resource);
        let least = allowed.entry(place).or_insert(row.allowed);
        *least = (*least).min(row.allowed);
    }
    let mut names: Vec<&str> = model
        .namespaces()
        .map(stack_model::Namespace::name)
        .collect();
    names.retain(|name| {
        let everything = Selector::everything();
        !model.select_workloads(name, &everything).is_empty()
    });
    names.sort_unstable();
    let mut found = Vec::new();
    for namespace in names {
        let pods = pods_of(model, namespace);
        for resource in RESOURCES {
            let (asked, at_rollout, at_most) = pods_use(pods.iter(), resource);
            found.push(NamespaceUse {
                namespace,
                resource,
                asked,
                at_rollout,
                at_most,
                allowed: allowed.get(&(namespace, resource)).copied(),
            });
        }
    }
    found
}
