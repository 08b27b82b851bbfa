//! Constraints as `kube::Api` wants them. Their kind is a value, which only kube's own trait allows for.

use std::borrow::Cow;

use crd_core::ObjectMeta;
use kube_core::{ClusterResourceScope, Resource};

use super::constraint::{Constraint, ConstraintParameters, ConstraintVersion, GROUP};

/// The kind and version of constraints: the `DynamicType` of [`Constraint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstraintKind {
    /// The served version to talk to.
    pub version: ConstraintVersion,
    /// The kind, which is that of the template.
    pub kind: String,
}

impl<P: ConstraintParameters> Constraint<P> {
    /// What `kube::Api` needs to know about a kind of constraints with these parameters.
    pub fn resource(kind: impl Into<String>) -> ConstraintKind {
        ConstraintKind {
            version: ConstraintVersion::V1Beta1,
            kind: kind.into(),
        }
    }
}

impl<P> Constraint<P> {
    /// The kind and version, as `kube::Api` wants them.
    #[must_use]
    pub fn constraint_kind(&self) -> ConstraintKind {
        ConstraintKind {
            version: self.version(),
            kind: self.kind().to_owned(),
        }
    }
}

impl<P> Resource for Constraint<P> {
    type DynamicType = ConstraintKind;
    type Scope = ClusterResourceScope;

    fn kind(dynamic: &ConstraintKind) -> Cow<'_, str> {
        Cow::Borrowed(&dynamic.kind)
    }

    fn group(_: &ConstraintKind) -> Cow<'_, str> {
        Cow::Borrowed(GROUP)
    }

    fn version(dynamic: &ConstraintKind) -> Cow<'_, str> {
        Cow::Borrowed(dynamic.version.name())
    }

    fn plural(dynamic: &ConstraintKind) -> Cow<'_, str> {
        Cow::Owned(dynamic.kind.to_lowercase())
    }

    fn meta(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn meta_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}
