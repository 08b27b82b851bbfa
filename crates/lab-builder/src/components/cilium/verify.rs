//! Section 2: the questions about Cilium and Hubble.

use stack_builder::verify::{Expectation, Questions};
use stack_builder::{Bundle, Count, Pods};

use crate::ids::CILIUM;

pub(super) fn ask(bundle: &Bundle, questions: &mut Questions) {
    let Some(release) = bundle.release(CILIUM) else {
        return;
    };
    let namespace = release.namespace.as_str();
    let nodes = bundle.count(Pods::each_node());
    let one = |pointer, default| Count::exactly(release.number(pointer, default));
    let operators = one("/operator/replicas", 2);
    questions.pods(
        "VFY-001",
        "one agent on each node",
        namespace,
        "k8s-app=cilium",
        nodes,
        Some("1/1"),
    );
    questions.pods(
        "VFY-002",
        "the operator",
        namespace,
        "name=cilium-operator",
        operators,
        Some("1/1"),
    );
    questions.pods(
        "VFY-003",
        "one Envoy on each node",
        namespace,
        "k8s-app=cilium-envoy",
        nodes,
        None,
    );
    let agent = ["exec", "-n", namespace, "ds/cilium", "--", "cilium-dbg"];
    questions.kubectl(
        "VFY-004",
        "Cilium does the work of kube-proxy",
        &[&agent[..], &["status"]].concat(),
        Expectation::like(
            "KubeProxyReplacement: True",
            ["KubeProxyReplacement: +True".to_owned()],
        ),
    );
    let count = endpoints(bundle);
    questions.kubectl(
        "VFY-005",
        "each pod with an address of its own has an endpoint",
        &["get", "ciliumendpoints", "--all-namespaces", "--no-headers"],
        Expectation::Lines {
            of: "endpoints".to_owned(),
            count,
        },
    );
    let peers = nodes.most.map_or("[0-9]+".to_owned(), |nodes| {
        nodes.saturating_sub(1).to_string()
    });
    questions.kubectl(
        "VFY-006",
        "traffic between nodes is encrypted",
        &[&agent[..], &["encrypt", "status"]].concat(),
        Expectation::like(
            &format!("Encryption: Wireguard, Interface: cilium_wg0, Number of peers: {peers}"),
            [
                "Encryption: +Wireguard".to_owned(),
                "Interface: +cilium_wg0".to_owned(),
                format!("Number of peers: +{peers}( |$)"),
            ],
        ),
    );
    let relays = one("/hubble/relay/replicas", 1);
    questions.pods(
        "VFY-007",
        "Hubble relay",
        namespace,
        "k8s-app=hubble-relay",
        relays,
        None,
    );
}

/// How many endpoints there should be, give or take pods that come and go.
fn endpoints(bundle: &Bundle) -> Count {
    const LEEWAY: u32 = 5;
    let (pods, on_host) = bundle.pods();
    match (pods.most, on_host.most) {
        (Some(_), Some(on_host)) => {
            let number = pods.least.saturating_sub(on_host);
            Count {
                least: number.saturating_sub(LEEWAY),
                most: Some(number.saturating_add(LEEWAY)),
            }
        }
        _ => Count::at_least(1),
    }
}
