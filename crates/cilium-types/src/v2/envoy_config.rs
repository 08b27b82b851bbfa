//! Envoy configuration of one's own.

use crd_core::{Object, ObjectMeta, Resource};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Configuration for Cilium's Envoy, for Services of one namespace.
///
/// <https://docs.cilium.io/en/stable/network/servicemesh/l7-traffic-management/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumEnvoyConfig",
    plural = "ciliumenvoyconfigs", scope = Namespaced,
    short_names = ["cec"],
    categories = ["cilium"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct CiliumEnvoyConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The configuration. Without it the object has no effect.
    pub spec: Option<CiliumEnvoyConfigSpec>,
}

/// Configuration for Cilium's Envoy, for Services of all namespaces.
///
/// <https://docs.cilium.io/en/stable/network/servicemesh/l7-traffic-management/>
#[derive(Clone, Debug, PartialEq, Resource)]
#[resource(
    group = "cilium.io", version = "v2", kind = "CiliumClusterwideEnvoyConfig",
    plural = "ciliumclusterwideenvoyconfigs", scope = Cluster,
    short_names = ["ccec"],
    categories = ["cilium"],
    printer_columns = [("Age", "date", ".metadata.creationTimestamp")],
)]
pub struct CiliumClusterwideEnvoyConfig {
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// The configuration. Without it the object has no effect.
    pub spec: Option<CiliumEnvoyConfigSpec>,
}

/// Envoy's resources, and the Services they are for.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct CiliumEnvoyConfigSpec {
    /// Services whose traffic goes to a listener of Envoy. Their endpoints are known to Envoy
    /// without an entry in `backendServices`. Empty and absent are the same: none.
    pub services: Vec<ServiceListener>,
    /// Further Services whose endpoints Envoy is to know, for clusters that name them. Traffic
    /// to them takes its usual way. Empty and absent are the same: none.
    pub backend_services: Vec<BackendService>,
    /// Listeners, routes, clusters, endpoints and secrets, in Envoy's own JSON.
    #[field(required)]
    pub resources: Vec<XdsResource>,
    /// Nodes that the configuration is for. Absent and the empty selector are the same: all.
    #[schemars(with = "Option<crate::v2::EndpointSelector>")]
    pub node_selector: Option<LabelSelector>,
}

/// A Service whose traffic goes to a listener of Envoy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct ServiceListener {
    /// Name of the Service.
    pub name: String,
    /// Its namespace. A `CiliumEnvoyConfig` always takes its own; absent in a
    /// `CiliumClusterwideEnvoyConfig` is `default`.
    pub namespace: Option<String>,
    /// Which of the Service's ports are meant. Empty and absent are the same: all.
    #[schemars(with = "Option<Vec<crate::schema::Integer>>")]
    pub ports: Vec<u16>,
    /// Name of the listener among the resources. Absent: the first one there.
    pub listener: Option<String>,
}

impl ServiceListener {
    /// All ports of a Service, to the first listener among the resources.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            namespace: None,
            ports: Vec::new(),
            listener: None,
        }
    }
}

/// A Service whose endpoints Envoy is to know. Upstream calls it `Service`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object)]
pub struct BackendService {
    /// Name of the Service.
    pub name: String,
    /// Its namespace. Absent is that of the `CiliumEnvoyConfig`, and `default` in a
    /// `CiliumClusterwideEnvoyConfig`.
    pub namespace: Option<String>,
    /// Which of the Service's ports are meant, by number (as text) or name. Empty and absent
    /// are the same: all.
    #[field(rename = "number")]
    pub ports: Vec<String>,
}

impl BackendService {
    /// All ports of a Service.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            namespace: None,
            ports: Vec::new(),
        }
    }
}

/// A resource in Envoy's own JSON. The member `@type` says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct XdsResource(pub Map<String, Value>);

impl XdsResource {
    /// What the resource is: its `@type`, such as
    /// `type.googleapis.com/envoy.config.listener.v3.Listener`.
    pub fn type_url(&self) -> Option<&str> {
        self.0.get("@type")?.as_str()
    }
}

crd_core::if_schema! {
impl crd_core::schema::JsonSchema for XdsResource {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "XdsResource".into()
    }

    fn json_schema(generator: &mut crd_core::schema::SchemaGenerator) -> crd_core::schema::Schema {
        crd_core::schema::any_object(generator)
    }
}
}
