//! What the policies among the inputs say of the other inputs.

use kube_vocab::Finding;
use stack_model::Model;
use stack_policy::Policies;
#[cfg(feature = "policies")]
use stack_policy_rego::Gatekeeper;

/// The codes of the findings, each with what it is about.
pub(crate) const CODES: [(&str, &str); 4] = [
    (
        "policy-denies",
        "A policy of the stack refuses the object, or the pods that it makes",
    ),
    (
        "policy-warns",
        "A policy of the stack warns of the object, or of the pods that it makes",
    ),
    (
        "policy-audits",
        "A policy of the stack notes the object down, or the pods that it makes",
    ),
    (
        "policy-unknown",
        "What a policy says cannot be known from the inputs",
    ),
];

/// All policies of a model, ready to be asked.
pub(crate) fn of(model: &Model) -> Policies {
    let policies = Policies::of(model);
    #[cfg(feature = "policies")]
    let policies = policies.with(Gatekeeper::of(model));
    policies
}

/// What they say of the model's objects.
pub(crate) fn findings(model: &Model) -> Vec<Finding> {
    of(model).judge(model).findings()
}
