//! The matrix says of every pair, port and request what the evaluator of single flows says.

use std::collections::BTreeMap;
use std::net::IpAddr;

use proptest::prelude::*;
use serde_json::{Value, json};
use stack_model::Model;
use stack_reach::{Cni, Flow, Line, Name, Party, Place, Protocol, Reach, Request, Settings};

const NAMESPACES: [&str; 3] = ["a", "b", "c"];
const PORTS: [u16; 4] = [53, 80, 8080, 9000];
const OUTSIDE: [&str; 3] = ["10.1.2.3", "10.9.9.9", "203.0.113.7"];

fn label() -> impl Strategy<Value = (String, String)> {
    ("[xy]", "[12]")
}

fn labels() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[xy]", "[12]", 0..3).prop_map(|labels| json!(labels))
}

fn selector() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        label().prop_map(|(key, value)| json!({"matchLabels": {key: value}})),
        (label(), prop::sample::select(vec!["In", "NotIn"]))
            .prop_map(|((key, value), operator)| json!({"matchExpressions": [{"key": key, "operator": operator, "values": [value]}]})),
        ("[xy]", prop::sample::select(vec!["Exists", "DoesNotExist"]))
            .prop_map(|(key, operator)| json!({"matchExpressions": [{"key": key, "operator": operator}]})),
    ]
}

fn pods() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec((0usize..3, labels(), prop::sample::select(vec![80u16, 8080, 9000])), 2..6).prop_map(|pods| {
        let pod = |(index, (namespace, labels, port)): (usize, (usize, Value, u16))| {
            json!({"apiVersion": "v1", "kind": "Pod",
                "metadata": {"name": format!("p{index}"), "namespace": NAMESPACES[namespace], "labels": labels},
                "spec": {"containers": [{"name": "c", "ports": [{"name": "web", "containerPort": port}]}]}})
        };
        pods.into_iter().enumerate().map(pod).collect()
    })
}

fn namespaces() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(labels(), 3).prop_map(|all| {
        let namespace = |(index, labels): (usize, Value)| {
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACES[index], "labels": labels}})
        };
        all.into_iter().enumerate().map(namespace).collect()
    })
}

fn block() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({"cidr": "0.0.0.0/0", "except": ["10.1.0.0/16"]})),
        Just(json!({"cidr": "10.0.0.0/8"})),
        Just(json!({"cidr": "10.0.0.0/8", "except": ["10.1.2.0/24"]})),
    ]
}

fn network_policy() -> impl Strategy<Value = Value> {
    let peer = prop_oneof![
        selector().prop_map(|pods| json!({"podSelector": pods})),
        selector().prop_map(|namespaces| json!({"namespaceSelector": namespaces})),
        (selector(), selector()).prop_map(
            |(pods, namespaces)| json!({"podSelector": pods, "namespaceSelector": namespaces})
        ),
        block().prop_map(|block| json!({"ipBlock": block})),
    ];
    let port = prop_oneof![
        Just(json!({"port": 80})),
        Just(json!({"port": "web"})),
        Just(json!({"port": 80, "endPort": 8999})),
        Just(json!({"protocol": "UDP"})),
    ];
    let rules = (
        prop::collection::vec(peer, 0..3),
        prop::collection::vec(port, 0..3),
    );
    let rules = prop::collection::vec(rules, 0..3);
    let types = prop::sample::select(vec![
        json!(["Ingress"]),
        json!(["Egress"]),
        json!(["Ingress", "Egress"]),
    ]);
    (0usize..3, selector(), types, rules.clone(), rules).prop_map(|(namespace, pods, types, ingress, egress)| {
        let rule = |(peers, ports): (Vec<Value>, Vec<Value>), key: &str| json!({key: peers, "ports": ports});
        json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"namespace": NAMESPACES[namespace]},
            "spec": {"podSelector": pods, "policyTypes": types,
                "ingress": ingress.into_iter().map(|it| rule(it, "from")).collect::<Vec<_>>(),
                "egress": egress.into_iter().map(|it| rule(it, "to")).collect::<Vec<_>>()}})
    })
}

/// A rule of Cilium about requests.
fn http_rule() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!({}),
        json!({"method": "GET"}),
        json!({"method": "GET|PUT", "path": "/api/.*"}),
        json!({"path": "/api/v[12]"}),
        json!({"host": "web[.].*"}),
        json!({"headers": ["X-Team: blue"]}),
        json!({"headerMatches": [{"name": "x-team", "value": "red"}]}),
        json!({"headerMatches": [{"name": "x-team", "secret": {"name": "s"}}]}),
        json!({"headerMatches": [{"name": "x-team", "value": "red", "mismatch": "LOG"}]}),
        json!({"method": "("}),
    ])
}

/// An entry of a Cilium rule; `side` is `from` or `to`.
fn cilium_entry(side: &'static str, deny: bool) -> impl Strategy<Value = Value> {
    let peers = prop_oneof![
        Just(json!({})),
        selector().prop_map(move |selector| json!({format!("{side}Endpoints"): [selector]})),
        (selector(), 0usize..3).prop_map(move |(mut selector, namespace)| {
            selector["matchLabels"]["k8s:io.kubernetes.pod.namespace"] =
                json!(NAMESPACES[namespace]);
            json!({format!("{side}Endpoints"): [selector]})
        }),
        Just(json!({format!("{side}Endpoints"): []})),
        prop::sample::select(vec!["all", "cluster", "world", "none"])
            .prop_map(move |entity| json!({format!("{side}Entities"): [entity]})),
        block().prop_map(move |block| json!({format!("{side}CIDRSet"): [block]})),
    ];
    let http = match deny {
        true => Just(None).boxed(),
        false => prop::option::of(prop::collection::vec(http_rule(), 1..3)).boxed(),
    };
    let port = prop_oneof![
        Just(json!({"port": "80", "protocol": "TCP"})),
        Just(json!({"port": "8000", "endPort": 9000})),
        Just(json!({"port": "web", "protocol": "TCP"})),
        Just(json!({"port": "0", "protocol": "UDP"})),
    ];
    let ports = prop::option::of((prop::collection::vec(port, 1..3), http));
    (peers, ports).prop_map(|(mut entry, ports)| {
        if let Some((ports, http)) = ports {
            let mut group = json!({"ports": ports});
            if let Some(rules) = http {
                group["rules"] = json!({"http": rules});
            }
            entry["toPorts"] = json!([group]);
        }
        entry
    })
}

fn cilium_policy() -> impl Strategy<Value = Value> {
    let list = |side, deny| prop::option::of(prop::collection::vec(cilium_entry(side, deny), 1..3));
    let switch = prop::option::of(any::<bool>());
    let rules = (
        list("from", false),
        list("to", false),
        list("from", true),
        list("to", true),
    );
    (prop::option::of(0usize..3), selector(), rules, switch).prop_map(|(namespace, pods, rules, switch)| {
        let mut spec = json!({"endpointSelector": pods, "ingress": []});
        let (ingress, egress, ingress_deny, egress_deny) = rules;
        for (name, list) in [("ingress", ingress), ("egress", egress), ("ingressDeny", ingress_deny), ("egressDeny", egress_deny)] {
            if let Some(list) = list {
                spec[name] = json!(list);
            }
        }
        if let Some(switch) = switch {
            spec["enableDefaultDeny"] = json!({"ingress": switch, "egress": switch});
        }
        match namespace {
            Some(namespace) => json!({"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy",
                "metadata": {"namespace": NAMESPACES[namespace]}, "spec": spec}),
            None => json!({"apiVersion": "cilium.io/v2", "kind": "CiliumClusterwideNetworkPolicy", "metadata": {}, "spec": spec}),
        }
    })
}

fn admin_policy() -> impl Strategy<Value = Value> {
    let peer = prop_oneof![
        selector().prop_map(|namespaces| json!({"namespaces": namespaces})),
        (selector(), selector()).prop_map(|(namespaces, pods)| json!({"pods": {"namespaceSelector": namespaces, "podSelector": pods}})),
    ];
    let protocols = prop::option::of(prop_oneof![
        Just(json!({"tcp": {"destinationPort": {"number": 80}}})),
        Just(json!({"tcp": {"destinationPort": {"range": {"start": 80, "end": 8999}}}})),
        Just(json!({"udp": {}})),
        Just(json!({"destinationNamedPort": "web"})),
    ]);
    let network = prop::option::of(prop::sample::select(vec!["10.0.0.0/8", "10.1.0.0/16"]));
    let rule = (
        peer.clone(),
        prop::sample::select(vec!["Accept", "Deny", "Pass"]),
        protocols,
        network,
    );
    let rules = prop::collection::vec(rule, 0..4);
    let tier = prop::sample::select(vec!["Admin", "Baseline"]);
    (tier, 0..5i32, peer, rules.clone(), rules).prop_map(|(tier, priority, subject, ingress, egress)| {
        let rule = |(peer, action, protocols, network): (Value, &str, Option<Value>, Option<&str>), key: &str| {
            let mut peers = vec![peer];
            if let (Some(network), "to") = (network, key) {
                peers.push(json!({"networks": [network]}));
            }
            let mut rule = json!({"action": action, key: peers});
            if let Some(protocols) = protocols {
                rule["protocols"] = json!([protocols]);
            }
            rule
        };
        json!({"apiVersion": "policy.networking.k8s.io/v1alpha2", "kind": "ClusterNetworkPolicy", "metadata": {},
            "spec": {"tier": tier, "priority": priority, "subject": subject,
                "ingress": ingress.into_iter().map(|it| rule(it, "from")).collect::<Vec<_>>(),
                "egress": egress.into_iter().map(|it| rule(it, "to")).collect::<Vec<_>>()}})
    })
}

fn policies() -> impl Strategy<Value = Vec<Value>> {
    let policy = prop_oneof![3 => network_policy(), 3 => cilium_policy(), 2 => admin_policy()];
    prop::collection::vec(policy, 0..6).prop_map(|mut policies| {
        for (index, policy) in policies.iter_mut().enumerate() {
            policy["metadata"]["name"] = json!(format!("policy-{index}"));
        }
        policies
    })
}

/// Objects of a mesh: which namespaces are in it, what its servers take, whom they let in.
fn mesh() -> impl Strategy<Value = Vec<Value>> {
    let mode = prop::sample::select(vec!["STRICT", "PERMISSIVE", "DISABLE"]);
    let peer = (0usize..3, mode.clone(), prop::option::of(mode)).prop_map(|(namespace, mode, port)| {
        let mut spec = json!({"mtls": {"mode": mode}});
        if let Some(port) = port {
            spec["selector"] = json!({"matchLabels": {"x": "1"}});
            spec["portLevelMtls"] = json!({"8080": {"mode": port}});
        }
        json!({"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"namespace": NAMESPACES[namespace]}, "spec": spec})
    });
    let source = prop_oneof![
        Just(json!({"namespaces": ["a"]})),
        Just(json!({"notNamespaces": ["b"]})),
        Just(json!({"principals": ["cluster.local/ns/a/sa/default"]})),
        Just(json!({"ipBlocks": ["10.1.0.0/16"]})),
        Just(json!({"remoteIpBlocks": ["10.1.0.0/16"]})),
        Just(json!({"notRemoteIpBlocks": ["10.0.0.0/8"], "namespaces": ["a"]})),
    ];
    let operation = prop_oneof![
        Just(json!({"ports": ["80", "8080"]})),
        Just(json!({"notPorts": ["53"]})),
        Just(json!({"methods": ["GET"]})),
        Just(json!({"notMethods": ["GET"], "ports": ["80"]})),
        Just(json!({"paths": ["/api/*"], "methods": ["GET", "PUT"]})),
        Just(json!({"paths": ["/api/{*}"], "notPaths": ["*/v1"]})),
        Just(json!({"notPaths": ["/{**}1"]})),
        Just(json!({"hosts": ["WEB.*"]})),
        Just(json!({"notHosts": ["*.example"]})),
    ];
    let when = prop_oneof![
        Just(json!({"key": "request.headers[x-team]", "values": ["bl*"]})),
        Just(json!({"key": "request.headers[X-Team]", "notValues": ["red"]})),
        Just(json!({"key": "request.auth.claims[group]", "values": ["admin"]})),
        Just(json!({"key": "request.auth.principal", "notValues": ["i/s"]})),
        Just(json!({"key": "source.namespace", "values": ["a"]})),
    ];
    let rule = (
        prop::option::of(source),
        prop::option::of(operation),
        prop::option::of(when),
    )
        .prop_map(|(source, operation, when)| {
            let mut rule = json!({});
            if let Some(when) = when {
                rule["when"] = json!([when]);
            }
            if let Some(source) = source {
                rule["from"] = json!([{"source": source}]);
            }
            if let Some(operation) = operation {
                rule["to"] = json!([{"operation": operation}]);
            }
            rule
        });
    let action = prop::sample::select(vec!["ALLOW", "DENY", "CUSTOM", "AUDIT"]);
    let selector = prop::option::of(label());
    let policy = (0usize..3, action, selector, prop::collection::vec(rule, 0..3)).prop_map(|(namespace, action, selector, rules)| {
        let mut spec = json!({"action": action, "rules": rules});
        if action == "CUSTOM" {
            spec["provider"] = json!({"name": "p"});
        }
        if let Some((key, value)) = selector {
            spec["selector"] = json!({"matchLabels": {key: value}});
        }
        json!({"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"namespace": NAMESPACES[namespace]}, "spec": spec})
    });
    let tokens = (0usize..3, prop::option::of(Just("x-token"))).prop_map(|(namespace, header)| {
        let mut rule = json!({"issuer": "i"});
        if let Some(header) = header {
            rule["fromHeaders"] = json!([{"name": header}]);
        }
        json!({"apiVersion": "security.istio.io/v1", "kind": "RequestAuthentication", "metadata": {"namespace": NAMESPACES[namespace]},
            "spec": {"jwtRules": [rule]}})
    });
    let at_waypoint = (0usize..3, prop::sample::select(vec!["ALLOW", "DENY"]), prop::sample::select(vec!["GET", "PUT"])).prop_map(
        |(namespace, action, method)| {
            json!({"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"namespace": NAMESPACES[namespace]},
                "spec": {"action": action, "targetRefs": [{"kind": "Gateway", "group": "gateway.networking.k8s.io", "name": "waypoint"}],
                    "rules": [{"to": [{"operation": {"methods": [method]}}]}]}})
        },
    );
    let listener = (0usize..3, any::<bool>()).prop_map(|(namespace, ends_tls)| {
        let mut listener = json!({"port": {"number": 8080, "name": "http", "protocol": "HTTP"}, "defaultEndpoint": "127.0.0.1:80"});
        if ends_tls {
            listener["tls"] = json!({"mode": "SIMPLE"});
        }
        json!({"apiVersion": "networking.istio.io/v1", "kind": "Sidecar", "metadata": {"namespace": NAMESPACES[namespace]},
            "spec": {"ingress": [listener]}})
    });
    let object = prop_oneof![2 => peer, 4 => policy, 1 => tokens, 1 => at_waypoint, 1 => listener];
    prop::collection::vec(object, 0..4).prop_map(|mut objects| {
        for (index, object) in objects.iter_mut().enumerate() {
            object["metadata"]["name"] = json!(format!("mesh-{index}"));
        }
        objects
    })
}

/// Requests of which some are let through, and some are not.
fn requests() -> Vec<Request> {
    let with = |method: &str, path: &str, host: &str, headers: &[(&str, &str)]| Request {
        host: (!host.is_empty()).then(|| host.to_owned()),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Request::new(method, path)
    };
    vec![
        with("GET", "/", "", &[]),
        with("GET", "/api/v1", "web.example", &[("X-Team", "blue")]),
        with("PUT", "/api/v2?x=1", "Web.Example", &[("x-team", "red")]),
        with(
            "GET",
            "/x/../api/v1/y",
            "db",
            &[("Authorization", "Bearer a.b.c")],
        ),
        with(
            "POST",
            "/api/v1",
            "web.demo",
            &[("x-token", "t"), ("x-team", "")],
        ),
    ]
}

/// How each namespace takes part in the mesh.
fn dataplanes() -> impl Strategy<Value = Vec<Option<(&'static str, &'static str)>>> {
    let plane = prop::sample::select(vec![
        None,
        Some(("istio.io/dataplane-mode", "ambient")),
        Some(("istio-injection", "enabled")),
        // In a network of its own.
        Some(("topology.istio.io/network", "far")),
        // With a waypoint before the pods.
        Some(("istio.io/use-waypoint", "waypoint")),
    ]);
    prop::collection::vec(plane, 3)
}

/// What the matrix says: allowed, refused, or `None` where it depends.
fn said(
    found: Option<&Line>,
    protocol: Protocol,
    port: u16,
    request: Option<&Request>,
) -> Option<bool> {
    found.map_or(Some(false), |line| line.answer(protocol, port, request))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn the_matrix_agrees_with_single_flows(
        namespaces in namespaces(),
        pods in pods(),
        policies in policies(),
        mesh in mesh(),
        dataplanes in dataplanes(),
        cni in prop::sample::select(vec![Cni::Generic, Cni::Cilium]),
    ) {
        let mut namespaces = namespaces;
        let mut waypoints = Vec::new();
        for (namespace, plane) in namespaces.iter_mut().zip(dataplanes) {
            if let Some((key, value)) = plane {
                namespace["metadata"]["labels"][key] = json!(value);
                if key == "topology.istio.io/network" {
                    namespace["metadata"]["labels"]["istio.io/dataplane-mode"] = json!("ambient");
                } else {
                    namespace["metadata"]["labels"]["topology.istio.io/network"] = json!("near");
                }
                if key == "istio.io/use-waypoint" {
                    namespace["metadata"]["labels"]["istio.io/dataplane-mode"] = json!("ambient");
                    waypoints.push(json!({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
                        "metadata": {"name": "waypoint", "namespace": namespace["metadata"]["name"], "labels": {"istio.io/waypoint-for": "all"}},
                        "spec": {"gatewayClassName": "istio-waypoint", "listeners": [{"name": "mesh", "port": 15008, "protocol": "HBONE"}]}}));
                }
            }
        }
        let objects: Vec<Value> = namespaces.into_iter().chain(pods.clone()).chain(policies).chain(mesh).chain(waypoints).collect();
        let settings = Settings { cni: Some(cni), ..Settings::default() };
        let model = Model::read(objects);
        let reach = Reach::with(&model, settings);
        prop_assert!(reach.unread().is_empty(), "{:?}", reach.unread());
        let matrix = reach.matrix();
        let name = |pod: &Value| Name::new(pod["metadata"]["namespace"].as_str().unwrap(), pod["metadata"]["name"].as_str().unwrap());
        let mut lines = BTreeMap::new();
        for line in matrix.lines() {
            lines.insert((line.from.clone(), line.to.clone()), line.clone());
        }
        let party = |place: &Place| match place {
            Place::Workload(name) => Party::Workload {
                namespace: name.namespace.as_str().into(),
                name: name.name.as_str().into(),
                kind: "Pod".into(),
            },
            _ => Party::IngressController,
        };
        let inside: Vec<Place> = pods.iter().map(|pod| Place::Workload(name(pod))).collect();
        let outside: Vec<Place> = OUTSIDE.iter().map(|ip| Place::Ip { ip: ip.parse::<IpAddr>().unwrap() }).collect();
        let found = |from: &Place, to: &Place| {
            let address = |place: &Place| match place { Place::Ip { ip } => Some(*ip), _ => None };
            let fits = |side: &Party, place: &Place| match (side, address(place)) {
                (Party::Outside(block), Some(ip)) => block.contains(ip),
                (side, None) => *side == party(place),
                _ => false,
            };
            match (address(from), address(to)) {
                (None, None) => lines.get(&(party(from), party(to))),
                _ => lines.iter().find(|((a, b), _)| fits(a, from) && fits(b, to)).map(|(_, said)| said),
            }
        };
        for from in inside.iter().chain(&outside) {
            for to in inside.iter().chain(&outside) {
                if from == to || (outside.contains(from) && outside.contains(to)) {
                    continue;
                }
                for protocol in [Protocol::Tcp, Protocol::Udp] {
                    for port in PORTS {
                        let flow = Flow::new(from.clone(), to.clone(), port).over(protocol);
                        let answer = reach.flow(&flow);
                        let line = found(from, to);
                        prop_assert_eq!(answer.allowed, said(line, protocol, port, None), "{}: {}", flow, answer);
                        if protocol != Protocol::Tcp {
                            continue;
                        }
                        for request in requests() {
                            let expected = said(line, protocol, port, Some(&request));
                            let flow = flow.clone().with_request(request);
                            let answer = reach.flow(&flow);
                            prop_assert_eq!(answer.allowed, expected, "{} {:?}: {} {:?}", flow, flow.request, answer, line.map(|line| &line.requests));
                        }
                    }
                }
            }
        }
    }

    /// Who deletes a rule that is said to be redundant, or never to have an effect, changes nothing.
    #[test]
    fn a_rule_that_is_said_to_say_nothing_may_be_taken_away(
        namespaces in namespaces(),
        pods in pods(),
        policies in policies(),
        cni in prop::sample::select(vec![Cni::Generic, Cni::Cilium]),
    ) {
        let settings = || Settings { cni: Some(cni), ..Settings::default() };
        let objects: Vec<Value> = namespaces.into_iter().chain(pods).chain(policies).collect();
        let model = Model::read(objects.clone());
        let reach = Reach::with(&model, settings());
        let before = reach.matrix();
        for finding in reach.findings() {
            if !finding.code.ends_with("-policy-rule") {
                continue;
            }
            let path = finding.path.to_string();
            let (list, index) = path.strip_suffix(']').and_then(|path| path.rsplit_once('[')).unwrap();
            let pointer = format!("/{}", list.replace('.', "/"));
            let mut without = objects.clone();
            for object in &mut without {
                let metadata = &object["metadata"];
                let place = match metadata["namespace"].as_str() {
                    Some(namespace) => format!("{namespace}/"),
                    None => String::new(),
                };
                let name = format!("{} {place}{}", object["kind"].as_str().unwrap(), metadata["name"].as_str().unwrap());
                let same = name == finding.subject.to_string();
                if same {
                    let rules = object.pointer_mut(&pointer).unwrap().as_array_mut().unwrap();
                    let index: usize = index.parse().unwrap();
                    // An empty rule of Cilium isolates as any other, and lets nobody in.
                    match object_kind_is_cilium(&name) {
                        true => rules[index] = json!({}),
                        false => drop(rules.remove(index)),
                    }
                }
            }
            let model = Model::read(without);
            let after = Reach::with(&model, settings()).matrix();
            prop_assert_eq!(&before, &after, "{}", finding);
        }
    }
}

fn object_kind_is_cilium(kind: &str) -> bool {
    kind.starts_with("Cilium")
}
