use k8s_openapi::api::networking::v1::NetworkPolicy;
use stack_builder::{Component, ComponentError, Context, Contribution, Stack};
use stack_catalog::components::Flannel;
use stack_catalog::components::flannel::{Backend, Interface};
use stack_catalog::lab_builder::components::{Cilium, Kind};
use stack_catalog::{Home, k8s_openapi, platform};

use crate::proof::{self, Chart};

const CHART: Chart = Chart {
    folder: "flannel",
    release: "flannel",
    inner: &[],
    unlisted: &[],
    without: &[],
    // Behind a switch that is on here.
    with: &["registry.k8s.io/networking/kube-network-policies:v1.0.0"],
};

fn plain(stack: Stack) -> Stack {
    stack.with(Flannel::default())
}

fn everything(stack: Stack) -> Stack {
    stack.with(Flannel {
        home: Home::own("network"),
        pod_network: "10.42.0.0/16".into(),
        pod_network_v6: Some("fd00:10:42::/56".into()),
        backend: Backend::WireGuard,
        interface: Some(Interface::Matching("^10\\.1\\.".into())),
        nftables: true,
        network_policies: false,
        program_path: "/usr/lib/cni".into(),
        ..Flannel::default()
    })
}

#[test]
fn every_value_is_known_to_the_chart() {
    for build in [plain, everything] {
        for bundle in proof::environments(build) {
            CHART.knows_the_values_of(&bundle);
        }
    }
}

#[test]
fn the_images_are_those_of_the_chart() {
    for bundle in proof::environments(plain) {
        CHART.runs_the_images_of(bundle.part("flannel").unwrap());
    }
    proof::pulls_from_the_mirror(plain);
}

#[test]
fn what_is_declared_is_what_the_chart_makes() {
    for bundle in proof::environments(plain) {
        CHART.makes_what_is_declared_by(&bundle);
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
    let stack = || platform("dev", "dev.example.com").with(Flannel::default());
    let both = proof::codes(stack().with(Cilium::default()).with(Kind::default()));
    assert!(both.contains_key("two-networks"), "{both:?}");
    assert!(!proof::codes(stack()).contains_key("two-networks"));
}

#[test]
fn the_network_of_pods_is_that_of_the_cluster() {
    let found = |network: &str| {
        let flannel = Flannel {
            pod_network: network.into(),
            ..Flannel::default()
        };
        let stack = platform("dev", "dev.example.com");
        let codes = proof::codes(stack.with(Kind::default()).with(flannel));
        codes.contains_key("pod-network-differs")
    };
    assert!(!found("10.244.0.0/16"));
    assert!(found("10.42.0.0/16"));
}

#[derive(Debug)]
struct Closed;

impl Component for Closed {
    fn id(&self) -> &str {
        "closed"
    }
    fn contribute(&self, _: &Context<'_>, out: &mut Contribution) -> Result<(), ComponentError> {
        let mut policy = NetworkPolicy::default();
        policy.metadata.name = Some("closed".into());
        policy.metadata.namespace = Some("default".into());
        policy.spec = Some(Default::default());
        out.object("policy.yaml", policy)
    }
}

#[test]
fn network_policies_need_somebody_who_keeps_them() {
    let found = |network_policies| {
        let flannel = Flannel {
            network_policies,
            ..Flannel::default()
        };
        let stack = platform("dev", "dev.example.com").with(Closed);
        proof::codes(stack.with(flannel)).contains_key("policies-without-effect")
    };
    assert!(found(false));
    assert!(!found(true));
}

#[test]
fn what_is_no_network_is_refused() {
    for (v4, v6, field) in [
        ("10.244.0.0", None, "pod_network"),
        ("10.244.0.0/33", None, "pod_network"),
        ("fd00::/56", None, "pod_network"),
        ("10.244.0.0/16", Some("10.0.0.0/8"), "pod_network_v6"),
    ] {
        let flannel = Flannel {
            pod_network: v4.into(),
            pod_network_v6: v6.map(str::to_owned),
            ..Flannel::default()
        };
        let stack = platform("dev", "dev.example.com").with(flannel);
        let error = stack.build().unwrap_err().to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}
