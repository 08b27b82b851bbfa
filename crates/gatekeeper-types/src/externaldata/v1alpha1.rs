//! `externaldata.gatekeeper.sh/v1alpha1`.

pub use super::v1beta1::provider_v1alpha1::Provider;
