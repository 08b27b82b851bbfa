//! The application that an ApplicationSet fills in; generators may override parts of it.

use std::collections::BTreeMap;

use crd_core::Object;

use super::application_spec::ApplicationSpec;

/// An application with parameters to fill in.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetTemplate {
    /// Name, labels and annotations.
    pub metadata: ApplicationSetTemplateMeta,
    /// The source and destination of each application. Strings may hold parameters.
    pub spec: ApplicationSpec,
}

/// The metadata of an application with parameters to fill in.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ApplicationSetTemplateMeta {
    /// The name of each application; needs a parameter, since names must differ.
    pub name: Option<String>,
    /// The namespace; that of Argo CD unless it may look after others.
    pub namespace: Option<String>,
    /// Labels of each application; values may hold parameters.
    pub labels: BTreeMap<String, String>,
    /// Annotations of each application; values may hold parameters.
    pub annotations: BTreeMap<String, String>,
    /// Finalizers; see [`CASCADE_FINALIZER`](crate::annotations::CASCADE_FINALIZER).
    pub finalizers: Vec<String>,
}
