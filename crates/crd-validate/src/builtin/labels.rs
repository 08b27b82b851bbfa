//! Labels, annotations, and the selectors that choose by them.

use std::sync::Arc;

use crate::value::{Map, Value};
use kube_vocab::Path;
use kube_vocab::names;

use super::faults::Faults;
use super::node::Node;
use crate::metadata::lowered;
use crate::version::KubernetesVersion;

/// All annotations of an object together, in bytes.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Labels, or what is written like them. The server says which map a fault is in, not at which key.
pub(super) fn labels(node: &Node<'_, '_>, out: &mut Faults) {
    for (key, value) in node.map().into_iter().flatten() {
        label_key(node.path, key, out);
        label_value(node.path, key, value.as_str().unwrap_or_default(), out);
    }
}

fn label_key(path: Path<'_>, key: &str, out: &mut Faults) {
    if let Err(reason) = names::qualified_name(key) {
        out.invalid(path, format!("the key \"{key}\": {reason}"));
    }
}

fn label_value(path: Path<'_>, key: &str, value: &str, out: &mut Faults) {
    if let Err(reason) = names::label_value(value) {
        out.invalid(
            path,
            format!("the value \"{value}\" of \"{key}\": {reason}"),
        );
    }
}

pub(super) fn annotations(node: &Node<'_, '_>, out: &mut Faults) {
    let mut size = 0;
    for (key, value) in node.map().into_iter().flatten() {
        size += key.len() + value.as_str().map_or(0, str::len);
        label_key_folded(node.path, key, out);
    }
    if size > MAX_ANNOTATIONS {
        let message = format!("must have at most {MAX_ANNOTATIONS} bytes in all, has {size}");
        out.invalid(node.path, message);
    }
}

fn label_key_folded(path: Path<'_>, key: &str, out: &mut Faults) {
    if let Err(reason) = names::qualified_name(&lowered(key)) {
        out.invalid(path, format!("the key \"{key}\": {reason}"));
    }
}

/// A selector with `matchLabels` and `matchExpressions`.
pub(super) fn selector(node: &Node<'_, '_>, out: &mut Faults) {
    labels(&node.get("matchLabels"), out);
    for requirement in node.get("matchExpressions").items() {
        let (key, operator, values) = (
            requirement.get("key"),
            requirement.get("operator"),
            requirement.get("values"),
        );
        match operator.str() {
            "In" | "NotIn" if values.is_empty() => {
                out.required_as(values.path, "a value at least, for In and NotIn");
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                out.forbidden(values.path, "Exists and DoesNotExist take no values");
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => out.unsupported(
                operator.path,
                other,
                &["In", "NotIn", "Exists", "DoesNotExist"],
            ),
        }
        out.named(&key, names::qualified_name);
        for value in values.items() {
            out.named(&value, names::label_value);
        }
    }
}

/// Whether a selector can be asked at all.
pub(super) fn is_selector(node: &Node<'_, '_>) -> bool {
    let mut faults = Faults::new(KubernetesVersion::default(), Arc::default());
    selector(node, &mut faults);
    faults.found.is_empty()
}

/// Whether a selector has neither labels nor expressions, and so chooses every object.
pub(super) fn is_everything(node: &Node<'_, '_>) -> bool {
    node.get("matchLabels").is_empty() && node.get("matchExpressions").is_empty()
}

/// Whether a selector chooses what has these labels. No selector chooses nothing.
pub(super) fn selects(node: &Node<'_, '_>, labels: &Value) -> bool {
    let none = Map::new();
    let labels = labels.as_object().unwrap_or(&none);
    let wanted = node.get("matchLabels");
    let expressions = node.get("matchExpressions");
    node.is_set()
        && wanted
            .map()
            .into_iter()
            .flatten()
            .all(|(key, value)| labels.get(key) == Some(value))
        && expressions.items().all(|requirement| {
            let found = labels.get(requirement.text("key"));
            let listed =
                found.is_some_and(|value| requirement.get("values").list().contains(value));
            match requirement.text("operator") {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => found.is_some(),
                _ => found.is_none(),
            }
        })
}

/// A selector of nodes: one of several terms.
pub(super) fn node_selector(node: &Node<'_, '_>, out: &mut Faults) {
    let terms = node.get("nodeSelectorTerms");
    if terms.is_empty() {
        out.required_as(terms.path, "a term at least");
    }
    for term in terms.items() {
        node_selector_term(&term, true, out);
    }
}

/// One term of a selector of nodes; of a preference, the values of labels are not judged.
pub(super) fn node_selector_term(node: &Node<'_, '_>, judge_values: bool, out: &mut Faults) {
    for requirement in node.get("matchExpressions").items() {
        let (operator, values) = (requirement.get("operator"), requirement.get("values"));
        match operator.str() {
            "In" | "NotIn" => {
                if values.is_empty() {
                    out.required_as(values.path, "a value at least, for In and NotIn");
                }
            }
            "Exists" | "DoesNotExist" => {
                if !values.is_empty() {
                    out.forbidden(values.path, "Exists and DoesNotExist take no values");
                }
            }
            "Gt" | "Lt" => {
                if values.list().len() != 1 {
                    out.required_as(values.path, "one value, for Gt and Lt");
                }
            }
            other => {
                let allowed = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
                out.unsupported(operator.path, other, &allowed);
            }
        }
        out.named(&requirement.get("key"), names::qualified_name);
        if judge_values {
            for value in values.items() {
                out.named(&value, names::label_value);
            }
        }
    }
    for requirement in node.get("matchFields").items() {
        let (key, operator, values) = (
            requirement.get("key"),
            requirement.get("operator"),
            requirement.get("values"),
        );
        match operator.str() {
            "In" | "NotIn" => {
                if values.list().len() != 1 {
                    out.required_as(values.path, "one value, for a field");
                }
            }
            other => out.unsupported(operator.path, other, &["In", "NotIn"]),
        }
        if key.str() == "metadata.name" {
            for value in values.items() {
                out.named(&value, names::dns_subdomain);
            }
        } else {
            out.unsupported(key.path, key.str(), &["metadata.name"]);
        }
    }
}
