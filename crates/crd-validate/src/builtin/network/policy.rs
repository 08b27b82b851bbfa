//! NetworkPolicies.

use super::super::address;
use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::text;

pub(in super::super) fn policy(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    labels::selector(&spec.get("podSelector"), out);
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.get(direction).items() {
            for port in rule.get("ports").items() {
                check_port(&port, out);
            }
            for peer in rule.get(peers).items() {
                check_peer(&peer, out);
            }
        }
    }
    let types = spec.get("policyTypes");
    if types.list().len() > 2 {
        out.invalid(
            types.path,
            format!("must have at most 2 items, has {}", types.list().len()),
        );
        return;
    }
    for kind in types.items() {
        if !["Ingress", "Egress"].contains(&kind.str()) {
            out.unsupported(kind.path, kind.str(), &["Ingress", "Egress"]);
        }
    }
}

fn check_port(node: &Node<'_, '_>, out: &mut Faults) {
    out.one_of(&node.get("protocol"), &["TCP", "UDP", "SCTP"]);
    let (port, end) = (node.get("port"), node.get("endPort"));
    if !port.is_set() {
        if end.is_set() {
            out.invalid(end.path, "needs a port, from which the range begins");
        }
        return;
    }
    if port.value.is_string() {
        if end.is_set() {
            out.invalid(end.path, "needs a port that is a number");
        }
        text::port_name(&port, out);
        return;
    }
    out.port(&port);
    if end.is_set() {
        if end.int() < port.int() {
            out.invalid(
                end.path,
                format!("{} must be at least port, {}", end.int(), port.int()),
            );
        }
        out.port(&end);
    }
}

fn check_peer(peer: &Node<'_, '_>, out: &mut Faults) {
    let mut count = 0;
    for name in ["podSelector", "namespaceSelector"] {
        let selector = peer.get(name);
        if selector.is_set() {
            count += 1;
            labels::selector(&selector, out);
        }
    }
    let block = peer.get("ipBlock");
    if block.is_set() {
        if count > 0 {
            out.forbidden(peer.path, "ipBlock goes with no other peer");
        }
        check_block(&block, out);
    } else if count == 0 {
        out.required_as(peer.path, "one of podSelector, namespaceSelector, ipBlock");
    }
}

fn check_block(block: &Node<'_, '_>, out: &mut Faults) {
    let cidr = block.get("cidr");
    if cidr.str().is_empty() {
        out.required(cidr.path);
        return;
    }
    let Some(outer) = text::range(&cidr, out) else {
        return;
    };
    for except in block.get("except").items() {
        let Some(inner) = text::range(&except, out) else {
            return;
        };
        if !address::is_within(inner, outer) {
            out.invalid(
                except.path,
                format!(
                    "\"{}\" must be a part of cidr, {}",
                    except.str(),
                    cidr.str()
                ),
            );
        }
    }
}
