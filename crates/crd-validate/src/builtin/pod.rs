//! Pods, and the templates of pods.

use serde_json::Value;

use super::names;
use super::rule::{Findings, PORT_NAME, is_port_name, items, present, str_of};
use super::{placement, resources, security};

/// Where the containers of a pod are listed.
const CONTAINER_LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Judges the specification of a pod.
pub(super) fn check(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    containers_exist(spec, path, findings);
    container_names(spec, path, findings);
    volume_names(spec, path, findings);
    volume_sources(spec, path, findings);
    host_ports(spec, path, findings);
    placement::check(spec, path, findings);
    security::check_pod(spec, path, findings);
    findings.one_of(
        spec,
        "restartPolicy",
        path,
        &["Always", "OnFailure", "Never"],
    );
    let dns = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
    findings.one_of(spec, "dnsPolicy", path, &dns);
    for member in [
        "serviceAccountName",
        "priorityClassName",
        "runtimeClassName",
    ] {
        if let Some(name) = str_of(spec, member)
            && !names::is_subdomain(name)
        {
            findings.add(
                format!("{path}.{member}"),
                format!("\"{name}\" must be {}", names::SUBDOMAIN),
            );
        }
    }
    for member in ["hostname", "subdomain"] {
        if let Some(name) = str_of(spec, member) {
            findings.label(name, format!("{path}.{member}"));
        }
    }
    if !items(spec, "ephemeralContainers", path).is_empty() {
        let message = "is not allowed: such containers are added to a pod that runs";
        findings.add(format!("{path}.ephemeralContainers"), message);
    }
    if str_of(spec, "dnsPolicy") == Some("None")
        && spec
            .pointer("/dnsConfig/nameservers")
            .and_then(Value::as_array)
            .is_none_or(Vec::is_empty)
    {
        let message = "must have a nameserver where dnsPolicy is None";
        findings.add(format!("{path}.dnsConfig.nameservers"), message);
    }
    let volumes: Vec<&str> = items(spec, "volumes", path)
        .into_iter()
        .filter_map(|(_, volume)| str_of(volume, "name"))
        .collect();
    let claims: Vec<&str> = items(spec, "resourceClaims", path)
        .into_iter()
        .filter_map(|(_, claim)| str_of(claim, "name"))
        .collect();
    for list in CONTAINER_LISTS {
        for (at, container) in items(spec, list, path) {
            check_container(container, list, &at, findings);
            mounts(container, &volumes, &at, findings);
            resource_claims(container, &claims, &at, findings);
        }
    }
}

fn containers_exist(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    if spec
        .get("containers")
        .and_then(Value::as_array)
        .is_some_and(Vec::is_empty)
    {
        findings.add(
            format!("{path}.containers"),
            "must have at least one container",
        );
    }
}

fn container_names(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    let all: Vec<(String, &Value)> = CONTAINER_LISTS
        .iter()
        .flat_map(|list| items(spec, list, path))
        .collect();
    findings
        .unique(all.iter().filter_map(|(at, container)| {
            Some((format!("{at}.name"), str_of(container, "name")?))
        }));
}

fn check_container(container: &Value, list: &str, path: &str, findings: &mut Findings<'_>) {
    if let Some(name) = container.get("name").and_then(Value::as_str) {
        findings.label(name, format!("{path}.name"));
    }
    match container.get("image").and_then(Value::as_str) {
        None | Some("") => findings.add(format!("{path}.image"), "is required"),
        Some(image) if image.trim() != image => {
            findings.add(format!("{path}.image"), "must have no space at either end");
        }
        Some(_) => {}
    }
    findings.one_of(
        container,
        "imagePullPolicy",
        path,
        &["Always", "IfNotPresent", "Never"],
    );
    let policies = ["File", "FallbackToLogsOnError"];
    findings.one_of(container, "terminationMessagePolicy", path, &policies);
    ports(container, path, findings);
    environment(container, path, findings);
    let sidecar = list == "initContainers" && str_of(container, "restartPolicy") == Some("Always");
    let lively = present(
        container,
        &[
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle",
        ],
    );
    for member in lively {
        if list != "containers" && !sidecar {
            let message =
                "is not allowed for a container that runs before the others or is added later";
            findings.add(format!("{path}.{member}"), message);
        } else if member == "lifecycle" {
            lifecycle(container, path, findings);
        } else if let Some(probe) = container.get(member) {
            check_probe(probe, member, &format!("{path}.{member}"), findings);
        }
    }
    security::check_container(container, path, findings);
    if let Some(resources) = container.get("resources") {
        resources::check_container(resources, &format!("{path}.resources"), findings);
    }
}

fn ports(container: &Value, path: &str, findings: &mut Findings<'_>) {
    let ports = items(container, "ports", path);
    for (at, port) in &ports {
        for member in ["containerPort", "hostPort"] {
            let zero_is_unset =
                member == "hostPort" && port.get(member).and_then(Value::as_i64) == Some(0);
            if let Some(number) = port.get(member).filter(|_| !zero_is_unset) {
                findings.port(number, format!("{at}.{member}"));
            }
        }
        if let Some(name) = str_of(port, "name")
            && !is_port_name(name)
        {
            findings.add(
                format!("{at}.name"),
                format!("\"{name}\" must be {PORT_NAME}"),
            );
        }
        findings.one_of(port, "protocol", at, &["TCP", "UDP", "SCTP"]);
    }
    findings.unique(
        ports
            .iter()
            .filter_map(|(at, port)| Some((format!("{at}.name"), str_of(port, "name")?))),
    );
}

/// Two containers of one pod cannot both have a port of the node.
fn host_ports(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    let mut seen = std::collections::HashSet::new();
    for (at, container) in items(spec, "containers", path) {
        for (at, port) in items(container, "ports", &at) {
            let number = port
                .get("hostPort")
                .and_then(Value::as_i64)
                .unwrap_or_default();
            let protocol = str_of(port, "protocol").unwrap_or("TCP");
            let address = str_of(port, "hostIP").unwrap_or_default();
            if number != 0 && !seen.insert((number, protocol, address)) {
                let message = format!("{number}/{protocol} is taken by an earlier container");
                findings.add(format!("{at}.hostPort"), message);
            }
        }
    }
    if spec.get("hostNetwork") == Some(&Value::Bool(true)) {
        for (at, container) in items(spec, "containers", path) {
            for (at, port) in items(container, "ports", &at) {
                let host = port
                    .get("hostPort")
                    .and_then(Value::as_i64)
                    .unwrap_or_default();
                if host != 0 && Some(host) != port.get("containerPort").and_then(Value::as_i64) {
                    findings.add(
                        format!("{at}.containerPort"),
                        "must equal hostPort on the host network",
                    );
                }
            }
        }
    }
}

fn environment(container: &Value, path: &str, findings: &mut Findings<'_>) {
    const SOURCES: [&str; 5] = [
        "fieldRef",
        "resourceFieldRef",
        "configMapKeyRef",
        "secretKeyRef",
        "fileKeyRef",
    ];
    for (at, variable) in items(container, "env", path) {
        match variable.get("name").and_then(Value::as_str) {
            Some("") => findings.add(format!("{at}.name"), "must not be empty"),
            Some(name)
                if name.contains('=')
                    || !name.bytes().all(|byte| (b' '..=b'~').contains(&byte)) =>
            {
                findings.add(
                    format!("{at}.name"),
                    format!("\"{name}\" must be printable ASCII without '='"),
                );
            }
            _ => {}
        }
        let Some(source) = variable.get("valueFrom").filter(|source| !source.is_null()) else {
            continue;
        };
        if str_of(variable, "value").is_some() {
            findings.add(
                format!("{at}.valueFrom"),
                "excludes value: give one of the two",
            );
        }
        exactly_one(source, &SOURCES, &format!("{at}.valueFrom"), findings);
        if let Some(field) = source
            .pointer("/fieldRef/fieldPath")
            .and_then(Value::as_str)
            && !is_pod_field(field)
        {
            findings.add(
                format!("{at}.valueFrom.fieldRef.fieldPath"),
                format!("\"{field}\" is not a field that a container may see"),
            );
        }
    }
    for (at, from) in items(container, "envFrom", path) {
        exactly_one(from, &["configMapRef", "secretRef"], &at, findings);
    }
}

/// What the downward API hands to environment variables.
fn is_pod_field(path: &str) -> bool {
    let subscripted = ["metadata.labels['", "metadata.annotations['"];
    matches!(
        path,
        "metadata.name"
            | "metadata.namespace"
            | "metadata.uid"
            | "spec.nodeName"
            | "spec.serviceAccountName"
            | "status.hostIP"
            | "status.hostIPs"
            | "status.podIP"
            | "status.podIPs"
    ) || (path.ends_with("']") && subscripted.iter().any(|start| path.starts_with(start)))
}

fn exactly_one(object: &Value, members: &[&str], path: &str, findings: &mut Findings<'_>) {
    match present(object, members).as_slice() {
        [] => findings.add(path, format!("must have one of: {}", members.join(", "))),
        [_] => {}
        several => findings.add(
            path,
            format!("must have only one of: {}", several.join(", ")),
        ),
    }
}

const HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];

fn check_probe(probe: &Value, kind: &str, path: &str, findings: &mut Findings<'_>) {
    exactly_one(probe, &HANDLERS, path, findings);
    handler(probe, path, findings);
    for member in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        findings.not_negative(probe, member, path);
    }
    if let Some(grace) = probe
        .get("terminationGracePeriodSeconds")
        .and_then(Value::as_i64)
    {
        let at = format!("{path}.terminationGracePeriodSeconds");
        if kind == "readinessProbe" {
            findings.add(at, "is not allowed for this probe");
        } else if grace < 1 {
            findings.add(at, "must be at least 1");
        }
    }
    let successes = probe
        .get("successThreshold")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    if kind != "readinessProbe" && successes > 1 {
        findings.add(
            format!("{path}.successThreshold"),
            "must be 1 for this probe",
        );
    }
}

fn handler(owner: &Value, path: &str, findings: &mut Findings<'_>) {
    if let Some(get) = owner.get("httpGet") {
        findings.port_or_name(
            get.get("port").unwrap_or(&Value::Null),
            &format!("{path}.httpGet.port"),
        );
        findings.one_of(
            get,
            "scheme",
            &format!("{path}.httpGet"),
            &["HTTP", "HTTPS"],
        );
    }
    if let Some(port) = owner.pointer("/tcpSocket/port") {
        findings.port_or_name(port, &format!("{path}.tcpSocket.port"));
    }
    if let Some(port) = owner.pointer("/grpc/port") {
        findings.port(port, format!("{path}.grpc.port"));
    }
    let command = owner
        .get("exec")
        .map(|exec| exec.get("command").and_then(Value::as_array));
    if command.is_some_and(|command| command.is_none_or(Vec::is_empty)) {
        findings.add(format!("{path}.exec.command"), "is required");
    }
}

fn lifecycle(container: &Value, path: &str, findings: &mut Findings<'_>) {
    for hook in ["postStart", "preStop"] {
        if let Some(owner) = container.pointer(&format!("/lifecycle/{hook}")) {
            let at = format!("{path}.lifecycle.{hook}");
            exactly_one(
                owner,
                &["exec", "httpGet", "tcpSocket", "sleep"],
                &at,
                findings,
            );
            handler(owner, &at, findings);
        }
    }
}

fn volume_names(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    let volumes = items(spec, "volumes", path);
    for (at, volume) in &volumes {
        if let Some(name) = volume.get("name").and_then(Value::as_str) {
            findings.label(name, format!("{at}.name"));
        }
    }
    findings.unique(
        volumes
            .iter()
            .filter_map(|(at, volume)| Some((format!("{at}.name"), str_of(volume, "name")?))),
    );
}

/// A volume has one source. None at all is an empty folder.
fn volume_sources(spec: &Value, path: &str, findings: &mut Findings<'_>) {
    for (at, volume) in items(spec, "volumes", path) {
        let sources: Vec<&str> = volume
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, source)| *name != "name" && !source.is_null())
            .map(|(name, _)| name.as_str())
            .collect();
        if sources.len() > 1 {
            findings.add(
                &at,
                format!("must have only one source, has {}", sources.join(", ")),
            );
        }
        if let Some(size) = volume.pointer("/emptyDir/sizeLimit")
            && super::quantity::of(size).is_some_and(|size| size < 0.0)
        {
            findings.add(format!("{at}.emptyDir.sizeLimit"), "must not be negative");
        }
        for source in ["secret", "configMap", "projected"] {
            let pointer = format!("/{source}/defaultMode");
            if let Some(mode) = volume.pointer(&pointer).and_then(Value::as_i64)
                && !(0..=0o777).contains(&mode)
            {
                findings.add(
                    format!("{at}.{source}.defaultMode"),
                    "must be from 0 to 0777",
                );
            }
        }
    }
}

fn mounts(container: &Value, volumes: &[&str], path: &str, findings: &mut Findings<'_>) {
    let mounts = items(container, "volumeMounts", path);
    for (at, mount) in mounts
        .iter()
        .chain(&items(container, "volumeDevices", path))
    {
        if let Some(name) = str_of(mount, "name")
            && !volumes.contains(&name)
        {
            findings.add(
                format!("{at}.name"),
                format!("no volume is called \"{name}\""),
            );
        }
        if present(mount, &["subPath", "subPathExpr"]).len() == 2 {
            findings.add(
                format!("{at}.subPathExpr"),
                "excludes subPath: give one of the two",
            );
        }
        if mount.get("mountPath").and_then(Value::as_str) == Some("") {
            findings.add(format!("{at}.mountPath"), "must not be empty");
        }
        if let Some(sub) = str_of(mount, "subPath")
            && (sub.starts_with('/') || sub.split('/').any(|part| part == ".."))
        {
            findings.add(format!("{at}.subPath"), "must be relative and without '..'");
        }
    }
    findings.unique(
        mounts.iter().filter_map(|(at, mount)| {
            Some((format!("{at}.mountPath"), str_of(mount, "mountPath")?))
        }),
    );
}

fn resource_claims(container: &Value, claims: &[&str], path: &str, findings: &mut Findings<'_>) {
    if let Some(resources) = container.get("resources") {
        for (at, claim) in items(resources, "claims", &format!("{path}.resources")) {
            if let Some(name) = str_of(claim, "name")
                && !claims.contains(&name)
            {
                findings.add(
                    format!("{at}.name"),
                    format!("no resource claim is called \"{name}\""),
                );
            }
        }
    }
}
