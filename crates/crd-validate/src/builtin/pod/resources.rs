//! Requests, limits and claims.

use kube_vocab::{Path, Quantity, names};

use super::super::faults::Faults;
use super::super::node::Node;

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// What the server itself knows, in a quota for example.
const KNOWN: [&str; 22] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "persistentvolumeclaims",
    "configmaps",
    "services.nodeports",
    "services.loadbalancers",
    "storage",
    "requests.storage",
    "quota",
    "count",
];

pub(in super::super) fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

pub(in super::super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || is_huge(name) || name.starts_with("requests.hugepages-")
}

/// Whether the server leaves the meaning of a resource to others: `example.com/gpu`.
pub(in super::super) fn is_extended(name: &str) -> bool {
    name.contains('/')
        && !name.contains("kubernetes.io/")
        && !name.starts_with("requests.")
        && names::qualified_name(&format!("requests.{name}")).is_ok()
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// The name of a resource that a container may ask for. Says whether it was fine.
pub(in super::super) fn container_name(path: Path<'_>, name: &str, out: &mut Faults) -> bool {
    if let Err(reason) = names::qualified_name(name) {
        out.invalid(path, format!("\"{name}\": {reason}"));
        return false;
    }
    let fine = if name.contains('/') {
        is_native(name) || is_extended(name)
    } else {
        STANDARD.contains(&name) || is_huge(name)
    };
    if !fine {
        let message = format!(
            "\"{name}\" is not one of: {}, hugepages-SIZE, DOMAIN/NAME",
            STANDARD.join(", ")
        );
        out.invalid(path, message);
    }
    fine
}

/// An amount: not below zero, and whole where a part makes no sense.
pub(in super::super) fn amount(name: &str, node: &Node<'_, '_>, out: &mut Faults) {
    let Some(amount) = node.quantity() else {
        return;
    };
    if amount.is_negative() {
        out.invalid(node.path, format!("{} must not be negative", node.value));
    }
    let counted = matches!(
        name,
        "pods"
            | "services"
            | "replicationcontrollers"
            | "resourcequotas"
            | "secrets"
            | "configmaps"
            | "persistentvolumeclaims"
            | "services.nodeports"
            | "services.loadbalancers"
    );
    if (counted || is_extended(name)) && !amount.is_whole() {
        out.invalid(node.path, format!("{} must be a whole number", node.value));
    }
}

/// The requests, limits and claims of a container.
pub(super) fn container(node: &Node<'_, '_>, claims: &[&str], out: &mut Faults) {
    if !node.is_set() {
        return;
    }
    let (limits, requests) = (node.get("limits"), node.get("requests"));
    let (mut huge, mut plain) = (false, false);
    for list in [&limits, &requests] {
        for (name, quantity) in list.entries() {
            container_name(quantity.path, name, out);
            amount(name, &quantity, out);
            huge |= is_huge(name);
            pages(name, &quantity, out);
            plain |= matches!(name, "cpu" | "memory");
        }
    }
    against_limits(&requests, &limits, out);
    if huge && !plain {
        out.forbidden(
            node.path,
            "who asks for huge pages asks for cpu or memory too",
        );
    }
    claim_names(&node.get("claims"), claims, out);
}

/// Huge pages are given whole.
fn pages(name: &str, node: &Node<'_, '_>, out: &mut Faults) {
    let Some(size) = name.strip_prefix("hugepages-") else {
        return;
    };
    let size = size
        .parse::<Quantity>()
        .ok()
        .filter(|size| !size.is_zero() && !size.is_negative() && size.is_whole());
    let fits = |amount: Quantity| size.is_some_and(|size| amount.value() % size.value() == 0);
    if let Some(amount) = node.quantity()
        && !fits(amount)
    {
        let message = match size {
            Some(size) => format!("{amount} must be a multiple of the size of a page, {size}"),
            None => format!("\"{name}\" must end with the size of a page, such as hugepages-2Mi"),
        };
        out.invalid(node.path, message);
    }
}

fn against_limits(requests: &Node<'_, '_>, limits: &Node<'_, '_>, out: &mut Faults) {
    for (name, request) in requests.entries() {
        let fixed = is_extended(name) || is_huge(name);
        let limit = limits
            .value
            .get(name)
            .and_then(super::super::node::quantity);
        let (Some(wanted), Some(most)) = (request.quantity(), limit) else {
            if fixed && limit.is_none() {
                out.required_as(limits.path, "a limit for what cannot be shared");
            }
            continue;
        };
        if fixed && wanted != most {
            out.invalid(
                requests.path,
                format!("{name}: {wanted} must equal the limit of {most}"),
            );
        } else if wanted > most {
            out.invalid(
                requests.path,
                format!("{name}: {wanted} must be at most the limit of {most}"),
            );
        }
    }
}

fn claim_names(list: &Node<'_, '_>, known: &[&str], out: &mut Faults) {
    let mut seen = std::collections::HashSet::new();
    for claim in list.items() {
        let (name, request) = (claim.text("name"), claim.get("request"));
        if name.is_empty() {
            out.required_as(claim.path, "the name of a claim");
        } else {
            if !seen.insert((name, request.str())) {
                out.duplicate(claim.path, name);
            }
            if !known.contains(&name) {
                out.not_found(claim.path, name, "a claim in the pod's resourceClaims");
            }
            if !request.is_empty() {
                out.named(&request, names::dns_label);
            }
        }
    }
}

/// What a pod as a whole asks for.
pub(super) fn pod(spec: &Node<'_, '_>, claims: &[&str], out: &mut Faults) {
    let overhead = spec.get("overhead");
    let limits = overhead.path.field("limits");
    for (name, quantity) in overhead.map().into_iter().flatten() {
        let node = Node {
            value: quantity,
            path: limits.key(name),
        };
        container_name(node.path, name, out);
        amount(name, &node, out);
    }
    let node = spec.get("resources");
    if !node.is_set() {
        return;
    }
    let (limits, requests) = (node.get("limits"), node.get("requests"));
    if node.has("claims") {
        out.forbidden(node.get("claims").path, "a pod as a whole has no claims");
        claim_names(&node.get("claims"), claims, out);
    }
    for list in [&limits, &requests] {
        for (name, quantity) in list.entries() {
            if container_name(quantity.path, name, out)
                && !matches!(name, "cpu" | "memory")
                && !is_huge(name)
            {
                out.unsupported(quantity.path, name, &["cpu", "memory", "hugepages-SIZE"]);
            }
            amount(name, &quantity, out);
        }
    }
    against_limits(&requests, &limits, out);
    sums(spec, &requests, &limits, out);
}

/// All containers together ask for no more than the pod, and none may have more than the pod has.
fn sums(spec: &Node<'_, '_>, requests: &Node<'_, '_>, limits: &Node<'_, '_>, out: &mut Faults) {
    let containers = spec.get("containers");
    for (name, request) in requests.entries() {
        let asked = |container: &Node<'_, '_>| -> Quantity {
            let quantity =
                super::super::node::quantity(container.at(&["resources", "requests", name]));
            quantity.unwrap_or_default()
        };
        let total: Quantity = containers.items().map(|container| asked(&container)).sum();
        if request.quantity().is_some_and(|most| total > most) {
            let message = format!("must be at least what the containers ask for together, {total}");
            out.invalid(request.path, message);
        }
    }
    for (name, limit) in limits.entries() {
        for container in containers.items() {
            let own = super::super::node::quantity(container.at(&["resources", "limits", name]));
            if let (Some(own), Some(most)) = (own, limit.quantity())
                && own > most
            {
                let resources = container.get("resources");
                let own_limits = resources.get("limits");
                let message = format!("{own} must be at most the pod's limit of {most}");
                out.invalid(own_limits.path.key(name), message);
            }
        }
    }
}
