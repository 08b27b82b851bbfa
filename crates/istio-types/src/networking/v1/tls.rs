//! TLS, as client and as server.

use serde::{Deserialize, Serialize};

/// How connections to a host are encrypted.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClientTlsSettings {
    /// Which way. Left out, `DISABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ClientTlsMode>,

    /// File of the client's certificate. `MUTUAL` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<String>,

    /// File of the client's key. `MUTUAL` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,

    /// File of the authorities that the server's certificate may come from. Left out, the system's
    /// (if the mesh checks at all).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificates: Option<String>,

    /// Name of a Secret with certificate, key and authorities, in place of the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_name: Option<String>,

    /// Names of which the server's certificate must bear one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<String>,

    /// Server name (SNI) that is announced. Left out, taken from the request where possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni: Option<String>,

    /// Whether the server's certificate is taken unseen. Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("nullable" = true)))]
    pub insecure_skip_verify: Option<bool>,

    /// File of revoked certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
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

crd_core::string_enum! {
    /// How a client encrypts.
    #[open]
    #[schemars(extend("enum" = ClientTlsMode::ALL))]
    pub enum ClientTlsMode {
        /// Not at all.
        Disable = "DISABLE",
        /// TLS, the client without certificate.
        Simple = "SIMPLE",
        /// mTLS with a certificate that is named here.
        Mutual = "MUTUAL",
        /// mTLS with the mesh's own certificate; all other settings stay empty.
        IstioMutual = "ISTIO_MUTUAL",
    }
}

/// How a server (a gateway, or a sidecar's listener) ends TLS.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    schemars(
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
    )
)]
pub struct ServerTlsSettings {
    /// Whether plain HTTP is answered with a redirection to HTTPS (301). Left out, false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub https_redirect: Option<bool>,

    /// Which way. Left out, `PASSTHROUGH`, unless `https_redirect` is all that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ServerTlsMode>,

    /// File of the server's certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_certificate: Option<String>,

    /// File of the server's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,

    /// File of the authorities that clients' certificates may come from. `MUTUAL` and
    /// `OPTIONAL_MUTUAL` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificates: Option<String>,

    /// File of revoked certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_crl: Option<String>,

    /// Name of a Secret with certificate, key and perhaps authorities, in the namespace of the
    /// gateway's pods. Excludes `credential_names`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential_name: Option<String>,

    /// One or two Secrets, for certificates with different kinds of keys (RSA and ECDSA). Excludes
    /// `credential_name` and `tls_certificates`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 2)))]
    pub credential_names: Vec<String>,

    /// One or two pairs of certificate and key. Excludes `credential_names`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 2)))]
    pub tls_certificates: Vec<TlsCertificate>,

    /// Name of a Secret or ConfigMap with the authorities that clients' certificates may come from,
    /// where it is not the one of `credential_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_cert_credential_name: Option<String>,

    /// Names of which a client's certificate must bear one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subject_alt_names: Vec<String>,

    /// Hashes (base64 SHA-256) of public keys of which a client's certificate must have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify_certificate_spki: Vec<String>,

    /// Hashes (hex SHA-256) of certificates of which the client's must be one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verify_certificate_hash: Vec<String>,

    /// The oldest version of TLS that is spoken. Left out, TLS 1.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_protocol_version: Option<TlsProtocol>,

    /// The newest version of TLS that is spoken. Left out, TLS 1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_protocol_version: Option<TlsProtocol>,

    /// Ciphers for TLS 1.2 and older. Left out, Envoy's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TlsCertificate {
    /// File of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_certificate: Option<String>,

    /// File of the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,

    /// File of the authorities that clients' certificates may come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificates: Option<String>,
}

crd_core::string_enum! {
    /// How a server ends TLS.
    #[open]
    #[schemars(extend("enum" = ServerTlsMode::ALL))]
    pub enum ServerTlsMode {
        /// Not at all: routed by server name, passed on as it is.
        Passthrough = "PASSTHROUGH",
        /// TLS, the client without certificate.
        Simple = "SIMPLE",
        /// mTLS with a certificate that is named here.
        Mutual = "MUTUAL",
        /// Passed on as it is, to the service that the server name spells, without a
        /// VirtualService.
        AutoPassthrough = "AUTO_PASSTHROUGH",
        /// mTLS with the mesh's own certificate.
        IstioMutual = "ISTIO_MUTUAL",
        /// As `MUTUAL`, and clients without certificate are served too.
        OptionalMutual = "OPTIONAL_MUTUAL",
    }
}

crd_core::string_enum! {
    /// A version of TLS.
    #[open]
    #[schemars(extend("enum" = TlsProtocol::ALL))]
    pub enum TlsProtocol {
        /// Whatever Istio prefers.
        TlsAuto = "TLS_AUTO",
        /// TLS 1.0.
        TlsV1_0 = "TLSV1_0",
        /// TLS 1.1.
        TlsV1_1 = "TLSV1_1",
        /// TLS 1.2.
        TlsV1_2 = "TLSV1_2",
        /// TLS 1.3.
        TlsV1_3 = "TLSV1_3",
    }
}
