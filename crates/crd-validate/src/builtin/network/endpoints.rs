//! Addresses behind services, and the cluster's own.

use std::collections::HashSet;
use std::net::IpAddr;

use kube_vocab::names;

use super::super::address::loose_range;
use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;

const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// An address that traffic may be sent to.
fn reachable(node: &Node<'_, '_>, address: IpAddr, out: &mut Faults) {
    let (link, multicast) = match address {
        IpAddr::V4(v4) => (v4.is_link_local(), v4.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(v6) => (
            (v6.segments()[0] & 0xffc0) == 0xfe80,
            v6.segments()[0] == 0xff02,
        ),
    };
    let what = match () {
        () if address.is_unspecified() => "the unspecified address",
        () if address.is_loopback() => "an address of the loopback",
        () if link => "a link-local address",
        () if multicast => "a link-local address of multicast",
        () => return,
    };
    out.invalid(node.path, format!("{address} must not be {what}"));
}

pub(in super::super) fn endpoints(object: &Node<'_, '_>, out: &mut Faults) {
    for subset in object.get("subsets").items() {
        let (ready, waiting) = (subset.get("addresses"), subset.get("notReadyAddresses"));
        if ready.is_empty() && waiting.is_empty() {
            out.required_as(subset.path, "one of addresses, notReadyAddresses");
        }
        for list in [&ready, &waiting] {
            for address in list.items() {
                check_address(&address, out);
            }
        }
        let ports = subset.get("ports");
        let several = ports.list().len() > 1;
        for port in ports.items() {
            let name = port.get("name");
            if several && name.str().is_empty() {
                out.required(name.path);
            } else if !name.is_empty() {
                out.named(&name, names::dns_label);
            }
            out.port(&port.get("port"));
            out.must_be_one_of(&port.get("protocol"), &PROTOCOLS);
            let app = port.get("appProtocol");
            if app.is_set() {
                out.named(&app, names::qualified_name);
            }
        }
    }
}

fn check_address(node: &Node<'_, '_>, out: &mut Faults) {
    let ip = node.get("ip");
    if let Some(address) = text::address(&ip, out) {
        reachable(&ip, address, out);
    }
    let (hostname, on) = (node.get("hostname"), node.get("nodeName"));
    if !hostname.is_empty() {
        out.named(&hostname, names::dns_label);
    }
    if on.is_set() {
        out.named(&on, names::dns_subdomain);
    }
}

pub(in super::super) fn endpoint_slice(object: &Node<'_, '_>, out: &mut Faults) {
    const MOST: usize = 1000;
    const MOST_PORTS: usize = 20_000;
    const MOST_ADDRESSES: usize = 100;
    const MOST_HINTS: usize = 8;
    let family = object.get("addressType");
    if family.str().is_empty() {
        out.required(family.path);
    } else {
        out.one_of(&family, &["FQDN", "IPv4", "IPv6"]);
    }
    let endpoints = object.get("endpoints");
    if endpoints.list().len() > MOST {
        out.invalid(
            endpoints.path,
            format!(
                "must have at most {MOST} items, has {}",
                endpoints.list().len()
            ),
        );
        return;
    }
    for endpoint in endpoints.items() {
        let addresses = endpoint.get("addresses");
        if addresses.is_empty() {
            out.required_as(addresses.path, "an address at least");
        } else if addresses.list().len() > MOST_ADDRESSES {
            out.invalid(
                addresses.path,
                format!("must have at most {MOST_ADDRESSES} items"),
            );
        }
        for address in addresses.items() {
            match family.str() {
                "IPv4" | "IPv6" => {
                    let Some(found) = text::address(&address, out) else {
                        continue;
                    };
                    if found.is_ipv4() == (family.str() == "IPv4") {
                        reachable(&address, found, out);
                    } else {
                        out.invalid(
                            address.path,
                            format!("{found} must be an {} address", family.str()),
                        );
                    }
                }
                "FQDN" => domain(&address, out),
                _ => {}
            }
        }
        let hostname = endpoint.get("hostname");
        if hostname.is_set() {
            out.named(&hostname, names::dns_label);
        }
        let on = endpoint.get("nodeName");
        if on.is_set() {
            out.named(&on, names::dns_subdomain);
        }
        let hints = endpoint.get("hints");
        for (list, named) in [
            ("forZones", names::label_value as fn(&str) -> names::Verdict),
            ("forNodes", names::dns_subdomain),
        ] {
            let hints = hints.get(list);
            if !out.at_most(&hints, MOST_HINTS) {
                continue;
            }
            let mut seen = HashSet::new();
            for hint in hints.items() {
                let name = hint.get("name");
                if !seen.insert(name.str()) {
                    out.duplicate(name.path, name.str());
                }
                out.named(&name, named);
            }
        }
    }
    let ports = object.get("ports");
    if ports.list().len() > MOST_PORTS {
        out.invalid(ports.path, format!("must have at most {MOST_PORTS} items"));
        return;
    }
    let mut seen = HashSet::new();
    for port in ports.items() {
        let name = port.get("name");
        if !name.is_empty() {
            out.named(&name, names::dns_label);
        }
        if !seen.insert(name.str()) {
            out.duplicate(name.path, name.str());
        }
        out.must_be_one_of(&port.get("protocol"), &PROTOCOLS);
        let app = port.get("appProtocol");
        if app.is_set() {
            out.named(&app, names::qualified_name);
        }
    }
}

/// A whole name in the DNS: two labels at least, and perhaps a point at its end.
fn domain(node: &Node<'_, '_>, out: &mut Faults) {
    let name = node.str().strip_suffix('.').unwrap_or(node.str());
    if name.is_empty() {
        out.required(node.path);
    } else if out.name(node.path, name, names::dns_subdomain) {
        let is_whole =
            name.contains('.') && name.split('.').all(|label| names::dns_label(label).is_ok());
        if !is_whole {
            let message = format!(
                "\"{}\" must be two DNS labels at least, such as example.com",
                node.str()
            );
            out.invalid(node.path, message);
        }
    }
}

/// An address of the cluster, which is its own name.
pub(in super::super) fn address(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let parent = spec.get("parentRef");
    let metadata = object.get("metadata");
    let name = metadata.get("name");
    let plain = shortest(name.str()).is_some_and(|shortest| shortest == name.str());
    if !name.is_empty() && !plain {
        out.invalid(
            name.path,
            format!("\"{}\" must be an address in its shortest form", name.str()),
        );
    }
    if !parent.is_set() {
        out.required(parent.path);
        return;
    }
    let group = parent.get("group");
    if !group.is_empty() {
        out.named(&group, names::dns_subdomain);
    }
    for name in ["resource", "name"] {
        let node = parent.get(name);
        if node.str().is_empty() {
            out.required(node.path);
        } else {
            out.named(&node, names::path_segment);
        }
    }
    let namespace = parent.get("namespace");
    if !namespace.is_empty() {
        out.named(&namespace, names::path_segment);
    }
}

/// The one form of an address that newer fields take.
fn shortest(text: &str) -> Option<String> {
    let address: IpAddr = text.parse().ok()?;
    let is_mapped = matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
    (!is_mapped).then(|| address.to_string())
}

/// Ranges that the addresses of services are taken from.
pub(in super::super) fn service_range(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let ranges = spec.get("cidrs");
    match ranges.list().len() {
        0 => {
            out.required_as(ranges.path, "a range at least");
            return;
        }
        1 | 2 => {}
        count => {
            out.invalid(
                ranges.path,
                format!("must have at most 2 items, has {count}"),
            );
            return;
        }
    }
    let mut found = Vec::new();
    for range in ranges.items() {
        let Some(read) = text::range(&range, out) else {
            continue;
        };
        found.push(read);
        let address = range
            .str()
            .split_once('/')
            .map_or("", |(address, _)| address);
        let fits = shortest(address).is_some_and(|shortest| shortest == address)
            && loose_range(range.str(), read).is_none();
        if !fits {
            let message = format!("\"{}\" must be a range in its shortest form", range.str());
            out.invalid(range.path, message);
        }
    }
    if let [first, second] = found.as_slice()
        && first.0.is_ipv4() == second.0.is_ipv4()
    {
        out.invalid(ranges.path, "must be of different families, IPv4 and IPv6");
    }
}
