//! ConfigMaps, Secrets and keys that pods read and that do not exist.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use crate::missing;
use kube_vocab::Severity;
use stack_model::Purpose;

pub(super) const CHECK: Check = Check {
    code: "missing-config",
    group: Group::References,
    severity: Severity::Error,
    title: "Pods read a ConfigMap, Secret or key that does not exist",
    explanation: "A container takes an environment variable or a file from a ConfigMap or Secret that is not there, or from a \
        key that is not in it. The pod stays in CreateContainerConfigError or ContainerCreating.",
    remedy: "correct the name or the key, add the object, or mark the reference optional",
    silent: "A missing object is reported only for a whole stack, since people and controllers make such objects by the \
        way; a missing key always. Secrets that a Certificate, an ExternalSecret or a SealedSecret of the input makes \
        are there.",
    failing: include_str!("../../fixtures/missing-config/failing.yaml"),
    passing: include_str!("../../fixtures/missing-config/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    missing::report(
        context,
        sink,
        &[Purpose::Config, Purpose::Certificate],
        |_| true,
    );
}
