//! TLS that Cilium's proxy terminates or begins.

use crd_core::Object;

/// Certificates for one side of a connection that the proxy opens up to read requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct TlsContext {
    /// Secret with the certificates and the key.
    pub secret: Secret,
    /// Entry with the certificates of the authorities that are trusted. Absent is `ca.crt`,
    /// if there is such an entry; a name that is given must exist.
    #[field(rename = "trustedCA")]
    pub trusted_ca: Option<String>,
    /// Entry with the chain of certificates to show. Absent is `tls.crt`, if there is such an
    /// entry; a name that is given must exist.
    pub certificate: Option<String>,
    /// Entry with the key of that chain. Absent is `tls.key`, if there is such an entry; a
    /// name that is given must exist.
    pub private_key: Option<String>,
}

/// Name of a Kubernetes Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct Secret {
    /// Namespace of the secret. Absent is the namespace of the policy, and `default` for a
    /// clusterwide policy.
    pub namespace: Option<String>,
    /// Name of the secret.
    pub name: String,
}
