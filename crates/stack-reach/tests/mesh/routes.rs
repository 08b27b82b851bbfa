//! Which routes of the mesh take a call, and where they send it.

use super::*;

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
