//! Pods, and the templates of pods.

mod admission;
mod annotations;
mod container;
mod each;
mod environment;
mod mountable;
mod mounts;
mod placement;
mod probe;
pub(super) mod resources;
mod security;
mod volumes;
mod windows;

use kube_vocab::names;

use super::faults::Faults;
use super::labels;
use super::node::Node;
use super::text;

pub(super) use annotations::MIRROR;
pub(super) use placement::tolerations;
pub(super) use security::APP_ARMOR;

/// A template, of which a controller makes pods.
pub(super) fn template(node: &Node<'_, '_>, out: &mut Faults) {
    let (metadata, spec) = (node.get("metadata"), node.get("spec"));
    // The server leaves out the step over the metadata.
    let (own, noted) = (metadata.get("labels"), metadata.get("annotations"));
    let placed = |value, name| Node {
        value,
        path: node.path.field(name),
    };
    labels::labels(&placed(own.value, "labels"), out);
    let noted = placed(noted.value, "annotations");
    labels::annotations(&noted, out);
    annotations::check(&noted, &spec, true, out);
    check(&spec, None, out);
    let ephemeral = spec.get("ephemeralContainers");
    if !ephemeral.is_empty() {
        out.forbidden(
            ephemeral.path,
            "such containers are added to a pod that runs",
        );
    }
}

/// A Pod itself, of which more is asked than of a template for one.
pub(super) fn pod(object: &Node<'_, '_>, out: &mut Faults) {
    let spec = object.get("spec");
    let metadata = object.get("metadata");
    // Of a pod that is there, the two may say different things.
    let compare = !out.updating;
    annotations::check(&metadata.get("annotations"), &spec, compare, out);
    check(&spec, Some(&metadata), out);
    let ephemeral = spec.get("ephemeralContainers");
    if !ephemeral.is_empty() && !out.updating {
        out.forbidden(
            ephemeral.path,
            "such containers are added to a pod that runs",
        );
    }
    let gated = !spec.get("schedulingGates").is_empty();
    if !spec.text("nodeName").is_empty() && gated && !out.updating {
        out.forbidden(
            spec.get("nodeName").path,
            "the scheduling gates must be cleared first",
        );
    }
    for list in ["initContainers", "containers"] {
        for container in spec.get(list).items() {
            let image = container.get("image");
            if image.str().trim() != image.str() {
                out.invalid(image.path, "must not begin or end with a space");
            }
        }
    }
    admission::check(&spec, out);
}

/// The specification of a pod, with the metadata of a Pod of its own.
fn check(spec: &Node<'_, '_>, metadata: Option<&Node<'_, '_>>, out: &mut Faults) {
    let name = metadata.map_or("", |metadata| metadata.text("name"));
    let labels = metadata.map(|metadata| metadata.at(&["labels"]));
    let volumes = volumes::check(&spec.get("volumes"), name, out);
    let claims = resource_claims(&spec.get("resourceClaims"), out);
    let pod = container::PodContext {
        spec,
        volumes: &volumes,
        claims: &claims,
    };
    container::check(&pod, out);
    resources::pod(spec, &claims, out);
    let restart = spec.get("restartPolicy");
    out.one_of(&restart, &["Always", "OnFailure", "Never"]);
    let dns = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    out.one_of(&spec.get("dnsPolicy"), &dns);
    super::labels::labels(&spec.get("nodeSelector"), out);
    security::pod(spec, out);
    placement::check(spec, labels, out);
    dns_config(spec, out);
    names_of(spec, out);
    let deadline = spec.get("activeDeadlineSeconds");
    if deadline.is_set() {
        out.within(&deadline, 1, i32::MAX.into());
    }
    for alias in spec.get("hostAliases").items() {
        text::address(&alias.get("ip"), out);
        for hostname in alias.get("hostnames").items() {
            out.named(&hostname, names::dns_subdomain);
        }
    }
    out.one_of(
        &spec.get("preemptionPolicy"),
        &["PreemptLowerPriority", "Never"],
    );
    windows::check(spec, out);
    let gates = spec.get("readinessGates");
    for gate in gates.items() {
        out.named(&gate.get("conditionType"), names::qualified_name);
    }
    let gates = spec.get("schedulingGates");
    let mut seen = std::collections::HashSet::new();
    for gate in gates.items() {
        out.name(gate.path, gate.text("name"), names::qualified_name);
        if !seen.insert(gate.text("name")) {
            out.duplicate(gate.path, gate.text("name"));
        }
    }
}

fn names_of(spec: &Node<'_, '_>, out: &mut Faults) {
    for name in [
        "serviceAccountName",
        "nodeName",
        "priorityClassName",
        "runtimeClassName",
    ] {
        let node = spec.get(name);
        if !node.is_empty() || (name == "runtimeClassName" && node.is_set()) {
            out.named(&node, names::dns_subdomain);
        }
    }
    for name in ["hostname", "subdomain"] {
        let node = spec.get(name);
        if !node.is_empty() {
            out.named(&node, names::dns_label);
        }
    }
    let full = spec.get("hostnameOverride");
    if full.is_set() {
        out.named(&full, names::dns_subdomain);
        if full.str().len() > 64 {
            out.invalid(
                full.path,
                format!("must have at most 64 characters, has {}", full.str().len()),
            );
        }
        if spec.flag("setHostnameAsFQDN") {
            out.forbidden(full.path, "setHostnameAsFQDN is true");
        }
        if spec.flag("hostNetwork") {
            out.forbidden(full.path, "the pod is on the host network");
        }
    }
}

/// The claims of devices: their names.
fn resource_claims<'v>(node: &Node<'_, 'v>, out: &mut Faults) -> Vec<&'v str> {
    let mut names: Vec<&str> = Vec::new();
    for claim in node.items() {
        let name = claim.get("name");
        if name.str().is_empty() {
            out.required(name.path);
        } else if names.contains(&name.str()) {
            out.duplicate(name.path, name.str());
        } else {
            out.named(&name, names::dns_label);
            names.push(name.str());
        }
        let (direct, template) = (
            claim.get("resourceClaimName"),
            claim.get("resourceClaimTemplateName"),
        );
        match (direct.is_set(), template.is_set()) {
            (true, true) => out.invalid(
                claim.path,
                "must have only one of: resourceClaimName, resourceClaimTemplateName",
            ),
            (false, false) => out.invalid(
                claim.path,
                "must have one of: resourceClaimName, resourceClaimTemplateName",
            ),
            _ => {}
        }
        for node in [direct, template] {
            if node.is_set() {
                out.named(&node, names::dns_subdomain);
            }
        }
    }
    names
}

fn dns_config(spec: &Node<'_, '_>, out: &mut Faults) {
    const MOST_SEARCHES: usize = 32;
    const MOST_CHARACTERS: usize = 2048;
    let config = spec.get("dnsConfig");
    let servers = config.get("nameservers");
    if spec.text("dnsPolicy") == "None" {
        if !config.is_set() {
            out.required_as(config.path, "dnsPolicy is None");
            return;
        }
        if servers.is_empty() {
            out.required_as(servers.path, "a server at least, where dnsPolicy is None");
        }
    }
    if servers.list().len() > 3 {
        out.invalid(
            servers.path,
            format!("must have at most 3 items, has {}", servers.list().len()),
        );
    }
    for server in servers.items() {
        text::address(&server, out);
    }
    let searches = config.get("searches");
    if searches.list().len() > MOST_SEARCHES {
        let message = format!(
            "must have at most {MOST_SEARCHES} items, has {}",
            searches.list().len()
        );
        out.invalid(searches.path, message);
    }
    let characters = searches
        .items()
        .map(|search| search.str().len() + 1)
        .sum::<usize>();
    if characters > MOST_CHARACTERS + 1 {
        let message = format!(
            "must have at most {MOST_CHARACTERS} characters in all, has {}",
            characters - 1
        );
        out.invalid(searches.path, message);
    }
    for search in searches.items() {
        let text = search.str();
        let name = if text == "." {
            "a"
        } else {
            text.strip_suffix('.').unwrap_or(text)
        };
        // An underscore is taken here, as DNS servers do.
        out.name(search.path, &name.replace('_', "a"), names::dns_subdomain);
    }
    for option in config.get("options").items() {
        if option.text("name").is_empty() {
            out.required_as(option.path, "an option has a name");
        }
    }
}
