//! Images from registries that nobody vouches for.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::{ImageName, Severity};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "unknown-registry",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "An image comes from a registry that is not on the list",
    explanation: "The list says where images may come from. One from elsewhere was looked at by nobody, and is not in the \
        mirror of a cluster without Internet.",
    remedy: "take the image from a registry of the list, or add its registry to the list",
    silent: "Where there is no list: neither `registries` in the configuration nor the annotation `stack-check/registries` \
        on the Namespace, which counts before it. Images that a higher tool fills in.",
    failing: include_str!("../../fixtures/unknown-registry/failing.yaml"),
    passing: include_str!("../../fixtures/unknown-registry/passing.yaml"),
    run,
};

/// The annotation on a Namespace that lists registries, with commas between them.
const ANNOTATION: &str = "stack-check/registries";

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut lists: HashMap<&str, Vec<&str>> = HashMap::new();
    for namespace in context.model.objects("", "Namespace") {
        if let Some(list) = namespace.annotations().get(ANNOTATION) {
            let list = list.split(',').map(str::trim).filter(|row| !row.is_empty());
            lists.insert(namespace.name(), list.collect());
        }
    }
    let everywhere: Vec<&str> = context.registries.iter().map(String::as_str).collect();
    if lists.is_empty() && everywhere.is_empty() {
        return;
    }
    for workload in context.model.workloads() {
        let list = lists.get(workload.namespace()).unwrap_or(&everywhere);
        if list.is_empty() {
            continue;
        }
        for container in workload.containers() {
            let image = container.image();
            let is_template =
                image.contains(['$', '{', '<']) || image.is_empty() || image == "auto";
            let full = full_name(image);
            if !is_template && !list.iter().any(|known| is_below(&full, known)) {
                sink.report(
                    workload.template_entry(),
                    container.path().field("image"),
                    format!("{full} is from none of {}", list.join(", ")),
                );
            }
        }
    }
}

/// An image with what a container runtime adds: `nginx` is `docker.io/library/nginx`.
fn full_name(image: &str) -> String {
    let name = ImageName::split(image);
    match (name.host(), name.path().contains('/')) {
        (Some(_), _) => image.to_owned(),
        (None, true) => format!("docker.io/{image}"),
        (None, false) => format!("docker.io/library/{image}"),
    }
}

/// Whether an image is the one that a row of the list names, or lies below it.
fn is_below(image: &str, known: &str) -> bool {
    let known = known.trim_end_matches('/');
    let rest = image.strip_prefix(known);
    // Behind a registry alone `:` begins a port, behind an image its tag.
    let is_image = known.contains('/');
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with('/') || (is_image && rest.starts_with([':', '@']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_means_a_registry_a_folder_of_it_or_an_image() {
        for (image, known, expected) in [
            ("nginx", "docker.io", true),
            ("nginx:1", "docker.io/library/nginx", true),
            ("nginxx", "docker.io/library/nginx", false),
            ("acme/web@sha256:0", "docker.io/acme/", true),
            ("localhost:5000/web", "localhost", false),
            ("localhost:5000/web", "localhost:5000", true),
            ("ghcr.io.evil.example/web", "ghcr.io", false),
        ] {
            assert_eq!(
                is_below(&full_name(image), known),
                expected,
                "{image} {known}"
            );
        }
    }
}
