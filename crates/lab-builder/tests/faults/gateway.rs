use lab_builder::Lab;
use lab_builder::components::Istio;
use lab_builder::istio_types::security::v1::PeerAuthentication;
use serde_json::{Value, json};

use super::{Objects, assert_found, dev, found, kong};

fn policy(namespace: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy",
        "metadata": {"name": "mine", "namespace": namespace}, "spec": spec,
    })
}

/// A backend `api` of pods with these labels, a route to it, and policies.
fn guarded(labels: Value, policies: impl IntoIterator<Item = Value>) -> Lab {
    let mut objects = vec![
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "mine", "namespace": "demo"},
            "spec": {"selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "mine", "image": "mine:1", "ports": [{"containerPort": 80}]}]},
            }},
        }),
        json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "demo"},
            "spec": {"selector": labels, "ports": [{"port": 80}]},
        }),
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "mine", "namespace": "demo"},
            "spec": {
                "parentRefs": [{"name": "kong-gateway", "namespace": "kong"}],
                "rules": [{"backendRefs": [{"name": "api", "port": 80}]}],
            },
        }),
    ];
    objects.extend(policies);
    dev().with(Objects(objects))
}

#[test]
fn a_backend_that_refuses_the_gateway_is_found() {
    let labels = || json!({"app": "mine"});
    let selecting = |mut spec: Value| {
        spec["selector"] = json!({"matchLabels": {"app": "mine"}});
        spec
    };
    let one = |spec: Value| guarded(labels(), [policy("demo", selecting(spec))]);
    let from = |source: Value| json!([{"from": [{"source": source}]}]);
    let of_kong = "cluster.local/ns/kong/sa/kong-gateway";
    let frontend = from(json!({"principals": ["cluster.local/ns/demo/sa/frontend"]}));
    let refused: &[&str] = &["answer 502"];
    assert_found(
        "gateway-identity",
        vec![
            ("as documented", dev(), &[]),
            ("nobody is asked", guarded(labels(), []), &[]),
            (
                "only the frontend",
                one(json!({"action": "ALLOW", "rules": frontend})),
                refused,
            ),
            (
                "ALLOW is the default action",
                one(json!({"rules": frontend})),
                refused,
            ),
            (
                "Kong's identity denied",
                one(json!({"action": "DENY", "rules": from(json!({"principals": [of_kong]}))})),
                refused,
            ),
            (
                "Kong's namespace denied",
                one(json!({"action": "DENY", "rules": from(json!({"namespaces": ["kong"]}))})),
                refused,
            ),
            (
                "somebody else denied",
                one(json!({"action": "DENY", "rules": from(json!({"namespaces": ["other"]}))})),
                &[],
            ),
            (
                "another trust domain",
                one(
                    json!({"rules": from(json!({"principals": ["other.example/ns/kong/sa/kong-gateway"]}))}),
                ),
                refused,
            ),
            (
                "another account of Kong's namespace",
                one(
                    json!({"rules": from(json!({"principals": ["cluster.local/ns/kong/sa/default"]}))}),
                ),
                refused,
            ),
            ("nothing is let in", one(json!({})), refused),
            // The Service is called `api`, and its pods `mine`: the policy selects pods.
            (
                "labels that are not the Service's name",
                guarded(
                    json!({"app.kubernetes.io/name": "mine"}),
                    [policy(
                        "demo",
                        json!({
                            "selector": {"matchLabels": {"app.kubernetes.io/name": "mine"}}, "rules": frontend,
                        }),
                    )],
                ),
                refused,
            ),
            (
                "a policy of the root namespace",
                guarded(
                    labels(),
                    [policy(
                        "istio-system",
                        selecting(json!({"rules": frontend})),
                    )],
                ),
                refused,
            ),
            (
                "a policy of the root namespace for other pods",
                guarded(
                    labels(),
                    [policy(
                        "istio-system",
                        json!({
                            "selector": {"matchLabels": {"app": "another"}}, "rules": frontend,
                        }),
                    )],
                ),
                &[],
            ),
            (
                "a policy of another namespace",
                guarded(
                    labels(),
                    [policy("kong", selecting(json!({"rules": frontend})))],
                ),
                &[],
            ),
            (
                "Kong by its namespace",
                one(json!({"rules": from(json!({"namespaces": ["kong"]}))})),
                &[],
            ),
            (
                "Kong by its identity",
                one(json!({"rules": from(json!({"principals": [of_kong]}))})),
                &[],
            ),
            (
                "Kong by the end of its identity",
                one(json!({"rules": from(json!({"principals": ["*/sa/kong-gateway"]}))})),
                &[],
            ),
            (
                "anybody with an identity",
                one(json!({"rules": from(json!({"principals": ["*"]}))})),
                &[],
            ),
            (
                "a rule without from",
                one(json!({"rules": [{"to": [{"operation": {"ports": ["80"]}}]}]})),
                &[],
            ),
            ("an empty rule", one(json!({"rules": [{}]})), &[]),
            (
                "a second policy lets it in",
                guarded(
                    labels(),
                    [policy("demo", selecting(json!({"rules": frontend}))), {
                        let mut second = policy(
                            "demo",
                            selecting(json!({"rules": from(json!({"namespaces": ["kong"]}))})),
                        );
                        second["metadata"]["name"] = "second".into();
                        second
                    }],
                ),
                &[],
            ),
            (
                "a policy that only watches",
                one(json!({"action": "AUDIT", "rules": frontend})),
                &[],
            ),
        ],
    );
    // The policy is named, and not the route.
    let messages = found("gateway-identity", one(json!({"rules": frontend})));
    assert!(
        messages[0].starts_with("error: AuthorizationPolicy demo/mine"),
        "{messages:#?}"
    );
    // Without the mesh nobody is refused.
    let lab = one(json!({"rules": frontend})).skip_istio();
    assert_eq!(found("gateway-identity", lab), [""; 0]);
}

#[test]
fn a_gateway_that_nobody_outside_reaches_is_found() {
    let exception = |namespace: &'static str, change: fn(&mut Value)| {
        dev()
            .configure(|istio: &mut Istio| istio.plain_text_for_kong = false)
            .with(Objects(vec![{
                let mut policy = json!({
                    "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                    "metadata": {"name": "mine", "namespace": namespace},
                    "spec": {
                        "selector": {"matchLabels": {
                            "app.kubernetes.io/name": "gateway", "app.kubernetes.io/instance": "kong",
                        }},
                        "portLevelMtls": {"8000": {"mode": "PERMISSIVE"}, "8443": {"mode": "PERMISSIVE"}},
                    },
                });
                change(&mut policy["spec"]);
                policy
            }]))
    };
    let both: &[&str] = &["portLevelMtls[8000], portLevelMtls[8443]"];
    assert_found(
        "external-plain-text",
        vec![
            ("as documented", dev(), &[]),
            ("a policy of one's own", exception("kong", |_| {}), &[]),
            (
                "a policy for other pods",
                exception("kong", |spec| {
                    spec["selector"]["matchLabels"] = json!({"app": "other"})
                }),
                both,
            ),
            (
                "a policy of the root namespace has no effect with a selector",
                exception("istio-system", |_| {}),
                both,
            ),
            (
                "one port only",
                exception("kong", |spec| {
                    spec["portLevelMtls"]["8443"]["mode"] = "STRICT".into()
                }),
                &["spec.portLevelMtls[8443]:"],
            ),
            (
                "a moved container port",
                kong(json!({"gateway": {"proxy": {"http": {"containerPort": 9000}}}})),
                &["spec.portLevelMtls[9000]:"],
            ),
            (
                "a moved container port that the wiring knows",
                dev().rewire(|wiring| wiring.gateway.http.container = 9000),
                &[],
            ),
            (
                "a mesh that takes plain text",
                dev()
                    .configure(|istio: &mut Istio| istio.plain_text_for_kong = false)
                    .patch("istio", "default", |mesh: &mut PeerAuthentication| {
                        *mesh = serde_json::from_value(json!({
                            "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication",
                            "metadata": {"name": "default", "namespace": "istio-system"},
                            "spec": {"mtls": {"mode": "PERMISSIVE"}},
                        }))
                        .unwrap();
                    }),
                &[],
            ),
            ("no mesh", dev().skip_istio(), &[]),
        ],
    );
}
