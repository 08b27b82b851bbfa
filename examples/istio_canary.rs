//! A canary behind Istio, as YAML on standard output: `cargo run --example istio_canary | kubectl apply -f -`.
//!
//! A Gateway with TLS, a VirtualService that sends one request in ten to the canary (and all of those who ask for it by header), a
//! DestinationRule that leaves failing endpoints alone, and an AuthorizationPolicy for the one caller of an API.
#![allow(clippy::print_stdout)]

use std::io::Write;

use istio_types::GoDuration;
use istio_types::networking::v1::{
    ClientTlsSettings, ConnectionPoolSettings, Destination, DestinationRule, DestinationRuleSpec,
    Gateway, GatewaySpec, HttpSettings, OutlierDetection, Server, StringMatch, TcpSettings,
    TrafficPolicy, VirtualService, VirtualServiceSpec,
};
use istio_types::security::v1::{AuthorizationPolicy, AuthorizationPolicySpec, Rule};
use istio_types::{Principal, WorkloadSelector};
use lab_builder::render::yaml;

const PUBLIC_HOST: &str = "webapp.company.com";
const SERVICE: &str = "webapp-service";

fn main() -> Result<(), serde_json::Error> {
    let objects = [
        serde_json::to_value(gateway())?,
        serde_json::to_value(virtual_service())?,
        serde_json::to_value(destination_rule())?,
        serde_json::to_value(authorization_policy())?,
    ];
    // A reader that stops early, such as `head`, is no fault of ours.
    let _ = std::io::stdout()
        .lock()
        .write_all(yaml::stream(&objects).as_bytes());
    Ok(())
}

fn gateway() -> Gateway {
    Gateway::new(
        "webapp-gateway",
        GatewaySpec {
            servers: vec![Server::https("webapp-tls", [PUBLIC_HOST])],
            selector: [("istio".to_owned(), "ingressgateway".to_owned())].into(),
        },
    )
}

fn virtual_service() -> VirtualService {
    let canary = Destination::host(SERVICE).subset("canary");
    VirtualService::new(
        "webapp-vs",
        VirtualServiceSpec::weighted(SERVICE, [("stable", 90), ("canary", 10)])
            .with_header_route("canary", StringMatch::exact("true"), canary)
            .for_hosts([PUBLIC_HOST])
            .through_gateways(["webapp-gateway"]),
    )
}

fn destination_rule() -> DestinationRule {
    DestinationRule::new(
        "webapp-dr",
        DestinationRuleSpec {
            traffic_policy: Some(TrafficPolicy {
                tls: Some(ClientTlsSettings::istio_mutual()),
                connection_pool: Some(ConnectionPoolSettings {
                    tcp: Some(TcpSettings {
                        max_connections: Some(100),
                        ..TcpSettings::default()
                    }),
                    http: Some(HttpSettings {
                        http1_max_pending_requests: Some(50),
                        max_requests_per_connection: Some(10),
                        ..HttpSettings::default()
                    }),
                }),
                // What other systems call a circuit breaker.
                outlier_detection: Some(OutlierDetection {
                    interval: Some(GoDuration::seconds(30)),
                    ..OutlierDetection::after_5xx(3, GoDuration::seconds(30))
                }),
                ..TrafficPolicy::default()
            }),
            ..DestinationRuleSpec::versions(SERVICE, [("stable", "stable"), ("canary", "canary")])
        },
    )
}

fn authorization_policy() -> AuthorizationPolicy {
    let caller = Principal::new("frontend", "web-sa");
    AuthorizationPolicy::new(
        "api-authz",
        AuthorizationPolicySpec {
            selector: Some(WorkloadSelector::labels([("app", "api")])),
            rules: Some(vec![
                Rule::from_principals([caller]).to_http(["GET"], ["/v1/*"]),
            ]),
            ..AuthorizationPolicySpec::default()
        },
    )
    .in_namespace("default")
}
