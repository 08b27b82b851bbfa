//! A load balancer is simple or hashes, not both.

use istio_types::networking::v1::{ConsistentHashLb, LoadBalancerSettings, SimpleLb};

fn main() {
    let _ = LoadBalancerSettings {
        simple: Some(SimpleLb::Random),
        consistent_hash: Some(ConsistentHashLb::default()),
        ..LoadBalancerSettings::default()
    };
}
