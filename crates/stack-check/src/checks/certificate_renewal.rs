//! Certificates that are renewed before they begin.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use kube_vocab::duration;

pub(super) const CHECK: Check = Check {
    code: "certificate-renewal",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "A certificate is to be renewed before it begins",
    explanation: "`renewBefore` is at least as long as `duration`: cert-manager refuses the Certificate, or makes \
        a new one all the time.",
    remedy: "keep `renewBefore` well below `duration`",
    silent: "Durations that are not set: 90 days and a third of them. Issuers may choose another duration.",
    failing: include_str!("../../fixtures/certificate-renewal/failing.yaml"),
    passing: include_str!("../../fixtures/certificate-renewal/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context.model.objects("cert-manager.io", "Certificate") {
        let span = |at: &str| {
            entry
                .text_at(at)
                .and_then(|text| duration::parse_go(text).ok())
        };
        let (Some(whole), Some(before)) = (span("spec.duration"), span("spec.renewBefore")) else {
            continue;
        };
        if before >= whole {
            sink.report(
                entry,
                path("spec.renewBefore"),
                "is not shorter than the duration of the certificate",
            );
        }
    }
}
