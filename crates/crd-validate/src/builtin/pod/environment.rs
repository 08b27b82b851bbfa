//! What the environment of a container is made of.

use crate::value::Value;
use kube_vocab::{Quantity, names};

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;

/// Fields of a pod that the downward API knows, whoever may see them.
const POD_FIELDS: [&str; 14] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.phase",
    "status.podIP",
    "status.podIPs",
];

/// Fields that a variable may hold.
const VARIABLE_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Fields that a file of a volume may hold.
pub(super) const FILE_FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
];

/// The variables of a container of the pod `spec`.
pub(super) fn check(container: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    for variable in container.get("env").items() {
        let name = variable.get("name");
        if name.str().is_empty() {
            out.required(name.path);
        } else {
            text::variable_name(&name, out);
        }
        let source = variable.get("valueFrom");
        if source.is_set() {
            value_from(&source, variable.text("value"), spec, out);
        }
    }
    let all = container.get("envFrom");
    for from in all.items() {
        let prefix = from.get("prefix");
        if !prefix.is_empty() {
            text::variable_name(&prefix, out);
        }
        let mut sources = 0;
        for name in ["configMapRef", "secretRef"] {
            let source = from.get(name);
            if source.is_set() {
                sources += 1;
                let name = source.get("name");
                // Judged like the beginning of a name.
                let whole = crate::metadata::mask_trailing_dash(name.str());
                if name.str().is_empty() {
                    out.required(name.path);
                } else {
                    out.name(name.path, &whole, names::dns_subdomain);
                }
            }
        }
        match sources {
            0 => out.invalid(
                all.path,
                "each item must have one of: configMapRef, secretRef",
            ),
            1 => {}
            _ => out.invalid(
                all.path,
                "each item must have only one of: configMapRef, secretRef",
            ),
        }
    }
}

fn value_from(source: &Node<'_, '_>, value: &str, spec: &Node<'_, '_>, out: &mut Faults) {
    const SOURCES: [&str; 5] = [
        "fieldRef",
        "resourceFieldRef",
        "configMapKeyRef",
        "secretKeyRef",
        "fileKeyRef",
    ];
    let mut count = 0;
    for name in SOURCES {
        let node = source.get(name);
        if !node.is_set() {
            continue;
        }
        count += 1;
        match name {
            "fieldRef" => field_selector(&node, &VARIABLE_FIELDS, out),
            "resourceFieldRef" => resource_selector(&node, false, out),
            "fileKeyRef" => file_key(&node, spec, out),
            _ => {
                out.named(&node.get("name"), names::dns_subdomain);
                let key = node.get("key");
                if key.str().is_empty() {
                    out.required(key.path);
                } else {
                    text::config_key(key.path, key.str(), out);
                }
            }
        }
    }
    if count == 0 {
        let message = format!("must have one of: {}", SOURCES.join(", "));
        out.invalid(source.path, message);
    } else if !value.is_empty() {
        out.invalid(
            source.path,
            "must not stand beside value: give one of the two",
        );
    } else if count > 1 {
        let message = format!("must have only one of: {}", SOURCES.join(", "));
        out.invalid(source.path, message);
    }
}

fn file_key(node: &Node<'_, '_>, spec: &Node<'_, '_>, out: &mut Faults) {
    let (volume, path, key) = (node.get("volumeName"), node.get("path"), node.get("key"));
    if volume.str().is_empty() {
        out.required(volume.path);
    } else {
        out.named(&volume, names::dns_label);
        let volumes = spec.get("volumes");
        let mut named = volumes
            .list()
            .iter()
            .filter(|known| known.get("name").and_then(Value::as_str) == Some(volume.str()));
        match named.next_back() {
            None => out.not_found(volume.path, volume.str(), "a volume of the pod"),
            Some(found) if found.get("emptyDir").is_none() => out.invalid(
                volume.path,
                format!("\"{}\" must be an emptyDir", volume.str()),
            ),
            Some(_) => {}
        }
    }
    if path.str().is_empty() {
        out.required(path.path);
    } else {
        text::no_backsteps(path.path, path.str(), out);
    }
    if key.str().is_empty() {
        out.required(key.path);
    } else {
        text::variable_name(&key, out);
    }
}

/// A `fieldRef`: which fields of the pod may be read differs between variables and files.
pub(super) fn field_selector(node: &Node<'_, '_>, allowed: &[&str], out: &mut Faults) {
    let (version, path) = (node.get("apiVersion"), node.get("fieldPath"));
    if path.str().is_empty() {
        out.required(path.path);
        return;
    }
    if !matches!(version.str(), "" | "v1") {
        out.invalid(
            path.path,
            format!(
                "is of a version \"{}\" that pods do not have",
                version.str()
            ),
        );
        return;
    }
    if let Some((field, key)) = subscripted(path.str()) {
        let verdict = match field {
            "metadata.annotations" => names::qualified_name(&key.to_lowercase()),
            "metadata.labels" => names::qualified_name(key),
            _ => {
                out.invalid(path.path, format!("\"{field}\" takes no key in brackets"));
                return;
            }
        };
        if let Err(reason) = verdict {
            out.invalid(node.path, format!("the key \"{key}\": {reason}"));
        }
    } else if !allowed.contains(&path.str())
        && (path.str() != "spec.host" || !allowed.contains(&"spec.nodeName"))
    {
        let known = POD_FIELDS.contains(&path.str());
        let why = if known {
            "is not shown here"
        } else {
            "is no field that a pod shows"
        };
        let message = format!("\"{}\" {why}; one of: {}", path.str(), allowed.join(", "));
        out.invalid(path.path, message);
    }
}

/// `metadata.labels['key']`: the field and the key.
fn subscripted(path: &str) -> Option<(&str, &str)> {
    let (field, rest) = path.split_once("['")?;
    Some((field, rest.strip_suffix("']")?))
}

/// A resource of a container; from a volume, the container must be named.
pub(super) fn resource_selector(node: &Node<'_, '_>, in_volume: bool, out: &mut Faults) {
    const RESOURCES: [&str; 6] = [
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    let container = node.get("containerName");
    let resource = node.get("resource");
    let huge = ["limits.hugepages-", "requests.hugepages-"]
        .iter()
        .any(|prefix| resource.str().starts_with(prefix));
    if in_volume && container.is_empty() {
        out.required(container.path);
    } else if resource.is_empty() {
        out.required(resource.path);
    } else if !huge {
        out.one_of(&resource, &RESOURCES);
    }
    let divisor = node.get("divisor");
    let Some(amount) = divisor.quantity().filter(|amount| !amount.is_zero()) else {
        return;
    };
    let cpu = resource.str().ends_with(".cpu");
    let allowed: &[&str] = if cpu {
        &["1m", "1"]
    } else {
        &[
            "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
        ]
    };
    let known = resource.is_empty() || huge || RESOURCES.contains(&resource.str());
    let fits = |text: &&str| text.parse::<Quantity>().is_ok_and(|known| known == amount);
    if known && !resource.is_empty() && !allowed.iter().any(fits) {
        let message = format!("{} is not one of: {}", divisor.value, allowed.join(", "));
        out.invalid(divisor.path, message);
    }
}
