//! What can be chosen of KEDA.

use crate::sizes::Resources;

/// How KEDA's definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all ScaledObjects.
    #[default]
    Kept,
    /// As templates of the release; with it they go, and all ScaledObjects with them.
    WithRelease,
    /// Others install them before.
    Elsewhere,
}

/// How many pods one of its three programs has, and what each may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many; above one they get a disruption budget and are spread over the nodes.
    pub replicas: u32,
    /// What one pod asks for and may use.
    pub resources: Resources,
}

/// What refuses ScaledObjects that cannot work, or that share a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// How many, and what each may use.
    pub pool: Pool,
    /// Whether requests for KEDA's kinds are refused while the webhook does not answer. Default: no.
    pub fails_closed: bool,
}

/// As whom the operator signs in with a cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CloudIdentity {
    /// As nobody; triggers carry credentials of their own.
    #[default]
    None,
    /// With an IAM role for its ServiceAccount.
    Aws {
        /// The role: `arn:aws:iam::123456789012:role/keda`.
        role_arn: String,
    },
    /// With a workload identity of Entra ID.
    Azure {
        /// The client ID of the identity.
        client_id: String,
        /// The tenant's ID.
        tenant_id: String,
    },
    /// As a Google service account.
    Gcp {
        /// The account: `keda@project.iam.gserviceaccount.com`.
        service_account: String,
    },
}

/// Which Secrets the operator may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretAccess {
    /// Those of all namespaces.
    #[default]
    Everywhere,
    /// Those of KEDA's namespace alone: triggers use ClusterTriggerAuthentications.
    OwnNamespace,
}

/// Where the certificates among KEDA's parts come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certificates {
    /// The operator makes them, renews them, and writes the CA into the webhook and the API at run time.
    #[default]
    Operator,
    /// cert-manager makes them, from a CA of their own.
    CertManager,
}

/// Network policies around KEDA's pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NetworkPolicies {
    /// The namespace's own policies are left to say what its pods reach.
    #[default]
    None,
    /// CiliumNetworkPolicies, which Cilium alone understands.
    Cilium,
    /// NetworkPolicies, which every network that enforces policies understands.
    Kubernetes,
}

/// How much the operator writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogLevel {
    /// Only what failed.
    Error,
    /// Also what was scaled, and how far.
    #[default]
    Info,
    /// How each trigger answered, too.
    Debug,
}

/// KEDA's images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KedaImages {
    /// `image.keda`.
    pub operator: String,
    /// `image.metricsApiServer`.
    pub metrics_server: String,
    /// `image.webhooks`.
    pub webhook: String,
}

impl Default for KedaImages {
    fn default() -> Self {
        let image = |name: &str| format!("ghcr.io/kedacore/keda{name}:2.20.2");
        KedaImages {
            operator: image(""),
            metrics_server: image("-metrics-apiserver"),
            webhook: image("-admission-webhooks"),
        }
    }
}

impl Default for Webhook {
    fn default() -> Self {
        Webhook {
            pool: Pool {
                replicas: 2,
                resources: Resources::new("20m", "64Mi").memory_limit("256Mi"),
            },
            fails_closed: false,
        }
    }
}
