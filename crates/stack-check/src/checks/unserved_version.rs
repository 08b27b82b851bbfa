//! Custom resources in versions that are not served.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Value;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    code: "unserved-version",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A custom resource is written in a version that is not served",
    explanation: "The definition of the kind is in the stack, but it does not serve the version of this object: applying it \
        fails.",
    remedy: "write a version that the definition serves",
    silent: "Kinds whose definition is not in the input.",
    failing: include_str!("../../fixtures/unserved-version/failing.yaml"),
    passing: include_str!("../../fixtures/unserved-version/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let mut served: HashMap<(&str, &str), Vec<&str>> = HashMap::new();
    for definition in context
        .model
        .objects("apiextensions.k8s.io", "CustomResourceDefinition")
    {
        let (Some(group), Some(kind)) = (
            definition.text_at("spec.group"),
            definition.text_at("spec.names.kind"),
        ) else {
            continue;
        };
        let versions = definition.items_at("spec.versions").iter();
        let versions =
            versions.filter(|version| version.get("served").and_then(Value::as_bool) == Some(true));
        let names = versions.filter_map(|version| version.get("name").and_then(Value::as_str));
        served.entry((group, kind)).or_default().extend(names);
    }
    for ((group, kind), versions) in served.iter().filter(|(_, versions)| !versions.is_empty()) {
        for object in context
            .model
            .objects(group, kind)
            .filter(|object| !versions.contains(&object.version()))
        {
            sink.report(
                object,
                path("apiVersion"),
                format!(
                    "{kind} is served as {}, not as {}",
                    versions.join(", "),
                    object.version()
                ),
            );
        }
    }
}
