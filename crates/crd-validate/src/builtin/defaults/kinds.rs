//! What each kind has defaults for.

use crate::value::{Map, Value, json};

use super::{absent, each, empty, made, pod, text, unset, within};

const RBAC: &str = "rbac.authorization.k8s.io";

/// Fills in the defaults of an object of this group, version and kind.
pub(in super::super) fn apply(group: &str, version: &str, kind: &str, object: &mut Map) {
    match (group, kind) {
        ("" | "apps" | "batch", _) => workload(kind, object),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(version, object),
        ("networking.k8s.io", _) => network(kind, object),
        ("rbac.authorization.k8s.io", _) => access(kind, object),
        ("storage.k8s.io", _) => storage(kind, object),
        ("admissionregistration.k8s.io", _) => admission(kind, object),
        ("discovery.k8s.io", "EndpointSlice") => {
            each(object, "ports", &mut |port| {
                absent(port, "name", "");
                absent(port, "protocol", "TCP");
            });
        }
        ("scheduling.k8s.io", "PriorityClass") => {
            absent(object, "preemptionPolicy", "PreemptLowerPriority")
        }
        ("certificates.k8s.io", "PodCertificateRequest") => {
            if let Some(spec) = made(object, "spec") {
                absent(spec, "maxExpirationSeconds", 86_400);
            }
        }
        ("apiregistration.k8s.io", "APIService") => {
            if let Some(spec) = within(object, "spec")
                && let Some(service) = within(spec, "service")
            {
                absent(service, "port", 443);
            }
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        ("flowcontrol.apiserver.k8s.io", _) => flow(kind, object),
        ("resource.k8s.io", _) => device(kind, object),
        _ => {}
    }
}

fn flow(kind: &str, object: &mut Map) {
    let Some(spec) = made(object, "spec") else {
        return;
    };
    if kind == "FlowSchema" {
        return unset(spec, "matchingPrecedence", 1000);
    }
    if let Some(limited) = within(spec, "limited") {
        absent(limited, "nominalConcurrencyShares", 30);
        absent(limited, "lendablePercent", 0);
        if let Some(response) = within(limited, "limitResponse")
            && let Some(queuing) = within(response, "queuing")
        {
            unset(queuing, "queues", 64);
            unset(queuing, "handSize", 8);
            unset(queuing, "queueLengthLimit", 50);
        }
    }
    if let Some(exempt) = within(spec, "exempt") {
        absent(exempt, "nominalConcurrencyShares", 0);
        absent(exempt, "lendablePercent", 0);
    }
}

/// The requests of a claim, and of a template of claims.
fn device(kind: &str, object: &mut Map) {
    let Some(mut spec) = within(object, "spec") else {
        return;
    };
    if kind == "ResourceClaimTemplate" {
        match within(spec, "spec") {
            Some(inner) => spec = inner,
            None => return,
        }
    }
    let Some(devices) = within(spec, "devices") else {
        return;
    };
    each(devices, "requests", &mut |request| {
        each(request, "firstAvailable", &mut wanted);
        // Older versions have the members of an exact request in the request itself.
        if request.contains_key("deviceClassName") {
            wanted(request);
        } else if let Some(exactly) = within(request, "exactly") {
            wanted(exactly);
        }
    });
}

fn wanted(request: &mut Map) {
    unset(request, "allocationMode", "ExactCount");
    if text(request, "allocationMode") == "ExactCount" {
        unset(request, "count", 1);
    }
    each(request, "tolerations", &mut |toleration| {
        unset(toleration, "operator", "Equal");
    });
}

fn template(owner: &mut Map) {
    if let Some(template) = made(owner, "template") {
        pod_of(template);
    }
}

fn pod_of(template: &mut Map) {
    absent(template, "metadata", empty());
    if let Some(spec) = made(template, "spec") {
        pod::spec(spec, false);
    }
}

fn workload(kind: &str, object: &mut Map) {
    match kind {
        "PodTemplate" => return template(object),
        "ConfigMap" => return,
        "Secret" => {
            unset(object, "type", "Opaque");
            return secret(object);
        }
        "Endpoints" => {
            return each(object, "subsets", &mut |subset| {
                each(subset, "ports", &mut |port| unset(port, "protocol", "TCP"));
            });
        }
        "Node" => {
            if let Some(spec) = within(object, "spec") {
                pod_ranges(spec);
            }
            let status = object.get_mut("status").and_then(Value::as_object_mut);
            if let Some(status) = status
                && let Some(capacity) = status.get("capacity").cloned()
            {
                absent(status, "allocatable", capacity);
            }
            return;
        }
        "Namespace" => return namespace(object),
        _ => {}
    }
    let labels = object
        .get("spec")
        .and_then(|spec| spec.pointer("/template/metadata/labels"))
        .cloned();
    if kind == "ReplicationController"
        && let Some(labels) = labels.clone()
        && let Some(metadata) = made(object, "metadata")
        && metadata
            .get("labels")
            .and_then(Value::as_object)
            .is_none_or(Map::is_empty)
    {
        metadata.insert("labels".to_owned(), labels);
    }
    let needs_spec = matches!(
        kind,
        "Pod"
            | "Service"
            | "Deployment"
            | "ReplicaSet"
            | "DaemonSet"
            | "StatefulSet"
            | "Job"
            | "CronJob"
            | "ReplicationController"
            | "PersistentVolumeClaim"
            | "PersistentVolume"
    );
    let spec = if needs_spec {
        made(object, "spec")
    } else {
        within(object, "spec")
    };
    let Some(spec) = spec else { return };
    match kind {
        "Pod" => pod::spec(spec, true),
        "Deployment" => {
            absent(spec, "replicas", 1);
            absent(spec, "revisionHistoryLimit", 10);
            absent(spec, "progressDeadlineSeconds", 600);
            if let Some(strategy) = made(spec, "strategy") {
                unset(strategy, "type", "RollingUpdate");
                if text(strategy, "type") == "RollingUpdate"
                    && let Some(rolling) = made(strategy, "rollingUpdate")
                {
                    absent(rolling, "maxUnavailable", "25%");
                    absent(rolling, "maxSurge", "25%");
                }
            }
            template(spec);
        }
        "ReplicaSet" => {
            absent(spec, "replicas", 1);
            template(spec);
        }
        "ReplicationController" => {
            absent(spec, "replicas", 1);
            if let Some(labels) = labels
                && spec
                    .get("selector")
                    .and_then(Value::as_object)
                    .is_none_or(Map::is_empty)
            {
                spec.insert("selector".to_owned(), labels);
            }
            if spec.contains_key("template") {
                template(spec);
            }
        }
        "DaemonSet" => {
            absent(spec, "revisionHistoryLimit", 10);
            if let Some(strategy) = made(spec, "updateStrategy") {
                unset(strategy, "type", "RollingUpdate");
                if text(strategy, "type") == "RollingUpdate"
                    && let Some(rolling) = made(strategy, "rollingUpdate")
                {
                    absent(rolling, "maxUnavailable", 1);
                    absent(rolling, "maxSurge", 0);
                }
            }
            template(spec);
        }
        "StatefulSet" => stateful_set(spec),
        "Job" => job(spec),
        "CronJob" => {
            unset(spec, "concurrencyPolicy", "Allow");
            absent(spec, "suspend", false);
            absent(spec, "successfulJobsHistoryLimit", 3);
            absent(spec, "failedJobsHistoryLimit", 1);
            if let Some(template) = made(spec, "jobTemplate") {
                absent(template, "metadata", empty());
                if let Some(work) = made(template, "spec") {
                    job_template(work);
                }
            }
        }
        "Service" => service(spec),
        "PersistentVolumeClaim" => {
            data_sources(spec);
            claim_spec(spec);
        }
        "PersistentVolume" => {
            unset(spec, "persistentVolumeReclaimPolicy", "Retain");
            absent(spec, "volumeMode", "Filesystem");
            pod::source(spec);
        }
        "LimitRange" => each(spec, "limits", &mut limit),
        _ => {}
    }
}

/// The range of the pods on a node has two names, of which the older one is the first of the list.
fn pod_ranges(spec: &mut Map) {
    let one = text(spec, "podCIDR").to_owned();
    let first = spec.get("podCIDRs").and_then(|list| list.get(0));
    if !one.is_empty() && first.and_then(Value::as_str) != Some(&one) {
        spec.insert("podCIDRs".to_owned(), json!([one]));
    }
}

fn secret(object: &mut Map) {
    let Some(Value::Object(texts)) = object.shift_remove("stringData") else {
        return;
    };
    if texts.is_empty() {
        return;
    }
    if let Some(data) = made(object, "data") {
        for (key, value) in texts {
            let text = value.as_str().unwrap_or_default();
            data.insert(key, crate::format::base64_encode(text.as_bytes()).into());
        }
    }
}

fn namespace(object: &mut Map) {
    let name = object.get("metadata").map_or("", |metadata| {
        metadata
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
    });
    let name = name.to_owned();
    if name.is_empty() {
        return;
    }
    if let Some(metadata) = within(object, "metadata")
        && let Some(labels) = made(metadata, "labels")
    {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name.into());
    }
}

fn stateful_set(spec: &mut Map) {
    unset(spec, "podManagementPolicy", "OrderedReady");
    if let Some(strategy) = made(spec, "updateStrategy") {
        if text(strategy, "type").is_empty() {
            strategy.insert("type".to_owned(), "RollingUpdate".into());
            absent(strategy, "rollingUpdate", empty());
        }
        if text(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = within(strategy, "rollingUpdate")
        {
            absent(rolling, "partition", 0);
        }
    }
    if let Some(retention) = made(spec, "persistentVolumeClaimRetentionPolicy") {
        unset(retention, "whenDeleted", "Retain");
        unset(retention, "whenScaled", "Retain");
    }
    absent(spec, "replicas", 1);
    absent(spec, "revisionHistoryLimit", 10);
    template(spec);
    each(spec, "volumeClaimTemplates", &mut |claim| {
        if let Some(spec) = made(claim, "spec") {
            claim_spec(spec);
        }
        if let Some(status) = made(claim, "status") {
            unset(status, "phase", "Pending");
        }
    });
}

fn job(spec: &mut Map) {
    if !spec.contains_key("completions") && !spec.contains_key("parallelism") {
        spec.insert("completions".to_owned(), 1.into());
    }
    absent(spec, "parallelism", 1);
    let limit = if spec.contains_key("backoffLimitPerIndex") {
        i32::MAX
    } else {
        6
    };
    absent(spec, "backoffLimit", limit);
    absent(spec, "completionMode", "NonIndexed");
    absent(spec, "suspend", false);
    absent(spec, "manualSelector", false);
    let replacement = if spec.contains_key("podFailurePolicy") {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    absent(spec, "podReplacementPolicy", replacement);
    job_template(spec);
}

/// What a Job has inside a CronJob too, where the server leaves the rest to the Job to be made.
fn job_template(spec: &mut Map) {
    if let Some(policy) = within(spec, "podFailurePolicy") {
        each(policy, "rules", &mut |rule| {
            each(rule, "onPodConditions", &mut |condition| {
                unset(condition, "status", "True")
            });
        });
    }
    template(spec);
}

fn service(spec: &mut Map) {
    unset(spec, "sessionAffinity", "None");
    if text(spec, "sessionAffinity") == "None" {
        spec.shift_remove("sessionAffinityConfig");
    }
    if text(spec, "sessionAffinity") == "ClientIP"
        && let Some(config) = made(spec, "sessionAffinityConfig")
        && let Some(client) = made(config, "clientIP")
    {
        absent(client, "timeoutSeconds", 10_800);
    }
    unset(spec, "type", "ClusterIP");
    each(spec, "ports", &mut |port| {
        unset(port, "protocol", "TCP");
        let target = port.get("targetPort");
        let missing =
            target.is_none_or(|target| target.as_i64() == Some(0) || target.as_str() == Some(""));
        if missing && let Some(number) = port.get("port").cloned() {
            port.insert("targetPort".to_owned(), number);
        }
    });
    let kind = text(spec, "type").to_owned();
    let external = spec
        .get("externalIPs")
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty());
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") || (kind == "ClusterIP" && external) {
        unset(spec, "externalTrafficPolicy", "Cluster");
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer" | "ClusterIP") {
        absent(spec, "internalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        absent(spec, "allocateLoadBalancerNodePorts", true);
    }
    let one = text(spec, "clusterIP").to_owned();
    if !one.is_empty()
        && spec
            .get("clusterIPs")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    {
        spec.insert("clusterIPs".to_owned(), json!([one]));
    }
}

/// A claim, in an object of its own or in another.
pub(super) fn claim_spec(spec: &mut Map) {
    absent(spec, "volumeMode", "Filesystem");
    absent(spec, "resources", empty());
}

/// What a claim of its own is filled from has two names, of which the server keeps both. What only newer gates allow goes.
fn data_sources(spec: &mut Map) {
    let known = |source: &Value| {
        let text = |name: &str| source.get(name).and_then(Value::as_str).unwrap_or_default();
        matches!(
            (text("apiGroup"), text("kind")),
            ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
        )
    };
    let placed = |source: &Value| {
        source
            .get("namespace")
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    if spec.get("dataSource").is_some_and(|source| !known(source)) {
        spec.shift_remove("dataSource");
    }
    if spec.get("dataSourceRef").is_some_and(placed) {
        spec.shift_remove("dataSourceRef");
    }
    match (
        spec.get("dataSource").cloned(),
        spec.get("dataSourceRef").cloned(),
    ) {
        (Some(source), None) => {
            spec.insert("dataSourceRef".to_owned(), source);
        }
        (None, Some(reference)) => {
            spec.insert("dataSource".to_owned(), reference);
        }
        _ => {}
    }
}

/// A limit of containers says what follows from its other members.
fn limit(limit: &mut Map) {
    if text(limit, "type") != "Container" {
        return;
    }
    let of = |limit: &Map, name: &str| {
        limit
            .get(name)
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    let (most, least) = (of(limit, "max"), of(limit, "min"));
    let mut given = of(limit, "default");
    for (name, amount) in most {
        given.entry(name).or_insert(amount);
    }
    let mut asked = of(limit, "defaultRequest");
    for (name, amount) in given.iter().chain(&least) {
        if !asked.contains_key(name) {
            asked.insert(name.clone(), amount.clone());
        }
    }
    for (name, members) in [("default", given), ("defaultRequest", asked)] {
        if !members.is_empty() {
            limit.insert(name.to_owned(), members.into());
        }
    }
}

fn autoscaler(version: &str, object: &mut Map) {
    let Some(spec) = made(object, "spec") else {
        return;
    };
    absent(spec, "minReplicas", 1);
    if version == "v1" {
        return;
    }
    let none = spec
        .get("metrics")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty);
    if none {
        let cpu = json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}});
        spec.insert("metrics".to_owned(), json!([cpu]));
    }
    let Some(behavior) = within(spec, "behavior") else {
        return;
    };
    let percent = json!({"type": "Percent", "value": 100, "periodSeconds": 15});
    let pods = json!({"type": "Pods", "value": 4, "periodSeconds": 15});
    if let Some(up) = made(behavior, "scaleUp") {
        absent(up, "stabilizationWindowSeconds", 0);
        absent(up, "selectPolicy", "Max");
        absent(up, "policies", json!([pods, percent]));
    }
    if let Some(down) = made(behavior, "scaleDown") {
        absent(down, "selectPolicy", "Max");
        absent(down, "policies", json!([percent]));
    }
}

fn network(kind: &str, object: &mut Map) {
    let Some(spec) = within(object, "spec") else {
        return;
    };
    match kind {
        "NetworkPolicy" => {
            for direction in ["ingress", "egress"] {
                each(spec, direction, &mut |rule| {
                    each(rule, "ports", &mut |port| absent(port, "protocol", "TCP"));
                });
            }
            let none = spec
                .get("policyTypes")
                .and_then(Value::as_array)
                .is_none_or(Vec::is_empty);
            if none {
                let egress = spec
                    .get("egress")
                    .and_then(Value::as_array)
                    .is_some_and(|list| !list.is_empty());
                let types = if egress {
                    json!(["Ingress", "Egress"])
                } else {
                    json!(["Ingress"])
                };
                spec.insert("policyTypes".to_owned(), types);
            }
            absent(spec, "podSelector", empty());
        }
        "IngressClass" => {
            if let Some(parameters) = within(spec, "parameters") {
                absent(parameters, "scope", "Cluster");
            }
        }
        _ => {}
    }
}

fn access(kind: &str, object: &mut Map) {
    if !kind.ends_with("Binding") {
        return;
    }
    if let Some(role) = made(object, "roleRef") {
        unset(role, "apiGroup", RBAC);
    }
    each(object, "subjects", &mut |subject| {
        if matches!(text(subject, "kind"), "User" | "Group") {
            unset(subject, "apiGroup", RBAC);
        }
    });
}

fn storage(kind: &str, object: &mut Map) {
    match kind {
        "StorageClass" => {
            absent(object, "reclaimPolicy", "Delete");
            absent(object, "volumeBindingMode", "Immediate");
        }
        "CSIDriver" => {
            if let Some(spec) = made(object, "spec") {
                absent(spec, "attachRequired", true);
                absent(spec, "podInfoOnMount", false);
                absent(spec, "storageCapacity", false);
                absent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
                absent(spec, "requiresRepublish", false);
                absent(spec, "seLinuxMount", false);
                let none = spec
                    .get("volumeLifecycleModes")
                    .and_then(Value::as_array)
                    .is_none_or(Vec::is_empty);
                if none {
                    spec.insert("volumeLifecycleModes".to_owned(), json!(["Persistent"]));
                }
            }
        }
        _ => {}
    }
}

fn admission(kind: &str, object: &mut Map) {
    let rule = |rule: &mut Map| absent(rule, "scope", "*");
    if kind.ends_with("WebhookConfiguration") {
        each(object, "webhooks", &mut |hook| {
            absent(hook, "failurePolicy", "Fail");
            absent(hook, "matchPolicy", "Equivalent");
            absent(hook, "namespaceSelector", empty());
            absent(hook, "objectSelector", empty());
            absent(hook, "timeoutSeconds", 10);
            if kind.starts_with("Mutating") {
                absent(hook, "reinvocationPolicy", "Never");
            }
            each(hook, "rules", &mut |found| rule(found));
            if let Some(client) = within(hook, "clientConfig")
                && let Some(service) = within(client, "service")
            {
                absent(service, "port", 443);
            }
        });
        return;
    }
    let Some(spec) = within(object, "spec") else {
        return;
    };
    let matched = |resources: &mut Map| {
        absent(resources, "matchPolicy", "Equivalent");
        absent(resources, "namespaceSelector", empty());
        absent(resources, "objectSelector", empty());
        for list in ["resourceRules", "excludeResourceRules"] {
            each(resources, list, &mut |found| rule(found));
        }
    };
    if kind.ends_with("Binding") {
        if let Some(resources) = within(spec, "matchResources") {
            matched(resources);
        }
        return;
    }
    absent(spec, "failurePolicy", "Fail");
    if let Some(constraints) = within(spec, "matchConstraints") {
        matched(constraints);
    }
}

fn definition(object: &mut Map) {
    let Some(spec) = within(object, "spec") else {
        return;
    };
    if let Some(conversion) = made(spec, "conversion") {
        unset(conversion, "strategy", "None");
        if let Some(webhook) = within(conversion, "webhook")
            && let Some(client) = within(webhook, "clientConfig")
            && let Some(service) = within(client, "service")
        {
            absent(service, "port", 443);
        }
    }
    if let Some(names) = within(spec, "names") {
        let kind = text(names, "kind").to_owned();
        unset(names, "singular", kind.to_lowercase());
        if !kind.is_empty() {
            unset(names, "listKind", format!("{kind}List"));
        }
    }
}
