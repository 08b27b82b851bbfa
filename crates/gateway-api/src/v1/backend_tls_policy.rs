//! BackendTLSPolicy.

use std::collections::BTreeMap;

use super::{LocalObjectReference, PolicyStatus, PolicyTargetReferenceWithSectionName};
use crd_core::{Object, ObjectMeta, Resource, StringEnum, Union};

/// How Gateways speak TLS to a backend, and whom they take it to be.
///
/// See <https://gateway-api.sigs.k8s.io/reference/spec/#backendtlspolicy>.
///
/// ```
/// use gateway_api::v1::{
///     BackendTlsPolicy, BackendTlsPolicySpec, BackendTlsPolicyValidation, PolicyTargetReferenceWithSectionName,
/// };
///
/// let policy = BackendTlsPolicy::new("shop-tls", BackendTlsPolicySpec {
///     target_refs: vec![PolicyTargetReferenceWithSectionName::service("shop")],
///     validation: BackendTlsPolicyValidation::config_map("shop-ca", "shop.internal"),
///     options: Default::default(),
/// });
/// assert_eq!(policy.spec.validation.hostname, "shop.internal");
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "gateway.networking.k8s.io", version = "v1", kind = "BackendTLSPolicy", plural = "backendtlspolicies", scope = Namespaced,
    short_names = ["btlspolicy"],
    categories = ["gateway-api"],
    status_subresource,
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    older(
        version = "v1alpha3", served = experimental, printer_columns = [],
        deprecated = "BackendTLSPolicy v1alpha3 is on its way out; write v1",
    ),
)]
pub struct BackendTlsPolicy {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Which Services get TLS, and how their certificates are judged.
    pub spec: BackendTlsPolicySpec,
    /// What controllers made of it.
    pub status: Option<PolicyStatus>,
}

/// How Gateways speak TLS to some backends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BackendTlsPolicySpec {
    /// The backends, 1 to 16, of the same namespace. One may be named twice with different sections.
    #[field(required)]
    #[schemars(
        length(min = 1, max = 16),
        extend("x-kubernetes-list-type" = "atomic", "x-kubernetes-validations" = crate::schema::target_refs()),
    )]
    pub target_refs: Vec<PolicyTargetReferenceWithSectionName>,
    /// Whom Gateways take the backend to be.
    pub validation: BackendTlsPolicyValidation,
    /// Settings of the implementation, at most 16, values up to 4096 characters.
    #[schemars(schema_with = "crate::schema::options")]
    pub options: BTreeMap<String, String>,
}

/// How a backend's certificate is checked: against certificates of one's own, or against well-known ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
#[schemars(extend("x-kubernetes-validations" = crate::schema::rules(&[
    (
        "!has(self.wellKnownCACertificates) || self.wellKnownCACertificates == '' || !has(self.caCertificateRefs) || self.caCertificateRefs.size() == 0",
        "caCertificateRefs and wellKnownCACertificates exclude each other",
    ),
    (
        "(has(self.wellKnownCACertificates) && self.wellKnownCACertificates != '') || (has(self.caCertificateRefs) && self.caCertificateRefs.size() > 0)",
        "caCertificateRefs or wellKnownCACertificates is needed",
    ),
])))]
pub struct BackendTlsPolicyValidation {
    /// Objects with CA certificates (a ConfigMap with the key `ca.crt`, say), at most 8, any of which will do. Not
    /// together with `well_known_ca_certificates`; one of the two must be there.
    #[schemars(length(max = 8), extend("x-kubernetes-list-type" = "atomic"))]
    pub ca_certificate_refs: Vec<LocalObjectReference>,
    /// Well-known certificates.
    #[field(rename = "wellKnownCACertificates")]
    #[schemars(schema_with = "crate::schema::ca_certificates")]
    pub well_known_ca_certificates: Option<WellKnownCaCertificatesType>,
    /// The server name that is asked for, and that the certificate must be for unless `subject_alt_names` says
    /// otherwise; 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::precise_hostname")]
    pub hostname: String,
    /// The names one of which the certificate must have, at most 5, in place of `hostname`.
    #[schemars(length(max = 5), extend("x-kubernetes-list-type" = "atomic"))]
    pub subject_alt_names: Vec<SubjectAltName>,
}

impl BackendTlsPolicyValidation {
    /// Certificates for this name, signed by a CA in a ConfigMap of the policy's namespace.
    pub fn config_map(name: impl Into<String>, hostname: impl Into<String>) -> Self {
        Self {
            ca_certificate_refs: vec![LocalObjectReference::config_map(name)],
            well_known_ca_certificates: None,
            hostname: hostname.into(),
            subject_alt_names: Vec::new(),
        }
    }

    /// Certificates for this name, signed by a CA that the Gateway's operating system trusts.
    pub fn system(hostname: impl Into<String>) -> Self {
        Self {
            ca_certificate_refs: Vec::new(),
            well_known_ca_certificates: Some(WellKnownCaCertificatesType::System),
            hostname: hostname.into(),
            subject_alt_names: Vec::new(),
        }
    }
}

/// Well-known CA certificates. Implementations may add sets, named `example.com/set`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
pub enum WellKnownCaCertificatesType {
    /// Those of the Gateway's operating system.
    System,
    /// A text that this version of the types does not know.
    Other(String),
}

/// A name that a certificate may be for.
#[derive(Clone, Debug, PartialEq, Eq, Union)]
#[union(tag = "type", cel)]
pub enum SubjectAltName {
    /// A host name, exact or with a wildcard as first label, 1 to 253 characters.
    #[schemars(schema_with = "crate::schema::hostname")]
    Hostname(String),
    /// A URI with a scheme and an authority, such as a SPIFFE ID; 1 to 253 characters.
    #[arm(tag = "URI")]
    #[schemars(schema_with = "crate::schema::uri")]
    Uri(String),
}
