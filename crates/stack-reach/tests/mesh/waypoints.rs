//! Routes and policies at waypoints.

use super::*;

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
