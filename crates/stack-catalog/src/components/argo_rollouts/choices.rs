//! What can be chosen of Argo Rollouts.

use std::collections::BTreeMap;

use crate::sizes::Resources;

/// How the definitions come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// As templates of the release, which upgrades them; they stay when the release goes, and with them all Rollouts.
    #[default]
    Kept,
    /// As templates of the release; with it they go, and all Rollouts with them.
    WithRelease,
    /// Others install them before.
    Elsewhere,
}

/// Whose Rollouts the controller works on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those of all namespaces.
    #[default]
    Cluster,
    /// Those of its own namespace, with rights there alone.
    Namespace,
}

/// Whose routes the controller may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrafficProvider {
    /// Routes of the Gateway API; needs the plugin `argoproj-labs/gatewayAPI`.
    GatewayApi,
    /// VirtualServices and DestinationRules of Istio.
    Istio,
    /// TrafficSplits of the Service Mesh Interface.
    Smi,
    /// Mappings of Ambassador, of which it makes one for each canary.
    Ambassador,
    /// Target groups of the AWS Load Balancer Controller.
    AwsLoadBalancer,
    /// Routes of AWS App Mesh.
    AwsAppMesh,
    /// TraefikServices.
    Traefik,
    /// Routes of APISIX.
    Apisix,
    /// HTTPProxies of Contour; needs the plugin `argoproj-labs/contour`.
    Contour,
    /// RouteTables of Gloo Platform; needs a plugin.
    GlooPlatform,
}

impl TrafficProvider {
    /// All of them.
    pub const ALL: [TrafficProvider; 10] = [
        Self::GatewayApi,
        Self::Istio,
        Self::Smi,
        Self::Ambassador,
        Self::AwsLoadBalancer,
        Self::AwsAppMesh,
        Self::Traefik,
        Self::Apisix,
        Self::Contour,
        Self::GlooPlatform,
    ];

    /// Its key below `providerRBAC.providers`.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::GatewayApi => "gatewayAPI",
            Self::Istio => "istio",
            Self::Smi => "smi",
            Self::Ambassador => "ambassador",
            Self::AwsLoadBalancer => "awsLoadBalancerController",
            Self::AwsAppMesh => "awsAppMesh",
            Self::Traefik => "traefik",
            Self::Apisix => "apisix",
            Self::Contour => "contour",
            Self::GlooPlatform => "glooPlatform",
        }
    }

    /// Its member of a Rollout's `trafficRouting`; `None` where a plugin does it.
    pub(super) fn member(self) -> Option<&'static str> {
        match self {
            Self::Istio => Some("istio"),
            Self::Smi => Some("smi"),
            Self::Ambassador => Some("ambassador"),
            Self::AwsLoadBalancer => Some("alb"),
            Self::AwsAppMesh => Some("appMesh"),
            Self::Traefik => Some("traefik"),
            Self::Apisix => Some("apisix"),
            Self::GatewayApi | Self::Contour | Self::GlooPlatform => None,
        }
    }
}

/// A program that the controller starts beside itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// Its name, as it knows itself: `argoproj-labs/gatewayAPI`.
    pub name: String,
    /// From where the controller takes it when it starts: `https://`, or `file://` for one that an init container of the
    /// overlay brings.
    pub location: String,
    /// The SHA-256 sum that it must have, in hexadecimal digits; without it the controller runs what it gets.
    pub sha256: Option<String>,
}

/// Who is told of what; the texts are those of Argo's notifications engine, and credentials come from
/// [`NOTIFICATION_SECRET`](super::NOTIFICATION_SECRET).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notifications {
    /// Services by their key: `service.slack`.
    pub notifiers: BTreeMap<String, String>,
    /// Texts by their key: `template.rollout-aborted`.
    pub templates: BTreeMap<String, String>,
    /// When they are sent, by their key: `trigger.on-rollout-aborted`.
    pub triggers: BTreeMap<String, String>,
}

/// The web page that shows Rollouts step by step, as a pod of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboard {
    /// Whether it only shows. Default: yes, because whoever reaches it could promote and abort.
    pub read_only: bool,
    /// What it asks for and may use.
    pub resources: Resources,
}

impl Default for Dashboard {
    fn default() -> Self {
        Dashboard {
            read_only: true,
            resources: Resources::new("10m", "64Mi").memory_limit("128Mi"),
        }
    }
}

/// The images, by the key that carries each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgoRolloutsImages {
    /// `controller.image`.
    pub controller: String,
    /// `dashboard.image`.
    pub dashboard: String,
}

impl Default for ArgoRolloutsImages {
    fn default() -> Self {
        ArgoRolloutsImages {
            controller: "quay.io/argoproj/argo-rollouts:v1.9.0".into(),
            dashboard: "quay.io/argoproj/kubectl-argo-rollouts:v1.9.0".into(),
        }
    }
}
