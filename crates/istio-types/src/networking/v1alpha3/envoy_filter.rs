//! EnvoyFilter: changes to the configuration that Istio makes for Envoy.

use std::collections::BTreeMap;

use crd_core::resource;
use serde::{Deserialize, Serialize};

use crate::PolicyTargetReference;
use crate::networking::v1::LabelsSelector;
use crate::root::with_spec;
use crate::status::IstioStatus;

resource! {
    /// Changes the configuration that Istio makes for Envoy. The last resort: a new version of
    /// Istio may break it.
    ///
    /// Patches are applied in order of priority, then age, those of the root namespace first.
    ///
    /// Upstream: <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>
    #[resource(
        group = "networking.istio.io",
        version = "v1alpha3",
        kind = "EnvoyFilter",
        plural = "envoyfilters",
        scope = Namespaced,
        categories = ["istio-io", "networking-istio-io"],
        status_subresource = true,
    )]
    pub struct EnvoyFilter {
        /// The changes, and the proxies.
        pub spec: Option<EnvoyFilterSpec>,
        /// What the control plane says about the object.
        pub status: Option<IstioStatus>,
    }
}

with_spec! { EnvoyFilter: EnvoyFilterSpec, }

/// The changes of an [`EnvoyFilter`], and the proxies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "schema",
    schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.workloadSelector) || !has(self.targetRefs)",
                "workloadSelector and targetRefs exclude each other",
            ),
        ]))
    )
)]
pub struct EnvoyFilterSpec {
    /// The workloads whose proxies are changed. With neither this nor targets, the whole namespace,
    /// or in the root namespace the whole mesh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload_selector: Option<LabelsSelector>,

    /// The Gateways whose proxies are changed, at most 16; waypoints need this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// The changes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub config_patches: Vec<EnvoyConfigObjectPatch>,

    /// Rank among EnvoyFilters of a namespace; lower goes first. Left out, 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
}

/// One change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnvoyConfigObjectPatch {
    /// Kind of configuration object that is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_to: Option<ApplyTo>,

    /// Which objects of that kind. Left out, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<EnvoyConfigObjectMatch>,

    /// What is done to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Patch>,
}

crd_core::string_enum! {
    /// Kind of configuration object.
    #[open]
    #[schemars(extend("enum" = ApplyTo::ALL))]
    pub enum ApplyTo {
        /// None; not legal in use.
        Invalid = "INVALID",
        /// A listener.
        Listener = "LISTENER",
        /// A filter chain of a listener.
        FilterChain = "FILTER_CHAIN",
        /// A network filter of a filter chain.
        NetworkFilter = "NETWORK_FILTER",
        /// A filter of the HTTP connection manager.
        HttpFilter = "HTTP_FILTER",
        /// A route configuration.
        RouteConfiguration = "ROUTE_CONFIGURATION",
        /// A virtual host of a route configuration.
        VirtualHost = "VIRTUAL_HOST",
        /// A route of a virtual host.
        HttpRoute = "HTTP_ROUTE",
        /// A cluster.
        Cluster = "CLUSTER",
        /// An extension configuration, delivered on its own.
        ExtensionConfig = "EXTENSION_CONFIG",
        /// The bootstrap configuration.
        Bootstrap = "BOOTSTRAP",
        /// A listener filter.
        ListenerFilter = "LISTENER_FILTER",
    }
}

crd_core::object! {
    /// Which configuration objects are meant: all that is given must hold.
    #[derive(Default)]
    #[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "has(self.waypoint) == (has(self.context) && self.context == 'WAYPOINT')",
                "waypoint goes with the context WAYPOINT and with no other",
            ),
        ]))
    )]
    pub struct EnvoyConfigObjectMatch {
        /// The role of the proxy or the direction of its traffic. Left out, `ANY`.
        pub context: Option<PatchContext>,

        /// What the proxy is.
        pub proxy: Option<ProxyMatch>,

        /// What the object is.
        #[embed]
        pub object: Option<ObjectTypes>,
    }
}

crd_core::string_enum! {
    /// The role of a proxy or the direction of its traffic.
    #[open]
    #[schemars(extend("enum" = PatchContext::ALL))]
    pub enum PatchContext {
        /// Sidecars and gateways, both directions.
        Any = "ANY",
        /// Into a sidecar's workload.
        SidecarInbound = "SIDECAR_INBOUND",
        /// Out of a sidecar's workload.
        SidecarOutbound = "SIDECAR_OUTBOUND",
        /// Gateways.
        Gateway = "GATEWAY",
        /// Waypoints.
        Waypoint = "WAYPOINT",
    }
}

crd_core::union! {
    /// What a configuration object is recognised by.
    pub enum ObjectTypes {
        /// A listener, or something in it.
        Listener(ListenerMatch) = "listener",
        /// A route configuration, or something in it.
        RouteConfiguration(RouteConfigurationMatch) = "routeConfiguration",
        /// A cluster.
        Cluster(ClusterMatch) = "cluster",
        /// Something in a waypoint. Only with the context `WAYPOINT`.
        Waypoint(WaypointMatch) = "waypoint",
    }
}

/// What a proxy is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProxyMatch {
    /// Regular expression (RE2 syntax) for its version of Istio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_version: Option<String>,

    /// Node metadata that it has; all must agree.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// What a listener is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListenerMatch {
    /// The port that it listens on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port_number: Option<u32>,

    /// Reserved by upstream: name of the port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_name: Option<String>,

    /// The filter chain in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_chain: Option<FilterChainMatch>,

    /// Name of a listener filter in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listener_filter: Option<String>,

    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a filter chain is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FilterChainMatch {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// The server name (SNI) that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sni: Option<String>,

    /// The transport that it is for: `raw_buffer` or `tls`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport_protocol: Option<String>,

    /// The application protocols that it is for, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_protocols: Option<String>,

    /// The network filter in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterMatch>,

    /// The port that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub destination_port: Option<u32>,
}

/// What a network filter is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FilterMatch {
    /// Its name, without short forms: `envoy.filters.network.http_connection_manager`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// The filter within it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_filter: Option<SubFilterMatch>,
}

/// What a filter within a network filter is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SubFilterMatch {
    /// Its name: `envoy.filters.http.router`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a route configuration is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RouteConfigurationMatch {
    /// The port that it is for. At gateways with HTTPS it tells the servers apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port_number: Option<u32>,

    /// Name of the server's port. Gateways only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_name: Option<String>,

    /// The Gateway that it is for, `NAMESPACE/NAME`. Gateways only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,

    /// The virtual host in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vhost: Option<VirtualHostMatch>,

    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What a virtual host is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VirtualHostMatch {
    /// Its name, `HOST:PORT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// A domain that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_name: Option<String>,

    /// The route in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteMatch>,
}

/// What a route is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RouteMatch {
    /// Its name: that of the VirtualService's route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,

    /// What it does. Left out, `ANY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<RouteAction>,
}

crd_core::string_enum! {
    /// What a route does.
    #[open]
    #[schemars(extend("enum" = RouteAction::ALL))]
    pub enum RouteAction {
        /// Anything.
        Any = "ANY",
        /// Passes the request on.
        Route = "ROUTE",
        /// Redirects.
        Redirect = "REDIRECT",
        /// Answers in place.
        DirectResponse = "DIRECT_RESPONSE",
    }
}

/// What a cluster is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClusterMatch {
    /// The port that it is for. Inbound, that of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX)))]
    pub port_number: Option<u32>,

    /// The service that it is for, by full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,

    /// The subset that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<String>,

    /// Its name. Excludes the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What something in a waypoint is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WaypointMatch {
    /// The filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterMatch>,

    /// The port of the service. The CRD of Istio 1.29 allows 1 to 6553, which looks like a slip for
    /// 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = u32::MAX, "x-kubernetes-validations" = crd_core::schema::rules(&[("self >= 1 && self <= 6553", "port numbers here are 1 to 6553")]))))]
    pub port_number: Option<u32>,

    /// The route.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<WaypointRouteMatch>,
}

/// What a route in a waypoint is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct WaypointRouteMatch {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What is done to a configuration object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Patch {
    /// Which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<PatchOperation>,

    /// Envoy's own configuration, as it stands in Envoy's API; order of members is kept. With
    /// `typed_config`, `@type` says of what kind it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crd_core::schema::any_object")
    )]
    pub value: Option<serde_json::Map<String, serde_json::Value>>,

    /// Where a filter goes among the others, for the operation `ADD`. Left out, by the position of
    /// the patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_class: Option<FilterClass>,
}

crd_core::string_enum! {
    /// Which way a configuration object is changed.
    #[open]
    #[schemars(extend("enum" = PatchOperation::ALL))]
    pub enum PatchOperation {
        /// None; not legal in use.
        Invalid = "INVALID",
        /// The value is merged into it.
        Merge = "MERGE",
        /// The value is added to the list.
        Add = "ADD",
        /// It is taken away; no value.
        Remove = "REMOVE",
        /// The value is put before it.
        InsertBefore = "INSERT_BEFORE",
        /// The value is put behind it.
        InsertAfter = "INSERT_AFTER",
        /// The value is put first.
        InsertFirst = "INSERT_FIRST",
        /// The value takes its place.
        Replace = "REPLACE",
    }
}

crd_core::string_enum! {
    /// Where a filter goes among the others.
    #[open]
    #[schemars(extend("enum" = FilterClass::ALL))]
    pub enum FilterClass {
        /// By the position of the patch.
        Unspecified = "UNSPECIFIED",
        /// Behind Istio's authentication filters.
        Authn = "AUTHN",
        /// Behind Istio's authorization filters.
        Authz = "AUTHZ",
        /// Before Istio's statistics filters.
        Stats = "STATS",
    }
}
