use stack_builder::{Finding, Subject};
use stack_model::{Model, SourceObject};
use stack_policy::Policies;

use crate::model::Whole;

/// What the stack's own policies say of its objects, of the pods of its workloads, and of the hooks of its charts. Gatekeeper's
/// are asked by `stackctl check`, which has an interpreter of Rego.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let hooks = whole.hooks();
    let found = match hooks.is_empty() {
        true => Policies::of(&whole.model).judge(&whole.model).findings(),
        false => {
            let lasting = whole
                .model
                .entries()
                .map(|entry| SourceObject::shared(entry.shared_value(), entry.origin().clone()));
            let model = Model::read(lasting.chain(hooks));
            Policies::of(&model).judge(&model).findings()
        }
    };
    // Of an object that is only declared not enough is known.
    let known = found.into_iter().filter(|finding| match &finding.subject {
        Subject::Object(id) => !whole.is_declared(id),
        _ => true,
    });
    findings.extend(known);
}
