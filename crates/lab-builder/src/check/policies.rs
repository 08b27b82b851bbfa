use stack_builder::{Finding, Subject};
use stack_model::{Model, SourceObject};
use stack_policy::Policies;

use crate::model::Whole;

/// All policies of a model.
fn of(model: &Model) -> Policies {
    let policies = Policies::of(model);
    #[cfg(feature = "gatekeeper")]
    let policies = policies.with(stack_policy_rego::Gatekeeper::of(model));
    policies
}

/// What the stack's own policies say of its objects, of the pods of its workloads, and of the hooks of its charts. Gatekeeper's
/// are asked with the feature `gatekeeper`.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let hooks = whole.hooks();
    let found = match hooks.is_empty() {
        true => of(&whole.model).judge(&whole.model).findings(),
        false => {
            let lasting = whole
                .model
                .entries()
                .map(|entry| SourceObject::new(entry.value().clone(), entry.origin().clone()));
            let model = Model::read(lasting.chain(hooks));
            of(&model).judge(&model).findings()
        }
    };
    // Of an object that is only declared not enough is known.
    let known = found.into_iter().filter(|finding| match &finding.subject {
        Subject::Object(id) => !whole.is_declared(id),
        _ => true,
    });
    findings.extend(known);
}
