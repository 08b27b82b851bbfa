//! StatefulSets whose Service gives no names.

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Extent, PodMatch, Resolution};

pub(super) const CHECK: Check = Check {
    code: "stateful-set-service",
    group: Group::References,
    severity: Severity::Warning,
    title: "The Service of a StatefulSet does not give its pods names",
    explanation: "A StatefulSet names a Service that is to give each pod a stable DNS name. That works only if the Service \
        exists, is headless, and selects the pods.",
    remedy: "name a headless Service (`clusterIP: None`) with the labels of the pods",
    silent: "Services that are not in the input, unless the stack is whole.",
    failing: include_str!("../../fixtures/stateful-set-service/failing.yaml"),
    passing: include_str!("../../fixtures/stateful-set-service/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (reference, resolution) in &context.broken {
        if reference.from.kind() == "StatefulSet"
            && reference.kind == "Service"
            && context.extent == Extent::Whole
            && matches!(resolution, Resolution::Missing)
        {
            let message = format!("there is no Service {}", reference.name);
            sink.report(reference.from, reference.path.to_field_path(), message);
        }
    }
    for set in context.model.objects("apps", "StatefulSet") {
        let name = set
            .text_at("spec.serviceName")
            .filter(|name| !name.is_empty());
        let service = name
            .and_then(|name| context.model.service(set.namespace()?, name))
            .filter(|service| context.are_near(set, service.entry()));
        let (Some(service), Some(workload)) = (service, context.model.workload(set.entry_id()))
        else {
            continue;
        };
        if !service.is_headless() {
            sink.report(
                set,
                path("spec.serviceName"),
                format!("{service} is not headless"),
            );
        } else if service
            .selector()
            .is_some_and(|selector| workload.matched_by(&selector) == PodMatch::None)
        {
            sink.report(
                set,
                path("spec.serviceName"),
                format!("{service} does not select its pods"),
            );
        }
    }
}
