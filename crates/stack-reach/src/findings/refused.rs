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
        || has_other_types(policy)
        || sides.iter().any(|(list, peers)| {
            policy.items_at(list).iter().any(|rule| {
                has_other_than(rule, &[*peers, "ports"])
                    || items(rule, peers).iter().any(is_refused_peer)
            })
        })
}

/// Whether a text, a list or a map stands where another one is to stand, or a direction that there is none of.
fn has_other_types(policy: &Entry) -> bool {
    let is_direction = |name: &Value| matches!(name.as_str(), Some("Ingress" | "Egress"));
    let is_other = |path: &str, fits: &dyn Fn(&Value) -> bool| {
        policy
            .at(path)
            .is_some_and(|value| !value.is_null() && !fits(value))
    };
    is_other("metadata.namespace", &|value| value.as_str().is_some())
        || is_other("spec.podSelector", &|value| value.is_object())
        || is_other("spec.policyTypes", &|value| {
            let names = value.as_array();
            names.is_some_and(|names| names.iter().all(is_direction))
        })
        || ["spec.ingress", "spec.egress"].iter().any(|list| {
            is_other(list, &|value| {
                let rules = value.as_array();
                rules.is_some_and(|rules| {
                    rules.iter().all(|rule| rule.is_object() || rule.is_null())
                })
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
        let with = |name: &str, member: &str, value: serde_json::Value| {
            let mut policy = policy(name, json!({}));
            policy["spec"][member] = value;
            policy
        };
        let mut elsewhere = policy("elsewhere", json!({}));
        elsewhere["metadata"]["namespace"] = json!(["a"]);
        let model = Model::read([
            elsewhere,
            with("types", "policyTypes", json!("Ingress Egress")),
            with("direction", "policyTypes", json!(["ingress"])),
            with("rules", "ingress", json!("all")),
            with("selector", "podSelector", json!([])),
            with("null", "podSelector", json!(null)),
            with("both", "policyTypes", json!(["Ingress", "Egress"])),
            policy("sound", block("10.0.0.0/8", "10.1.0.0/16")),
            policy("six", block("::/0", "fe80::/10")),
            policy("Named", json!({})),
            policy("mixed", block("10.0.0.0/8", "fe80::/10")),
            policy("keys", json!({"form": []})),
        ]);
        let mut refused: Vec<String> = of(&model).into_iter().collect();
        refused.sort();
        let names = [
            "Named",
            "direction",
            "keys",
            "mixed",
            "rules",
            "selector",
            "types",
        ];
        let mut expected = names.map(|name| format!("NetworkPolicy a/{name}")).to_vec();
        expected.push("NetworkPolicy default/elsewhere".to_owned());
        assert_eq!(refused, expected);
    }
}
