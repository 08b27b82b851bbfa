//! Destinations that leave the port open where there are several.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::fields::at_position;
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "destination-port-required",
    group: Group::References,
    severity: Severity::Warning,
    title: "A destination does not say which port of its Service it means",
    explanation: "A VirtualService sends traffic to a Service with several ports and names none of them. Istio takes the port at \
        which the request came in, and where the Service lacks that one, requests lead nowhere. Istio's own analysis reports \
        it, too (IST0112).",
    remedy: "add `port.number` to the destination",
    silent: "Services that are not in the input.",
    failing: include_str!("../../fixtures/destination-port-required/failing.yaml"),
    passing: include_str!("../../fixtures/destination-port-required/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for entry in context
        .model
        .objects("networking.istio.io", "VirtualService")
    {
        for reference in context.model.references_of(entry) {
            let at = reference.path.to_string();
            let Some(at) = at.strip_suffix(".destination.host") else {
                continue;
            };
            let service = reference
                .namespace
                .and_then(|namespace| context.model.service(namespace, reference.name));
            let Some(service) = service.filter(|service| {
                reference.purpose == Purpose::Backend && context.are_near(entry, service.entry())
            }) else {
                continue;
            };
            if service.ports().count() > 1
                && !context.is_ambiguous(service.entry())
                && at_position(entry.value(), &format!("{at}.destination.port")).is_none()
            {
                sink.report(
                    entry,
                    path(&format!("{at}.destination")),
                    format!("{service} has several ports, and none is named"),
                );
            }
        }
    }
}
