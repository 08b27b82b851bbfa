//! TLS, as client and as server.

use crd_core::{Object, StringEnum};

/// How connections to a host are encrypted.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClientTlsSettings {
    /// Which way. Left out, `DISABLE`.
    pub mode: Option<ClientTlsMode>,

    /// File of the client's certificate. `MUTUAL` only.
    pub client_certificate: Option<String>,

    /// File of the client's key. `MUTUAL` only.
    pub private_key: Option<String>,

    /// File of the authorities that the server's certificate may come from. Left out, the system's
    /// (if the mesh checks at all).
    pub ca_certificates: Option<String>,

    /// Name of a Secret with certificate, key and authorities, in place of the files.
    pub credential_name: Option<String>,

    /// Names of which the server's certificate must bear one.
    pub subject_alt_names: Vec<String>,

    /// Server name (SNI) that is announced. Left out, taken from the request where possible.
    pub sni: Option<String>,

    /// Whether the server's certificate is taken unseen. Left out, false.
    #[schemars(extend("nullable" = true))]
    pub insecure_skip_verify: Option<bool>,

    /// File of revoked certificates.
    pub ca_crl: Option<String>,
}

impl ClientTlsSettings {
    /// mTLS with the mesh's own certificates.
    pub fn istio_mutual() -> Self {
        Self {
            mode: Some(ClientTlsMode::IstioMutual),
            ..Self::default()
        }
    }
}

/// How a client encrypts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ClientTlsMode::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClientTlsMode {
    /// No TLS: plain text.
    Disable,
    /// TLS, the client without certificate.
    Simple,
    /// mTLS with a certificate that is named here.
    Mutual,
    /// mTLS with the mesh's own certificate; all other settings stay empty.
    IstioMutual,
    /// A text that this version of the types does not know.
    Other(String),
}

/// How a server (a gateway, or a sidecar's listener) ends TLS.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.credentialNames) || !has(self.tlsCertificates)",
                "credentialNames and tlsCertificates exclude each other",
            ),
            (
                "!has(self.credentialNames) || !has(self.credentialName)",
                "credentialName and credentialNames exclude each other",
            ),
        ]))
    )]
pub struct ServerTlsSettings {
    /// Whether plain HTTP is answered with a redirection to HTTPS (301). Left out, false.
    pub https_redirect: Option<bool>,

    /// Which way. Left out, `PASSTHROUGH`, unless `https_redirect` is all that is said.
    pub mode: Option<ServerTlsMode>,

    /// File of the server's certificate.
    pub server_certificate: Option<String>,

    /// File of the server's key.
    pub private_key: Option<String>,

    /// File of the authorities that clients' certificates may come from. `MUTUAL` and
    /// `OPTIONAL_MUTUAL` only.
    pub ca_certificates: Option<String>,

    /// File of revoked certificates.
    pub ca_crl: Option<String>,

    /// Name of a Secret with certificate, key and perhaps authorities, in the namespace of the
    /// gateway's pods. Excludes `credential_names`.
    pub credential_name: Option<String>,

    /// One or two Secrets, for certificates with different kinds of keys (RSA and ECDSA). Excludes
    /// `credential_name` and `tls_certificates`.
    #[schemars(length(min = 1, max = 2))]
    pub credential_names: Vec<String>,

    /// One or two pairs of certificate and key. Excludes `credential_names`.
    #[schemars(length(min = 1, max = 2))]
    pub tls_certificates: Vec<TlsCertificate>,

    /// Name of a Secret or ConfigMap with the authorities that clients' certificates may come from,
    /// where it is not the one of `credential_name`.
    pub ca_cert_credential_name: Option<String>,

    /// Names of which a client's certificate must bear one.
    pub subject_alt_names: Vec<String>,

    /// Hashes (base64 SHA-256) of public keys of which a client's certificate must have one.
    pub verify_certificate_spki: Vec<String>,

    /// Hashes (hex SHA-256) of certificates of which the client's must be one.
    pub verify_certificate_hash: Vec<String>,

    /// The oldest version of TLS that is spoken. Left out, TLS 1.2.
    pub min_protocol_version: Option<TlsProtocol>,

    /// The newest version of TLS that is spoken. Left out, TLS 1.3.
    pub max_protocol_version: Option<TlsProtocol>,

    /// Ciphers for TLS 1.2 and older. Left out, Envoy's.
    pub cipher_suites: Vec<String>,
}

impl ServerTlsSettings {
    /// TLS with the certificate of the Secret `name`.
    pub fn credential(name: impl Into<String>) -> Self {
        Self {
            mode: Some(ServerTlsMode::Simple),
            credential_name: Some(name.into()),
            ..Self::default()
        }
    }
}

/// A certificate and its key, as files.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct TlsCertificate {
    /// File of the certificate.
    pub server_certificate: Option<String>,

    /// File of the key.
    pub private_key: Option<String>,

    /// File of the authorities that clients' certificates may come from.
    pub ca_certificates: Option<String>,
}

/// How a server ends TLS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ServerTlsMode::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServerTlsMode {
    /// Not at all: routed by server name, passed on as it is.
    Passthrough,
    /// TLS, the client without certificate.
    Simple,
    /// mTLS with a certificate that is named here.
    Mutual,
    /// Passed on as it is, to the service that the server name spells, without a
    /// VirtualService.
    AutoPassthrough,
    /// mTLS with the mesh's own certificate.
    IstioMutual,
    /// As `MUTUAL`, and clients without certificate are served too.
    OptionalMutual,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A version of TLS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = TlsProtocol::ALL))]
pub enum TlsProtocol {
    /// The version that Istio prefers, which its releases may change.
    #[arm(rename = "TLS_AUTO")]
    TlsAuto,
    /// TLS 1.0.
    #[arm(rename = "TLSV1_0")]
    TlsV1_0,
    /// TLS 1.1.
    #[arm(rename = "TLSV1_1")]
    TlsV1_1,
    /// TLS 1.2.
    #[arm(rename = "TLSV1_2")]
    TlsV1_2,
    /// TLS 1.3.
    #[arm(rename = "TLSV1_3")]
    TlsV1_3,
    /// A text that this version of the types does not know.
    Other(String),
}
