//! The documented components, one file or folder each.

pub mod argocd;
pub mod cilium;
pub mod demo_app;
pub mod gatekeeper;
pub mod istio;
pub mod kind;
pub mod kong;
pub mod lgtm;
pub mod platform;

pub use argocd::ArgoCd;
pub use cilium::Cilium;
pub use demo_app::DemoApp;
pub use gatekeeper::Gatekeeper;
pub use istio::Istio;
pub use kind::Kind;
pub use kong::Kong;
pub use lgtm::Lgtm;
pub use platform::Platform;

use istio_types::labels::DataplaneMode;
use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::component::{Component, Context};

/// The id of the kind cluster.
pub const KIND: &str = "kind";
/// The id of Cilium and Hubble.
pub const CILIUM: &str = "cilium";
/// The id of Kong Gateway and the Gateway API.
pub const KONG: &str = "kong";
/// The id of Istio ambient.
pub const ISTIO: &str = "istio";
/// The id of Argo CD.
pub const ARGOCD: &str = "argocd";
/// The id of Gatekeeper and its policies.
pub const GATEKEEPER: &str = "gatekeeper";
/// The id of the observability stack.
pub const LGTM: &str = "lgtm";
/// The id of the demo app.
pub const DEMO_APP: &str = "demo-app";
/// The id of the guard rails.
pub const PLATFORM: &str = "platform";

/// All documented components, in the order of the nine steps.
pub fn documented() -> Vec<Box<dyn Component>> {
    vec![
        Box::new(Kind::default()),
        Box::new(Cilium::default()),
        Box::new(Kong::default()),
        Box::new(Istio::default()),
        Box::new(ArgoCd::default()),
        Box::new(Gatekeeper::default()),
        Box::new(Lgtm::default()),
        Box::new(DemoApp::default()),
        Box::new(Platform::default()),
    ]
}

/// A namespace that is not part of the mesh.
pub(crate) fn namespace(name: &str) -> Namespace {
    Namespace {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            ..Default::default()
        },
        ..Default::default()
    }
}

/// A namespace whose pods join the mesh, where there is one.
pub(crate) fn mesh_namespace(name: &str, context: &Context<'_>) -> Namespace {
    let mut namespace = namespace(name);
    if context.mesh() {
        let (key, value) = DataplaneMode::Ambient.label();
        namespace
            .metadata
            .labels
            .get_or_insert_default()
            .insert(key.to_owned(), value.to_owned());
    }
    namespace
}

/// Name and namespace of an object.
pub(crate) fn named(namespace: &str, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace.to_owned()),
        ..Default::default()
    }
}
