use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stack_builder::{Bundle, Finding, Object, Part, Provided};

use super::{error, items};

type Name<'a> = (&'a str, &'a str);

/// What routes may refer to.
struct Known<'a> {
    gateways: BTreeSet<Name<'a>>,
    /// The ports of each Service.
    services: BTreeMap<Name<'a>, Vec<u64>>,
}

impl<'a> Known<'a> {
    fn of(bundle: &'a Bundle) -> Self {
        let name = |object: &'a Object| -> Name<'a> {
            let id = object.id();
            (id.namespace.as_deref().unwrap_or_default(), &id.name)
        };
        let gateways = bundle.of_kind("gateway.networking.k8s.io", "Gateway");
        let ports = |service: &Value| {
            let ports = items(&service["spec"]["ports"]);
            ports.filter_map(|port| port["port"].as_u64()).collect()
        };
        let mut services: BTreeMap<Name<'a>, Vec<u64>> = bundle
            .of_kind("", "Service")
            .map(|service| (name(service), ports(service.value())))
            .collect();
        for provided in bundle.parts().iter().flat_map(Part::provided) {
            if let Provided::Service {
                namespace,
                name,
                ports,
            } = provided
            {
                let ports = ports.iter().map(|port| u64::from(*port));
                services.insert((namespace, name), ports.collect());
            }
        }
        Known {
            gateways: gateways.map(name).collect(),
            services,
        }
    }
}

/// A route's Gateway, and the Service and port behind it, must exist in the lab or be made by one of its charts.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let known = Known::of(bundle);
    for route in bundle.of_kind("gateway.networking.k8s.io", "HTTPRoute") {
        let id = route.id();
        let own = id.namespace.as_deref().unwrap_or_default();
        let spec = &route.value()["spec"];
        let mut find = |path: String, message: String, remedy: &str| {
            findings.push(error("dangling-references", id, path, message, remedy));
        };
        for (at, parent) in items(&spec["parentRefs"]).enumerate() {
            let namespace = parent["namespace"].as_str().unwrap_or(own);
            let name = parent["name"].as_str().unwrap_or_default();
            if parent["kind"].as_str().unwrap_or("Gateway") == "Gateway"
                && !known.gateways.contains(&(namespace, name))
            {
                find(
                    format!("spec.parentRefs[{at}]"),
                    format!("there is no Gateway {namespace}/{name}"),
                    "name one that is in the lab",
                );
            }
        }
        for (rule_at, rule) in items(&spec["rules"]).enumerate() {
            for (at, backend) in items(&rule["backendRefs"]).enumerate() {
                if backend["kind"].as_str().unwrap_or("Service") != "Service" {
                    continue;
                }
                let namespace = backend["namespace"].as_str().unwrap_or(own);
                let name = backend["name"].as_str().unwrap_or_default();
                let path = format!("spec.rules[{rule_at}].backendRefs[{at}]");
                let port = backend["port"].as_u64().unwrap_or_default();
                match known.services.get(&(namespace, name)) {
                    None => find(
                        path,
                        format!("there is no Service {namespace}/{name}"),
                        "name one that is in the lab",
                    ),
                    Some(ports) if !ports.contains(&port) => find(
                        format!("{path}.port"),
                        format!("Service {namespace}/{name} has no port {port}, but {ports:?}"),
                        "use a port of the Service",
                    ),
                    Some(_) => {}
                }
            }
        }
    }
}
