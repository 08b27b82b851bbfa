use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Service;
use serde_json::Value;

use super::{Finding, Severity};
use crate::bundle::Bundle;

/// What kind publishes must be the node ports that Services really have, each of them once.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let mut used: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let kong = bundle.release("kong").map(|release| &release.values);
    for path in [
        "/gateway/proxy/http/nodePort",
        "/gateway/proxy/tls/nodePort",
        "/gateway/manager/http/nodePort",
    ] {
        if let Some(port) = kong
            .and_then(|values| values.pointer(path))
            .and_then(Value::as_u64)
        {
            used.entry(port).or_default().push(format!(
                "release kong {}",
                path.trim_start_matches('/').replace('/', ".")
            ));
        }
    }
    for service in bundle.objects_of::<Service>() {
        let name = service.metadata.name.clone().unwrap_or_default();
        let ports = service
            .spec
            .iter()
            .flat_map(|spec| spec.ports.iter().flatten());
        for port in ports
            .filter_map(|port| port.node_port)
            .filter_map(|port| u64::try_from(port).ok())
        {
            used.entry(port)
                .or_default()
                .push(format!("Service {name}"));
        }
    }
    let mut find = |path: String, message: String, remedy: &str| {
        findings.push(Finding {
            severity: Severity::Error,
            check: "published-ports",
            subject: "node ports".into(),
            path,
            message,
            remedy: remedy.into(),
        });
    };
    for (port, users) in &used {
        if users.len() > 1 {
            find(
                port.to_string(),
                format!("used by {}", users.join(" and ")),
                "give one of them another port",
            );
        }
        if !(30000..=32767).contains(port) {
            find(
                port.to_string(),
                "a node port lies between 30000 and 32767".into(),
                "choose one in that range",
            );
        }
    }
    let nodes = bundle
        .cluster()
        .and_then(|cluster| cluster["nodes"].as_array())
        .into_iter()
        .flatten();
    for mapping in nodes
        .filter_map(|node| node["extraPortMappings"].as_array())
        .flatten()
    {
        let (host, node) = (
            &mapping["hostPort"],
            mapping["containerPort"].as_u64().unwrap_or_default(),
        );
        if kong.is_some() && !used.contains_key(&node) {
            let message = format!("kind publishes it as port {host}, and no Service has it");
            find(node.to_string(), message, "map the node port of a Service");
        }
    }
}
