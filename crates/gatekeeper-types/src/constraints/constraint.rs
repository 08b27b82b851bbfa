//! The root object of every constraint.

use super::enforcement::{
    EnforcementAction, EnforcementPoint, EnforcementPointName, ScopedEnforcementAction,
};
use super::status::ConstraintStatus;
use crate::matching::{Kinds, Match, Wildcard};
use crd_core::{Object, ObjectMeta, StringEnum};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// The API group of all constraints.
pub const GROUP: &str = "constraints.gatekeeper.sh";

/// A template's policy put to work. Cluster-scoped.
///
/// `P` is the type of `spec.parameters`; with free JSON, the default, constraints of every kind can be read. Written as
/// `constraints.gatekeeper.sh/v1beta1`; an object that was read keeps its version.
/// Upstream: <https://open-policy-agent.github.io/gatekeeper/website/docs/howto#constraints>.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint<P = Value> {
    version: ConstraintVersion,
    kind: String,
    /// Name, labels and annotations.
    pub metadata: ObjectMeta,
    /// Where the policy applies, with which parameters, and what happens on a violation.
    pub spec: ConstraintSpec<P>,
    /// What the audit found and each pod enforces; written by Gatekeeper alone.
    pub status: Option<ConstraintStatus>,
}

/// A served version of the constraint kinds. Both have one schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
pub enum ConstraintVersion {
    /// The version that is stored.
    #[arm(rename = "constraints.gatekeeper.sh/v1beta1")]
    V1Beta1,
    /// The version before; still served, and with the same fields.
    #[arm(rename = "constraints.gatekeeper.sh/v1alpha1")]
    V1Alpha1,
}

/// Where a policy applies, with which parameters, and what happens on a violation.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct ConstraintSpec<P = Value> {
    /// What happens to an object that violates the policy. Absent means [`EnforcementAction::Deny`].
    pub enforcement_action: Option<EnforcementAction>,
    /// What happens at which enforcement point; looked at with [`EnforcementAction::Scoped`] only.
    pub scoped_enforcement_actions: Vec<ScopedEnforcementAction>,
    /// Which objects are checked. The empty match selects all.
    #[field(default)]
    pub r#match: Match,
    /// What the policy reads as `input.parameters`, in the shape that the template's schema asks for.
    pub parameters: Option<P>,
}

impl<P> Default for ConstraintSpec<P> {
    fn default() -> Self {
        Self {
            enforcement_action: None,
            scoped_enforcement_actions: Vec::new(),
            r#match: Match::default(),
            parameters: None,
        }
    }
}

impl<P> ConstraintSpec<P> {
    fn is_empty(&self) -> bool {
        self.enforcement_action.is_none()
            && self.scoped_enforcement_actions.is_empty()
            && self.r#match == Match::default()
            && self.parameters.is_none()
    }
}

/// A type that can stand in `spec.parameters`, and perhaps belongs to one kind of constraint.
pub trait ConstraintParameters {
    /// The one kind that these parameters belong to; `None` where they serve any kind. Reading a [`Constraint`] of these
    /// parameters fails for every other kind.
    const KIND: Option<&'static str> = None;
}

impl ConstraintParameters for Value {}
impl ConstraintParameters for Map<String, Value> {}
impl<T> ConstraintParameters for BTreeMap<String, T> {}
/// No parameters at all.
impl ConstraintParameters for () {}

impl Constraint {
    /// A constraint that checks every object and denies violations, until told otherwise.
    ///
    /// `kind` is the kind of the template, such as `K8sDenyPrivileged`; `name` is unique among the constraints of that kind.
    pub fn new(kind: impl Into<String>, name: impl Into<String>) -> Self {
        Self::build(kind.into(), name.into(), None)
    }
}

impl<P: ConstraintParameters> Constraint<P> {
    /// A constraint of the kind that its parameters belong to. Does not compile for parameters without
    /// [`ConstraintParameters::KIND`].
    pub fn of(name: impl Into<String>, parameters: P) -> Self {
        const {
            assert!(
                P::KIND.is_some(),
                "ConstraintParameters::KIND names no kind"
            )
        };
        Self::build(
            P::KIND.unwrap_or_default().to_owned(),
            name.into(),
            Some(parameters),
        )
    }
}

impl<P> Constraint<P> {
    fn build(kind: String, name: String, parameters: Option<P>) -> Self {
        Self {
            version: ConstraintVersion::V1Beta1,
            kind,
            metadata: ObjectMeta {
                name: Some(name),
                ..ObjectMeta::default()
            },
            spec: ConstraintSpec {
                parameters,
                ..ConstraintSpec::default()
            },
            status: None,
        }
    }

    /// The kind, which is that of the template.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The version that the object was read in, or `v1beta1`.
    #[must_use]
    pub fn version(&self) -> ConstraintVersion {
        self.version
    }

    /// What happens on a violation: `deny` where nothing is said.
    #[must_use]
    pub fn enforcement_action(&self) -> &EnforcementAction {
        self.spec
            .enforcement_action
            .as_ref()
            .unwrap_or(&EnforcementAction::Deny)
    }

    /// What happens on a violation at an enforcement point; empty where the constraint does not count there.
    #[must_use]
    pub fn actions_at(&self, point: &EnforcementPointName) -> Vec<EnforcementAction> {
        let action = self.enforcement_action();
        if *action != EnforcementAction::Scoped {
            return vec![action.clone()];
        }
        let counts = |found: &EnforcementPoint| {
            found
                .name
                .as_ref()
                .is_some_and(|name| name == point || *name == EnforcementPointName::All)
        };
        let mut actions = Vec::new();
        for scoped in &self.spec.scoped_enforcement_actions {
            let Some(action) = &scoped.action else {
                continue;
            };
            if scoped.enforcement_points.iter().any(counts) && !actions.contains(action) {
                actions.push(action.clone());
            }
        }
        actions
    }

    /// Checks objects of these kinds, besides those named before. `""` is the core group, `apps` that of Deployments.
    #[must_use]
    pub fn match_kinds<K: Into<String>>(
        mut self,
        group: impl Into<String>,
        kinds: impl IntoIterator<Item = K>,
    ) -> Self {
        self.spec.r#match.kinds.push(Kinds::new(group, kinds));
        self
    }

    /// Checks objects of these namespaces only, besides those named before; `kube-*` and `*-system` are understood.
    #[must_use]
    pub fn in_namespaces<N: Into<Wildcard>>(
        mut self,
        namespaces: impl IntoIterator<Item = N>,
    ) -> Self {
        self.spec
            .r#match
            .namespaces
            .extend(namespaces.into_iter().map(Into::into));
        self
    }

    /// Leaves objects of these namespaces alone; `kube-*` and `*-system` are understood.
    #[must_use]
    pub fn except_namespaces<N: Into<Wildcard>>(
        mut self,
        namespaces: impl IntoIterator<Item = N>,
    ) -> Self {
        self.spec
            .r#match
            .excluded_namespaces
            .extend(namespaces.into_iter().map(Into::into));
        self
    }

    /// Says what happens on a violation.
    #[must_use]
    pub fn enforce(mut self, action: EnforcementAction) -> Self {
        self.spec.enforcement_action = Some(action);
        self
    }

    /// Says what happens at which enforcement point, and sets the action to `scoped`.
    #[must_use]
    pub fn enforce_scoped(
        mut self,
        actions: impl IntoIterator<Item = ScopedEnforcementAction>,
    ) -> Self {
        self.spec.enforcement_action = Some(EnforcementAction::Scoped);
        self.spec.scoped_enforcement_actions.extend(actions);
        self
    }

    /// Replaces the parameters, and with them perhaps their type.
    #[must_use]
    pub fn with_parameters<Q>(self, parameters: Q) -> Constraint<Q> {
        Constraint {
            version: self.version,
            kind: self.kind,
            metadata: self.metadata,
            spec: ConstraintSpec {
                enforcement_action: self.spec.enforcement_action,
                scoped_enforcement_actions: self.spec.scoped_enforcement_actions,
                r#match: self.spec.r#match,
                parameters: Some(parameters),
            },
            status: self.status,
        }
    }
}

impl ConstraintVersion {
    /// The version without its group.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1Beta1 => "v1beta1",
            Self::V1Alpha1 => "v1alpha1",
        }
    }
}

impl<P: Serialize> Serialize for Constraint<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Constraint", 5)?;
        object.serialize_field("apiVersion", &self.version)?;
        object.serialize_field("kind", &self.kind)?;
        object.serialize_field("metadata", &self.metadata)?;
        if self.spec.is_empty() {
            object.skip_field("spec")?;
        } else {
            object.serialize_field("spec", &self.spec)?;
        }
        match &self.status {
            Some(status) => object.serialize_field("status", status)?,
            None => object.skip_field("status")?,
        }
        object.end()
    }
}

/// The kind of a constraint, checked against the one kind of its parameters where they have one.
struct Kind<P>(String, std::marker::PhantomData<P>);

impl<'de, P: ConstraintParameters> Deserialize<'de> for Kind<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = String::deserialize(deserializer)?;
        match P::KIND {
            Some(wanted) if wanted != kind => Err(de::Error::invalid_value(
                de::Unexpected::Str(&kind),
                &WantedKind(wanted),
            )),
            _ => Ok(Self(kind, std::marker::PhantomData)),
        }
    }
}

struct WantedKind(&'static str);

impl de::Expected for WantedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the kind `{}`", self.0)
    }
}

#[derive(serde::Deserialize)]
#[serde(
    rename = "Constraint",
    rename_all = "camelCase",
    bound(deserialize = "P: ConstraintParameters + Deserialize<'de>")
)]
struct Wire<P> {
    api_version: ConstraintVersion,
    kind: Kind<P>,
    #[serde(default)]
    metadata: ObjectMeta,
    #[serde(default)]
    spec: ConstraintSpec<P>,
    #[serde(default)]
    status: Option<ConstraintStatus>,
}

impl<'de, P: ConstraintParameters + Deserialize<'de>> Deserialize<'de> for Constraint<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire {
            api_version,
            kind,
            metadata,
            spec,
            status,
        } = Wire::deserialize(deserializer)?;
        Ok(Self {
            version: api_version,
            kind: kind.0,
            metadata,
            spec,
            status,
        })
    }
}
