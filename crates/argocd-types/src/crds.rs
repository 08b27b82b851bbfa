//! The one list of kinds, and the definitions that are made from it.

use crd_core::Family;
#[cfg(feature = "schema")]
use crd_core::{
    Channel,
    crd::{CustomResourceDefinition, Definition},
};

use crate::v1alpha1::{AppProject, Application, ApplicationSet};

/// Every kind of Argo CD.
///
/// ```
/// let family = argocd_types::family();
/// assert!(family.version("argoproj.io/v1alpha1", "ApplicationSet").is_some());
/// ```
#[inline]
pub fn family() -> Family {
    Family::new("argocd")
        .kind::<AppProject>()
        .kind::<Application>()
        .kind::<ApplicationSet>()
}

/// The CustomResourceDefinitions of the [`family`].
#[cfg(feature = "schema")]
pub fn crds() -> Vec<CustomResourceDefinition> {
    family().crds(Channel::Standard)
}

/// The [`crds`], none of them made yet: for tools that look up a few kinds.
#[cfg(feature = "schema")]
pub fn definitions() -> Vec<Definition> {
    family().definitions(Channel::Standard)
}
