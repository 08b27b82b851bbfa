//! An older version of the networking kinds, which is still served. Its schema is that of `v1`, and so are
//! its types.

mod envoy_filter;

pub use self::envoy_filter::*;
pub use super::v1::*;
use crate::root::with_spec;
use crate::status::IstioStatus;

crd_core::resource! {
    /// [`v1::DestinationRule`](super::v1::DestinationRule) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/destination-rule/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "DestinationRule",
        plural = "destinationrules",
        scope = Namespaced,
        short_names = ["dr"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Host", "string", ".spec.host"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct DestinationRule {
        /// The host and what goes for it.
        pub spec: Option<DestinationRuleSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::Gateway`](super::v1::Gateway) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/gateway/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "Gateway",
        plural = "gateways",
        scope = Namespaced,
        short_names = ["gw"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
    )]
    pub struct Gateway {
        /// The ports, and the proxies.
        pub spec: Option<GatewaySpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::ServiceEntry`](super::v1::ServiceEntry) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/service-entry/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "ServiceEntry",
        plural = "serviceentries",
        scope = Namespaced,
        short_names = ["se"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Hosts", "string", ".spec.hosts"),
            ("Location", "string", ".spec.location"),
            ("Resolution", "string", ".spec.resolution"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct ServiceEntry {
        /// The service.
        pub spec: ServiceEntrySpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::Sidecar`](super::v1::Sidecar) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/sidecar/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "Sidecar",
        plural = "sidecars",
        scope = Namespaced,
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
    )]
    pub struct Sidecar {
        /// What is narrowed, and for whom.
        pub spec: Option<SidecarSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::VirtualService`](super::v1::VirtualService) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/virtual-service/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "VirtualService",
        plural = "virtualservices",
        scope = Namespaced,
        short_names = ["vs"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Gateways", "string", ".spec.gateways"),
            ("Hosts", "string", ".spec.hosts"),
            ("Age", "date", ".metadata.creationTimestamp"),
        ],
    )]
    pub struct VirtualService {
        /// The hosts and their routes.
        pub spec: Option<VirtualServiceSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::WorkloadEntry`](super::v1::WorkloadEntry) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/workload-entry/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "WorkloadEntry",
        plural = "workloadentries",
        scope = Namespaced,
        short_names = ["we"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [
            ("Age", "date", ".metadata.creationTimestamp"),
            ("Address", "string", ".spec.address"),
        ],
    )]
    pub struct WorkloadEntry {
        /// The workload.
        #[schemars(schema_with = "crate::schema::workload_entry")]
        pub spec: WorkloadEntrySpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

crd_core::resource! {
    /// [`v1::WorkloadGroup`](super::v1::WorkloadGroup) under the name of an older version.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/workload-group/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "WorkloadGroup",
        plural = "workloadgroups",
        scope = Namespaced,
        short_names = ["wg"],
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
        printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
    )]
    pub struct WorkloadGroup {
        /// What they have in common.
        pub spec: WorkloadGroupSpec,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! {
    DestinationRule: DestinationRuleSpec,
    Gateway: GatewaySpec,
    Sidecar: SidecarSpec,
    VirtualService: VirtualServiceSpec,
}
