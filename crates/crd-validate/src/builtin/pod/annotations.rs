//! What a pod says in annotations, as it did before there were fields.

use kube_vocab::FieldPath;
use serde_json::Value as Json;

use crate::value::{Text, Value};

use super::super::faults::Faults;
use super::super::node::Node;
use super::{each, placement, security};

/// That the pod mirrors one which a kubelet made of a file.
pub(in super::super) const MIRROR: &str = "kubernetes.io/config.mirror";
const TOLERATIONS: &str = "scheduler.alpha.kubernetes.io/tolerations";
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const SECCOMP_OF_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";

/// `compare` says whether annotations are held against the fields that took their place.
pub(super) fn check(
    annotations: &Node<'_, '_>,
    spec: &Node<'_, '_>,
    compare: bool,
    out: &mut Faults,
) {
    if annotations.has(MIRROR) && spec.text("nodeName").is_empty() {
        out.invalid(
            annotations.path.key(MIRROR),
            "is for the pods of a node: spec.nodeName must name it",
        );
    }
    if !annotations.text(TOLERATIONS).is_empty() {
        tolerations(annotations, out);
    }
    if annotations.has(DELETION_COST) && !is_cost(annotations.text(DELETION_COST)) {
        let message = format!(
            "\"{}\" must be an integer of 32 bits, without '+' and leading zeros",
            annotations.text(DELETION_COST)
        );
        out.invalid(annotations.path.key(DELETION_COST), message);
    }
    seccomp_profiles(annotations, out);
    security::app_armor_annotations(annotations, spec, compare, out);
    if compare {
        seccomp_fields(annotations, spec, out);
    }
}

fn is_cost(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = text == "0" || text.starts_with('-') || !digits.starts_with('0');
    plain
        && digits
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_digit())
        && text.parse::<i32>().is_ok()
}

/// A list in JSON, whose members may be written with upper case or lower case.
fn tolerations(annotations: &Node<'_, '_>, out: &mut Faults) {
    let parsed =
        serde_json::from_str::<Vec<serde_json::Map<String, Json>>>(annotations.text(TOLERATIONS));
    let Ok(items) = parsed else {
        let message = format!("{TOLERATIONS} must hold a list of tolerations in JSON");
        out.invalid(annotations.path, message);
        return;
    };
    let known = ["key", "operator", "value", "effect", "tolerationSeconds"];
    let lowered = |item: serde_json::Map<String, Json>| -> Value {
        let member = |(name, value): (String, Json)| {
            let known = known.iter().find(|known| known.eq_ignore_ascii_case(&name));
            Some((Text::Own(known?), Value::from(value)))
        };
        Value::Object(item.into_iter().filter_map(member).collect())
    };
    let list: Value = items.into_iter().map(lowered).collect();
    let node = Node {
        value: &list,
        path: annotations.path.key(TOLERATIONS),
    };
    placement::tolerations(&node, out);
}

/// What an annotation names must be a profile.
fn seccomp_profiles(annotations: &Node<'_, '_>, out: &mut Faults) {
    for (key, value) in annotations.entries() {
        if key == SECCOMP_OF_POD || key.starts_with(SECCOMP_OF_CONTAINER) {
            let profile = value.str();
            if !is_profile(profile) {
                // The server writes the key like the name of a field.
                let path = FieldPath::parse(&format!("{}.{key}", annotations.path));
                out.invalid(
                    path,
                    format!(
                        "\"{profile}\" is not one of: runtime/default, unconfined, localhost/FILE, where FILE is a relative path"
                    ),
                );
            }
        }
    }
}

/// The annotation and the field say the same, where there is a field.
fn seccomp_fields(annotations: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    let context = spec.get("securityContext");
    if annotations.has(SECCOMP_OF_POD) {
        let field = context.get("seccompProfile");
        agree(annotations.text(SECCOMP_OF_POD), &field, out);
    }
    let has_keys = annotations
        .entries()
        .any(|(key, _)| key.starts_with(SECCOMP_OF_CONTAINER));
    if !has_keys {
        return;
    }
    each::container(spec, &mut |_, container| {
        let key = format!("{SECCOMP_OF_CONTAINER}{}", container.text("name"));
        if annotations.has(&key) {
            let context = container.get("securityContext");
            agree(annotations.text(&key), &context.get("seccompProfile"), out);
        }
    });
}

fn is_profile(profile: &str) -> bool {
    match profile.strip_prefix("localhost/") {
        Some(file) => !file.starts_with('/') && file.split('/').all(|part| part != ".."),
        None => matches!(profile, "runtime/default" | "docker/default" | "unconfined"),
    }
}

fn agree(annotation: &str, field: &Node<'_, '_>, out: &mut Faults) {
    let file = annotation.strip_prefix("localhost/");
    let same = match field.text("type") {
        "Unconfined" => annotation == "unconfined",
        "RuntimeDefault" => matches!(annotation, "runtime/default" | "docker/default"),
        "Localhost" => file.is_some(),
        _ => return,
    };
    let why = "the annotation for seccomp says something else";
    if !same {
        out.forbidden(field.get("type").path, why);
    } else if file.is_some_and(|file| file != field.text("localhostProfile")) {
        out.forbidden(field.get("localhostProfile").path, why);
    }
}

#[cfg(test)]
mod tests {
    use super::is_cost;

    #[test]
    fn a_cost_is_an_integer_without_ornament() {
        for good in ["0", "10", "-10", "2147483647", "-2147483648"] {
            assert!(is_cost(good), "{good}");
        }
        for bad in ["", "-", "+10", "008", "1.5", "x", "2147483648", " 1"] {
            assert!(!is_cost(bad), "{bad}");
        }
    }
}
