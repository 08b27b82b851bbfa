//! Nodes, namespaces and leases.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::device::is_semantic;
use super::super::faults::Faults;
use super::super::node::Node;
use super::super::pod::resources;
use super::super::text;

pub(in super::super) fn node(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let metadata = object.get("metadata");
    // The server looks for taints in the metadata when it says where they are wrong.
    let taints = Node {
        value: spec.get("taints").value,
        path: metadata.path.field("taints"),
    };
    let mut seen = HashSet::new();
    for taint in taints.items() {
        let (key, value, effect) = (taint.get("key"), taint.get("value"), taint.get("effect"));
        out.named(&key, names::qualified_name);
        out.name(value.path, value.str(), names::label_value);
        out.must_be_one_of(&effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
        if !effect.is_empty() && !seen.insert((key.str(), effect.str())) {
            out.duplicate(taint.path, format_args!("{}:{}", key.str(), effect.str()));
        }
    }
    let ranges = spec.get("podCIDRs");
    let found: Vec<_> = ranges
        .items()
        .filter_map(|range| text::range(&range, out))
        .collect();
    if ranges.list().len() > 2 {
        out.invalid(ranges.path, "must have at most 2 items");
    } else if let [first, second] = found.as_slice()
        && first.0.is_ipv4() == second.0.is_ipv4()
    {
        out.invalid(ranges.path, "must be of different families, IPv4 and IPv6");
    }
    let status = object.get("status");
    for list in ["capacity", "allocatable"] {
        let amounts = status.get(list);
        for (name, value) in amounts.map().into_iter().flatten() {
            // The server writes the names of resources like those of fields.
            let path = amounts.path.field(name);
            resources::amount(name, &Node { value, path }, out);
        }
    }
    let features = status.get("declaredFeatures");
    let mut last = "";
    for feature in features.items() {
        let name = feature.str();
        if !is_feature(name) {
            out.invalid(
                feature.path,
                format!("\"{name}\" must be a name such as MyFeature"),
            );
        }
        if name == last {
            out.duplicate(feature.path, name);
        } else if name < last {
            out.invalid(feature.path, "must come in alphabetical order");
        }
        last = name;
    }
}

fn is_feature(text: &str) -> bool {
    text.split('/').enumerate().all(|(index, part)| {
        let first = part.bytes().next();
        first.is_some_and(|byte| {
            if index == 0 {
                byte.is_ascii_uppercase()
            } else {
                byte.is_ascii_alphanumeric()
            }
        }) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

pub(in super::super) fn namespace(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    for finalizer in spec.get("finalizers").items() {
        super::super::meta::finalizer(spec.get("finalizers").path, &finalizer, out);
    }
}

pub(in super::super) fn lease(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let duration = spec.get("leaseDurationSeconds");
    if duration.is_set() && duration.int() <= 0 {
        out.invalid(duration.path, "must be more than 0");
    }
    out.not_negative(&spec.get("leaseTransitions"));
}

/// Who would take a lease.
pub(in super::super) fn candidate(object: &Node<'_, '_>, out: &mut Faults) {
    const OLDEST: &str = "OldestEmulationVersion";
    let spec = object.get("spec");
    let strategy = spec.get("strategy");
    let emulated = spec.get("emulationVersion");
    for name in ["leaseName", "binaryVersion", "strategy"] {
        out.required_text(&spec.get(name));
    }
    for version in [spec.get("binaryVersion"), emulated] {
        if !version.is_empty() && !is_semantic(version.str()) {
            out.invalid(version.path, "must be a version such as 1.2.3");
        }
    }
    let (binary, emulated_version) = (
        semantic_core(spec.text("binaryVersion")),
        semantic_core(spec.text("emulationVersion")),
    );
    if let (Some(binary), Some(emulated)) = (binary, emulated_version)
        && binary < emulated
    {
        out.invalid(
            spec.get("binaryVersion").path,
            "must be at least emulationVersion",
        );
    }
    if strategy.str() == OLDEST {
        out.required_text(&emulated);
    } else if !strategy.is_empty() {
        // The server takes the step over the strategy twice here.
        let again = Node {
            value: strategy.value,
            path: strategy.path.field("strategy"),
        };
        match strategy.str().contains('/') {
            true => out.named(&again, names::qualified_name),
            false => out.one_of(&again, &[OLDEST]),
        };
    }
}

/// The three numbers of a version. What comes after them tells apart versions that are not released, which is not compared.
fn semantic_core(text: &str) -> Option<[u64; 3]> {
    if !is_semantic(text) {
        return None;
    }
    let core = text.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|number| number.parse().ok());
    Some([numbers.next()??, numbers.next()??, numbers.next()??])
}
