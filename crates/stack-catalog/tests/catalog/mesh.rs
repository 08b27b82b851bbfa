//! Components of the catalogue in the lab's network and mesh: Cilium without kube-proxy, Istio ambient under STRICT.

use stack_builder::Stack;
use stack_catalog::components::metrics_server::KubeletTls;
use stack_catalog::components::{CertManager, KubePrometheusStack, Kyverno, MetricsServer};
use stack_catalog::lab_builder::components::{Cilium, Istio, Kind};
use stack_catalog::{Home, platform};

use crate::proof;

fn in_the_mesh() -> Stack {
    platform("dev", "dev.example.com")
        .with(Kind::default())
        .with(Cilium::default())
        .with(Istio::default())
}

#[test]
fn beside_cilium_and_ambient_the_components_are_clean() {
    let server = MetricsServer {
        kubelet_tls: KubeletTls::Insecure,
        ..MetricsServer::default()
    };
    let stack = in_the_mesh()
        .with(CertManager::default())
        .with(Kyverno::default())
        .with(server)
        .with(KubePrometheusStack::default());
    proof::is_clean(&stack.build().unwrap(), &[]);
}

#[test]
fn a_webhook_inside_a_strict_mesh_is_found() {
    let manager = |home: Home| {
        let manager = CertManager {
            home,
            ..CertManager::default()
        };
        proof::codes(in_the_mesh().with(manager))
    };
    let inside = manager(Home::own("cert-manager").in_ambient_mesh());
    assert!(inside.contains_key("plain-text-callers"), "{inside:?}");
    let outside = manager(Home::own("cert-manager"));
    assert!(!outside.contains_key("plain-text-callers"), "{outside:?}");
}

#[test]
fn a_cilium_that_goes_around_the_mesh_is_found() {
    let codes = |host_only| {
        let mut cilium = Cilium::default();
        cilium.values.socket_lb.host_namespace_only = host_only;
        let manager = CertManager {
            home: Home::own("cert-manager").in_ambient_mesh(),
            ..CertManager::default()
        };
        let stack = platform("dev", "dev.example.com").with(Kind::default());
        let stack = stack.with(cilium).with(Istio::default()).with(manager);
        proof::codes(stack).contains_key("socket-balancing")
    };
    assert!(codes(false));
    assert!(!codes(true));
}
