//! Network policies that a server would refuse, so that they cannot stand beside others.

use std::collections::HashSet;

use kube_vocab::names::dns_subdomain;
use stack_model::{Entry, Model, Value};

/// The policies, as rules name them.
pub(super) fn of(model: &Model) -> HashSet<String> {
    let policies = model.objects("networking.k8s.io", "NetworkPolicy");
    let refused = policies.filter(|policy| is_refused(policy));
    refused
        .map(|policy| {
            let namespace = policy.namespace().unwrap_or("default");
            format!("NetworkPolicy {namespace}/{}", policy.name())
        })
        .collect()
}

fn is_refused(policy: &Entry) -> bool {
    let sides = [("spec.ingress", "from"), ("spec.egress", "to")];
    (!policy.name().is_empty() && dns_subdomain(policy.name()).is_err())
        || sides.iter().any(|(list, peers)| {
            policy.items_at(list).iter().any(|rule| {
                has_other_than(rule, &[*peers, "ports"])
                    || items(rule, peers).iter().any(is_refused_peer)
            })
        })
}

fn is_refused_peer(peer: &Value) -> bool {
    let is_of_six = |value: &Value| value.as_str().is_some_and(|text| text.contains(':'));
    has_other_than(peer, &["podSelector", "namespaceSelector", "ipBlock"])
        || peer.get("ipBlock").is_some_and(|block| {
            let six = block.get("cidr").is_some_and(is_of_six);
            items(block, "except")
                .iter()
                .any(|except| is_of_six(except) != six)
        })
}

/// Whether an object has a member that its kind does not know.
fn has_other_than(value: &Value, known: &[&str]) -> bool {
    let mut members = value
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys());
    members.any(|member| !known.contains(&member.as_str()))
}

fn items<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value
        .get(member)
        .and_then(Value::as_array)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_policy_is_refused_for_its_name_its_members_and_blocks_of_two_families() {
        let policy = |name: &str, rule: serde_json::Value| {
            json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": "a"},
                "spec": {"podSelector": {}, "ingress": [rule]}})
        };
        let block = |cidr: &str, except: &str| json!({"from": [{"ipBlock": {"cidr": cidr, "except": [except]}}]});
        let model = Model::read([
            policy("sound", block("10.0.0.0/8", "10.1.0.0/16")),
            policy("six", block("::/0", "fe80::/10")),
            policy("Named", json!({})),
            policy("mixed", block("10.0.0.0/8", "fe80::/10")),
            policy("keys", json!({"form": []})),
        ]);
        let mut refused: Vec<String> = of(&model).into_iter().collect();
        refused.sort();
        let expected = ["Named", "keys", "mixed"].map(|name| format!("NetworkPolicy a/{name}"));
        assert_eq!(refused, expected);
    }
}
