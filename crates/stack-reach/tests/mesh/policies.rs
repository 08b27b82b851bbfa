//! Whom proxies believe, and what they let in.

use super::*;

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
