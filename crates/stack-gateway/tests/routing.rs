//! Routing by the specification, on small gateways of our own.

use serde_json::{Value, json};
use stack_gateway::{Answer, Parent, Question, Refusal, Routing};
use stack_model::Model;

fn gateway(listeners: Value) -> Value {
    json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge", "namespace": "demo"},
           "spec": {"gatewayClassName": "any", "listeners": listeners}})
}

fn plain() -> Value {
    gateway(json!([{"name": "http", "port": 80, "protocol": "HTTP"}]))
}

fn route(name: &str, mut spec: Value) -> Value {
    if spec.get("parentRefs").is_none() {
        spec["parentRefs"] = json!([{"name": "edge"}]);
    }
    json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": name, "namespace": "demo"}, "spec": spec})
}

fn rule(matches: Value, backend: &str) -> Value {
    json!({"matches": matches, "backendRefs": [{"name": backend, "port": 80}]})
}

fn services(names: &[&str]) -> Vec<Value> {
    let of = |name: &&str| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "demo"}, "spec": {"ports": [{"port": 80}]}});
    names.iter().map(of).collect()
}

fn answer(objects: &[Value], mut question: Value) -> Answer {
    let backends = services(&["a", "b", "c"]);
    let model = Model::read(objects.iter().cloned().chain(backends));
    if question.get("gateway").is_none() && question.get("client").is_none() {
        question["gateway"] = json!("demo/edge");
    }
    let question: Question = serde_json::from_value(question).unwrap();
    Routing::of(&model).answer(&question)
}

fn backend(objects: &[Value], request: Value) -> Option<String> {
    answer(objects, json!({"request": request})).backend
}

fn refusals(objects: &[Value]) -> Vec<Parent> {
    let model = Model::read(objects.iter().cloned());
    Routing::of(&model).parents(0).to_vec()
}

#[test]
fn the_narrowest_match_wins_wherever_it_stands() {
    let path = |kind: &str, value: &str| json!({"path": {"type": kind, "value": value}});
    let one = route(
        "one",
        json!({"rules": [
            rule(json!([path("PathPrefix", "/")]), "a"),
            rule(json!([path("PathPrefix", "/api")]), "b"),
            rule(json!([path("Exact", "/api/users")]), "c"),
        ]}),
    );
    let objects = [plain(), one];
    let cases = [
        ("/", "a"),
        ("/api", "b"),
        ("/apis", "a"),
        ("/api/users", "c"),
        ("/api/users/1", "b"),
    ];
    for (path, expected) in cases {
        assert_eq!(
            backend(&objects, json!({"path": path})).as_deref(),
            Some(expected),
            "{path}"
        );
    }
}

#[test]
fn after_the_path_come_method_headers_and_queries() {
    let header = json!({"headers": [{"name": "X-Env", "value": "dev"}]});
    let query = json!({"queryParams": [{"name": "v", "value": "1"}]});
    let one = route(
        "one",
        json!({"rules": [
            rule(json!([query]), "a"),
            rule(json!([header]), "b"),
            rule(json!([{"method": "PUT"}]), "c"),
        ]}),
    );
    let objects = [plain(), one];
    let cases = [
        (
            json!({"method": "PUT", "path": "/?v=1", "headers": {"x-env": "dev"}}),
            Some("c"),
        ),
        (
            json!({"path": "/?v=1", "headers": {"x-env": "dev"}}),
            Some("b"),
        ),
        (json!({"path": "/?v=1"}), Some("a")),
        (json!({"path": "/"}), None),
    ];
    for (request, expected) in cases {
        assert_eq!(
            backend(&objects, request.clone()).as_deref(),
            expected,
            "{request}"
        );
    }
}

#[test]
fn among_equals_the_older_route_wins_and_then_the_first_name() {
    let mut young = route("a-young", json!({"rules": [rule(json!([]), "a")]}));
    young["metadata"]["creationTimestamp"] = json!("2026-02-01T00:00:00Z");
    let mut old = route("b-old", json!({"rules": [rule(json!([]), "b")]}));
    assert_eq!(
        backend(&[plain(), old.clone(), young.clone()], json!({})).as_deref(),
        Some("a"),
        "by age unknown to unknown"
    );
    old["metadata"]["creationTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(
        backend(&[plain(), young, old], json!({})).as_deref(),
        Some("b")
    );
}

#[test]
fn the_narrowest_listener_alone_is_asked() {
    let listeners = json!([
        {"name": "all", "port": 80, "protocol": "HTTP"},
        {"name": "one", "port": 80, "protocol": "HTTP", "hostname": "a.example.com"},
    ]);
    let open = route(
        "open",
        json!({"parentRefs": [{"name": "edge", "sectionName": "all"}], "rules": [rule(json!([]), "a")]}),
    );
    let objects = [gateway(listeners), open];
    assert_eq!(
        backend(&objects, json!({"host": "b.example.com"})).as_deref(),
        Some("a")
    );
    assert_eq!(
        answer(&objects, json!({"request": {"host": "a.example.com"}})).status,
        Some(404)
    );
}

#[test]
fn traffic_is_shared_by_weight_and_lost_where_a_backend_is_missing() {
    let refs = json!([{"name": "a", "port": 80, "weight": 3}, {"name": "missing", "port": 80}, {"name": "b", "port": 80, "weight": 0}]);
    let found = answer(
        &[
            plain(),
            route("r", json!({"rules": [{"backendRefs": refs}]})),
        ],
        json!({}),
    );
    assert_eq!(
        (found.status, found.backend.as_deref()),
        (Some(200), Some("a"))
    );
    assert_eq!(found.weights["a"], 0.75);
    assert_eq!(found.weights["b"], 0.0);
    let nothing = answer(
        &[
            plain(),
            route(
                "r",
                json!({"rules": [{"backendRefs": [{"name": "missing", "port": 80}]}]}),
            ),
        ],
        json!({}),
    );
    assert_eq!((nothing.status, nothing.backend), (Some(500), None));
    let wrong_port = answer(
        &[
            plain(),
            route(
                "r",
                json!({"rules": [{"backendRefs": [{"name": "a", "port": 81}]}]}),
            ),
        ],
        json!({}),
    );
    assert_eq!(wrong_port.status, Some(500));
}

#[test]
fn a_parent_says_why_it_refuses() {
    let listeners =
        json!([{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.example.com"}]);
    let refused = |parent: Value, hosts: Value, namespace: &str| {
        let mut route = route(
            "r",
            json!({"parentRefs": [parent], "hostnames": hosts, "rules": []}),
        );
        route["metadata"]["namespace"] = json!(namespace);
        match refusals(&[gateway(listeners.clone()), route]).remove(0) {
            Parent::Refused(refusal) => Some(refusal),
            _ => None,
        }
    };
    let edge = json!({"name": "edge", "namespace": "demo"});
    assert_eq!(refused(edge.clone(), json!([]), "demo"), None);
    assert_eq!(
        refused(edge.clone(), json!(["a.io"]), "demo"),
        Some(Refusal::NoMatchingListenerHostname)
    );
    assert_eq!(
        refused(edge.clone(), json!([]), "other"),
        Some(Refusal::NotAllowedByListeners)
    );
    let section = json!({"name": "edge", "namespace": "demo", "sectionName": "https"});
    assert_eq!(
        refused(section, json!([]), "demo"),
        Some(Refusal::NoMatchingParent)
    );
}

#[test]
fn a_gateway_that_is_not_in_the_input_is_unknown() {
    let objects = [route("r", json!({"rules": []}))];
    assert_eq!(refusals(&objects), [Parent::Outside]);
    assert!(answer(&objects, json!({})).unknown.is_some());
    let model = Model::read(objects);
    assert!(Routing::of(&model).status().conditions.is_empty());
}

#[test]
fn another_namespace_has_to_permit_the_reference() {
    let reference = json!({"name": "far", "namespace": "other", "port": 80});
    let far = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "far", "namespace": "other"}, "spec": {"ports": [{"port": 80}]}});
    let grant = |name: Option<&str>| {
        json!({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "ReferenceGrant", "metadata": {"name": "g", "namespace": "other"},
               "spec": {"from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "demo"}],
                        "to": [{"group": "", "kind": "Service", "name": name}]}})
    };
    let one = route("r", json!({"rules": [{"backendRefs": [reference]}]}));
    let status =
        |grant: Value| answer(&[plain(), far.clone(), one.clone(), grant], json!({})).status;
    assert_eq!(status(json!(null)), Some(500));
    assert_eq!(status(grant(None)), Some(200));
    assert_eq!(status(grant(Some("far"))), Some(200));
    assert_eq!(status(grant(Some("near"))), Some(500));
}

#[test]
fn a_call_inside_the_mesh_follows_the_routes_of_its_service() {
    let parent = json!([{"group": "", "kind": "Service", "name": "a", "port": 80}]);
    let one = route(
        "r",
        json!({"parentRefs": parent, "rules": [rule(json!([{"path": {"type": "PathPrefix", "value": "/v2"}}]), "b")]}),
    );
    let call = |host: &str, path: &str| {
        answer(
            std::slice::from_ref(&one),
            json!({"client": "demo/client", "request": {"host": host, "path": path}}),
        )
    };
    assert_eq!(call("a", "/v2").backend.as_deref(), Some("b"));
    assert_eq!(
        call("a.demo.svc.cluster.local", "/v2").backend.as_deref(),
        Some("b")
    );
    assert_eq!(call("a", "/v1").status, Some(404));
    assert_eq!(call("b", "/v1").backend.as_deref(), Some("b"));
    assert!(call("nowhere", "/").unknown.is_some());
}

#[test]
fn the_same_routes_in_any_order_give_the_same_answers() {
    let mut objects = vec![plain()];
    for name in ["x", "y", "z"] {
        objects.push(route(
            name,
            json!({"rules": [rule(json!([]), if name == "x" { "a" } else { "b" })]}),
        ));
    }
    let first = answer(&objects, json!({}));
    objects.reverse();
    assert_eq!(answer(&objects, json!({})), first);
    assert_eq!(first.backend.as_deref(), Some("a"));
}

#[test]
fn a_connection_for_one_listener_is_not_good_for_the_hosts_of_another() {
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tls", "namespace": "demo"},
        "stringData": {"tls.crt": "-----BEGIN CERTIFICATE-----", "tls.key": "-----BEGIN PRIVATE KEY-----"}});
    let listener = |name: &str, host: &str| json!({"name": name, "port": 443, "protocol": "HTTPS", "hostname": host, "tls": {"certificateRefs": [{"name": "tls"}]}});
    let listeners = json!([
        listener("a", "a.example.com"),
        listener("b", "*.example.com")
    ]);
    let objects = [
        gateway(listeners),
        secret,
        route("r", json!({"rules": [rule(json!([]), "a")]})),
    ];
    let status = |host: Value, sni: &str| {
        answer(
            &objects,
            json!({"port": 443, "request": {"scheme": "https", "host": host, "sni": sni}}),
        )
        .status
    };
    assert_eq!(status(json!("a.example.com"), "a.example.com"), Some(200));
    assert_eq!(status(json!("b.example.com"), "a.example.com"), Some(421));
    assert_eq!(status(json!(null), "a.example.com"), Some(200));
    assert_eq!(status(json!("a.other.com"), "a.other.com"), None);
}

#[test]
fn a_backend_tls_policy_targets_ports_that_exist() {
    let entry = json!({"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": {"name": "far", "namespace": "demo"},
        "spec": {"hosts": ["far.example.com"], "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}]}});
    let policy = |name: &str, section: &str| {
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "BackendTLSPolicy", "metadata": {"name": "p", "namespace": "demo"},
            "spec": {"targetRefs": [{"group": "networking.istio.io", "kind": "ServiceEntry", "name": name, "sectionName": section}],
                "validation": {"wellKnownCACertificates": "System", "hostname": "far.example.com"}}})
    };
    for (name, section, accepted) in [
        ("far", "tls", true),
        ("far", "http", false),
        // What the input does not have may lie elsewhere.
        ("elsewhere", "http", true),
    ] {
        let model = Model::read([entry.clone(), policy(name, section)]);
        let rows = Routing::of(&model).status().conditions;
        let row = rows
            .iter()
            .find(|row| row.condition.condition_type == "Accepted")
            .unwrap();
        assert_eq!(row.condition.status, accepted, "{name} {section}");
    }
}

#[test]
fn the_gateway_itself_says_whether_another_site_may_call() {
    let cors = json!({"type": "CORS", "cors": {
        "allowOrigins": ["https://www.example.com", "https://*.example.org"], "allowMethods": ["GET", "OPTIONS"],
        "allowHeaders": ["x-one"], "exposeHeaders": ["x-two"], "allowCredentials": true, "maxAge": 60,
    }});
    let guarded = route(
        "r",
        json!({"rules": [{"filters": [cors], "backendRefs": [{"name": "a", "port": 80}]}]}),
    );
    let objects = [plain(), guarded];
    let ask = |method: &str, origin: &str| {
        let headers = json!({"Origin": origin, "access-control-request-method": "GET"});
        let found = answer(
            &objects,
            json!({"request": {"method": method, "headers": headers}}),
        );
        let headers = found.response.unwrap_or_default().headers;
        (found.status, found.answered_by, found.backend, headers)
    };
    let (status, by, backend, headers) = ask("OPTIONS", "https://a.b.example.org");
    assert_eq!((status, by, backend), (Some(200), Some("gateway"), None));
    let expected = [
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Headers", "x-one"),
        ("Access-Control-Allow-Methods", "GET, OPTIONS"),
        ("Access-Control-Allow-Origin", "https://a.b.example.org"),
        ("Access-Control-Expose-Headers", "x-two"),
        ("Access-Control-Max-Age", "60"),
    ];
    assert_eq!(
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect::<Vec<_>>(),
        expected
    );
    // A site that may not call gets no leave; the request itself goes to the backend.
    assert!(ask("OPTIONS", "https://example.org").3.is_empty());
    let (status, by, backend, headers) = ask("GET", "https://www.example.com");
    assert_eq!(
        (status, by, backend.as_deref()),
        (Some(200), None, Some("a"))
    );
    assert_eq!(headers.len(), 3, "{headers:?}");
}

#[test]
fn a_listener_that_cannot_be_used_says_why() {
    let https = json!([{"name": "https", "port": 443, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "tls"}]}}]);
    let ask = |port: u16| {
        let request = json!({"scheme": "https", "host": "a.example.com"});
        let found = answer(
            &[gateway(https.clone())],
            json!({"port": port, "request": request}),
        );
        found.failure.unwrap()
    };
    assert_eq!(
        ask(443),
        "the listener https at port 443 cannot be used: Secret demo/tls does not exist"
    );
    assert_eq!(
        ask(444),
        "no listener at port 444 for the name `a.example.com`"
    );
}
