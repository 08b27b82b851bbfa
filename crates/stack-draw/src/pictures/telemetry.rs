//! Where metrics, logs, traces and alerts go: read from settings, by the addresses in them and what stands around.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use stack_builder::Bundle;
use stack_model::{Model, Purpose};

use super::flows::{Flows, Owner, draw};
use super::scrape::{self, Found, Target};
use crate::graph::{Direction, Graph};

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

/// Who sends metrics, logs, traces and alerts to whom, who is scraped, and who asks for them. `more` are settings beside those that
/// stand in the model's objects: see [`configurations`].
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
    let mut flows = Flows::new();
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
        for scraped in scraped_by(&one.value) {
            for source in sources(model, &owners, &one.namespace, &scraped) {
                add_scraped(&mut flows, source, from.clone());
            }
        }
    }
    monitored(model, more, &owners, &mut flows);
    draw(&mut graph, &flows);
    graph
}

/// Who reads monitors, where no Prometheus of the input takes them.
const READER: &str = "Prometheus outside of the input";

fn add_scraped(flows: &mut Flows, from: Owner, to: Owner) {
    if from != to {
        let signals = flows.entry((from, to, false)).or_default();
        signals.extend(["metrics", "scraped"]);
    }
}

/// The jobs that stand somewhere in settings, also in a file of a ConfigMap.
fn scraped_by(settings: &Value) -> Vec<Target> {
    let mut found = Vec::new();
    let mut texts: Vec<Value> = Vec::new();
    let mut open = vec![settings];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member.as_array()) {
                        ("scrape_configs", Some(list)) => found.extend(scrape::jobs(list)),
                        _ => open.push(member),
                    }
                }
            }
            Value::Array(items) => open.extend(items),
            Value::String(text) if text.contains("scrape_configs:") => {
                let inner = kube_yaml::Manifests::new(text).filter_map(Result::ok);
                texts.extend(inner.map(|document| document.value));
            }
            _ => {}
        }
    }
    // A file within a file does not hold another one.
    let inner = texts.iter().flat_map(scraped_by);
    found.extend(inner);
    found
}

/// Whose metrics a target is.
fn sources(
    model: &Model,
    owners: &BTreeSet<Owner>,
    namespace: &str,
    scraped: &Target,
) -> Vec<Owner> {
    match scraped {
        Target::Host(host) => {
            let address = host_of(host).or_else(|| host_of(&format!("http://{host}")));
            let address = address.map(|host| Address {
                host,
                signals: Vec::new(),
                query: false,
            });
            let owner = address.and_then(|address| target(model, owners, namespace, &address));
            owner.into_iter().collect()
        }
        Target::Listed { role, namespaces } => {
            let name = scrape::listed_name(role);
            match namespaces.is_empty() {
                true => vec![(String::new(), format!("all {name}"))],
                false => namespaces
                    .iter()
                    .map(|namespace| (namespace.clone(), format!("all {name} here")))
                    .collect(),
            }
        }
    }
}

/// What the monitors of Prometheus' operator find goes to each Prometheus that takes them.
fn monitored(model: &Model, more: &[Configuration], owners: &BTreeSet<Owner>, flows: &mut Flows) {
    let servers = scrape::servers(model);
    // A chart of which only the settings are known brings its own.
    let of_charts = more
        .iter()
        .filter(|one| one.value.pointer("/prometheus/prometheusSpec").is_some())
        .map(|one| (one.namespace.clone(), one.owner.clone()));
    let of_charts: Vec<Owner> = of_charts.collect();
    for monitor in scrape::monitors(model) {
        let namespace = monitor.entry.namespace().unwrap_or_default();
        let takers = servers
            .iter()
            .filter(|server| scrape::takes(model, server, &monitor))
            .map(|server| {
                let namespace = server.namespace().unwrap_or_default();
                (namespace.to_owned(), owner(server))
            });
        let mut takers: Vec<Owner> = takers.collect();
        if servers.is_empty() {
            takers.clone_from(&of_charts);
            if takers.is_empty() {
                takers.push((String::new(), READER.to_owned()));
            }
        }
        if monitor.found.is_empty() {
            // What it finds is somewhere else: a chart's, perhaps.
            let name = format!("{} ({})", monitor.entry.name(), monitor.entry.kind());
            for to in &takers {
                add_scraped(flows, (namespace.to_owned(), name.clone()), to.clone());
            }
        }
        for found in &monitor.found {
            let from = match found {
                Found::Service(service) => {
                    let known = |workload: stack_model::Workload<'_>| {
                        (workload.namespace().to_owned(), owner(workload.entry()))
                    };
                    let behind: BTreeSet<Owner> = service.workloads().map(known).collect();
                    match behind.is_empty() {
                        true => {
                            let of = (service.namespace().to_owned(), owner(service.entry()));
                            vec![of]
                        }
                        false => behind.into_iter().collect(),
                    }
                }
                Found::Workload(entry) => {
                    vec![(
                        entry.namespace().unwrap_or_default().to_owned(),
                        owner(entry),
                    )]
                }
                Found::Target(target) => sources(model, owners, namespace, target),
            };
            for from in from {
                for to in &takers {
                    add_scraped(flows, from.clone(), to.clone());
                }
            }
        }
    }
}

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
                // Who is scraped is told apart.
                if name == "scrape_configs" {
                    continue;
                }
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
