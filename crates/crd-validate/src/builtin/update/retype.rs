//! A Service that changes its type: what belonged to the old type and was left as it was, the server takes away.

use crate::value::{Map, Value};

/// Whether a Service of this type has use for a member.
type OfType = fn(&str) -> bool;

/// What a Service has only where its type has use for it.
const MEMBERS: [(&str, OfType); 8] = [
    ("clusterIP", inside),
    ("clusterIPs", inside),
    ("ipFamilies", inside),
    ("ipFamilyPolicy", inside),
    ("externalTrafficPolicy", outside),
    ("healthCheckNodePort", balanced),
    ("allocateLoadBalancerNodePorts", balanced),
    ("loadBalancerClass", balanced),
];

/// Takes away from `new` what its type has no use for and `before` had.
pub(super) fn settle(new: &mut Map, before: &Value) {
    let kind = |spec: Option<&Value>| spec.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (old, now) = (kind(before.get("type")), kind(new.get("type")));
    if old == now {
        return;
    }
    for (member, needed) in MEMBERS {
        if needed(&old) && !needed(&now) && new.get(member) == before.get(member) {
            new.shift_remove(member);
        }
    }
    if outside(&old)
        && !outside(&now)
        && node_ports(new.get("ports")) == node_ports(before.get("ports"))
    {
        let ports = new.get_mut("ports").and_then(Value::as_array_mut);
        for port in ports.into_iter().flatten() {
            if let Some(port) = port.as_object_mut() {
                port.shift_remove("nodePort");
            }
        }
    }
}

fn node_ports(ports: Option<&Value>) -> Vec<i64> {
    let ports = ports.and_then(Value::as_array).into_iter().flatten();
    let numbers = ports.filter_map(|port| port.get("nodePort")?.as_i64());
    numbers.filter(|number| *number != 0).collect()
}

fn inside(kind: &str) -> bool {
    kind != "ExternalName"
}

fn outside(kind: &str) -> bool {
    matches!(kind, "NodePort" | "LoadBalancer")
}

fn balanced(kind: &str) -> bool {
    kind == "LoadBalancer"
}
