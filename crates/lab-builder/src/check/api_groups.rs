use std::collections::{BTreeMap, BTreeSet};

use stack_builder::{Finding, Part, Provided, Severity};

use crate::model::Whole;

/// Groups that every API server serves, besides those without a dot in their name.
const SERVED: [&str; 18] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// The kinds of an object's group must be there before it is applied: a component says that its chart brings them, or brings
/// their definitions itself. In a cluster that the stack does not make, they may be there anyway.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let bundle = whole.bundle;
    // The component of each group that comes first.
    let mut providers: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, part) in bundle.parts().iter().enumerate() {
        for group in brought(part) {
            providers.entry(group).or_insert(at);
        }
    }
    // Of what charts bring, Helm knows the order.
    let by_charts = whole
        .model
        .objects("apiextensions.k8s.io", "CustomResourceDefinition")
        .filter(|definition| definition.origin().release.is_some())
        .filter_map(|definition| definition.text_at("spec.group"));
    for group in by_charts {
        providers.entry(group).or_insert(0);
    }
    let served: BTreeSet<&str> = SERVED.into_iter().collect();
    let severity = match bundle.cluster() {
        Some(_) => Severity::Error,
        None => Severity::Warning,
    };
    for (at, part) in bundle.parts().iter().enumerate() {
        for (_, object) in part.objects() {
            let group = object.id().group();
            if !group.contains('.') || served.contains(group) {
                continue;
            }
            let (message, remedy) = match providers.get(group) {
                Some(provider) if *provider <= at => continue,
                Some(provider) => {
                    let provider = bundle.parts()[*provider].id();
                    (
                        format!("the kinds of {group} come with component {provider}, which is installed later"),
                        format!("let component {} come after {provider}", part.id()),
                    )
                }
                None => (
                    format!("no component brings the kinds of {group}"),
                    "add the component that brings them, or say that they are there: Contribution::provides with \
                     Provided::ApiGroup"
                        .to_owned(),
                ),
            };
            let finding = Finding::new("api-groups", severity, object.id(), message);
            findings.push(finding.at("apiVersion").remedy(remedy));
        }
    }
}

/// The groups whose definitions a component brings.
fn brought(part: &Part) -> impl Iterator<Item = &str> {
    let provided = part
        .provided()
        .iter()
        .filter_map(|provided| match provided {
            Provided::ApiGroup(group) => Some(group.as_str()),
            _ => None,
        });
    let objects = part.objects().filter_map(|(_, object)| {
        let id = object.id();
        match (id.group(), id.kind.as_str()) {
            // The value is made, and kept, of these alone.
            ("apiextensions.k8s.io", "CustomResourceDefinition")
            | ("apiregistration.k8s.io", "APIService") => object.value()["spec"]["group"].as_str(),
            _ => None,
        }
    });
    provided.chain(objects)
}
