//! Where a pod may run.

use std::collections::{HashMap, HashSet};

use crate::value::Value;
use kube_vocab::names;

use super::super::faults::Faults;
use super::super::labels;
use super::super::node::Node;
use crate::version::KubernetesVersion;

/// Affinity, tolerations, spreading. `labels` are those of a Pod of its own; in a template, nothing is taken from them yet.
pub(super) fn check(spec: &Node<'_, '_>, labels: Option<&Value>, out: &mut Faults) {
    let affinity = spec.get("affinity");
    node_affinity(&affinity.get("nodeAffinity"), out);
    for kind in ["podAffinity", "podAntiAffinity"] {
        let node = affinity.get(kind);
        for term in node
            .get("requiredDuringSchedulingIgnoredDuringExecution")
            .items()
        {
            pod_term(&term, labels, out);
        }
        for weighted in node
            .get("preferredDuringSchedulingIgnoredDuringExecution")
            .items()
        {
            out.within(&weighted.get("weight"), 1, 100);
            pod_term(&weighted.get("podAffinityTerm"), labels, out);
        }
    }
    tolerations(&spec.get("tolerations"), out);
    topology_spread(&spec.get("topologySpreadConstraints"), labels, out);
}

fn node_affinity(node: &Node<'_, '_>, out: &mut Faults) {
    let required = node.get("requiredDuringSchedulingIgnoredDuringExecution");
    if required.is_set() {
        labels::node_selector(&required, out);
    }
    for weighted in node
        .get("preferredDuringSchedulingIgnoredDuringExecution")
        .items()
    {
        out.within(&weighted.get("weight"), 1, 100);
        labels::node_selector_term(&weighted.get("preference"), false, out);
    }
}

fn pod_term(term: &Node<'_, '_>, of_pod: Option<&Value>, out: &mut Faults) {
    let selector = term.get("labelSelector");
    labels::selector(&selector, out);
    labels::selector(&term.get("namespaceSelector"), out);
    for namespace in term.get("namespaces").items() {
        out.name(
            term.path.field("namespace"),
            namespace.str(),
            names::dns_label,
        );
    }
    let key = term.get("topologyKey");
    if key.str().is_empty() {
        out.required(key.path);
    } else {
        out.named(&key, names::qualified_name);
    }
    let (same, other) = (term.get("matchLabelKeys"), term.get("mismatchLabelKeys"));
    for keys in [&same, &other] {
        label_keys(keys, &selector, out);
    }
    said_twice(term, of_pod, out);
    for key in same.items() {
        if other.list().contains(key.value) {
            out.invalid(
                key.path,
                format!("\"{}\" is in mismatchLabelKeys too", key.str()),
            );
        }
    }
}

/// Keys whose values are taken from the pod itself.
fn label_keys(keys: &Node<'_, '_>, selector: &Node<'_, '_>, out: &mut Faults) {
    if keys.is_empty() {
        return;
    }
    if !selector.is_set() {
        out.forbidden(keys.path, "there is no labelSelector");
        return;
    }
    for key in keys.items() {
        out.named(&key, names::qualified_name);
    }
}

/// A selector asks for one value of a key once: by itself, or by the key's place in `matchLabelKeys`. For a Pod of its own the
/// server has added by now what its labels say.
fn said_twice(term: &Node<'_, '_>, labels: Option<&Value>, out: &mut Faults) {
    let (selector, same, other) = (
        term.get("labelSelector"),
        term.get("matchLabelKeys"),
        term.get("mismatchLabelKeys"),
    );
    if !selector.is_set() || same.is_empty() {
        return;
    }
    let expressions = selector.get("matchExpressions");
    let own = expressions.items().map(|expression| expression.text("key"));
    let keys = same.items().chain(other.items()).map(|key| key.str());
    let added = keys.filter(|key| labels.is_some_and(|labels| labels.get(key).is_some()));
    let wanted = selector.get("matchLabels");
    let mut seen: HashSet<&str> = wanted.entries().map(|(key, _)| key).collect();
    for key in own.chain(added) {
        let place = same.list().iter().rposition(|known| known == key);
        if !seen.insert(key)
            && let Some(index) = place
        {
            // The server leaves out the step over the list.
            out.invalid(
                term.path.index(index),
                format!("\"{key}\" is in matchLabelKeys and in labelSelector"),
            );
        }
    }
}

/// The same before 1.34, where nothing was added to the selector of a constraint.
fn said_twice_before(rule: &Node<'_, '_>, out: &mut Faults) {
    let (selector, keys) = (rule.get("labelSelector"), rule.get("matchLabelKeys"));
    let expressions = selector.get("matchExpressions");
    for key in keys.items() {
        let mut others = expressions.items();
        if selector.get("matchLabels").has(key.str())
            || others.any(|expression| expression.text("key") == key.str())
        {
            out.invalid(
                key.path,
                format!("\"{}\" is in labelSelector too", key.str()),
            );
        }
    }
}

/// What taints a pod, or a class of pods, bears.
pub(in super::super) fn tolerations(list: &Node<'_, '_>, out: &mut Faults) {
    for toleration in list.items() {
        let (key, operator, effect, value) = (
            toleration.get("key"),
            toleration.get("operator"),
            toleration.get("effect"),
            toleration.text("value"),
        );
        if !key.is_empty() {
            out.named(&key, names::qualified_name);
        }
        if key.str().is_empty() && operator.str() != "Exists" {
            out.invalid(
                operator.path,
                "must be Exists where key is empty, which means all keys",
            );
        }
        if toleration.has("tolerationSeconds") && effect.str() != "NoExecute" {
            out.invalid(
                effect.path,
                "must be NoExecute where tolerationSeconds is set",
            );
        }
        match operator.str() {
            "" | "Equal" => {
                out.name(operator.path, value, names::label_value);
            }
            "Exists" => {
                if !value.is_empty() {
                    out.invalid(operator.path, "Exists takes no value");
                }
            }
            "Lt" | "Gt" if out.version >= KubernetesVersion::V1_37 => {
                let digits = value.strip_prefix('-').unwrap_or(value);
                let plain = !value.starts_with('+') && (value == "0" || !digits.starts_with('0'));
                if !plain || value.parse::<i64>().is_err() {
                    out.invalid(
                        toleration.get("value").path,
                        format!("\"{value}\" must be an integer, for Lt and Gt"),
                    );
                }
            }
            other => out.unsupported(operator.path, other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            out.one_of(&effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
        }
    }
}

/// How the pods of a controller are spread.
fn topology_spread(list: &Node<'_, '_>, of_pod: Option<&Value>, out: &mut Faults) {
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    for rule in list.items() {
        let pair = (rule.text("topologyKey"), rule.text("whenUnsatisfiable"));
        *seen.entry(pair).or_default() += 1;
    }
    for rule in list.items() {
        let (skew, key, otherwise) = (
            rule.get("maxSkew"),
            rule.get("topologyKey"),
            rule.get("whenUnsatisfiable"),
        );
        if skew.int() <= 0 {
            out.invalid(skew.path, format!("{} must be at least 1", skew.int()));
        }
        if key.str().is_empty() {
            out.required(key.path);
        }
        out.must_be_supported(&otherwise, &["DoNotSchedule", "ScheduleAnyway"]);
        // The server says so at each but the last of those that are equal.
        let pair = rule.path.field("{topologyKey, whenUnsatisfiable}");
        let same = seen.get_mut(&(key.str(), otherwise.str()));
        if same.is_some_and(|left| {
            *left -= 1;
            *left > 0
        }) {
            let message = format!(
                "\"{}, {}\" is there again; each may appear once",
                key.str(),
                otherwise.str()
            );
            out.invalid(pair, message);
        }
        let domains = rule.get("minDomains");
        if domains.is_set() {
            if domains.int() <= 0 {
                out.invalid(
                    domains.path,
                    format!("{} must be at least 1", domains.int()),
                );
            }
            if otherwise.str() != "DoNotSchedule" {
                out.invalid(domains.path, "is only for whenUnsatisfiable: DoNotSchedule");
            }
        }
        for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            out.one_of(&rule.get(policy), &["Honor", "Ignore"]);
        }
        let selector = rule.get("labelSelector");
        label_keys(&rule.get("matchLabelKeys"), &selector, out);
        if out.version >= KubernetesVersion::V1_34 {
            said_twice(&rule, of_pod, out);
        } else {
            said_twice_before(&rule, out);
        }
        labels::selector(&selector, out);
    }
}
