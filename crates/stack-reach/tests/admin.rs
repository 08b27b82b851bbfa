//! Policies of the administrator: AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy, as their API says it.

use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Answer, Flow, Layer, Reach};

const GROUP: &str = "policy.networking.k8s.io";

fn namespace(name: &str, team: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": team}}})
}

fn pod(namespace: &str, name: &str, ip: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"nodeName": "n1", "containers": [{"name": "c", "ports": [
            {"name": "web", "containerPort": 8080}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]}]},
        "status": {"podIPs": [{"ip": ip}]}})
}

/// Two namespaces, `red` with two pods and `blue` with one, a pod in the network of its node, and two nodes.
fn base() -> Vec<Value> {
    let mut agent = pod("red", "agent", "172.18.0.2");
    agent["spec"]["hostNetwork"] = json!(true);
    let node = |name: &str, ip: &str| {
        json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": {"name": name}},
            "status": {"addresses": [{"type": "InternalIP", "address": ip}]}})
    };
    vec![
        namespace("red", "red"),
        namespace("blue", "blue"),
        pod("red", "client", "10.0.0.1"),
        pod("red", "other", "10.0.0.2"),
        pod("blue", "server", "10.0.1.1"),
        agent,
        node("n1", "172.18.0.2"),
        node("n2", "172.18.0.3"),
    ]
}

fn admin(priority: u32, subject: Value, ingress: Value, egress: Value) -> Value {
    json!({"apiVersion": format!("{GROUP}/v1alpha1"), "kind": "AdminNetworkPolicy", "metadata": {"name": format!("admin-{priority}")},
        "spec": {"priority": priority, "subject": subject, "ingress": ingress, "egress": egress}})
}

fn baseline(subject: Value, ingress: Value, egress: Value) -> Value {
    json!({"apiVersion": format!("{GROUP}/v1alpha1"), "kind": "BaselineAdminNetworkPolicy", "metadata": {"name": "default"},
        "spec": {"subject": subject, "ingress": ingress, "egress": egress}})
}

fn cluster(tier: &str, priority: u32, subject: Value, ingress: Value, egress: Value) -> Value {
    json!({"apiVersion": format!("{GROUP}/v1alpha2"), "kind": "ClusterNetworkPolicy", "metadata": {"name": format!("{tier}-{priority}")},
        "spec": {"tier": tier, "priority": priority, "subject": subject, "ingress": ingress, "egress": egress}})
}

fn network_policy(ingress: Value) -> Value {
    json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "server", "namespace": "blue"},
        "spec": {"podSelector": {"matchLabels": {"app": "server"}}, "policyTypes": ["Ingress"], "ingress": ingress}})
}

fn ask(policies: &[Value], flow: &Value) -> Answer {
    let model = Model::read(base().into_iter().chain(policies.iter().cloned()));
    let flow: Flow = serde_json::from_value(flow.clone()).unwrap();
    Reach::of(&model).flow(&flow)
}

fn call() -> Value {
    json!({"src": "red/client", "dst": "blue/server", "port": 8080})
}

fn everywhere() -> Value {
    json!({"namespaces": {}})
}

fn team(name: &str) -> Value {
    json!({"namespaces": {"matchLabels": {"team": name}}})
}

fn rule(action: &str, list: &str, peer: Value) -> Value {
    json!({"action": action, list: [peer]})
}

#[test]
fn the_tiers_are_asked_one_after_the_other_and_the_first_that_decides_holds() {
    let from = |action: &str| json!([rule(action, "from", team("red"))]);
    let none = json!([]);
    let admin = |action: &str| admin(5, team("blue"), from(action), none.clone());
    let base = |action: &str| baseline(team("blue"), from(action), none.clone());
    let open = network_policy(json!([{"from": [{"namespaceSelector": {}}]}]));
    let closed = network_policy(json!([]));
    for (policies, expected) in [
        (vec![], true),
        (vec![admin("Allow")], true),
        (vec![admin("Deny")], false),
        (vec![admin("Pass")], true),
        // What the administrator decides no NetworkPolicy changes.
        (vec![admin("Allow"), closed.clone()], true),
        (vec![admin("Deny"), open.clone()], false),
        // What is passed on the NetworkPolicies decide, and where none isolates the pod, the baseline.
        (vec![admin("Pass"), closed.clone()], false),
        (vec![admin("Pass"), open.clone(), base("Deny")], true),
        (vec![admin("Pass"), base("Deny")], false),
        (vec![admin("Allow"), base("Deny")], true),
        (vec![base("Deny")], false),
        (vec![base("Allow")], true),
        (vec![base("Deny"), open.clone()], true),
        (vec![base("Allow"), closed.clone()], false),
        // The subject's own namespace counts, not the peer's.
        (
            vec![baseline(team("red"), from("Deny"), none.clone())],
            true,
        ),
    ] {
        let answer = ask(&policies, &call());
        assert_eq!(answer.allowed, Some(expected), "{policies:?} {answer}");
        assert_eq!(
            answer.at,
            (!expected).then_some(Layer::IngressPolicy),
            "{answer}"
        );
    }
}

#[test]
fn the_lower_number_and_the_earlier_rule_go_first() {
    let list = |actions: &[(&str, Value)]| -> Value {
        actions
            .iter()
            .map(|(action, peer)| rule(action, "from", peer.clone()))
            .collect()
    };
    let none = || json!([]);
    for (policies, expected) in [
        (
            vec![
                admin(1, everywhere(), list(&[("Allow", team("red"))]), none()),
                admin(2, everywhere(), list(&[("Deny", everywhere())]), none()),
            ],
            true,
        ),
        (
            vec![
                admin(3, everywhere(), list(&[("Allow", team("red"))]), none()),
                admin(2, everywhere(), list(&[("Deny", everywhere())]), none()),
            ],
            false,
        ),
        (
            vec![admin(
                1,
                everywhere(),
                list(&[("Deny", everywhere()), ("Allow", team("red"))]),
                none(),
            )],
            false,
        ),
        (
            vec![admin(
                1,
                everywhere(),
                list(&[("Allow", team("red")), ("Deny", everywhere())]),
                none(),
            )],
            true,
        ),
        // Who passes on skips the rest of the tier, of other policies, too.
        (
            vec![admin(
                1,
                everywhere(),
                list(&[("Pass", team("red")), ("Deny", everywhere())]),
                none(),
            )],
            true,
        ),
        (
            vec![
                admin(1, everywhere(), list(&[("Pass", team("red"))]), none()),
                admin(2, everywhere(), list(&[("Deny", everywhere())]), none()),
            ],
            true,
        ),
        // A policy that is not about the pod says nothing, whatever its number.
        (
            vec![
                admin(1, team("red"), list(&[("Allow", everywhere())]), none()),
                admin(2, everywhere(), list(&[("Deny", everywhere())]), none()),
            ],
            false,
        ),
        (
            vec![
                cluster(
                    "Admin",
                    1,
                    everywhere(),
                    list(&[("Accept", team("red"))]),
                    none(),
                ),
                cluster(
                    "Admin",
                    2,
                    everywhere(),
                    list(&[("Deny", everywhere())]),
                    none(),
                ),
            ],
            true,
        ),
        (
            vec![
                cluster(
                    "Baseline",
                    1,
                    everywhere(),
                    list(&[("Accept", team("red"))]),
                    none(),
                ),
                cluster(
                    "Baseline",
                    0,
                    everywhere(),
                    list(&[("Deny", everywhere())]),
                    none(),
                ),
            ],
            false,
        ),
        (
            vec![
                cluster(
                    "Baseline",
                    0,
                    everywhere(),
                    list(&[("Accept", everywhere())]),
                    none(),
                ),
                cluster(
                    "Admin",
                    9,
                    everywhere(),
                    list(&[("Deny", everywhere())]),
                    none(),
                ),
            ],
            false,
        ),
    ] {
        let answer = ask(&policies, &call());
        assert_eq!(answer.allowed, Some(expected), "{policies:?} {answer}");
    }
}

#[test]
fn subjects_and_peers_are_pods_by_two_selectors() {
    let pods = |namespaces: Value, pods: Value| json!({"pods": {"namespaceSelector": namespaces, "podSelector": pods}});
    let app = |name: &str| json!({"matchLabels": {"app": name}});
    for (subject, peer, refused) in [
        (everywhere(), everywhere(), true),
        (team("blue"), team("red"), true),
        (team("blue"), team("blue"), false),
        (pods(json!({}), app("server")), everywhere(), true),
        (pods(json!({}), app("client")), everywhere(), false),
        (
            pods(json!({"matchLabels": {"team": "red"}}), json!({})),
            everywhere(),
            false,
        ),
        (everywhere(), pods(json!({}), app("client")), true),
        (
            everywhere(),
            pods(json!({"matchLabels": {"team": "red"}}), app("other")),
            false,
        ),
        (
            everywhere(),
            pods(
                json!({"matchLabels": {"kubernetes.io/metadata.name": "red"}}),
                json!({}),
            ),
            true,
        ),
        (
            everywhere(),
            pods(
                json!({"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["blue"]}]}),
                json!({}),
            ),
            true,
        ),
    ] {
        let policy = admin(1, subject, json!([rule("Deny", "from", peer)]), json!([]));
        let answer = ask(std::slice::from_ref(&policy), &call());
        assert_eq!(answer.allowed, Some(!refused), "{policy} {answer}");
    }
    // Neither policies nor peers by labels mean what uses the network of its node.
    let deny = admin(
        1,
        everywhere(),
        json!([rule("Deny", "from", everywhere())]),
        json!([]),
    );
    let from_agent = json!({"src": "red/agent", "dst": "blue/server", "port": 8080});
    let to_agent = json!({"src": "red/client", "dst": "red/agent", "port": 8080});
    for flow in [from_agent, to_agent] {
        assert_eq!(
            ask(std::slice::from_ref(&deny), &flow).allowed,
            Some(true),
            "{flow}"
        );
    }
}

#[test]
fn ports_are_numbers_ranges_and_names_of_the_destination() {
    let udp = |port: u16| json!({"src": "red/client", "dst": "blue/server", "port": port, "protocol": "UDP"});
    let tcp = |port: u16| json!({"src": "red/client", "dst": "blue/server", "port": port});
    for (ports, flow, refused) in [
        (json!([{"portNumber": {"port": 8080}}]), tcp(8080), true),
        (json!([{"portNumber": {"port": 8080}}]), tcp(8081), false),
        (
            json!([{"portNumber": {"port": 8080, "protocol": "UDP"}}]),
            tcp(8080),
            false,
        ),
        (
            json!([{"portNumber": {"port": 53, "protocol": "UDP"}}]),
            udp(53),
            true,
        ),
        (
            json!([{"portRange": {"start": 8000, "end": 8080}}]),
            tcp(8080),
            true,
        ),
        (
            json!([{"portRange": {"start": 8000, "end": 8080}}]),
            tcp(8081),
            false,
        ),
        (
            json!([{"portRange": {"start": 1, "end": 100, "protocol": "UDP"}}]),
            udp(53),
            true,
        ),
        (
            json!([{"portNumber": {"port": 1}}, {"portNumber": {"port": 8080}}]),
            tcp(8080),
            true,
        ),
        (json!([{"namedPort": "web"}]), tcp(8080), true),
        (json!([{"namedPort": "web"}]), tcp(80), false),
        (json!([{"namedPort": "dns"}]), udp(53), true),
        (json!([{"namedPort": "dns"}]), tcp(53), false),
        (json!([{"namedPort": "metrics"}]), tcp(8080), false),
        (json!([]), tcp(9), true),
    ] {
        for (list, subject) in [("ingress", team("blue")), ("egress", team("red"))] {
            let peers = if list == "ingress" { "from" } else { "to" };
            let mut denied = rule("Deny", peers, everywhere());
            denied["ports"] = ports.clone();
            let mut policy = admin(1, subject, json!([]), json!([]));
            policy["spec"][list] = json!([denied]);
            let answer = ask(std::slice::from_ref(&policy), &flow);
            assert_eq!(answer.allowed, Some(!refused), "{policy} {answer}");
        }
    }
    for (protocols, flow, refused) in [
        (
            json!([{"tcp": {"destinationPort": {"number": 8080}}}]),
            tcp(8080),
            true,
        ),
        (
            json!([{"tcp": {"destinationPort": {"range": {"start": 1, "end": 80}}}}]),
            tcp(8080),
            false,
        ),
        (json!([{"tcp": {}}]), tcp(4), true),
        (json!([{"tcp": {}}]), udp(4), false),
        (
            json!([{"udp": {}}, {"tcp": {"destinationPort": {"number": 4}}}]),
            tcp(4),
            true,
        ),
        (json!([{"destinationNamedPort": "web"}]), tcp(8080), true),
        (json!([{"destinationNamedPort": "web"}]), tcp(8081), false),
    ] {
        let mut denied = rule("Deny", "from", everywhere());
        denied["protocols"] = protocols;
        let policy = cluster("Admin", 1, everywhere(), json!([denied]), json!([]));
        let answer = ask(std::slice::from_ref(&policy), &flow);
        assert_eq!(answer.allowed, Some(!refused), "{policy} {answer}");
    }
}

#[test]
fn egress_also_means_nodes_networks_and_names() {
    let to_node = |node: &str| json!({"src": "red/client", "dst": {"entity": "remote-node", "node": node}, "port": 10250});
    let to = |ip: &str| json!({"src": "red/client", "dst": {"ip": ip}, "port": 443});
    let nodes = json!({"nodes": {"matchLabels": {"name": "n2"}}});
    for (peer, flow, expected) in [
        (nodes.clone(), to_node("n2"), Some(false)),
        (nodes.clone(), to_node("n1"), Some(true)),
        (nodes.clone(), to("172.18.0.3"), Some(false)),
        (nodes, to("10.0.1.1"), Some(true)),
        (
            json!({"networks": ["203.0.113.0/24"]}),
            to("203.0.113.9"),
            Some(false),
        ),
        (
            json!({"networks": ["203.0.113.0/24"]}),
            to("203.0.114.9"),
            Some(true),
        ),
        (
            json!({"networks": ["192.0.2.0/24", "203.0.113.0/24"]}),
            to("203.0.113.9"),
            Some(false),
        ),
        // A network holds whatever has an address in it, pods and nodes, too.
        (
            json!({"networks": ["10.0.1.0/24"]}),
            to("10.0.1.1"),
            Some(false),
        ),
        (
            json!({"networks": ["0.0.0.0/0"]}),
            to("172.18.0.3"),
            Some(false),
        ),
        (everywhere(), to("203.0.113.9"), Some(true)),
        (
            json!({"networks": ["203.0.113.0/24"]}),
            json!({"src": "red/client", "dst": {"entity": "world"}, "port": 443}),
            None,
        ),
    ] {
        let policy = admin(1, team("red"), json!([]), json!([rule("Deny", "to", peer)]));
        let answer = ask(std::slice::from_ref(&policy), &flow);
        assert_eq!(answer.allowed, expected, "{policy} {flow} {answer}");
        let policy = cluster(
            "Admin",
            1,
            team("red"),
            json!([]),
            policy["spec"]["egress"].clone(),
        );
        assert_eq!(ask(&[policy], &flow).allowed, expected, "{flow}");
    }
    // The address of a name is not known; nothing but that lets the client out.
    let names = json!([
        rule("Accept", "to", json!({"domainNames": ["*.example.com"]})),
        rule("Deny", "to", json!({"networks": ["0.0.0.0/0"]}))
    ]);
    let policy = cluster("Admin", 1, team("red"), json!([]), names);
    assert_eq!(
        ask(std::slice::from_ref(&policy), &to("203.0.113.9")).allowed,
        None
    );
    assert_eq!(
        ask(&[policy], &call()).allowed,
        Some(false),
        "a pod is no address of a name"
    );
}

#[test]
fn both_ends_are_asked_each_by_its_own_policies() {
    let allow_out = admin(
        1,
        team("red"),
        json!([]),
        json!([rule("Allow", "to", everywhere())]),
    );
    let deny_in = admin(
        2,
        team("blue"),
        json!([rule("Deny", "from", everywhere())]),
        json!([]),
    );
    let answer = ask(&[allow_out.clone(), deny_in.clone()], &call());
    assert_eq!(answer.at, Some(Layer::IngressPolicy), "{answer}");
    let deny_out = admin(
        1,
        team("red"),
        json!([]),
        json!([rule("Deny", "to", team("blue"))]),
    );
    let answer = ask(&[deny_out, deny_in], &call());
    assert_eq!(answer.at, Some(Layer::EgressPolicy), "{answer}");
    let step = answer.steps.last().unwrap();
    assert_eq!(step.object.as_deref(), Some("AdminNetworkPolicy admin-1"));
    assert_eq!(step.path.as_deref(), Some("spec.egress[0]"));
}
