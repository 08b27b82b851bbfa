//! What an answer says beside its status, and where two listeners, routes or backends are told apart.

use serde_json::{Value, json};
use stack_gateway::{Answer, Parent, Question, Refusal, Requests, Routing};
use stack_model::Model;

const GROUP: &str = "gateway.networking.k8s.io/v1";

fn gateway(listeners: Value) -> Value {
    json!({"apiVersion": GROUP, "kind": "Gateway", "metadata": {"name": "edge", "namespace": "demo"},
           "spec": {"gatewayClassName": "any", "listeners": listeners}})
}

fn plain() -> Value {
    gateway(json!([{"name": "http", "port": 80, "protocol": "HTTP"}]))
}

fn route(kind: &str, name: &str, spec: Value) -> Value {
    let mut route = json!({"apiVersion": GROUP, "kind": kind, "metadata": {"name": name, "namespace": "demo"},
        "spec": {"parentRefs": [{"name": "edge"}]}});
    for (member, value) in spec.as_object().unwrap() {
        route["spec"][member] = value.clone();
    }
    route
}

fn to(backend: &str) -> Value {
    json!({"rules": [{"backendRefs": [{"name": backend, "port": 80}]}]})
}

fn service(name: &str, selector: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"selector": selector, "ports": [{"name": "web", "port": 80}, {"name": "admin", "port": 81}]}})
}

fn deployment(name: &str, app: &str, replicas: u32) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "demo"},
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": app, "track": name}},
            "template": {"metadata": {"labels": {"app": app, "track": name}}, "spec": {"containers": [{"name": "c"}]}}}})
}

fn answer(objects: &[Value], mut question: Value) -> Answer {
    let others = [service("a", json!(null)), service("b", json!(null))];
    let model = Model::read(objects.iter().cloned().chain(others));
    if question.get("gateway").is_none() && question.get("client").is_none() {
        question["gateway"] = json!("demo/edge");
    }
    let question: Question = serde_json::from_value(question).unwrap();
    Routing::of(&model).answer(&question)
}

fn weights(answer: &Answer) -> Vec<(&str, f64)> {
    let rows = answer.weights.iter();
    rows.map(|(name, share)| (name.as_str(), *share)).collect()
}

#[test]
fn a_file_of_questions_names_its_gateway_once() {
    let model = Model::read([
        plain(),
        route("HTTPRoute", "r", to("a")),
        service("a", json!(null)),
    ]);
    let routing = Routing::of(&model);
    let ask = |gateway: Value| {
        let file = json!({"gateway": gateway, "requests": [{"id": 1}, {"id": 2, "gateway": "demo/other"}]});
        let requests: Requests = serde_json::from_value(file).unwrap();
        let answers = routing.answers(&requests);
        let rows = answers.iter();
        rows.map(|answer| (answer.id.clone(), answer.status))
            .collect::<Vec<_>>()
    };
    let known = [(json!(1), Some(200)), (json!(2), None)];
    assert_eq!(ask(json!("demo/edge")), known);
    assert_eq!(ask(json!(["demo/edge"])), known);
    for unknown in [json!(null), json!(["demo/edge", "demo/other"])] {
        assert_eq!(ask(unknown), [(json!(1), None), (json!(2), None)]);
    }
}

#[test]
fn an_answer_tells_the_rule_by_words_and_by_position() {
    let rules = json!({"rules": [
        {"matches": [{"path": {"value": "/b"}}], "backendRefs": [{"name": "b", "port": 80}]},
        {"backendRefs": [{"name": "a", "port": 80}]},
    ]});
    let found = answer(&[plain(), route("HTTPRoute", "r", rules)], json!({}));
    assert_eq!(found.rule.as_deref(), Some("HTTPRoute demo/r, rule 1"));
    assert_eq!(found.decided_by, Some((0, 1)));
    let listeners = gateway(json!([{"name": "tcp", "port": 90, "protocol": "TCP"}]));
    let found = answer(
        &[listeners, route("TCPRoute", "t", to("a"))],
        json!({"port": 90, "request": {"scheme": "tcp"}}),
    );
    assert_eq!(found.rule.as_deref(), Some("TCPRoute demo/t, rule 0"));
    assert_eq!(found.decided_by, Some((0, 0)));
    assert_eq!((found.status, found.backend.as_deref()), (None, Some("a")));
}

#[test]
fn traffic_is_shared_by_the_pods_behind_each_backend() {
    let refs = json!({"rules": [{"backendRefs": [{"name": "two", "port": 80}, {"name": "a", "port": 80}]}]});
    let objects = [
        plain(),
        route("HTTPRoute", "r", refs),
        service("two", json!({"app": "two"})),
        deployment("stable", "two", 3),
        deployment("canary", "two", 1),
    ];
    let found = answer(&objects, json!({}));
    assert_eq!(
        weights(&found),
        [("a", 0.5), ("canary", 0.125), ("stable", 0.375)]
    );
    assert_eq!(
        (found.backend, found.namespace.as_deref()),
        (None, Some("demo"))
    );
}

#[test]
fn weights_of_nothing_reach_nobody() {
    let refs = json!({"rules": [{"backendRefs": [{"name": "a", "port": 80, "weight": 0}]}]});
    let found = answer(&[plain(), route("HTTPRoute", "r", refs)], json!({}));
    assert_eq!(
        (found.status, weights(&found)),
        (Some(500), vec![("a", 0.0)])
    );
}

#[test]
fn a_copy_goes_to_a_share_of_the_requests() {
    for (share, percent) in [
        (json!({}), None),
        (json!({"percent": 5}), Some(5.0)),
        (json!({"fraction": {"numerator": 3}}), Some(3.0)),
        (
            json!({"fraction": {"numerator": 1, "denominator": 8}}),
            Some(12.5),
        ),
    ] {
        let mut mirror = json!({"backendRef": {"name": "b", "port": 80}});
        for (member, value) in share.as_object().unwrap() {
            mirror[member] = value.clone();
        }
        let rule = json!({"filters": [{"type": "RequestMirror", "requestMirror": mirror}],
            "backendRefs": [{"name": "a", "port": 80}]});
        let objects = [plain(), route("HTTPRoute", "r", json!({"rules": [rule]}))];
        let copies = answer(&objects, json!({})).mirrored_to;
        assert_eq!(copies.len(), 1);
        assert_eq!(
            (copies[0].name.as_str(), copies[0].percent),
            ("b", percent),
            "{share}"
        );
        let model = Model::read(objects);
        let references = Routing::of(&model).routes()[0].backend_refs();
        let paths: Vec<&str> = references.iter().map(|(path, _)| path.as_str()).collect();
        let copy = "spec.rules[0].filters[0].requestMirror.backendRef";
        assert_eq!(paths, ["spec.rules[0].backendRefs[0]", copy]);
    }
}

#[test]
fn a_call_of_grpc_is_answered_in_its_own_words() {
    let method = json!({"type": "RegularExpression", "service": "shop\\..+", "method": "Get.*"});
    let rules = json!({"rules": [{"matches": [{"method": method}], "backendRefs": [{"name": "a", "port": 80}]}]});
    let objects = [plain(), route("GRPCRoute", "r", rules)];
    let call = |path: &str, protocol: Value| {
        let found = answer(
            &objects,
            json!({"request": {"path": path, "protocol": protocol}}),
        );
        (found.status, found.grpc_code)
    };
    assert_eq!(
        call("/shop.Cart/GetAll", json!("grpc")),
        (Some(200), Some("OK"))
    );
    assert_eq!(
        call("/shop.Cart/Put", json!("grpc")),
        (Some(404), Some("Unimplemented"))
    );
    assert_eq!(
        call("/other.Cart/GetAll", json!("grpc")),
        (Some(404), Some("Unimplemented"))
    );
    assert_eq!(call("/shop.Cart/GetAll", json!(null)), (Some(404), None));
    // A route without matches takes calls, and nothing else.
    let objects = [plain(), route("GRPCRoute", "r", to("a"))];
    let status =
        |protocol: Value| answer(&objects, json!({"request": {"protocol": protocol}})).status;
    assert_eq!(status(json!("grpc")), Some(200));
    assert_eq!(status(json!(null)), Some(404));
}

#[test]
fn a_path_may_be_a_regular_expression_for_the_whole_of_it() {
    let path = json!({"path": {"type": "RegularExpression", "value": "/a+"}});
    let rules = json!({"rules": [{"matches": [path], "backendRefs": [{"name": "a", "port": 80}]}]});
    let objects = [plain(), route("HTTPRoute", "r", rules)];
    for (path, status) in [("/aa", 200), ("/ab", 404), ("/b", 404)] {
        let found = answer(&objects, json!({"request": {"path": path}}));
        assert_eq!(found.status, Some(status), "{path}");
    }
}

#[test]
fn an_expression_that_cannot_be_read_is_told_on_the_route() {
    let path =
        |value: &str| json!({"matches": [{"path": {"type": "RegularExpression", "value": value}}]});
    let told = |rules: Value| {
        let model = Model::read([plain(), route("HTTPRoute", "r", json!({"rules": rules}))]);
        let rows = Routing::of(&model).status().conditions;
        let rows = rows
            .into_iter()
            .filter(|row| row.object.kind == "HTTPRoute");
        rows.map(|row| row.condition)
            .filter(|condition| condition.condition_type != "ResolvedRefs")
            .map(|condition| {
                (
                    condition.condition_type,
                    condition.status,
                    condition.message,
                )
            })
            .collect::<Vec<_>>()
    };
    let message = "a regular expression cannot be read".to_owned();
    assert_eq!(
        told(json!([path("(")])),
        [("Accepted", false, message.clone())]
    );
    let both = told(json!([path("("), path("/a")]));
    assert_eq!((both[0].0, both[0].1), ("Accepted", true));
    assert_eq!(both[1], ("PartiallyInvalid", true, message));
    assert_eq!(told(json!([])).len(), 1);
    assert!(told(json!([]))[0].1);
}

#[test]
fn a_listener_of_each_transport_takes_its_own_routes() {
    let listeners = json!([{"name": "tcp", "port": 53, "protocol": "TCP"}, {"name": "udp", "port": 53, "protocol": "UDP"}]);
    let ask = |objects: &[Value], scheme: &str| {
        let found = answer(objects, json!({"port": 53, "request": {"scheme": scheme}}));
        (found.backend, found.failure)
    };
    let both = [
        gateway(listeners.clone()),
        route("TCPRoute", "t", to("a")),
        route("UDPRoute", "u", to("b")),
    ];
    assert_eq!(ask(&both, "tcp"), (Some("a".to_owned()), None));
    assert!(
        ask(&both[..2], "udp")
            .1
            .unwrap()
            .contains("no route takes the connection")
    );
    assert_eq!(ask(&[plain()], "udp").1.unwrap(), "no listener at port 53");
    // The ports of a Service are TCP here.
    assert!(
        ask(&both, "udp")
            .1
            .unwrap()
            .contains("no backend can be reached")
    );
}

#[test]
fn a_port_that_speaks_http_answers_also_for_hosts_that_nobody_serves() {
    let listeners = json!([{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "a.io"}, {"name": "tcp", "port": 90, "protocol": "TCP"}]);
    let ask = |port: u16| {
        let found = answer(
            &[gateway(listeners.clone())],
            json!({"port": port, "request": {"host": "b.io"}}),
        );
        (found.status, found.failure)
    };
    assert_eq!(ask(80), (Some(404), None));
    assert_eq!(
        ask(90),
        (
            None,
            Some("no listener at port 90 that speaks HTTP".to_owned())
        )
    );
}

#[test]
fn tls_is_passed_on_or_ends_at_the_gateway() {
    let listener = |mode: &str| json!([{"name": "tls", "port": 443, "protocol": "TLS", "tls": {"mode": mode, "certificateRefs": [{"name": "tls"}]}}]);
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tls", "namespace": "demo"},
        "stringData": {"tls.crt": "-----BEGIN CERTIFICATE-----", "tls.key": "-----BEGIN PRIVATE KEY-----"}});
    let ask = |mode: &str, route: Value, scheme: &str| {
        answer(
            &[gateway(listener(mode)), secret.clone(), route],
            json!({"port": 443, "request": {"scheme": scheme, "sni": "a.io"}}),
        )
    };
    let named = route(
        "TLSRoute",
        "r",
        json!({"hostnames": ["a.io"], "rules": to("a")["rules"]}),
    );
    let passed = ask("Passthrough", named.clone(), "tls");
    assert_eq!((passed.status, passed.backend_sees_tls), (None, Some(true)));
    assert_eq!(passed.backend_sees_sni.as_deref(), Some("a.io"));
    assert_eq!(ask("Passthrough", named.clone(), "https").status, Some(200));
    let ended = ask("Terminate", named, "tls");
    assert_eq!(
        (ended.backend_sees_tls, ended.backend_sees_sni),
        (Some(false), None)
    );
    let other = route(
        "TLSRoute",
        "r",
        json!({"hostnames": ["b.io"], "rules": to("a")["rules"]}),
    );
    let failure = ask("Passthrough", other, "tls").failure.unwrap();
    assert_eq!(failure, "no TLSRoute for the name `a.io`");
    // Where TLS ends, a route of plain connections is next.
    let whole = ask("Terminate", route("TCPRoute", "t", to("a")), "tls");
    assert_eq!(whole.backend.as_deref(), Some("a"));
}

#[test]
fn a_gateway_that_checks_clients_turns_away_those_without_a_certificate() {
    let listeners = json!([{"name": "https", "port": 443, "protocol": "HTTPS", "tls": {"certificateRefs": [{"name": "tls"}]}}]);
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "tls", "namespace": "demo"},
        "stringData": {"tls.crt": "-----BEGIN CERTIFICATE-----", "tls.key": "-----BEGIN PRIVATE KEY-----"}});
    let trusted = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ca", "namespace": "demo"},
        "data": {"ca.crt": "-----BEGIN CERTIFICATE-----"}});
    let ask = |mode: Value, certificate: Value| {
        let mut edge = gateway(listeners.clone());
        let authorities = json!([{"group": "", "kind": "ConfigMap", "name": "ca"}]);
        edge["spec"]["tls"] = json!({"frontend": {"default": {"validation": {"caCertificateRefs": authorities, "mode": mode}}}});
        let objects = [
            edge,
            secret.clone(),
            trusted.clone(),
            route("HTTPRoute", "r", to("a")),
        ];
        let request = json!({"scheme": "https", "host": "a.io", "client_certificate": certificate});
        let found = answer(&objects, json!({"request": request}));
        (found.status, found.failure)
    };
    let refused = (
        None,
        Some("the client has to show a certificate".to_owned()),
    );
    assert_eq!(ask(json!(null), json!(null)), refused);
    assert_eq!(ask(json!("AllowValidOnly"), json!(null)), refused);
    assert_eq!(
        ask(json!("AllowInsecureFallback"), json!(null)),
        (Some(200), None)
    );
    assert_eq!(ask(json!(null), json!("mine")), (Some(200), None));
}

#[test]
fn a_route_that_attaches_to_a_listener_twice_stands_there_once() {
    let parents = json!([{"name": "edge"}, {"name": "edge", "sectionName": "http"}]);
    let spec = json!({"parentRefs": parents, "rules": to("a")["rules"]});
    let model = Model::read([plain(), route("HTTPRoute", "r", spec)]);
    let routing = Routing::of(&model);
    assert_eq!(routing.attached(0).len(), 1);
    assert!(routing.gateways()[0].is_accepted());
    assert!(!routing.has_routes_on("demo", "a"));
}

#[test]
fn a_set_of_listeners_joins_a_gateway_that_lets_it() {
    let ask = |allowed: Value, parent: Value| {
        let mut edge = plain();
        edge["spec"]["allowedListeners"] = json!({"namespaces": allowed});
        let set = json!({"apiVersion": GROUP, "kind": "ListenerSet", "metadata": {"name": "more", "namespace": "demo"},
            "spec": {"parentRef": parent, "listeners": [{"name": "http", "port": 81, "protocol": "HTTP"}]}});
        let parents = json!([{"kind": "ListenerSet", "name": "more"}]);
        let spec = json!({"parentRefs": parents, "rules": to("a")["rules"]});
        let objects = [edge, set, route("HTTPRoute", "r", spec)];
        answer(&objects, json!({"port": 81})).status
    };
    let same = json!({"from": "Same"});
    assert_eq!(ask(same.clone(), json!({"name": "edge"})), Some(200));
    assert_eq!(ask(json!({"from": "None"}), json!({"name": "edge"})), None);
    assert_eq!(
        ask(same.clone(), json!({"name": "edge", "kind": "Other"})),
        None
    );
    assert_eq!(
        ask(same, json!({"name": "edge", "group": "example.com"})),
        None
    );
}

#[test]
fn a_selector_of_namespaces_that_cannot_be_read_admits_nobody() {
    let demo = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"edge": "open"}}});
    let ask = |expression: Value| {
        let namespaces =
            json!({"from": "Selector", "selector": {"matchExpressions": [expression]}});
        let listeners = json!([{"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": {"namespaces": namespaces}}]);
        let objects = [
            demo.clone(),
            gateway(listeners),
            route("HTTPRoute", "r", to("a")),
        ];
        answer(&objects, json!({})).status
    };
    assert_eq!(
        ask(json!({"key": "edge", "operator": "In", "values": ["open"]})),
        Some(200)
    );
    assert_eq!(ask(json!({"key": "edge", "operator": "Exists"})), Some(200));
    assert_eq!(
        ask(json!({"key": "edge", "operator": "Exists", "values": ["open"]})),
        Some(404)
    );
    assert_eq!(
        ask(json!({"key": "other", "operator": "NotIn", "values": []})),
        Some(404)
    );
}

#[test]
fn a_listener_may_name_the_kinds_of_routes() {
    let ask = |kinds: Value| {
        let listeners = json!([{"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": {"kinds": kinds}}]);
        let model = Model::read([gateway(listeners)]);
        let routing = Routing::of(&model);
        routing.listeners()[0].kinds.len()
    };
    assert_eq!(
        ask(json!([{"kind": "HTTPRoute"}, {"kind": "HTTPRoute"}])),
        1
    );
    assert_eq!(
        ask(json!([{"kind": "HTTPRoute"}, {"kind": "GRPCRoute"}])),
        2
    );
    assert_eq!(
        ask(json!([{"kind": "TCPRoute"}, {"kind": "HTTPRoute", "group": "example.com"}])),
        0
    );
}

#[test]
fn gateways_speak_tls_to_a_backend_with_a_policy() {
    let policy = |hostname: Value| {
        json!({"apiVersion": GROUP, "kind": "BackendTLSPolicy", "metadata": {"name": "p", "namespace": "demo"},
            "spec": {"targetRefs": [{"group": "", "kind": "Service", "name": "a"}],
                "validation": {"wellKnownCACertificates": "System", "hostname": hostname}}})
    };
    let objects = [
        plain(),
        route("HTTPRoute", "r", to("a")),
        policy(json!("a.example.com")),
        service("a", json!(null)),
    ];
    let sni = answer(&objects, json!({})).forwarded.unwrap().sni;
    assert_eq!(sni.as_deref(), Some("a.example.com"));
    let model = Model::read(objects);
    let routing = Routing::of(&model);
    let route = &routing.routes()[0];
    let references = route.backend_refs();
    let backend = routing.backend(route, references[0].1).unwrap();
    let tls = routing.backend_tls(&backend).unwrap();
    assert_eq!((tls.hostname, tls.is_broken), ("a.example.com", false));
}

fn of_service(namespace: &str, parent: Value, backend: &str) -> Value {
    let mut parent = parent;
    parent["kind"] = json!("Service");
    parent["group"] = json!("");
    parent["name"] = json!("a");
    parent["namespace"] = json!("demo");
    let spec = json!({"parentRefs": [parent], "rules": [{"backendRefs": [{"name": backend, "namespace": "demo", "port": 80}]}]});
    let mut route = route("HTTPRoute", "r", spec);
    route["metadata"]["namespace"] = json!(namespace);
    route
}

#[test]
fn a_route_of_a_service_may_be_for_one_port_by_number_or_name() {
    let ask = |parent: Value, port: u16| {
        let objects = [of_service("demo", parent, "b")];
        let request = json!({"host": format!("a:{port}")});
        answer(
            &objects,
            json!({"client": "demo/client", "request": request}),
        )
        .backend
    };
    for (parent, on_80, on_81) in [
        (json!({}), "b", "b"),
        (json!({"port": 80}), "b", "a"),
        (json!({"sectionName": "admin"}), "a", "b"),
        (json!({"sectionName": "admin", "port": 80}), "a", "a"),
        (json!({"port": 82}), "a", "a"),
    ] {
        assert_eq!(ask(parent.clone(), 80).as_deref(), Some(on_80), "{parent}");
        assert_eq!(ask(parent.clone(), 81).as_deref(), Some(on_81), "{parent}");
    }
    for (parent, fits) in [
        (json!({"sectionName": "admin", "port": 81}), true),
        (json!({"sectionName": "admin", "port": 80}), false),
        (json!({"port": 82}), false),
    ] {
        let model = Model::read([
            of_service("demo", parent.clone(), "b"),
            service("a", json!(null)),
        ]);
        let expected = match fits {
            true => Parent::Service,
            false => Parent::Refused(Refusal::NoMatchingParent),
        };
        assert_eq!(Routing::of(&model).parents(0), [expected], "{parent}");
    }
    let model = Model::read([
        of_service("demo", json!({}), "b"),
        service("a", json!(null)),
    ]);
    assert!(Routing::of(&model).has_routes_on("demo", "a"));
}

#[test]
fn who_calls_has_the_first_word_about_its_calls() {
    let grant = json!({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "ReferenceGrant",
        "metadata": {"name": "g", "namespace": "demo"},
        "spec": {"from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "shop"}],
            "to": [{"group": "", "kind": "Service"}]}});
    let mut producer = of_service("demo", json!({}), "a");
    producer["spec"]["rules"][0]["filters"] = json!([{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "by", "value": "owner"}]}}]);
    let objects = [producer, of_service("shop", json!({}), "b"), grant];
    let ask = |client: &str| {
        let found = answer(
            &objects,
            json!({"client": client, "request": {"host": "a.demo"}}),
        );
        found.backend.unwrap()
    };
    assert_eq!(ask("shop/web"), "b");
    assert_eq!(ask("other/web"), "a");
    assert_eq!(ask("demo/web"), "a");
}

#[test]
fn a_call_that_no_route_touches_reaches_the_pods_of_the_service() {
    let ask = |objects: &[Value], request: Value| {
        answer(
            objects,
            json!({"client": "demo/client", "request": request}),
        )
    };
    let found = ask(&[], json!({"host": "a"}));
    assert_eq!(
        (
            found.status,
            found.backend.as_deref(),
            found.namespace.as_deref()
        ),
        (Some(200), Some("a"), Some("demo"))
    );
    assert_eq!(found.forwarded.unwrap().path, "/");
    assert_eq!(
        ask(&[], json!({"host": "a", "protocol": "grpc"})).grpc_code,
        Some("OK")
    );
    assert_eq!(ask(&[], json!({"host": "a", "scheme": "tcp"})).status, None);
    let pod = ask(&[], json!({"host": "<pod-ip:shop/web>"}));
    assert_eq!(
        (pod.namespace.as_deref(), pod.backend.as_deref()),
        (Some("shop"), Some("web"))
    );
    let two = [
        service("two", json!({"app": "two"})),
        deployment("stable", "two", 3),
        deployment("canary", "two", 1),
    ];
    let several = ask(&two, json!({"host": "two"}));
    assert_eq!(weights(&several), [("canary", 0.25), ("stable", 0.75)]);
    assert_eq!((several.backend, several.status), (None, Some(200)));
    let none = [
        two[0].clone(),
        deployment("stable", "two", 0),
        deployment("canary", "two", 0),
    ];
    assert_eq!(
        weights(&ask(&none, json!({"host": "two"}))),
        [("canary", 0.0), ("stable", 0.0)]
    );
}

#[test]
fn leave_to_call_from_another_site_names_what_is_asked_where_a_star_would_not_do() {
    let ask = |cors: Value, method: &str| {
        let filter = json!({"type": "CORS", "cors": cors});
        let rule = json!({"filters": [filter], "backendRefs": [{"name": "a", "port": 80}]});
        let objects = [plain(), route("HTTPRoute", "r", json!({"rules": [rule]}))];
        let headers = json!({"Origin": "https://a.io", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-a"});
        let found = answer(
            &objects,
            json!({"request": {"method": method, "headers": headers}}),
        );
        let headers = found.response.unwrap_or_default().headers;
        ["Allow-Origin", "Allow-Methods", "Allow-Headers", "Max-Age"].map(|name| {
            headers
                .get(&format!("Access-Control-{name}"))
                .cloned()
                .unwrap_or_default()
        })
    };
    let star = json!({"allowOrigins": ["*"], "allowMethods": ["*"], "allowHeaders": ["*"]});
    assert_eq!(ask(star.clone(), "OPTIONS"), ["*", "*", "*", "5"]);
    assert_eq!(ask(star.clone(), "GET"), ["*", "", "", ""]);
    let mut credentials = star;
    credentials["allowCredentials"] = json!(true);
    assert_eq!(
        ask(credentials, "OPTIONS"),
        ["https://a.io", "PUT", "x-a", "5"]
    );
    let named = json!({"allowOrigins": ["HTTPS://A.io"], "allowMethods": ["GET"]});
    assert_eq!(ask(named, "OPTIONS"), ["https://a.io", "GET", "", "5"]);
}

#[test]
fn a_question_whether_one_may_call_has_an_origin_and_a_method() {
    let filter = json!({"type": "CORS", "cors": {"allowOrigins": ["*"]}});
    let rule = json!({"filters": [filter], "backendRefs": [{"name": "a", "port": 80}]});
    let objects = [plain(), route("HTTPRoute", "r", json!({"rules": [rule]}))];
    let by = |method: &str, headers: Value| {
        answer(
            &objects,
            json!({"request": {"method": method, "headers": headers}}),
        )
        .answered_by
    };
    let whole = json!({"Origin": "https://a.io", "Access-Control-Request-Method": "PUT"});
    assert_eq!(by("OPTIONS", whole.clone()), Some("gateway"));
    assert_eq!(by("GET", whole), None);
    assert_eq!(by("OPTIONS", json!({"Origin": "https://a.io"})), None);
    assert_eq!(
        by("OPTIONS", json!({"Access-Control-Request-Method": "PUT"})),
        None
    );
}
