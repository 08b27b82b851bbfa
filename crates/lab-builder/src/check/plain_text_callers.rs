use std::collections::BTreeMap;

use serde_json::Value;
use stack_builder::{Bundle, Finding, Object, Part, PodTemplate, Provided, Subject};

use super::mesh::Mesh;
use super::{error, items};
use crate::ids::LGTM;
use crate::wiring::Wiring;

/// Who is in no mesh has no identity: the API server calls webhooks and aggregated APIs in plain text (or in TLS that is not
/// the mesh's), and so does a scraper outside the mesh. Pods that are in the mesh under STRICT refuse them.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let Some(mesh) = Mesh::of(bundle) else {
        return;
    };
    of_charts(bundle, &mesh, findings);
    let pods = pods(bundle);
    of_api_server(bundle, &mesh, &pods, findings);
    of_scraper(bundle, &mesh, &pods, findings);
}

/// The objects that make pods, by namespace.
type Pods<'a> = BTreeMap<&'a str, Vec<(&'a Object, PodTemplate<'a>)>>;

fn pods(bundle: &Bundle) -> Pods<'_> {
    let mut pods = Pods::new();
    for object in bundle.objects() {
        if let Some(template) = object.pod_template() {
            let namespace = namespace(object);
            pods.entry(namespace).or_default().push((object, template));
        }
    }
    pods
}

fn namespace(object: &Object) -> &str {
    object.id().namespace.as_deref().unwrap_or("default")
}

/// Whether the mesh refuses a caller without identity at a port of these pods.
fn refuses(mesh: &Mesh<'_>, namespace: &str, pods: &PodTemplate<'_>, port: u16) -> bool {
    let mode = pods.label(istio_types::labels::DATAPLANE_MODE);
    pods.spec()["hostNetwork"] != true
        && mesh.has(namespace, mode)
        && mesh.is_strict(namespace, &pods.labels().collect(), port)
}

fn finding(
    subject: impl Into<Subject>,
    path: String,
    called: &str,
    at: &str,
    port: u16,
) -> Finding {
    error(
        "plain-text-callers",
        subject,
        path,
        format!(
            "{called} is refused: {at} is in the mesh under STRICT, and the caller has no identity in it"
        ),
        format!(
            "set portLevelMtls[{port}] to PERMISSIVE in a PeerAuthentication that selects these pods, or keep them out of the mesh"
        ),
    )
}

/// What charts are known to be called for.
fn of_charts(bundle: &Bundle, mesh: &Mesh<'_>, findings: &mut Vec<Finding>) {
    for provided in bundle.parts().iter().flat_map(Part::provided) {
        let Provided::Callee {
            namespace,
            labels,
            port,
            purpose,
        } = provided
        else {
            continue;
        };
        let labels: BTreeMap<&str, &str> = labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let mode = labels.get(istio_types::labels::DATAPLANE_MODE).copied();
        if mesh.has(namespace, mode) && mesh.is_strict(namespace, &labels, *port) {
            let at = format!("port {port} of its pods in {namespace}");
            findings.push(finding(Subject::Stack, String::new(), purpose, &at, *port));
        }
    }
}

/// A Service that the API server calls: where it is named, and its namespace, name and port.
struct Called<'a> {
    path: String,
    what: &'static str,
    service: &'a Value,
    port: u64,
}

fn called(object: &Object) -> Vec<Called<'_>> {
    let (id, value) = (object.id(), object.value());
    match (id.group(), id.kind.as_str()) {
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => items(&value["webhooks"])
            .enumerate()
            .map(|(at, webhook)| Called {
                path: format!("webhooks[{at}].clientConfig.service"),
                what: "the webhook",
                service: &webhook["clientConfig"]["service"],
                port: 443,
            })
            .collect(),
        ("apiregistration.k8s.io", "APIService") => vec![Called {
            path: "spec.service".into(),
            what: "the aggregated API",
            service: &value["spec"]["service"],
            port: 443,
        }],
        ("apiextensions.k8s.io", "CustomResourceDefinition") => vec![Called {
            path: "spec.conversion.webhook.clientConfig.service".into(),
            what: "the conversion webhook",
            service: &value["spec"]["conversion"]["webhook"]["clientConfig"]["service"],
            port: 443,
        }],
        _ => Vec::new(),
    }
}

fn of_api_server(bundle: &Bundle, mesh: &Mesh<'_>, pods: &Pods<'_>, findings: &mut Vec<Finding>) {
    let services: BTreeMap<(&str, &str), &Object> = bundle
        .of_kind("", "Service")
        .map(|service| ((namespace(service), service.id().name.as_str()), service))
        .collect();
    for object in bundle.objects() {
        for called in called(object) {
            let name = |key: &str| called.service[key].as_str().unwrap_or_default();
            let (namespace, name) = (name("namespace"), name("name"));
            // A Service that lies outside is not known.
            let Some(service) = services.get(&(namespace, name)) else {
                continue;
            };
            let spec = &service.value()["spec"];
            let Some(selector) = spec["selector"].as_object().filter(|it| !it.is_empty()) else {
                continue;
            };
            let port = called.service["port"].as_u64().unwrap_or(called.port);
            let Some(of_service) = items(&spec["ports"]).find(|it| it["port"] == port) else {
                continue;
            };
            let refused = pods
                .get(namespace)
                .into_iter()
                .flatten()
                .filter(|(_, pods)| {
                    let has = |(key, value): (&String, &Value)| pods.label(key) == value.as_str();
                    selector.iter().all(has)
                })
                .find_map(|(workload, pods)| {
                    let port = target(of_service, pods)?;
                    refuses(mesh, namespace, pods, port).then_some((workload, port))
                });
            if let Some((workload, port)) = refused {
                let at = format!("port {port} of {}", workload.id());
                findings.push(finding(object.id(), called.path, called.what, &at, port));
            }
        }
    }
}

/// The container port to which a port of a Service leads.
fn target(port: &Value, pods: &PodTemplate<'_>) -> Option<u16> {
    let number = |value: &Value| u16::try_from(value.as_u64()?).ok();
    match &port["targetPort"] {
        Value::String(name) => pods
            .ports()
            .find_map(|(of_container, number)| (of_container == Some(name)).then_some(number)),
        Value::Null => number(&port["port"]),
        other => number(other),
    }
}

/// Alloy scrapes pods that ask for it by annotations.
fn of_scraper(bundle: &Bundle, mesh: &Mesh<'_>, pods: &Pods<'_>, findings: &mut Vec<Finding>) {
    let scraper = bundle.wiring().map(|wiring: &Wiring| &wiring.telemetry);
    let Some(scraper) = scraper.filter(|_| bundle.has(LGTM)) else {
        return;
    };
    if mesh.has(&scraper.namespace, None) {
        return;
    }
    for (namespace, workload, pods) in pods
        .iter()
        .flat_map(|(namespace, all)| all.iter().map(move |(one, pods)| (namespace, one, pods)))
        .filter(|(_, _, pods)| pods.annotation("prometheus.io/scrape") == Some("true"))
    {
        let named = pods
            .annotation("prometheus.io/port")
            .and_then(|port| port.parse::<u16>().ok());
        let ports: Vec<u16> = match named {
            Some(port) => vec![port],
            None => pods.ports().map(|(_, port)| port).collect(),
        };
        let refused = ports
            .into_iter()
            .find(|port| refuses(mesh, namespace, pods, *port));
        if let Some(port) = refused {
            let at = format!("port {port} of these pods");
            let called = "the scrape from outside the mesh";
            findings.push(finding(
                workload.id(),
                "spec.template.metadata.annotations".into(),
                called,
                &at,
                port,
            ));
        }
    }
}
