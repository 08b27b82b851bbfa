//! Cilium policies for the demo app, as YAML on standard output:
//! `cargo run --example cilium_policies -- closed | kubectl apply -f -`.
//!
//! `2-1` and `2-3` are the policies of the exercises; `closed` closes the namespace, but for what the demo app needs. Without an
//! argument all are shown. Apply one set at a time: policies add up, so the widest one decides.
#![allow(clippy::print_stderr)]

use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;

use cilium_types::v2::{
    CidrRule, CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy, DefaultDenyConfig, EgressRule,
    EndpointSelector, IngressRule, PortProtocol, PortRule, PortRuleHttp, Rule,
};
use lab_builder::render::yaml;
use serde_json::{Value, to_value};

const DEMO: &str = "demo";
const KONG: &str = "kong";

/// What the backend listens on.
const BACKEND: u16 = 80;
/// What Kong's Service leads to: Cilium looks at the pod's port, not at the Service's.
const KONG_PROXY: u16 = 8000;
/// Istio's tunnel. In an ambient mesh the pods of the mesh reach each other here, whatever port they call.
const HBONE: u16 = 15008;
/// The address that kubelet's probes come from where a pod is in an ambient mesh.
const AMBIENT_PROBES: [u8; 4] = [169, 254, 7, 127];

fn main() -> Result<ExitCode, serde_json::Error> {
    let closed = [
        to_value(closed_namespace())?,
        to_value(demo_app())?,
        to_value(ambient_probes())?,
    ];
    let sets = [
        ("2-1", vec![to_value(allow_frontend_only())?]),
        ("2-3", vec![to_value(allow_get_only())?]),
        ("closed", closed.to_vec()),
    ];
    let wanted = std::env::args().nth(1);
    let objects: Vec<&Value> = sets
        .iter()
        .filter(|(name, _)| wanted.as_deref().is_none_or(|wanted| wanted == *name))
        .flat_map(|(_, objects)| objects)
        .collect();
    if objects.is_empty() {
        eprintln!("no such set of policies; there are 2-1, 2-3 and closed");
        return Ok(ExitCode::from(2));
    }
    // A reader that stops early, such as `head`, is no fault of ours.
    let _ = std::io::stdout()
        .lock()
        .write_all(yaml::stream(objects).as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn app(name: &str) -> EndpointSelector {
    EndpointSelector::labels([("app", name)])
}

/// A port, directly or through the mesh.
fn port(number: u16) -> PortRule {
    PortRule::on([PortProtocol::tcp(number), PortProtocol::tcp(HBONE)])
}

/// Exercise 2-1: only the frontend and whatever runs in Kong's namespace reach the backend.
fn allow_frontend_only() -> CiliumNetworkPolicy {
    CiliumNetworkPolicy::new(
        "backend-allow-frontend-only",
        Rule::endpoints(app("backend")).allow_ingress([IngressRule::from_endpoints([
            app("frontend"),
            EndpointSelector::namespace(KONG),
        ])]),
    )
    .in_namespace(DEMO)
}

/// Exercise 2-3: the frontend may send two kinds of requests; any other is answered with 403. In an ambient mesh the
/// requests come through the tunnel, on another port, where Cilium cannot read them: try it without the mesh.
fn allow_get_only() -> CiliumNetworkPolicy {
    let requests = [PortRuleHttp::get("/status/.*"), PortRuleHttp::get("/get")];
    CiliumNetworkPolicy::new(
        "backend-l7-http-policy",
        Rule::endpoints(app("backend"))
            .allow_ingress([IngressRule::from_labels([("app", "frontend")])
                .on([PortRule::tcp(BACKEND).http(requests)])]),
    )
    .in_namespace(DEMO)
}

/// Nothing in, nothing out, for every pod of the namespace.
fn closed_namespace() -> CiliumNetworkPolicy {
    CiliumNetworkPolicy::new(
        "default-deny",
        Rule::default_deny(EndpointSelector::everything())
            .describe("what no other policy allows is dropped"),
    )
    .in_namespace(DEMO)
}

/// What the demo app needs in a closed namespace.
fn demo_app() -> CiliumNetworkPolicy {
    let callers = ["frontend", "load-generator"];
    CiliumNetworkPolicy::with_rules(
        "demo-app",
        [
            Rule::endpoints(EndpointSelector::everything())
                .allow_egress([EgressRule::dns_lookups(["*"])])
                .describe("every pod looks up names, and Hubble sees which"),
            Rule::endpoints(app("backend"))
                .allow_ingress([IngressRule::from_endpoints(
                    callers
                        .map(app)
                        .into_iter()
                        .chain([EndpointSelector::namespace(KONG)]),
                )
                .on([port(BACKEND)])])
                .describe("the backend is called from inside and by way of Kong"),
            Rule::endpoints(app("frontend"))
                .allow_egress([EgressRule::to_endpoints([app("backend")]).on([port(BACKEND)])])
                .describe("the frontend calls the backend"),
            Rule::endpoints(app("load-generator"))
                .allow_egress([
                    EgressRule::to_endpoints([app("backend")]).on([port(BACKEND)]),
                    EgressRule::to_namespace(KONG).on([port(KONG_PROXY)]),
                ])
                .describe("the load generator calls the backend from inside and by way of Kong"),
        ],
    )
    .in_namespace(DEMO)
}

/// Lets probes reach pods that are in the ambient mesh, without putting any pod into default deny. Without a mesh the kubelet is
/// the entity `host`, which Cilium lets through on its own.
fn ambient_probes() -> CiliumClusterwideNetworkPolicy {
    let probes = CidrRule::cidr(IpAddr::from(AMBIENT_PROBES).into());
    CiliumClusterwideNetworkPolicy::new(
        "ambient-probes",
        Rule {
            enable_default_deny: Some(DefaultDenyConfig {
                ingress: Some(false),
                egress: Some(false),
            }),
            ..Rule::endpoints(EndpointSelector::everything())
        }
        .allow_ingress([IngressRule::from_cidrs([probes])])
        .describe("probes of pods in the ambient mesh"),
    )
}
