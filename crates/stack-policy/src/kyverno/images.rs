//! `verifyImages`: what can be said of signatures without asking a registry.

use kube_vocab::{FieldPath, ImageName};
use serde_json::Value;

use super::said::Said;
use super::wildcard;
use crate::case::Case;

/// Judges the images of a pod by a rule that demands signatures; nothing where none of them is meant.
///
/// An image that has to be named by its digest, and that Kyverno is told not to complete, is refused whoever signed it. Whether
/// an image is signed stands in its registry.
pub(super) fn judge(checks: &Value, rule: &Value, case: &Case<'_>) -> Option<Said> {
    let mut unknown = rule.get("imageExtractors").map(|_| {
        "the images of objects that are no pods, which its imageExtractors name, are not looked at here".to_owned()
    });
    for check in checks.as_array().into_iter().flatten() {
        for (path, image) in images(case) {
            match is_meant(check, image) {
                Some(false) => continue,
                Some(true) if lacks_digest(check, image) => {
                    return Some(Said::Broken(path, format!("missing digest for {image}")));
                }
                _ => {}
            }
            unknown.get_or_insert_with(|| {
                "whether images are signed is asked of their registries".to_owned()
            });
        }
    }
    unknown.map(Said::Unknown)
}

/// The images of a pod, with where they stand.
fn images<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (FieldPath, &'c str)> {
    let is_pod = case.pod().is_some();
    let lists = ["initContainers", "containers", "ephemeralContainers"];
    lists
        .into_iter()
        .filter(move |_| is_pod)
        .flat_map(move |list| {
            let containers = case
                .object()
                .get("spec")
                .and_then(|spec| spec.get(list)?.as_array());
            let containers = containers.into_iter().flatten().enumerate();
            containers.filter_map(move |(at, container)| {
                let path = FieldPath::root()
                    .field("spec")
                    .field(list)
                    .index(at)
                    .field("image");
                Some((path, container.get("image")?.as_str()?))
            })
        })
}

/// Whether a check is about an image; `None` where that depends on how Kyverno completes the name.
fn is_meant(check: &Value, image: &str) -> Option<bool> {
    let names = complete(image);
    let fits = |member: &str| -> Option<bool> {
        let list = check.get(member).and_then(Value::as_array);
        let patterns: Vec<&str> = list
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let fitting = names.iter().filter(|name| {
            patterns
                .iter()
                .any(|pattern| wildcard::matches(pattern, name))
        });
        match fitting.count() {
            0 => Some(false),
            count if count == names.len() => Some(true),
            _ => None,
        }
    };
    match (fits("imageReferences"), fits("skipImageReferences")) {
        (Some(false), _) | (_, Some(true)) => Some(false),
        (Some(true), Some(false)) => Some(true),
        _ => None,
    }
}

/// The forms in which the name of an image may be compared: with registry and tag.
fn complete(image: &str) -> Vec<String> {
    let name = ImageName::split(image);
    let tagged = match (name.tag(), name.digest()) {
        (None, None) => format!("{image}:latest"),
        _ => image.to_owned(),
    };
    match (name.host(), name.path().contains('/')) {
        (Some(_), _) => vec![tagged],
        (None, true) => vec![format!("docker.io/{tagged}")],
        (None, false) => vec![
            format!("docker.io/{tagged}"),
            format!("docker.io/library/{tagged}"),
        ],
    }
}

/// Whether an image needs a digest that nobody adds.
fn lacks_digest(check: &Value, image: &str) -> bool {
    let is_on = |member: &str| check.get(member).and_then(Value::as_bool).unwrap_or(true);
    is_on("verifyDigest") && !is_on("mutateDigest") && !image.contains('@')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_compared_with_registry_and_tag() {
        let check = |patterns: Value, skipped: Value| json!({"imageReferences": patterns, "skipImageReferences": skipped});
        for (patterns, skipped, image, expected) in [
            (json!(["*"]), json!([]), "nginx", Some(true)),
            (
                json!(["ghcr.io/acme/*"]),
                json!([]),
                "ghcr.io/acme/web:1",
                Some(true),
            ),
            (
                json!(["ghcr.io/acme/*"]),
                json!([]),
                "acme/web:1",
                Some(false),
            ),
            (
                json!(["docker.io/acme/*:latest"]),
                json!([]),
                "acme/web",
                Some(true),
            ),
            (json!(["docker.io/library/*"]), json!([]), "nginx:1", None),
            (
                json!(["*"]),
                json!(["ghcr.io/acme/*"]),
                "ghcr.io/acme/web:1",
                Some(false),
            ),
            (json!(["*"]), json!(["docker.io/library/*"]), "nginx", None),
            (
                json!(["localhost:5000/*"]),
                json!([]),
                "localhost:5000/web@sha256:1",
                Some(true),
            ),
        ] {
            assert_eq!(
                is_meant(&check(patterns.clone(), skipped), image),
                expected,
                "{patterns} {image}"
            );
        }
    }
}
