//! What leaves the mesh, and how.

use super::*;

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
