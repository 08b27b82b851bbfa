//! Services that send the requests for one application to another.

use std::collections::BTreeSet;

use crate::check::Check;
use crate::context::path;
use crate::context::{Context, Sink, in_words};
use crate::group::Group;
use kube_vocab::Severity;
use stack_model::{Service, Workload};

pub(super) const CHECK: Check = Check {
    code: "service-mixes-applications",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "A Service for one application selects pods of another, too",
    explanation: "The selector is wider than the application: part of the requests goes to pods that were never meant, which \
        answer with something else or not at all.",
    remedy: "add the label that tells the applications apart to the selector",
    silent: "Headless Services, which list members of several applications on purpose; Services that are called after none of \
        the applications; applications whose name begins with the other's, such as `web` and `web-canary`; pods without the \
        labels `app.kubernetes.io/name`, `app` or `k8s-app`.",
    failing: include_str!("../../fixtures/service-mixes-applications/failing.yaml"),
    passing: include_str!("../../fixtures/service-mixes-applications/passing.yaml"),
    run,
};

const NAMES: [&str; 3] = ["app.kubernetes.io/name", "app", "k8s-app"];

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for service in context.model.services() {
        if service.is_headless() || service.workloads().nth(1).is_none() {
            continue;
        }
        let Some(others) = strangers(context, &service) else {
            continue;
        };
        let (first, selector) = (others.first(), service.selector());
        if let (Some(first), Some(selector)) = (first, selector) {
            let message = format!(
                "{} means pods of {first}, too, beside those of {}",
                in_words(&selector),
                service.name()
            );
            sink.report(service.entry(), path("spec.selector"), message);
        }
    }
}

/// The workloads behind a Service that are of another application than the one that it is called after.
fn strangers<'m>(context: &Context<'m>, service: &Service<'m>) -> Option<Vec<Workload<'m>>> {
    // A Service that selects by the name of an application means that one.
    let selected = service.selected_labels()?;
    let key = NAMES.into_iter().find(|key| {
        service
            .workloads()
            .all(|workload| workload.labels().get(key).is_some())
    })?;
    if selected.get(key).is_some() {
        return None;
    }
    let names: BTreeSet<&str> = service
        .workloads()
        .filter_map(|workload| workload.labels().get(key))
        .collect();
    let own = *names.get(service.name())?;
    let is_variant = |name: &str| name.starts_with(own) || own.starts_with(name);
    let others = service.workloads().filter(|workload| {
        let name = workload.labels().get(key).unwrap_or_default();
        !is_variant(name) && context.are_near(service.entry(), workload.entry())
    });
    Some(others.collect())
}
