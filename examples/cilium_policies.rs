//! Cilium policies for the demo app as YAML: `cargo run --example cilium_policies -- closed | kubectl apply -f -`.
//!
//! Without an argument all are shown. Apply one set at a time: policies add up, so the widest one decides.

use std::net::IpAddr;

use cilium_types::v2::*;
use examples::Set;
use lab_builder::{Wiring, components::Cilium};
use serde_json::Error;

/// Istio's tunnel. In an ambient mesh the pods of the mesh reach each other here, whatever port they call.
const HBONE: u16 = 15008;
/// The address that kubelet's probes come from where a pod is in an ambient mesh.
const AMBIENT_PROBES: [u8; 4] = [169, 254, 7, 127];

fn main() -> Result<std::process::ExitCode, Error> {
    let wiring = Wiring::default();
    let nothing =
        Rule::default_deny(EndpointSelector::everything()).describe("what no other policy allows");
    let closed = CiliumNetworkPolicy::new("default-deny", nothing).in_namespace("demo");
    let demo = CiliumNetworkPolicy::with_rules("demo-app", demo_app()).in_namespace("demo");
    let probes = CiliumClusterwideNetworkPolicy::new("ambient-probes", probes());
    let callers = Set::new("2-1", "only the frontend and Kong reach the backend");
    let requests = Set::new("2-3", "the frontend may only GET two paths");
    let all = Set::new("closed", "nothing in or out but what the demo app needs");
    let sets = [
        callers.with(&Cilium::allow_frontend_only(&wiring))?,
        requests.with(&Cilium::allow_get_only(&wiring))?,
        all.with(&closed)?.with(&demo)?.with(&probes)?,
    ];
    Ok(examples::print("Prints Cilium policies.", &sets))
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
    let inside = ["frontend", "load-generator"].map(app).into_iter();
    let callers = inside.chain([EndpointSelector::namespace("kong")]);
    let calls = IngressRule::from_endpoints(callers).on(port(80));
    let to_backend = EgressRule::to_endpoints([app("backend")]).on(port(80));
    let to_kong = EgressRule::to_namespace("kong").on(port(8000));
    let lookups = EgressRule::dns_lookups(["*"]);
    [
        Rule::endpoints(EndpointSelector::everything()).allow_egress([lookups]),
        Rule::endpoints(app("backend")).allow_ingress([calls]),
        Rule::endpoints(app("frontend")).allow_egress([to_backend.clone()]),
        Rule::endpoints(app("load-generator")).allow_egress([to_backend, to_kong]),
    ]
}

/// Lets probes in, and closes nothing. Without a mesh Cilium lets the kubelet through on its own.
fn probes() -> Rule {
    let block = CidrRule::cidr(IpAddr::from(AMBIENT_PROBES).into());
    let probes = IngressRule::from_cidrs([block]);
    let rule = Rule::endpoints(EndpointSelector::everything()).allow_ingress([probes]);
    rule.without_default_deny()
}
