//! Objects as one writes them who knows the YAML of Gateway API and has not read this crate: struct literals with
//! `..Default::default()`, texts and numbers `.into()`. What has to be looked up is a fault of the types.

use gateway_api::v1::*;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde_json::json;

#[test]
fn a_gateway_with_two_listeners() {
    let gateway = Gateway::new(
        "public",
        GatewaySpec {
            gateway_class_name: "istio".into(),
            listeners: vec![
                Listener::http("http", 80),
                Listener {
                    hostname: Some("*.example.com".into()),
                    tls: Some(ListenerTlsConfig {
                        mode: Some(TlsModeType::Terminate),
                        certificate_refs: vec![SecretObjectReference {
                            name: "cert".into(),
                            ..Default::default()
                        }],
                        ..Default::default()
                    }),
                    allowed_routes: Some(AllowedRoutes {
                        namespaces: Some(RouteNamespaces {
                            from: Some(FromNamespaces::Selector),
                            selector: Some(LabelSelector {
                                match_labels: Some([("shared".into(), "yes".into())].into()),
                                ..Default::default()
                            }),
                        }),
                        ..Default::default()
                    }),
                    ..Listener::new("https", 443, ProtocolType::Https)
                },
            ],
            ..Default::default()
        },
    )
    .in_namespace("edge");
    let listener = &json!(gateway)["spec"]["listeners"][1];
    assert_eq!(
        listener,
        &json!({
            "name": "https", "hostname": "*.example.com", "port": 443, "protocol": "HTTPS",
            "tls": {"mode": "Terminate", "certificateRefs": [{"name": "cert"}]},
            "allowedRoutes": {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"shared": "yes"}}}},
        })
    );
}

#[test]
fn a_route_with_a_canary_and_a_header() {
    let route = HttpRoute::new(
        "shop",
        HttpRouteSpec {
            parent_refs: vec![ParentReference {
                name: "public".into(),
                namespace: Some("edge".into()),
                section_name: Some("https".into()),
                ..Default::default()
            }],
            hostnames: vec!["shop.example.com".into()],
            rules: vec![HttpRouteRule {
                matches: vec![HttpRouteMatch {
                    path: Some(HttpPathMatch::prefix("/v1")),
                    ..Default::default()
                }],
                filters: vec![HttpRouteFilter::RequestHeaderModifier(HttpHeaderFilter {
                    set: vec![HttpHeader {
                        name: "x-from".into(),
                        value: "edge".into(),
                    }],
                    ..Default::default()
                })],
                backend_refs: vec![HttpBackendRef {
                    name: "shop".into(),
                    port: Some(80),
                    weight: Some(90),
                    ..Default::default()
                }],
                timeouts: Some(HttpRouteTimeouts {
                    request: Some("10s".try_into().unwrap()),
                    backend_request: Some("1h30m".parse().unwrap()),
                }),
                ..Default::default()
            }],
            ..Default::default()
        },
    );
    assert_eq!(
        json!(route)["spec"]["rules"][0],
        json!({
            "matches": [{"path": {"type": "PathPrefix", "value": "/v1"}}],
            "filters": [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x-from", "value": "edge"}]}}],
            "backendRefs": [{"name": "shop", "port": 80, "weight": 90}],
            "timeouts": {"request": "10s", "backendRequest": "1h30m"},
        })
    );
}

#[test]
fn a_grant_between_namespaces() {
    let grant = ReferenceGrant::new(
        "routes",
        ReferenceGrantSpec {
            from: vec![ReferenceGrantFrom {
                group: "gateway.networking.k8s.io".into(),
                kind: "HTTPRoute".into(),
                namespace: "shop".into(),
            }],
            to: vec![ReferenceGrantTo {
                kind: "Service".into(),
                ..Default::default()
            }],
        },
    );
    assert_eq!(
        json!(grant)["spec"],
        json!({
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "shop"}],
            "to": [{"group": "", "kind": "Service"}],
        })
    );
}

#[test]
fn an_empty_selector_is_not_lost() {
    let everything = json!({"matchLabels": {}});
    for (kind, spec) in [
        (
            "Gateway",
            json!({"gatewayClassName": "a", "listeners": [
            {"name": "a", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "Selector", "selector": everything}}}]}),
        ),
        (
            "Gateway",
            json!({"gatewayClassName": "a", "listeners": [{"name": "a", "port": 80, "protocol": "HTTP"}],
            "allowedListeners": {"namespaces": {"from": "Selector", "selector": everything}}}),
        ),
    ] {
        let api = "gateway.networking.k8s.io/v1";
        let document =
            json!({"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, "spec": spec});
        let family = gateway_api::family();
        let read = family
            .version(api, kind)
            .unwrap()
            .strict(&document)
            .unwrap();
        assert_eq!(read.to_value().unwrap(), document);
    }
}
