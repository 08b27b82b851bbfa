//! The mesh: where calls are sent, what lets them out, whom proxies believe.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Layer, Reach, Settings};

fn namespace(name: &str, labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

fn sidecars(name: &str) -> Value {
    namespace(name, json!({"istio-injection": "enabled"}))
}

fn ambient(name: &str) -> Value {
    namespace(name, json!({"istio.io/dataplane-mode": "ambient"}))
}

fn pod(namespace: &str, name: &str, labels: Value) -> Value {
    let mut labels = labels;
    labels["app"] = json!(name);
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"serviceAccountName": name, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]}})
}

fn service(namespace: &str, name: &str, selector: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
        "spec": {"selector": selector, "ports": [{"port": 80, "targetPort": 8080}]}})
}

fn istio(kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    let group = match kind {
        "PeerAuthentication" | "AuthorizationPolicy" | "RequestAuthentication" => "security",
        _ => "networking",
    };
    json!({"apiVersion": format!("{group}.istio.io/v1"), "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

fn gateway_api(kind: &str, namespace: &str, name: &str, spec: Value) -> Value {
    json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec})
}

/// A client, two versions of a backend behind one Service, and one behind a Service of its own.
fn base() -> Vec<Value> {
    let version = |version: &str| {
        let mut pod = pod(
            "demo",
            &format!("web-{version}"),
            json!({"version": version}),
        );
        pod["metadata"]["labels"]["app"] = json!("web");
        pod
    };
    vec![
        version("v1"),
        version("v2"),
        pod("demo", "client", json!({})),
        pod("demo", "other", json!({})),
        pod("away", "client", json!({})),
        service("demo", "web", json!({"app": "web"})),
        service("demo", "other", json!({"app": "other"})),
    ]
}

fn ask(objects: &[Value], flow: Value) -> Answer {
    ask_with(objects, flow, Settings::default())
}

fn ask_with(objects: &[Value], flow: Value, settings: Settings) -> Answer {
    let flow: Flow = serde_json::from_value(flow).unwrap();
    let model = Model::read(base().into_iter().chain(objects.iter().cloned()));
    let reach = Reach::with(&model, settings);
    assert!(reach.unread().is_empty(), "{:?}", reach.unread());
    reach.flow(&flow)
}

fn call(path: &str) -> Value {
    json!({"src": "demo/client", "dst": {"service": "demo/web"}, "port": 80, "request": {"path": path}})
}

/// The pods that an answer leads to.
fn reached(answer: &Answer) -> Vec<&str> {
    let steps = answer.steps.iter();
    steps
        .filter_map(|step| step.reason.strip_prefix("leads to port 8080 of Pod "))
        .collect()
}

fn subsets(namespace: &str) -> Value {
    istio(
        "DestinationRule",
        namespace,
        "web",
        json!({"host": "web.demo.svc.cluster.local",
        "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"version": "v2"}}]}),
    )
}

fn to(host: &str, subset: Value) -> Value {
    let mut destination = json!({"host": host});
    if !subset.is_null() {
        destination["subset"] = subset;
    }
    json!([{"destination": destination}])
}

#[test]
fn a_virtual_service_in_the_mesh_chooses_by_request_and_client() {
    let routes = istio(
        "VirtualService",
        "demo",
        "web",
        json!({"hosts": ["web"], "http": [
            {"match": [{"uri": {"prefix": "/v2"}}], "route": to("web", json!("v2"))},
            {"match": [{"sourceLabels": {"app": "nobody"}}], "route": to("other", json!(null))},
            {"match": [{"sourceNamespace": "away"}], "route": to("other", json!(null))},
            {"match": [{"gateways": ["edge"]}], "route": to("other", json!(null))},
            {"match": [{"port": 81}], "route": to("other", json!(null))},
            {"match": [{"uri": {"prefix": "/"}}], "route": to("web", json!("v1"))}]}),
    );
    let cluster = [sidecars("demo"), sidecars("away"), routes, subsets("demo")];
    for (flow, expected) in [
        (call("/v2/x"), "demo/web-v2"),
        (call("/"), "demo/web-v1"),
        (
            json!({"src": "away/client", "dst": {"service": "demo/web"}, "port": 80, "request": {"path": "/"}}),
            "demo/other",
        ),
    ] {
        let answer = ask(&cluster, flow);
        assert_eq!(answer.allowed, Some(true), "{answer}");
        assert_eq!(reached(&answer), [expected], "{answer}");
    }
}

#[test]
fn a_request_that_no_route_of_a_virtual_service_takes_is_refused() {
    let routes = istio(
        "VirtualService",
        "demo",
        "web",
        json!({"hosts": ["web"], "http": [{"match": [{"uri": {"exact": "/only"}}], "route": to("web", json!(null))}]}),
    );
    let cluster = [sidecars("demo"), routes.clone()];
    assert_eq!(ask(&cluster, call("/only")).allowed, Some(true));
    assert_eq!(ask(&cluster, call("/else")).at, Some(Layer::Route));
    // Who has no proxy knows of no route; nor does ztunnel.
    assert_eq!(
        ask(std::slice::from_ref(&routes), call("/else")).allowed,
        Some(true)
    );
    let no_waypoint = [ambient("demo"), routes];
    assert_eq!(ask(&no_waypoint, call("/else")).allowed, Some(true));
}

#[test]
fn a_subset_that_nothing_defines_leads_nowhere() {
    let routes = istio(
        "VirtualService",
        "demo",
        "web",
        json!({"hosts": ["web"], "http": [{"route": to("web", json!("v3"))}]}),
    );
    let answer = ask(&[sidecars("demo"), routes, subsets("demo")], call("/"));
    assert_eq!(answer.at, Some(Layer::Route), "{answer}");
}

#[test]
fn a_delegate_has_the_last_word_and_what_it_does_not_match_goes_on() {
    let root = istio(
        "VirtualService",
        "demo",
        "web",
        json!({"hosts": ["web"], "http": [
            {"match": [{"uri": {"prefix": "/team"}}], "delegate": {"name": "team", "namespace": "away"}},
            {"route": to("web", json!("v1"))}]}),
    );
    let team = istio(
        "VirtualService",
        "away",
        "team",
        json!({"http": [{"match": [{"uri": {"prefix": "/team/a"}}], "route": to("other.demo.svc.cluster.local", json!(null))}]}),
    );
    let cluster = [sidecars("demo"), root, team, subsets("demo")];
    for (path, expected) in [
        ("/team/a", "demo/other"),
        ("/team/b", "demo/web-v1"),
        ("/", "demo/web-v1"),
    ] {
        let answer = ask(&cluster, call(path));
        assert_eq!(reached(&answer), [expected], "{path}: {answer}");
    }
}

#[test]
fn shares_of_a_route_differ_or_agree() {
    let routes = |weights: [u32; 2]| {
        let destination = |subset: &str, weight: u32| json!({"destination": {"host": "web", "subset": subset}, "weight": weight});
        istio(
            "VirtualService",
            "demo",
            "web",
            json!({"hosts": ["web"], "http": [{"route": [destination("v1", weights[0]), destination("v2", weights[1])]}]}),
        )
    };
    let closed = istio(
        "AuthorizationPolicy",
        "demo",
        "v2",
        json!({"selector": {"matchLabels": {"version": "v2"}}}),
    );
    for (weights, expected) in [
        ([90, 10], None),
        ([100, 0], Some(true)),
        ([0, 100], Some(false)),
    ] {
        let cluster = [
            sidecars("demo"),
            routes(weights),
            subsets("demo"),
            closed.clone(),
        ];
        let answer = ask(&cluster, call("/"));
        assert_eq!(answer.allowed, expected, "{weights:?}: {answer}");
    }
}

#[test]
fn a_rewritten_path_is_what_the_destination_sees() {
    let routes = istio(
        "VirtualService",
        "demo",
        "web",
        json!({"hosts": ["web"], "http": [{"match": [{"uri": {"prefix": "/public/"}}], "rewrite": {"uri": "/"}, "route": to("web", json!(null))}]}),
    );
    let only = istio(
        "AuthorizationPolicy",
        "demo",
        "only",
        json!({"selector": {"matchLabels": {"app": "web"}}, "rules": [{"to": [{"operation": {"paths": ["/x"]}}]}]}),
    );
    let cluster = [sidecars("demo"), routes, only];
    assert_eq!(ask(&cluster, call("/public/x")).allowed, Some(true));
    assert_eq!(ask(&cluster, call("/public/y")).at, Some(Layer::Sidecar));
}

#[test]
fn what_a_sidecar_does_not_know_goes_out_in_plain_text_or_not_at_all() {
    let sidecar = |mode: Value, hosts: Value| {
        let mut spec = json!({"egress": [{"hosts": hosts}]});
        if !mode.is_null() {
            spec["outboundTrafficPolicy"] = json!({"mode": mode});
        }
        istio("Sidecar", "demo", "default", spec)
    };
    let strict = istio(
        "PeerAuthentication",
        "demo",
        "strict",
        json!({"mtls": {"mode": "STRICT"}}),
    );
    for (mode, hosts, strict_there, expected) in [
        (json!(null), json!(["./*"]), true, Ok(())),
        (
            json!(null),
            json!(["*/web.demo.svc.cluster.local"]),
            true,
            Ok(()),
        ),
        (json!(null), json!(["istio-system/*"]), false, Ok(())),
        (
            json!(null),
            json!(["istio-system/*"]),
            true,
            Err(Layer::Sidecar),
        ),
        (
            json!("REGISTRY_ONLY"),
            json!(["istio-system/*"]),
            false,
            Err(Layer::Sidecar),
        ),
        (json!("REGISTRY_ONLY"), json!(["demo/*"]), true, Ok(())),
        (
            json!("REGISTRY_ONLY"),
            json!(["~/*"]),
            false,
            Err(Layer::Sidecar),
        ),
    ] {
        let mut cluster = vec![sidecars("demo"), sidecar(mode.clone(), hosts.clone())];
        cluster.extend(strict_there.then(|| strict.clone()));
        let answer = ask(&cluster, call("/"));
        let found = answer.at.map_or(Ok(()), Err);
        assert_eq!(found, expected, "{mode} {hosts}: {answer}");
    }
}

fn outside(host: &str, port: u16) -> Value {
    json!({"src": "demo/client", "dst": {"name": host}, "port": port, "request": {"host": host}})
}

#[test]
fn only_registered_hosts_are_let_out_where_the_mesh_says_so() {
    let entry = |export: &str| {
        istio(
            "ServiceEntry",
            "away",
            "api",
            json!({"hosts": ["api.example.com", "*.example.org"], "exportTo": [export], "location": "MESH_EXTERNAL",
                "resolution": "DNS", "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}]}),
        )
    };
    let strict = Settings {
        outbound_traffic: stack_reach::OutboundTraffic::RegistryOnly,
        ..Settings::default()
    };
    for (host, port, export, allowed) in [
        ("api.example.com", 443, "*", true),
        ("www.example.org", 443, "*", true),
        ("example.org", 443, "*", false),
        ("api.example.com", 80, "*", false),
        ("api.example.com", 443, ".", false),
        ("api.example.com", 443, "demo", true),
        ("www.example.com", 443, "*", false),
    ] {
        let cluster = [sidecars("demo"), entry(export)];
        let answer = ask_with(&cluster, outside(host, port), strict.clone());
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{host} {port} {export}: {answer}"
        );
        let free = ask(&cluster, outside(host, port));
        assert_eq!(free.allowed, Some(true), "{host}: {free}");
        // ztunnel lets everything out.
        let ambient = ask_with(
            &[ambient("demo"), entry(export)],
            outside(host, port),
            strict.clone(),
        );
        assert_eq!(ambient.allowed, Some(true), "{host}: {ambient}");
    }
}

#[test]
fn a_service_entry_leads_to_pods_and_to_addresses() {
    let entry = |spec: Value| {
        let mut spec = spec;
        spec["hosts"] = json!(["legacy.internal"]);
        spec["ports"] =
            json!([{"number": 80, "name": "http", "protocol": "HTTP", "targetPort": 8080}]);
        istio("ServiceEntry", "demo", "legacy", spec)
    };
    let closed = json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "other", "namespace": "demo"},
        "spec": {"podSelector": {"matchLabels": {"app": "other"}}, "policyTypes": ["Ingress"]}});
    let by_selector = entry(
        json!({"location": "MESH_INTERNAL", "resolution": "STATIC", "workloadSelector": {"labels": {"app": "other"}}}),
    );
    let flow = outside("legacy.internal", 80);
    let cluster = [sidecars("demo"), by_selector.clone()];
    assert_eq!(reached(&ask(&cluster, flow.clone())), ["demo/other"]);
    let cluster = [sidecars("demo"), by_selector, closed];
    assert_eq!(ask(&cluster, flow.clone()).at, Some(Layer::IngressPolicy));
    let only = |block: &str| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "client", "namespace": "demo"},
            "spec": {"podSelector": {"matchLabels": {"app": "client"}}, "policyTypes": ["Egress"],
                "egress": [{"to": [{"ipBlock": {"cidr": block}}]}, {"ports": [{"port": 53, "protocol": "UDP"}]}]}})
    };
    let by_address = entry(
        json!({"location": "MESH_EXTERNAL", "resolution": "STATIC", "endpoints": [{"address": "203.0.113.7"}]}),
    );
    for (block, allowed) in [("203.0.113.0/24", true), ("198.51.100.0/24", false)] {
        let cluster = [sidecars("demo"), by_address.clone(), only(block)];
        let answer = ask(&cluster, flow.clone());
        assert_eq!(answer.allowed, Some(allowed), "{block}: {answer}");
    }
}

#[test]
fn calls_to_the_world_may_have_to_pass_an_egress_gateway() {
    let gateway = istio(
        "Gateway",
        "demo",
        "egress",
        json!({"selector": {"app": "egress"}, "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["api.example.com"]}]}),
    );
    let routes = istio(
        "VirtualService",
        "demo",
        "out",
        json!({"hosts": ["api.example.com"], "gateways": ["mesh", "egress"], "http": [
            {"match": [{"gateways": ["mesh"], "port": 80}], "route": [{"destination": {"host": "egress.demo.svc.cluster.local", "port": {"number": 80}}}]},
            {"match": [{"gateways": ["egress"], "port": 80}], "route": [{"destination": {"host": "api.example.com", "port": {"number": 80}}}]}]}),
    );
    let entry = istio(
        "ServiceEntry",
        "demo",
        "api",
        json!({"hosts": ["api.example.com"], "resolution": "DNS", "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}]}),
    );
    let cluster = [
        sidecars("demo"),
        pod("demo", "egress", json!({})),
        service("demo", "egress", json!({"app": "egress"})),
        gateway,
        routes,
        entry,
    ];
    let answer = ask(&cluster, outside("api.example.com", 80));
    assert_eq!(answer.allowed, Some(true), "{answer}");
    assert!(
        answer.steps.iter().any(|step| step.layer == Layer::Gateway),
        "{answer}"
    );
    let nobody = istio(
        "AuthorizationPolicy",
        "demo",
        "egress",
        json!({"selector": {"matchLabels": {"app": "egress"}}, "rules": [{"from": [{"source": {"principals": ["cluster.local/ns/demo/sa/other"]}}]}]}),
    );
    let closed: Vec<_> = cluster.into_iter().chain([nobody]).collect();
    let answer = ask(&closed, outside("api.example.com", 80));
    assert_eq!(answer.at, Some(Layer::Gateway), "{answer}");
}

/// A waypoint for Services, and what a route hangs on.
fn waypoint() -> Vec<Value> {
    let mut ambient = ambient("demo");
    ambient["metadata"]["labels"]["istio.io/use-waypoint"] = json!("waypoint");
    let waypoint = gateway_api(
        "Gateway",
        "demo",
        "waypoint",
        json!({"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}]}),
    );
    vec![ambient, waypoint]
}

fn route_on_service(home: &str) -> Value {
    gateway_api(
        "HTTPRoute",
        home,
        "web",
        json!({"parentRefs": [{"group": "", "kind": "Service", "name": "web", "namespace": "demo", "port": 80}],
            "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/other"}}], "backendRefs": [{"name": "other", "namespace": "demo", "port": 80}]}]}),
    )
}

#[test]
fn routes_on_a_service_hold_at_waypoints_and_sidecars() {
    for (mesh, routed) in [
        (waypoint(), true),
        (vec![sidecars("demo")], true),
        (vec![ambient("demo")], false),
        (vec![], false),
    ] {
        let cluster: Vec<_> = mesh.into_iter().chain([route_on_service("demo")]).collect();
        let answer = ask(&cluster, call("/other"));
        assert_eq!(answer.allowed, Some(true), "{answer}");
        let expected: &[&str] = if routed {
            &["demo/other"]
        } else {
            &["demo/web-v1"]
        };
        assert_eq!(reached(&answer), expected, "{answer}");
        let answer = ask(&cluster, call("/nothing"));
        let at = routed.then_some(Layer::Route);
        assert_eq!(answer.at, at, "{answer}");
    }
}

#[test]
fn a_route_at_a_waypoint_does_not_lead_past_its_policies() {
    let closed = istio(
        "AuthorizationPolicy",
        "demo",
        "get",
        json!({"targetRefs": [{"kind": "Service", "group": "", "name": "web"}], "rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]}),
    );
    let cluster: Vec<_> = waypoint()
        .into_iter()
        .chain([route_on_service("demo"), closed])
        .collect();
    let ask_for = |method: &str| {
        ask(
            &cluster,
            json!({"src": "demo/client", "dst": {"service": "demo/web"}, "port": 80, "request": {"method": method, "path": "/other"}}),
        )
    };
    assert_eq!(ask_for("GET").allowed, Some(true));
    assert_eq!(ask_for("PUT").at, Some(Layer::Waypoint));
}

#[test]
fn a_waypoint_serves_what_names_it_and_what_it_is_for() {
    let gateway = |kind: Value, from: &str| {
        let mut gateway = gateway_api(
            "Gateway",
            "shared",
            "waypoint",
            json!({"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE",
                "allowedRoutes": {"namespaces": {"from": from}}}]}),
        );
        if !kind.is_null() {
            gateway["metadata"]["labels"] = json!({"istio.io/waypoint-for": kind});
        }
        gateway
    };
    let user = || {
        namespace(
            "demo",
            json!({"istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint", "istio.io/use-waypoint-namespace": "shared"}),
        )
    };
    let to_service = call("/");
    let to_pod = json!({"src": "demo/client", "dst": "demo/other", "port": 8080});
    for (kind, from, service, workload) in [
        (json!(null), "All", true, false),
        (json!("service"), "All", true, false),
        (json!("workload"), "All", false, true),
        (json!("all"), "All", true, true),
        (json!("none"), "All", false, false),
        (json!("all"), "Same", false, false),
    ] {
        let cluster = [user(), gateway(kind.clone(), from)];
        for (flow, expected) in [(&to_service, service), (&to_pod, workload)] {
            let answer = ask(&cluster, flow.clone());
            let passed = answer
                .steps
                .iter()
                .any(|step| step.layer == Layer::Waypoint);
            assert_eq!(passed, expected, "{kind} {from} {flow}: {answer}");
        }
    }
}

#[test]
fn tokens_count_only_where_somebody_looks_at_them() {
    let rules = |spec: Value| istio("RequestAuthentication", "demo", "tokens", spec);
    let issuer = json!([{"issuer": "https://issuer.example.com"}]);
    let demand = istio(
        "AuthorizationPolicy",
        "demo",
        "demand",
        json!({"selector": {"matchLabels": {"app": "other"}}, "rules": [{"from": [{"source": {"requestPrincipals": ["*"]}}]}]}),
    );
    let flow = |headers: Value| json!({"src": "demo/client", "dst": "demo/other", "port": 8080, "request": {"path": "/", "headers": headers}});
    let shown = || flow(json!({"Authorization": "Bearer x.y.z"}));
    let plain = || flow(json!({}));
    let with = |objects: &[Value]| {
        let mut cluster = vec![sidecars("demo")];
        cluster.extend_from_slice(objects);
        cluster
    };
    let looked_at = rules(json!({"jwtRules": issuer}));
    // A token is valid or not; without one nothing is refused.
    let only_rules = with(std::slice::from_ref(&looked_at));
    assert_eq!(ask(&only_rules, shown()).allowed, None);
    assert_eq!(ask(&only_rules, plain()).allowed, Some(true));
    let both = with(&[looked_at, demand.clone()]);
    assert_eq!(ask(&both, plain()).at, Some(Layer::Sidecar));
    let answer = ask(&both, shown());
    assert_eq!(answer.allowed, None, "{answer}");
    assert!(
        answer
            .depends
            .unwrap()
            .contains("https://issuer.example.com")
    );
    // Nobody looks, so nobody has claims, whatever the header says.
    assert_eq!(
        ask(&with(std::slice::from_ref(&demand)), shown()).at,
        Some(Layer::Sidecar)
    );
    let elsewhere = rules(json!({"selector": {"matchLabels": {"app": "web"}}, "jwtRules": issuer}));
    assert_eq!(
        ask(&with(&[elsewhere, demand.clone()]), shown()).at,
        Some(Layer::Sidecar)
    );
    let by_header =
        rules(json!({"jwtRules": [{"issuer": "i", "fromHeaders": [{"name": "x-token"}]}]}));
    let cluster = with(&[by_header, demand]);
    assert_eq!(ask(&cluster, shown()).at, Some(Layer::Sidecar));
    assert_eq!(
        ask(&cluster, flow(json!({"x-token": "x.y.z"}))).allowed,
        None
    );
}

#[test]
fn actions_of_authorization_policies_have_their_order_and_meaning() {
    let policy = |name: &str, action: &str, rules: Value| {
        let mut spec = json!({"selector": {"matchLabels": {"app": "other"}}, "action": action, "rules": rules});
        if action == "CUSTOM" {
            spec["provider"] = json!({"name": "opa"});
        }
        istio("AuthorizationPolicy", "demo", name, spec)
    };
    let all = json!([{}]);
    let get = json!([{"to": [{"operation": {"methods": ["GET"]}}]}]);
    let post = json!([{"to": [{"operation": {"methods": ["POST"]}}]}]);
    let dry = {
        let mut policy = policy("dry", "DENY", all.clone());
        policy["metadata"]["annotations"] = json!({"istio.io/dry-run": "true"});
        policy
    };
    for (policies, expected) in [
        (vec![policy("a", "AUDIT", all.clone())], Some(true)),
        (
            vec![
                policy("a", "AUDIT", all.clone()),
                policy("b", "ALLOW", post.clone()),
            ],
            Some(false),
        ),
        (vec![policy("a", "CUSTOM", all.clone())], None),
        (vec![policy("a", "CUSTOM", post.clone())], Some(true)),
        (
            vec![
                policy("a", "CUSTOM", all.clone()),
                policy("b", "DENY", get.clone()),
            ],
            Some(false),
        ),
        (
            vec![
                policy("a", "ALLOW", all.clone()),
                policy("b", "DENY", get.clone()),
            ],
            Some(false),
        ),
        (vec![policy("a", "ALLOW", json!([]))], Some(false)),
        (vec![policy("a", "DENY", json!([]))], Some(true)),
        (
            vec![policy("a", "ALLOW", post), policy("b", "ALLOW", get)],
            Some(true),
        ),
        (vec![dry], Some(true)),
    ] {
        let cluster: Vec<_> = [sidecars("demo")]
            .into_iter()
            .chain(policies.clone())
            .collect();
        let flow = json!({"src": "demo/client", "dst": "demo/other", "port": 8080, "request": {"path": "/"}});
        let answer = ask(&cluster, flow);
        assert_eq!(answer.allowed, expected, "{policies:?}: {answer}");
    }
}

#[test]
fn conditions_ask_of_the_request_the_connection_and_the_client() {
    let flow = json!({"src": "demo/client", "dst": "demo/other", "port": 8080,
        "request": {"path": "/", "headers": {"x-team": "blue"}}});
    for (when, expected) in [
        (
            json!({"key": "request.headers[X-Team]", "values": ["blue"]}),
            Some(true),
        ),
        (
            json!({"key": "request.headers[x-team]", "values": ["bl*"]}),
            Some(true),
        ),
        (
            json!({"key": "request.headers[x-team]", "notValues": ["blue"]}),
            Some(false),
        ),
        (
            json!({"key": "request.headers[x-none]", "values": ["*"]}),
            Some(false),
        ),
        (
            json!({"key": "source.namespace", "values": ["demo"]}),
            Some(true),
        ),
        (
            json!({"key": "source.namespace", "notValues": ["demo"]}),
            Some(false),
        ),
        (
            json!({"key": "source.principal", "values": ["cluster.local/ns/demo/sa/client"]}),
            Some(true),
        ),
        (
            json!({"key": "source.principal", "values": ["*/sa/client"]}),
            Some(true),
        ),
        (
            json!({"key": "destination.port", "values": ["8080"]}),
            Some(true),
        ),
        (
            json!({"key": "destination.port", "values": ["80"]}),
            Some(false),
        ),
        (json!({"key": "source.ip", "values": ["10.0.0.0/8"]}), None),
        (
            json!({"key": "request.auth.claims[group]", "values": ["admin"]}),
            Some(false),
        ),
        (
            json!({"key": "experimental.envoy.filters.a.b[c]", "values": ["d"]}),
            None,
        ),
    ] {
        let policy = istio(
            "AuthorizationPolicy",
            "demo",
            "when",
            json!({"selector": {"matchLabels": {"app": "other"}}, "rules": [{"when": [when]}]}),
        );
        let answer = ask(&[sidecars("demo"), policy], flow.clone());
        assert_eq!(answer.allowed, expected, "{when}: {answer}");
    }
}

#[test]
fn principals_of_the_local_trust_domain_are_written_as_cluster_local() {
    let settings = Settings {
        trust_domain: "prod.example".to_owned(),
        ..Settings::default()
    };
    for (principal, plane, allowed) in [
        ("prod.example/ns/demo/sa/client", sidecars("demo"), true),
        ("cluster.local/ns/demo/sa/client", sidecars("demo"), true),
        ("other.example/ns/demo/sa/client", sidecars("demo"), false),
    ] {
        let policy = istio(
            "AuthorizationPolicy",
            "demo",
            "who",
            json!({"rules": [{"from": [{"source": {"principals": [principal]}}]}]}),
        );
        let flow = json!({"src": "demo/client", "dst": "demo/other", "port": 8080});
        let answer = ask_with(&[plane, policy], flow, settings.clone());
        assert_eq!(answer.allowed, Some(allowed), "{principal}: {answer}");
    }
}

#[test]
fn what_a_destination_rule_tells_a_client_decides_with_the_servers_mode() {
    let rule = |mode: &str| {
        istio(
            "DestinationRule",
            "demo",
            "other",
            json!({"host": "other", "trafficPolicy": {"tls": {"mode": mode}}}),
        )
    };
    let server = |mode: &str| {
        istio(
            "PeerAuthentication",
            "demo",
            "mode",
            json!({"mtls": {"mode": mode}}),
        )
    };
    for (client, accepts, allowed) in [
        ("ISTIO_MUTUAL", "STRICT", true),
        ("DISABLE", "STRICT", false),
        ("SIMPLE", "STRICT", false),
        ("DISABLE", "PERMISSIVE", true),
        ("ISTIO_MUTUAL", "PERMISSIVE", true),
        ("ISTIO_MUTUAL", "DISABLE", false),
        ("DISABLE", "DISABLE", true),
    ] {
        let cluster = [sidecars("demo"), rule(client), server(accepts)];
        let flow = json!({"src": "demo/client", "dst": {"service": "demo/other"}, "port": 80});
        let answer = ask(&cluster, flow);
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{client} {accepts}: {answer}"
        );
    }
}

#[test]
fn the_configuration_of_the_mesh_counts_where_the_input_has_it() {
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"},
        "data": {"mesh": "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\ntrustDomain: prod.example\n"}});
    let answer = ask(
        &[sidecars("demo"), config.clone()],
        outside("www.example.com", 443),
    );
    assert_eq!(answer.at, Some(Layer::Sidecar), "{answer}");
    let policy = istio(
        "AuthorizationPolicy",
        "demo",
        "who",
        json!({"rules": [{"from": [{"source": {"principals": ["prod.example/ns/demo/sa/client"]}}]}]}),
    );
    let flow = json!({"src": "demo/client", "dst": "demo/other", "port": 8080});
    let answer = ask(&[sidecars("demo"), config, policy], flow);
    assert_eq!(answer.allowed, Some(true), "{answer}");
}

#[test]
fn a_sidecar_hands_on_what_its_listeners_take() {
    let listener = |extra: Value| {
        let mut listener = json!({"port": {"number": 8080, "name": "http", "protocol": "HTTP"}, "defaultEndpoint": "127.0.0.1:9090"});
        for (member, value) in extra.as_object().unwrap() {
            listener[member] = value.clone();
        }
        istio(
            "Sidecar",
            "demo",
            "web",
            json!({"workloadSelector": {"labels": {"app": "web"}}, "ingress": [listener]}),
        )
    };
    let tls = json!({"tls": {"mode": "SIMPLE", "credentialName": "web"}});
    let disabled = istio(
        "PeerAuthentication",
        "demo",
        "p",
        json!({"mtls": {"mode": "DISABLE"}}),
    );
    let strict = istio(
        "PeerAuthentication",
        "demo",
        "p",
        json!({"mtls": {"mode": "STRICT"}}),
    );
    let from = |client: &str, port: u16| json!({"src": client, "dst": "demo/web-v1", "port": port});
    for (objects, flow, expected) in [
        (
            vec![listener(json!({}))],
            from("demo/client", 8080),
            Some(true),
        ),
        // A port without a listener passes straight to the application.
        (
            vec![listener(json!({}))],
            from("demo/client", 7070),
            Some(true),
        ),
        (
            vec![listener(json!({})), strict],
            from("away/client", 8080),
            Some(false),
        ),
        // TLS of its own: whether the client speaks it nobody knows.
        (
            vec![listener(tls.clone()), disabled.clone()],
            from("away/client", 8080),
            None,
        ),
        (
            vec![listener(tls), disabled],
            from("away/client", 7070),
            Some(true),
        ),
    ] {
        let mut all = vec![sidecars("demo")];
        all.extend(objects);
        let answer = ask(&all, flow.clone());
        assert_eq!(answer.allowed, expected, "{flow} {answer}");
    }
    let answer = ask(
        &[sidecars("demo"), listener(json!({}))],
        from("demo/client", 8080),
    );
    let told = answer
        .steps
        .iter()
        .any(|step| step.reason.contains("127.0.0.1:9090"));
    assert!(told, "{answer}");
}

#[test]
fn what_goes_from_one_network_to_another_depends_on_the_gateway_between_them() {
    let labelled = |name: &str, network: &str| {
        namespace(
            name,
            json!({"istio.io/dataplane-mode": "ambient", "topology.istio.io/network": network}),
        )
    };
    let flow = json!({"src": "away/client", "dst": "demo/other", "port": 8080});
    for (own, other, expected) in [("east", "east", Some(true)), ("east", "west", None)] {
        let answer = ask(
            &[labelled("demo", own), labelled("away", other)],
            flow.clone(),
        );
        assert_eq!(answer.allowed, expected, "{answer}");
    }
    let outsider = [
        labelled("demo", "east"),
        namespace("away", json!({"topology.istio.io/network": "west"})),
    ];
    assert_eq!(
        ask(&outsider, flow).allowed,
        Some(true),
        "who is not in the mesh does not know the gateway"
    );
}

#[test]
fn addresses_that_proxies_tell_count_where_they_are_trusted() {
    let deny = |source: Value| {
        istio(
            "AuthorizationPolicy",
            "demo",
            "p",
            json!({"action": "DENY", "selector": {"matchLabels": {"app": "other"}},
        "rules": [{"from": [{"source": source}]}]}),
        )
    };
    let remote = || deny(json!({"remoteIpBlocks": ["172.17.72.46", "192.168.4.0/23"]}));
    let by_condition = istio(
        "AuthorizationPolicy",
        "demo",
        "p",
        json!({"action": "DENY", "selector": {"matchLabels": {"app": "other"}},
        "rules": [{"when": [{"key": "remote.ip", "values": ["192.168.4.0/23"]}]}]}),
    );
    let call = |header: Option<&str>| {
        let mut request = json!({"path": "/"});
        if let Some(header) = header {
            request["headers"] = json!({"X-Forwarded-For": header});
        }
        json!({"src": {"ip": "203.0.113.9"}, "dst": "demo/other", "port": 8080, "request": request})
    };
    let gateway = istio(
        "Gateway",
        "demo",
        "gw",
        json!({"selector": {"app": "other"}, "servers": []}),
    );
    let trusted = |number: usize| Settings {
        trusted_proxies: number,
        ..Settings::default()
    };
    for (objects, header, proxies, allowed) in [
        // A sidecar believes the proxy before it.
        (
            vec![sidecars("demo"), remote()],
            Some("192.168.5.1"),
            0,
            false,
        ),
        (
            vec![sidecars("demo"), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            0,
            true,
        ),
        (vec![sidecars("demo"), remote()], None, 0, true),
        (
            vec![sidecars("demo"), by_condition],
            Some("192.168.5.1"),
            0,
            false,
        ),
        (
            vec![
                sidecars("demo"),
                deny(json!({"notRemoteIpBlocks": ["203.0.113.0/24"]})),
            ],
            None,
            0,
            true,
        ),
        (
            vec![
                sidecars("demo"),
                deny(json!({"ipBlocks": ["192.168.4.0/23"]})),
            ],
            Some("192.168.5.1"),
            0,
            true,
        ),
        // A gateway believes as many proxies as it is told to.
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1"),
            0,
            true,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1"),
            1,
            false,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            1,
            true,
        ),
        (
            vec![gateway.clone(), remote()],
            Some("192.168.5.1, 10.0.0.1"),
            2,
            false,
        ),
        (vec![gateway, remote()], Some("192.168.5.1"), 2, true),
    ] {
        let answer = ask_with(&objects, call(header), trusted(proxies));
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{objects:?} {header:?} {proxies} {answer}"
        );
    }
}
