use gateway_api::v1::{Gateway, HttpRoute};
use k8s_openapi::api::core::v1::Service;

use super::{Finding, Severity};
use crate::bundle::{Bundle, Part};
use crate::component::Provided;

/// A route's Gateway, and the Service and port behind it, must exist in the lab or be made by one of its charts.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    for route in bundle
        .objects()
        .filter(|object| object.get::<HttpRoute>().is_some())
    {
        let id = route.id();
        let own = id.namespace.as_deref().unwrap_or_default();
        let spec = &route.value()["spec"];
        let mut find = |path: String, message: String, remedy: &str| {
            findings.push(Finding {
                severity: Severity::Error,
                check: "dangling-references",
                subject: id.to_string(),
                path,
                message,
                remedy: remedy.into(),
            });
        };
        for (at, parent) in spec["parentRefs"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let namespace = parent["namespace"].as_str().unwrap_or(own);
            let name = parent["name"].as_str().unwrap_or_default();
            let known = bundle.objects().any(|object| {
                object.get::<Gateway>().is_some()
                    && object.id().name == name
                    && object.id().namespace.as_deref() == Some(namespace)
            });
            if parent["kind"].as_str().unwrap_or("Gateway") == "Gateway" && !known {
                find(
                    format!("spec.parentRefs[{at}]"),
                    format!("there is no Gateway {namespace}/{name}"),
                    "name one that is in the lab",
                );
            }
        }
        for (rule_at, rule) in spec["rules"].as_array().into_iter().flatten().enumerate() {
            for (at, backend) in rule["backendRefs"]
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
            {
                if backend["kind"].as_str().unwrap_or("Service") != "Service" {
                    continue;
                }
                let namespace = backend["namespace"].as_str().unwrap_or(own);
                let name = backend["name"].as_str().unwrap_or_default();
                let path = format!("spec.rules[{rule_at}].backendRefs[{at}]");
                match ports(bundle, namespace, name) {
                    None => find(
                        path,
                        format!("there is no Service {namespace}/{name}"),
                        "name one that is in the lab",
                    ),
                    Some(ports) => {
                        let port = backend["port"].as_u64().unwrap_or_default();
                        if !ports.iter().any(|known| u64::from(*known) == port) {
                            let message = format!(
                                "Service {namespace}/{name} has no port {port}, but {ports:?}"
                            );
                            find(format!("{path}.port"), message, "use a port of the Service");
                        }
                    }
                }
            }
        }
    }
}

/// The ports of a Service, whether it is an object of the lab or made by a chart.
fn ports(bundle: &Bundle, namespace: &str, name: &str) -> Option<Vec<u16>> {
    let by_chart =
        bundle
            .parts()
            .iter()
            .flat_map(Part::provided)
            .find_map(|provided| match provided {
                Provided::Service {
                    namespace: n,
                    name: s,
                    ports,
                } if n == namespace && s == name => Some(ports.clone()),
                _ => None,
            });
    by_chart.or_else(|| {
        let service = bundle.objects_of::<Service>().find(|service| {
            let metadata = &service.metadata;
            metadata.namespace.as_deref() == Some(namespace)
                && metadata.name.as_deref() == Some(name)
        })?;
        let ports = service.spec.as_ref()?.ports.as_deref().unwrap_or_default();
        Some(
            ports
                .iter()
                .filter_map(|port| u16::try_from(port.port).ok())
                .collect(),
        )
    })
}
