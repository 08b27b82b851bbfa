//! Services.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::value::Value;
use kube_vocab::{Path, names};

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::text;
use crate::version::KubernetesVersion;

const AFFINITY_TIMEOUT: i64 = 86_400;

pub(in super::super) fn service(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let kind = spec.text("type");
    let headless = spec.text("clusterIP") == "None";
    let ports = spec.get("ports");
    if ports.is_empty() && kind != "ExternalName" && !headless {
        out.required(ports.path);
    }
    match kind {
        "LoadBalancer" => {
            for port in ports.items() {
                // Until then, the server kept this one for the kubelet.
                if port.number("port") == Some(10250) && out.version < KubernetesVersion::V1_36 {
                    out.invalid(port.path, "10250 may not be exposed by a load balancer");
                }
            }
            if headless {
                out.invalid(
                    spec.get("clusterIPs").path.index(0),
                    "must not be None for a LoadBalancer",
                );
            }
        }
        "NodePort" if headless => {
            out.invalid(
                spec.get("clusterIPs").path.index(0),
                "must not be None for a NodePort",
            );
        }
        "ExternalName" => {
            let addresses = spec.get("clusterIPs");
            if !addresses.is_empty() {
                out.forbidden(addresses.path, "an ExternalName has no address");
            }
            for name in ["ipFamilies", "ipFamilyPolicy"] {
                let node = spec.get(name);
                if !node.is_empty() {
                    out.forbidden(node.path, "an ExternalName has no address");
                }
            }
            let name = spec.get("externalName");
            let host = name.str().strip_suffix('.').unwrap_or(name.str());
            if host.is_empty() {
                out.required(name.path);
            } else {
                out.name(name.path, host, names::dns_subdomain);
            }
        }
        _ => {}
    }
    check_ports(&ports, kind, out);
    labels::labels(&spec.get("selector"), out);
    affinity(&spec, out);
    addresses(&spec, kind, out);
    for address in spec.get("externalIPs").items() {
        if let Some(address_value) = text::address(&address, out) {
            public(&address, address_value, out);
        }
    }
    out.must_be_one_of(
        &spec.get("type"),
        &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
    );
    exposed(&spec, kind, out);
    annotations(object, kind, out);
    internal(&spec, out);
}

fn public(node: &Node<'_, '_>, address: IpAddr, out: &mut Faults) {
    let local = match address {
        IpAddr::V4(v4) => {
            v4.is_link_local()
                || (v4.is_multicast() && v4.octets()[0] == 224 && v4.octets()[..3] == [224, 0, 0])
        }
        IpAddr::V6(v6) => (v6.segments()[0] & 0xffc0) == 0xfe80 || v6.segments()[0] == 0xff02,
    };
    if address.is_unspecified() || address.is_loopback() || local {
        out.invalid(
            node.path,
            format!("\"{address}\" is not an address that others can reach"),
        );
    }
}

fn check_ports(ports: &Node<'_, '_>, kind: &str, out: &mut Faults) {
    let several = ports.list().len() > 1;
    let mut names = HashSet::new();
    let (mut numbers, mut node_ports) = (HashSet::new(), HashSet::new());
    for port in ports.items() {
        let (name, number, target) = (port.get("name"), port.get("port"), port.get("targetPort"));
        if name.str().is_empty() {
            if several {
                out.required_as(name.path, "a name, where there are several ports");
            }
        } else {
            out.named(&name, names::dns_label);
            if !names.insert(name.str()) {
                out.duplicate(name.path, name.str());
            }
        }
        out.port(&number);
        out.one_of(&port.get("protocol"), &["SCTP", "TCP", "UDP"]);
        text::port_or_name(&target, out);
        let protocol = port.get("appProtocol");
        if protocol.is_set() {
            out.named(&protocol, names::qualified_name);
        }
        let node_port = port.get("nodePort");
        if node_port.int() != 0 {
            if kind == "ClusterIP" {
                out.forbidden(node_port.path, "only a NodePort or LoadBalancer has one");
            }
            if !node_ports.insert((port.text("protocol"), node_port.int())) {
                out.duplicate(node_port.path, node_port.int());
            }
            if !(30_000..=32_767).contains(&node_port.int())
                && matches!(kind, "NodePort" | "LoadBalancer")
            {
                let message = format!(
                    "{} must be in the cluster's range of node ports, 30000 to 32767 unless set otherwise",
                    node_port.int()
                );
                out.note(node_port.path, message);
            }
        }
        if !numbers.insert((port.text("protocol"), number.int())) {
            out.duplicate(
                port.path,
                format_args!("{}/{}", port.text("protocol"), number.int()),
            );
        }
    }
}

fn affinity(spec: &Node<'_, '_>, out: &mut Faults) {
    let affinity = spec.get("sessionAffinity");
    out.must_be_one_of(&affinity, &["ClientIP", "None"]);
    let config = spec.get("sessionAffinityConfig");
    match affinity.str() {
        "ClientIP" => {
            let client = config.get("clientIP");
            let timeout = client.get("timeoutSeconds");
            if config.is_set() && !timeout.is_set() {
                out.required(timeout.path);
            } else if config.is_set() && !(1..=AFFINITY_TIMEOUT).contains(&timeout.int()) {
                out.invalid(
                    timeout.path,
                    format!("{} must be from 1 to {AFFINITY_TIMEOUT}", timeout.int()),
                );
            }
        }
        "None" if config.is_set() => out.forbidden(config.path, "sessionAffinity is None"),
        _ => {}
    }
}

fn addresses(spec: &Node<'_, '_>, kind: &str, out: &mut Faults) {
    if kind == "ExternalName" {
        return;
    }
    let (all, families, policy) = (
        spec.get("clusterIPs"),
        spec.get("ipFamilies"),
        spec.get("ipFamilyPolicy"),
    );
    let (one, given) = (spec.text("clusterIP"), all.list());
    if one.is_empty() && !given.is_empty() {
        out.invalid(all.path, "must be empty where clusterIP is not set");
    } else if !one.is_empty() && given.first().is_some_and(|first| first != one) {
        out.invalid(all.path, "must begin with the same address as clusterIP");
    }
    out.one_of(
        &policy,
        &["SingleStack", "PreferDualStack", "RequireDualStack"],
    );
    let mut seen = HashSet::new();
    for family in families.items() {
        if !["IPv4", "IPv6"].contains(&family.str()) {
            out.unsupported(family.path, family.str(), &["IPv4", "IPv6"]);
        } else if !seen.insert(family.str()) {
            out.duplicate(family.path, family.str());
        }
    }
    let headless = given.first().is_some_and(|first| first == "None");
    if headless && given.len() > 1 {
        out.invalid(all.path, "None stands alone");
    }
    let mut found = Vec::new();
    for (index, address) in all.items().enumerate() {
        if index == 0 && headless {
            continue;
        }
        if let Some(parsed) = text::address(&address, out) {
            let place = match out.known.has_address(parsed) {
                true => "must be free",
                false => "must be in the cluster's range of addresses, and free",
            };
            out.note(address.path, format!("{parsed} {place}"));
            found.push((address.path.to_string(), parsed));
        }
    }
    if given.len() > 2 {
        out.invalid(all.path, "must have at most 2 items");
    } else if let [(_, first), (_, second)] = found.as_slice()
        && first.is_ipv4() == second.is_ipv4()
    {
        out.invalid(all.path, "must be of different families, IPv4 and IPv6");
    }
    if families.list().len() == 2 && policy.str() == "SingleStack" {
        out.invalid(
            policy.path,
            "must be RequireDualStack or PreferDualStack where there are two families",
        );
    }
    if policy.str() == "RequireDualStack" || families.list().len() == 2 {
        out.note(policy.path, "needs a cluster with both IPv4 and IPv6");
    } else if families.items().any(|family| family.str() == "IPv6") {
        out.note(families.path, "needs a cluster with IPv6");
    }
    for (index, family) in families.list().iter().enumerate() {
        let other = match family.as_str() {
            Some("IPv4") => IpAddr::is_ipv6,
            Some("IPv6") => IpAddr::is_ipv4,
            _ => continue,
        };
        if let Some((_, address)) = found.get(index)
            && other(address)
        {
            out.invalid(
                all.path.index(index),
                format!("{address} is not of the family {family}"),
            );
        }
    }
}

/// What belongs to services that others than pods reach.
fn exposed(spec: &Node<'_, '_>, kind: &str, out: &mut Faults) {
    let balanced = kind == "LoadBalancer";
    let ranges = spec.get("loadBalancerSourceRanges");
    // The server writes this name with a capital letter.
    let called = spec.path.field("LoadBalancerSourceRanges");
    if !ranges.is_empty() {
        if !balanced {
            out.forbidden(called, "only a LoadBalancer has it");
        }
        for (index, range) in ranges.list().iter().enumerate() {
            let trimmed = range.as_str().unwrap_or_default().trim();
            source_range(called.index(index), trimmed, out);
        }
    }
    for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        let node = spec.get(name);
        if node.is_set() && !balanced {
            out.forbidden(node.path, "only a LoadBalancer has it");
        }
    }
    let class = spec.get("loadBalancerClass");
    if class.is_set() && balanced {
        out.named(&class, names::qualified_name);
    }
    let policy = spec.get("externalTrafficPolicy");
    let external = matches!(kind, "LoadBalancer" | "NodePort")
        || (kind == "ClusterIP" && !spec.get("externalIPs").is_empty());
    if policy.is_set() && !external {
        out.invalid(
            policy.path,
            "is only for services that are reached from outside",
        );
    } else if policy.is_set() {
        out.one_of(&policy, &["Cluster", "Local"]);
    }
    let check = spec.get("healthCheckNodePort");
    let needed = balanced && policy.str() == "Local";
    if needed && check.int() != 0 {
        out.port(&check);
    }
    if !needed && check.int() != 0 {
        out.invalid(
            check.path,
            "is only for a LoadBalancer with externalTrafficPolicy Local",
        );
    }
}

fn source_range(path: Path<'_>, range: &str, out: &mut Faults) {
    let value = Value::from(range);
    text::range(
        &Node {
            value: &value,
            path,
        },
        out,
    );
}

/// What a Service says in annotations, as it did before there were fields.
fn annotations(object: &Node<'_, '_>, kind: &str, out: &mut Faults) {
    const RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
    const HINTS: &str = "service.kubernetes.io/topology-aware-hints";
    const MODE: &str = "service.kubernetes.io/topology-mode";
    let metadata = object.get("metadata");
    let all = metadata.get("annotations");
    if all.has(MODE) && all.has(HINTS) && all.text(MODE) != all.text(HINTS) {
        out.invalid(
            all.path.key(MODE),
            format!(
                "must be that of the annotation {HINTS}, \"{}\"",
                all.text(HINTS)
            ),
        );
    }
    let of_field = object.at(&["spec", "loadBalancerSourceRanges"]);
    if all.has(RANGES) && of_field.as_array().is_none_or(Vec::is_empty) {
        let path = all.path.key(RANGES);
        if kind != "LoadBalancer" {
            out.forbidden(path, "only a LoadBalancer has it");
        }
        let ranges = all.text(RANGES).trim();
        for range in ranges.split(',').filter(|_| !ranges.is_empty()) {
            source_range(path, range.trim(), out);
        }
    }
}

fn internal(spec: &Node<'_, '_>, out: &mut Faults) {
    let policy = spec.get("internalTrafficPolicy");
    out.one_of(&policy, &["Cluster", "Local"]);
    let distribution = spec.get("trafficDistribution");
    let known = ["PreferClose", "PreferSameZone", "PreferSameNode"];
    let known = match out.version >= KubernetesVersion::V1_34 {
        true => &known[..],
        false => &known[..1],
    };
    out.one_of(&distribution, known);
}
