//! Namespaces that ask for two kinds of mesh.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::mesh::MODE;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "two-injections",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A namespace asks for two kinds of mesh at once",
    explanation: "`istio-injection` and `istio.io/rev` name the control plane in two ways: the first wins, and a \
        canary upgrade moves nothing. A namespace with `istio-injection: enabled` in ambient mode gets sidecars.",
    remedy: "keep one of the labels",
    silent: "Nothing: the object says it all.",
    failing: include_str!("../../fixtures/two-injections/failing.yaml"),
    passing: include_str!("../../fixtures/two-injections/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for namespace in context.model.objects("", "Namespace") {
        let labels = namespace.labels();
        let injects = labels.get("istio-injection");
        let other = ["istio.io/rev", MODE].into_iter().find(|key| match *key {
            MODE => labels.get(key) == Some("ambient") && injects == Some("enabled"),
            key => {
                labels.get(key).is_some_and(|value| !value.is_empty()) && injects == Some("enabled")
            }
        });
        if let Some(key) = other {
            let at = path("metadata.labels").key("istio-injection");
            sink.report(namespace, at, format!("stands beside the label {key}"));
        }
    }
}
