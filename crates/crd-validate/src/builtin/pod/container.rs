//! The containers of a pod.

use std::collections::HashSet;

use super::super::faults::Faults;
use super::super::node::Node;
use super::super::text;
use super::mountable::Volumes;
use super::{environment, mounts, probe, resources, security};

/// What containers refer to in their pod.
pub(super) struct PodContext<'a> {
    pub(super) spec: &'a Node<'a, 'a>,
    pub(super) volumes: &'a Volumes<'a>,
    pub(super) claims: &'a [&'a str],
}

/// Containers, init containers and ephemeral containers, and what must not be there twice among them.
pub(super) fn check(pod: &PodContext<'_>, out: &mut Faults) {
    let regular = pod.spec.get("containers");
    if regular.is_empty() {
        out.required_as(regular.path, "a container at least");
    }
    let mut names = HashSet::new();
    // The regular ones come first: a name that both have is reported at the other one.
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let containers = pod.spec.get(list);
        for container in containers.items() {
            common(pod, &container, out);
            let name = container.get("name");
            if !name.str().is_empty() && !names.insert(name.str()) {
                out.duplicate(name.path, name.str());
            }
            match list {
                "ephemeralContainers" => ephemeral(pod, &container, out),
                "initContainers" if container.text("restartPolicy") != "Always" => {
                    initial(&container, out)
                }
                _ => lively(pod, &container, out),
            }
            if list != "ephemeralContainers" {
                restart(&container, list == "initContainers", out);
            }
            resize(pod, &container, out);
        }
    }
    host_ports(pod, out);
}

fn common(pod: &PodContext<'_>, container: &Node<'_, '_>, out: &mut Faults) {
    out.required_label(&container.get("name"));
    out.required_text(&container.get("image"));
    out.one_of(
        &container.get("terminationMessagePolicy"),
        &["File", "FallbackToLogsOnError"],
    );
    out.one_of(
        &container.get("imagePullPolicy"),
        &["Always", "IfNotPresent", "Never"],
    );
    ports(&container.get("ports"), out);
    environment::check(container, pod.spec, out);
    mounts::check(container, pod.volumes, out);
    resources::container(&container.get("resources"), pod.claims, out);
    security::container(&container.get("securityContext"), pod.spec, out);
}

/// A container that runs as long as the pod.
fn lively(pod: &PodContext<'_>, container: &Node<'_, '_>, out: &mut Faults) {
    for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
        probe::check(&container.get(kind), kind, pod.spec, out);
    }
    probe::lifecycle(&container.get("lifecycle"), pod.spec, out);
}

/// A container that runs before the others.
fn initial(container: &Node<'_, '_>, out: &mut Faults) {
    for policy in container.get("resizePolicy").items() {
        let restart = policy.get("restartPolicy");
        if restart.str() == "RestartContainer" {
            out.invalid(
                restart.path,
                "RestartContainer is not for an init container that ends",
            );
        }
    }
    for name in [
        "lifecycle",
        "livenessProbe",
        "readinessProbe",
        "startupProbe",
    ] {
        let node = container.get(name);
        if node.is_set() {
            out.forbidden(
                node.path,
                "only an init container with restartPolicy Always may have it",
            );
        }
    }
}

fn ephemeral(pod: &PodContext<'_>, container: &Node<'_, '_>, out: &mut Faults) {
    for name in [
        "lifecycle",
        "livenessProbe",
        "ports",
        "readinessProbe",
        "resizePolicy",
        "resources",
        "restartPolicy",
        "restartPolicyRules",
        "startupProbe",
    ] {
        let node = container.get(name);
        if !node.is_empty() {
            out.forbidden(node.path, "an ephemeral container has none");
        }
    }
    for mount in container.get("volumeMounts").items() {
        for name in ["subPath", "subPathExpr"] {
            let node = mount.get(name);
            if !node.is_empty() {
                out.forbidden(node.path, "an ephemeral container mounts whole volumes");
            }
        }
    }
    let target = container.get("targetContainerName");
    let known = ["containers", "initContainers"].iter().any(|list| {
        let others = pod.spec.get(list);
        others
            .items()
            .any(|other| other.text("name") == target.str())
    });
    if !target.is_empty() && !known {
        out.not_found(target.path, target.str(), "a container of the pod");
    }
}

fn ports(ports: &Node<'_, '_>, out: &mut Faults) {
    let mut names = HashSet::new();
    for port in ports.items() {
        let name = port.get("name");
        if !name.is_empty() && text::port_name(&name, out) && !names.insert(name.str()) {
            out.duplicate(name.path, name.str());
        }
        let number = port.get("containerPort");
        if number.int() == 0 {
            out.required(number.path);
        } else {
            out.port(&number);
        }
        let host = port.get("hostPort");
        if host.int() != 0 {
            out.port(&host);
        }
        out.one_of(&port.get("protocol"), &["SCTP", "TCP", "UDP"]);
    }
}

/// Two containers of one pod cannot both have a port of the node, and on the host network the two numbers are one.
fn host_ports(pod: &PodContext<'_>, out: &mut Faults) {
    for list in ["containers", "initContainers"] {
        let containers = pod.spec.get(list);
        let initial = list == "initContainers";
        let mut seen = HashSet::new();
        for container in containers.items() {
            // They run one after the other.
            if initial {
                seen.clear();
            }
            for port in container.get("ports").items() {
                let host = port.get("hostPort");
                if host.int() == 0 {
                    continue;
                }
                let protocol = port.text("protocol");
                if !seen.insert((protocol, port.text("hostIP"), host.int())) {
                    out.duplicate(
                        host.path,
                        format_args!("{protocol}/{}/{}", port.text("hostIP"), host.int()),
                    );
                }
                let other = Some(host.int()) != port.number("containerPort");
                if !initial && pod.spec.flag("hostNetwork") && other {
                    out.invalid(host.path, "must equal containerPort on the host network");
                }
            }
        }
    }
}

/// Whether, and after which exit, the container starts again.
fn restart(container: &Node<'_, '_>, initial: bool, out: &mut Faults) {
    let policy = container.get("restartPolicy");
    let rules = container.get("restartPolicyRules");
    let allowed: &[&str] = if out.version < crate::version::KubernetesVersion::V1_35 {
        &["Always"]
    } else {
        &["Always", "Never", "OnFailure"]
    };
    if policy.is_set() && out.version < crate::version::KubernetesVersion::V1_35 && !initial {
        out.forbidden(
            policy.path,
            "only an init container may have it in this version",
        );
        return;
    }
    out.one_of(&policy, allowed);
    if rules.is_empty() {
        return;
    }
    if !policy.is_set() {
        out.required_as(policy.path, "there are rules for restarting");
        if initial {
            return;
        }
    }
    // Before, all containers started again only where a cluster asked for it.
    let all = out.version >= crate::version::KubernetesVersion::V1_36;
    if initial && !all && policy.str() == "Always" {
        out.forbidden(
            rules.path,
            "an init container that always restarts has none",
        );
        return;
    }
    let actions: &[&str] = match all {
        true => &["Restart", "RestartAllContainers"],
        false => &["Restart"],
    };
    if rules.list().len() > 20 {
        out.invalid(
            rules.path,
            format!("must have at most 20 items, has {}", rules.list().len()),
        );
    }
    for rule in rules.items() {
        out.must_be_one_of(&rule.get("action"), actions);
        let codes = rule.get("exitCodes");
        if !codes.is_set() {
            out.required(codes.path);
            continue;
        }
        out.must_be_one_of(&codes.get("operator"), &["In", "NotIn"]);
        let values = codes.get("values");
        if values.list().len() > 255 {
            out.invalid(
                values.path,
                format!("must have at most 255 items, has {}", values.list().len()),
            );
        }
    }
}

fn resize(pod: &PodContext<'_>, container: &Node<'_, '_>, out: &mut Faults) {
    let policies = container.get("resizePolicy");
    let mut seen = HashSet::new();
    for policy in policies.items() {
        let resource = policy.text("resourceName");
        if !seen.insert(resource) {
            out.duplicate(policy.path, resource);
        }
        match resource {
            "cpu" | "memory" => {}
            "" => out.required_as(policies.path, "a policy names its resource"),
            other => out.unsupported(policies.path, other, &["cpu", "memory"]),
        }
        match policy.text("restartPolicy") {
            "NotRequired" => {}
            "RestartContainer" if pod.spec.text("restartPolicy") == "Never" => {
                out.invalid(
                    policies.path,
                    "must be NotRequired where the pod's restartPolicy is Never",
                );
            }
            "RestartContainer" => {}
            "" => out.required_as(policies.path, "a policy says whether to restart"),
            other => out.unsupported(policies.path, other, &["NotRequired", "RestartContainer"]),
        }
    }
}
