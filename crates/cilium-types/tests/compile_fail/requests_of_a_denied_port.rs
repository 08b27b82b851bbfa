// A denied port cannot depend on requests.
use cilium_types::v2::{IngressDenyRule, PortRule, PortRuleHttp};

fn main() {
    let _ = IngressDenyRule::default().on([PortRule::tcp(80).http([PortRuleHttp::get("/")])]);
}
