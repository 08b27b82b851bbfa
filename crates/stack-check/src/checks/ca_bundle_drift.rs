//! Certificates that a manifest sets and a controller changes.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::text;
use crate::group::Group;
use kube_vocab::Severity;

pub(super) const CHECK: Check = Check {
    code: "ca-bundle-drift",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A certificate is set by the manifest and by a controller",
    explanation: "cert-manager writes the `caBundle` of this object. The manifest has one of its own: each time it \
        is applied the webhook breaks until the controller has written again, and GitOps tools report drift.",
    remedy: "leave `caBundle` out of the manifest",
    silent: "Bundles that are empty or only say that there is one (`Cg==`).",
    failing: include_str!("../../fixtures/ca-bundle-drift/failing.yaml"),
    passing: include_str!("../../fixtures/ca-bundle-drift/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let hooks = "admissionregistration.k8s.io";
    let kinds = [
        (hooks, "ValidatingWebhookConfiguration"),
        (hooks, "MutatingWebhookConfiguration"),
    ];
    for (group, kind) in kinds {
        for entry in context.model.objects(group, kind) {
            let annotations = entry.annotations();
            let is_injected = [
                "cert-manager.io/inject-ca-from",
                "cert-manager.io/inject-ca-from-secret",
            ]
            .iter()
            .any(|key| annotations.get(key).is_some());
            for (number, webhook) in entry.items_at("webhooks").iter().enumerate() {
                let bundle = text(webhook, "clientConfig.caBundle").unwrap_or_default();
                // A line break in base64 stands for nothing, where the field had to be there.
                if is_injected && bundle.len() > 8 {
                    let place = format!("webhooks[{number}].clientConfig.caBundle");
                    sink.report(entry, path(&place), "cert-manager writes it, too");
                }
            }
        }
    }
}
