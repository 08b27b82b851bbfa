//! Who may talk to whom (`security.istio.io`).

pub mod v1;
pub mod v1beta1;
