//! A port has sixteen bits.

use istio_types::WorkloadSelector;
use istio_types::security::v1::PeerAuthenticationSpec;

fn main() {
    let _ = PeerAuthenticationSpec::permissive_ports(WorkloadSelector::default(), [70000]);
}
