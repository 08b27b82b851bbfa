use std::collections::BTreeMap;

use serde_json::Value;
use stack_builder::{Finding, Subject};
use stack_model::ServiceType;

use super::{error, items};
use crate::model::Whole;
use crate::wiring::Wiring;

/// Where the values of Kong's chart have node ports, as long as its Services are not rendered.
const IN_VALUES: [&str; 3] = [
    "/gateway/proxy/http/nodePort",
    "/gateway/proxy/tls/nodePort",
    "/gateway/manager/http/nodePort",
];

/// What kind publishes must be the node ports that Services really have, each of them once.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let used = used(whole);
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
    let nodes = whole.bundle.cluster().map(|cluster| &cluster["nodes"]);
    let mappings = nodes
        .into_iter()
        .flat_map(items)
        .flat_map(|node| items(&node["extraPortMappings"]));
    for mapping in mappings {
        let (host, node) = (
            &mapping["hostPort"],
            mapping["containerPort"].as_u64().unwrap_or_default(),
        );
        if whole.bundle.release("kong").is_some() && !used.contains_key(&node) {
            let message = format!("kind publishes it as port {host}, and no Service has it");
            find(node, message, "map the node port of a Service");
        }
    }
    for (port, message) in led_astray(whole) {
        find(
            port,
            message,
            "give each port of the Service its own node port",
        );
    }
}

/// Who has each node port.
fn used(whole: &Whole<'_>) -> BTreeMap<u64, Vec<String>> {
    let mut used: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let kong = whole.bundle.release("kong").map(|release| &release.values);
    for path in IN_VALUES.iter().filter(|_| !whole.has_charts()) {
        let port = kong.and_then(|values| values.pointer(path));
        if let Some(port) = port.and_then(Value::as_u64) {
            let field = path.trim_start_matches('/').replace('/', ".");
            used.entry(port)
                .or_default()
                .push(format!("release kong {field}"));
        }
    }
    for service in whole.model.services() {
        let user = format!("Service {}", service.name());
        // Not as ports, because a number that is none is to be found, too; and TCP and UDP may share one.
        let mut ports: Vec<(u64, bool)> = service
            .entry()
            .items_at("spec.ports")
            .iter()
            .filter_map(|port| Some((port["nodePort"].as_u64()?, port["protocol"] == "UDP")))
            .collect();
        ports.sort_unstable();
        for (port, _) in ports
            .iter()
            .filter(|(port, udp)| !udp || !ports.contains(&(*port, false)))
        {
            used.entry(*port).or_default().push(user.clone());
        }
    }
    used
}

/// Published node ports that lead to another port of the gateway than the one that is meant; as far as the chart is rendered.
fn led_astray(whole: &Whole<'_>) -> Vec<(u64, String)> {
    let Some(Wiring { gateway, .. }) = whole.bundle.wiring() else {
        return Vec::new();
    };
    let service = whole
        .model
        .service(&gateway.namespace, &gateway.proxy_service);
    let Some(service) = service.filter(|_| whole.has_charts()) else {
        return Vec::new();
    };
    let published = [&gateway.http, &gateway.https].into_iter();
    let wrong = published.filter_map(|wanted| {
        let port = service.port(wanted.service);
        let has = port.and_then(|port| port.node_port) == Some(wanted.node)
            && service.service_type() != ServiceType::ClusterIp;
        let name = service.name();
        let message = format!("port {} of Service {name} does not have it", wanted.service);
        (!has).then_some((u64::from(wanted.node), message))
    });
    wrong.collect()
}
