//! One image in two versions.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::{FieldPath, ImageName, Severity};
use stack_model::Entry;
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    code: "image-in-two-versions",
    group: Group::Posture,
    severity: Severity::Warning,
    title: "One image runs in two versions",
    explanation: "Workloads of one namespace run different versions of the same image. It may be meant; more often \
        one was forgotten when the other was raised.",
    remedy: "run one version",
    silent: "Tags that are no versions, such as `latest`; one that is part of the other, as 1.25 is of 1.25.3. Files of several \
        folders that leave open in which namespace they are applied, and alternatives.",
    failing: include_str!("../../fixtures/image-in-two-versions/failing.yaml"),
    passing: include_str!("../../fixtures/image-in-two-versions/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    // By namespace, image and what is applied together: every version, with the first workload that runs it.
    let mut found: BTreeMap<_, Versions<'_>> = BTreeMap::new();
    for workload in context.written_workloads() {
        let entry = workload.template_entry();
        for container in workload.containers() {
            let Some((name, tag, version)) = split(container.image()) else {
                continue;
            };
            let place = (workload.namespace(), name, context.circle_of(entry));
            let versions = found.entry(place).or_default();
            let contents = if version.is_empty() { tag } else { "" };
            let first = versions.entry((version, contents)).or_insert((tag, entry));
            if entry.id() < first.1.id() {
                *first = (tag, entry);
            }
        }
    }
    for ((_, name, _), versions) in found {
        let mut newest_first = versions.iter().rev();
        let Some(((newest, _), (new_tag, other))) = newest_first.next() else {
            continue;
        };
        let older =
            newest_first.find(
                |((version, _), _)| match (version.as_slice(), newest.as_slice()) {
                    // What version the contents are of, nobody says; but they are others.
                    ([], newest) => newest.is_empty(),
                    // `1.25` may be 1.25.3.
                    (older, newest) => !newest.starts_with(older),
                },
            );
        if let Some((_, (tag, entry))) = older {
            let message = match entry.entry_id() == other.entry_id() {
                true => format!("{name} runs as {tag} and as {new_tag}"),
                false => format!("{name} runs as {tag}, beside {new_tag} in {other}"),
            };
            sink.report(entry, FieldPath::root(), message);
        }
    }
}

/// The versions of an image, or its contents where it has none, each with its tag and the first workload that runs it.
type Versions<'m> = BTreeMap<(Version, &'m str), (&'m str, &'m Entry)>;

/// The numbers of a version; none where an image is told by its contents alone.
type Version = Vec<u64>;

/// The name of an image, and its tag with the version in it; its contents where it has no tag.
fn split(image: &str) -> Option<(&str, &str, Version)> {
    let image = ImageName::split(image);
    match image.tag() {
        Some(tag) => Some((image.name(), tag, version_of(tag)?)),
        None => {
            let contents = image.digest()?.trim_start_matches("sha256:");
            Some((image.name(), contents, Version::new()))
        }
    }
}

/// The numbers with which a tag begins: 1, 25 and 3 of `v1.25.3-alpine`. `None` for tags that are words, of which nobody knows
/// whether they are versions: `latest`, `main`, `a1b2c3d`.
fn version_of(tag: &str) -> Option<Version> {
    let numbers = tag.strip_prefix('v').unwrap_or(tag);
    let numbers = numbers.split(['-', '+', '_']).next()?;
    numbers
        .split('.')
        .map(|number| number.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_numbers_of_a_tag() {
        for (tag, version) in [
            ("1.25", Some(vec![1, 25])),
            ("v1.25.3-alpine", Some(vec![1, 25, 3])),
            ("6.3.4_amd64", Some(vec![6, 3, 4])),
            ("latest", None),
            ("1a2b3c4", None),
            ("test-distroless", None),
            ("", None),
        ] {
            assert_eq!(version_of(tag), version, "{tag}");
        }
        assert_eq!(
            split("r:5000/web:1@sha256:ab"),
            Some(("r:5000/web", "1", vec![1]))
        );
        assert_eq!(
            split("r:5000/web@sha256:ab"),
            Some(("r:5000/web", "ab", vec![]))
        );
        assert_eq!(split("r:5000/web"), None);
    }
}
