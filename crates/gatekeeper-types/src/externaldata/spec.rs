//! What a Provider says.

use crate::status::ProviderPodStatusStatus;
use crd_core::Object;

/// A service that policies and mutators ask.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProviderSpec {
    /// The URL; HTTPS is demanded.
    pub url: Option<String>,
    /// How long to wait for an answer, in seconds.
    #[schemars(schema_with = "crate::schema::integer")]
    pub timeout: Option<i64>,
    /// The certificates of the authorities that the service's certificate is held against: PEM in
    /// base64.
    pub ca_bundle: Option<String>,
}

/// What Gatekeeper reports of a Provider.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProviderStatus {
    /// What each Gatekeeper pod says.
    pub by_pod: Vec<ProviderPodStatusStatus>,
}
