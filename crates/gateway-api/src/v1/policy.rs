//! What all policies have in common.

use crd_core::Object;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use super::ParentReference;

/// An object of the same namespace that a policy applies to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct LocalPolicyTargetReference {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// Kind of the target, such as `Service`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
}

/// An object of the same namespace that a policy applies to, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct PolicyTargetReferenceWithSectionName {
    /// The API group; the empty string is the core group.
    #[schemars(schema_with = "crate::schema::group")]
    pub group: String,
    /// Kind of the target, such as `Service`.
    #[schemars(schema_with = "crate::schema::kind")]
    pub kind: String,
    /// The object's name, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::object_name")]
    pub name: String,
    /// The part: a listener of a Gateway, a rule of a route, a named port of a Service; all of it if absent.
    #[schemars(schema_with = "crate::schema::section_name")]
    pub section_name: Option<String>,
}

impl PolicyTargetReferenceWithSectionName {
    /// A Service, with all its ports.
    pub fn service(name: impl Into<String>) -> Self {
        Self {
            group: String::new(),
            kind: "Service".to_owned(),
            name: name.into(),
            section_name: None,
        }
    }
}

/// What controllers say of a policy.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PolicyStatus {
    /// The state for each object above the target (mostly Gateways), at most 16.
    #[field(required)]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "atomic"))]
    pub ancestors: Vec<PolicyAncestorStatus>,
}

/// The state of a policy for one object above its target.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PolicyAncestorStatus {
    /// The object through which the policy takes effect, most often a Gateway.
    pub ancestor_ref: ParentReference,
    /// Who wrote this, as a domain and a path: `example.net/gateway-controller`.
    #[schemars(schema_with = "crate::schema::controller_name")]
    pub controller_name: String,
    /// One condition per type, 1 to 8; see [`PolicyConditionType`](super::PolicyConditionType).
    #[field(required)]
    #[schemars(schema_with = "crate::schema::conditions", length(min = 1, max = 8))]
    pub conditions: Vec<Condition>,
}
