// A rule governs endpoints or nodes, never both.
use cilium_types::v2::{EndpointSelector, Rule};

fn main() {
    let _ = Rule {
        endpoint_selector: EndpointSelector::everything(),
        node_selector: EndpointSelector::everything(),
        ..Rule::endpoints(EndpointSelector::everything())
    };
}
