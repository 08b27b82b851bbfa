//! The devices that a driver offers.

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use super::super::text;
use super::{capacity, name, taint, unique};
use crate::value::Map;
use crate::version::KubernetesVersion;

const MOST_DEVICES: usize = 128;
/// Where devices have taints, counters or lists, there may be fewer.
const MOST_RICH_DEVICES: usize = 64;
const MOST_MEMBERS: usize = 32;
const MOST_TAINTS: usize = 16;
const MOST_COUNTER_SETS: usize = 8;
const MOST_COUNTERS: usize = 32;
const MOST_CONDITIONS: usize = 4;
const MOST_OF_TEXT: usize = 64;

pub(in super::super) fn slice(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    text::driver_name(&spec.get("driver"), out);
    let pool = spec.get("pool");
    name::pool(&pool.get("name"), out);
    let count = pool.get("resourceSliceCount");
    if count.int() <= 0 {
        out.invalid(count.path, format!("{} must be at least 1", count.int()));
    }
    out.not_negative(&pool.get("generation"));
    let per_device = spec.get("perDeviceNodeSelection");
    // Before, a server had these members only where a cluster asked for them.
    let complete = out.version >= KubernetesVersion::V1_36;
    if complete || (!per_device.is_set() && !spec.has("sharedCounters")) {
        let mut places = vec!["nodeName", "nodeSelector", "allNodes"];
        if complete {
            places.push("perDeviceNodeSelection");
        }
        place(&spec, &places, true, out);
    }
    let (devices, counters) = (spec.get("devices"), spec.get("sharedCounters"));
    if complete && devices.is_set() && counters.is_set() {
        out.invalid(spec.path, "must have only one of: devices, sharedCounters");
    }
    let most = if devices.items().any(|device| is_rich(&device)) {
        MOST_RICH_DEVICES
    } else {
        MOST_DEVICES
    };
    if out.at_most(&devices, most) {
        for device in devices.items() {
            check_device(&device, per_device.bool(), complete, out);
        }
        unique(&devices, |device| device.text("name"), out);
    }
    if out.at_most(&counters, MOST_COUNTER_SETS) {
        for set in counters.items() {
            out.required_label(&set.get("name"));
            check_counters(&set.get("counters"), out);
        }
        unique(&counters, |set| set.text("name"), out);
    }
}

/// Where devices are: exactly one of the members says it.
fn place(node: &Node<'_, '_>, members: &[&str], of_slice: bool, out: &mut Faults) {
    let mut said = 0;
    for member in members {
        let found = node.get(member);
        if !found.is_set() {
            continue;
        }
        match *member {
            "nodeName" => {
                if found.is_empty() {
                    out.invalid(found.path, "must not be empty, where it is set");
                    continue;
                }
                out.named(&found, names::dns_subdomain);
            }
            "nodeSelector" => {
                labels::node_selector(&found, out);
                let terms = found.get("nodeSelectorTerms");
                if of_slice && terms.list().len() != 1 {
                    out.invalid(terms.path, "must have exactly one term");
                }
            }
            _ => {
                if !found.bool() {
                    out.invalid(found.path, "must be true, where it is set");
                    continue;
                }
            }
        }
        said += 1;
    }
    let all = members.join(", ");
    match said {
        0 => out.required_as(node.path, &format!("one of {all}")),
        1 => {}
        _ => out.invalid(node.path, format!("must have only one of: {all}")),
    }
}

/// The members of a device, which an older version has one level deeper.
fn with_body(device: &Node<'_, '_>, visit: impl FnOnce(&Node<'_, '_>)) {
    let basic = device.get("basic");
    visit(if basic.is_set() { &basic } else { device });
}

fn is_rich(device: &Node<'_, '_>) -> bool {
    let mut rich = false;
    with_body(device, |body| {
        let attributes = body.get("attributes");
        let mut lists = attributes.entries().map(|(_, attribute)| {
            ["bools", "ints", "strings", "versions"]
                .iter()
                .any(|name| attribute.has(name))
        });
        rich = !body.get("taints").is_empty()
            || !body.get("consumesCounters").is_empty()
            || lists.any(|list| list);
    });
    rich
}

fn check_device(device: &Node<'_, '_>, placed: bool, complete: bool, out: &mut Faults) {
    out.required_label(&device.get("name"));
    with_body(device, |body| {
        let (attributes, capacities) = (body.get("attributes"), body.get("capacity"));
        let count = [&attributes, &capacities]
            .iter()
            .map(|node| node.map().map_or(0, Map::len))
            .sum::<usize>();
        if count > MOST_MEMBERS {
            let message =
                format!("must have at most {MOST_MEMBERS} attributes and capacities, has {count}");
            out.invalid(body.path, message);
        }
        for (key, attribute) in attributes.entries() {
            name::qualified(attribute.path, key, out);
            check_attribute(&attribute, out);
        }
        for (key, capacity) in capacities.entries() {
            name::qualified(capacity.path, key, out);
        }
        if complete {
            capacity::check(body, out);
        }
        let taints = body.get("taints");
        if out.at_most(&taints, MOST_TAINTS) {
            for item in taints.items() {
                taint::taint(&item, out);
            }
        }
        let consumed = body.get("consumesCounters");
        for item in consumed.items() {
            out.required_label(&item.get("counterSet"));
            check_counters(&item.get("counters"), out);
        }
        unique(&consumed, |item| item.text("counterSet"), out);
        let places = ["nodeName", "nodeSelector", "allNodes"];
        if placed && complete {
            place(body, &places, false, out);
        } else if complete && places.iter().any(|name| body.has(name)) {
            out.invalid(
                body.path,
                "says where it is, which is for slices with perDeviceNodeSelection",
            );
        }
        bindings(body, out);
    });
}

/// Exactly one of the members that hold a value, and that one well written.
fn check_attribute(attribute: &Node<'_, '_>, out: &mut Faults) {
    let values: Vec<_> = attribute.map().into_iter().flatten().collect();
    if values.len() != 1 {
        let all = "bool, int, string, version, bools, ints, strings, versions";
        out.invalid(attribute.path, format!("must have exactly one of: {all}"));
    }
    for name in ["bools", "ints", "strings", "versions"] {
        let list = attribute.get(name);
        if list.is_set() && list.is_empty() {
            out.invalid(list.path, "must not be empty, where it is set");
        }
        for item in list.items().filter(|_| name == "strings") {
            text(&item, out);
        }
        for item in list.items().filter(|_| name == "versions") {
            semantic(&item, out);
        }
    }
    let (plain, version) = (attribute.get("string"), attribute.get("version"));
    if plain.is_set() {
        text(&plain, out);
    }
    if version.is_set() {
        semantic(&version, out);
    }
}

fn text(node: &Node<'_, '_>, out: &mut Faults) {
    let length = node.str().len();
    if length > MOST_OF_TEXT {
        out.invalid(
            node.path,
            format!("must have at most {MOST_OF_TEXT} bytes, has {length}"),
        );
    }
}

fn semantic(node: &Node<'_, '_>, out: &mut Faults) {
    if !is_semantic(node.str()) {
        let message = format!(
            "\"{}\" must be a version such as 1.2.3 or 1.2.3-rc.1+build.5",
            node.str()
        );
        out.invalid(node.path, message);
    }
    text(node, out);
}

/// `1.2.3`, `1.2.3-rc.1`, `1.2.3+build`: numbers without leading zeros.
pub(in super::super) fn is_semantic(text: &str) -> bool {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (core, early) = match rest.split_once('-') {
        Some((core, early)) => (core, Some(early)),
        None => (rest, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| digits(part) && (part == "0" || !part.starts_with('0'));
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && early.is_none_or(|early| {
            early
                .split('.')
                .all(|part| word(part) && (!digits(part) || number(part)))
        })
        && build.is_none_or(|build| build.split('.').all(word))
}

fn check_counters(counters: &Node<'_, '_>, out: &mut Faults) {
    if counters.is_empty() {
        out.required_as(counters.path, "a counter at least");
    } else if out.at_most(counters, MOST_COUNTERS) {
        for (key, counter) in counters.entries() {
            out.name(counter.path, key, names::dns_label);
        }
    }
}

/// Conditions that a binding waits for, and those at which it fails: both, and not the same.
fn bindings(body: &Node<'_, '_>, out: &mut Faults) {
    let (wanted, failed) = (
        body.get("bindingConditions"),
        body.get("bindingFailureConditions"),
    );
    for list in [&wanted, &failed] {
        if out.at_most(list, MOST_CONDITIONS) {
            for item in list.items() {
                out.named(&item, names::qualified_name);
            }
        }
        unique(list, |item| item.str(), out);
    }
    for item in failed.items() {
        if wanted.list().contains(item.value) {
            out.invalid(
                item.path,
                format!("\"{}\" is in bindingConditions too", item.str()),
            );
        }
    }
    if wanted.is_empty() != failed.is_empty() {
        let (missing, other) = if wanted.is_empty() {
            (&wanted, "bindingFailureConditions")
        } else {
            (&failed, "bindingConditions")
        };
        out.invalid(
            missing.path,
            format!("must not be empty where {other} is not"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::is_semantic;

    #[test]
    fn versions_are_those_of_semver() {
        for good in [
            "0.0.0",
            "1.2.3",
            "1.2.3-rc.1",
            "1.2.3-0a+b.007",
            "10.20.30+x-y",
        ] {
            assert!(is_semantic(good), "{good}");
        }
        for bad in [
            "",
            "1",
            "1.2",
            "v1.2.3",
            "1.2.3.4",
            "01.2.3",
            "1.2.3-01",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-a..b",
        ] {
            assert!(!is_semantic(bad), "{bad}");
        }
    }
}
