//! The mode is one of a closed set.

use istio_types::security::v1::MutualTls;

fn main() {
    let _ = MutualTls::new("STRICT");
}
