//! Workload identities as policies spell them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::names::DEFAULT_TRUST_DOMAIN;

/// The identity that a workload proves with its mTLS certificate: trust domain, namespace and
/// service account.
///
/// Policies write it without the scheme (`cluster.local/ns/demo/sa/frontend`), certificates with it
/// (`spiffe://cluster.local/ns/demo/sa/frontend`). Both are read; [`Display`](fmt::Display) writes
/// the form of policies and [`Principal::spiffe_id`] the form of certificates.
///
/// A policy may also hold patterns (`*`, `cluster.local/ns/demo/*`): those are not identities, and
/// do not parse.
///
/// ```
/// use istio_types::Principal;
///
/// let frontend = Principal::new("demo", "frontend");
/// assert_eq!(frontend.to_string(), "cluster.local/ns/demo/sa/frontend");
/// assert_eq!("spiffe://cluster.local/ns/demo/sa/frontend".parse(), Ok(frontend));
/// assert!("cluster.local/ns/demo/*".parse::<Principal>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal {
    /// Trust domain of the mesh that issued the identity; `cluster.local` unless the mesh says
    /// otherwise.
    pub trust_domain: String,
    /// Namespace of the workload.
    pub namespace: String,
    /// Service account that the workload runs as, in that namespace.
    pub service_account: String,
}

impl Principal {
    /// A service account in a mesh with the default trust domain, `cluster.local`.
    pub fn new(namespace: impl Into<String>, service_account: impl Into<String>) -> Self {
        Self {
            trust_domain: DEFAULT_TRUST_DOMAIN.to_owned(),
            namespace: namespace.into(),
            service_account: service_account.into(),
        }
    }

    /// The same account, issued by another trust domain.
    #[must_use]
    pub fn in_trust_domain(mut self, trust_domain: impl Into<String>) -> Self {
        self.trust_domain = trust_domain.into();
        self
    }

    /// The identity as a certificate carries it, with the scheme `spiffe://`.
    pub fn spiffe_id(&self) -> String {
        format!("{SCHEME}{self}")
    }
}

const SCHEME: &str = "spiffe://";

impl fmt::Display for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}/ns/{}/sa/{}",
            self.trust_domain, self.namespace, self.service_account
        )
    }
}

impl From<Principal> for String {
    fn from(principal: Principal) -> Self {
        principal.to_string()
    }
}

impl FromStr for Principal {
    type Err = PrincipalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text.strip_prefix(SCHEME).unwrap_or(text);
        let parts: Vec<&str> = path.split('/').collect();
        let [trust_domain, "ns", namespace, "sa", service_account] = parts[..] else {
            return Err(PrincipalError::Shape {
                found: text.to_owned(),
            });
        };
        for (part, value) in [
            ("trust domain", trust_domain),
            ("namespace", namespace),
            ("service account", service_account),
        ] {
            if value.is_empty() {
                return Err(PrincipalError::Empty {
                    part,
                    found: text.to_owned(),
                });
            }
            if value.contains('*') {
                return Err(PrincipalError::Pattern {
                    part,
                    found: text.to_owned(),
                });
            }
        }
        Ok(Self {
            trust_domain: trust_domain.to_owned(),
            namespace: namespace.to_owned(),
            service_account: service_account.to_owned(),
        })
    }
}

/// Why a text is not the identity of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PrincipalError {
    /// The text has another shape than `TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT`.
    #[error("`{found}` is no identity: expected `TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT`")]
    Shape {
        /// The text that is no identity, as it was given.
        found: String,
    },
    /// One of the three parts is empty.
    #[error("`{found}` is no identity: the {part} is empty")]
    Empty {
        /// Which part it is: the trust domain, the namespace or the service account.
        part: &'static str,
        /// The text that is no identity, as it was given.
        found: String,
    },
    /// One of the three parts holds a `*`, so the text stands for many identities.
    #[error("`{found}` is a pattern, not one identity: the {part} contains `*`")]
    Pattern {
        /// Which part it is: the trust domain, the namespace or the service account.
        part: &'static str,
        /// The text that is no identity, as it was given.
        found: String,
    },
}
