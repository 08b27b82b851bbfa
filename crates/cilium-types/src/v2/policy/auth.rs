//! Mutual authentication of peers.

use serde::{Deserialize, Serialize};

/// Whether peers must prove who they are before their traffic is let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Authentication {
    /// The proof that is asked for.
    pub mode: AuthenticationMode,
}

impl Authentication {
    /// Peers must authenticate.
    pub fn required() -> Self {
        Self {
            mode: AuthenticationMode::Required,
        }
    }
}

crd_core::string_enum! {
    /// The proof that [`Authentication`] asks for.
    pub enum AuthenticationMode {
        /// None, even where another rule asks for one.
        Disabled = "disabled",
        /// A handshake with the identities that the cluster's SPIFFE server issues.
        Required = "required",
        /// A proof that always fails, for tests of Cilium itself.
        TestAlwaysFail = "test-always-fail",
    }
}
