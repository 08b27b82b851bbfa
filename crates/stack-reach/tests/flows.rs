//! Single flows, where each answer has one reason.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Layer, Reach, Settings};

fn namespace(name: &str, labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

fn pod(namespace: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"serviceAccountName": name, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]}})
}

fn service(namespace: &str, name: &str, extra: Value) -> Value {
    let mut service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": "http"}]}});
    for (key, value) in extra.as_object().unwrap() {
        *service.pointer_mut(key).unwrap() = value.clone();
    }
    service
}

fn object(api: &str, kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

fn cilium(spec: Value) -> Value {
    object("cilium.io/v2", "CiliumNetworkPolicy", "demo", "p", spec)
}

fn authorization(name: &str, spec: Value) -> Value {
    object(
        "security.istio.io/v1",
        "AuthorizationPolicy",
        "demo",
        name,
        spec,
    )
}

/// The answer to a question in the form of a file of flows.
fn ask(objects: impl IntoIterator<Item = Value>, flow: Value) -> Answer {
    let flow: Flow = serde_json::from_value(flow).unwrap();
    let base = [
        pod("demo", "web"),
        pod("demo", "client"),
        pod("other", "client"),
    ];
    let model = Model::read(base.into_iter().chain(objects));
    Reach::with(&model, Settings::default()).flow(&flow)
}

#[test]
fn what_is_not_in_the_input_is_unknown() {
    for to in [json!("demo/missing"), json!({"service": "demo/missing"})] {
        let answer = ask([], json!({"src": "demo/client", "dst": to, "port": 80}));
        assert_eq!(answer.allowed, None, "{answer}");
        assert!(answer.depends.unwrap().contains("not in the input"));
    }
}

#[test]
fn a_service_leads_to_the_named_port_of_its_pods() {
    let to = json!({"service": "demo/web"});
    let answer = ask(
        [service("demo", "web", json!({}))],
        json!({"src": "demo/client", "dst": to, "port": 80}),
    );
    assert_eq!(answer.allowed, Some(true));
    assert_eq!(answer.steps[0].reason, "leads to port 8080 of Pod demo/web");
    let answer = ask(
        [service("demo", "web", json!({}))],
        json!({"src": "demo/client", "dst": to, "port": 81}),
    );
    assert_eq!(answer.at, Some(Layer::Service));
}

#[test]
fn a_name_is_learned_only_from_lookups_that_the_proxy_sees() {
    let dns = |rules: Value| {
        json!({"toEndpoints": [{"matchLabels": {"io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns"}}],
        "toPorts": [{"ports": [{"port": "53", "protocol": "ANY"}], "rules": rules}]})
    };
    let names = json!({"toFQDNs": [{"matchPattern": "*.example.test"}], "toPorts": [{"ports": [{"port": "443", "protocol": "TCP"}]}]});
    let flow = |name: &str| json!({"src": "demo/client", "dst": {"ip": "203.0.113.7"}, "port": 443, "dns": name});
    let with = |entries: Value| {
        cilium(json!({"endpointSelector": {"matchLabels": {"app": "client"}}, "egress": entries}))
    };
    let all = json!({"dns": [{"matchPattern": "*"}]});
    let seen = with(json!([names, dns(all)]));
    assert_eq!(
        ask([seen.clone()], flow("api.example.test")).allowed,
        Some(true)
    );
    assert_eq!(
        ask([seen], flow("example.test")).at,
        Some(Layer::EgressPolicy)
    );
    let unseen = with(json!([names, dns(json!(null))]));
    assert_eq!(
        ask([unseen], flow("api.example.test")).at,
        Some(Layer::EgressPolicy)
    );
    let narrow = with(json!([
        names,
        dns(json!({"dns": [{"matchName": "www.example.test"}]}))
    ]));
    assert_eq!(
        ask([narrow.clone()], flow("www.example.test")).allowed,
        Some(true)
    );
    assert_eq!(ask([narrow], flow("api.example.test")).allowed, Some(false));
}

#[test]
fn a_client_that_may_not_ask_for_names_does_not_get_anywhere_by_name() {
    let spec = json!({"endpointSelector": {"matchLabels": {"app": "client"}}, "egress": [{"toCIDR": ["203.0.113.0/24"]}]});
    let flow = |dns: Value| json!({"src": "demo/client", "dst": {"ip": "203.0.113.7"}, "port": 443, "dns": dns});
    assert_eq!(
        ask([cilium(spec.clone())], flow(json!(null))).allowed,
        Some(true)
    );
    assert_eq!(
        ask([cilium(spec)], flow(json!("api.example.test"))).at,
        Some(Layer::EgressPolicy)
    );
}

#[test]
fn an_unknown_address_is_a_condition() {
    let spec = json!({"endpointSelector": {}, "ingress": [{"fromCIDR": ["198.51.100.0/24"]}]});
    let answer = ask(
        [cilium(spec)],
        json!({"src": {"entity": "world"}, "dst": "demo/web", "port": 8080}),
    );
    assert_eq!(
        answer.depends.as_deref(),
        Some("the address is in 198.51.100.0-198.51.100.255")
    );
}

#[test]
fn between_ambient_pods_policies_see_one_port() {
    let ambient = || namespace("demo", json!({"istio.io/dataplane-mode": "ambient"}));
    let spec = |port: &str| {
        cilium(json!({"endpointSelector": {"matchLabels": {"app": "web"}},
        "ingress": [{"fromEntities": ["cluster"], "toPorts": [{"ports": [{"port": port, "protocol": "TCP"}]}]}]}))
    };
    let flow = |from: &str| json!({"src": from, "dst": "demo/web", "port": 8080});
    assert_eq!(
        ask([ambient(), spec("8080")], flow("demo/client")).at,
        Some(Layer::IngressPolicy)
    );
    assert_eq!(
        ask([ambient(), spec("8080")], flow("other/client")).allowed,
        Some(true)
    );
    assert_eq!(
        ask([ambient(), spec("15008")], flow("demo/client")).allowed,
        Some(true)
    );
    assert_eq!(
        ask([ambient(), spec("15008")], flow("other/client")).at,
        Some(Layer::IngressPolicy)
    );
}

#[test]
fn a_waypoint_stands_before_its_service_and_not_before_the_pod() {
    let ambient = namespace("demo", json!({"istio.io/dataplane-mode": "ambient"}));
    let mut web = service("demo", "web", json!({}));
    web["metadata"]["labels"] = json!({"istio.io/use-waypoint": "waypoint"});
    let waypoint = object(
        "gateway.networking.k8s.io/v1",
        "Gateway",
        "demo",
        "waypoint",
        json!({"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}]}),
    );
    let only_get = authorization(
        "l7",
        json!({"targetRefs": [{"kind": "Service", "group": "", "name": "web"}],
        "rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]}),
    );
    let cluster = [ambient, web, waypoint, only_get];
    let ask_for = |method: &str, to: Value, port: u16| {
        let flow = json!({"src": "demo/client", "dst": to, "port": port, "request": {"method": method, "path": "/"}});
        ask(cluster.clone(), flow)
    };
    assert_eq!(
        ask_for("GET", json!({"service": "demo/web"}), 80).allowed,
        Some(true)
    );
    assert_eq!(
        ask_for("POST", json!({"service": "demo/web"}), 80).at,
        Some(Layer::Waypoint)
    );
    assert_eq!(ask_for("POST", json!("demo/web"), 8080).allowed, Some(true));
}

#[test]
fn a_deny_about_requests_matches_tcp_at_a_sidecar_and_nothing_at_ztunnel() {
    let deny = authorization(
        "deny",
        json!({"action": "DENY", "rules": [{"to": [{"operation": {"methods": ["DELETE"]}}]}]}),
    );
    let flow = json!({"src": "demo/client", "dst": "demo/web", "port": 8080});
    let sidecar = namespace("demo", json!({"istio-injection": "enabled"}));
    assert_eq!(
        ask([sidecar, deny.clone()], flow.clone()).at,
        Some(Layer::Sidecar)
    );
    let ambient = namespace("demo", json!({"istio.io/dataplane-mode": "ambient"}));
    assert_eq!(ask([ambient, deny], flow).allowed, Some(true));
}

#[test]
fn plain_text_is_refused_where_mutual_tls_is_demanded() {
    let strict = object(
        "security.istio.io/v1",
        "PeerAuthentication",
        "demo",
        "strict",
        json!({"mtls": {"mode": "STRICT"}}),
    );
    for (labels, layer) in [
        (
            json!({"istio.io/dataplane-mode": "ambient"}),
            Layer::Ztunnel,
        ),
        (json!({"istio-injection": "enabled"}), Layer::Sidecar),
    ] {
        let flow = |from: &str| json!({"src": from, "dst": "demo/web", "port": 8080});
        assert_eq!(
            ask(
                [namespace("demo", labels.clone()), strict.clone()],
                flow("other/client")
            )
            .at,
            Some(layer)
        );
        assert_eq!(
            ask(
                [namespace("demo", labels), strict.clone()],
                flow("demo/client")
            )
            .allowed,
            Some(true)
        );
    }
}

#[test]
fn a_destination_rule_may_take_mutual_tls_away() {
    let sidecar = namespace("demo", json!({"istio-injection": "enabled"}));
    let strict = object(
        "security.istio.io/v1",
        "PeerAuthentication",
        "demo",
        "strict",
        json!({"mtls": {"mode": "STRICT"}}),
    );
    let plain = object(
        "networking.istio.io/v1",
        "DestinationRule",
        "demo",
        "plain",
        json!({"host": "*.local", "trafficPolicy": {"tls": {"mode": "DISABLE"}}}),
    );
    let cluster = [sidecar, strict, plain, service("demo", "web", json!({}))];
    let answer = ask(
        cluster,
        json!({"src": "demo/client", "dst": {"service": "demo/web"}, "port": 80}),
    );
    assert_eq!(answer.at, Some(Layer::Sidecar), "{answer}");
}

/// A kind cluster whose port 80 leads to a gateway's node port, and a route behind it.
fn edge() -> Vec<Value> {
    let mut proxy = service(
        "edge",
        "proxy",
        json!({"/spec/ports/0": {"port": 80, "targetPort": 8080, "nodePort": 30080}}),
    );
    proxy["spec"]["type"] = json!("NodePort");
    let gateway = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
        "metadata": {"name": "edge", "namespace": "edge", "annotations": {"konghq.com/publish-service": "edge/proxy"}},
        "spec": {"gatewayClassName": "kong", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.example.test",
            "allowedRoutes": {"namespaces": {"from": "All"}}}]}});
    vec![
        json!({"apiVersion": "kind.x-k8s.io/v1alpha4", "kind": "Cluster", "name": "lab", "nodes": [
            {"role": "control-plane", "extraPortMappings": [{"containerPort": 30080, "hostPort": 80}, {"containerPort": 30443, "hostPort": 443}]}]}),
        pod("edge", "proxy"),
        proxy,
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": "kong"}, "spec": {"controllerName": "konghq.com/kic-gateway-controller"}}),
        gateway,
        service("demo", "web", json!({})),
        object(
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            "demo",
            "web",
            json!({"parentRefs": [{"name": "edge", "namespace": "edge"}],
            "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/api"}}], "backendRefs": [{"name": "web", "port": 80}]}]}),
        ),
    ]
}

#[test]
fn from_the_machine_through_node_port_gateway_and_route_to_the_backend() {
    let ask_for = |port: u16, host: &str, path: &str| {
        let request = json!({"method": "GET", "path": path, "host": host});
        ask(
            edge(),
            json!({"src": {"entity": "world"}, "dst": {"host_port": port}, "request": request, "backend": "demo/web"}),
        )
    };
    let answer = ask_for(80, "www.example.test", "/api/x");
    assert_eq!(answer.allowed, Some(true), "{answer}");
    assert_eq!(
        ask_for(80, "www.example.test", "/other").at,
        Some(Layer::Route)
    );
    assert_eq!(
        ask_for(80, "www.example.org", "/api/x").at,
        Some(Layer::Route)
    );
    assert_eq!(
        ask_for(443, "www.example.test", "/api/x").at,
        Some(Layer::Node)
    );
    assert_eq!(
        ask_for(8443, "www.example.test", "/api/x").at,
        Some(Layer::Node)
    );
}

#[test]
fn policies_hold_behind_a_gateway_for_the_gateway() {
    let only_proxy = cilium(
        json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [
        {"fromEndpoints": [{"matchLabels": {"io.kubernetes.pod.namespace": "edge"}}], "toPorts": [{"ports": [{"port": "8080"}]}]}]}),
    );
    let flow = json!({"src": {"entity": "world"}, "dst": {"host_port": 80}, "request": {"path": "/api", "host": "www.example.test"}});
    assert_eq!(
        ask(edge().into_iter().chain([only_proxy.clone()]), flow).allowed,
        Some(true)
    );
    let direct = json!({"src": "demo/client", "dst": "demo/web", "port": 8080});
    assert_eq!(
        ask(edge().into_iter().chain([only_proxy]), direct).at,
        Some(Layer::IngressPolicy)
    );
}

#[test]
fn several_at_once_fare_alike_or_it_depends_on_which_one_is_meant() {
    let mut other = pod("demo", "other");
    other["metadata"]["labels"] = json!({"app": "other", "tier": "front"});
    let mut client = pod("demo", "client");
    client["metadata"]["labels"]["tier"] = json!("front");
    let policy = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"from": [
            {"podSelector": {"matchLabels": {"app": "client"}}}, {"ipBlock": {"cidr": "10.1.0.0/16", "except": ["10.1.2.0/24"]}}]}]}});
    let model = Model::read([
        namespace("demo", json!({})),
        pod("demo", "web"),
        client,
        other,
        policy,
    ]);
    let reach = Reach::of(&model);
    for (from, expected) in [
        (json!({"pods": "demo/app=client"}), Some(true)),
        (json!({"pods": "*/app=other"}), Some(false)),
        (json!({"pods": "demo/tier=front"}), None),
        (json!({"pods": "demo/tier=back"}), None),
        (json!("10.1.0.0/24"), Some(true)),
        (json!("10.1.2.0/25"), Some(false)),
        (json!("10.1.0.0/16"), None),
        (json!("10.2.0.0/16"), Some(false)),
        (json!({"block": "10.0.0.0/8"}), None),
        (json!("2001:db8::/32"), Some(false)),
    ] {
        let flow: Flow =
            serde_json::from_value(json!({"src": from, "dst": "demo/web", "port": 80})).unwrap();
        let answer = reach.flow(&flow);
        assert_eq!(answer.allowed, expected, "{from} {answer}");
        assert_eq!(answer.depends.is_some(), expected.is_none());
    }
}

#[test]
fn flows_that_are_built_are_those_that_are_written() {
    let ip = "192.0.2.7".parse().unwrap();
    for (built, written) in [
        (
            Flow::from_world().to_workload("demo", "web", 8080),
            r#"{"src": {"entity": "world"}, "dst": "demo/web", "port": 8080}"#,
        ),
        (
            Flow::from_ip(ip).to_service("demo", "web", 80),
            r#"{"src": {"ip": "192.0.2.7"}, "dst": {"service": "demo/web"}, "port": 80}"#,
        ),
        (
            Flow::from_workload("demo", "web").to_ip(ip, 443),
            r#"{"src": "demo/web", "dst": {"ip": "192.0.2.7"}, "port": 443}"#,
        ),
        (
            Flow::from_workload("demo", "web").to_world(443),
            r#"{"src": "demo/web", "dst": {"entity": "world"}, "port": 443}"#,
        ),
    ] {
        assert_eq!(built, serde_json::from_str(written).unwrap(), "{written}");
    }
}
