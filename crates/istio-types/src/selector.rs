//! What a policy applies to: workloads picked by label, or named resources.

use std::collections::BTreeMap;

use crd_core::Object;

/// Picks the workloads (pods and virtual machines) of the object's own namespace that carry all of
/// the given labels.
///
/// In the mesh's root namespace (`istio-system` unless configured otherwise) the namespace is every
/// namespace. This is the selector that policies use, with the member `matchLabels`. EnvoyFilter,
/// ServiceEntry and Sidecar have an older one with the member `labels`:
/// `networking::v1::LabelsSelector`.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/type/workload-selector/>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct WorkloadSelector {
    /// Labels that a workload must carry, all of them, with exactly these values. Absent and empty
    /// mean every workload; an explicit `{}` is kept as it was written.
    ///
    /// At most 4096 entries; a key is not empty; a value has at most 63 characters; neither may
    /// contain `*`.
    #[schemars(schema_with = "crate::schema::match_labels")]
    pub match_labels: Option<BTreeMap<String, String>>,
}

impl WorkloadSelector {
    /// The workloads that carry all of `labels`.
    ///
    /// ```
    /// use istio_types::WorkloadSelector;
    ///
    /// let selector = WorkloadSelector::labels([("app", "backend")]);
    /// assert_eq!(selector.match_labels, Some([("app".to_owned(), "backend".to_owned())].into()));
    /// ```
    pub fn labels<K: Into<String>, V: Into<String>>(
        labels: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut all = BTreeMap::new();
        // To collect them would compile a sort for each type of `labels`.
        for (key, value) in labels {
            all.insert(key.into(), value.into());
        }
        Self {
            match_labels: Some(all),
        }
    }
}

/// Names the resource that a policy is attached to: a Gateway (ingress gateway or waypoint), a
/// GatewayClass, a Service or a ServiceEntry.
///
/// In ambient mode this is the way to give a policy to a waypoint; ztunnel itself obeys only
/// policies that use a selector or nothing. The resource must live in the policy's own namespace.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/type/workload-selector/#PolicyTargetReference>
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct PolicyTargetReference {
    /// API group of the resource, without version; empty or left out for the core group (a
    /// Service).
    ///
    /// At most 253 characters of a lower-case DNS name.
    #[schemars(
        length(max = 253),
        regex(pattern = r"^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
    )]
    pub group: Option<String>,

    /// Kind of the resource, such as `Gateway`, `GatewayClass`, `Service` or `ServiceEntry`. 1 to
    /// 63 letters, digits and dashes.
    #[schemars(
        length(min = 1, max = 63),
        regex(pattern = r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$")
    )]
    pub kind: String,

    /// Name of the resource, 1 to 253 characters.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,

    /// Reserved: only the empty text is legal, since a policy cannot reach into another namespace.
    #[schemars(
            extend("x-kubernetes-validations" = crd_core::schema::rules(&[
                (
                    "size(self) == 0",
                    "a policy can only name a resource of its own namespace",
                ),
            ]))
        )]
    pub namespace: Option<String>,
}

impl PolicyTargetReference {
    fn new(group: &str, kind: &str, name: impl Into<String>) -> Self {
        Self {
            group: Some(group.to_owned()),
            kind: kind.to_owned(),
            name: name.into(),
            namespace: None,
        }
    }

    /// A Gateway of the Gateway API: an ingress gateway or a waypoint.
    pub fn gateway(name: impl Into<String>) -> Self {
        Self::new("gateway.networking.k8s.io", "Gateway", name)
    }

    /// Every Gateway of one class. Legal only for policies in the mesh's root namespace.
    ///
    /// `istio-waypoint` reaches all waypoints: see [`crate::names::GATEWAY_CLASS_WAYPOINT`].
    pub fn gateway_class(name: impl Into<String>) -> Self {
        Self::new("gateway.networking.k8s.io", "GatewayClass", name)
    }

    /// A Kubernetes Service, enforced by the waypoint in front of it.
    pub fn service(name: impl Into<String>) -> Self {
        Self::new("", "Service", name)
    }

    /// An Istio ServiceEntry, enforced by the waypoint in front of it.
    pub fn service_entry(name: impl Into<String>) -> Self {
        Self::new("networking.istio.io", "ServiceEntry", name)
    }
}
