//! Who scrapes whom: jobs of Prometheus' own configuration, and the monitors of its operator.

use serde_json::Value;
use stack_model::{Entry, Model, Selector, Service};

/// The operator's group.
const GROUP: &str = "monitoring.coreos.com";

/// What is scraped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A host as it is written, with or without port.
    Host(String),
    /// What Kubernetes lists of a role: `pod`, `node`; in these namespaces, or in all.
    Listed {
        /// The role as it is written.
        role: String,
        /// Empty for all.
        namespaces: Vec<String>,
    },
}

/// The targets of a list `scrape_configs`.
pub(super) fn jobs(list: &[Value]) -> Vec<Target> {
    let mut targets = Vec::new();
    for job in list {
        let fixed = job["static_configs"].as_array().into_iter().flatten();
        targets.extend(fixed.flat_map(|one| hosts(&one["targets"])));
        let listed = job["kubernetes_sd_configs"].as_array();
        targets.extend(listed.into_iter().flatten().filter_map(listed_by));
    }
    targets
}

fn hosts(list: &Value) -> impl Iterator<Item = Target> + '_ {
    let hosts = list.as_array().into_iter().flatten();
    hosts.filter_map(|host| Some(Target::Host(host.as_str()?.to_owned())))
}

fn listed_by(discovery: &Value) -> Option<Target> {
    let names = discovery["namespaces"]["names"].as_array();
    Some(Target::Listed {
        role: discovery["role"].as_str()?.to_lowercase(),
        namespaces: names
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
    })
}

/// What Kubernetes lists of a role, for people.
pub(super) fn listed_name(role: &str) -> String {
    match role {
        "endpoints" | "endpointslice" => "pods of Services".to_owned(),
        "ingress" => "Ingresses".to_owned(),
        "service" => "Services".to_owned(),
        role => format!("{role}s"),
    }
}

/// A monitor, and what it finds.
pub(super) struct Monitor<'m> {
    pub entry: &'m Entry,
    /// Which selectors of a Prometheus it answers to: `serviceMonitor`.
    pub word: &'static str,
    /// The workloads, Services and hosts.
    pub found: Vec<Found<'m>>,
}

/// What a monitor finds.
pub(super) enum Found<'m> {
    Service(Service<'m>),
    Workload(&'m Entry),
    Target(Target),
}

/// Every ServiceMonitor, PodMonitor, Probe and ScrapeConfig.
pub(super) fn monitors(model: &Model) -> Vec<Monitor<'_>> {
    let mut all = Vec::new();
    for entry in model.objects(GROUP, "ServiceMonitor") {
        let selector = selector(entry, "spec.selector");
        let found = services_near(model, entry).into_iter().filter(|service| {
            let labels = service.entry().labels();
            selector
                .as_ref()
                .is_some_and(|selector| selector.matches(&labels))
        });
        all.push(Monitor {
            entry,
            word: "serviceMonitor",
            found: found.map(Found::Service).collect(),
        });
    }
    for entry in model.objects(GROUP, "PodMonitor") {
        let near = model.namespaces().map(|namespace| namespace.name());
        let own = entry.namespace().into_iter();
        let mut namespaces: Vec<&str> = near
            .chain(own)
            .filter(|name| is_near(entry, name))
            .collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let selector = selector(entry, "spec.selector");
        let found = selector.iter().flat_map(|selector| {
            namespaces
                .iter()
                .flat_map(|namespace| model.select_workloads(namespace, selector))
        });
        all.push(Monitor {
            entry,
            word: "podMonitor",
            found: found
                .map(|workload| Found::Workload(workload.entry()))
                .collect(),
        });
    }
    for entry in model.objects(GROUP, "Probe") {
        let prober = entry.text_at("spec.prober.url").map(str::to_owned);
        all.push(Monitor {
            entry,
            word: "probe",
            found: prober
                .map(|host| Found::Target(Target::Host(host)))
                .into_iter()
                .collect(),
        });
    }
    for entry in model.objects(GROUP, "ScrapeConfig") {
        let spec = entry.value().to_json();
        let fixed = spec["spec"]["staticConfigs"]
            .as_array()
            .into_iter()
            .flatten();
        let listed = spec["spec"]["kubernetesSDConfigs"]
            .as_array()
            .into_iter()
            .flatten();
        let targets = fixed
            .flat_map(|one| hosts(&one["targets"]))
            .chain(listed.filter_map(listed_by));
        all.push(Monitor {
            entry,
            word: "scrapeConfig",
            found: targets.map(Found::Target).collect(),
        });
    }
    all
}

/// The Services of the namespaces into which a monitor looks.
fn services_near<'m>(model: &'m Model, monitor: &'m Entry) -> Vec<Service<'m>> {
    let names = monitor.items_at("spec.namespaceSelector.matchNames");
    if looks_everywhere(monitor) {
        return model.services().collect();
    }
    let named = names.iter().filter_map(stack_model::Value::as_str);
    let own = monitor.namespace().filter(|_| names.is_empty());
    let services = named.chain(own).flat_map(|namespace| {
        let services = model.objects_in("", "Service", namespace);
        services.filter_map(move |service| model.service(namespace, service.name()))
    });
    services.collect()
}

fn looks_everywhere(monitor: &Entry) -> bool {
    let any = monitor.at("spec.namespaceSelector.any");
    any.and_then(stack_model::Value::as_bool) == Some(true)
}

/// Whether a monitor looks into a namespace.
fn is_near(monitor: &Entry, namespace: &str) -> bool {
    let names = monitor.items_at("spec.namespaceSelector.matchNames");
    looks_everywhere(monitor)
        || match names.is_empty() {
            true => monitor.namespace() == Some(namespace),
            false => names.iter().any(|name| name.as_str() == Some(namespace)),
        }
}

fn selector(entry: &Entry, path: &str) -> Option<Selector> {
    Selector::read(entry.at(path)?).ok()
}

/// Every Prometheus, as a server or as an agent.
pub(super) fn servers(model: &Model) -> Vec<&Entry> {
    let servers = model.objects(GROUP, "Prometheus");
    servers
        .chain(model.objects(GROUP, "PrometheusAgent"))
        .collect()
}

/// Whether a Prometheus takes a monitor: by the labels of the monitor, and of its namespace.
pub(super) fn takes(model: &Model, server: &Entry, monitor: &Monitor<'_>) -> bool {
    let word = monitor.word;
    // A selector that is not there takes nothing; an empty one, everything.
    let of_monitor = selector(server, &format!("spec.{word}Selector"));
    let labels = monitor.entry.labels();
    if !of_monitor.is_some_and(|selector| selector.matches(&labels)) {
        return false;
    }
    let namespace = monitor.entry.namespace().unwrap_or_default();
    match selector(server, &format!("spec.{word}NamespaceSelector")) {
        None => server.namespace() == Some(namespace),
        Some(selector) if selector.is_everything() => true,
        Some(selector) => model
            .namespace(namespace)
            .is_some_and(|namespace| selector.matches(&namespace.labels())),
    }
}
