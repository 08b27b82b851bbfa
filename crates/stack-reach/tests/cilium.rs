//! Cilium's policies, rule by rule: whom a rule means, on which ports, and what its proxy lets through.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Layer, Reach, Settings};

fn pod(namespace: &str, name: &str, node: &str, ip: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"serviceAccountName": name, "nodeName": node, "containers": [{"name": "c", "ports": [{"name": "http", "containerPort": 8080}]}]},
        "status": {"podIP": ip}})
}

fn node(name: &str, ip: &str, labels: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels},
        "status": {"addresses": [{"type": "InternalIP", "address": ip}]}})
}

fn base() -> Vec<Value> {
    vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo", "labels": {"team": "blue"}}}),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "away", "labels": {"team": "red"}}}),
        node(
            "cp",
            "172.18.0.2",
            json!({"node-role.kubernetes.io/control-plane": ""}),
        ),
        node("w1", "172.18.0.3", json!({"zone": "a"})),
        node("w2", "172.18.0.4", json!({"zone": "b"})),
        pod("demo", "web", "w1", "10.0.1.1"),
        pod("demo", "client", "w2", "10.0.2.1"),
        pod("away", "client", "w2", "10.0.2.2"),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "demo", "labels": {"tier": "front"}},
            "spec": {"selector": {"app": "web"}, "clusterIP": "10.96.0.10", "ports": [{"port": 80, "targetPort": "http"}]}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "legacy", "namespace": "demo"}, "spec": {"ports": [{"port": 443}]}}),
        json!({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "legacy-1", "namespace": "demo",
            "labels": {"kubernetes.io/service-name": "legacy"}}, "addressType": "IPv4", "endpoints": [{"addresses": ["203.0.113.7"]}], "ports": [{"port": 443}]}),
        json!({"apiVersion": "cilium.io/v2", "kind": "CiliumCIDRGroup", "metadata": {"name": "partners", "labels": {"kind": "partner"}},
            "spec": {"externalCIDRs": ["198.51.100.0/24"]}}),
    ]
}

fn policy(spec: Value) -> Value {
    json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "p", "namespace": "demo"}, "spec": spec})
}

fn clusterwide(spec: Value) -> Value {
    json!({"apiVersion": "cilium.io/v2", "kind": "CiliumClusterwideNetworkPolicy", "metadata": {"name": "cw"}, "spec": spec})
}

fn ask(objects: &[Value], flow: &Value) -> Answer {
    let flow: Flow = serde_json::from_value(flow.clone()).unwrap();
    let model = Model::read(base().into_iter().chain(objects.iter().cloned()));
    let settings = Settings {
        cluster_name: Some("kind-kind".to_owned()),
        ..Settings::default()
    };
    let reach = Reach::with(&model, settings);
    assert!(reach.unread().is_empty(), "{:?}", reach.unread());
    reach.flow(&flow)
}

/// Asks whether the web pods let a peer in, by one ingress rule.
fn lets_in(rule: &Value, from: &Value) -> Option<bool> {
    let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [rule]});
    let flow = json!({"src": from, "dst": "demo/web", "port": 8080});
    ask(&[policy(spec)], &flow).allowed
}

/// Asks whether the client is let out to a destination, by one egress rule.
fn lets_out(rule: &Value, to: &Value, port: u16) -> Option<bool> {
    let spec = json!({"endpointSelector": {"matchLabels": {"app": "client"}}, "egress": [rule]});
    let flow = json!({"src": "demo/client", "dst": to, "port": port});
    ask(&[policy(spec)], &flow).allowed
}

#[test]
fn entities_mean_what_the_documentation_says() {
    let world = json!({"ip": "203.0.113.9"});
    let near = json!("demo/client");
    let far = json!("away/client");
    let host = json!({"entity": "host"});
    let remote = json!({"ip": "172.18.0.4"});
    let api = json!({"ip": "172.18.0.2"});
    // The node of the pod always gets in.
    for (entity, expected) in [
        ("all", [true, true, true, true, true, true]),
        ("world", [true, false, false, true, false, false]),
        ("world-ipv4", [true, false, false, true, false, false]),
        ("world-ipv6", [false, false, false, true, false, false]),
        ("cluster", [false, true, true, true, true, true]),
        ("host", [false, false, false, true, false, false]),
        ("remote-node", [false, false, false, true, true, true]),
        ("kube-apiserver", [false, false, false, true, false, true]),
        ("ingress", [false, false, false, true, false, false]),
        ("health", [false, false, false, true, false, false]),
        ("init", [false, false, false, true, false, false]),
        ("unmanaged", [false, false, false, true, false, false]),
        ("none", [false, false, false, true, false, false]),
    ] {
        let rule = json!({"fromEntities": [entity]});
        let peers = [&world, &near, &far, &host, &remote, &api];
        let found = peers.map(|peer| lets_in(&rule, peer).unwrap());
        assert_eq!(found, expected, "{entity}");
    }
    for (entity, to, expected) in [
        ("world", &world, true),
        ("cluster", &world, false),
        ("host", &remote, true),
        ("host", &api, false),
        ("remote-node", &api, true),
        ("remote-node", &remote, false),
        ("kube-apiserver", &api, true),
        ("kube-apiserver", &remote, false),
        ("cluster", &api, true),
    ] {
        let rule = json!({"toEntities": [entity]});
        assert_eq!(
            lets_out(&rule, to, 6443),
            Some(expected),
            "to {entity}: {to}"
        );
    }
}

#[test]
fn selectors_of_peers_stay_in_their_namespace_unless_they_speak_of_one() {
    let near = json!("demo/client");
    let far = json!("away/client");
    for (selector, expected) in [
        (json!({}), [true, false]),
        (json!({"matchLabels": {"app": "client"}}), [true, false]),
        (json!({"matchLabels": {"k8s:app": "client"}}), [true, false]),
        (json!({"matchLabels": {"any:app": "client"}}), [true, false]),
        (
            json!({"matchLabels": {"container:app": "client"}}),
            [false, false],
        ),
        (
            json!({"matchLabels": {"io.kubernetes.pod.namespace": "away"}}),
            [false, true],
        ),
        (
            json!({"matchLabels": {"k8s:io.kubernetes.pod.namespace": "away", "app": "other"}}),
            [false, false],
        ),
        (
            json!({"matchLabels": {"io.cilium.k8s.namespace.labels.team": "red"}}),
            [false, true],
        ),
        (
            json!({"matchExpressions": [{"key": "io.kubernetes.pod.namespace", "operator": "Exists"}]}),
            [true, true],
        ),
        (
            json!({"matchExpressions": [{"key": "io.kubernetes.pod.namespace", "operator": "NotIn", "values": ["demo"]}]}),
            [false, true],
        ),
        (
            json!({"matchExpressions": [{"key": "app", "operator": "In", "values": ["client", "x"]}]}),
            [true, false],
        ),
        (
            json!({"matchLabels": {"io.cilium.k8s.policy.serviceaccount": "client"}}),
            [true, false],
        ),
        (
            json!({"matchLabels": {"io.cilium.k8s.policy.cluster": "kind-kind"}}),
            [true, false],
        ),
        (
            json!({"matchLabels": {"io.cilium.k8s.policy.cluster": "elsewhere"}}),
            [false, false],
        ),
    ] {
        let rule = json!({"fromEndpoints": [selector]});
        let found = [&near, &far].map(|peer| lets_in(&rule, peer).unwrap());
        assert_eq!(found, expected, "{selector}");
    }
    let reserved = json!({"fromEndpoints": [{"matchLabels": {"reserved:remote-node": ""}}]});
    assert_eq!(lets_in(&reserved, &json!({"ip": "172.18.0.4"})), Some(true));
    assert_eq!(lets_in(&reserved, &near), Some(false));
    let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"fromEndpoints": [{"matchLabels": {"app": "client"}}]}]});
    let flow = json!({"src": "away/client", "dst": "demo/web", "port": 8080});
    assert_eq!(ask(&[clusterwide(spec)], &flow).allowed, Some(true));
}

#[test]
fn blocks_of_addresses_mean_what_is_outside() {
    for (rule, ip, expected) in [
        (json!({"toCIDR": ["203.0.113.0/24"]}), "203.0.113.7", true),
        (json!({"toCIDR": ["0.0.0.0/0"]}), "10.0.1.1", false),
        (json!({"toCIDR": ["0.0.0.0/0"]}), "172.18.0.3", false),
        (
            json!({"toCIDRSet": [{"cidr": "203.0.113.0/24", "except": ["203.0.113.7/32"]}]}),
            "203.0.113.7",
            false,
        ),
        (
            json!({"toCIDRSet": [{"cidr": "203.0.113.0/24", "except": ["203.0.113.7/32"]}]}),
            "203.0.113.8",
            true,
        ),
        (
            json!({"toCIDRSet": [{"cidrGroupRef": "partners"}]}),
            "198.51.100.9",
            true,
        ),
        (
            json!({"toCIDRSet": [{"cidrGroupRef": "partners"}]}),
            "203.0.113.7",
            false,
        ),
        (
            json!({"toCIDRSet": [{"cidrGroupRef": "partners", "except": ["198.51.100.9/32"]}]}),
            "198.51.100.9",
            false,
        ),
        (
            json!({"toCIDRSet": [{"cidrGroupSelector": {"matchLabels": {"kind": "partner"}}}]}),
            "198.51.100.9",
            true,
        ),
    ] {
        assert_eq!(
            lets_out(&rule, &json!({"ip": ip}), 443),
            Some(expected),
            "{rule} {ip}"
        );
    }
    // A group that the input does not have.
    let unknown = json!({"toCIDRSet": [{"cidrGroupRef": "elsewhere"}]});
    assert_eq!(
        lets_out(&unknown, &json!({"ip": "198.51.100.9"}), 443),
        None
    );
    let cloud = json!({"toGroups": [{"aws": {"securityGroupsIds": ["sg-1"]}}]});
    assert_eq!(lets_out(&cloud, &json!({"ip": "198.51.100.9"}), 443), None);
}

#[test]
fn services_mean_what_stands_behind_them() {
    for (rule, to, expected) in [
        (
            json!({"toServices": [{"k8sService": {"serviceName": "legacy", "namespace": "demo"}}]}),
            json!({"ip": "203.0.113.7"}),
            true,
        ),
        (
            json!({"toServices": [{"k8sService": {"serviceName": "legacy", "namespace": "away"}}]}),
            json!({"ip": "203.0.113.7"}),
            false,
        ),
        (
            json!({"toServices": [{"k8sService": {"serviceName": "web"}}]}),
            json!("demo/web"),
            true,
        ),
        (
            json!({"toServices": [{"k8sServiceSelector": {"selector": {"matchLabels": {"tier": "front"}}}}]}),
            json!("demo/web"),
            true,
        ),
        (
            json!({"toServices": [{"k8sServiceSelector": {"selector": {"matchLabels": {"tier": "back"}}}}]}),
            json!("demo/web"),
            false,
        ),
    ] {
        assert_eq!(lets_out(&rule, &to, 8080), Some(expected), "{rule} {to}");
    }
}

#[test]
fn nodes_are_meant_by_their_labels() {
    for (labels, ip, expected) in [
        (json!({"zone": "b"}), "172.18.0.4", true),
        (json!({"zone": "b"}), "172.18.0.3", false),
        (
            json!({"node-role.kubernetes.io/control-plane": ""}),
            "172.18.0.2",
            true,
        ),
    ] {
        let rule = json!({"toNodes": [{"matchLabels": labels}]});
        assert_eq!(
            lets_out(&rule, &json!({"ip": ip}), 6443),
            Some(expected),
            "{labels} {ip}"
        );
        let rule = json!({"fromNodes": [{"matchLabels": labels}]});
        let expected = expected || ip == "172.18.0.3";
        assert_eq!(
            lets_in(&rule, &json!({"ip": ip})),
            Some(expected),
            "{labels} {ip}"
        );
    }
}

#[test]
fn ports_are_numbers_ranges_and_names() {
    for (port, asked, protocol, expected) in [
        (
            json!({"port": "8080", "protocol": "TCP"}),
            8080,
            "TCP",
            true,
        ),
        (
            json!({"port": "8080", "protocol": "TCP"}),
            8080,
            "UDP",
            false,
        ),
        (json!({"port": "8080"}), 8080, "UDP", true),
        (
            json!({"port": "8080", "protocol": "ANY"}),
            8080,
            "SCTP",
            true,
        ),
        (
            json!({"port": "8000", "endPort": 8999, "protocol": "TCP"}),
            8080,
            "TCP",
            true,
        ),
        (
            json!({"port": "8000", "endPort": 8999, "protocol": "TCP"}),
            9000,
            "TCP",
            false,
        ),
        (
            json!({"port": "http", "protocol": "TCP"}),
            8080,
            "TCP",
            true,
        ),
        (
            json!({"port": "http", "protocol": "UDP"}),
            8080,
            "UDP",
            false,
        ),
        (
            json!({"port": "https", "protocol": "TCP"}),
            8080,
            "TCP",
            false,
        ),
        (json!({"port": "0", "protocol": "TCP"}), 9, "TCP", true),
        (json!({"port": "0", "protocol": "TCP"}), 9, "UDP", false),
    ] {
        let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"toPorts": [{"ports": [port]}]}]});
        let flow =
            json!({"src": "demo/client", "dst": "demo/web", "port": asked, "protocol": protocol});
        assert_eq!(
            ask(&[policy(spec)], &flow).allowed,
            Some(expected),
            "{port} {asked} {protocol}"
        );
    }
}

#[test]
fn icmp_has_rules_of_its_own() {
    let echo = json!({"src": "demo/client", "dst": "demo/web", "port": null, "protocol": "ICMP"});
    for (rule, expected) in [
        (json!({"icmps": [{"fields": [{"type": 8}]}]}), true),
        (
            json!({"icmps": [{"fields": [{"type": "EchoRequest", "family": "IPv4"}]}]}),
            true,
        ),
        (
            json!({"icmps": [{"fields": [{"type": 128, "family": "IPv6"}]}]}),
            false,
        ),
        (json!({"icmps": [{"fields": [{"type": 0}]}]}), false),
        (
            json!({"fromEndpoints": [{}], "toPorts": [{"ports": [{"port": "8080"}]}]}),
            false,
        ),
        (json!({"fromEndpoints": [{}]}), true),
        (
            json!({"fromEndpoints": [{"matchLabels": {"app": "nobody"}}], "icmps": [{"fields": [{"type": 8}]}]}),
            false,
        ),
    ] {
        let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [rule]});
        assert_eq!(
            ask(&[policy(spec)], &echo).allowed,
            Some(expected),
            "{rule}"
        );
    }
    let spec = json!({"endpointSelector": {}, "ingress": [{"fromEntities": ["all"]}], "ingressDeny": [{"icmps": [{"fields": [{"type": 8}]}]}]});
    let with = |spec: &Value, flow: Value| ask(&[policy(spec.clone())], &flow).allowed;
    assert_eq!(with(&spec, echo), Some(false));
    assert_eq!(
        with(
            &spec,
            json!({"src": "demo/client", "dst": "demo/web", "port": 8080})
        ),
        Some(true)
    );
}

#[test]
fn a_denial_goes_before_whatever_is_allowed() {
    let allow = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"fromEntities": ["all"]}]});
    for (deny, from, port, allowed) in [
        (
            json!({"fromEndpoints": [{"matchLabels": {"app": "client"}}]}),
            "demo/client",
            8080,
            false,
        ),
        (
            json!({"fromEndpoints": [{"matchLabels": {"app": "client"}}]}),
            "away/client",
            8080,
            false,
        ),
        (
            json!({"fromEntities": ["cluster"]}),
            "away/client",
            8080,
            false,
        ),
        (
            json!({"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}]}]}),
            "demo/client",
            8080,
            false,
        ),
        (
            json!({"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}]}]}),
            "demo/client",
            8081,
            true,
        ),
        (json!({"fromEndpoints": []}), "demo/client", 8080, true),
    ] {
        let deny_spec =
            json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingressDeny": [deny]});
        let flow = json!({"src": from, "dst": "demo/web", "port": port});
        let answer = ask(&[policy(allow.clone()), clusterwide(deny_spec)], &flow);
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{deny} {from} {port}: {answer}"
        );
    }
}

#[test]
fn default_deny_can_be_left_out_by_direction() {
    let flow = json!({"src": "demo/client", "dst": "demo/web", "port": 8080});
    for (ingress, isolates) in [
        (json!(null), true),
        (json!(true), true),
        (json!(false), false),
    ] {
        let mut spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"fromEntities": ["world"]}]});
        if !ingress.is_null() {
            spec["enableDefaultDeny"] = json!({"ingress": ingress});
        }
        assert_eq!(
            ask(&[policy(spec.clone())], &flow).allowed,
            Some(!isolates),
            "{spec}"
        );
        // Another policy that isolates takes nothing of what this one allows.
        let other = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"fromEndpoints": [{"matchLabels": {"app": "nobody"}}]}]});
        assert_eq!(
            ask(&[policy(spec), clusterwide(other)], &flow).allowed,
            Some(false)
        );
    }
}

fn http(rules: Value) -> Value {
    json!({"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"http": rules}}]})
}

#[test]
fn requests_are_compared_as_a_whole_and_any_rule_suffices() {
    let request = json!({"method": "GET", "path": "/api/v1?x=1", "host": "web.demo", "headers": {"X-Team": "blue"}});
    for (rules, allowed) in [
        (json!([{}]), true),
        (json!([{"method": "GET"}]), true),
        (json!([{"method": "G.*"}]), true),
        (json!([{"method": "ET"}]), false),
        (json!([{"path": "/api/.*"}]), true),
        (json!([{"path": "/api"}]), false),
        (json!([{"host": "web\\..*"}]), true),
        (json!([{"host": "demo"}]), false),
        (json!([{"headers": ["X-Team: blue"]}]), true),
        (json!([{"headers": ["X-Team"]}]), true),
        (json!([{"headers": ["X-Team: red"]}]), false),
        (
            json!([{"headerMatches": [{"name": "X-Team", "value": "blue"}]}]),
            true,
        ),
        (
            json!([{"headerMatches": [{"name": "X-Team", "value": "red"}]}]),
            false,
        ),
        (
            json!([{"headerMatches": [{"name": "X-Team", "value": "red", "mismatch": "REPLACE"}]}]),
            true,
        ),
        (
            json!([{"method": "PUT"}, {"path": "/api/.*", "method": "GET"}]),
            true,
        ),
        (
            json!([{"method": "PUT"}, {"method": "GET", "path": "/other"}]),
            false,
        ),
    ] {
        let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [http(rules.clone())]});
        let flow =
            json!({"src": "demo/client", "dst": "demo/web", "port": 8080, "request": request});
        let answer = ask(&[policy(spec)], &flow);
        assert_eq!(answer.allowed, Some(allowed), "{rules}: {answer}");
        assert!(allowed || answer.at == Some(Layer::L7Proxy));
    }
}

#[test]
fn a_rule_without_requests_opens_the_port_for_all_of_them() {
    let flow = json!({"src": "demo/client", "dst": "demo/web", "port": 8080, "request": {"method": "PUT", "path": "/"}});
    let get = http(json!([{"method": "GET"}]));
    for (open, allowed) in [
        (
            json!({"fromEndpoints": [{"matchLabels": {"app": "client"}}]}),
            true,
        ),
        (
            json!({"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}]}]}),
            true,
        ),
        (
            json!({"fromEndpoints": [{"matchLabels": {"app": "nobody"}}]}),
            false,
        ),
        (
            json!({"toPorts": [{"ports": [{"port": "8081", "protocol": "TCP"}]}]}),
            false,
        ),
    ] {
        let spec =
            json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [get, open]});
        let answer = ask(&[policy(spec)], &flow);
        assert_eq!(answer.allowed, Some(allowed), "{open}: {answer}");
    }
}

#[test]
fn names_are_known_to_who_looked_them_up_through_the_proxy() {
    let dns = |rules: Value| {
        json!({"toEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": "kube-system", "k8s-app": "kube-dns"}}],
            "toPorts": [{"ports": [{"port": "53", "protocol": "ANY"}], "rules": {"dns": rules}}]})
    };
    for (names, rules, name, allowed) in [
        (
            json!([{"matchName": "api.example.com"}]),
            json!([{"matchPattern": "*"}]),
            "api.example.com",
            true,
        ),
        (
            json!([{"matchName": "API.example.com."}]),
            json!([{"matchPattern": "*"}]),
            "api.EXAMPLE.com",
            true,
        ),
        (
            json!([{"matchPattern": "*.example.com"}]),
            json!([{"matchPattern": "*"}]),
            "a.b.example.com",
            false,
        ),
        (
            json!([{"matchPattern": "**.example.com"}]),
            json!([{"matchPattern": "*"}]),
            "a.b.example.com",
            true,
        ),
        (
            json!([{"matchPattern": "*"}]),
            json!([{"matchPattern": "*"}]),
            "anything.org",
            true,
        ),
        (
            json!([{"matchPattern": "*"}]),
            json!([{"matchPattern": "*.com"}]),
            "anything.org",
            false,
        ),
    ] {
        let spec = json!({"endpointSelector": {"matchLabels": {"app": "client"}}, "egress": [{"toFQDNs": names}, dns(rules.clone())]});
        let flow =
            json!({"src": "demo/client", "dst": {"ip": "203.0.113.50"}, "port": 443, "dns": name});
        let answer = ask(&[policy(spec)], &flow);
        assert_eq!(
            answer.allowed,
            Some(allowed),
            "{names} {rules} {name}: {answer}"
        );
    }
}

#[test]
fn other_protocols_and_authentication_are_conditions_or_told() {
    let flow =
        json!({"src": "demo/client", "dst": "demo/web", "port": 8080, "request": {"path": "/"}});
    let kafka = json!({"toPorts": [{"ports": [{"port": "8080", "protocol": "TCP"}], "rules": {"kafka": [{"role": "produce", "topic": "t"}]}}]});
    let with = |rule: Value| {
        let spec = json!({"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [rule]});
        ask(&[policy(spec)], &flow)
    };
    assert_eq!(with(kafka).allowed, None);
    let required =
        with(json!({"fromEntities": ["cluster"], "authentication": {"mode": "required"}}));
    assert_eq!(required.allowed, Some(true));
    assert!(
        required
            .steps
            .iter()
            .any(|step| step.layer == Layer::Authentication)
    );
    let fails =
        with(json!({"fromEntities": ["cluster"], "authentication": {"mode": "test-always-fail"}}));
    assert_eq!(fails.at, Some(Layer::Authentication));
}

#[test]
fn policies_of_nodes_hold_for_nodes_and_for_pods_in_their_network() {
    let spec = json!({"nodeSelector": {"matchLabels": {"zone": "a"}}, "ingress": [
        {"fromEntities": ["cluster"], "toPorts": [{"ports": [{"port": "10250", "protocol": "TCP"}]}]}]});
    for (from, ip, port, allowed) in [
        (json!({"ip": "203.0.113.9"}), "172.18.0.3", 10250, false),
        (json!("demo/client"), "172.18.0.3", 10250, true),
        (json!({"ip": "172.18.0.2"}), "172.18.0.3", 10250, true),
        (json!({"ip": "172.18.0.2"}), "172.18.0.3", 22, false),
        (json!({"ip": "203.0.113.9"}), "172.18.0.4", 22, true),
    ] {
        let flow = json!({"src": from, "dst": {"ip": ip}, "port": port});
        let answer = ask(&[clusterwide(spec.clone())], &flow);
        assert_eq!(answer.allowed, Some(allowed), "{flow}: {answer}");
    }
}

#[test]
fn requests_come_in_by_ingress_objects_of_ciliums_class() {
    let ingress = |spec: Value| json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web", "namespace": "demo"}, "spec": spec});
    let class = |name: &str, controller: &str, is_default: &str| {
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
            "metadata": {"name": name, "annotations": {"ingressclass.kubernetes.io/is-default-class": is_default}}, "spec": {"controller": controller}})
    };
    let shared = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "cilium-ingress", "namespace": "kube-system"},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}});
    let named = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "named", "namespace": "demo"},
        "spec": {"selector": {"app": "web"}, "ports": [{"name": "metrics", "port": 9090}, {"name": "web", "port": 80, "targetPort": "http"}]}});
    let to = |name: &str, port: Value| json!({"service": {"name": name, "port": port}});
    let path = |path: &str, kind: &str| json!({"path": path, "pathType": kind, "backend": to("named", json!({"name": "web"}))});
    let rules = |paths: Value| json!([{"host": "web.example", "http": {"paths": paths}}]);
    let cilium = "cilium.io/ingress-controller";
    for (spec, classes, host, target, allowed) in [
        (
            json!({"ingressClassName": "cilium", "rules": rules(json!([path("/api", "Prefix")]))}),
            vec![],
            "web.example",
            "/api/x",
            Some(true),
        ),
        (
            json!({"ingressClassName": "cilium", "rules": rules(json!([path("/api", "Prefix")]))}),
            vec![],
            "web.example",
            "/apix",
            Some(false),
        ),
        (
            json!({"ingressClassName": "cilium", "rules": rules(json!([path("/api", "Exact")]))}),
            vec![],
            "web.example",
            "/api/x",
            Some(false),
        ),
        (
            json!({"ingressClassName": "cilium", "rules": rules(json!([path("/", "Prefix")]))}),
            vec![],
            "other.example",
            "/",
            Some(false),
        ),
        (
            json!({"ingressClassName": "cilium", "defaultBackend": to("web", json!({"number": 80}))}),
            vec![],
            "other.example",
            "/",
            Some(true),
        ),
        (
            json!({"ingressClassName": "edge", "rules": rules(json!([path("/", "Prefix")]))}),
            vec![class("edge", cilium, "false")],
            "web.example",
            "/",
            Some(true),
        ),
        (
            json!({"rules": rules(json!([path("/", "Prefix")]))}),
            vec![class("edge", cilium, "true")],
            "web.example",
            "/",
            Some(true),
        ),
        // Somebody else's Ingress; the Service itself selects nothing.
        (
            json!({"ingressClassName": "cilium", "rules": rules(json!([path("/", "Prefix")]))}),
            vec![class("cilium", "example.com/other", "false")],
            "web.example",
            "/",
            None,
        ),
    ] {
        let objects: Vec<Value> = [ingress(spec.clone()), shared.clone(), named.clone()]
            .into_iter()
            .chain(classes)
            .collect();
        let flow = json!({"src": {"entity": "world"}, "dst": {"service": "kube-system/cilium-ingress"}, "port": 80, "request": {"host": host, "path": target}});
        let answer = ask(&objects, &flow);
        assert_eq!(answer.allowed, allowed, "{spec} {host} {target}: {answer}");
    }
}

fn redirect(frontend: Value, ports: Value, skips_own: bool) -> Value {
    json!({"apiVersion": "cilium.io/v2", "kind": "CiliumLocalRedirectPolicy", "metadata": {"name": "near", "namespace": "demo"},
        "spec": {"redirectFrontend": frontend, "skipRedirectFromBackend": skips_own,
            "redirectBackend": {"localEndpointSelector": {"matchLabels": {"app": "cache"}}, "toPorts": ports}}})
}

fn cache(kind: &str, node: Value) -> Value {
    let spec = json!({"nodeName": node, "containers": [{"name": "c", "ports": [{"containerPort": 9090}]}]});
    let metadata = json!({"name": "cache", "namespace": "demo", "labels": {"app": "cache"}});
    match kind {
        "Pod" => json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}),
        _ => {
            json!({"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": {"template": {"metadata": {"labels": {"app": "cache"}}, "spec": spec}}})
        }
    }
}

/// Nobody may call the cache.
fn closed() -> Value {
    policy(json!({"endpointSelector": {"matchLabels": {"app": "cache"}}, "ingress": [{}]}))
}

#[test]
fn a_call_is_kept_on_the_node_of_the_client() {
    let by_name = || json!({"serviceMatcher": {"serviceName": "web", "namespace": "demo"}});
    let by_address = |ip: &str| json!({"addressMatcher": {"ip": ip, "toPorts": [{"port": "80", "protocol": "TCP"}]}});
    let ports = || json!([{"port": "9090", "protocol": "TCP"}]);
    let service = json!({"service": "demo/web"});
    let metadata_server = json!({"ip": "169.254.169.254"});
    let near = |frontend: Value| redirect(frontend, ports(), false);
    let daemon = || cache("DaemonSet", Value::Null);
    for (redirect, backend, to, expected, kept) in [
        // A DaemonSet has a pod on every node.
        (near(by_name()), daemon(), &service, Some(false), true),
        (
            near(by_name()),
            cache("Pod", json!("w2")),
            &service,
            Some(false),
            true,
        ),
        // One on another node is not asked.
        (
            near(by_name()),
            cache("Pod", json!("w1")),
            &service,
            Some(true),
            false,
        ),
        // Where it runs is not known: there it is refused, and else it is let through.
        (
            near(by_name()),
            cache("Deployment", Value::Null),
            &service,
            None,
            true,
        ),
        (
            near(by_address("169.254.169.254")),
            daemon(),
            &metadata_server,
            Some(false),
            true,
        ),
        (
            near(by_address("169.254.169.253")),
            daemon(),
            &metadata_server,
            Some(true),
            false,
        ),
        // Another namespace's Service, and a port that is not meant.
        (
            near(json!({"serviceMatcher": {"serviceName": "web", "namespace": "away"}})),
            daemon(),
            &service,
            Some(true),
            false,
        ),
        (
            near(
                json!({"serviceMatcher": {"serviceName": "web", "namespace": "demo", "toPorts": [{"port": "81", "protocol": "TCP"}]}}),
            ),
            daemon(),
            &service,
            Some(true),
            false,
        ),
        // Several ports are told apart by name.
        (
            redirect(
                by_name(),
                json!([{"port": "9090", "name": "a", "protocol": "TCP"}, {"port": "9091", "name": "b", "protocol": "TCP"}]),
                false,
            ),
            daemon(),
            &service,
            Some(true),
            false,
        ),
    ] {
        let flow = json!({"src": "demo/client", "dst": to, "port": 80});
        let found = ask(&[redirect.clone(), backend.clone(), closed()], &flow);
        assert_eq!(found.allowed, expected, "{redirect} {backend}: {found}");
        let is_kept = found
            .steps
            .iter()
            .any(|step| step.object.as_deref() == Some("CiliumLocalRedirectPolicy demo/near"));
        assert_eq!(is_kept, kept, "{redirect} {backend}: {found}");
    }
}

#[test]
fn the_pods_of_a_redirect_may_call_what_they_stand_for() {
    let frontend = json!({"serviceMatcher": {"serviceName": "web", "namespace": "demo"}});
    let flow = json!({"src": "demo/cache", "dst": {"service": "demo/web"}, "port": 80});
    for (skips, expected) in [(true, Some(true)), (false, Some(false))] {
        let redirect = redirect(
            frontend.clone(),
            json!([{"port": "9090", "protocol": "TCP"}]),
            skips,
        );
        let found = ask(
            &[redirect, cache("DaemonSet", Value::Null), closed()],
            &flow,
        );
        assert_eq!(found.allowed, expected, "{found}");
    }
}
