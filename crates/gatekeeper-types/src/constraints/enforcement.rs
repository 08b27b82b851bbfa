//! What happens when an object violates a constraint.

use crd_core::{Object, StringEnum};

/// What happens to an object that violates a constraint.
///
/// Gatekeeper does nothing at admission for an action that it does not know; audit still reports the violation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[string_enum(rename_all = "camelCase")]
pub enum EnforcementAction {
    /// The request is refused with the messages. The default.
    Deny,
    /// The request passes, and the client is shown the messages as warnings.
    Warn,
    /// The request passes without a word; audit reports the violation.
    Dryrun,
    /// `scopedEnforcementActions` says what happens at which enforcement point.
    Scoped,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A place where a constraint is enforced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum EnforcementPointName {
    /// Gatekeeper's validating webhook.
    #[arm(rename = "validation.gatekeeper.sh")]
    Webhook,
    /// The regular review of what is in the cluster.
    #[arm(rename = "audit.gatekeeper.sh")]
    Audit,
    /// The command line tool gator, in pipelines.
    #[arm(rename = "gator.gatekeeper.sh")]
    Gator,
    /// A ValidatingAdmissionPolicy that the API server evaluates.
    #[arm(rename = "vap.k8s.io")]
    Vap,
    /// `*`: every enforcement point.
    #[arm(rename = "*")]
    All,
    /// A text that this version of the types does not know.
    Other(String),
}

/// An action and the enforcement points where it holds.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ScopedEnforcementAction {
    /// What happens; `scoped` itself makes no sense here. Legal, though useless, without.
    pub action: Option<EnforcementAction>,
    /// Where it happens. Several actions may name one point; all of them are taken.
    pub enforcement_points: Vec<EnforcementPoint>,
}

impl ScopedEnforcementAction {
    /// An action at some enforcement points.
    pub fn new(
        action: EnforcementAction,
        points: impl IntoIterator<Item = EnforcementPointName>,
    ) -> Self {
        let enforcement_points = points
            .into_iter()
            .map(|name| EnforcementPoint { name: Some(name) })
            .collect();
        Self {
            action: Some(action),
            enforcement_points,
        }
    }
}

/// A reference to a place where a constraint is enforced.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EnforcementPoint {
    /// The place's name. Legal, though useless, without.
    pub name: Option<EnforcementPointName>,
}
