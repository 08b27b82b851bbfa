//! Classes, priorities, runtimes and claims that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-class",
    group: Group::References,
    severity: Severity::Error,
    title: "A class, priority, runtime or claim does not exist",
    explanation: "The object waits for somebody who never comes: no controller takes a Gateway or Ingress of an unknown class, \
        no volume is made for an unknown storage class, and a pod with an unknown priority or runtime is refused.",
    remedy: "name one that the stack or the cluster has",
    silent: "Classes belong to a cluster: they are judged only in a whole stack that brings others of the same kind.",
    failing: include_str!("../../fixtures/missing-class/failing.yaml"),
    passing: include_str!("../../fixtures/missing-class/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    let purposes = [Purpose::Class, Purpose::Scheduling, Purpose::Storage];
    missing::report(context, sink, &purposes, |_| true);
}
