//! What of the stack of Prometheus is chosen, part by part.

use std::collections::BTreeMap;

use prometheus_operator_types::v1alpha1::AlertmanagerConfig;

use crate::sizes::{Resources, Volume};

/// The object Prometheus, of which the operator makes the pods.
#[derive(Clone, Debug, PartialEq)]
pub struct Prometheus {
    /// How many, each of which scrapes everything. Default: 2; one in a small stack.
    pub replicas: u32,
    /// After how many days samples are deleted. Default: 15.
    pub retention_days: u32,
    /// Beyond which size the oldest samples are deleted; below that of the volume. Default: `45GiB`.
    pub retention_size: Option<String>,
    /// Where samples are kept; `None` loses them with the pod. Default: 50Gi for each replica.
    pub volume: Option<Volume>,
    /// How often targets are scraped that do not say, in seconds. Default: 30.
    pub scrape_seconds: u32,
    /// What one replica asks for and may use.
    pub resources: Resources,
    /// Labels of all samples that leave the cluster, such as `cluster`. Default: `environment`, which is that of the stack.
    pub external_labels: BTreeMap<String, String>,
    /// Where samples are sent as they come: Mimir, Thanos' receiver.
    pub remote_write: Vec<RemoteWrite>,
    /// Which monitors and rules it takes. Default: those of every release.
    pub takes: Takes,
    /// Uploads blocks for Thanos. Default: no.
    pub thanos: Option<ThanosSidecar>,
}

/// Which monitors, probes, scrape configurations and rules Prometheus takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Takes {
    /// All, whoever made them.
    #[default]
    Everything,
    /// Those with the label `release` of this release: what another chart brings is ignored without a word.
    OwnRelease,
}

/// A place to which samples are sent as they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteWrite {
    /// Where they are posted: `http://mimir-gateway.mimir.svc/api/v1/push`.
    pub url: String,
    /// The tenant of Mimir or Thanos, as the header `X-Scope-OrgID`; `None` where there are no tenants.
    pub tenant: Option<String>,
    /// The Secret with the keys `username` and `password`; `None` where none are asked for.
    pub basic_auth: Option<String>,
}

impl RemoteWrite {
    /// A place without tenants that asks for no password.
    pub fn to(url: &str) -> Self {
        RemoteWrite {
            url: url.to_owned(),
            tenant: None,
            basic_auth: None,
        }
    }
}

/// The container beside Prometheus that uploads its blocks and answers queries for Thanos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThanosSidecar {
    /// The Secret with the configuration of the object store; `None` answers queries alone.
    pub object_store: Option<SecretKey>,
}

/// One key of a Secret in the namespace of the component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretKey {
    /// The Secret, in the namespace of the stack.
    pub name: String,
    /// The key under which the text stands in it.
    pub key: String,
}

/// What receives alerts from Prometheus, groups them and tells people.
#[derive(Clone, Debug, PartialEq)]
pub struct Alertmanager {
    /// How many, which tell each other what was sent. Default: 2; one in a small stack.
    pub replicas: u32,
    /// Where silences are kept. Default: 2Gi for each replica.
    pub volume: Option<Volume>,
    /// What one replica asks for and may use.
    pub resources: Resources,
    /// Who is told of alerts.
    pub routing: Routing,
}

/// Who is told of alerts.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Routing {
    /// Nobody: alerts are seen on the page of Alertmanager and in Grafana. [`Bundle::check`](stack_builder::Bundle::check)
    /// reminds of it.
    #[default]
    Nowhere,
    /// A Secret of the namespace whose key `alertmanager.yaml` has the configuration of Alertmanager.
    Secret(String),
    /// An object that holds for all alerts of the cluster; it is put into the namespace of the component.
    Object(Box<AlertmanagerConfig>),
}

/// Dashboards on Prometheus, from ConfigMaps of all namespaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Grafana {
    /// Where the password of `admin` comes from.
    pub admin: GrafanaAdmin,
    /// Where users, and what they change by hand, are kept. Default: nowhere; dashboards come from ConfigMaps.
    pub volume: Option<Volume>,
    /// What it asks for and may use.
    pub resources: Resources,
    /// What each of the two sidecars asks for and may use, which gather dashboards and data sources.
    pub sidecar_resources: Resources,
}

/// Where the password of Grafana's `admin` comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrafanaAdmin {
    /// A Secret of this name, which a step of the installation makes once, with a random password.
    Generated(String),
    /// A Secret of this name that others make, with the keys `admin-user` and `admin-password`.
    Existing(String),
}

impl GrafanaAdmin {
    /// The name of the Secret.
    pub fn secret(&self) -> &str {
        match self {
            GrafanaAdmin::Generated(name) | GrafanaAdmin::Existing(name) => name,
        }
    }
}

/// Parts of the control plane that are scraped. Managed clusters hide them, and elsewhere they listen on the loopback
/// interface unless they are told otherwise: then their targets are down and their alerts fire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlPlane {
    /// Whether the controller manager can be asked: kubeadm binds it to localhost. Default: no.
    pub controller_manager: bool,
    /// Whether the scheduler can be asked: kubeadm binds it to localhost. Default: no.
    pub scheduler: bool,
    /// Whether etcd can be asked: of a managed cluster nobody can. Default: no.
    pub etcd: bool,
    /// kube-proxy, of which there is none with Cilium in its place.
    pub proxy: bool,
}

/// How the definitions of the Prometheus Operator come into the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Definitions {
    /// By a release of their own, installed before, which upgrades them.
    #[default]
    OwnRelease,
    /// With the chart, which installs them once and never upgrades them.
    Chart,
    /// By another component of the stack, such as [`PrometheusOperatorCrds`](super::PrometheusOperatorCrds).
    Component,
}

/// Where the certificate of the operator's webhook comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WebhookCertificate {
    /// From Jobs before and after each installation.
    #[default]
    Jobs,
    /// From cert-manager. It comes first then, so its own ServiceMonitors need
    /// [`PrometheusOperatorCrds`](super::PrometheusOperatorCrds) in the stack.
    CertManager,
}

impl Default for Prometheus {
    fn default() -> Self {
        Prometheus {
            replicas: 2,
            retention_days: 15,
            retention_size: Some("45GiB".into()),
            volume: Some(Volume::new("50Gi")),
            scrape_seconds: 30,
            resources: Resources::new("500m", "2Gi").memory_limit("4Gi"),
            external_labels: BTreeMap::new(),
            remote_write: Vec::new(),
            takes: Takes::default(),
            thanos: None,
        }
    }
}

impl Default for Alertmanager {
    fn default() -> Self {
        Alertmanager {
            replicas: 2,
            volume: Some(Volume::new("2Gi")),
            resources: Resources::new("20m", "64Mi").memory_limit("256Mi"),
            routing: Routing::default(),
        }
    }
}

impl Default for Grafana {
    fn default() -> Self {
        Grafana {
            admin: GrafanaAdmin::Generated("grafana-admin".into()),
            volume: None,
            resources: Resources::new("100m", "256Mi").memory_limit("512Mi"),
            sidecar_resources: Resources::new("20m", "96Mi").memory_limit("256Mi"),
        }
    }
}
