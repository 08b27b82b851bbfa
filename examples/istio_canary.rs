//! A canary behind Istio, as YAML on standard output: `cargo run --example istio_canary | kubectl apply -f -`.
//!
//! A Gateway with TLS, a VirtualService that sends one request in ten to the canary (and all of those who ask for it by header), a
//! DestinationRule that leaves failing endpoints alone, and an AuthorizationPolicy for the one caller of an API.

use examples::Set;
use istio_types::networking::v1::*;
use istio_types::security::v1::{AuthorizationPolicy, AuthorizationPolicySpec, Rule};
use istio_types::{GoDuration, Principal, WorkloadSelector};

const PUBLIC_HOST: &str = "webapp.company.com";
const SERVICE: &str = "webapp-service";

fn main() -> Result<std::process::ExitCode, serde_json::Error> {
    let set = Set::new("canary", "All four objects")
        .with(&Gateway::new("webapp-gateway", gateway()))?
        .with(&VirtualService::new("webapp-vs", routes()))?
        .with(&DestinationRule::new("webapp-dr", versions()))?
        .with(&AuthorizationPolicy::new("api-authz", callers()).in_namespace("default"))?;
    Ok(examples::print("Prints a canary behind Istio.", &[set]))
}

fn gateway() -> GatewaySpec {
    GatewaySpec {
        servers: vec![Server::https("webapp-tls", [PUBLIC_HOST])],
        selector: [("istio".to_owned(), "ingressgateway".to_owned())].into(),
    }
}

fn routes() -> VirtualServiceSpec {
    let canary = Destination::host(SERVICE).subset("canary");
    VirtualServiceSpec::weighted(SERVICE, [("stable", 90), ("canary", 10)])
        .with_header_route("canary", StringMatch::exact("true"), canary)
        .for_hosts([PUBLIC_HOST])
        .through_gateways(["webapp-gateway"])
}

fn versions() -> DestinationRuleSpec {
    let mut pool = ConnectionPoolSettings::connections(100);
    pool.http = Some(HttpSettings {
        http1_max_pending_requests: Some(50),
        max_requests_per_connection: Some(10),
        ..HttpSettings::default()
    });
    // What other systems call a circuit breaker.
    let mut breaker = OutlierDetection::after_5xx(3, GoDuration::seconds(30));
    breaker.interval = Some(GoDuration::seconds(30));
    DestinationRuleSpec::versions(SERVICE, [("stable", "stable"), ("canary", "canary")])
        .with_tls(ClientTlsSettings::istio_mutual())
        .with_connection_pool(pool)
        .with_outlier_detection(breaker)
}

fn callers() -> AuthorizationPolicySpec {
    let caller = Rule::from_principals([Principal::new("frontend", "web-sa")]);
    AuthorizationPolicySpec {
        selector: Some(WorkloadSelector::labels([("app", "api")])),
        rules: Some(vec![caller.to_http(["GET"], ["/v1/*"])]),
        ..AuthorizationPolicySpec::default()
    }
}
