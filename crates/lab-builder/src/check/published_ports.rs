use std::collections::BTreeMap;

use serde_json::Value;
use stack_builder::{Bundle, Finding, Subject};

use super::{error, items};

/// What kind publishes must be the node ports that Services really have, each of them once.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let mut used: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let kong = bundle.release("kong").map(|release| &release.values);
    for path in [
        "/gateway/proxy/http/nodePort",
        "/gateway/proxy/tls/nodePort",
        "/gateway/manager/http/nodePort",
    ] {
        let port = kong.and_then(|values| values.pointer(path));
        if let Some(port) = port.and_then(Value::as_u64) {
            let field = path.trim_start_matches('/').replace('/', ".");
            used.entry(port)
                .or_default()
                .push(format!("release kong {field}"));
        }
    }
    for service in bundle.of_kind("", "Service") {
        let ports = items(&service.value()["spec"]["ports"]);
        for port in ports.filter_map(|port| port["nodePort"].as_u64()) {
            used.entry(port)
                .or_default()
                .push(format!("Service {}", service.id().name));
        }
    }
    let mut find = |port: u64, message: String, remedy: &str| {
        let message = format!("node port {port}: {message}");
        findings.push(error(
            "published-ports",
            Subject::Stack,
            "",
            message,
            remedy,
        ));
    };
    for (port, users) in &used {
        if users.len() > 1 {
            find(
                *port,
                format!("used by {}", users.join(" and ")),
                "give one of them another port",
            );
        }
        if !(30000..=32767).contains(port) {
            find(
                *port,
                "a node port lies between 30000 and 32767".into(),
                "choose one in that range",
            );
        }
    }
    let nodes = bundle.cluster().map(|cluster| &cluster["nodes"]);
    let mappings = nodes
        .into_iter()
        .flat_map(items)
        .flat_map(|node| items(&node["extraPortMappings"]));
    for mapping in mappings {
        let (host, node) = (
            &mapping["hostPort"],
            mapping["containerPort"].as_u64().unwrap_or_default(),
        );
        if kong.is_some() && !used.contains_key(&node) {
            let message = format!("kind publishes it as port {host}, and no Service has it");
            find(node, message, "map the node port of a Service");
        }
    }
}
