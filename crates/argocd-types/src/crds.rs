//! The one list of kinds, and the definitions that are made from it.

use crd_core::Family;

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

#[cfg(feature = "schema")]
crd_core::family_crds!();
