//! Section 4: the questions about the mesh.

use istio_types::labels::DataplaneMode;
use stack_builder::verify::{Expectation, Questions, columns, literal};
use stack_builder::{Bundle, Count, Pods};

use crate::wiring::Wiring;

pub(super) fn ask(wiring: &Wiring, bundle: &Bundle, questions: &mut Questions) {
    let namespace = wiring.mesh.root_namespace.as_str();
    let nodes = bundle.count(Pods::each_node());
    let istiod = bundle
        .releases()
        .find(|release| release.chart.name == "istiod");
    let istiods = istiod.map_or(1, |release| release.number("/replicaCount", 1));
    questions.pods(
        "VFY-013",
        "the control plane",
        namespace,
        "app=istiod",
        Count::exactly(istiods),
        Some("1/1"),
    );
    questions.pods(
        "VFY-014",
        "one ztunnel on each node",
        namespace,
        "app=ztunnel",
        nodes,
        Some("1/1"),
    );
    questions.pods(
        "VFY-015",
        "the CNI on each node",
        namespace,
        "k8s-app=istio-cni-node",
        nodes,
        None,
    );
    questions.kubectl(
        "VFY-016",
        "mutual TLS is a must in the whole mesh",
        &["get", "peerauthentication", "-n", namespace, "--no-headers"],
        Expectation::like("default STRICT", [columns(&["default", "STRICT"])]),
    );
    let (key, value) = DataplaneMode::Ambient.label();
    let label = format!("{key}={value}");
    questions.kubectl(
        "VFY-017",
        "the demo app's namespace is in the mesh",
        &[
            "get",
            "ns",
            &wiring.demo.namespace,
            "--show-labels",
            "--no-headers",
        ],
        Expectation::like(&label, [literal(&label)]),
    );
    questions
        .kubectl(
            "VFY-018",
            "ztunnel carries connections",
            &["logs", "-n", namespace, "ds/ztunnel", "--tail=10"],
            Expectation::like("lines about connections", ["[Cc]onnection".to_owned()]),
        )
        .lenient = Some("no connection has come through this node lately".to_owned());
}
