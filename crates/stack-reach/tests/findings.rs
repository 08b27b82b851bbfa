//! What is found fault with, and what is not.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::Reach;

fn namespace(name: &str, ambient: bool) -> Value {
    let labels = if ambient {
        json!({"istio.io/dataplane-mode": "ambient"})
    } else {
        json!({})
    };
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
}

fn pod(namespace: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"serviceAccountName": name, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}],
            "readinessProbe": {"httpGet": {"port": "http"}}}]}})
}

fn policy(group: &str, kind: &str, spec: Value) -> Value {
    json!({"apiVersion": group, "kind": kind, "metadata": {"name": "p", "namespace": "demo"}, "spec": spec})
}

fn network_policy(spec: Value) -> Value {
    policy("networking.k8s.io/v1", "NetworkPolicy", spec)
}

fn cilium_policy(spec: Value) -> Value {
    policy("cilium.io/v2", "CiliumNetworkPolicy", spec)
}

fn authorization_policy(spec: Value) -> Value {
    policy("security.istio.io/v1", "AuthorizationPolicy", spec)
}

/// The codes of what is found in a cluster with two pods, in an ambient mesh or not.
fn codes(ambient: bool, objects: impl IntoIterator<Item = Value>) -> Vec<String> {
    let base = [
        namespace("demo", ambient),
        pod("demo", "web"),
        pod("demo", "client"),
    ];
    let model = Model::read(base.into_iter().chain(objects));
    let findings = Reach::of(&model).findings();
    findings
        .into_iter()
        .map(|finding| finding.code.into_owned())
        .collect()
}

#[test]
fn nothing_is_found_in_a_cluster_without_policies() {
    assert!(codes(true, []).is_empty());
    assert!(codes(false, []).is_empty());
}

#[test]
fn egress_that_forgets_dns_is_found_but_not_egress_that_is_closed() {
    let spec = |egress: Value| cilium_policy(json!({"endpointSelector": {}, "egress": egress}));
    let web = json!([{"toEndpoints": [{"matchLabels": {"app": "web"}}]}]);
    assert_eq!(codes(false, [spec(web.clone())]), ["dns-blocked"]);
    assert!(codes(false, [spec(json!([{}]))]).is_empty());
    assert!(codes(false, [spec(json!([{"toCIDR": ["203.0.113.0/24"]}]))]).is_empty());
    let with_dns = json!([web[0], {"toEntities": ["cluster"], "toPorts": [{"ports": [{"port": "53", "protocol": "UDP"}]}]}]);
    assert!(codes(false, [spec(with_dns)]).is_empty());
}

#[test]
fn rules_that_say_nothing_are_found() {
    let client = json!([{"podSelector": {"matchLabels": {"app": "client"}}}]);
    let narrow = json!({"from": client, "ports": [{"port": 8080}]});
    for (spec, expected) in [
        (
            json!({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}], "egress": [{}]}),
            &["policy-rules-ignored"][..],
        ),
        (
            json!({"podSelector": {}, "ingress": [narrow, {"from": client}]}),
            &["redundant-policy-rule"],
        ),
        (
            json!({"podSelector": {}, "ingress": [narrow, narrow]}),
            &["redundant-policy-rule"],
        ),
        (
            json!({"podSelector": {}, "ingress": [narrow, {"from": client, "ports": [{"port": 8000, "endPort": 8100}]}]}),
            &["redundant-policy-rule"],
        ),
        (
            json!({"podSelector": {}, "ingress": [narrow, {"from": client, "ports": [{"port": 9090}]}]}),
            &[],
        ),
        (
            json!({"podSelector": {}, "ingress": [narrow, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}),
            &[],
        ),
    ] {
        assert_eq!(
            codes(false, [network_policy(spec.clone())]),
            expected,
            "{spec}"
        );
    }
}

/// Codes and messages of what is found about rules that say nothing, in a cluster with two pods.
fn said_nothing(objects: impl IntoIterator<Item = Value>) -> Vec<(String, String)> {
    let mut base = vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"team": "blue"}}}),
        pod("demo", "web"),
        pod("demo", "client"),
    ];
    base.extend(objects.into_iter().enumerate().map(|(index, mut object)| {
        object["metadata"]["name"] = json!(format!("p{index}"));
        object
    }));
    let model = Model::read(base);
    let findings = Reach::of(&model).findings().into_iter();
    findings
        .filter(|finding| finding.code.ends_with("-policy-rule"))
        .map(|finding| {
            (
                finding.code.into_owned(),
                format!("{}: {}", finding.path, finding.message),
            )
        })
        .collect()
}

#[test]
fn rules_are_compared_by_what_they_mean_and_not_as_they_are_written() {
    let from = |peers: Value| json!({"from": peers});
    let pods = |selector: Value| json!([{"podSelector": selector}]);
    let app = |app: &str| pods(json!({"matchLabels": {"app": app}}));
    let block = |cidr: &str| json!([{"ipBlock": {"cidr": cidr}}]);
    let ports = |peers: Value, first: u16, last: u16| json!({"from": peers, "ports": [{"port": first, "endPort": last}]});
    for (rules, expected) in [
        // Two labels are fewer pods than one of them.
        (
            json!([
                from(pods(json!({"matchLabels": {"app": "a", "tier": "x"}}))),
                from(app("a"))
            ]),
            1,
        ),
        (
            json!([
                from(pods(json!({"matchLabels": {"app": "a", "tier": "x"}}))),
                from(app("b"))
            ]),
            0,
        ),
        (
            json!([
                from(app("a")),
                from(pods(
                    json!({"matchExpressions": [{"key": "app", "operator": "Exists"}]})
                ))
            ]),
            1,
        ),
        (
            json!([
                from(app("a")),
                from(pods(
                    json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["b"]}]})
                ))
            ]),
            1,
        ),
        (
            json!([
                from(app("a")),
                from(pods(
                    json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]})
                ))
            ]),
            0,
        ),
        // Several rules together cover what none of them covers alone.
        (
            json!([
                from(pods(
                    json!({"matchLabels": {"tier": "x"}, "matchExpressions": [{"key": "app", "operator": "In", "values": ["a", "b"]}]})
                )),
                from(app("a")),
                from(app("b"))
            ]),
            1,
        ),
        (
            json!([
                ports(app("a"), 80, 90),
                ports(app("a"), 70, 85),
                ports(app("a"), 86, 99)
            ]),
            1,
        ),
        (
            json!([
                ports(app("a"), 80, 90),
                ports(app("a"), 70, 85),
                ports(app("a"), 87, 99)
            ]),
            0,
        ),
        (
            json!([
                from(block("10.0.0.0/8")),
                from(block("10.0.0.0/9")),
                from(block("10.128.0.0/9"))
            ]),
            2,
        ),
        (
            json!([
                from(block("10.0.0.0/8")),
                from(block("10.0.0.0/9")),
                from(block("11.0.0.0/9"))
            ]),
            1,
        ),
        (
            json!([
                from(json!([{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}])),
                from(block("10.0.0.0/8"))
            ]),
            1,
        ),
        (
            json!([
                from(block("10.1.0.0/16")),
                from(json!([{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]))
            ]),
            0,
        ),
        // The namespace of the policy by its name, by its labels, and among all.
        (
            json!([
                from(app("a")),
                from(
                    json!([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "demo"}}}])
                )
            ]),
            1,
        ),
        (
            json!([
                from(app("a")),
                from(json!([{"namespaceSelector": {"matchLabels": {"team": "blue"}}}]))
            ]),
            1,
        ),
        (
            json!([
                from(app("a")),
                from(json!([{"namespaceSelector": {"matchLabels": {"team": "red"}}}]))
            ]),
            0,
        ),
        (
            json!([from(app("a")), from(json!([{"namespaceSelector": {}}]))]),
            1,
        ),
        // Every pod and every address are not yet everything: there are nodes.
        (
            json!([
                json!({}),
                from(
                    json!([{"namespaceSelector": {}}, {"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}])
                )
            ]),
            1,
        ),
        // A port by name may be any number.
        (
            json!([{"from": app("a"), "ports": [{"port": "http"}]}, {"from": app("a"), "ports": [{"port": 8080}]}]),
            0,
        ),
        (
            json!([{"from": app("a"), "ports": [{"port": "http"}]}, {"from": app("a"), "ports": [{"port": 1, "endPort": 65535}]}]),
            1,
        ),
        (
            json!([{"from": app("a"), "ports": [{"port": "http"}]}, {"from": app("a"), "ports": [{"protocol": "UDP"}]}]),
            0,
        ),
    ] {
        let policy = network_policy(
            json!({"podSelector": {}, "policyTypes": ["Ingress"], "ingress": rules}),
        );
        let found = said_nothing([policy]);
        assert_eq!(found.len(), expected, "{rules}: {found:?}");
    }
}

#[test]
fn policies_of_other_names_cover_rules_where_they_are_about_all_of_their_pods() {
    let narrow = json!({"podSelector": {"matchLabels": {"app": "web", "x": "1"}}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}]});
    let of = |selector: Value| json!({"podSelector": selector, "ingress": [{"from": [{"podSelector": {}}]}]});
    let mut web = pod("demo", "web-x");
    web["metadata"]["labels"] = json!({"app": "web", "x": "1"});
    for (other, expected) in [
        (of(json!({})), 1),
        (of(json!({"matchLabels": {"app": "web"}})), 1),
        (of(json!({"matchLabels": {"app": "web", "y": "1"}})), 0),
        (
            of(json!({"matchExpressions": [{"key": "y", "operator": "DoesNotExist"}]})),
            0,
        ),
    ] {
        let mut objects = vec![
            network_policy(narrow.clone()),
            network_policy(other.clone()),
        ];
        objects.push(web.clone());
        let found = said_nothing(objects);
        assert_eq!(found.len(), expected, "{other}: {found:?}");
    }
}

#[test]
fn an_allow_rule_that_is_always_denied_never_has_an_effect() {
    let client = json!({"fromEndpoints": [{"matchLabels": {"app": "client"}}]});
    let spec = |allow: Value, deny: Value| {
        cilium_policy(
            json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [allow], "ingressDeny": [deny]}),
        )
    };
    let with = |entry: &Value, ports: Value| {
        let mut entry = entry.clone();
        entry["toPorts"] = json!([{"ports": ports}]);
        entry
    };
    let eighty = json!([{"port": "80", "protocol": "TCP"}]);
    for (allow, deny, expected) in [
        (client.clone(), json!({"fromEntities": ["cluster"]}), true),
        (client.clone(), json!({"fromEntities": ["world"]}), false),
        (with(&client, eighty.clone()), client.clone(), true),
        (client.clone(), with(&client, eighty.clone()), false),
        (
            with(&client, eighty.clone()),
            with(&client, json!([{"port": "1", "endPort": 100}])),
            true,
        ),
        (
            json!({"fromCIDR": ["10.1.0.0/16"]}),
            json!({"fromCIDRSet": [{"cidr": "10.0.0.0/8"}]}),
            true,
        ),
        (
            json!({"fromCIDR": ["10.1.0.0/16"]}),
            json!({"fromCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.1.2.0/24"]}]}),
            false,
        ),
        (
            json!({"fromCIDR": ["10.1.0.0/16"]}),
            json!({"fromEntities": ["world"]}),
            true,
        ),
        (json!({"fromEndpoints": [{}]}), client.clone(), false),
        (
            json!({"fromEndpoints": [{}]}),
            json!({"fromEntities": ["all"]}),
            true,
        ),
    ] {
        let found = said_nothing([spec(allow.clone(), deny.clone())]);
        let shadowed = found
            .iter()
            .filter(|(code, _)| code == "shadowed-policy-rule")
            .count();
        assert_eq!(shadowed == 1, expected, "{allow} {deny}: {found:?}");
    }
    // A rule about requests is denied with the rest, and a denial of another policy goes before all.
    let requests = json!({"fromEndpoints": [{"matchLabels": {"app": "client"}}],
        "toPorts": [{"ports": [{"port": "80", "protocol": "TCP"}], "rules": {"http": [{"method": "GET"}]}}]});
    let deny = policy(
        "cilium.io/v2",
        "CiliumClusterwideNetworkPolicy",
        json!({"endpointSelector": {}, "ingressDeny": [{"fromEntities": ["cluster"]}]}),
    );
    let allow = cilium_policy(json!({"endpointSelector": {}, "ingress": [requests]}));
    let found = said_nothing([allow, deny]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].1.contains("spec.ingress[0]")
            && found[0].1.contains("CiliumClusterwideNetworkPolicy"),
        "{found:?}"
    );
}

#[test]
fn ordered_rules_that_earlier_ones_decide_are_found() {
    let rule = |action: &str, peer: Value| json!({"action": action, "from": [peer]});
    let everywhere = json!({"namespaces": {}});
    let team = json!({"namespaces": {"matchLabels": {"team": "red"}}});
    let cluster = |tier: &str, priority: u32, rules: Value| {
        policy(
            "policy.networking.k8s.io/v1alpha2",
            "ClusterNetworkPolicy",
            json!({"tier": tier, "priority": priority, "subject": {"namespaces": {}}, "ingress": rules}),
        )
    };
    let allow = network_policy(
        json!({"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"team": "red"}}}]}]}),
    );
    for (objects, expected) in [
        (
            vec![cluster(
                "Admin",
                1,
                json!([
                    rule("Deny", everywhere.clone()),
                    rule("Accept", team.clone())
                ]),
            )],
            1,
        ),
        (
            vec![cluster(
                "Admin",
                1,
                json!([
                    rule("Accept", team.clone()),
                    rule("Deny", everywhere.clone())
                ]),
            )],
            0,
        ),
        (
            vec![cluster(
                "Admin",
                1,
                json!([rule("Pass", everywhere.clone()), rule("Deny", team.clone())]),
            )],
            1,
        ),
        (
            vec![
                cluster("Admin", 1, json!([rule("Deny", everywhere.clone())])),
                cluster("Admin", 2, json!([rule("Accept", team.clone())])),
            ],
            1,
        ),
        // Of two with one priority either may come first, and another tier is asked for itself.
        (
            vec![
                cluster("Admin", 1, json!([rule("Deny", everywhere.clone())])),
                cluster("Admin", 1, json!([rule("Accept", team.clone())])),
            ],
            0,
        ),
        (
            vec![
                cluster("Baseline", 1, json!([rule("Deny", everywhere.clone())])),
                cluster("Admin", 2, json!([rule("Accept", team.clone())])),
            ],
            0,
        ),
        // What an administrator decides no NetworkPolicy is asked about.
        (
            vec![
                cluster("Admin", 1, json!([rule("Deny", everywhere.clone())])),
                allow.clone(),
            ],
            1,
        ),
        (
            vec![
                cluster(
                    "Admin",
                    1,
                    json!([rule("Pass", team.clone()), rule("Deny", everywhere.clone())]),
                ),
                allow.clone(),
            ],
            0,
        ),
        (
            vec![
                cluster("Baseline", 1, json!([rule("Deny", everywhere.clone())])),
                allow.clone(),
            ],
            0,
        ),
    ] {
        let found = said_nothing(objects.clone());
        let shadowed = found
            .iter()
            .filter(|(code, _)| code == "shadowed-policy-rule")
            .count();
        assert_eq!(shadowed, expected, "{objects:?}: {found:?}");
    }
}

#[test]
fn rules_that_look_at_requests_or_mean_the_unknown_are_not_taken_for_redundant() {
    let dns = json!({"toEntities": ["cluster"], "toPorts": [{"ports": [{"port": "53"}], "rules": {"dns": [{"matchPattern": "*"}]}}]});
    let unknown = json!({"toServices": [{"k8sService": {"serviceName": "elsewhere", "namespace": "elsewhere"}}]});
    for entry in [dns, unknown] {
        let spec = json!({"endpointSelector": {}, "egress": [{"toEntities": ["all"]}, entry]});
        let found = codes(false, [cilium_policy(spec)]);
        assert!(found.is_empty(), "{entry}: {found:?}");
    }
}

#[test]
fn who_is_let_in_and_not_let_out_is_found() {
    let into = network_policy(
        json!({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}], "ports": [{"port": 8080}]}]}),
    );
    let out = |egress: Value| {
        let mut policy = network_policy(
            json!({"podSelector": {"matchLabels": {"app": "client"}}, "policyTypes": ["Egress"], "egress": egress}),
        );
        policy["metadata"]["name"] = json!("out");
        policy
    };
    assert_eq!(
        codes(false, [into.clone(), out(json!([]))]),
        ["allow-blocked-elsewhere"]
    );
    let web = json!([{"to": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]);
    assert!(codes(false, [into.clone(), out(web)]).is_empty());
    assert!(codes(false, [into]).is_empty());
}

#[test]
fn what_the_world_reaches_without_a_policy_is_found() {
    let open = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo"},
        "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]}});
    assert_eq!(codes(false, [open.clone()]), ["exposed-without-policy"]);
    let guard =
        network_policy(json!({"podSelector": {}, "ingress": [{"ports": [{"port": 8080}]}]}));
    assert!(codes(false, [open, guard]).is_empty());
}

#[test]
fn an_application_port_alone_closes_the_mesh() {
    let spec = |ports: Value| {
        network_policy(json!({"podSelector": {"matchLabels": {"app": "web"}},
        "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}], "ports": ports}]}))
    };
    assert_eq!(
        codes(true, [spec(json!([{"port": 8080}]))]),
        ["mesh-port-closed"]
    );
    assert!(codes(true, [spec(json!([{"port": 8080}, {"port": 15008}]))]).is_empty());
    assert!(codes(false, [spec(json!([{"port": 8080}]))]).is_empty());
}

#[test]
fn cilium_stops_probes_of_ambient_pods_until_their_address_is_allowed() {
    let closed =
        cilium_policy(json!({"endpointSelector": {}, "ingress": [{"fromEndpoints": [{}]}]}));
    assert_eq!(codes(true, [closed.clone()]), ["probes-refused"]);
    assert!(codes(false, [closed.clone()]).is_empty());
    let probes = json!({"apiVersion": "cilium.io/v2", "kind": "CiliumClusterwideNetworkPolicy", "metadata": {"name": "probes"},
        "spec": {"endpointSelector": {}, "ingress": [{"fromCIDR": ["169.254.7.127/32"]}]}});
    assert!(codes(true, [closed, probes]).is_empty());
}

#[test]
fn http_rules_between_ambient_pods_are_found() {
    let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "enableDefaultDeny": {"ingress": false}, "ingress": [{
        "fromEndpoints": [{}], "toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": [{"method": "GET"}]}}]}]});
    assert_eq!(
        codes(true, [cilium_policy(spec.clone())]),
        ["http-rule-in-mesh"]
    );
    assert!(codes(false, [cilium_policy(spec)]).is_empty());
}

#[test]
fn rules_about_requests_at_ztunnel_are_found_by_what_becomes_of_them() {
    let rules = json!([{"to": [{"operation": {"methods": ["DELETE"]}}]}]);
    let deny = authorization_policy(json!({"action": "DENY", "rules": rules}));
    assert_eq!(codes(true, [deny.clone()]), ["deny-never-fires"]);
    assert!(codes(false, [deny]).is_empty());
    assert_eq!(
        codes(true, [authorization_policy(json!({"rules": rules}))]),
        ["allow-dropped"]
    );
    let with_port = json!([{"to": [{"operation": {"methods": ["DELETE"], "ports": ["8080"]}}]}]);
    assert!(
        codes(
            true,
            [authorization_policy(
                json!({"action": "DENY", "rules": with_port})
            )]
        )
        .is_empty()
    );
}

#[test]
fn a_waypoint_is_found_missing_or_passed_by() {
    let policy = authorization_policy(
        json!({"targetRefs": [{"kind": "Service", "group": "", "name": "web"}],
        "rules": [{"to": [{"operation": {"methods": ["GET"]}}]}]}),
    );
    let service = |labels: Value| {
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo", "labels": labels},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}})
    };
    assert_eq!(
        codes(true, [policy.clone(), service(json!({}))]),
        ["policy-without-waypoint"]
    );
    let waypoint = json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "waypoint", "namespace": "demo"},
        "spec": {"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}]}});
    let used = || service(json!({"istio.io/use-waypoint": "waypoint"}));
    assert_eq!(
        codes(true, [policy.clone(), used(), waypoint.clone()]),
        ["waypoint-bypassable"]
    );
    let mut closed = authorization_policy(json!({"selector": {"matchLabels": {"app": "web"}},
        "rules": [{"from": [{"source": {"principals": ["cluster.local/ns/demo/sa/waypoint"]}}]}]}));
    closed["metadata"]["name"] = json!("closed");
    assert!(codes(true, [policy, used(), waypoint, closed]).is_empty());
}
