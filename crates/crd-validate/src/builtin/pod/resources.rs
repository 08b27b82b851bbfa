//! Requests, limits and claims.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::value::{Map, Value};
use kube_vocab::{Path, Quantity, names};

use super::super::faults::Faults;
use super::super::node::{Node, quantity};

const STANDARD: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// What the server itself knows, in a quota for example.
const KNOWN: [&str; 20] = [
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
    huge_alone(node.path, huge && !plain, out);
    claim_names(&node.get("claims"), claims, out);
}

fn huge_alone(path: Path<'_>, alone: bool, out: &mut Faults) {
    if alone {
        out.forbidden(path, "who asks for huge pages asks for cpu or memory too");
    }
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
        let limit = limits.value.get(name).and_then(quantity);
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
    // The requests of each claim that were named before; without a request it is the whole claim.
    let mut seen: HashMap<&str, HashSet<&str>> = HashMap::new();
    for claim in list.items() {
        let (name, request) = (claim.text("name"), claim.get("request"));
        if name.is_empty() {
            out.required_as(claim.path, "the name of a claim");
            continue;
        }
        let before = seen.entry(name).or_default();
        if before.contains("") {
            out.duplicate(claim.path, name);
        } else {
            if !request.is_empty() {
                out.named(&request, names::dns_label);
            }
            if before.contains(request.str()) || (request.is_empty() && !before.is_empty()) {
                out.duplicate(claim.path, name);
            }
            before.insert(request.str());
        }
        if !known.contains(&name) {
            out.not_found(claim.path, name, "a claim in the pod's resourceClaims");
        }
    }
}

/// What running a pod costs beside its containers: to a server they are limits.
pub(in super::super) fn overhead(node: &Node<'_, '_>, out: &mut Faults) {
    let limits = node.path.field("limits");
    let (mut huge, mut plain) = (false, false);
    for (name, value) in node.map().into_iter().flatten() {
        let limit = Node {
            value,
            path: limits.key(name),
        };
        container_name(limit.path, name, out);
        amount(name, &limit, out);
        pages(name, &limit, out);
        huge |= is_huge(name);
        plain |= matches!(name.as_str(), "cpu" | "memory");
    }
    huge_alone(node.path, huge && !plain, out);
}

/// Resources of the pod as a whole, against the sums of its containers.
pub(super) fn pod(spec: &Node<'_, '_>, claims: &[&str], out: &mut Faults) {
    overhead(&spec.get("overhead"), out);
    let node = spec.get("resources");
    if !node.is_set() {
        return;
    }
    if spec.at(&["os", "name"]) == "windows" {
        out.forbidden(node.path, "the pod is for windows");
        return;
    }
    let (limits, requests) = (node.get("limits"), node.get("requests"));
    if node.has("claims") {
        out.forbidden(node.get("claims").path, "a pod as a whole has no claims");
        claim_names(&node.get("claims"), claims, out);
    }
    let (mut huge, mut plain) = (false, false);
    for list in [&limits, &requests] {
        for (name, quantity) in list.entries() {
            let of_pod = matches!(name, "cpu" | "memory");
            if container_name(quantity.path, name, out) && !of_pod && !is_huge(name) {
                out.unsupported(quantity.path, name, &["cpu", "memory", "hugepages-SIZE"]);
            }
            amount(name, &quantity, out);
            pages(name, &quantity, out);
            huge |= is_huge(name);
            plain |= of_pod;
        }
    }
    against_limits(&requests, &limits, out);
    huge_alone(node.path, huge && !plain, out);
    sums(spec, &requests, &limits, out);
}

/// All containers together ask for no more than the pod, and none may have more than the pod has.
fn sums(spec: &Node<'_, '_>, requests: &Node<'_, '_>, limits: &Node<'_, '_>, out: &mut Faults) {
    let none = Map::new();
    let members = spec.map().unwrap_or(&none);
    let asked = together(members, "requests");
    for (name, request) in requests.entries() {
        let total = asked.get(name).copied().unwrap_or_default();
        if request.quantity().is_some_and(|most| total > most) {
            let message = format!("must be at least what the containers ask for together, {total}");
            out.invalid(request.path, message);
        }
    }
    let limited = together(members, "limits");
    for (name, limit) in limits.entries().filter(|(name, _)| is_huge(name)) {
        let total = limited.get(name).copied().unwrap_or_default();
        if limit.quantity().is_some_and(|most| total > most) {
            let message = format!("must be at least what the containers may have, {total}");
            out.invalid(limit.path, message);
        }
    }
    let containers = spec.get("containers");
    let resources = spec.get("resources");
    // The server looks for the containers in the resources of the pod when it says which one has too much.
    let places = resources.path.field("containers");
    for (name, limit) in limits.entries() {
        for (index, container) in containers.list().iter().enumerate() {
            let own = container.pointer("/resources/limits");
            let own = own.and_then(|limits| quantity(limits.get(name)?));
            if let (Some(own), Some(most)) = (own, limit.quantity())
                && own > most
            {
                let place = places.index(index);
                let message = format!("{own} must be at most the pod's limit of {most}");
                out.invalid(place.key(name).field("limits"), message);
            }
        }
    }
}

/// What the containers of a pod ask for, or may have, at most at one time, by name: all containers and the init containers that
/// go on running, or one init container beside those that run already. `of` is `requests` or `limits`.
pub(in super::super) fn together(spec: &Map, of: &str) -> BTreeMap<String, Quantity> {
    fn list<'o>(spec: &'o Map, name: &str) -> impl Iterator<Item = &'o Value> {
        let list = spec.get(name).and_then(Value::as_array);
        list.into_iter().flatten()
    }
    let amounts = |container: &Value| -> Vec<(String, Quantity)> {
        let all = container
            .get("resources")
            .and_then(|resources| resources.get(of));
        let all = all.and_then(Value::as_object).into_iter().flatten();
        all.filter_map(|(name, amount)| Some((name.as_str().to_owned(), quantity(amount)?)))
            .collect()
    };
    let mut running: BTreeMap<String, Quantity> = BTreeMap::new();
    let mut most: BTreeMap<String, Quantity> = BTreeMap::new();
    for container in list(spec, "initContainers") {
        let lasting = container
            .get("restartPolicy")
            .is_some_and(|policy| policy == "Always");
        for (name, amount) in amounts(container) {
            let before = running.entry(name.clone()).or_default();
            let now = *before + amount;
            if lasting {
                *before = now;
            }
            let highest = most.entry(name).or_default();
            *highest = (*highest).max(now);
        }
    }
    for container in list(spec, "containers") {
        for (name, amount) in amounts(container) {
            let sum = running.entry(name).or_default();
            *sum = *sum + amount;
        }
    }
    for (name, sum) in running {
        let highest = most.entry(name).or_default();
        *highest = (*highest).max(sum);
    }
    most
}
