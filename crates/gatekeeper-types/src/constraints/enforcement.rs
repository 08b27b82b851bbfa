//! What happens when an object violates a constraint.

use crd_core::string_enum;
use serde::{Deserialize, Serialize};

string_enum! {
    /// What happens to an object that violates a constraint.
    ///
    /// Gatekeeper does nothing at admission for an action that it does not know; audit still reports the violation.
    #[open]
    pub enum EnforcementAction {
        /// The request is refused with the messages. The default.
        Deny = "deny",
        /// The request passes, and the client is shown the messages as warnings.
        Warn = "warn",
        /// The request passes without a word; audit reports the violation.
        Dryrun = "dryrun",
        /// `scopedEnforcementActions` says what happens at which enforcement point.
        Scoped = "scoped",
    }
}

string_enum! {
    /// A place where a constraint is enforced.
    #[open]
    pub enum EnforcementPointName {
        /// Gatekeeper's validating webhook.
        Webhook = "validation.gatekeeper.sh",
        /// The regular review of what is in the cluster.
        Audit = "audit.gatekeeper.sh",
        /// The command line tool gator, in pipelines.
        Gator = "gator.gatekeeper.sh",
        /// A ValidatingAdmissionPolicy that the API server evaluates.
        Vap = "vap.k8s.io",
        /// Everywhere.
        All = "*",
    }
}

/// An action and the enforcement points where it holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopedEnforcementAction {
    /// What happens; `scoped` itself makes no sense here. Legal, though useless, without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<EnforcementAction>,
    /// Where it happens. Several actions may name one point; all of them are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnforcementPoint {
    /// The place's name. Legal, though useless, without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<EnforcementPointName>,
}
