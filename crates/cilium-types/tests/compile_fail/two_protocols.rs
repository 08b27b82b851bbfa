// The requests of a port are of one protocol.
use cilium_types::v2::{FqdnSelector, L7Rules, PortRuleHttp};

fn main() {
    let _ = L7Rules::Http(vec![PortRuleHttp::get("/"), FqdnSelector::new("example.com")]);
}
