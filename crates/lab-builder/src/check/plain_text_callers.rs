use stack_builder::{Bundle, Finding, Part, Provided, Subject};
use stack_model::{ContainerRole, Entry, Value, Workload};

use super::error;
use super::mesh::Mesh;
use crate::ids::LGTM;
use crate::model::Whole;
use crate::wiring::Wiring;

/// Who is in no mesh has no identity: the API server calls webhooks and aggregated APIs in plain text (or in TLS that is not
/// the mesh's), and so does a scraper outside the mesh. Pods that are in the mesh under STRICT refuse them.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let Some(mesh) = Mesh::of(whole) else {
        return;
    };
    if !whole.has_charts() {
        of_charts(whole.bundle, &mesh, findings);
    }
    of_api_server(whole, &mesh, findings);
    of_scraper(whole, &mesh, findings);
}

/// Whether the mesh refuses a caller without identity at a port of these pods.
fn refuses(mesh: &Mesh<'_>, pods: &Workload<'_>, port: u16) -> bool {
    let labels = pods.labels();
    let mode = labels.get(istio_types::labels::DATAPLANE_MODE);
    !pods.host_network()
        && mesh.has(pods.namespace(), mode)
        && mesh.is_strict(pods.namespace(), &labels, port)
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
        let mode = labels.get(istio_types::labels::DATAPLANE_MODE);
        if mesh.has(namespace, mode.map(String::as_str)) && mesh.is_strict(namespace, labels, *port)
        {
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

fn called(entry: &Entry) -> Vec<Called<'_>> {
    let value = entry.value();
    match (entry.group(), entry.kind()) {
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => entry
            .items_at("webhooks")
            .iter()
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

fn of_api_server(whole: &Whole<'_>, mesh: &Mesh<'_>, findings: &mut Vec<Finding>) {
    for entry in whole.model.entries() {
        for called in called(entry) {
            let name = |key: &str| called.service[key].as_str().unwrap_or_default();
            // A Service that lies outside is not known.
            let Some(service) = whole.model.service(name("namespace"), name("name")) else {
                continue;
            };
            let number = called.service["port"].as_u64().unwrap_or(called.port);
            let port = u16::try_from(number)
                .ok()
                .and_then(|number| service.port(number));
            let refused = service.workloads().find_map(|pods| {
                let port = port?.target_on(&pods)?;
                refuses(mesh, &pods, port).then_some((pods, port))
            });
            if let Some((pods, port)) = refused {
                let at = format!("port {port} of {pods}");
                findings.push(finding(entry.id(), called.path, called.what, &at, port));
            }
        }
    }
}

/// Alloy scrapes pods that ask for it by annotations.
fn of_scraper(whole: &Whole<'_>, mesh: &Mesh<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    let scraper = bundle.wiring().map(|wiring: &Wiring| &wiring.telemetry);
    let Some(scraper) = scraper.filter(|_| bundle.has(LGTM)) else {
        return;
    };
    if mesh.has(&scraper.namespace, None) {
        return;
    }
    let asks = |pods: &Workload<'_>| pods.annotations().get("prometheus.io/scrape") == Some("true");
    for pods in whole.model.workloads().filter(asks) {
        let named = pods.annotations().get("prometheus.io/port");
        let ports: Vec<u16> = match named.and_then(|port| port.parse().ok()) {
            Some(port) => vec![port],
            None => pods
                .containers()
                .filter(|container| container.role() != ContainerRole::Init)
                .flat_map(|container| container.ports().map(|port| port.port))
                .collect(),
        };
        let refused = ports.into_iter().find(|port| refuses(mesh, &pods, *port));
        if let Some(port) = refused {
            let path = match pods.pod_path() {
                "" => "metadata.annotations".to_owned(),
                template => format!("{template}.metadata.annotations"),
            };
            let at = format!("port {port} of these pods");
            let called = "the scrape from outside the mesh";
            findings.push(finding(pods.entry().id(), path, called, &at, port));
        }
    }
}
