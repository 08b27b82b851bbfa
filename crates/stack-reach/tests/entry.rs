//! In from outside: ports of the machine and of nodes, load balancers, gateways, routes, and what stands behind them.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Cni, Flow, Layer, Reach, Settings};

fn pod(namespace: &str, name: &str, node: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"nodeName": node, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]}})
}

fn service(namespace: &str, name: &str, app: &str, spec: Value) -> Value {
    let mut service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": {"app": app}, "ports": [{"name": "http", "port": 80, "targetPort": "http"}]}});
    for (member, value) in spec.as_object().unwrap() {
        service["spec"][member] = value.clone();
    }
    service
}

fn node(name: &str, ip: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"addresses": [{"type": "InternalIP", "address": ip}]}})
}

fn gateway_api(kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

fn kind() -> Value {
    json!({"apiVersion": "kind.x-k8s.io/v1alpha4", "kind": "Cluster", "name": "lab", "nodes": [{"role": "control-plane", "extraPortMappings": [
        {"containerPort": 30080, "hostPort": 80}, {"containerPort": 30053, "hostPort": 53, "protocol": "UDP"}, {"containerPort": 30999, "hostPort": 999}]}]})
}

/// A proxy with a port on nodes, on which a Gateway listens, two applications, and the Services of both.
fn base() -> Vec<Value> {
    vec![
        node("n1", "172.18.0.2"),
        node("n2", "172.18.0.3"),
        pod("edge", "proxy", "n1"),
        pod("demo", "web", "n1"),
        pod("demo", "api", "n2"),
        service(
            "edge",
            "proxy",
            "proxy",
            json!({"type": "NodePort", "ports": [{"name": "http", "port": 80, "targetPort": "http", "nodePort": 30080}]}),
        ),
        service("demo", "web", "web", json!({})),
        service("demo", "api", "api", json!({})),
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": "kong"},
            "spec": {"controllerName": "konghq.com/kic-gateway-controller"}}),
        json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
            "metadata": {"name": "edge", "namespace": "edge", "annotations": {"konghq.com/publish-service": "edge/proxy"}},
            "spec": {"gatewayClassName": "kong", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "*.example.test",
                "allowedRoutes": {"namespaces": {"from": "All"}}}]}}),
    ]
}

fn route(rules: Value) -> Value {
    gateway_api(
        "HTTPRoute",
        "demo",
        "web",
        json!({"parentRefs": [{"name": "edge", "namespace": "edge"}], "rules": rules}),
    )
}

fn ask_with(cni: Cni, objects: &[Value], flow: &Value) -> Answer {
    let model = Model::read(base().into_iter().chain(objects.iter().cloned()));
    let settings = Settings {
        cni: Some(cni),
        ..Settings::default()
    };
    let reach = Reach::with(&model, settings);
    assert!(reach.unread().is_empty(), "{:?}", reach.unread());
    reach.flow(&serde_json::from_value::<Flow>(flow.clone()).unwrap())
}

fn ask(objects: &[Value], flow: &Value) -> Answer {
    ask_with(Cni::Cilium, objects, flow)
}

fn request(path: &str) -> Value {
    json!({"method": "GET", "path": path, "host": "www.example.test"})
}

fn enter(request: Value) -> Value {
    json!({"src": {"entity": "world"}, "dst": {"ip": "172.18.0.2"}, "port": 30080, "request": request})
}

#[test]
fn a_port_of_the_machine_leads_to_a_node_of_kind_and_on() {
    let dns = service(
        "demo",
        "dns",
        "api",
        json!({"type": "NodePort", "ports": [{"port": 53, "targetPort": 53, "protocol": "UDP", "nodePort": 30053}]}),
    );
    let objects = [
        kind(),
        dns,
        route(json!([{"backendRefs": [{"name": "web", "port": 80}]}])),
    ];
    let from = |port: u16, protocol: &str| json!({"src": {"entity": "world"}, "dst": {"host_port": port}, "port": port, "protocol": protocol, "request": request("/")});
    for (flow, expected) in [
        (from(80, "TCP"), None),
        (from(53, "UDP"), None),
        (from(53, "TCP"), Some(Layer::Node)),
        (from(80, "UDP"), Some(Layer::Node)),
        (from(8080, "TCP"), Some(Layer::Node)),
        (from(999, "TCP"), Some(Layer::Node)),
    ] {
        let answer = ask(&objects, &flow);
        assert_eq!(
            (answer.at, answer.allowed),
            (expected, Some(expected.is_none())),
            "{flow} {answer}"
        );
    }
}

#[test]
fn node_ports_load_balancers_and_host_ports_lead_to_pods() {
    let mut by_host = pod("demo", "by-host", "n2");
    by_host["spec"]["containers"][0]["ports"][0]["hostPort"] = json!(8443);
    let balanced = service(
        "demo",
        "balanced",
        "web",
        json!({"type": "LoadBalancer", "loadBalancerIP": "203.0.113.80",
        "externalIPs": ["203.0.113.81"], "ports": [{"port": 443, "targetPort": "http", "nodePort": 30443}]}),
    );
    let objects = [by_host, balanced];
    let to =
        |ip: &str, port: u16| json!({"src": {"entity": "world"}, "dst": {"ip": ip}, "port": port});
    for (flow, at) in [
        (to("203.0.113.80", 443), None),
        (to("203.0.113.81", 443), None),
        (to("203.0.113.80", 80), Some(Layer::Service)),
        (to("172.18.0.2", 30443), None),
        (to("172.18.0.3", 30443), None),
        (to("172.18.0.3", 8443), None),
    ] {
        let answer = ask(&objects, &flow);
        assert_eq!(
            (answer.at, answer.allowed),
            (at, Some(at.is_none())),
            "{flow} {answer}"
        );
    }
    // The policies of the pod are asked about its own port.
    let only = |port: u16| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"ports": [{"port": port}]}]}})
    };
    for (port, allowed) in [(8080, true), (443, false), (30443, false)] {
        let objects = [objects[0].clone(), objects[1].clone(), only(port)];
        let answer = ask(&objects, &to("203.0.113.80", 443));
        assert_eq!(answer.allowed, Some(allowed), "{port} {answer}");
    }
}

#[test]
fn a_node_sends_on_what_the_services_traffic_policy_lets_it() {
    let open = |policy: &str| {
        service(
            "demo",
            "open",
            "api",
            json!({"type": "NodePort", "externalTrafficPolicy": policy,
        "ports": [{"port": 80, "targetPort": "http", "nodePort": 30100}]}),
        )
    };
    let to = |ip: &str| json!({"src": {"ip": "203.0.113.9"}, "dst": {"ip": ip}, "port": 30100});
    // The pod runs on n2.
    for (policy, node, expected) in [
        ("Cluster", "172.18.0.2", Some(true)),
        ("Cluster", "172.18.0.3", Some(true)),
        ("Local", "172.18.0.2", Some(false)),
        ("Local", "172.18.0.3", Some(true)),
    ] {
        let answer = ask_with(Cni::Generic, &[open(policy)], &to(node));
        assert_eq!(answer.allowed, expected, "{policy} {node} {answer}");
        assert_eq!(answer.at, (expected == Some(false)).then_some(Layer::Node));
    }
    // Whether the pod sees the client's address depends on the node, unless it keeps to its own pods; Cilium always keeps it.
    let only_client = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "api", "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": "api"}}, "ingress": [{"from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}]}});
    for (cni, policy, expected) in [
        (Cni::Generic, "Cluster", None),
        (Cni::Generic, "Local", Some(true)),
        (Cni::Cilium, "Cluster", Some(true)),
    ] {
        let answer = ask_with(cni, &[open(policy), only_client.clone()], &to("172.18.0.3"));
        assert_eq!(answer.allowed, expected, "{cni:?} {policy} {answer}");
    }
    let nobody = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "api", "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": "api"}}, "ingress": []}});
    assert_eq!(
        ask_with(Cni::Generic, &[open("Cluster"), nobody], &to("172.18.0.3")).allowed,
        Some(false)
    );
    // Where nobody knows on which node the pod runs, that is the condition.
    let mut floating = pod("demo", "floating", "n1");
    floating["spec"].as_object_mut().unwrap().remove("nodeName");
    let local = service(
        "demo",
        "floating",
        "floating",
        json!({"type": "NodePort", "externalTrafficPolicy": "Local",
        "ports": [{"port": 80, "targetPort": "http", "nodePort": 30200}]}),
    );
    let flow = json!({"src": {"ip": "203.0.113.9"}, "dst": {"ip": "172.18.0.2"}, "port": 30200});
    let answer = ask_with(Cni::Generic, &[floating, local], &flow);
    assert_eq!(answer.allowed, None, "{answer}");
    assert!(answer.depends.unwrap().contains("n1"));
}

#[test]
fn listeners_and_routes_choose_by_host_path_method_headers_and_query() {
    let backend = json!([{"name": "web", "port": 80}]);
    let matched = |matched: Value| json!([{"matches": [matched], "backendRefs": backend}]);
    let with = |member: &str, value: Value| {
        let mut request = request("/api/x?v=1");
        request[member] = value;
        request
    };
    let headers = |value: &str| with("headers", json!({"x-team": value}));
    for (rules, request, allowed) in [
        (json!([{"backendRefs": backend}]), request("/"), true),
        (
            json!([{"backendRefs": backend}]),
            with("host", json!("www.example.org")),
            false,
        ),
        (
            json!([{"backendRefs": backend}]),
            with("host", json!("example.test")),
            false,
        ),
        (
            json!([{"backendRefs": backend}]),
            with("host", json!("a.b.example.test")),
            true,
        ),
        (
            matched(json!({"path": {"type": "PathPrefix", "value": "/api"}})),
            request("/api"),
            true,
        ),
        (
            matched(json!({"path": {"type": "PathPrefix", "value": "/api"}})),
            request("/apis"),
            false,
        ),
        (
            matched(json!({"path": {"type": "Exact", "value": "/api"}})),
            request("/api/"),
            false,
        ),
        (
            matched(json!({"path": {"type": "RegularExpression", "value": "/a[0-9]+"}})),
            request("/a1"),
            true,
        ),
        (
            matched(json!({"path": {"type": "RegularExpression", "value": "/a[0-9]+"}})),
            request("/a1/b"),
            false,
        ),
        (matched(json!({"method": "POST"})), request("/"), false),
        (
            matched(json!({"method": "POST"})),
            with("method", json!("POST")),
            true,
        ),
        (
            matched(json!({"headers": [{"name": "X-Team", "value": "blue"}]})),
            headers("blue"),
            true,
        ),
        (
            matched(json!({"headers": [{"name": "X-Team", "value": "blue"}]})),
            headers("red"),
            false,
        ),
        (
            matched(
                json!({"headers": [{"name": "X-Team", "type": "RegularExpression", "value": "b.*"}]}),
            ),
            headers("blue"),
            true,
        ),
        (
            matched(json!({"queryParams": [{"name": "v", "value": "1"}]})),
            request("/x?v=1"),
            true,
        ),
        (
            matched(json!({"queryParams": [{"name": "v", "value": "1"}]})),
            request("/x?w=1"),
            false,
        ),
    ] {
        let answer = ask(&[route(rules.clone())], &enter(request.clone()));
        assert_eq!(answer.allowed, Some(allowed), "{rules} {request} {answer}");
        assert_eq!(answer.at, (!allowed).then_some(Layer::Route));
    }
    // Without a request nobody knows which route it finds.
    let bare = json!({"src": {"entity": "world"}, "dst": {"ip": "172.18.0.2"}, "port": 30080});
    assert_eq!(
        ask(&[route(json!([{"backendRefs": backend}]))], &bare).allowed,
        None
    );
}

/// A rule of Cilium that lets only one path into an application.
fn only_path(app: &str, path: &str) -> Value {
    json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": app, "namespace": "demo"},
        "spec": {"endpointSelector": {"matchLabels": {"app": app}}, "ingress": [{"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}],
            "rules": {"http": [{"path": path}]}}]}]}})
}

#[test]
fn the_backend_sees_what_filters_make_of_the_request() {
    let with = |filters: Value| json!([{"matches": [{"path": {"type": "PathPrefix", "value": "/old"}}], "filters": filters, "backendRefs": [{"name": "web", "port": 80}]}]);
    let rewrite = |path: Value| json!([{"type": "URLRewrite", "urlRewrite": {"path": path}}]);
    for (rules, allowed) in [
        (with(json!([])), false),
        (
            with(rewrite(
                json!({"type": "ReplacePrefixMatch", "replacePrefixMatch": "/new"}),
            )),
            true,
        ),
        (
            with(rewrite(
                json!({"type": "ReplaceFullPath", "replaceFullPath": "/new/a"}),
            )),
            true,
        ),
        (
            with(rewrite(
                json!({"type": "ReplaceFullPath", "replaceFullPath": "/other"}),
            )),
            false,
        ),
        // Who redirects answers by himself, and nobody behind is asked.
        (
            json!([{"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]}]),
            true,
        ),
    ] {
        let answer = ask(
            &[route(rules.clone()), only_path("web", "/new/a")],
            &enter(request("/old/a")),
        );
        assert_eq!(answer.allowed, Some(allowed), "{rules} {answer}");
        assert_eq!(answer.at, (!allowed).then_some(Layer::L7Proxy), "{answer}");
    }
    let header = json!([{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "x-key", "value": "k"}]}}]);
    let mut keyed = only_path("web", "/.*");
    keyed["spec"]["ingress"][0]["toPorts"][0]["rules"]["http"] = json!([{"headers": ["x-key: k"]}]);
    assert_eq!(
        ask(
            &[route(with(header)), keyed.clone()],
            &enter(request("/old"))
        )
        .allowed,
        Some(true)
    );
    assert_eq!(
        ask(&[route(with(json!([]))), keyed], &enter(request("/old"))).allowed,
        Some(false)
    );
}

#[test]
fn shares_and_missing_backends_are_told_apart() {
    let to = |backends: Value| json!([{"backendRefs": backends}]);
    let closed = only_path("api", "/nothing");
    let away = pod("away", "far", "n1");
    let far = service("away", "far", "far", json!({}));
    let grant = json!({"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "ReferenceGrant", "metadata": {"name": "g", "namespace": "away"},
        "spec": {"from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "demo"}], "to": [{"group": "", "kind": "Service"}]}});
    let web = |weight: u32| json!({"name": "web", "port": 80, "weight": weight});
    let api = |weight: u32| json!({"name": "api", "port": 80, "weight": weight});
    let far_ref = json!({"name": "far", "namespace": "away", "port": 80});
    for (backends, more, expected, at) in [
        (json!([web(1)]), vec![], Some(true), None),
        (json!([api(1)]), vec![], Some(false), Some(Layer::L7Proxy)),
        // Two that differ: it depends on which one answers; who has no share is not asked.
        (json!([web(1), api(1)]), vec![], None, None),
        (json!([web(1), api(0)]), vec![], Some(true), None),
        (
            json!([web(0), api(9)]),
            vec![],
            Some(false),
            Some(Layer::L7Proxy),
        ),
        (json!([web(0)]), vec![], Some(false), Some(Layer::Route)),
        (json!([]), vec![], Some(false), Some(Layer::Route)),
        (
            json!([{"name": "missing", "port": 80}]),
            vec![],
            Some(false),
            Some(Layer::Route),
        ),
        (
            json!([{"name": "web", "port": 81}]),
            vec![],
            Some(false),
            None,
        ),
        (
            json!([far_ref]),
            vec![away.clone(), far.clone()],
            Some(false),
            Some(Layer::Route),
        ),
        (json!([far_ref]), vec![away, far, grant], Some(true), None),
    ] {
        let mut objects = vec![route(to(backends.clone())), closed.clone()];
        objects.extend(more);
        let answer = ask(&objects, &enter(request("/")));
        assert_eq!(answer.allowed, expected, "{backends} {answer}");
        if let Some(at) = at {
            assert_eq!(answer.at, Some(at), "{backends} {answer}");
        }
    }
}

/// A policy that makes gateways speak TLS to an application.
fn backend_tls(section: Option<&str>, authority: &str) -> Value {
    let mut target = json!({"group": "", "kind": "Service", "name": "web"});
    if let Some(section) = section {
        target["sectionName"] = json!(section);
    }
    gateway_api(
        "BackendTLSPolicy",
        "demo",
        "web",
        json!({"targetRefs": [target],
        "validation": {"hostname": "web.example.test", "caCertificateRefs": [{"group": "", "kind": "ConfigMap", "name": authority}]}}),
    )
}

#[test]
fn tls_to_the_backend_hides_requests_from_whoever_stands_between() {
    let ca = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ca", "namespace": "demo"},
        "data": {"ca.crt": "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUd1n\n-----END CERTIFICATE-----\n"}});
    let to_web = route(json!([{"backendRefs": [{"name": "web", "port": 80}]}]));
    let any_path = only_path("web", "/.*");
    let names = |name: &str| {
        let mut policy = only_path("web", "/");
        policy["spec"]["ingress"][0]["toPorts"][0] =
            json!({"ports": [{"port": "8080", "protocol": "TCP"}], "serverNames": [name]});
        policy
    };
    for (objects, allowed, at) in [
        (vec![], true, None),
        (vec![any_path.clone()], true, None),
        (vec![backend_tls(None, "ca"), ca.clone()], true, None),
        (
            vec![
                backend_tls(Some("http"), "ca"),
                ca.clone(),
                any_path.clone(),
            ],
            false,
            Some(Layer::L7Proxy),
        ),
        (
            vec![backend_tls(None, "ca"), ca.clone(), any_path.clone()],
            false,
            Some(Layer::L7Proxy),
        ),
        (
            vec![
                backend_tls(Some("other"), "ca"),
                ca.clone(),
                any_path.clone(),
            ],
            true,
            None,
        ),
        (
            vec![
                backend_tls(None, "ca"),
                ca.clone(),
                names("web.example.test"),
            ],
            true,
            None,
        ),
        (
            vec![
                backend_tls(None, "ca"),
                ca.clone(),
                names("other.example.test"),
            ],
            false,
            Some(Layer::L7Proxy),
        ),
        (vec![names("web.example.test")], false, Some(Layer::L7Proxy)),
        // Nobody to trust: nothing is sent.
        (
            vec![backend_tls(None, "missing")],
            false,
            Some(Layer::Route),
        ),
    ] {
        let mut all = vec![to_web.clone()];
        all.extend(objects.clone());
        let answer = ask(&all, &enter(request("/")));
        assert_eq!(
            (answer.allowed, answer.at),
            (Some(allowed), at),
            "{objects:?} {answer}"
        );
    }
    // It is not the TLS of the mesh: who demands that refuses it, and a sidecar cannot read the request in it.
    let in_mesh = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"istio-injection": "enabled"}}});
    let strict = json!({"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "p", "namespace": "demo"}, "spec": {"mtls": {"mode": "STRICT"}}});
    let by_path = json!({"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "p", "namespace": "demo"},
        "spec": {"rules": [{"to": [{"operation": {"paths": ["/*"]}}]}]}});
    let tls = [backend_tls(None, "ca"), ca];
    for (policy, with_tls, allowed) in [
        (&strict, true, false),
        (&by_path, false, true),
        (&by_path, true, false),
    ] {
        let mut objects = vec![to_web.clone(), in_mesh.clone(), policy.clone()];
        if with_tls {
            objects.extend(tls.iter().cloned());
        }
        let answer = ask(&objects, &enter(request("/")));
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{policy} {with_tls} {answer}"
        );
    }
}

#[test]
fn an_ingress_of_a_controller_that_is_not_known_is_a_condition() {
    let ingress = |class: &str, host: Value| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"ingressClassName": class, "rules": [{"host": host, "http": {"paths": [{"path": "/api", "pathType": "Prefix",
            "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}})
    };
    let controller = [
        pod("ingress", "nginx", "n1"),
        service(
            "ingress",
            "nginx",
            "nginx",
            json!({"type": "LoadBalancer", "loadBalancerIP": "203.0.113.80"}),
        ),
    ];
    let to = |path: &str, host: &str| {
        json!({"src": {"entity": "world"}, "dst": {"ip": "203.0.113.80"}, "port": 80,
        "request": {"path": path, "host": host}, "backend": "demo/web"})
    };
    for (objects, flow, expected) in [
        (
            vec![ingress("nginx", json!("web.example.test"))],
            to("/api/x", "web.example.test"),
            None,
        ),
        (
            vec![ingress("nginx", json!("*.example.test"))],
            to("/api/x", "web.example.test"),
            None,
        ),
        // No rule for it: the pod in question is not behind the Service.
        (
            vec![ingress("nginx", json!("web.example.test"))],
            to("/other", "web.example.test"),
            Some(false),
        ),
        (
            vec![ingress("nginx", json!("web.example.test"))],
            to("/api", "www.example.org"),
            Some(false),
        ),
        (vec![], to("/api", "web.example.test"), Some(false)),
    ] {
        let mut all = controller.to_vec();
        all.extend(objects);
        let answer = ask(&all, &flow);
        assert_eq!(answer.allowed, expected, "{flow} {answer}");
        if expected.is_none() {
            let condition = answer.depends.unwrap();
            assert!(
                condition.contains("nginx") && condition.contains("demo/web"),
                "{condition}"
            );
        }
    }
    // The controller itself may be closed, and the Service of the Ingress' backend is no controller.
    let closed = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "nginx", "namespace": "ingress"},
        "spec": {"podSelector": {}, "ingress": []}});
    let mut all = controller.to_vec();
    all.extend([ingress("nginx", json!("web.example.test")), closed]);
    assert_eq!(
        ask(&all, &to("/api", "web.example.test")).at,
        Some(Layer::IngressPolicy)
    );
    let open = service(
        "demo",
        "web",
        "web",
        json!({"type": "NodePort", "ports": [{"port": 80, "targetPort": "http", "nodePort": 30300}]}),
    );
    let straight = json!({"src": {"entity": "world"}, "dst": {"ip": "172.18.0.2"}, "port": 30300, "request": {"path": "/api", "host": "web.example.test"}});
    assert_eq!(
        ask(
            &[ingress("nginx", json!("web.example.test")), open],
            &straight
        )
        .allowed,
        Some(true)
    );
    // A gateway without a route may be the controller of an Ingress, too.
    let answer = ask(
        &[ingress("kong", json!("www.example.test"))],
        &enter(request("/api")),
    );
    assert_eq!(answer.allowed, None, "{answer}");
}
