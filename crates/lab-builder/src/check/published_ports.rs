use std::collections::BTreeMap;

use serde_json::Value;
use stack_builder::{Bundle, Finding, Subject};
use stack_model::ServiceType;

use super::{error, items};
use crate::ids::KONG;
use crate::model::Whole;
use crate::wiring::{GatewayWiring, PublishedPort, Wiring};

/// What kind publishes must be the node ports that Services really have, each of them once; and one port of the machine can be
/// given away once.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    let mut find = |message: String, remedy: &str| {
        findings.push(error(
            "published-ports",
            Subject::Stack,
            "",
            message,
            remedy,
        ));
    };
    let wiring: Option<&Wiring> = bundle.wiring();
    // Once the chart is rendered, its Services say it.
    let of_kong = wiring
        .filter(|_| !whole.has_charts())
        .map_or_else(Vec::new, |wiring| of_kong(bundle, &wiring.gateway));
    let used = used(whole, &of_kong);
    for (port, users) in &used {
        if users.len() > 1 {
            find(
                format!("node port {port}: used by {}", users.join(" and ")),
                "give one of them another port",
            );
        }
        if !(30000..=32767).contains(port) {
            find(
                format!("node port {port}: a node port lies between 30000 and 32767"),
                "choose one in that range",
            );
        }
    }
    let mappings = mappings(bundle);
    for mapping in &mappings {
        let (host, node) = (mapping.host, mapping.node);
        if bundle.release(KONG).is_some() && !used.contains_key(&node) {
            find(
                format!(
                    "node port {node}: kind publishes it as port {host}, and no Service has it"
                ),
                "map the node port of a Service",
            );
        }
    }
    for listener in &of_kong {
        let host = u64::from(listener.wired.host);
        let nodes = || {
            let published = mappings.iter().filter(|mapping| mapping.host == host);
            published.map(|mapping| mapping.node)
        };
        if nodes().any(|node| node == listener.node) {
            continue;
        }
        // A node port that nobody has was told above.
        if let Some(node) = nodes().find(|node| used.contains_key(node)) {
            find(
                format!(
                    "port {host} of the machine leads to node port {node}, and {} answers on {}",
                    listener.what, listener.node
                ),
                "let the node ports of the values be those of the wiring",
            );
        }
    }
    for (port, message) in led_astray(whole) {
        find(
            format!("node port {port}: {message}"),
            "give each port of the Service its own node port",
        );
    }
    host_ports(bundle, wiring, &mappings, &mut find);
}

/// A port of Kong's chart that is open on the nodes.
struct Listener {
    what: &'static str,
    node: u64,
    wired: PublishedPort,
}

fn of_kong(bundle: &Bundle, wiring: &GatewayWiring) -> Vec<Listener> {
    let Some(kong) = bundle.release(KONG) else {
        return Vec::new();
    };
    [
        ("proxy", "http", wiring.http, "gateway.proxy.http.nodePort"),
        ("proxy", "tls", wiring.https, "gateway.proxy.tls.nodePort"),
        (
            "manager",
            "http",
            wiring.manager,
            "gateway.manager.http.nodePort",
        ),
    ]
    .into_iter()
    .filter_map(|(service, listener, wired, what)| {
        let value = |path: &str| kong.values.pointer(&format!("/gateway/{service}{path}"));
        let off = |path: &str| value(path) == Some(&false.into());
        let closed = off("/enabled")
            || off(&format!("/{listener}/enabled"))
            || value("/type").is_some_and(|kind| kind == "ClusterIP");
        let node = value(&format!("/{listener}/nodePort")).and_then(Value::as_u64)?;
        (!closed).then_some(Listener { what, node, wired })
    })
    .collect()
}

/// Who has each node port.
fn used(whole: &Whole<'_>, of_kong: &[Listener]) -> BTreeMap<u64, Vec<String>> {
    let mut used: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for listener in of_kong {
        let users = used.entry(listener.node).or_default();
        users.push(format!("release kong {}", listener.what));
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

/// A port of the machine that kind leads to a port of a node.
struct Mapping<'a> {
    host: u64,
    node: u64,
    protocol: &'a str,
    address: &'a str,
}

fn mappings(bundle: &Bundle) -> Vec<Mapping<'_>> {
    let nodes = bundle.cluster().map(|cluster| &cluster["nodes"]);
    nodes
        .into_iter()
        .flat_map(items)
        .flat_map(|node| items(&node["extraPortMappings"]))
        .filter_map(|mapping| {
            Some(Mapping {
                host: mapping["hostPort"].as_u64()?,
                node: mapping["containerPort"].as_u64()?,
                protocol: mapping["protocol"].as_str().unwrap_or("TCP"),
                address: mapping["listenAddress"].as_str().unwrap_or_default(),
            })
        })
        .collect()
}

/// One port of the machine, on one address, is given away once.
fn host_ports(
    bundle: &Bundle,
    wiring: Option<&Wiring>,
    mappings: &[Mapping<'_>],
    find: &mut impl FnMut(String, &str),
) {
    let networking = bundle.cluster().map(|cluster| &cluster["networking"]);
    let api_server = networking.and_then(|networking| {
        let port = networking["apiServerPort"].as_u64()?;
        let address = networking["apiServerAddress"].as_str();
        Some((port, address.unwrap_or("127.0.0.1")))
    });
    let forwarded = wiring
        .filter(|_| !mappings.is_empty() && bundle.release(KONG).is_some())
        .map(|wiring| u64::from(wiring.gateway.forwarded_admin_port));
    let mut taken: BTreeMap<(u64, &str), Vec<(&str, String)>> = BTreeMap::new();
    let published = mappings.iter().map(|mapping| {
        let what = format!("node port {}", mapping.node);
        (mapping.host, mapping.protocol, mapping.address, what)
    });
    let others = api_server
        .map(|(port, address)| (port, "TCP", address, "the API server".to_owned()))
        .into_iter()
        .chain(forwarded.map(|port| {
            let what = "the forwarded Admin API of Kong Manager".to_owned();
            (port, "TCP", "127.0.0.1", what)
        }));
    // kind chooses a free port where 0 is written.
    for (port, protocol, address, what) in published.chain(others).filter(|it| it.0 != 0) {
        let any = ["", "0.0.0.0", "::"];
        let users = taken.entry((port, protocol)).or_default();
        let other = users
            .iter()
            .find(|(taken, _)| *taken == address || any.contains(taken) || any.contains(&address));
        if let Some((_, other)) = other {
            find(
                format!("port {port} of the machine: wanted for {other} and for {what}"),
                "give one of them another port",
            );
        }
        users.push((address, what));
    }
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
