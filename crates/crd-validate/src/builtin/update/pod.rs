//! Pods that change.

use crate::value::Value;
use kube_vocab::Path;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::pod::{APP_ARMOR, MIRROR};
use super::compare::{differing, same};

/// What may change, each in its own way.
const FREE: [&str; 6] = [
    "containers",
    "initContainers",
    "activeDeadlineSeconds",
    "tolerations",
    "terminationGracePeriodSeconds",
    "schedulingGates",
];

pub(super) fn pod(new: &Node<'_, '_>, old: &Node<'_, '_>, out: &mut Faults) {
    annotations(new, old, out);
    let (now, before) = (new.get("spec"), old.get("spec"));
    for list in ["containers", "initContainers"] {
        let (new, old) = (now.get(list), before.get(list));
        if new.list().len() != old.list().len() {
            out.forbidden(new.path, "a pod keeps its containers; make a new pod");
            return;
        }
    }
    let (deadline, old) = (
        now.get("activeDeadlineSeconds"),
        before.number("activeDeadlineSeconds"),
    );
    if old.is_some_and(|old| deadline.value.as_i64().is_none_or(|new| new > old)) {
        out.invalid(deadline.path, "can only be shortened");
    }
    tolerations(&now.get("tolerations"), &before.get("tolerations"), out);
    let gates = (now.get("schedulingGates"), before.get("schedulingGates"));
    for gate in gates.0.items() {
        let known = |old: &Value| old.get("name") == gate.value.get("name");
        if !gates.1.list().iter().any(known) {
            out.forbidden(gate.path.field("name"), "gates can only be taken away");
        }
    }
    let mut changed = differing(&now, &before, &FREE);
    if !gates.1.is_empty() {
        changed.retain(|name| !matches!(*name, "nodeSelector" | "affinity"));
        changed.extend(gated(&now, &before, out));
    }
    for list in ["containers", "initContainers"] {
        let (new, old) = (now.get(list), before.get(list));
        let mut pairs = new.items().zip(old.items());
        if !pairs.all(|(new, old)| differing(&new, &old, &["image"]).is_empty()) {
            changed.push(list);
        }
    }
    let grace = |node: &Node<'_, '_>| node.number("terminationGracePeriodSeconds");
    let shortened = grace(&before).is_some_and(|old| old < 0) && grace(&now) == Some(1);
    if grace(&now) != grace(&before) && !shortened {
        changed.push("terminationGracePeriodSeconds");
    }
    if !changed.is_empty() {
        let message = format!(
            "cannot change {}; of a pod, only images, activeDeadlineSeconds and further tolerations may change",
            changed.join(", ")
        );
        out.invalid(now.path, message);
    }
}

/// Profiles and mirrors are for good.
fn annotations(new: &Node<'_, '_>, old: &Node<'_, '_>, out: &mut Faults) {
    let metadata = new.get("metadata");
    let now = metadata.get("annotations");
    let before = old.at(&["metadata", "annotations"]).as_object();
    let before_keys = before.into_iter().flatten().map(|(key, _)| key.as_str());
    let added = now.map().into_iter().flatten().map(|(key, _)| key.as_str());
    let added = added.filter(|key| before.is_none_or(|old| !old.contains_key(key)));
    for key in before_keys.chain(added) {
        let lasting = key == MIRROR || key.starts_with(APP_ARMOR);
        if lasting && now.value.get(key) != before.and_then(|before| before.get(key)) {
            let path: Path<'_> = now.path.key(key);
            out.forbidden(path, "the annotation lasts as long as the pod");
        }
    }
}

/// Tolerations stay, but for their seconds; others may come.
fn tolerations(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) {
    let kept = |old: &Node<'_, '_>| {
        now.items()
            .any(|new| differing(&new, old, &["tolerationSeconds"]).is_empty())
    };
    if !before.items().all(|old| kept(&old)) {
        out.forbidden(
            now.path,
            "of a toleration, only tolerationSeconds may change; others may be added",
        );
    }
}

/// What a pod that waits for its gates may change besides: the choice of nodes, as long as it becomes narrower.
fn gated(now: &Node<'_, '_>, before: &Node<'_, '_>, out: &mut Faults) -> Vec<&'static str> {
    let (new, old) = (now.get("nodeSelector"), before.get("nodeSelector"));
    if old
        .entries()
        .any(|(key, value)| new.value.get(key) != Some(value.value))
    {
        out.invalid(new.path, "labels may be added, not changed or taken away");
    }
    let affinity = now.get("affinity");
    let of_nodes = affinity.get("nodeAffinity");
    let required = of_nodes.get("requiredDuringSchedulingIgnoredDuringExecution");
    let terms = required.get("nodeSelectorTerms");
    let old_terms = before.at(&[
        "affinity",
        "nodeAffinity",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "nodeSelectorTerms",
    ]);
    let old_terms = old_terms.as_array().map_or(&[][..], Vec::as_slice);
    if !old_terms.is_empty() && terms.list().len() != old_terms.len() {
        out.invalid(terms.path, "terms cannot be added or taken away");
    } else if !old_terms.is_empty() {
        for (new, old) in terms.items().zip(old_terms) {
            let mut kept = true;
            for list in ["matchExpressions", "matchFields"] {
                let old = old.get(list).and_then(Value::as_array);
                let new = new.get(list);
                let mut old = old.into_iter().flatten();
                kept &= old.all(|old| new.list().iter().any(|new| same(new, old)));
            }
            if !kept {
                out.invalid(
                    new.path,
                    "conditions may be added, not changed or taken away",
                );
            }
        }
    }
    let of_pods = |node: &Node<'_, '_>, name: &str| node.at(&["affinity", name]).clone();
    let fixed = ["podAffinity", "podAntiAffinity"];
    let changed = fixed
        .iter()
        .any(|name| !same(&of_pods(now, name), &of_pods(before, name)));
    if changed {
        vec!["affinity"]
    } else {
        Vec::new()
    }
}
