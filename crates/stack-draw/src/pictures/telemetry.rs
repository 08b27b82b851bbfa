//! Where metrics, logs, traces and alerts go: read from settings, by the addresses in them and what stands around.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use stack_builder::Bundle;
use stack_model::{Model, Purpose};

use crate::graph::{Direction, Edge, EdgeKind, Graph, Group, GroupId, Node, NodeId, NodeKind};

/// Settings that somebody reads.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Who: a release, or a workload.
    pub owner: String,
    /// The namespace in which that lives.
    pub namespace: String,
    /// The settings: any tree, whose texts may be settings themselves.
    pub value: Value,
}

/// The settings of a bundle's releases.
#[must_use]
pub fn configurations(bundle: &Bundle) -> Vec<Configuration> {
    bundle
        .releases()
        .map(|release| Configuration {
            owner: release.name.clone(),
            namespace: release.namespace.clone(),
            value: release.values.clone(),
        })
        .collect()
}

/// Who sends metrics, logs, traces and alerts to whom, and who asks for them. `more` are settings beside those that stand in the
/// model's objects: see [`configurations`].
#[must_use]
pub fn telemetry(model: &Model, more: &[Configuration]) -> Graph {
    let mut graph = Graph::new("Telemetry", Direction::Right);
    graph.description =
        "From what is observed over collectors to stores, and from there to dashboards and alerts."
            .into();
    let own = of_model(model);
    let workloads = model.workloads().map(|workload| {
        let namespace = workload.namespace().to_owned();
        (namespace, owner(workload.entry()))
    });
    let told = more
        .iter()
        .map(|one| (one.namespace.clone(), one.owner.clone()));
    let owners: BTreeSet<Owner> = workloads.chain(told).collect();
    let mut flows: BTreeMap<(Owner, Owner, bool), BTreeSet<&'static str>> = BTreeMap::new();
    for one in own.iter().chain(more) {
        let from = (one.namespace.clone(), one.owner.clone());
        let mut found = Vec::new();
        walk(&one.value, &mut Vec::new(), &one.value, &mut found);
        for address in found {
            let Some(to) = target(model, &owners, &one.namespace, &address) else {
                continue;
            };
            if to != from {
                let signals = flows.entry((from.clone(), to, address.query)).or_default();
                signals.extend(address.signals);
            }
        }
    }
    draw(&mut graph, &flows);
    graph
}

/// Namespace and name.
type Owner = (String, String);

/// A place in settings that names somebody to whom telemetry goes, or who is asked.
struct Address {
    /// The host as written.
    host: String,
    /// What goes there.
    signals: Vec<&'static str>,
    /// Whether it is asked rather than told.
    query: bool,
}

/// The settings that stand in a model: what workloads are told, and the ConfigMaps that they read.
fn of_model(model: &Model) -> Vec<Configuration> {
    let mut readers: HashMap<(&str, &str), BTreeSet<String>> = HashMap::new();
    for workload in model.workloads() {
        for reference in model.references_of(workload.entry()) {
            if reference.purpose == Purpose::Config && reference.kind == "ConfigMap" {
                readers
                    .entry((workload.namespace(), reference.name))
                    .or_default()
                    .insert(owner(workload.entry()));
            }
        }
    }
    let mut all = Vec::new();
    for entry in model.entries() {
        if entry.kind() == "CustomResourceDefinition" {
            continue;
        }
        let namespace = entry.namespace().unwrap_or_default().to_owned();
        let owners: Vec<String> = match entry.kind() {
            "ConfigMap" => {
                let read = readers.get(&(entry.namespace().unwrap_or_default(), entry.name()));
                match (&entry.origin().release, read) {
                    (Some(release), _) => vec![release.to_string()],
                    (None, Some(read)) => read.iter().cloned().collect(),
                    (None, None) => Vec::new(),
                }
            }
            _ => vec![owner(entry)],
        };
        for owner in owners {
            all.push(Configuration {
                owner,
                namespace: namespace.clone(),
                value: entry.value().to_json(),
            });
        }
    }
    all
}

/// A release is one thing, however many objects it has.
fn owner(entry: &stack_model::Entry) -> String {
    match &entry.origin().release {
        Some(release) => release.to_string(),
        None => entry.name().to_owned(),
    }
}

/// Collects addresses; `path` are the members above, `root` the settings as a whole.
fn walk<'v>(value: &'v Value, path: &mut Vec<&'v str>, root: &'v Value, found: &mut Vec<Address>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                path.push(name);
                walk(member, path, root, found);
                path.pop();
            }
        }
        Value::Array(items) => {
            for item in items {
                // Sources of data say beside their address what they hold.
                if path.contains(&"datasources") && item.get("url").is_some() {
                    let signals = match item["type"].as_str() {
                        Some("prometheus") => vec!["metrics"],
                        Some("loki") => vec!["logs"],
                        Some("tempo" | "jaeger" | "zipkin") => vec!["traces"],
                        Some("alertmanager") => vec!["alerts"],
                        _ => vec!["data"],
                    };
                    let host = item["url"].as_str().and_then(host_of);
                    found.extend(host.map(|host| Address {
                        host,
                        signals,
                        query: true,
                    }));
                } else {
                    walk(item, path, root, found);
                }
            }
        }
        Value::String(text) => of_text(text, path, root, found),
        _ => {}
    }
}

fn of_text(text: &str, path: &[&str], root: &Value, found: &mut Vec<Address>) {
    if text.contains('\n') {
        // Settings within settings: a file of a ConfigMap.
        let inner = kube_yaml::Manifests::new(text)
            .next()
            .and_then(Result::ok)
            .map(|document| document.value);
        match inner {
            Some(inner) if inner.is_object() => walk(&inner, &mut Vec::new(), &inner, found),
            _ => text
                .lines()
                .for_each(|line| of_line(line, path, root, found)),
        }
    } else {
        of_line(text, path, root, found);
    }
}

fn of_line(line: &str, path: &[&str], root: &Value, found: &mut Vec<Address>) {
    let pieces = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`'));
    for piece in pieces {
        // `--target=http://…` and the like.
        let piece = piece.find("http").map_or_else(
            || piece.rsplit('=').next().unwrap_or(piece),
            |at| &piece[at..],
        );
        let Some(host) = host_of(piece) else { continue };
        let signals = signals(piece, path, root);
        if !signals.is_empty() {
            found.push(Address {
                host,
                signals,
                query: false,
            });
        }
    }
}

/// What goes to an address, by what it says itself and where it stands; nothing where it is no telemetry.
fn signals(address: &str, path: &[&str], root: &Value) -> Vec<&'static str> {
    let above = |word: &str| path.iter().any(|member| member.contains(word));
    if above("alertmanager") || address.contains("/alertmanager") {
        return vec!["alerts"];
    }
    if address.contains("/loki/api/v1/push") {
        return vec!["logs"];
    }
    // A collector says in its pipelines what goes to whom.
    if let Some(at) = path.iter().position(|member| *member == "exporters")
        && let Some(exporter) = path.get(at + 1)
    {
        let found = in_pipelines(root, exporter);
        if !found.is_empty() {
            return found;
        }
    }
    if [
        "/api/v1/push",
        "/api/v1/write",
        "/api/v1/receive",
        "/v1/metrics",
    ]
    .iter()
    .any(|end| address.contains(end))
    {
        return vec!["metrics"];
    }
    if address.contains("/v1/logs") {
        return vec!["logs"];
    }
    if address.contains("/v1/traces") {
        return vec!["traces"];
    }
    let port = address.trim_end_matches('/').rsplit(':').next();
    match port {
        Some("4317" | "4318") => vec!["OTLP"],
        _ => Vec::new(),
    }
}

fn in_pipelines(root: &Value, exporter: &str) -> Vec<&'static str> {
    let pipelines = root
        .pointer("/service/pipelines")
        .or_else(|| root.pointer("/config/service/pipelines"))
        .and_then(Value::as_object);
    let mut found = BTreeSet::new();
    for (name, pipeline) in pipelines.into_iter().flatten() {
        let exporters = pipeline["exporters"].as_array();
        if exporters
            .into_iter()
            .flatten()
            .any(|one| one.as_str() == Some(exporter))
        {
            found.extend(match name.split('/').next() {
                Some("traces") => Some("traces"),
                Some("metrics") => Some("metrics"),
                Some("logs") => Some("logs"),
                _ => None,
            });
        }
    }
    found.into_iter().collect()
}

/// The host of a URL, or of `host:port`.
fn host_of(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next()?;
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let is_url = text.contains("://");
    let named = host.starts_with(|c: char| c.is_ascii_alphabetic())
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    (named && (is_url || port.parse::<u16>().is_ok())).then(|| host.to_owned())
}

/// Whom an address means.
fn target(
    model: &Model,
    owners: &BTreeSet<Owner>,
    namespace: &str,
    address: &Address,
) -> Option<Owner> {
    let mut parts = address.host.split('.');
    let name = parts.next()?;
    let namespace = match parts.next() {
        Some(named) => named,
        None => namespace,
    };
    let service = model.service(namespace, name);
    if let Some(release) = service.and_then(|service| service.entry().origin().release.clone()) {
        return Some((namespace.to_owned(), release.to_string()));
    }
    // A release's Services begin with its name.
    let known = |name: &str| owners.contains(&(namespace.to_owned(), name.to_owned()));
    let mut end = name.len();
    loop {
        if known(&name[..end]) {
            return Some((namespace.to_owned(), name[..end].to_owned()));
        }
        match name[..end].rfind('-') {
            Some(shorter) => end = shorter,
            None => break,
        }
    }
    // A name with a dot that nobody knows here is a host outside, and so is a single word without a Service.
    (service.is_some() || address.host.contains(".svc"))
        .then(|| (namespace.to_owned(), name.to_owned()))
}

fn draw(graph: &mut Graph, flows: &BTreeMap<(Owner, Owner, bool), BTreeSet<&'static str>>) {
    let mut roles: BTreeMap<&Owner, Role> = BTreeMap::new();
    for ((from, to, query), signals) in flows {
        let role = roles.entry(from).or_default();
        role.asks |= query;
        role.sends |= !query && !signals.contains("alerts");
        let role = roles.entry(to).or_default();
        role.receives |= !query && !signals.contains("alerts");
        role.alerts |= signals.contains("alerts");
        role.is_asked |= query;
    }
    let mut frames: BTreeMap<&str, GroupId> = BTreeMap::new();
    let mut nodes: BTreeMap<&Owner, NodeId> = BTreeMap::new();
    for (owner, role) in &roles {
        let (namespace, name) = owner;
        let frame = *frames
            .entry(namespace)
            .or_insert_with(|| graph.add_group(Group::new(format!("ns_{namespace}"), namespace)));
        let (kind, what) = role.kind();
        let node = Node::new(format!("{namespace}_{name}"), kind, name)
            .detail(what)
            .within(frame);
        nodes.insert(owner, graph.add(node));
    }
    for ((from, to, query), signals) in flows {
        let kind = if *query {
            EdgeKind::Query
        } else {
            EdgeKind::Flow
        };
        let signals: Vec<&str> = signals.iter().copied().collect();
        let edge = Edge::new(nodes[from], nodes[to], kind);
        graph.connect(edge.label(signals.join(", ")));
    }
}

#[derive(Default)]
struct Role {
    sends: bool,
    receives: bool,
    asks: bool,
    is_asked: bool,
    alerts: bool,
}

impl Role {
    fn kind(&self) -> (NodeKind, &'static str) {
        match self {
            Self { alerts: true, .. } => (NodeKind::Alerts, "alerts"),
            Self { asks: true, .. } => (NodeKind::Dashboard, "dashboards"),
            Self { is_asked: true, .. } => (NodeKind::Store, "store"),
            Self {
                receives: true,
                sends: true,
                ..
            } => (NodeKind::Collector, "collector"),
            Self { receives: true, .. } => (NodeKind::Store, "receiver"),
            _ => (NodeKind::Workload, "source"),
        }
    }
}
