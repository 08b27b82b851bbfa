//! What can be chosen of the External Secrets Operator.

use crate::sizes::Resources;

/// How the definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all ExternalSecrets.
    #[default]
    Kept,
    /// As templates of the release; with it they go, all ExternalSecrets with them, and the Secrets that these own.
    WithRelease,
    /// Others install them before.
    Elsewhere,
}

/// Whose secrets the operator keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of all namespaces; it may read and write all Secrets.
    #[default]
    Cluster,
    /// Those of one namespace, with rights there alone. What is for all namespaces is left alone.
    Namespace(String),
}

/// What refuses stores and ExternalSecrets that cannot work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// How many pods. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Whether requests for its kinds are taken while it does not answer. Default: no.
    pub fails_open: bool,
    /// Who makes its certificate. Default: a controller of the chart's.
    pub certificate: WebhookCertificate,
    /// What one pod asks for and may use.
    pub resources: Resources,
    /// The port on the network of the node, where the API server cannot reach pods; not 10250, which is the kubelet's.
    /// Default: none, the webhook has a network of its own.
    pub host_port: Option<u16>,
}

/// Who makes the webhook's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WebhookCertificate {
    /// A controller of the chart's, one pod, which writes the CA into the webhook at run time.
    #[default]
    Controller,
    /// cert-manager makes it, signed by this ClusterIssuer.
    ClusterIssuer(String),
    /// cert-manager, with this Issuer of the component's namespace.
    Issuer(String),
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalSecretsImages {
    /// `image`.
    pub controller: String,
    /// `webhook.image`.
    pub webhook: String,
    /// `certController.image`.
    pub cert_controller: String,
}

const IMAGE: &str = "ghcr.io/external-secrets/external-secrets:v2.9.0";

impl Default for ExternalSecretsImages {
    fn default() -> Self {
        ExternalSecretsImages {
            controller: IMAGE.into(),
            webhook: IMAGE.into(),
            cert_controller: IMAGE.into(),
        }
    }
}

impl Default for Webhook {
    fn default() -> Self {
        Webhook {
            replicas: 2,
            fails_open: false,
            certificate: WebhookCertificate::default(),
            resources: Resources::new("20m", "64Mi").memory_limit("128Mi"),
            host_port: None,
        }
    }
}
