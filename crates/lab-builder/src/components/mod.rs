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

use stack_builder::Component;

pub use crate::ids::{
    ARGOCD, CILIUM, DEMO_APP, GATEKEEPER, GATEWAY, ISTIO, KIND, KONG, LGTM, PLATFORM,
};

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
