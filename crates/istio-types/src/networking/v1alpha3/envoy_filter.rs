//! EnvoyFilter: changes to the configuration that Istio makes for Envoy.

use std::collections::BTreeMap;

use crate::PolicyTargetReference;
use crate::networking::v1::LabelsSelector;
use crate::status::IstioStatus;
use crd_core::{Object, ObjectMeta, Resource, StringEnum, Union};

/// Changes the configuration that Istio makes for Envoy. The last resort: a new version of
/// Istio may break it.
///
/// Patches are applied in order of priority, then age, those of the root namespace first.
///
/// Upstream: <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "networking.istio.io",
    version = "v1alpha3",
    kind = "EnvoyFilter",
    plural = "envoyfilters",
    scope = Namespaced,
    categories = ["istio-io", "networking-istio-io"],
    status_subresource,
)]
pub struct EnvoyFilter {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The changes, and the proxies.
    pub spec: Option<EnvoyFilterSpec>,
    /// What the control plane says about the object.
    pub status: Option<IstioStatus>,
}

/// The changes of an [`EnvoyFilter`], and the proxies.
#[derive(Clone, Debug, Default, PartialEq, Object)]
#[schemars(
        extend("x-kubernetes-validations" = crd_core::schema::rules(&[
            (
                "!has(self.workloadSelector) || !has(self.targetRefs)",
                "workloadSelector and targetRefs exclude each other",
            ),
        ]))
    )]
pub struct EnvoyFilterSpec {
    /// The workloads whose proxies are changed. With neither this nor targets, the whole namespace,
    /// or in the root namespace the whole mesh.
    pub workload_selector: Option<LabelsSelector>,

    /// The Gateways whose proxies are changed, at most 16; waypoints need this.
    #[schemars(length(max = 16))]
    pub target_refs: Vec<PolicyTargetReference>,

    /// The changes to Envoy's configuration; they are made in this order.
    pub config_patches: Vec<EnvoyConfigObjectPatch>,

    /// Rank among EnvoyFilters of a namespace; lower goes first. Left out, 0.
    pub priority: Option<i32>,
}

/// One change.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct EnvoyConfigObjectPatch {
    /// Kind of configuration object that is changed.
    pub apply_to: Option<ApplyTo>,

    /// Which objects of that kind. Left out, all.
    pub r#match: Option<EnvoyConfigObjectMatch>,

    /// What is done to the objects that match, and with which value.
    pub patch: Option<Patch>,
}

/// Kind of configuration object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = ApplyTo::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApplyTo {
    /// None; not legal in use.
    Invalid,
    /// A listener.
    Listener,
    /// A filter chain of a listener.
    FilterChain,
    /// A network filter of a filter chain.
    NetworkFilter,
    /// A filter of the HTTP connection manager.
    HttpFilter,
    /// A route configuration.
    RouteConfiguration,
    /// A virtual host of a route configuration.
    VirtualHost,
    /// A route of a virtual host.
    HttpRoute,
    /// A cluster.
    Cluster,
    /// An extension configuration, delivered on its own.
    ExtensionConfig,
    /// The bootstrap configuration.
    Bootstrap,
    /// A listener filter.
    ListenerFilter,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Which configuration objects are meant: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Object)]
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

    /// Which proxies: by version and metadata. Left out, all.
    pub proxy: Option<ProxyMatch>,

    /// Which objects of the kind that `applyTo` names. Left out, all.
    #[field(embed)]
    pub object: Option<ObjectTypes>,
}

/// The role of a proxy or the direction of its traffic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = PatchContext::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PatchContext {
    /// Sidecars and gateways, both directions.
    Any,
    /// Into a sidecar's workload.
    SidecarInbound,
    /// Out of a sidecar's workload.
    SidecarOutbound,
    /// Gateways, at the edge of the mesh.
    Gateway,
    /// Waypoints of an ambient mesh.
    Waypoint,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a configuration object is recognised by.
#[derive(Clone, Debug, PartialEq, Union)]
pub enum ObjectTypes {
    /// A listener, or something in it.
    Listener(ListenerMatch),
    /// A route configuration, or something in it.
    RouteConfiguration(RouteConfigurationMatch),
    /// A cluster.
    Cluster(ClusterMatch),
    /// Something in a waypoint. Only with the context `WAYPOINT`.
    Waypoint(WaypointMatch),
}

/// What a proxy is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ProxyMatch {
    /// Regular expression (RE2 syntax) for its version of Istio.
    pub proxy_version: Option<String>,

    /// Node metadata that it has; all must agree.
    pub metadata: BTreeMap<String, String>,
}

/// What a listener is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ListenerMatch {
    /// The port that it listens on.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port_number: Option<u32>,

    /// Reserved by upstream: name of the port.
    pub port_name: Option<String>,

    /// Which filter chain of the listener. Left out, all.
    pub filter_chain: Option<FilterChainMatch>,

    /// Name of a listener filter in it.
    pub listener_filter: Option<String>,

    /// The listener as Envoy's configuration names it.
    pub name: Option<String>,
}

/// What a filter chain is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct FilterChainMatch {
    /// The filter chain as Envoy's configuration names it.
    pub name: Option<String>,

    /// The server name (SNI) that it is for.
    pub sni: Option<String>,

    /// The transport that it is for: `raw_buffer` or `tls`.
    pub transport_protocol: Option<String>,

    /// The application protocols that it is for, separated by commas.
    pub application_protocols: Option<String>,

    /// Which network filter of the chain. Left out, all.
    pub filter: Option<FilterMatch>,

    /// The port that it is for.
    #[schemars(extend("maximum" = u32::MAX))]
    pub destination_port: Option<u32>,
}

/// What a network filter is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct FilterMatch {
    /// Its name, without short forms: `envoy.filters.network.http_connection_manager`.
    pub name: Option<String>,

    /// Which filter within the network filter, such as one for HTTP. Left out, all.
    pub sub_filter: Option<SubFilterMatch>,
}

/// What a filter within a network filter is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SubFilterMatch {
    /// Its name: `envoy.filters.http.router`.
    pub name: Option<String>,
}

/// What a route configuration is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteConfigurationMatch {
    /// The port that it is for. At gateways with HTTPS it tells the servers apart.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port_number: Option<u32>,

    /// Name of the server's port. Gateways only.
    pub port_name: Option<String>,

    /// The Gateway that it is for, `NAMESPACE/NAME`. Gateways only.
    pub gateway: Option<String>,

    /// Which virtual host of the route configuration. Left out, all.
    pub vhost: Option<VirtualHostMatch>,

    /// The route configuration as Envoy names it, such as `http.8080`.
    pub name: Option<String>,
}

/// What a virtual host is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct VirtualHostMatch {
    /// Its name, `HOST:PORT`.
    pub name: Option<String>,

    /// A domain that it is for.
    pub domain_name: Option<String>,

    /// Which route of the virtual host. Left out, all.
    pub route: Option<RouteMatch>,
}

/// What a route is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct RouteMatch {
    /// Its name: that of the VirtualService's route.
    pub name: Option<String>,

    /// What it does. Left out, `ANY`.
    pub action: Option<RouteAction>,
}

/// What a route does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = RouteAction::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RouteAction {
    /// Whatever the route does.
    Any,
    /// Passes the request on.
    Route,
    /// Answers with a redirect.
    Redirect,
    /// Answers in place of a service.
    DirectResponse,
    /// A text that this version of the types does not know.
    Other(String),
}

/// What a cluster is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ClusterMatch {
    /// The port that it is for. Inbound, that of the service.
    #[schemars(extend("maximum" = u32::MAX))]
    pub port_number: Option<u32>,

    /// The service that it is for, by full name.
    pub service: Option<String>,

    /// The subset that it is for.
    pub subset: Option<String>,

    /// Its name. Excludes the others.
    pub name: Option<String>,
}

/// What something in a waypoint is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct WaypointMatch {
    /// Which filter of the waypoint. Left out, all.
    pub filter: Option<FilterMatch>,

    /// The port of the service. The CRD of Istio 1.29 allows 1 to 6553, which looks like a slip for
    /// 65535.
    #[schemars(extend("maximum" = u32::MAX, "x-kubernetes-validations" = crd_core::schema::rules(&[("self >= 1 && self <= 6553", "port numbers here are 1 to 6553")])))]
    pub port_number: Option<u32>,

    /// Which route of the waypoint. Left out, all.
    pub route: Option<WaypointRouteMatch>,
}

/// What a route in a waypoint is recognised by.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct WaypointRouteMatch {
    /// The route as the configuration of the waypoint names it.
    pub name: Option<String>,
}

/// What is done to a configuration object.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Patch {
    /// Whether the value is merged, added, put somewhere, or the object removed.
    pub operation: Option<PatchOperation>,

    /// Envoy's own configuration, as it stands in Envoy's API; order of members is kept. With
    /// `typed_config`, `@type` says of what kind it is.
    #[schemars(schema_with = "crd_core::schema::any_object")]
    pub value: Option<serde_json::Map<String, serde_json::Value>>,

    /// Where a filter goes among the others, for the operation `ADD`. Left out, by the position of
    /// the patch.
    pub filter_class: Option<FilterClass>,
}

/// Which way a configuration object is changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = PatchOperation::ALL))]
#[string_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PatchOperation {
    /// None; not legal in use.
    Invalid,
    /// The value is merged into it.
    Merge,
    /// The value is added to the list.
    Add,
    /// It is taken away; no value.
    Remove,
    /// The value is put before it.
    InsertBefore,
    /// The value is put behind it.
    InsertAfter,
    /// The value is put first.
    InsertFirst,
    /// The value takes its place.
    Replace,
    /// A text that this version of the types does not know.
    Other(String),
}

/// Where a filter goes among the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, StringEnum)]
#[non_exhaustive]
#[schemars(extend("enum" = FilterClass::ALL))]
#[string_enum(rename_all = "UPPERCASE")]
pub enum FilterClass {
    /// By the position of the patch.
    Unspecified,
    /// Behind Istio's authentication filters.
    Authn,
    /// Behind Istio's authorization filters.
    Authz,
    /// Before Istio's statistics filters.
    Stats,
    /// A text that this version of the types does not know.
    Other(String),
}
