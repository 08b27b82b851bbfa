use stack_builder::Stack;
use stack_catalog::components::calico::{Calico, DataPlane, Encapsulation};
use stack_catalog::lab_builder::Wiring;
use stack_catalog::lab_builder::components::{Cilium, Kind};
use stack_catalog::{Home, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "tigera-operator",
    release: "calico",
    inner: &[],
    // Commented out in the values file, or members of the Installation that the template hands on.
    unlisted: &[
        "installation.cni",
        "installation.calicoNetwork",
        "installation.nodeMetricsPort",
        "installation.registry",
        "installation.imagePath",
    ],
    without: &[],
    // Run by the operator, which no rendering shows.
    with: &[
        "quay.io/calico/node:v3.32.1",
        "quay.io/calico/cni:v3.32.1",
        "quay.io/calico/kube-controllers:v3.32.1",
        "quay.io/calico/typha:v3.32.1",
        "quay.io/calico/pod2daemon-flexvol:v3.32.1",
        "quay.io/calico/apiserver:v3.32.1",
    ],
};

const DEFINITIONS: Chart = Chart {
    folder: "calico-crds",
    release: "calico-crds",
    inner: &[],
    unlisted: &[],
    without: &[],
    with: &[],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Calico::default())
}

fn everything(stack: Stack) -> Stack {
    stack.with(Calico {
        home: Home::own("calico-operator"),
        encapsulation: Encapsulation::IpIp,
        bgp: true,
        data_plane: DataPlane::Bpf {
            api_server: "api.example.com".into(),
            port: 6443,
        },
        api_server: false,
        node_metrics_port: Some(9091),
        ..Calico::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
        let bundle = build(platform("dev", "example.com"));
        let bundle = bundle
            .registry("mirror.internal/x".parse().unwrap())
            .build()
            .unwrap();
        CHART.knows_the_values_of(&bundle);
        let installation = &bundle.release("calico").unwrap().values["installation"];
        assert_eq!(installation["registry"], "mirror.internal/x/");
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("calico").unwrap());
    }
    proof::pulls_from_the_mirror_by_folder(everything, "quay.io/calico/");
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
        DEFINITIONS.makes_what_is_declared_by(&bundle);
    }
}

#[test]
fn each_environment_is_clean() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            proof::is_clean(&bundle, &[]);
            proof::writes_a_tree(&bundle);
        }
    }
}

#[test]
fn a_cluster_has_one_network() {
    let mut wiring = Wiring::default();
    wiring.cluster.api_server = Some("api.example.com".into());
    let stack = platform("dev", "dev.example.com")
        .wire(wiring)
        .with(Cilium::default());
    let codes = proof::codes(stack.with(Calico::default()).detach("cilium", "kind"));
    assert_eq!(codes.get("two-networks"), Some(&1), "{codes:?}");
}

#[test]
fn without_kube_proxy_calico_takes_its_place() {
    let codes = |data_plane| {
        let calico = Calico {
            data_plane,
            ..Calico::default()
        };
        let stack = platform("dev", "dev.example.com")
            .with(Kind::default())
            .with(calico);
        proof::codes(stack).contains_key("calico-without-kube-proxy")
    };
    // The lab's kind cluster has no kube-proxy.
    assert!(codes(DataPlane::Iptables));
    assert!(!codes(DataPlane::Bpf {
        api_server: "lab-control-plane".into(),
        port: 6443,
    }));
}

#[test]
fn ip_in_ip_needs_bgp() {
    let calico = Calico {
        encapsulation: Encapsulation::IpIp,
        ..Calico::default()
    };
    let error = platform("dev", "dev.example.com")
        .with(calico)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("encapsulation"), "{error}");
}
