//! Pods that are placed together.

use std::collections::HashSet;

use kube_vocab::names;

use super::super::faults::Faults;
use super::super::node::Node;
use crate::version::KubernetesVersion;

const MOST_TEMPLATES: usize = 8;
/// What users may give; what is above belongs to the system.
const HIGHEST_PRIORITY: i64 = 1_000_000_000;

/// What groups of pods a workload has.
pub(in super::super) fn workload(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let owner = spec.get("controllerRef");
    if owner.is_set() {
        let group = owner.get("apiGroup");
        if !group.is_empty() {
            out.named(&group, names::dns_subdomain);
        }
        for name in ["kind", "name"] {
            let node = owner.get(name);
            if node.is_empty() {
                out.required(node.path);
            } else {
                out.named(&node, names::path_segment);
            }
        }
    }
    let (list, policy) = if out.version < KubernetesVersion::V1_36 {
        ("podGroups", "policy")
    } else {
        ("podGroupTemplates", "schedulingPolicy")
    };
    let groups = spec.get(list);
    if groups.is_empty() && !spec.has("compositePodGroupTemplates") {
        if out.version >= KubernetesVersion::V1_37 {
            let what = "must have one of: compositePodGroupTemplates, podGroupTemplates";
            out.invalid(spec.path, what);
        } else {
            out.required_as(groups.path, "a group at least");
        }
    }
    out.at_most(&groups, MOST_TEMPLATES);
    let mut seen = HashSet::new();
    for group in groups.items() {
        let name = group.get("name");
        out.required_label(&name);
        if !name.is_empty() && !seen.insert(name.str()) {
            out.duplicate(group.path, name.str());
        }
        check(&group, policy, "minCount", out);
    }
}

/// A PodGroup: how its pods are scheduled together, and where.
pub(in super::super) fn pod_group(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let template = spec.get("podGroupTemplateRef");
    if template.is_set() {
        let of = template.get("workload");
        if of.is_set() {
            out.required_subdomain(&of.get("workloadName"));
            out.required_label(&of.get("podGroupTemplateName"));
        } else {
            out.invalid(template.path, "must have one of: workload");
        }
    }
    check(&spec, "schedulingPolicy", "minCount", out);
}

/// A CompositePodGroup: PodGroups, or more of its kind, that are scheduled together.
pub(in super::super) fn composite_group(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let (parent, workload) = (
        spec.get("parentCompositePodGroupName"),
        spec.get("workloadRef"),
    );
    if !parent.is_empty() {
        out.named(&parent, names::dns_subdomain);
    }
    if !workload.is_set() {
        out.required(workload.path);
    }
    let priority = spec.get("priority");
    if priority.int() > HIGHEST_PRIORITY {
        out.invalid(
            priority.path,
            format!("{} must be at most {HIGHEST_PRIORITY}", priority.int()),
        );
    }
    check(&spec, "schedulingPolicy", "minGroupCount", out);
}

/// What a group and its template share.
fn check(group: &Node<'_, '_>, policy: &str, least: &str, out: &mut Faults) {
    let policy = group.get(policy);
    let (basic, gang) = (policy.get("basic"), policy.get("gang"));
    match (basic.is_set(), gang.is_set()) {
        (true, true) => out.invalid(policy.path, "must have only one of: basic, gang"),
        (false, false) => out.invalid(policy.path, "must have one of: basic, gang"),
        _ => {}
    }
    let least = gang.get(least);
    if gang.is_set() && least.int() == 0 {
        out.required(least.path);
    } else if least.int() < 0 {
        out.invalid(least.path, format!("{} must be at least 1", least.int()));
    }
    let constraints = group.get("schedulingConstraints");
    let topology = constraints.get("topology");
    out.at_most(&topology, 1);
    for constraint in topology.items() {
        let key = constraint.get("key");
        if key.is_empty() {
            out.required(key.path);
        } else {
            out.named(&key, names::qualified_name);
        }
    }
    let class = group.get("priorityClassName");
    if !class.is_empty() {
        out.named(&class, names::dns_subdomain);
    }
}
