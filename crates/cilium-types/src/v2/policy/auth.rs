//! Mutual authentication of peers.

use crd_core::{Object, StringEnum};

/// Whether peers must prove who they are before their traffic is let through.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
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

/// The proof that [`Authentication`] asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[string_enum(rename_all = "kebab-case")]
pub enum AuthenticationMode {
    /// None, even where another rule asks for one.
    Disabled,
    /// A handshake with the identities that the cluster's SPIFFE server issues.
    Required,
    /// A proof that always fails, for tests of Cilium itself.
    TestAlwaysFail,
}
