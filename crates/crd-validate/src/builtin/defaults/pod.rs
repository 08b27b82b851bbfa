//! Pods and templates of pods.

use crate::value::{Map, Value};

use super::super::image::tag_of;
use super::super::pod::resources::together;
use super::{absent, each, empty, flag, made, text, unset, within};

/// The specification of a pod, in a Pod of its own or in a template.
pub(super) fn spec(spec: &mut Map, of_pod: bool) {
    if of_pod {
        absent(spec, "enableServiceLinks", true);
        for list in ["containers", "initContainers"] {
            each(spec, list, &mut requests);
        }
        pod_requests(spec);
    }
    unset(spec, "dnsPolicy", "ClusterFirst");
    unset(spec, "restartPolicy", "Always");
    if of_pod && flag(spec, "hostNetwork") {
        for list in ["containers", "initContainers"] {
            each(spec, list, &mut |container| {
                each(container, "ports", &mut |port| {
                    if let Some(number) = port.get("containerPort").cloned() {
                        unset(port, "hostPort", number);
                    }
                });
            });
        }
    }
    absent(spec, "securityContext", empty());
    absent(spec, "terminationGracePeriodSeconds", 30);
    unset(spec, "schedulerName", "default-scheduler");
    // Two names for one thing.
    let account = text(spec, "serviceAccountName").to_owned();
    let account = if account.is_empty() {
        text(spec, "serviceAccount").to_owned()
    } else {
        account
    };
    if !account.is_empty() {
        spec.insert("serviceAccountName".to_owned(), account.clone().into());
        spec.insert("serviceAccount".to_owned(), account.into());
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, list, &mut container);
    }
    each(spec, "volumes", &mut volume);
}

/// What is limited and not asked for is asked for to the limit.
fn requests(container: &mut Map) {
    let Some(resources) = within(container, "resources") else {
        return;
    };
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else {
        return;
    };
    if let Some(requests) = made(resources, "requests") {
        for (name, amount) in limits {
            requests.entry(name).or_insert(amount);
        }
    }
}

/// What a pod as a whole may be given: of what its containers ask for, their sum; of the rest, what it is limited to.
fn pod_requests(spec: &mut Map) {
    let asked = together(spec, "requests");
    let Some(resources) = within(spec, "resources") else {
        return;
    };
    let limits = resources.get("limits").and_then(Value::as_object).cloned();
    let mut requests = match resources.get("requests") {
        Some(Value::Object(requests)) => requests.clone(),
        _ => Map::new(),
    };
    for (name, amount) in asked {
        if matches!(name.as_str(), "cpu" | "memory") {
            requests
                .entry(name)
                .or_insert_with(|| amount.to_string().into());
        }
    }
    for (name, amount) in limits.into_iter().flatten() {
        if matches!(name.as_str(), "cpu" | "memory") || name.starts_with("hugepages-") {
            requests.entry(name).or_insert(amount);
        }
    }
    if !requests.is_empty() {
        resources.insert("requests".to_owned(), requests.into());
    }
}

fn container(container: &mut Map) {
    let image = text(container, "image");
    let tag = tag_of(image);
    let policy = if tag == "latest" {
        "Always"
    } else {
        "IfNotPresent"
    };
    unset(container, "imagePullPolicy", policy);
    unset(container, "terminationMessagePath", "/dev/termination-log");
    unset(container, "terminationMessagePolicy", "File");
    absent(container, "resources", empty());
    each(container, "ports", &mut |port| {
        unset(port, "protocol", "TCP")
    });
    each(container, "env", &mut |variable| {
        if let Some(source) = within(variable, "valueFrom") {
            if let Some(field) = within(source, "fieldRef") {
                unset(field, "apiVersion", "v1");
            }
            if let Some(resource) = within(source, "resourceFieldRef") {
                absent(resource, "divisor", "0");
            }
            if let Some(file) = within(source, "fileKeyRef") {
                absent(file, "optional", false);
            }
        }
    });
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = within(container, probe) {
            unset(probe, "timeoutSeconds", 1);
            unset(probe, "periodSeconds", 10);
            unset(probe, "successThreshold", 1);
            unset(probe, "failureThreshold", 3);
            handler(probe);
        }
    }
    // No cluster has signals of its own unless it is told to.
    if let Some(lifecycle) = within(container, "lifecycle")
        && lifecycle.shift_remove("stopSignal").is_some()
        && lifecycle.is_empty()
    {
        container.shift_remove("lifecycle");
    }
    if let Some(lifecycle) = within(container, "lifecycle") {
        for hook in ["postStart", "preStop"] {
            if let Some(hook) = within(lifecycle, hook) {
                handler(hook);
            }
        }
    }
}

fn handler(owner: &mut Map) {
    if let Some(get) = within(owner, "httpGet") {
        unset(get, "path", "/");
        unset(get, "scheme", "HTTP");
    }
    if let Some(grpc) = within(owner, "grpc") {
        absent(grpc, "service", "");
    }
}

/// The volumes of a pod.
pub(super) fn volume(volume: &mut Map) {
    if volume.keys().all(|name| name == "name") {
        volume.insert("emptyDir".to_owned(), empty());
    }
    for kind in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = within(volume, kind) {
            absent(source, "defaultMode", 420);
        }
    }
    if let Some(downward) = within(volume, "downwardAPI") {
        files(downward);
    }
    if let Some(projected) = within(volume, "projected") {
        absent(projected, "sources", Value::Array(Vec::new()));
        each(projected, "sources", &mut |source| {
            if let Some(token) = within(source, "serviceAccountToken") {
                absent(token, "expirationSeconds", 3600);
            }
            if let Some(downward) = within(source, "downwardAPI") {
                files(downward);
            }
        });
    }
    if let Some(ephemeral) = within(volume, "ephemeral")
        && let Some(template) = within(ephemeral, "volumeClaimTemplate")
    {
        let spec = template
            .entry("spec")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(spec) = spec.as_object_mut() {
            super::kinds::claim_spec(spec);
        }
    }
    if let Some(image) = within(volume, "image") {
        let policy = if tag_of(text(image, "reference")) == "latest" {
            "Always"
        } else {
            "IfNotPresent"
        };
        unset(image, "pullPolicy", policy);
    }
    source(volume);
}

/// The sources that PersistentVolumes have too.
pub(super) fn source(volume: &mut Map) {
    if let Some(host) = within(volume, "hostPath") {
        absent(host, "type", "");
    }
    if let Some(iscsi) = within(volume, "iscsi") {
        unset(iscsi, "iscsiInterface", "default");
    }
    if let Some(rbd) = within(volume, "rbd") {
        unset(rbd, "pool", "rbd");
        unset(rbd, "user", "admin");
        unset(rbd, "keyring", "/etc/ceph/keyring");
    }
    if let Some(disk) = within(volume, "azureDisk") {
        absent(disk, "cachingMode", "ReadWrite");
        absent(disk, "kind", "Shared");
        absent(disk, "fsType", "ext4");
        absent(disk, "readOnly", false);
    }
    if let Some(scale) = within(volume, "scaleIO") {
        unset(scale, "storageMode", "ThinProvisioned");
        unset(scale, "fsType", "xfs");
    }
}

fn files(downward: &mut Map) {
    each(downward, "items", &mut |item| {
        if let Some(field) = within(item, "fieldRef") {
            unset(field, "apiVersion", "v1");
        }
        if let Some(resource) = within(item, "resourceFieldRef") {
            absent(resource, "divisor", "0");
        }
    });
}
