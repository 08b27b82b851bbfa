//! Istio: a canary behind a gateway, and who may call an API.

use istio_types::networking::v1beta1::*;
use istio_types::security::v1::{AuthorizationPolicy, AuthorizationPolicySpec, Rule};
use istio_types::{GoDuration, Principal, WorkloadSelector};
use serde_json::json;

use super::{Change, Document, DocumentError};

const HOST: &str = "webapp.company.com";
const SERVICE: &str = "webapp-service";

/// HTTPS for the web app, at Istio's own ingress gateway.
pub fn gateway() -> Gateway {
    let spec = GatewaySpec {
        servers: vec![Server::https("webapp-tls", [HOST])],
        selector: [("istio".to_owned(), "ingressgateway".to_owned())].into(),
    };
    Gateway::new("webapp-gateway", spec)
}

/// One request in ten goes to the canary, and each that asks for it by a header.
pub fn virtual_service() -> VirtualService {
    let canary = || Destination::host(SERVICE).subset("canary");
    let mut spec = VirtualServiceSpec::weighted(SERVICE, [("stable", 90), ("canary", 10)])
        .with_header_route("canary", StringMatch::exact("true"), canary())
        .for_hosts([HOST])
        .through_gateways(["webapp-gateway"]);
    // Printed with its weight, which is all there is.
    if let Some(route) = spec.http.first_mut() {
        route.route = vec![HttpRouteDestination::weighted(canary(), 100)];
    }
    VirtualService::new("webapp-vs", spec)
}

/// Both versions, with mutual TLS, bounds, and a rest for endpoints that fail.
pub fn destination_rule() -> DestinationRule {
    let mut pool = ConnectionPoolSettings::connections(100);
    pool.http = Some(HttpSettings {
        http1_max_pending_requests: Some(50),
        max_requests_per_connection: Some(10),
        ..HttpSettings::default()
    });
    let mut breaker = OutlierDetection::after_5xx(3, GoDuration::seconds(30));
    breaker.interval = Some(GoDuration::seconds(30));
    let spec = DestinationRuleSpec::versions(SERVICE, [("stable", "stable"), ("canary", "canary")])
        .with_tls(ClientTlsSettings::istio_mutual())
        .with_connection_pool(pool)
        .with_outlier_detection(breaker);
    DestinationRule::new("webapp-dr", spec)
}

/// The web frontend may read the API, and nobody else may call it, as it is printed.
pub fn authorization_policy_as_printed() -> AuthorizationPolicy {
    let caller = Rule::from_principals([Principal::new("frontend", "web-sa")]);
    policy(vec![caller.to_http(["GET"], ["/v1/*"])])
}

/// The same, and what the printed route and the printed monitor ask for: the gateway may lead requests to `/api`, and whoever
/// scrapes may read the metrics. The gateway is Istio's for the route's parent, which has an account of its own.
pub fn authorization_policy() -> AuthorizationPolicy {
    let caller = Rule::from_principals([Principal::new("frontend", "web-sa")]);
    let gateway = Rule::from_principals([Principal::new("default", "public-gw-istio")]);
    policy(vec![
        caller.to_http(["GET"], ["/v1/*"]),
        gateway.to_http(
            ["GET", "POST", "PUT", "PATCH", "DELETE"],
            ["/api", "/api/*"],
        ),
        Rule::default().to_http(["GET"], ["/metrics"]),
    ])
}

fn policy(rules: Vec<Rule>) -> AuthorizationPolicy {
    let spec = AuthorizationPolicySpec {
        selector: Some(WorkloadSelector::labels([("app", "api")])),
        rules: Some(rules),
        ..AuthorizationPolicySpec::default()
    };
    AuthorizationPolicy::new("api-authz", spec).in_namespace("default")
}

pub(super) fn documents() -> Result<Vec<Document>, DocumentError> {
    let outlier_detection =
        json!({"consecutive5xxErrors": 3, "interval": "30s", "baseEjectionTime": "30s"});
    Ok(vec![
        Document::printed("000-4-Gateway-webapp-gateway.yaml", &gateway())?,
        Document::printed("000-4-VirtualService-webapp-vs.yaml", &virtual_service())?,
        Document::mended(
            "000-4-DestinationRule-webapp-dr.yaml",
            &destination_rule(),
            vec![
                Change::Remove("/spec/trafficPolicy/circuitBreaker"),
                Change::Set("/spec/trafficPolicy/outlierDetection", outlier_detection),
            ],
        )?
        .with_fault(
            "admission",
            "`circuitBreaker` is no field of a DestinationRule: a strict server refuses the object, a lenient one drops the breaker; \
             it is called `outlierDetection`, and counts `consecutive5xxErrors`",
        ),
        Document::printed(
            "001-6.3-AuthorizationPolicy-api-authz.yaml",
            &authorization_policy_as_printed(),
        )?
        .with_fault(
            "request-refused",
            "the policy lets the frontend alone read `/v1`: what the printed route leads to `/api` is refused, and so is whoever \
             scrapes `/metrics` as the printed monitor says",
        )
        .with_corrected(&authorization_policy())?,
    ])
}
