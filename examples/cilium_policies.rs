//! Cilium policies for the demo app as YAML: `cargo run --example cilium_policies -- closed | kubectl apply -f -`.
//!
//! Without an argument all are shown. Apply one set at a time: policies add up, so the widest one decides.

use std::net::IpAddr;

use cilium_types::v2::*;
use examples::Set;
use lab_builder::{Wiring, components::Cilium};

/// Istio's tunnel. In an ambient mesh the pods of the mesh reach each other here, whatever port they call.
const HBONE: u16 = 15008;
/// The address that kubelet's probes come from where a pod is in an ambient mesh.
const AMBIENT_PROBES: [u8; 4] = [169, 254, 7, 127];

fn main() -> Result<std::process::ExitCode, serde_json::Error> {
    let wiring = Wiring::default();
    let nothing =
        Rule::default_deny(everything()).describe("what no other policy allows is dropped");
    let closed = CiliumNetworkPolicy::new("default-deny", nothing).in_namespace("demo");
    let demo = CiliumNetworkPolicy::with_rules("demo-app", demo_app()).in_namespace("demo");
    let probes = CiliumClusterwideNetworkPolicy::new("ambient-probes", probes());
    let callers = Set::new(
        "2-1",
        "Exercise 2-1: only the frontend and Kong reach the backend",
    );
    let callers = callers.with(&Cilium::allow_frontend_only(&wiring))?;
    let requests = Set::new("2-3", "Exercise 2-3: the frontend may only GET two paths");
    let requests = requests.with(&Cilium::allow_get_only(&wiring))?;
    let all = Set::new(
        "closed",
        "Nothing in or out, but for what the demo app needs",
    );
    let all = all.with(&closed)?.with(&demo)?.with(&probes)?;
    Ok(examples::print(
        "Prints Cilium policies.",
        &[callers, requests, all],
    ))
}

fn everything() -> EndpointSelector {
    EndpointSelector::everything()
}

fn app(name: &str) -> EndpointSelector {
    EndpointSelector::labels([("app", name)])
}

/// A port of the pod, not of its Service, directly or through the mesh.
fn port(number: u16) -> [PortRule; 1] {
    [PortRule::on([number, HBONE].map(PortProtocol::tcp))]
}

/// What the demo app needs in a closed namespace: the backend listens on port 80, Kong on 8000.
fn demo_app() -> [Rule; 4] {
    let callers = ["frontend", "load-generator"].map(app).into_iter();
    let callers = callers.chain([EndpointSelector::namespace("kong")]);
    let calls = IngressRule::from_endpoints(callers).on(port(80));
    let to_backend = EgressRule::to_endpoints([app("backend")]).on(port(80));
    let to_kong = EgressRule::to_namespace("kong").on(port(8000));
    let lookups = Rule::endpoints(everything()).allow_egress([EgressRule::dns_lookups(["*"])]);
    let backend = Rule::endpoints(app("backend")).allow_ingress([calls]);
    let frontend = Rule::endpoints(app("frontend")).allow_egress([to_backend.clone()]);
    let load = Rule::endpoints(app("load-generator")).allow_egress([to_backend, to_kong]);
    [
        lookups.describe("every pod looks up names, and Hubble sees which"),
        backend.describe("the backend is called from inside and by way of Kong"),
        frontend.describe("the frontend calls the backend"),
        load.describe("the load generator calls the backend from inside and by way of Kong"),
    ]
}

/// Lets probes in, and closes nothing. Without a mesh Cilium lets the kubelet through on its own.
fn probes() -> Rule {
    let block = CidrRule::cidr(IpAddr::from(AMBIENT_PROBES).into());
    let rule = Rule::endpoints(everything()).allow_ingress([IngressRule::from_cidrs([block])]);
    rule.describe("probes of pods in the ambient mesh")
        .without_default_deny()
}
