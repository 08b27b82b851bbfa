//! DestinationRule: what happens to traffic after it was routed.

use std::collections::BTreeMap;

use super::connection_pool::ConnectionPoolSettings;
use super::outlier_detection::OutlierDetection;
use super::tls::ClientTlsSettings;
use super::traffic_policy::TrafficPolicy;
use crate::WorkloadSelector;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource};

/// Says how connections to a host are made, once a route has chosen it: subsets, load
/// balancing, pools, ejection of bad endpoints, TLS.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/>
///
/// ```
/// use istio_types::GoDuration;
/// use istio_types::networking::v1::{DestinationRule, DestinationRuleSpec, OutlierDetection};
///
/// // Two versions, and an endpoint that fails three times in a row is left alone for half a minute.
/// let spec = DestinationRuleSpec::versions("webapp", [("stable", "v1"), ("canary", "v2")])
///     .with_outlier_detection(OutlierDetection::after_5xx(3, GoDuration::seconds(30)));
/// let rule = DestinationRule::new("webapp", spec).in_namespace("demo");
/// assert_eq!(rule.spec.unwrap().subsets[1].name, "canary");
/// ```
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1",
    kind = "DestinationRule",
    plural = "destinationrules",
    scope = Namespaced,
    short_names = ["dr"],
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
    printer_columns = [
        ("Host", "string", ".spec.host"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
    older(version = "v1alpha3"),
    older(version = "v1beta1"),
)]
pub struct DestinationRule {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The host and what goes for it.
    pub spec: Option<DestinationRuleSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The host of a [`DestinationRule`] and what goes for it.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DestinationRuleSpec {
    /// Name of a service in the platform's registry or of a ServiceEntry host; short names are
    /// completed with the rule's own namespace.
    pub host: String,

    /// What goes for all of the host.
    pub traffic_policy: Option<TrafficPolicy>,

    /// Parts of the host that routes can name, usually its versions.
    pub subsets: Vec<Subset>,

    /// Namespaces that may see the object: `*` all, `.` its own. Left out, the mesh's default,
    /// which is all.
    pub export_to: Vec<String>,

    /// The calling workloads that obey the rule, in the rule's own namespace. Left out, all.
    pub workload_selector: Option<WorkloadSelector>,
}

impl DestinationRuleSpec {
    /// A rule for `host` with a subset for each version: its name, and the value of the label
    /// `version` on its pods.
    pub fn versions<N: Into<String>, V: Into<String>>(
        host: impl Into<String>,
        versions: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            subsets: versions
                .into_iter()
                .map(|(name, version)| Subset::version(name, version))
                .collect(),
            ..Self::new(host)
        }
    }

    /// Bad endpoints of the host are left alone.
    #[must_use]
    pub fn with_outlier_detection(mut self, detection: OutlierDetection) -> Self {
        self.traffic_policy
            .get_or_insert_default()
            .outlier_detection = Some(detection);
        self
    }

    /// How connections to the host are encrypted.
    #[must_use]
    pub fn with_tls(mut self, tls: ClientTlsSettings) -> Self {
        self.traffic_policy.get_or_insert_default().tls = Some(tls);
        self
    }

    /// How many connections and requests to the host there may be.
    #[must_use]
    pub fn with_connection_pool(mut self, pool: ConnectionPoolSettings) -> Self {
        self.traffic_policy.get_or_insert_default().connection_pool = Some(pool);
        self
    }

    /// A rule for `host` that says nothing yet.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            traffic_policy: None,
            subsets: Vec::new(),
            export_to: Vec::new(),
            workload_selector: None,
        }
    }
}

/// A part of a host's endpoints that routes can name.
///
/// Its policy is obeyed only once a route sends traffic to the subset.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Subset {
    /// Name of the part, for use in routes.
    pub name: String,

    /// Labels that an endpoint of the part carries, all of them. Empty means every endpoint.
    pub labels: BTreeMap<String, String>,

    /// What goes for the part; settings it leaves out are those of the host.
    pub traffic_policy: Option<TrafficPolicy>,
}

impl Subset {
    /// The endpoints that carry the label `version: VERSION`.
    pub fn version(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            labels: BTreeMap::from([("version".to_owned(), version.into())]),
            traffic_policy: None,
        }
    }
}
