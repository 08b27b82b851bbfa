//! Services, Ingresses and NetworkPolicies.

use std::net::IpAddr;

use serde_json::Value;

use super::names;
use super::rule::{Findings, PORT_NAME, is_port_name, items, map_of, present, str_of};
use super::selector;
use crate::schema::Format;

pub(super) fn service(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        findings.add("spec.ports", "is required");
        return;
    };
    let kinds = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];
    findings.one_of(spec, "type", "spec", &kinds);
    findings.one_of(spec, "sessionAffinity", "spec", &["ClientIP", "None"]);
    findings.one_of(spec, "externalTrafficPolicy", "spec", &["Cluster", "Local"]);
    findings.one_of(spec, "internalTrafficPolicy", "spec", &["Cluster", "Local"]);
    if let Some(labels) = map_of(spec, "selector") {
        selector::labels_map(labels, "spec.selector", findings);
    }
    let kind = str_of(spec, "type").unwrap_or("ClusterIP");
    service_ports(spec, kind, findings);
    service_addresses(spec, kind, findings);
    session_affinity(spec, findings);
    match (kind, str_of(spec, "externalName")) {
        ("ExternalName", None) => findings.add(
            "spec.externalName",
            "is required where the type is ExternalName",
        ),
        ("ExternalName", Some(name))
            if !names::is_subdomain(name.strip_suffix('.').unwrap_or(name)) =>
        {
            findings.add(
                "spec.externalName",
                format!("\"{name}\" must be {}", names::SUBDOMAIN),
            );
        }
        _ => {}
    }
    if str_of(spec, "clusterIP") == Some("None") && matches!(kind, "NodePort" | "LoadBalancer") {
        findings.add(
            "spec.clusterIP",
            format!("must not be None where the type is {kind}"),
        );
    }
    let ranges = items(spec, "loadBalancerSourceRanges", "spec");
    if !ranges.is_empty() && kind != "LoadBalancer" {
        let message = format!("is not allowed where the type is {kind}");
        findings.add("spec.loadBalancerSourceRanges", message);
    } else {
        for (at, range) in ranges {
            cidr(range, at, findings);
        }
    }
    let external = kind == "NodePort"
        || kind == "LoadBalancer"
        || (kind == "ClusterIP" && !items(spec, "externalIPs", "spec").is_empty());
    if str_of(spec, "externalTrafficPolicy").is_some() && !external {
        let message =
            format!("is not allowed where the type is {kind}: nothing comes from outside");
        findings.add("spec.externalTrafficPolicy", message);
    }
}

fn service_addresses(spec: &Value, kind: &str, findings: &mut Findings<'_>) {
    for (at, address) in items(spec, "externalIPs", "spec") {
        let text = address.as_str().unwrap_or_default();
        if !is_ip(text) {
            findings.add(at, format!("\"{text}\" must be an IP address"));
        } else if text.parse::<IpAddr>().is_ok_and(is_special) {
            let message = format!("{text} must not be unspecified, loopback or link-local");
            findings.add(at, message);
        }
    }
    let first = str_of(spec, "clusterIP");
    let addresses = items(spec, "clusterIPs", "spec");
    if kind == "ExternalName" && (first.is_some() || !addresses.is_empty()) {
        let message = "is not allowed where the type is ExternalName";
        findings.add("spec.clusterIPs", message);
        return;
    }
    match (first, addresses.first()) {
        (Some(address), None) if address != "None" && !is_ip(address) => {
            let message = format!("\"{address}\" must be an IP address, None or nothing");
            findings.add("spec.clusterIP", message);
        }
        (first, Some((at, address))) if address.as_str() != first => {
            findings.add(at, "must be the same as clusterIP");
        }
        _ => {}
    }
    for (index, (at, address)) in addresses.iter().enumerate() {
        let text = address.as_str().unwrap_or_default();
        if !is_ip(text) && (index > 0 || text != "None") {
            findings.add(at, format!("\"{text}\" must be an IP address"));
        }
    }
    findings.one_of(
        spec,
        "ipFamilyPolicy",
        "spec",
        &["SingleStack", "PreferDualStack", "RequireDualStack"],
    );
    let families = items(spec, "ipFamilies", "spec");
    for (at, family) in &families {
        let text = family.as_str().unwrap_or_default();
        if !matches!(text, "IPv4" | "IPv6") {
            findings.add(at, format!("\"{text}\" is not one of: IPv4, IPv6"));
        }
    }
    findings.unique(
        families
            .into_iter()
            .filter_map(|(at, family)| Some((at, family.as_str()?))),
    );
}

fn session_affinity(spec: &Value, findings: &mut Findings<'_>) {
    if present(spec, &["sessionAffinityConfig"]).is_empty() {
        return;
    }
    let at = "spec.sessionAffinityConfig";
    if str_of(spec, "sessionAffinity") != Some("ClientIP") {
        findings.add(
            at,
            "is not allowed where the session affinity is not ClientIP",
        );
        return;
    }
    let seconds = spec.pointer("/sessionAffinityConfig/clientIP/timeoutSeconds");
    if let Some(seconds) = seconds.and_then(Value::as_i64)
        && !(1..=86_400).contains(&seconds)
    {
        let message = format!("{seconds} must be from 1 to 86400");
        findings.add(format!("{at}.clientIP.timeoutSeconds"), message);
    }
}

fn is_ip(text: &str) -> bool {
    Format::Ipv4.accepts(text) || Format::Ipv6.accepts(text)
}

/// Addresses that lead nowhere outside of the machine or its network.
fn is_special(address: IpAddr) -> bool {
    let link_local = match address {
        IpAddr::V4(address) => address.is_link_local() || address.octets()[..3] == [224, 0, 0],
        IpAddr::V6(address) => {
            address.is_unicast_link_local() || address.segments()[0] & 0xff0f == 0xff02
        }
    };
    address.is_unspecified() || address.is_loopback() || link_local
}

fn service_ports(spec: &Value, kind: &str, findings: &mut Findings<'_>) {
    let ports = items(spec, "ports", "spec");
    let headless = str_of(spec, "clusterIP") == Some("None");
    if ports.is_empty() && !headless && kind != "ExternalName" {
        findings.add("spec.ports", "is required");
    }
    let mut seen = std::collections::HashSet::new();
    for (at, port) in &ports {
        findings.port(
            port.get("port").unwrap_or(&Value::Null),
            format!("{at}.port"),
        );
        if let Some(target) = port.get("targetPort") {
            let unset = target.as_i64() == Some(0) || target.as_str() == Some("");
            if !unset {
                findings.port_or_name(target, &format!("{at}.targetPort"));
            }
        }
        findings.one_of(port, "protocol", at, &["TCP", "UDP", "SCTP"]);
        match str_of(port, "name") {
            Some(name) => findings.label(name, format!("{at}.name")),
            None if ports.len() > 1 => findings.add(
                format!("{at}.name"),
                "is required where there are several ports",
            ),
            None => {}
        }
        let key = (
            port.get("port").and_then(Value::as_i64),
            str_of(port, "protocol").unwrap_or("TCP"),
        );
        if !seen.insert(key) {
            findings.add(at, "repeats the port and protocol of an earlier one");
        }
        let node = port
            .get("nodePort")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        if node != 0 && !matches!(kind, "NodePort" | "LoadBalancer") {
            findings.add(
                format!("{at}.nodePort"),
                format!("is not allowed where the type is {kind}"),
            );
        }
    }
    findings.unique(
        ports
            .iter()
            .filter_map(|(at, port)| Some((format!("{at}.name"), str_of(port, "name")?))),
    );
}

fn cidr(range: &Value, path: String, findings: &mut Findings<'_>) {
    if let Some(text) = range.as_str()
        && !Format::Cidr.accepts(text.trim())
    {
        findings.add(
            path,
            format!("\"{text}\" must be {}", Format::Cidr.allowed()),
        );
    }
}

pub(super) fn ingress_class(object: &Value, findings: &mut Findings<'_>) {
    let controller = object
        .pointer("/spec/controller")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let named = controller
        .split_once('/')
        .is_some_and(|(domain, path)| names::is_subdomain(domain) && !path.is_empty());
    if controller.len() > 250 || !named {
        let message = format!(
            "\"{controller}\" must be a domain and a path such as example.com/controller, at most 250 characters"
        );
        findings.add("spec.controller", message);
    }
}

pub(super) fn ingress(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    let rules = items(spec, "rules", "spec");
    if rules.is_empty() && spec.get("defaultBackend").is_none_or(Value::is_null) {
        findings.add("spec", "must have rules or a defaultBackend");
    }
    const CLASS: &str = "kubernetes.io/ingress.class";
    let annotated = object
        .pointer("/metadata/annotations")
        .and_then(|annotations| str_of(annotations, CLASS));
    if let (Some(old), Some(new)) = (annotated, str_of(spec, "ingressClassName"))
        && old != new
    {
        let message = format!("\"{old}\" contradicts ingressClassName \"{new}\"");
        findings.add(format!("metadata.annotations[{CLASS}]"), message);
    }
    if let Some(backend) = spec
        .get("defaultBackend")
        .filter(|backend| !backend.is_null())
    {
        ingress_backend(backend, "spec.defaultBackend", findings);
    }
    for (at, rule) in rules {
        if let Some(host) = str_of(rule, "host") {
            ingress_host(host, format!("{at}.host"), findings);
        }
        let Some(http) = rule.get("http") else {
            continue;
        };
        if http
            .get("paths")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty)
        {
            findings.add(format!("{at}.http.paths"), "must have at least one path");
        }
        for (at, path) in items(http, "paths", &format!("{at}.http")) {
            ingress_path(path, &at, findings);
        }
    }
    for (at, tls) in items(spec, "tls", "spec") {
        for (at, host) in items(tls, "hosts", &at) {
            ingress_host(host.as_str().unwrap_or_default(), at, findings);
        }
    }
}

fn ingress_host(host: &str, path: String, findings: &mut Findings<'_>) {
    if host.parse::<std::net::IpAddr>().is_ok() {
        let message = format!("\"{host}\" must be a DNS name, not an address");
        findings.add(path, message);
    } else if !names::is_subdomain(host.strip_prefix("*.").unwrap_or(host)) {
        findings.add(
            path,
            format!("\"{host}\" must be a DNS name, which may start with '*.'"),
        );
    }
}

fn ingress_path(path: &Value, at: &str, findings: &mut Findings<'_>) {
    let kinds = ["Exact", "Prefix", "ImplementationSpecific"];
    findings.one_of(path, "pathType", at, &kinds);
    let text = path.get("path").and_then(Value::as_str).unwrap_or_default();
    let strict = matches!(str_of(path, "pathType"), Some("Exact" | "Prefix"));
    if (strict || !text.is_empty()) && !text.starts_with('/') {
        findings.add(
            format!("{at}.path"),
            format!("\"{text}\" must start with '/'"),
        );
    } else if strict
        && ["//", "/./", "/../", "%2f", "%2F"]
            .iter()
            .any(|part| text.contains(part))
    {
        findings.add(
            format!("{at}.path"),
            format!("\"{text}\" must not contain '//', '/./', '/../' or '%2f'"),
        );
    }
    if let Some(backend) = path.get("backend") {
        ingress_backend(backend, &format!("{at}.backend"), findings);
    }
}

fn ingress_backend(backend: &Value, path: &str, findings: &mut Findings<'_>) {
    match present(backend, &["service", "resource"]).as_slice() {
        [] => findings.add(path, "must have a service or a resource"),
        ["service"] => {
            if let Some(name) = backend.pointer("/service/name").and_then(Value::as_str) {
                findings.label(name, format!("{path}.service.name"));
            }
            let at = format!("{path}.service.port");
            let port = backend.pointer("/service/port").unwrap_or(&Value::Null);
            let number = port
                .get("number")
                .filter(|number| number.as_i64() != Some(0));
            match (str_of(port, "name"), number) {
                (Some(_), Some(_)) => findings.add(at, "must have a name or a number, not both"),
                (None, None) => findings.add(at, "must have a name or a number"),
                (Some(name), None) if !is_port_name(name) => {
                    findings.add(
                        format!("{at}.name"),
                        format!("\"{name}\" must be {PORT_NAME}"),
                    );
                }
                (_, Some(number)) => findings.port(number, format!("{at}.number")),
                _ => {}
            }
        }
        ["resource"] => {}
        _ => findings.add(path, "must have a service or a resource, not both"),
    }
}

pub(super) fn network_policy(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    if let Some(pods) = spec.get("podSelector") {
        selector::check(pods, "spec.podSelector", findings);
    }
    for (at, kind) in items(spec, "policyTypes", "spec") {
        if !matches!(kind.as_str(), Some("Ingress" | "Egress")) {
            findings.add(at, format!("{kind} is not one of: Ingress, Egress"));
        }
    }
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for (at, rule) in items(spec, rules, "spec") {
            for (at, port) in items(rule, "ports", &at) {
                policy_port(port, &at, findings);
            }
            for (at, peer) in items(rule, peers, &at) {
                policy_peer(peer, &at, findings);
            }
        }
    }
}

fn policy_port(port: &Value, path: &str, findings: &mut Findings<'_>) {
    findings.one_of(port, "protocol", path, &["TCP", "UDP", "SCTP"]);
    let number = port.get("port").filter(|number| !number.is_null());
    if let Some(number) = number {
        findings.port_or_name(number, &format!("{path}.port"));
    }
    let Some(end) = port.get("endPort").and_then(Value::as_i64) else {
        return;
    };
    match number.and_then(Value::as_i64) {
        Some(first) if end < first => {
            findings.add(format!("{path}.endPort"), "must not be less than port")
        }
        None => findings.add(format!("{path}.endPort"), "needs a port that is a number"),
        _ => {}
    }
}

fn policy_peer(peer: &Value, path: &str, findings: &mut Findings<'_>) {
    let members = present(peer, &["podSelector", "namespaceSelector", "ipBlock"]);
    if members.is_empty() {
        findings.add(
            path,
            "must have a podSelector, a namespaceSelector or an ipBlock",
        );
    }
    for member in ["podSelector", "namespaceSelector"] {
        if let Some(chosen) = peer.get(member) {
            selector::check(chosen, &format!("{path}.{member}"), findings);
        }
    }
    let Some(block) = peer.get("ipBlock").filter(|block| !block.is_null()) else {
        return;
    };
    if members.len() > 1 {
        findings.add(path, "an ipBlock excludes selectors");
    }
    if let Some(range) = block.get("cidr") {
        cidr(range, format!("{path}.ipBlock.cidr"), findings);
    }
    for (at, range) in items(block, "except", &format!("{path}.ipBlock")) {
        cidr(range, at, findings);
    }
}
