//! Data: ConfigMaps, Secrets, volumes and their classes, and definitions of further kinds.

use serde_json::Value;

use super::rule::{Findings, items, map_of, str_of};
use super::{quantity, selector};
use crate::schema::base64_decode;
use crate::validator::{DefinitionError, Validator};

/// All values of a ConfigMap or Secret together, in bytes.
const MAX_DATA: usize = 1024 * 1024;
const ACCESS_MODES: [&str; 4] = [
    "ReadWriteOnce",
    "ReadOnlyMany",
    "ReadWriteMany",
    "ReadWriteOncePod",
];

/// Judges the keys of a map of data.
fn keys(object: &Value, member: &str, findings: &mut Findings<'_>) {
    for key in map_of(object, member)
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
    {
        let plain = key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
        if !plain || key.is_empty() || key.len() > 253 || key == "." || key.starts_with("..") {
            let message = format!(
                "the key \"{key}\" must be at most 253 letters, digits, '-', '_' and '.', not starting with '..'"
            );
            findings.add(format!("{member}[{key}]"), message);
        }
    }
}

fn size(object: &Value, member: &str) -> usize {
    map_of(object, member)
        .into_iter()
        .flatten()
        .map(|(_, value)| value.as_str().map_or(0, str::len))
        .sum()
}

pub(super) fn config_map(object: &Value, findings: &mut Findings<'_>) {
    keys(object, "data", findings);
    keys(object, "binaryData", findings);
    if let (Some(data), Some(binary)) = (map_of(object, "data"), map_of(object, "binaryData")) {
        for key in data.keys().filter(|key| binary.contains_key(*key)) {
            findings.add(format!("data[{key}]"), "stands in binaryData too");
        }
    }
    let bytes = size(object, "data") + size(object, "binaryData") / 4 * 3;
    if bytes > MAX_DATA {
        findings.add(
            "data",
            format!("must have at most {MAX_DATA} bytes in all, has {bytes}"),
        );
    }
}

pub(super) fn secret(object: &Value, findings: &mut Findings<'_>) {
    keys(object, "data", findings);
    keys(object, "stringData", findings);
    let has = |key: &str| {
        ["data", "stringData"]
            .iter()
            .any(|member| map_of(object, member).is_some_and(|data| data.contains_key(key)))
    };
    let required: &[&str] = match str_of(object, "type").unwrap_or("Opaque") {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => &["username"],
        _ => &[],
    };
    for key in required.iter().filter(|key| !has(key)) {
        findings.add(
            format!("data[{key}]"),
            "is required for this type of Secret",
        );
    }
    const ACCOUNT: &str = "kubernetes.io/service-account.name";
    let account = object.pointer("/metadata/annotations");
    if str_of(object, "type") == Some("kubernetes.io/service-account-token")
        && account
            .and_then(|annotations| str_of(annotations, ACCOUNT))
            .is_none()
    {
        let at = format!("metadata.annotations[{ACCOUNT}]");
        findings.add(at, "is required for this type of Secret");
    }
    for key in [".dockerconfigjson", ".dockercfg"]
        .iter()
        .filter(|key| required.contains(key))
    {
        let plain = map_of(object, "stringData")
            .and_then(|data| data.get(*key)?.as_str().map(str::to_owned));
        let coded = || {
            let text = map_of(object, "data")?.get(*key)?.as_str()?.to_owned();
            String::from_utf8(base64_decode(&text)?).ok()
        };
        if let Some(text) = plain.or_else(coded)
            && serde_json::from_str::<Value>(&text).is_err()
        {
            findings.add(format!("data[{key}]"), "must be JSON");
        }
    }
}

pub(super) fn claim(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        findings.add("spec.accessModes", "is required");
        return;
    };
    access_modes(spec, findings);
    match spec.pointer("/resources/requests/storage") {
        None => findings.add("spec.resources.requests[storage]", "is required"),
        Some(size) if quantity::of(size).is_some_and(|size| size <= 0.0) => {
            findings.add("spec.resources.requests[storage]", "must be more than 0");
        }
        Some(_) => {}
    }
    findings.one_of(spec, "volumeMode", "spec", &["Filesystem", "Block"]);
    if let Some(chosen) = spec.get("selector") {
        selector::check(chosen, "spec.selector", findings);
    }
}

fn access_modes(spec: &Value, findings: &mut Findings<'_>) {
    let modes = items(spec, "accessModes", "spec");
    if modes.is_empty() {
        findings.add("spec.accessModes", "is required");
    }
    for (at, mode) in &modes {
        if !mode
            .as_str()
            .is_some_and(|mode| ACCESS_MODES.contains(&mode))
        {
            findings.add(
                at,
                format!("{mode} is not one of: {}", ACCESS_MODES.join(", ")),
            );
        }
    }
    if modes.len() > 1
        && modes
            .iter()
            .any(|(_, mode)| mode.as_str() == Some("ReadWriteOncePod"))
    {
        findings.add("spec.accessModes", "ReadWriteOncePod excludes the others");
    }
}

/// The members of a volume's specification that are not its source.
const NOT_A_SOURCE: [&str; 9] = [
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
    "volumeMode",
];

pub(super) fn volume(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    access_modes(spec, findings);
    if map_of(spec, "capacity").is_none_or(|capacity| !capacity.contains_key("storage")) {
        findings.add("spec.capacity[storage]", "is required");
    }
    let sources: Vec<&str> = spec
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, source)| !NOT_A_SOURCE.contains(&name.as_str()) && !source.is_null())
        .map(|(name, _)| name.as_str())
        .collect();
    match sources.as_slice() {
        [] => findings.add("spec", "must have a source such as hostPath, nfs or csi"),
        [_] => {}
        several => findings.add(
            "spec",
            format!("must have only one source, has {}", several.join(", ")),
        ),
    }
    if sources.contains(&"local") && spec.get("nodeAffinity").is_none_or(Value::is_null) {
        findings.add("spec.nodeAffinity", "is required for a local volume");
    }
    let policies = ["Retain", "Delete", "Recycle"];
    findings.one_of(spec, "persistentVolumeReclaimPolicy", "spec", &policies);
    findings.one_of(spec, "volumeMode", "spec", &["Filesystem", "Block"]);
}

pub(super) fn storage_class(object: &Value, findings: &mut Findings<'_>) {
    for (member, allowed) in [
        ("reclaimPolicy", ["Retain", "Delete"]),
        ("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
    ] {
        if let Some(text) = str_of(object, member)
            && !allowed.contains(&text)
        {
            findings.add(
                member,
                format!("\"{text}\" is not one of: {}", allowed.join(", ")),
            );
        }
    }
    if object.get("provisioner").and_then(Value::as_str) == Some("") {
        findings.add("provisioner", "is required");
    }
}

pub(super) fn definition(object: &Value, findings: &mut Findings<'_>) {
    let Some(spec) = object.get("spec") else {
        return;
    };
    let text = |pointer: &str| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let name = format!("{}.{}", text("/spec/names/plural"), text("/spec/group"));
    if text("/metadata/name") != name {
        findings.add(
            "metadata.name",
            format!("must be \"{name}\": the plural, and the group"),
        );
    }
    findings.one_of(spec, "scope", "spec", &["Namespaced", "Cluster"]);
    let versions = items(spec, "versions", "spec");
    let stored =
        |(_, version): &&(String, &Value)| version.get("storage") == Some(&Value::Bool(true));
    if versions.iter().filter(stored).count() != 1 {
        findings.add(
            "spec.versions",
            "must have exactly one version with storage: true",
        );
    }
    for (at, version) in &versions {
        if version.pointer("/schema/openAPIV3Schema").is_none() {
            findings.add(format!("{at}.schema.openAPIV3Schema"), "is required");
        }
    }
    if let Err(error @ DefinitionError::Schema { .. }) =
        Validator::new(object).and_then(|validator| validator.compile())
    {
        findings.add("spec.versions", error.to_string());
    }
}
