//! Sections 2 to 4: Cilium, Kong, Istio.

use super::size::{Count, each_node, endpoints, number};
use super::{Checks, Expectation, columns, like, literal};
use crate::components::{CILIUM, ISTIO, KONG};

pub(super) fn add(checks: &mut Checks<'_>) {
    match checks.component.as_str() {
        CILIUM => cilium(checks),
        KONG => kong(checks),
        ISTIO => istio(checks),
        _ => {}
    }
}

fn cilium(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let Some(release) = bundle.release("cilium") else {
        return;
    };
    let namespace = release.namespace.as_str();
    let nodes = each_node(bundle);
    let one = |pointer, default| Count::exactly(number(release, pointer, default));
    let operators = one("/operator/replicas", 2);
    checks.pods(
        "VFY-001",
        "one agent on each node",
        namespace,
        "k8s-app=cilium",
        nodes,
        Some("1/1"),
    );
    checks.pods(
        "VFY-002",
        "the operator",
        namespace,
        "name=cilium-operator",
        operators,
        Some("1/1"),
    );
    checks.pods(
        "VFY-003",
        "one Envoy on each node",
        namespace,
        "k8s-app=cilium-envoy",
        nodes,
        None,
    );
    let agent = ["exec", "-n", namespace, "ds/cilium", "--", "cilium-dbg"];
    checks.kubectl(
        "VFY-004",
        "Cilium does the work of kube-proxy",
        &[&agent[..], &["status"]].concat(),
        like(
            "KubeProxyReplacement: True",
            ["KubeProxyReplacement: +True".to_owned()],
        ),
    );
    let count = endpoints(bundle);
    checks.kubectl(
        "VFY-005",
        "each pod with an address of its own has an endpoint",
        &["get", "ciliumendpoints", "--all-namespaces", "--no-headers"],
        Expectation::Lines {
            of: "endpoints".to_owned(),
            least: count.least,
            most: count.most,
        },
    );
    let peers = nodes.most.map_or("[0-9]+".to_owned(), |nodes| {
        nodes.saturating_sub(1).to_string()
    });
    checks.kubectl(
        "VFY-006",
        "traffic between nodes is encrypted",
        &[&agent[..], &["encrypt", "status"]].concat(),
        like(
            &format!("Encryption: Wireguard, Interface: cilium_wg0, Number of peers: {peers}"),
            [
                "Encryption: +Wireguard".to_owned(),
                "Interface: +cilium_wg0".to_owned(),
                format!("Number of peers: +{peers}( |$)"),
            ],
        ),
    );
    let relays = one("/hubble/relay/replicas", 1);
    checks.pods(
        "VFY-007",
        "Hubble relay",
        namespace,
        "k8s-app=hubble-relay",
        relays,
        None,
    );
}

fn kong(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let wiring = bundle.wiring();
    let (gateway, namespace) = (&wiring.gateway, wiring.gateway.namespace.as_str());
    for class in bundle.objects_of::<gateway_api::v1::GatewayClass>() {
        let controller = class.spec.controller_name.as_str();
        checks.kubectl(
            "VFY-008",
            "the controller has accepted the GatewayClass",
            &["get", "gatewayclass", "--no-headers"],
            like(
                &format!("{} {controller} Accepted=True", gateway.class),
                [columns(&[&gateway.class, controller, "True"])],
            ),
        );
    }
    let programmed = like("Programmed=True", ["^True$".to_owned()]);
    checks.kubectl(
        "VFY-009",
        "the Gateway is programmed",
        &["get", "gateway", "-n", namespace, "--no-headers"],
        like(
            "Programmed=True",
            [format!(
                "^{} +{} .*True",
                literal(&gateway.name),
                literal(&gateway.class)
            )],
        ),
    );
    let routes = bundle
        .objects()
        .filter(|object| object.id().kind == "HTTPRoute");
    let routes = routes.map(|object| object.id().name.clone()).collect();
    checks.names(
        "VFY-010",
        "the routes",
        &["httproutes", "--all-namespaces"],
        routes,
    );
    let mapping =
        |port: crate::wiring::PublishedPort| format!("{}:{}/TCP", port.service, port.node);
    let (http, https) = (mapping(gateway.http), mapping(gateway.https));
    checks.kubectl(
        "VFY-011",
        "the proxy's ports",
        &[
            "get",
            "svc",
            "-n",
            namespace,
            &gateway.proxy_service,
            "--no-headers",
        ],
        like(
            &format!("{http}, {https}"),
            [literal(&http), literal(&https)],
        ),
    );
    let deployment = format!("deploy/{}", gateway.name);
    checks
        .kubectl(
            "VFY-012",
            "the proxy logs requests",
            &["logs", "-n", namespace, &deployment, "--tail=20"],
            like("lines of requests", [r#""[A-Z]+ /[^ ]* HTTP/"#.to_owned()]),
        )
        .lenient = Some("no request has come lately".to_owned());
    checks.kubectl(
        "VFY-035",
        "the Gateway's condition",
        &[
            "get",
            "gateway",
            "-n",
            namespace,
            &gateway.name,
            "-o",
            r#"jsonpath={.status.conditions[?(@.type=="Programmed")].status}"#,
        ],
        programmed,
    );
    checks.kubectl(
        "VFY-038",
        "Kong's own opinion",
        &[
            "exec",
            "-n",
            namespace,
            &deployment,
            "-c",
            "proxy",
            "--",
            "kong",
            "health",
        ],
        like("Kong is healthy", ["Kong is healthy".to_owned()]),
    );
}

fn istio(checks: &mut Checks<'_>) {
    let bundle = checks.bundle;
    let wiring = bundle.wiring();
    let namespace = wiring.mesh.root_namespace.as_str();
    let nodes = each_node(bundle);
    let istiod = bundle
        .releases()
        .find(|release| release.chart.name == "istiod");
    let istiods = istiod.map_or(1, |release| number(release, "/replicaCount", 1));
    checks.pods(
        "VFY-013",
        "the control plane",
        namespace,
        "app=istiod",
        Count::exactly(istiods),
        Some("1/1"),
    );
    checks.pods(
        "VFY-014",
        "one ztunnel on each node",
        namespace,
        "app=ztunnel",
        nodes,
        Some("1/1"),
    );
    checks.pods(
        "VFY-015",
        "the CNI on each node",
        namespace,
        "k8s-app=istio-cni-node",
        nodes,
        None,
    );
    checks.kubectl(
        "VFY-016",
        "mutual TLS is a must in the whole mesh",
        &["get", "peerauthentication", "-n", namespace, "--no-headers"],
        like("default STRICT", [columns(&["default", "STRICT"])]),
    );
    let (key, value) = istio_types::labels::DataplaneMode::Ambient.label();
    let label = format!("{key}={value}");
    checks.kubectl(
        "VFY-017",
        "the demo app's namespace is in the mesh",
        &[
            "get",
            "ns",
            &wiring.demo.namespace,
            "--show-labels",
            "--no-headers",
        ],
        like(&label, [literal(&label)]),
    );
    checks
        .kubectl(
            "VFY-018",
            "ztunnel carries connections",
            &["logs", "-n", namespace, "ds/ztunnel", "--tail=10"],
            like("lines about connections", ["[Cc]onnection".to_owned()]),
        )
        .lenient = Some("no connection has come through this node lately".to_owned());
}
